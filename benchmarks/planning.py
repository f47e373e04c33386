"""Whether `folkmoot plan` predicts well: calls, tokens, CPU seconds and memory, predicted beside measured.

    OPENBLAS_NUM_THREADS=1 python benchmarks/planning.py [--votes 2000x100] [--streamed 300000x100] [--people 600]

Of a language model, calls and tokens of a rehearsal with many people, predicted from rehearsals with few; of votes, the
whole main job on made-up votes, in a process of its own, in memory and (``--streamed``) from a log that is read as a
stream. Predictions further off than 25 % are marked.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from folkmoot.llm import Endpoint
from folkmoot.processes import WRITTEN
from folkmoot.profile.costs import Unit
from folkmoot.slates.planning import Size, plan, rehearsed, voted

BUDGETS: tuple[tuple[Unit, int], ...] = (("words", 160), ("statements", 5))
ENDPOINT = Endpoint("gpt-4o-mini", "http://nowhere.invalid")
OFF = 0.25
LARGE = Path(__file__).with_name("large.py")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=600)
    parser.add_argument("--votes", nargs="*", default=["2000x100", "6000x300"])
    parser.add_argument("--streamed", nargs="*", default=["300000x100"])
    options = parser.parse_args()
    print(f"{'':34}{'predicted':>16}{'measured':>16}")
    # A child begins with the peak of its parent, so that the small ones come first.
    for what, expected, found in chain(jobs(options.votes), streamed(options.streamed), written(options.people)):
        off = abs(expected / found - 1)
        print(f"{what:34}{expected:>16,.0f}{found:>16,.0f}{off:>8.0%}{'  off' if off > OFF else ''}")


def written(people: int) -> Iterator[tuple[str, float, float]]:
    """Every process that writes: calls and tokens."""
    for unit, budget in BUDGETS:
        for row in plan(Size(people), budget, unit, ENDPOINT):
            assert row.process in WRITTEN
            found = rehearsed(row.process, 40.0, budget, unit, ENDPOINT, people, seed=9)
            name = f"{row.process}, {budget} {unit}"
            yield f"{name}: calls", row.calls, found[1]
            yield f"{name}: tokens in", row.input_tokens, found[2]


def jobs(sizes: list[str]) -> Iterator[tuple[str, float, float]]:
    """The main job on votes: CPU seconds and megabytes."""
    for size in sizes:
        people, statements = map(int, size.split("x"))
        row = voted(Size(people, statements))
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            seconds, memory = pool.apply(job, (people, statements))
        yield f"{size}: CPU seconds", row.seconds[0], seconds
        yield f"{size}: MB", row.memory / 2**20, memory


def streamed(sizes: list[str]) -> Iterator[tuple[str, float, float]]:
    """The main job from a log of votes to a page, as `large.py file` measures it: CPU seconds and megabytes."""
    for size in sizes:
        people, statements = size.split("x")
        row = voted(Size(int(people), int(statements)))
        command = [sys.executable, str(LARGE), "file", "--people", people, "--statements", statements]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found = re.search(r"([\d,]+) CPU s, largest process ([\d,]+) MB", said)
        if found is None:
            raise SystemExit(f"large.py said nothing about seconds and memory: {said[-300:]}")
        seconds, memory = (float(number.replace(",", "")) for number in found.groups())
        yield f"{size} streamed: CPU seconds", row.seconds[0], seconds
        yield f"{size} streamed: MB", row.memory / 2**20, memory


def job(people: int, statements: int) -> tuple[float, float]:
    """CPU seconds and peak memory in MB of one slate with its audit, on made-up votes of a tenth of the statements."""
    import folkmoot as fm
    from folkmoot.profile import VOTE, Agents, Answers, Profile, Statements

    rng = np.random.default_rng(people)
    row, column = np.nonzero(rng.random((people, statements), dtype=np.float32) < 0.1)
    taste = rng.normal(0, 1.2, (6, statements)) + rng.normal(0.3, 0.8, statements)
    agrees = rng.random(len(row)) < 1 / (1 + np.exp(-taste[rng.integers(0, 6, people)[row], column]))
    value = np.where(rng.random(len(row)) < 0.15, 0, np.where(agrees, 1, -1))
    texts = tuple(f"Statement number {number} about matter {number * 7 % 101}" for number in range(statements))
    names = tuple(f"s{number}" for number in range(statements))
    agents = Agents(tuple(f"p{number}" for number in range(people)))
    profile = Profile(agents, Statements(names, texts), Answers.of(row, column, value, VOTE))
    fm.slate(profile, 100)
    return time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
