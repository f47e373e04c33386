"""Rules that choose one candidate after the other: the first outcome, or all of them however ties are broken."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from copy import copy
from dataclasses import replace
from typing import ClassVar, Protocol, Self, TypeVar

from ...profile import InputError, IntArray
from ..baselines import assigned
from ..problem import Problem, Selection

# How many outcomes, and how many half-way states, are looked at before giving up.
MOST_COMMITTEES = 1_000
STATES_PER_COMMITTEE = 20

C = TypeVar("C", bound="Course")


class Course(Protocol):
    """A sequential rule on its way."""

    @property
    def chosen(self) -> list[int]:
        """The chosen candidates in order, locked-in candidates first."""
        ...

    def tied(self) -> list[int]:
        """Candidates that may come next, in pool order; none at the end. Ties are decided exactly."""
        ...

    def take(self, candidate: int) -> None:
        """Chooses one of them."""
        ...

    def copy(self: C) -> C: ...

    def key(self) -> Hashable:
        """A key that is equal for states with equal futures."""
        ...


class Branching:
    """A course that can be gone on with in two ways: a copy shares all but what a choice changes.

    A class names in ``changed`` the attributes that a choice changes in place.
    """

    changed: ClassVar[tuple[str, ...]] = ("chosen", "open")

    def copy(self) -> Self:
        """The same state, to be changed apart."""
        other = copy(self)
        for name in self.changed:
            setattr(other, name, getattr(self, name).copy())
        return other


def follow(course: Course) -> list[tuple[int, ...]]:
    """Runs to the end, ties in pool order; for every choice the candidates it tied with."""
    ties = []
    while best := course.tied():
        course.take(best[0])
        ties.append(tuple(best[1:]))
    return ties


def outcomes(course: Course, limit: int) -> list[tuple[int, ...]]:
    """Every outcome that some order of breaking ties gives, each sorted, in lexicographic order.

    Raises:
        InputError: there are more than ``limit`` outcomes, or too many ways to them.
    """
    committees: set[tuple[int, ...]] = set()
    seen: set[Hashable] = set()
    waiting = [course]
    while waiting:
        here = waiting.pop()
        best = here.tied()
        if not best:
            committees.add(tuple(sorted(here.chosen)))
        for candidate in best:
            there = here.copy()
            there.take(candidate)
            if (key := there.key()) not in seen:
                seen.add(key)
                waiting.append(there)
        if len(committees) > limit or len(seen) > limit * STATES_PER_COMMITTEE:
            raise InputError(
                f"ties lead to more than {limit} committees (or too many ways to them); "
                "ask for one committee, or raise the limit"
            )
    return sorted(committees)


def choice(problem: Problem, chosen: Sequence[int], ties: Sequence[tuple[int, ...]], support: IntArray) -> Selection:
    """The chosen candidates with the best balanced assignment, and what happened in each round.

    Args:
        problem: the problem, whose locked-in candidates stand first in ``chosen``.
        chosen: the candidates in order.
        ties: the ties of the candidates that are not locked in.
        support: the mass of the approvers of every candidate of the pool.
    """
    locked = len(problem.locked_in)
    rounds = [
        replace(
            r,
            level=None if place < locked else problem.approval,
            support=int(support[r.candidate]),
            tied=() if place < locked else ties[place - locked],
        )
        for place, r in enumerate(assigned(problem, list(chosen)).rounds)
    ]
    return Selection(tuple(rounds), problem.pool.n_agents, {"approval": problem.approval})


def only_unit_costs(problem: Problem, process: str) -> None:
    """Refuses problems with costs other than 1.

    Raises:
        InputError: the candidates do not all cost 1.
    """
    if (problem.pool.costs != 1).any():
        raise InputError(f"process {process!r} chooses a number of statements; take `unit='statements'`")
