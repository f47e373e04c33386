"""What every process promises, tried on small random problems, with and without weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..processes import GUARANTEES, Problem, Process, Selection
from .instances import Instance, instances
from .suite import Suite

#: How many times the instances of each check are tried. folkmoot's own tests raise it where time does not count, and
#: lower it at every change.
TIMES = 1.0


def problems(process: Process, seed: int, count: int, **options: Any) -> Iterator[tuple[int, Instance]]:
    """Random instances that the process accepts, ``count`` without and as many with weights."""
    for weighted in (False, True):
        for number, instance in instances(
            seed + weighted, round(count * TIMES), unit_cost=process.unit_cost, weighted=weighted, **options
        ):
            if (instance.costs <= instance.budget).any():
                yield number, instance


def same(one: Selection, other: Selection) -> bool:
    """Whether two selections are equal."""
    return one.parameters == other.parameters and [
        (r.candidate, r.agents.tolist(), r.level, r.support, r.tied, r.tied_agents) for r in one.rounds
    ] == [(r.candidate, r.agents.tolist(), r.level, r.support, r.tied, r.tied_agents) for r in other.rounds]


def chosen(process: Process, instance: Instance, seed: int = 0, **options: Any) -> Selection:
    """The selection of the process from an instance."""
    return process.run(Problem(instance.pool(), instance.budget, **options), np.random.default_rng(seed))


def declares_itself(process: Process) -> None:
    """It describes itself, its source and its complexity, and declares only guarantees that are defined."""
    assert process.about, "the function of the process has no docstring, and the process no name"
    assert process.source, "it names no source"
    assert process.complexity, "it does not say what one run takes"
    unknown = set(process.guarantee) - set(GUARANTEES)
    assert not unknown, f"no such guarantee: {min(unknown)!r}; there are {', '.join(GUARANTEES)}"


def keeps_its_guarantees(process: Process) -> None:
    """Every guarantee that it declares holds, by the definition."""
    for number, instance in problems(process, 81, 90, n=7, m=6) if process.guarantee else ():
        problem = Problem(instance.pool(), instance.budget)
        selection = process.run(problem, np.random.default_rng(number))
        for id in process.guarantee:
            assert GUARANTEES[id].holds(problem, selection), f"{id} does not hold of instance {number}: {instance}"


def stays_within_the_budget(process: Process) -> None:
    """The slate is affordable, and no agent is represented by two statements."""
    for multiset in (False, True):
        for number, instance in problems(process, 83, 30):
            selection = chosen(process, instance, number, multiset=multiset)
            slate, where = selection.candidates, f"instance {number}: {instance}"
            assert ((slate >= 0) & (slate < instance.m)).all(), f"a candidate that is not there, {where}"
            assert int(instance.costs[slate].sum()) <= instance.budget, f"the slate is too dear, {where}"
            assert multiset or len(set(slate.tolist())) == len(slate), f"a candidate twice, {where}"
            represented = [int(i) for r in selection.rounds for i in r.agents]
            assert len(set(represented)) == len(represented), f"an agent in two rounds, {where}"
            assert len(selection.assignment) == selection.n_agents == instance.n, f"another number of agents, {where}"
            for r in selection.rounds:
                assert r.agents.tolist() == sorted(r.agents.tolist()), f"agents out of order, {where}"
                assert r.candidate not in r.tied, f"a candidate tied with itself, {where}"


def respects_locks(process: Process) -> None:
    """Statements that are locked in come first; those that are locked out are never chosen."""
    for number, instance in problems(process, 85, 30, m=6):
        rng = np.random.default_rng([85, number])
        order = [int(a) for a in rng.permutation(instance.m)]
        locked_in: list[int] = []
        for a in order[: int(rng.integers(0, 3))]:
            if instance.costs[[*locked_in, a]].sum() <= instance.budget:
                locked_in.append(a)
        locked_out = [a for a in order if a not in locked_in][: int(rng.integers(0, 3))]
        selection = chosen(process, instance, number, locked_in=tuple(locked_in), locked_out=tuple(locked_out))
        slate, where = selection.candidates.tolist(), f"instance {number}: {instance}"
        assert slate[: len(locked_in)] == locked_in, f"{locked_in} should come first in {slate}, {where}"
        assert not set(slate) & set(locked_out), f"{locked_out} are locked out of {slate}, {where}"
        assert len(set(slate)) == len(slate), f"a candidate twice in {slate}, {where}"
        assert int(instance.costs[slate].sum()) <= instance.budget, f"the slate is too dear, {where}"


def chooses_nothing_from_nothing(process: Process) -> None:
    """If every candidate is locked out the slate is empty, which is no error."""
    for number, instance in problems(process, 87, 10):
        selection = chosen(process, instance, number, locked_out=tuple(range(instance.m)))
        assert not selection.rounds, f"something was chosen from nothing, instance {number}: {instance}"


def is_repeatable(process: Process) -> None:
    """The same problem and the same seed give the same slate, and the seed matters only where that is declared."""
    depends = False
    for number, instance in problems(process, 89, 12):
        problem = Problem(instance.pool(), instance.budget)
        one, other = (process.run(problem, np.random.default_rng(number)) for _ in range(2))
        assert same(one, other), f"another slate at the second run, instance {number}: {instance}"
        assert same(one, chosen(process, instance, number)), f"another slate from a fresh pool, instance {number}"
        depends = depends or not same(one, chosen(process, instance, number + 1))
        assert process.seeded or not depends, f"it looks at the seed (declare seeded=True), instance {number}"
    assert depends or not process.seeded, "it declares that the seed matters, which it never does"


def takes_weights_as_copies(process: Process) -> None:
    """An agent of weight w counts like w agents with the same utilities, unless it declares that it overshoots."""
    if process.overshoots:
        return
    for unit_cost in (True,) if process.unit_cost else (True, False):
        for number, instance in instances(
            72, round(30 * TIMES), n=6, m=5, kinds=("approval", "integer"), weighted=True, budget=7, unit_cost=unit_cost
        ):
            if (instance.costs <= instance.budget).any():
                one = chosen(process, instance).candidates.tolist()
                other = chosen(process, instance.copied()).candidates.tolist()
                assert one == other, (
                    f"{one} with weights, {other} with copies, instance {number}: {instance}; a process that takes "
                    "agents until a need is met declares overshoots=True"
                )


check_process: Suite[Process] = Suite(
    declares_itself,
    stays_within_the_budget,
    respects_locks,
    chooses_nothing_from_nothing,
    is_repeatable,
    takes_weights_as_copies,
    keeps_its_guarantees,
)
"""Checks a process against its declaration (`folkmoot.processes.Process`)."""
