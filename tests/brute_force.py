"""The definitions, word for word: every coalition, every statement, every threshold is tried.

Nothing here imports a process or an audit. Numbers that decide something are Python integers or fractions. The small
problems to try them on are those of `folkmoot.testing.instances`.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from folkmoot.profile import BoolArray, FloatArray, IntArray
from folkmoot.testing.instances import Instance


def own_utilities(values: FloatArray, chosen: Sequence[int] | IntArray, assignment: IntArray) -> FloatArray:
    """u_i(w(i)), -inf for the unassigned."""
    return np.array(
        [values[i, chosen[place]] if place >= 0 else -np.inf for i, place in enumerate(assignment)], dtype=np.float64
    )


def coalitions(n: int) -> BoolArray:
    """bool [2^n - 1, n]: every non-empty set of agents."""
    return np.array(list(itertools.product([False, True], repeat=n))[1:], dtype=bool)


@dataclass(frozen=True)
class Complaint:
    """(S, a, theta): all of S have u_i(a) >= theta and u_i(w(i)) < theta - b."""

    members: tuple[int, ...]
    statement: int
    theta: float
    mass: int


def complaints(
    instance: Instance,
    own: FloatArray,
    statements: Collection[int],
    slack: float = 0.0,
    thetas: Collection[float] | None = None,
) -> Iterator[Complaint]:
    """Every (S, a, theta) that fulfils (ii) and (iii) of NG Definition 2.1, whatever its size.

    Thresholds: those given, else every utility that occurs (a coalition's smallest u_i(a) serves where any does).
    """
    every = coalitions(instance.n)
    mass = every @ instance.masses
    levels = np.unique(instance.values) if thetas is None else np.array(sorted(thetas), dtype=np.float64)
    for a in statements:
        wants = instance.values[:, a][:, None] >= levels[None, :]
        lacks = own[:, None] < levels[None, :] - slack
        outsiders = every.astype(np.int64) @ (~(wants & lacks)).astype(np.int64)
        for s, t in np.argwhere(outsiders == 0):
            yield Complaint(tuple(np.flatnonzero(every[s]).tolist()), a, float(levels[t]), int(mass[s]))


def largest(
    instance: Instance,
    own: FloatArray,
    statements: Collection[int],
    slack: float = 0.0,
    thetas: Collection[float] | None = None,
) -> dict[int, int]:
    """For each statement the mass of the largest complaining coalition, 0 where nobody complains."""
    every = coalitions(instance.n)
    mass = every @ instance.masses
    levels = np.unique(instance.values) if thetas is None else np.array(sorted(thetas), dtype=np.float64)
    found = {}
    for a in statements:
        wants = instance.values[:, a][:, None] >= levels[None, :]
        lacks = own[:, None] < levels[None, :] - slack
        # Numbers of members of S that lack (ii) or (iii): none may.
        outsiders = every.astype(np.float64) @ (~(wants & lacks)).astype(np.float64)
        complaining = (outsiders == 0).any(axis=1)
        found[a] = int(mass[complaining].max()) if complaining.any() else 0
    return found


def violators(
    instance: Instance,
    own: FloatArray,
    statements: Collection[int],
    slack: float = 0.0,
    thetas: Collection[float] | None = None,
) -> list[int]:
    """Statements with a complaint of size at least ceil(c(a) n / B): (b, 1)-cBJR fails iff there is one."""
    sizes = largest(instance, own, statements, slack, thetas)
    return [a for a in sizes if sizes[a] >= instance.need(a)]


def worst_ratio(instance: Instance, own: FloatArray, statements: Collection[int], slack: float = 0.0) -> Fraction:
    """d(b): the largest mass / need of any complaint."""
    sizes = largest(instance, own, statements, slack)
    return max((Fraction(sizes[a], instance.need(a)) for a in sizes), default=Fraction(0))


def outside(instance: Instance, chosen: Sequence[int] | IntArray) -> list[int]:
    """The pool without the slate."""
    inside = {int(a) for a in chosen}
    return [a for a in range(instance.m) if a not in inside]


def jr_violated(instance: Instance, chosen: Sequence[int] | IntArray, level: float) -> bool:
    """S of mass >= c(a) n / B, all of whom approve a, none of whom approves anything in the slate."""
    approve = instance.values >= level
    for s in coalitions(instance.n):
        if approve[np.ix_(s, np.asarray(chosen, dtype=np.int64))].any():
            continue
        share = Fraction(int(instance.masses[s].sum()) * instance.budget, instance.total)
        if any(approve[s, a].all() and share >= int(instance.costs[a]) for a in outside(instance, chosen)):
            return True
    return False


def ejr_plus_violated(instance: Instance, chosen: Sequence[int] | IntArray, level: float) -> bool:
    """EJR+ for unit costs (Brill and Peters 2023).

    There are ell, a statement a outside W and a group S of mass >= ell n / k, all of whom approve a, and each of
    whom approves fewer than ell statements of W.
    """
    approve = instance.values >= level
    k = instance.budget
    for s in coalitions(instance.n):
        mass = int(instance.masses[s].sum())
        for a in outside(instance, chosen):
            if not approve[s, a].all():
                continue
            for ell in range(1, k + 1):
                if mass * k >= ell * instance.total and all(
                    int(approve[i, np.asarray(chosen, dtype=np.int64)].sum()) < ell for i in np.flatnonzero(s)
                ):
                    return True
    return False


def ejr_plus_up_to_any_violated(instance: Instance, chosen: Sequence[int] | IntArray, level: float) -> bool:
    """EJR+ up to any project: some S could pay for a on top of what each of its members already approves in W."""
    approve = instance.values >= level
    slate = np.asarray(chosen, dtype=np.int64)
    has = [int(instance.costs[slate][approve[i, slate]].sum()) for i in range(instance.n)]
    for s in coalitions(instance.n):
        share = Fraction(int(instance.masses[s].sum()) * instance.budget, instance.total)
        for a in outside(instance, chosen):
            if approve[s, a].all() and all(has[i] + int(instance.costs[a]) <= share for i in np.flatnonzero(s)):
                return True
    return False


def alpha_of(instance: Instance, chosen: Sequence[int] | IntArray) -> Fraction:
    """alpha of JR for utilities: the largest mass x B / (c(a) n) of a group left out by the whole slate."""
    best = instance.values[:, np.asarray(chosen, dtype=np.int64)].max(axis=1, initial=-np.inf)
    sizes = largest(instance, best, outside(instance, chosen))
    shares = [Fraction(sizes[a] * instance.budget, int(instance.costs[a]) * instance.total) for a in sizes]
    return max(shares, default=Fraction(0))


def veto_excess(instance: Instance, chosen: Sequence[int] | IntArray) -> Fraction:
    """The largest |T|/n + |B|/m - 1 over groups T who prefer each of B to the slate; B of what the budget can buy."""
    best = instance.values[:, np.asarray(chosen, dtype=np.int64)].max(axis=1, initial=-np.inf)
    eligible = [a for a in range(instance.m) if instance.costs[a] <= instance.budget]
    excess = Fraction(0)
    for s in coalitions(instance.n):
        wanted = [a for a in eligible if (instance.values[s, a] > best[s]).all()]
        share = Fraction(int(instance.masses[s].sum()), instance.total)
        excess = max(excess, share + Fraction(len(wanted), max(len(eligible), 1)) - 1)
    return excess


def balanced_assignments(n: int, k: int) -> Iterator[IntArray]:
    """Every assignment of n agents to k statements with floor(n/k) or ceil(n/k) agents each."""
    for assignment in itertools.product(range(k), repeat=n):
        loads = [assignment.count(place) for place in range(k)]
        if all(n // k <= load <= -(-n // k) for load in loads):
            yield np.array(assignment, dtype=np.int64)


def meets_bjr(instance: Instance, chosen: Sequence[int], candidates: Collection[int] | None = None) -> bool:
    """Some balanced assignment of the slate leaves no complaint of size >= n/k (candidates: the pool without W)."""
    other = outside(instance, chosen) if candidates is None else candidates
    return any(
        not violators(instance, own_utilities(instance.values, chosen, assignment), other)
        for assignment in balanced_assignments(instance.n, len(chosen))
    )


def shared_thresholds(values: Collection[float]) -> tuple[float, ...]:
    """Distinct values, highest first."""
    return tuple(sorted({float(v) for v in values}, reverse=True))
