"""The people behind a figure: found again in a second pass over shards, once it is known who is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..profile import IntArray
from .blocks import Frame, Levels, known_in
from .counts import NOBODY, SATISFIED, Plan
from .shards import Shards

#: In a population of more people than this a group's members are not listed: statement and threshold determine them.
LISTED = 200_000


@dataclass(frozen=True)
class Asked:
    """A group of people.

    Args:
        among: on what it rests: ``completed`` utilities, ``known`` answers, everybody's ``best`` of the slate, or
            approvals by completed utilities (``approve``) or by own answers (``approve-known``).
        candidate: the pool number of the statement that they want.
        threshold: the level from which they value it.
        spent: for approvals: what it costs at most that they approve in the slate.
    """

    among: Literal["completed", "known", "best", "approve", "approve-known"]
    candidate: int
    threshold: int
    spent: int = 0


@dataclass(frozen=True, eq=False)
class Found:
    """The group in one shard, or in all.

    Args:
        mass: how many they are.
        gained: the sum, over those with a statement, of what they would gain, in levels.
        assigned: how many of them have a statement.
        rows: int64 their numbers; empty where they are not listed.
    """

    mass: int
    gained: int
    assigned: int
    rows: IntArray

    def __add__(self, other: Found) -> Found:
        rows = np.concatenate([self.rows, other.rows])
        return Found(self.mass + other.mass, self.gained + other.gained, self.assigned + other.assigned, rows)


def find(frame: Frame, plan: Plan, shards: Shards, number: int, asked: tuple[Asked, ...]) -> list[Found]:
    """The groups in one shard.

    Args:
        frame: of the run.
        plan: the slate.
        shards: the votes, with levels and places.
        number: of the shard.
        asked: the groups.
    """
    levels: Levels = np.load(shards.path(number, "levels.npy"), mmap_mode="r")
    place = np.load(shards.path(number, "place.npy"))
    wanted = np.unique([*plan.chosen.tolist(), *(one.candidate for one in asked)])
    known = dict(zip(wanted.tolist(), known_in(frame, shards, number, wanted), strict=True))
    n, first = shards.shard(number).n_agents, shards.bounds(number)[0]
    slate, slate_known = levels[plan.chosen].astype(np.int32), np.stack([known[a] for a in plan.chosen.tolist()])
    seated, rows = place >= 0, np.arange(n)
    at = np.where(seated, place, 0)
    own = np.where(seated, slate[at, rows], NOBODY)
    unsure = seated & ~slate_known[at, rows]
    costs = plan.costs[plan.chosen]
    found = []
    for one in asked:
        offer = levels[one.candidate].astype(np.int32)
        answered = known[one.candidate]
        wants = offer >= one.threshold
        if one.among in ("approve", "approve-known"):
            approved = slate >= frame.approval
            if one.among == "approve-known":
                wants, approved = wants & answered, approved | ~slate_known
            members = wants & (costs @ approved <= one.spent)
            found.append(_found(members, np.zeros(n, dtype=np.int64), np.zeros(n, dtype=bool), first, shards))
            continue
        has = own
        if one.among == "known":
            has, wants = np.where(unsure, SATISFIED, own), wants & answered
        elif one.among == "best":
            has = slate.max(axis=0) if len(slate) else np.full(n, NOBODY)
        found.append(_found(wants & (has < one.threshold), offer - has, has != NOBODY, first, shards))
    return found


def _found(members: np.ndarray, gain: np.ndarray, assigned: np.ndarray, first: int, shards: Shards) -> Found:
    rows = np.flatnonzero(members)
    with_one = rows[assigned[rows]]
    listed = rows + first if shards.n_agents <= LISTED else np.zeros(0, dtype=np.int64)
    return Found(len(rows), int(gain[with_one].sum()), len(with_one), listed)
