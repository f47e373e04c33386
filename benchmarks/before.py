"""Whether what ran in memory has become slower: commands of this commit and of an earlier one, side by side.

    python benchmarks/before.py COMMIT [--data CONVERSATION] [--times 5]

The earlier commit is checked out in a temporary worktree. Each command runs with one and with the other in turn, in a
fresh process with one BLAS thread; printed are the least CPU seconds of each, which other work on the machine disturbs
least, and their ratio (below 1: quicker than before).
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUNDLED = ROOT / "src" / "folkmoot" / "formats" / "data" / "bowling-green"
CHOOSE = ("--budget", "15", "--unit", "statements")


def commands(source: Path) -> dict[str, tuple[str, ...]]:
    """What is measured, by name; each commit has a folder of its own to work in."""
    out = ("--out", "out")
    processes = ("popular", "seqpav", "democratic-fast", "robust")
    return {
        "doctor": ("doctor", str(source)),
        **{f"slate --process {name}": ("slate", str(source), *CHOOSE, "--process", name, *out) for name in processes},
        "audit": ("audit", str(source), "out/slate.json"),
        "lottery": ("lottery", str(source)),
        "ask optimum": ("ask", "optimum", "--n", "200", "--alpha", "0.5", "--p", "0.1"),
    }


def spent(library: Path, arguments: tuple[str, ...], folder: Path) -> float | None:
    """CPU seconds of a command with the library in this folder; None: it has no such command."""
    folder.mkdir(exist_ok=True)
    environment = os.environ | {"PYTHONPATH": str(library / "src"), "OPENBLAS_NUM_THREADS": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "folkmoot", *arguments], env=environment, cwd=folder, capture_output=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return None if done.returncode else seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit")
    parser.add_argument("--data", type=Path, default=BUNDLED)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        earlier = folder / "earlier"
        subprocess.run(["git", "worktree", "add", "--detach", "--quiet", earlier, asked.commit], cwd=ROOT, check=True)
        try:
            print(f"{'command':<34} {'before':>9} {'now':>9} {'ratio':>6}")
            for label, arguments in commands(asked.data.resolve()).items():
                least: dict[Path, float] = {}
                for _ in range(asked.times):
                    for library, own in ((earlier, folder / "before"), (ROOT, folder / "now")):
                        seconds = spent(library, arguments, own)
                        if seconds is not None:
                            least[library] = min(seconds, least.get(library, seconds))
                if len(least) < 2:
                    where = [what for what, library in (("before", earlier), ("now", ROOT)) if library not in least]
                    print(f"{label:<34} not run {' and '.join(where)}")
                    continue
                before, now = least[earlier], least[ROOT]
                print(f"{label:<34} {before:7.2f} s {now:7.2f} s {now / before:6.2f}", flush=True)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", earlier], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
