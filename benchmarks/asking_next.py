"""How long the next question takes, each figure beside its limit: from the command line with a survey in a file, in a
process that stays for every policy, and for a request with ten features of three values each.

CPU seconds, user and system; run with OPENBLAS_NUM_THREADS=1. What is repeated is given as the median. The exit code is
1 if a limit is not kept.

python benchmarks/asking_next.py [SOURCE]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np

import folkmoot as fm
from folkmoot.asking import POLICIES, Clarifier, Feature, Interview, Situation, Survey, Turn, optimum
from folkmoot.asking.population import Population

SOURCE = Path(__file__).parents[1] / "examples" / "bowling-green"
BUDGET = 164
RUNS = 5
# Limits in milliseconds of CPU: the whole command, a question in a process that stays, one with look-ahead, a turn.
COMMAND, QUESTION, AHEAD, TURN = 800, 10, 200, 50
# How much longer 1,000 features take than 500.
GROWTH = 8

missed: list[str] = []


def line(what: str, found: float, limit: float | None = None, unit: str = "ms") -> None:
    """Prints a figure, and whether it keeps its limit."""
    verdict = ""
    if limit is not None:
        verdict = f"limit {limit:5.0f} {unit:2}  {'kept' if found <= limit else 'NOT KEPT'}"
        if found > limit:
            missed.append(what)
    print(f"{what:52}{found:9.1f} {unit:2}  {verdict}".rstrip(), flush=True)


def took(work: Callable[[], object]) -> float:
    """CPU milliseconds of a call."""
    start = process_time()
    work()
    return 1000 * (process_time() - start)


def command(folder: Path, *words: str) -> float:
    """CPU milliseconds of the whole process of a command, compiled as an installed program is."""
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", "folkmoot", *words], check=True, capture_output=True, env={**os.environ, **compiled}
    )
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return 1000 * spent


def commands(source: Path) -> None:
    """A question from the command line, with what was learned kept in a file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        words = ("ask", "next", str(source), "--agent", "new", "--survey", str(folder / "survey.npz"))
        line("ask next, which makes the survey", command(folder, *words, "--budget", str(BUDGET)))
        line("start of the program", median(command(folder, "--version") for _ in range(RUNS)))
        command(folder, *words)
        line("ask next --survey, the whole command", median(command(folder, *words) for _ in range(RUNS)), COMMAND)


def policies(source: Path) -> None:
    """A question of every policy in a process that stays."""
    profile = fm.read(source)
    slate = [each.id for each in fm.slate(profile, budget=BUDGET, draws=0).statements]
    start = process_time()
    survey = Survey.of(profile, slate=slate, budget=BUDGET)
    line("learning from the answers", 1000 * (process_time() - start))
    for policy in POLICIES:
        later = []
        interview = Interview(survey, "new", policy=policy, at_least=6 if policy != "random" else 0, at_most=6)
        for step in range(6):
            found = took(interview.next)
            # The first one computes what all interviews share.
            if step:
                later.append(found)
            else:
                first = found
            if not interview.decision.ask:
                break
            interview.answer(profile.answers.scale.high)
        limit = AHEAD if policy.startswith("rollout") else QUESTION
        line(f"{policy}: a question (the first one {first:.0f} ms)", median(later), limit)


def turns() -> None:
    """Turns of a request with ten features of three values, the slowest of three inequality aversions."""
    rng = np.random.default_rng(0)
    features = [Feature(f"feature {j}", ("one", "two", "three")) for j in range(10)]
    for kinds in (3, 6, 13):
        chance = rng.dirichlet(np.full(3, 0.6), size=(kinds, 10)) * 0.97 + 0.01
        population = Population(rng.dirichlet(np.full(kinds, 5.0)), chance, np.linspace(0.0, 1.0, 3), np.eye(3))
        slowest = dict.fromkeys(("made, for everybody", "first turn", "turn after an answer", "turn after a skip"), 0.0)
        for gamma in (0.0, 2.0, 10.0):
            start = process_time()
            clarifier = Clarifier("a request", features, population, cost=0.3, gamma=gamma, at_least=3)
            each = [1000 * (process_time() - start), took(partial(_turn, clarifier))]
            for answer in ("one", None):  # once a question was skipped all is computed again
                clarifier.answer(answer)
                each.append(took(partial(_turn, clarifier)))
            slowest = {name: max(pair) for name, *pair in zip(slowest, slowest.values(), each, strict=True)}
        for name, found in slowest.items():
            line(f"clarify, {kinds} kinds: {name}", found, TURN if "turn" in name else None)


def _turn(clarifier: Clarifier) -> Turn:
    return clarifier.turn


def growth() -> None:
    """The exact optimum as it grows."""
    half, whole = (
        min(took(partial(optimum, Situation(n=n, alpha=0.5, p=0.1, cost=1.0), gamma=2.0)) for _ in range(2))
        for n in (500, 1000)
    )
    line(f"ask optimum, n = 1,000 ({whole:.0f} ms) against 500 ({half:.0f} ms)", whole / half, GROWTH, "x")


def main(source: Path = SOURCE) -> int:
    """Prints all figures; 1 if a limit was not kept."""
    commands(source)
    policies(source)
    turns()
    growth()
    if missed:
        print(f"not kept: {'; '.join(missed)}", file=sys.stderr)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
