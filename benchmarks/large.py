"""How large can it be? Sizes from 10,000 to 10,000,000 people: seconds, CPU seconds, peak memory, files on the way.

    python benchmarks/large.py file [--people 1000000] [--statements 300] [--share 0.1]     a log of votes to a page
    python benchmarks/large.py sampled [--people 10000000] [--statements 100]     P2 among everybody, from shards
    python benchmarks/large.py growth [--sizes 10000 100000 1000000]     log-log slopes of CPU seconds and memory
    python benchmarks/large.py workers [--people 200000]     two workers against one, and a model of 100
    python benchmarks/large.py ratings     as many people and ratings as Community Notes has (1.4 and 206 million)

Votes are made up: six kinds of people with tastes of their own, a person's own readiness to agree, 15 % passes. A run
is a process of its own, so that its peak memory is its own. ``file`` writes a log of events in the layout of Polis and
runs `folkmoot slate` on it, page included; the others write shards, as reading leaves them. Everything is written
below ``--folder`` (a temporary folder) and deleted in the end. ``--workers 2`` shares the work; the slate is the same.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.profile import VOTE, Agents, Answers, Options, Profile, Statements
from folkmoot.profile.executors import Executor, executor_of
from folkmoot.profile.options import Goal
from folkmoot.scale.events import LargeSource
from folkmoot.scale.shards import SHARD, Shards, Writer

KINDS = 6
PLACES = ["park", "bus", "school", "road", "library", "river", "market", "garden", "tram", "bridge", "clinic", "farm"]
#: Community Notes, export up to 2026-03-18: raters and ratings. Notes are not copied: a pool of 2.5 million statements,
#: most of which a handful of people rated, is no pool that a slate is chosen from.
RATERS, RATINGS, RATED = 1_406_498, 206_052_876, 1_000
#: The model of many machines: bytes a second between them, and seconds that a scheduler takes for a task.
NETWORK, DISPATCH, MACHINES = 125e6, 0.01, 100


def votes(first: int, people: int, statements: int, share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Made-up votes of people ``first, first + 1, ...``: row, statement, value; sorted by row, then statement."""
    tastes = np.random.default_rng(1)
    taste = tastes.normal(0, 1.2, (KINDS, statements)) + tastes.normal(0.3, 0.8, statements)
    rng = np.random.default_rng([2, first])
    kind, ready = rng.integers(0, KINDS, people), rng.normal(0, 0.7, people)
    row, column = np.nonzero(rng.random((people, statements), dtype=np.float32) < share)
    agrees = rng.random(len(row)) < 1.0 / (1.0 + np.exp(-(taste[kind[row], column] + ready[row])))
    return row, column, np.where(rng.random(len(row)) < 0.15, 0, np.where(agrees, 1, -1))


def text(number: int, statements: int) -> str:
    """The text of a made-up statement."""
    one, other = PLACES[number % 12], PLACES[(number // 12 + 5) % 12]
    return f"The {one} near the {other} number {number} of {statements} needs to be looked after better."


def write_log(folder: Path, people: int, statements: int, share: float) -> None:
    """A conversation in the layout of Polis."""
    folder.mkdir(parents=True)
    cast = np.zeros((statements, 2), dtype=np.int64)
    with (folder / "votes.csv").open("w", encoding="utf-8") as file:
        file.write("timestamp,datetime,comment-id,voter-id,vote\n")
        for first in range(0, people, 20_000):
            row, column, value = votes(first, min(20_000, people - first), statements, share)
            np.add.at(cast, (column[value != 0], (value[value != 0] < 0).astype(int)), 1)
            when = 1_700_000_000_000 + 1_000 * first + np.arange(len(row))
            cells = zip(when.tolist(), column.tolist(), (first + row).tolist(), value.tolist(), strict=True)
            file.writelines(f"{t},Tue Nov 14 2023,{j},{i},{v}\n" for t, j, i, v in cells)
    with (folder / "comments.csv").open("w", encoding="utf-8") as file:
        file.write("timestamp,comment-id,author-id,agrees,disagrees,moderated,comment-body\n")
        for j in range(statements):
            file.write(f'1,{j},{7 * j % people},{cast[j, 0]},{cast[j, 1]},1,"{text(j, statements)}"\n')


def _write_shard(task: tuple[Writer, int, int, float]) -> int:
    writer, number, people, share = task
    first = number * writer.size
    several, done = [], 0
    while done < people:
        part = min(16_384, people - done)
        row, column, value = votes(first + done, part, writer.statements, share)
        several.append((row + done, column, value))
        done += part
    row, column, value = (np.concatenate(each) for each in zip(*several, strict=True))
    return writer.write(number, [str(first + i) for i in range(people)], row, column, value)


def write_source(folder: Path, people: int, statements: int, share: float, executor: Executor) -> None:
    """Shards of made-up votes."""
    writer = Writer(folder / "shards", statements, VOTE)
    tasks = [(writer, k, min(SHARD, people - k * SHARD), share) for k in range(-(-people // SHARD))]
    writer.finish(people, sum(executor.map(_write_shard, tasks)))


def source_in(folder: Path, statements: int) -> LargeSource:
    """The source whose shards are in a folder."""
    texts = tuple(text(j, statements) for j in range(statements))
    frame = Profile(
        Agents(()),
        Statements(tuple(map(str, range(statements))), texts),
        Answers.none(VOTE),
        topic="Made up",
        source="polis",
    )
    return LargeSource(frame, Shards(folder / "shards"), {})


@dataclass
class Clock:
    """Wall and CPU seconds of every stage, told by progress."""

    stages: dict[str, list[float]] = field(default_factory=dict)
    last: tuple[str, float, float] | None = None

    def __call__(self, stage: str, share: float) -> None:
        if self.last is None or self.last[0] != stage:
            now = time.perf_counter(), time.process_time()
            if self.last is not None:
                spent = self.stages.setdefault(self.last[0], [0.0, 0.0])
                spent[0] += now[0] - self.last[1]
                spent[1] += now[1] - self.last[2]
            self.last = (stage, *now)


@dataclass
class Timed:
    """An executor that keeps what every task took and how many bytes its result has."""

    inner: Executor
    calls: list[list[tuple[float, int]]] = field(default_factory=list)

    @property
    def workers(self) -> int:
        return self.inner.workers

    def map(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
        call: list[tuple[float, int]] = []
        self.calls.append(call)
        for result, seconds, size in self.inner.map(Clocked(function), tasks):
            call.append((seconds, size))
            yield result

    def close(self) -> None:
        self.inner.close()


@dataclass(frozen=True)
class Clocked:
    """A function that also says what it took."""

    function: Callable[[Any], Any]

    def __call__(self, task: Any) -> tuple[Any, float, int]:
        before = time.process_time()
        result = self.function(task)
        return result, time.process_time() - before, len(pickle.dumps(result))


def run(args: argparse.Namespace) -> None:
    """One run from shards, in this process; prints what it took as JSON."""
    from folkmoot.profile.page_options import PageOptions
    from folkmoot.report.public import render_public
    from folkmoot.scale.route import large_slate

    clock, executor = Clock(), Timed(executor_of(args.workers))
    folder = Path(args.folder)
    began = time.perf_counter()
    goal = Goal(args.budget, "statements")
    options = Options(process=args.process)
    slate = large_slate(source_in(folder, args.statements), goal, options, folder, executor, progress=clock)
    clock("writing", 0.0)
    slate.to_json(folder / "slate.json")
    (folder / "report.html").write_text(render_public(slate, PageOptions(date="2026-01-01")).html, encoding="utf-8")
    clock("", 1.0)
    files = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    wall = time.perf_counter() - began
    executor.close()
    here, there = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    audit = slate.audit or {}
    print(
        json.dumps(
            {
                "wall": wall,
                "cpu": here.ru_utime + here.ru_stime + there.ru_utime + there.ru_stime,
                "driver_cpu": here.ru_utime + here.ru_stime,
                "mb": here.ru_maxrss / 1024,
                "worker_mb": there.ru_maxrss / 1024 if args.workers > 1 else 0.0,
                "files_mb": files / 2**20,
                "stages": clock.stages,
                "calls": executor.calls,
                "process": {name: slate.process.get(name) for name in ("sample", "sampled")},
                "rounds": len(slate.statements),
                "d": audit["cbjr"]["frontier"][0][1],
                "frontier": audit["cbjr"]["frontier"],
                "violated": audit["cbjr"]["violated"],
                "assigned": slate.n_agents - len(slate.unassigned),
            }
        )
    )


def fresh(words: Sequence[str]) -> dict[str, Any]:
    """`run` in a process of its own."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, __file__, "run", *words]
    out = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


def from_shards(args: argparse.Namespace, people: int, workers: int, process: str, budget: int) -> dict[str, Any]:
    """Writes shards, runs on them, and takes them away again."""
    folder = Path(tempfile.mkdtemp(prefix="folkmoot-large-", dir=args.folder))
    try:
        began = time.perf_counter()
        maker = executor_of(args.workers)
        write_source(folder, people, args.statements, args.share, maker)
        maker.close()
        made = time.perf_counter() - began
        words = ["--folder", str(folder), "--statements", str(args.statements), "--workers", str(workers)]
        found = fresh([*words, "--process", process, "--budget", str(budget)])
        found["made"], found["answers"] = made, Shards(folder / "shards").meta.answers
        return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def shown(found: dict[str, Any]) -> None:
    """One run, printed."""
    for stage, (wall, cpu) in found["stages"].items():
        print(f"    {stage:<32} {wall:8.1f} s {cpu:8.1f} CPU s of the driver")
    memory = f"{found['mb']:,.0f} MB" + (f" + workers of {found['worker_mb']:,.0f} MB" if found["worker_mb"] else "")
    print(f"  in all {found['wall']:.0f} s, {found['cpu']:.0f} CPU s, peak {memory}, files {found['files_mb']:,.0f} MB")


def file_run(args: argparse.Namespace) -> None:
    """From a log of votes to an audited slate and page, by the command that anyone runs."""
    folder = Path(tempfile.mkdtemp(prefix="folkmoot-large-", dir=args.folder))
    try:
        write_log(folder / "source", args.people, args.statements, args.share)
        size = (folder / "source" / "votes.csv").stat().st_size
        print(
            f"{args.people:,} people x {args.statements} statements, {args.share:.0%} known: "
            f"votes.csv {size / 2**20:,.0f} MiB"
        )
        words = ["slate", str(folder / "source"), "--budget", str(args.budget or 100), "--out", str(folder / "out")]
        words += ["--workers", str(args.workers), "--scratch", str(folder), "--large", "yes"]
        began = time.perf_counter()
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        child = subprocess.Popen([sys.executable, "-m", "folkmoot", *words], env=environment, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        if status:
            raise SystemExit("the run failed")
        audit = json.loads((folder / "out" / "slate.json").read_text(encoding="utf-8"))["audit"]
        page = (folder / "out" / "report.html").stat().st_size
        # The largest process: with several workers memory of this many processes is used at once.
        print(
            f"  in all {wall:.0f} s, {used.ru_utime + used.ru_stime:.0f} CPU s, largest process "
            f"{used.ru_maxrss / 1024:,.0f} MB ({args.workers} workers); "
            f"cBJR {'violated' if audit['cbjr']['violated'] else 'holds'}, "
            f"d = {audit['cbjr']['frontier'][0][1]:.3f}, page {page / 1024:.0f} KiB"
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sampled_run(args: argparse.Namespace) -> None:
    """P2 among everybody, with its guarantee in numbers."""
    k = args.budget or 5
    found = from_shards(args, args.people, args.workers, "bjr-sampled", k)
    print(
        f"{args.people:,} people x {args.statements} statements, {found['answers']:,} votes "
        f"(made in {found['made']:.0f} s)"
    )
    shown(found)
    size, asked = found["process"]["sample"], found["process"]["sampled"]
    how = (
        f"each query about {size:,} people drawn anew" if asked else "everybody asked, because twice the sample is more"
    )
    print(f"  P2 with k = {k}, C = 1, failure probability 0.05: {how}")
    reached = ", ".join(f"d({b:.3g}) = {d:.3f}" for b, d in found["frontier"][:5])
    print(
        f"  audited over all {found['assigned']:,} assigned: "
        f"cBJR {'violated' if found['violated'] else 'holds'}; {reached}"
    )


def growth(args: argparse.Namespace) -> None:
    """Log-log slopes over sizes."""
    rows = []
    for people in args.sizes:
        found = from_shards(args, people, args.workers, "bjr-sampled", args.budget or 5)
        shards = sum(seconds for call in found["calls"] for seconds, _ in call)
        rows.append((people, found["cpu"], shards, found["mb"]))
        print(
            f"{people:>12,} people {found['cpu']:9.1f} CPU s, of them by shards {shards:9.1f}, {found['mb']:7.0f} MB",
            flush=True,
        )
    logs = np.log(np.array(rows, dtype=float))
    for name, column in (("CPU s", 1), ("CPU s by shards", 2), ("memory", 3)):
        slope = np.polyfit(logs[:, 0], logs[:, column], 1)[0]
        last = (logs[-1, column] - logs[-2, column]) / (logs[-1, 0] - logs[-2, 0])
        print(f"slope of {name:<16} {slope:5.2f}, between the two largest {last:5.2f}")


def workers_run(args: argparse.Namespace) -> None:
    """Two workers against one, and a hundred modelled."""
    one, two = (from_shards(args, args.people, workers, "bjr-sampled", args.budget or 5) for workers in (1, 2))
    for name, found in (("1 worker", one), ("2 workers", two)):
        print(f"{name:<10} {found['wall']:7.1f} s wall, {found['cpu']:7.1f} CPU s")
    print(f"speed-up of two workers: {one['wall'] / two['wall']:.2f} (wall, on this machine as busy as it was)")
    serial = one["driver_cpu"] - sum(seconds for call in one["calls"] for seconds, _ in call)
    modelled = serial
    moved = 0
    for call in one["calls"]:
        times, sizes = [seconds for seconds, _ in call], sum(size for _, size in call)
        moved += sizes
        waves = -(-len(times) // MACHINES)
        modelled += waves * max(times, default=0.0) + DISPATCH * len(times) + sizes / NETWORK
    by_shards = sum(len(call) for call in one["calls"])
    print(
        f"modelled for {MACHINES} workers: {modelled:.1f} s, of them {serial:.1f} s in the driver; {by_shards} tasks, "
        f"{moved / 2**20:,.0f} MiB of results.\n"
        "Assumed: tasks take the CPU seconds measured here, a wave as long as its longest task, "
        f"{NETWORK / 1e6:.0f} MB/s into the driver, {DISPATCH * 1000:.0f} ms a task for the scheduler, a shared folder "
        "as quick as this disk, no failures; the driver's part is not shared."
    )


def ratings_run(args: argparse.Namespace) -> None:
    """As many people and ratings as Community Notes has."""
    args.statements, args.share = RATED, RATINGS / (RATERS * RATED)
    found = from_shards(args, RATERS, args.workers, "bjr-sampled", args.budget or 5)
    print(f"{RATERS:,} people, {found['answers']:,} ratings of {RATED:,} statements (made in {found['made']:.0f} s)")
    shown(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "what", choices=["file", "sampled", "growth", "workers", "ratings", "run"], nargs="?", default="file"
    )
    parser.add_argument("--people", type=int)
    parser.add_argument("--statements", type=int)
    parser.add_argument("--share", type=float, default=0.1)
    parser.add_argument("--budget", type=int, default=0)
    parser.add_argument("--process", default="bjr-sampled")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--folder")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    args = parser.parse_args()
    args.people = args.people or {"file": 100_000, "workers": 200_000}.get(args.what, 10_000_000)
    args.statements = args.statements or (300 if args.what in ("file", "run") else 100)
    does = {"file": file_run, "sampled": sampled_run, "growth": growth, "workers": workers_run, "ratings": ratings_run}
    does.get(args.what, run)(args)


if __name__ == "__main__":
    main()
