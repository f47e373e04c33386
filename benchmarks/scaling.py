"""Time and memory of every stage of the main job as the number of people grows 10x and 100x.

    python benchmarks/scaling.py [--people 300 3000 30000] [--statements 100] [--fill 0.2] [--draws 10]

Votes: the clustered approval profiles of `profiles.py`, of which each person saw a random share (``--fill``); what they
like is an agree, the rest a disagree. Each size runs in a fresh process, so the peak memory is its own. CPU seconds
are the fair figure on a shared machine; ratios against the smallest size say how a stage grows.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from profiles import approval

WORDS = ("more", "buses", "fewer", "cars", "safer", "streets", "better", "schools", "open", "parks", "clean", "water")


def votes_file(folder: Path, n: int, m: int, fill: float, seed: int) -> None:
    """Writes a Polis export of a synthetic conversation."""
    likes = approval(n, m, seed)
    rng = np.random.default_rng(seed + 10)
    seen = rng.random((n, m)) < fill
    texts = [" ".join(rng.choice(WORDS, size=rng.integers(4, 16))) + f" ({j})" for j in range(m)]
    head = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body"
    agrees, disagrees = (seen & likes).sum(axis=0), (seen & ~likes).sum(axis=0)
    # Authors agree with what they wrote, as real ones do: the reader's sign test looks at that.
    author = (seen & likes).argmax(axis=0)
    rows = [f"{j},x,{j},{author[j]},{agrees[j]},{disagrees[j]},1,{texts[j]}" for j in range(m)]
    (folder / "comments.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    cells = np.where(seen, np.where(likes, "1", "-1"), "")
    head = ",".join(["participant,group-id,n-comments,n-votes,n-agree,n-disagree", *map(str, range(m))])
    with (folder / "participants-votes.csv").open("w", encoding="utf-8") as out:
        out.write(head + "\n")
        for i in range(n):
            up, down = int((seen[i] & likes[i]).sum()), int((seen[i] & ~likes[i]).sum())
            out.write(f"{i},,0,{int(seen[i].sum())},{up},{down}," + ",".join(cells[i]) + "\n")


def one_size(folder: Path, budget: int, draws: int) -> dict[str, dict[str, float]]:
    """Runs every stage on one conversation; CPU seconds, wall seconds, peak memory so far (MB)."""
    from folkmoot import read
    from folkmoot.audits import Subject, audit
    from folkmoot.preferences import fit, measure
    from folkmoot.processes import Problem, assigned, find
    from folkmoot.profile import costs
    from folkmoot.queries import ClosedPool, Completed

    figures: dict[str, dict[str, float]] = {}

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        figures[name] = {
            "cpu_s": time.process_time() - cpu,
            "wall_s": time.perf_counter() - wall,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }

    rng = np.random.default_rng(0)
    with stage("read"):
        profile = read(folder)
    with stage("fit"):
        model = fit(profile, rng)
    with stage("reliability"):
        measure(profile, rng, model)
    with stage("complete"):
        columns = profile.pool()
        disc = Completed(profile, model)
        pool = ClosedPool(disc, columns, costs(profile, "words")[columns])
    problem = Problem(pool, budget)
    with stage("choose"):
        selection = find("democratic-fast").run(problem, rng)
    with stage("assign"):
        selection = assigned(problem, [int(a) for a in selection.candidates])
    subject = Subject(pool, selection.candidates, selection.assignment, budget)
    with stage("audit"):
        audit(profile, disc, subject, draws=0)
    with stage(f"{draws} draws"):
        audit(profile, disc, subject, draws=draws)
    return figures


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, nargs="+", default=[300, 3000, 30000])
    parser.add_argument("--statements", type=int, default=100)
    parser.add_argument("--fill", type=float, default=0.2)
    parser.add_argument("--budget", type=int, default=164)
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(one_size(asked.one, asked.budget, asked.draws)))
        return
    found: dict[int, dict[str, dict[str, float]]] = {}
    for n in asked.people:
        with tempfile.TemporaryDirectory() as name:
            votes_file(Path(name), n, asked.statements, asked.fill, asked.seed)
            command = [sys.executable, __file__, "--one", name, "--budget", str(asked.budget)]
            command += ["--draws", str(asked.draws)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            found[n] = json.loads(done.stdout)
    if asked.json:
        print(json.dumps(found, indent=1))
        return
    smallest = asked.people[0]
    print(f"{asked.statements} statements, {asked.fill:.0%} of the votes known; CPU s (growth), peak MB so far")
    print("stage".ljust(14) + "".join(f"{n:>12,} people".rjust(28) for n in asked.people))
    for name in found[smallest]:
        line = name.ljust(14)
        for n in asked.people:
            figure = found[n][name]
            growth = figure["cpu_s"] / max(found[smallest][name]["cpu_s"], 1e-3)
            line += f"{figure['cpu_s']:9.2f} s ({growth:5.1f}x) {figure['peak_mb']:5.0f} MB".rjust(28)
        print(line)


if __name__ == "__main__":
    main()
