"""What an audit of everybody rests on: counts of a shard, which add up in any order to the same whole numbers.

A coalition for statement a at threshold t has as many members as half-open intervals (own level, level of a] cover t:
two counts at the ends of each interval are enough for all thresholds, and they add up over people.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..profile import BoolArray, IntArray
from .blocks import Frame, Levels, known_in
from .shards import Shard, Shards

#: What stands for an own statement that nobody may complain about (it was not answered): above every level.
SATISFIED = np.int32(2**20)
#: What stands for no own statement: below every level, whatever the slack.
NOBODY = np.int32(-1)


@dataclass(frozen=True, eq=False)
class Plan:
    """A slate as the counting of shards sees it.

    Args:
        chosen: int64 [k] pool numbers of the slate.
        outside: int64 [m] pool numbers of what it is held against, ascending.
        costs: int64 [pool size].
        slacks: int64 [s] the slacks of the frontier, in levels, ascending from 0.
        published: bool [n_statements] the statements that people could see.
    """

    chosen: IntArray
    outside: IntArray
    costs: IntArray
    slacks: IntArray
    published: BoolArray


@dataclass
class Covered:
    """Ends of intervals for every statement, by level.

    Args:
        change: int64 [m, top + 3]: +1 above the level where an interval begins, -1 above the one where it ends; summed
            up to level t it is the number of intervals over t.
        ends: int64 [m, top + 3]: intervals that end at the level; empty where that is not needed.
    """

    change: IntArray
    ends: IntArray

    @classmethod
    def none(cls, m: int, width: int, ends: bool = True) -> Covered:
        """Nothing counted yet."""
        return cls(np.zeros((m, width), dtype=np.int64), np.zeros((m if ends else 0, width), dtype=np.int64))

    def add(self, at: int, starts: NDArray[np.int32], stops: NDArray[np.int32]) -> None:
        """Counts intervals (start, stop] of one statement."""
        width = self.change.shape[1]
        ended = np.bincount(stops + 1, minlength=width)
        self.change[at] += np.bincount(starts + 1, minlength=width) - ended
        if len(self.ends):
            self.ends[at, :-1] += ended[1:]


@dataclass
class Counts:
    """Counts of some people; all of them add up.

    Args:
        completed: for every slack; ends only for the first, which is 0.
        known: on people's own answers.
        best: with everybody's favourite of the slate in the place of their own statement.
        against: with every unknown answer against the slate; no ends.
        approved: int64 [2, m]: who approves a statement outside and none of the slate, by completed utilities and by
            own answers.
        kinds: for both, by what it costs altogether that somebody approves in the slate, int64 [m] approvers.
        answers: int64 [1, n_statements, 3]: against, neither, for.
        by_group: int64 [groups, n_statements, 3]: the same for each group of opinion.
        answered: how many pairs of a person and a statement of the held pool are answered.
        each: int64 [published + 1]: people by how many published statements they answered.
        sizes: int64 [groups + 1]: people of each group, and those who answered too little to be in one.
    """

    completed: list[Covered]
    known: Covered
    best: Covered
    against: Covered
    approved: IntArray
    kinds: list[dict[int, IntArray]]
    answers: IntArray
    by_group: IntArray
    answered: int = 0
    each: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    sizes: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __iadd__(self, other: Counts) -> Counts:
        for mine, theirs in zip(
            [*self.completed, self.known, self.best, self.against],
            [*other.completed, other.known, other.best, other.against],
            strict=True,
        ):
            mine.change += theirs.change
            mine.ends += theirs.ends
        self.approved += other.approved
        for mine_, theirs_ in zip(self.kinds, other.kinds, strict=True):
            for spent, people in theirs_.items():
                mine_[spent] = mine_[spent] + people if spent in mine_ else people
        self.answers += other.answers
        self.by_group += other.by_group
        self.answered += other.answered
        self.each += other.each
        self.sizes += other.sizes
        return self


def count(frame: Frame, plan: Plan, shards: Shards, number: int, groups: int, least: int) -> Counts:
    """Counts one shard, whose people have their places in ``place.npy``.

    Args:
        frame: of the run.
        plan: the slate.
        shards: the votes, with levels (`blocks.predict`).
        number: of the shard.
        groups: how many groups of opinion there are.
        least: the fewest published statements that somebody in a group has answered.
    """
    shard = shards.shard(number)
    levels: Levels = np.load(shards.path(number, "levels.npy"), mmap_mode="r")
    place = np.load(shards.path(number, "place.npy"))
    known = known_in(frame, shards, number)
    n, m, k, top = shard.n_agents, len(plan.outside), len(plan.chosen), frame.top
    width = top + 3
    slate = levels[plan.chosen].astype(np.int32)
    slate_known = known[plan.chosen]
    seated, rows = place >= 0, np.arange(n)
    at = np.where(seated, place, 0)
    own = np.where(seated, slate[at, rows], NOBODY).astype(np.int32)
    own_answered = seated & slate_known[at, rows]
    own_known = np.where(seated & ~own_answered, SATISFIED, own).astype(np.int32)
    pessimistic = np.where(seated & ~own_answered, 0, own).astype(np.int32)
    best = slate.max(axis=0).astype(np.int32) if k else np.full(n, NOBODY, dtype=np.int32)
    counts = Counts(
        [Covered.none(m, width, place_ == 0) for place_ in range(len(plan.slacks))],
        Covered.none(m, width),
        Covered.none(m, width),
        Covered.none(m, width, False),
        np.zeros((2, m), dtype=np.int64),
        [{}, {}],
        *_answers(frame, shards, shard, number, plan, groups, least),
    )
    counts.answered = int(known[plan.outside].sum()) + int(slate_known.sum())
    costs = plan.costs[plan.chosen]
    spent = costs @ (slate >= frame.approval)
    spent_known = costs @ ((slate >= frame.approval) | ~slate_known)
    kinds, kind = np.unique(spent, return_inverse=True)
    kinds_known, kind_known = np.unique(spent_known, return_inverse=True)
    of_kind = np.zeros((m, len(kinds)), dtype=np.int64)
    of_kind_known = np.zeros((m, len(kinds_known)), dtype=np.int64)
    pessimists = np.bincount(pessimistic[pessimistic < top] + 1, minlength=width)
    hopeless = int((pessimistic < top).sum())
    for row, candidate in enumerate(plan.outside.tolist()):
        offer = levels[candidate].astype(np.int32)
        answered = np.flatnonzero(known[candidate])
        _slacked(counts.completed, row, own, offer, plan.slacks)
        offered = offer[answered]
        mine = own_known[answered]
        lacking = mine < offered
        counts.known.add(row, mine[lacking], offered[lacking])
        lacking = best < offer
        counts.best.add(row, best[lacking], offer[lacking])
        # Everybody who did not answer hopes for the top; those who did are taken out again and counted as they are.
        mine = pessimistic[answered]
        below = mine < top
        change = counts.against.change[row]
        change += pessimists - np.bincount(mine[below] + 1, minlength=width)
        change[top + 1] -= hopeless - int(below.sum())
        lacking = mine < offered
        counts.against.add(row, mine[lacking], offered[lacking])
        approve = offer >= frame.approval
        of_kind[row] = np.bincount(kind[approve], minlength=len(kinds))
        approve_known = answered[offered >= frame.approval]
        of_kind_known[row] = np.bincount(kind_known[approve_known], minlength=len(kinds_known))
        counts.approved[0, row] = int((approve & (spent == 0)).sum())
        counts.approved[1, row] = int((spent_known[approve_known] == 0).sum())
    counts.kinds[0] = {int(value): of_kind[:, at_] for at_, value in enumerate(kinds.tolist())}
    counts.kinds[1] = {int(value): of_kind_known[:, at_] for at_, value in enumerate(kinds_known.tolist())}
    return counts


def _slacked(
    covered: list[Covered], row: int, own: NDArray[np.int32], offer: NDArray[np.int32], slacks: IntArray
) -> None:
    """Counts the intervals (own + slack, offer] of one statement for every slack: with more slack, fewer are left."""
    inside = np.flatnonzero(own < offer)
    starts, stops = own[inside], offer[inside]
    for place, slack in enumerate(slacks.tolist()):
        left = np.where(starts == NOBODY, NOBODY, starts + np.int32(slack))
        keep = left < stops
        if not keep.all():
            starts, stops, left = starts[keep], stops[keep], left[keep]
        if not len(starts):
            return
        covered[place].add(row, left, stops)


def _answers(
    frame: Frame, shards: Shards, shard: Shard, number: int, plan: Plan, groups: int, least: int
) -> tuple[IntArray, IntArray, int, IntArray, IntArray]:
    """Answers in three kinds, by everybody and by group, how many each gave, and how many people each group has."""
    scale, m = shards.scale, frame.profile.n_statements
    utility = scale.utility(shard.value.astype(np.float64))
    kind = (1 + np.sign(utility - scale.midpoint)).astype(np.int64)
    if scale.kind == "points":
        kind = np.where(utility >= scale.approval, 2, 0)
    rows = np.repeat(np.arange(shard.n_agents), np.diff(shard.indptr))
    cell = shard.statement.astype(np.int64) * 3 + kind
    answers = np.bincount(cell, minlength=3 * m).reshape(1, m, 3)
    shown = plan.published[shard.statement]
    on_shown = np.bincount(rows[shown], minlength=shard.n_agents)
    each = np.bincount(on_shown, minlength=int(plan.published.sum()) + 1)
    label = np.load(shards.path(number, "label.npy")).astype(np.int64)
    active = np.diff(shard.indptr) >= least
    by_group = np.zeros((groups, m, 3), dtype=np.int64)
    sizes = np.zeros(groups + 1, dtype=np.int64)
    if groups:
        inside = active[rows]
        by_group = np.bincount(label[rows[inside]] * 3 * m + cell[inside], minlength=groups * m * 3).reshape(
            groups, m, 3
        )
        sizes[:groups] = np.bincount(label[active], minlength=groups)
        sizes[groups] = int((~active).sum())
    return answers, by_group, 0, each, sizes


@dataclass(frozen=True, eq=False)
class SlateSeen:
    """What everybody says of some statements, taken from one shard.

    Args:
        levels: uint16 [n, k].
        kinds: int8 [n, k]: 0 against, 1 neither, 2 for, -1 not answered.
    """

    levels: Levels
    kinds: NDArray[np.int8]


def seen(frame: Frame, shards: Shards, number: int, places: IntArray) -> SlateSeen:
    """The levels and the answers of a shard at some pool numbers."""
    levels: Levels = np.load(shards.path(number, "levels.npy"), mmap_mode="r")
    shard, scale = shards.shard(number), shards.scale
    at = np.full(frame.profile.n_statements, -1, dtype=np.int64)
    at[frame.columns[places]] = np.arange(len(places))
    column = at[shard.statement]
    rows = np.repeat(np.arange(shard.n_agents), np.diff(shard.indptr))
    inside = column >= 0
    utility = scale.utility(shard.value[inside].astype(np.float64))
    kinds = np.full((shard.n_agents, len(places)), -1, dtype=np.int8)
    if scale.kind == "points":
        kinds[rows[inside], column[inside]] = np.where(utility >= scale.approval, 2, 0)
    else:
        kinds[rows[inside], column[inside]] = 1 + np.sign(utility - scale.midpoint)
    return SlateSeen(np.ascontiguousarray(levels[places].T), kinds)
