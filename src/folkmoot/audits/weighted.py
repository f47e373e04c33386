"""What weights of answers do to a slate and to its certificate: the same process with and without them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from ..queries import ClosedPool
from ..queries.reliable import Reliable
from . import cbjr
from .audit import FRONTIER_STEPS
from .subject import Subject, own

#: Chooses from a pool, given the pool numbers that may not be chosen, and assigns the people.
Choose = Callable[[ClosedPool, tuple[int, ...]], Subject]


@dataclass(frozen=True)
class Certificate:
    """A slate audited against every statement of the pool.

    Args:
        violations: the statements (columns) outside the slate that some coalition is owed (cBJR), worst first.
        frontier: the pairs (b, d(b)) as in `Audit`: the largest mass / need of a coalition that gains more than b; 1 or
            more is a violation. Weighted utilities differ finely, so their d(0) counts gains that mean little: compare
            at b > 0.
        utility: the mean utility of people's own statements, by mass, over those who have one.
    """

    violations: tuple[int, ...]
    frontier: tuple[tuple[float, float], ...]
    utility: float

    @property
    def d(self) -> float:
        """d(0)."""
        return self.frontier[0][1]


@dataclass(frozen=True)
class Effect:
    """What the weights change.

    Args:
        plain: the statements (columns) of the slate chosen without weights, in order.
        weighted: the statements of the slate chosen with weights.
        barred: the statements that the weights bar from the slate ("opinion not formed"); the audit still holds both
            slates against them.
        moved: the mass of the people who are represented by another statement, or by none, or only now.
        certificates: the certificates of both slates, each on plain and on weighted utilities, by ``plain on plain``,
            ``plain on weighted``, ``weighted on plain``, ``weighted on weighted``.
        coverage: the mean weight of people's answers, by group label; ``""`` is everybody.
    """

    plain: tuple[int, ...]
    weighted: tuple[int, ...]
    barred: tuple[int, ...]
    moved: int
    certificates: Mapping[str, Certificate]
    coverage: Mapping[str, float]

    @property
    def entered(self) -> tuple[int, ...]:
        """Statements that are in the slate only with weights."""
        return tuple(a for a in self.weighted if a not in self.plain)

    @property
    def left(self) -> tuple[int, ...]:
        """Statements that are in the slate only without."""
        return tuple(a for a in self.plain if a not in self.weighted)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {**asdict(self), "entered": list(self.entered), "left": list(self.left)}


def effect_of_weights(
    choose: Choose,
    pool: ClosedPool,
    reliable: Reliable,
    *,
    unformed: BoolArray | None = None,
    labels: Sequence[str] | None = None,
) -> Effect:
    """Chooses twice and audits both slates on both kinds of utilities.

    Args:
        choose: the process, e.g. ``lambda pool, barred: ...`` around one of the registry.
        pool: the pool with plain utilities.
        reliable: the same utilities with weights.
        unformed: bool [n_statements], whether no opinion on the statement has formed, which bars it from the slate with
            weights; None: no statement is barred.
        labels: the group of every person, for the coverage.

    Raises:
        InputError: ``choose`` raises it, or there is not one label for every person.
    """
    heavy = ClosedPool(reliable, pool.statements, pool.costs, pool.masses)
    barred = () if unformed is None else tuple(np.flatnonzero(unformed[pool.statements]).tolist())
    people = ("",) * pool.n_agents if labels is None else tuple(labels)
    return effect_between(
        choose(pool, ()),
        choose(heavy, barred),
        barred=barred,
        utility_range=reliable.weights.utility_range,
        coverage=reliable.weights.group_coverage(pool.n_agents, people),
    )


def effect_between(
    plain: Subject,
    weighted: Subject,
    *,
    barred: Sequence[int],
    utility_range: tuple[float, float],
    coverage: Mapping[str, float],
) -> Effect:
    """The effect between two slates that have been chosen, each over the utilities it was chosen on.

    Args:
        plain: the slate chosen without weights.
        weighted: the slate chosen with weights, over the same candidates in the same order.
        barred: the pool numbers of the statements that the weights bar.
        utility_range: the lowest and the highest utility of the scale.
        coverage: the coverage as in `Effect`.
    """
    pool = plain.pool
    slacks = np.linspace(0.0, utility_range[1] - utility_range[0], FRONTIER_STEPS + 1)
    slates = {"plain": plain, "weighted": weighted}
    certificates = {
        f"{name} on {kind}": _certificate(Subject(on.pool, slate.chosen, slate.assignment, slate.budget), slacks)
        for name, slate in slates.items()
        for kind, on in slates.items()
    }
    return Effect(
        plain=_columns(pool, plain.chosen),
        weighted=_columns(pool, weighted.chosen),
        barred=_columns(pool, np.array(barred, dtype=np.int64)),
        moved=int(pool.masses[_representing(plain) != _representing(weighted)].sum()),
        certificates=certificates,
        coverage=coverage,
    )


def _certificate(subject: Subject, slacks: FloatArray) -> Certificate:
    swept = cbjr.sweep(subject, subject.own, subject.offers, slacks, every=True)
    mine = own(subject.slate, subject.assignment)
    assigned = subject.assignment >= 0
    mean = float(np.average(mine[assigned], weights=subject.masses[assigned])) if assigned.any() else float("nan")
    frontier = tuple((float(b), float(d)) for b, d in zip(slacks, swept.frontier, strict=True))
    owed = np.array([complaint.candidate for complaint in swept.violations], dtype=np.int64)
    return Certificate(_columns(subject.pool, owed), frontier, mean)


def _representing(subject: Subject) -> IntArray:
    """int64 [n]: candidate that represents each person, -1 none."""
    candidates = np.full(len(subject.assignment), -1, dtype=np.int64)
    assigned = subject.assignment >= 0
    candidates[assigned] = subject.chosen[subject.assignment[assigned]]
    return candidates


def _columns(pool: ClosedPool, candidates: IntArray) -> tuple[int, ...]:
    return tuple(pool.statements[candidates].tolist())
