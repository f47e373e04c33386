"""The main job from command to page: CPU seconds by stage, and a count of instructions that a slip would raise.

    python benchmarks/main_job.py [FOLDER] [--budget 164] [--process ID]  # stages, in CPU seconds
    python benchmarks/main_job.py --plain         # without the compiled loops (kernels/); --check and --record, too
    python benchmarks/main_job.py --check                                 # make bench-check
    python benchmarks/main_job.py --record                                # writes the counts that a check compares

Seconds depend on what else a machine does, so a check counts instructions: a small job (a sample of the bundled
conversation) is run under valgrind (``apt-get install valgrind``) up to each stage, and whatever takes 20 % more than
recorded in main_job.json fails. Counts are comparable where the processor's family, Python, the versions of numpy
and scipy are, and whether loops are compiled; for another combination record them on the commit before yours.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
EXAMPLE = HERE.parent / "examples" / "bowling-green"
RECORDED = HERE / "main_job.json"
#: What is counted: loading the command, choosing a slate, its audit over draws and both pages. Each stage's job does
#: what the stages before it do as well.
STAGES = ("import", "choice", "page")
#: A stage fails from this share more than recorded, if that is also this share of the whole job: valgrind's counts of
#: one job differ by less than one in a hundred from run to run.
WORSE, WHOLE = 0.20, 0.02
#: The small job: about so many people, statements, words of a slate, and draws.
PEOPLE, STATEMENTS, BUDGET, DRAWS = 60, 50, 40, 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=EXAMPLE)
    parser.add_argument("--budget", type=int, default=164)
    parser.add_argument("--process", help="in the place of the default")
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--plain", action="store_true", help="leave folkmoot-kernels alone")
    parser.add_argument("--check", action="store_true", help="count instructions and compare them with main_job.json")
    parser.add_argument("--record", action="store_true", help="count instructions and write them to main_job.json")
    parser.add_argument("--job", choices=STAGES, help="run the small job up to this stage; nothing is measured")
    options = parser.parse_args()
    if options.plain:
        sys.modules["folkmoot_kernels"] = None  # type: ignore[assignment]
    if options.job:
        job(options.job)
    elif options.check or options.record:
        sys.exit(counted(record=options.record))
    else:
        timed(options.folder, options.budget, options.draws, options.process)


def timed(folder: Path, budget: int, draws: int, process: str | None) -> None:
    """Prints the CPU seconds of every stage; threads count in full."""
    spent: dict[str, float] = {}
    here, begin = "import", time.process_time()

    def stage(name: str, share: float = 0.0) -> None:
        nonlocal here, begin
        now = time.process_time()
        spent[here] = spent.get(here, 0.0) + now - begin
        here, begin = name, now

    import folkmoot.cli.main

    stage("reading")
    import folkmoot as fm

    profile = fm.read(folder)
    slate = fm.slate(profile, budget, draws=draws, process=process or fm.Options().process, report=stage)
    stage("pages")
    with tempfile.TemporaryDirectory() as out:
        slate.to_html(Path(out) / "report.html")
        slate.to_review(Path(out) / "review.html")
    stage("proof: audit --rerun")
    fm.audited(profile, slate, draws=draws)
    fm.rerun(profile, slate)
    stage("end")
    from folkmoot.profile.compiled import kernels

    print("with compiled loops" if kernels() is not None else "without compiled loops")
    for name, seconds in spent.items():
        print(f"{name:40}{seconds:8.2f}")
    print(f"{'from command to page':40}{sum(list(spent.values())[:-1]):8.2f}")


def job(until: str) -> None:
    """The small job, up to a stage."""
    import numpy as np

    import folkmoot.cli.main as command

    if until == "import":
        return
    import folkmoot as fm
    from folkmoot.preferences.entries import some_people
    from folkmoot.profile import Answers, Profile, Statements

    whole = fm.example()
    answers = len(whole.answers) * PEOPLE // whole.n_agents
    people = some_people(whole, answers, np.random.default_rng(1))
    a, s = people.answers, people.statements
    often = np.sort(np.argsort(-np.bincount(a.statement, minlength=people.n_statements), kind="stable")[:STATEMENTS])
    kept = np.isin(a.statement, often)
    answers_kept = Answers.of(a.agent[kept], np.searchsorted(often, a.statement[kept]), a.value[kept], a.scale)
    shown = Statements(tuple(s.ids[at] for at in often), tuple(s.texts[at] for at in often))
    profile = Profile(people.agents, shown, answers_kept)
    slate = fm.slate(profile, BUDGET, draws=0 if until == "choice" else DRAWS)
    assert command.app is not None
    if until == "page":
        with tempfile.TemporaryDirectory() as out:
            slate.to_html(Path(out) / "report.html")
            slate.to_review(Path(out) / "review.html")


def counted(*, record: bool) -> int:
    """Counts, prints and compares or records; the exit code."""
    if shutil.which("valgrind") is None:
        print("counting instructions needs valgrind; apt-get install valgrind, then run this again", file=sys.stderr)
        return 2
    where = f"{platform.machine()}, Python {sys.version_info[0]}.{sys.version_info[1]}, " + ", ".join(
        f"{name} {version(name)}" for name in ("numpy", "scipy")
    )
    from folkmoot.profile.compiled import kernels

    where += ", " + ("compiled loops" if kernels() is not None else "no compiled loops")
    recorded = json.loads(RECORDED.read_text("utf-8")) if RECORDED.exists() else {}
    if not record and where not in recorded:
        print(f"no counts are recorded for {where}; record them on the commit before: --record", file=sys.stderr)
        return 2
    # Compiling sources is no part of the job, and would count where they were edited since or nothing is kept compiled.
    import folkmoot

    compileall.compile_dir(Path(folkmoot.__file__).parent, quiet=1)
    # Counts do not depend on what else runs: the stages are counted side by side.
    with ThreadPoolExecutor(len(STAGES)) as threads:
        totals = list(threads.map(instructions, STAGES))
    counts = {stage: after - before for stage, before, after in zip(STAGES, [0, *totals], totals, strict=False)}
    before = {} if record else recorded[where]
    slips = worse(counts, before)
    print(f"{'stage':12}{'instructions':>16}{'recorded':>16}{'':>8}")
    for stage, count in counts.items():
        old = before.get(stage, 0)
        change = f"{count / old - 1:+8.1%}" if old else ""
        print(f"{stage:12}{count:>16,}{old:>16,}{change:>8}{'  slower' if stage in slips else ''}")
    if record:
        RECORDED.write_text(json.dumps({**recorded, where: counts}, indent=1, sort_keys=True) + "\n", "utf-8")
    return 1 if slips else 0


def worse(counts: dict[str, int], before: dict[str, int]) -> list[str]:
    """The stages that take more than `WORSE` beyond what is recorded, where that is felt."""
    whole = sum(before.values())
    return [
        stage
        for stage, old in before.items()
        if counts[stage] - old > WORSE * old and counts[stage] - old > WHOLE * whole
    ]


def instructions(stage: str) -> int:
    """How many instructions a job takes up to a stage, as callgrind counts them."""
    # One thread and one order of sets, so that counts are the same each time.
    fixed = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [
        "valgrind",
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        sys.executable,
        __file__,
        "--job",
        stage,
    ]
    if sys.modules.get("folkmoot_kernels", sys) is None:
        command.append("--plain")
    said = subprocess.run(command, env={**os.environ, **fixed}, capture_output=True, text=True, check=False).stderr
    found = re.search(r"Collected : (\d+)", said)
    if found is None:
        raise SystemExit(f"valgrind did not count {stage}: {said[-300:]}")
    return int(found.group(1))


if __name__ == "__main__":
    main()
