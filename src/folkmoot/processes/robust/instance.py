"""What a search takes into account: people, candidates, their utilities, and draws of what is unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ...profile import BoolArray, FloatArray, IntArray, floors, needs
from ...profile.streams import Stream, stream
from ...queries.closed_pool import ClosedPool
from ...queries.levels import Block, Numbers
from ...queries.opinion_groups import opinion_groups
from ..democratic.democratic import democratic_fast
from ..problem import Problem
from .samples import Samples

# Draws, and with how many people x candidates they are halved.
DRAWS, MANY = 128, 300_000
# With more people x candidates than this the search takes a sample of the people.
LARGEST = 1_200_000
# With more candidates than this the search keeps those that most people would agree with, and at those that most of
# the people whom a popular slate leaves unhappy would; as many of either as half of this.
CONSIDERED = 320
# Decimals of chances and values: finer differences mean nothing, last bits, in which machines differ, decide nothing.
DIGITS = 9
# An opinion group counts from this many people and this share of the mass.
SMALLEST_GROUP, SMALLEST_SHARE = 5, 20


@dataclass(frozen=True, eq=False)
class SearchInstance:
    """A problem as the search sees it.

    Args:
        candidates: int64 [m] pool numbers of the candidates that the search keeps.
        eligible: int64, ascending: pool numbers of all candidates that may be chosen and fit the budget.
        rows: int64 [n] the people that the search takes into account, rows of the pool.
        masses: int64 [n].
        costs: int64 [m].
        budget: what the slate may cost.
        locked: places of the locked-in candidates, always in the slate.
        worth: float64 [m, n] utilities, the pool's range stretched to [0, 1].
        chances: float64 [m, n] chance that a person agrees.
        voted: bool [m, n], the person answered and agreed.
        groups: bool [g, n] opinion groups that count; at least one.
        samples: draws of everybody's answers.
        kindred: int64 [m, m], 1 where two candidates are about the same subject, 0 on the diagonal; empty: none are.
        quick: int64 pool numbers of what ``democratic-fast`` chooses, where that is known already.
    """

    candidates: IntArray
    eligible: IntArray
    rows: IntArray
    masses: IntArray
    costs: IntArray
    budget: int
    locked: tuple[int, ...]
    worth: FloatArray
    chances: FloatArray
    voted: BoolArray
    groups: BoolArray
    samples: Samples
    total: int = field(default=0)
    kindred: IntArray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    quick: IntArray | None = None

    @classmethod
    def of(cls, problem: Problem, draws: int | None = None, most: int | None = None) -> SearchInstance:
        """The instance of a problem.

        Args:
            problem: the pool without what is locked out is what may be chosen.
            draws: how many; None: `DRAWS`, half of them for a large pool, 1 where nothing is unknown.
            most: of more candidates than this the most promising are kept; None: `CONSIDERED`.
        """
        pool = problem.pool
        candidates = np.setdiff1d(np.arange(pool.size), np.array(problem.locked_out, dtype=np.int64))
        candidates = eligible = candidates[pool.costs[candidates] <= problem.budget]
        rows, masses = _people(pool, len(candidates))
        total = int(masses.sum())
        groups = _groups(problem, rows, masses, candidates)
        values = pool.utilities(rows, candidates).T
        known = pool.known(rows, candidates).T
        low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
        beliefs, certain = problem.beliefs, bool(known.all())
        if beliefs is None or certain:
            believed = (values >= problem.approval).astype(np.float64)
        else:
            believed = beliefs.chances(rows, pool.statements[candidates]).T
        most, quick = CONSIDERED if most is None else most, None
        if len(candidates) > most:
            quick = democratic_fast(problem, np.random.default_rng(0)).candidates
            kept = _considered(problem, candidates, believed, masses, most, quick)
            candidates, values, known, believed = candidates[kept], values[kept], known[kept], believed[kept]
        approves = values >= problem.approval
        answers: Iterable[Block] = [Numbers(values.T)]
        if beliefs is not None and not certain:
            count = draws or (DRAWS if len(rows) * len(eligible) <= MANY else DRAWS // 2)
            answers = beliefs.draws(rows, pool.statements[candidates], count) if count > 1 else answers
        place = {int(a): at for at, a in enumerate(candidates)}
        return cls(
            candidates=candidates,
            eligible=eligible,
            rows=rows,
            masses=masses,
            costs=pool.costs[candidates],
            budget=problem.budget,
            locked=tuple(place[a] for a in problem.locked_in),
            worth=np.ascontiguousarray((values - low) / (high - low) if high > low else np.ones_like(values)),
            chances=np.ascontiguousarray(believed),
            voted=np.ascontiguousarray(known & approves),
            groups=groups,
            samples=Samples(answers, masses, needs(pool.costs[candidates], total, problem.budget)),
            kindred=_kindred(problem, place),
            total=total,
            quick=quick,
        )

    @property
    def n(self) -> int:
        """How many people the search takes into account."""
        return len(self.rows)

    @property
    def m(self) -> int:
        """How many candidates there are."""
        return len(self.candidates)

    @cached_property
    def unit(self) -> bool:
        """Whether everybody has mass 1."""
        return bool((self.masses == 1).all())

    @cached_property
    def upper(self) -> IntArray:
        """int64 [m]: most mass a candidate represents, ceil(c n / B)."""
        return needs(self.costs, self.total, self.budget)

    @cached_property
    def lower(self) -> IntArray:
        """int64 [m]: least mass a candidate represents, floor(c n / B)."""
        return floors(self.costs, self.total, self.budget)

    @cached_property
    def share(self) -> FloatArray:
        """float64 [n]: each person's share of the mass."""
        return self.masses / max(1, self.total)

    @cached_property
    def group_share(self) -> FloatArray:
        """float64 [g, n]: each person's share of the mass of their group, 0 outside it."""
        inside = self.groups * self.masses
        return np.asarray(inside / np.maximum(inside.sum(axis=1, keepdims=True), 1))

    @cached_property
    def doubt(self) -> FloatArray:
        """float64 [m, n]: chance that a person does not agree."""
        return 1.0 - self.chances

    @cached_property
    def mean_chance(self) -> FloatArray:
        """float64 [m]: mean chance to agree."""
        return np.asarray(np.einsum("mn,n->m", self.chances, self.share))

    @cached_property
    def wish(self) -> FloatArray:
        """float64 [m, n]: worth with ties broken at random by less than 2/1024, always the same way."""
        noise = stream(5, Stream.TIES, self.m, self.n).random((self.m, self.n), dtype=np.float32)
        return np.asarray(self.worth + 0.00195 * noise + 0.004 * self.voted)


def _people(pool: ClosedPool, m: int) -> tuple[IntArray, IntArray]:
    """Everybody with their masses, or, of very many, a sample at even steps of mass, each of mass 1."""
    most = max(1, LARGEST // max(1, m))
    if pool.n_agents <= most:
        return pool.agents, pool.masses
    heaped = np.cumsum(pool.masses)
    points = ((2 * np.arange(most, dtype=np.int64) + 1) * int(heaped[-1])) // (2 * most)
    return np.searchsorted(heaped, points, side="right"), np.ones(most, dtype=np.int64)


def _considered(
    problem: Problem, candidates: IntArray, chances: FloatArray, masses: IntArray, most: int, quick: IntArray
) -> IntArray:
    """int64, ascending: places of the candidates that the search keeps; ties: pool order.

    Half of them are those with the largest mean chance of agreement. Half are those with the largest expected mass of
    people who agree with them and with nothing of a slate of the former, as a share of what they need. What is locked
    in and what ``democratic-fast`` would choose (``quick``) are among them.
    """
    costs, total = problem.pool.costs[candidates], int(masses.sum())
    mean = np.round(np.einsum("mn,n->m", chances, masses / total), DIGITS)
    by_chance = np.argsort(-mean, kind="stable")
    slate = by_chance[np.cumsum(costs[by_chance]) <= problem.budget]
    unhappy = masses * (1.0 - chances[slate].max(axis=0)) if len(slate) else masses.astype(np.float64)
    lacking = np.round(np.einsum("mn,n->m", chances, unhappy) / needs(costs, total, problem.budget), DIGITS)
    wanted = {*problem.locked_in, *quick.tolist()}
    result = np.isin(candidates, list(wanted))
    result[by_chance[: most // 2]] = True
    result[np.argsort(-lacking, kind="stable")[: most // 2]] = True
    return np.flatnonzero(result)


def _kindred(problem: Problem, place: dict[int, int]) -> IntArray:
    """int64 [m, m]: which candidates are about the same subject."""
    if not problem.kindred:
        return np.zeros((0, 0), dtype=np.int64)
    result = np.zeros((len(place), len(place)), dtype=np.int64)
    for one, other in problem.kindred:
        if one in place and other in place:
            result[place[one], place[other]] = result[place[other], place[one]] = 1
    return result


def _groups(problem: Problem, rows: IntArray, masses: IntArray, candidates: IntArray) -> BoolArray:
    """bool [g, n]: opinion groups that are large enough; everybody where there are none."""
    pool, everybody = problem.pool, np.ones((1, len(rows)), dtype=bool)
    if not len(candidates):
        return everybody
    if problem.groups is not None:
        label = problem.groups()[rows].argmax(axis=1)
    else:
        part = ClosedPool(_Rows(pool, rows, candidates), np.arange(len(candidates)), pool.costs[candidates], masses)
        label = opinion_groups(part)
    heaped = np.bincount(label, masses)
    members = np.bincount(label, np.minimum(masses, SMALLEST_GROUP))
    large = (SMALLEST_SHARE * heaped >= heaped.sum()) & (members >= SMALLEST_GROUP)
    result: BoolArray = label == np.flatnonzero(large)[:, None]
    return result if len(result) else everybody


@dataclass(frozen=True, eq=False)
class _Rows:
    """Some people and candidates of a pool, as a `Disc`."""

    pool: ClosedPool
    rows: IntArray
    candidates: IntArray

    @property
    def n_agents(self) -> int:
        return len(self.rows)

    @property
    def n_statements(self) -> int:
        return len(self.candidates)

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        return self.pool.utilities(self.rows[agents], self.candidates[statements])

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        return self.pool.known(self.rows[agents], self.candidates[statements])
