"""Who is for a statement, against it, or neither: people's own answers in three kinds, whatever they are on."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ...audits.public_records import Asked, Count
from ...profile import FloatArray, IntArray, Profile

AGAINST, MIDDLE, FOR, NOTHING = 0, 1, 2, -1
_BY_KIND: dict[str, Asked] = {
    "vote": "votes",
    "approval": "choices",
    "points": "points",
    "rating": "ratings",
    "ranking": "rankings",
    "comparison": "comparisons",
}


def asked_of(profile: Profile, judged: bool) -> Asked:
    """What people did.

    Args:
        profile: the people with the statements that a slate is chosen from.
        judged: whether the answers are a language model's scores.
    """
    if judged:
        return "scores"
    if len(profile.answers):
        return _BY_KIND[profile.answers.scale.kind]
    return "comparisons" if len(profile.comparisons) else "texts"


class Said:
    """What everybody said, as triples of a person, a statement and a kind.

    Args:
        profile: the people with the statements.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        a, c = profile.answers, profile.comparisons
        self.compared = not len(a) and len(c) > 0
        if self.compared:
            self.agent = np.concatenate([c.agent, c.agent])
            self.statement = np.concatenate([c.winner, c.loser])
            self.kind = np.repeat(np.array([FOR, AGAINST], dtype=np.int8), len(c))
        else:
            self.agent, self.statement = a.agent, a.statement
            self.kind = self._kinds(a.scale.utility(a.value))

    def _kinds(self, utilities: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
        scale = self.profile.answers.scale
        if scale.kind == "points":  # any at all is support
            return np.where(utilities >= scale.approval, FOR, AGAINST).astype(np.int8)
        return (1 + np.sign(utilities - scale.midpoint)).astype(np.int8)

    @property
    def complete(self) -> bool:
        """Whether a ballot that leaves a statement out is against it."""
        return self.profile.answers.scale.complete and not self.compared

    def counts(self, label: IntArray | None = None, groups: int = 1) -> IntArray:
        """int64 [groups, n_statements, 3]: how many are against, neither, for; comparisons where people compared.

        Args:
            label: int64 [n_agents] everybody's group, -1: none; None: everybody is in one.
            groups: how many groups there are.
        """
        m, people = self.profile.n_statements, self.profile.n_agents
        group = np.zeros(people, dtype=np.int64) if label is None else label
        inside = group[self.agent] >= 0
        cell = (group[self.agent] * m + self.statement) * 3 + self.kind
        found = np.bincount(cell[inside], minlength=groups * m * 3).reshape(groups, m, 3)
        if self.complete:
            size = np.bincount(group[group >= 0], minlength=groups)
            found[:, :, AGAINST] = size[:, None] - found[:, :, MIDDLE] - found[:, :, FOR]
        return found

    def opinions(self, columns: IntArray) -> IntArray:
        """int64 [n_agents, k]: everybody's kind of answer to each of some statements, `NOTHING` where there is none.

        Who compared a statement is for it if it was preferred more often than not.

        Args:
            columns: int64 [k] different columns of the profile.
        """
        n, k = self.profile.n_agents, len(columns)
        place = np.full(self.profile.n_statements, -1, dtype=np.int64)
        place[columns] = np.arange(k)
        inside = place[self.statement] >= 0
        rows, at = self.agent[inside], place[self.statement[inside]]
        if not self.compared:
            found = np.full((n, k), AGAINST if self.complete else NOTHING, dtype=np.int64)
            found[rows, at] = self.kind[inside]
            return found
        cell = rows * k + at
        times = np.bincount(cell, minlength=n * k)
        more = np.bincount(cell, self.kind[inside] - 1.0, n * k)
        return np.where(times > 0, 1 + np.sign(more), NOTHING).astype(np.int64).reshape(n, k)

    @cached_property
    def pairs(self) -> IntArray:
        """int64, ascending: agent times the number of statements plus statement of whoever said something, once."""
        found = np.sort(self.agent * max(1, self.profile.n_statements) + self.statement)
        # Sorting numbers is ten times quicker than what `np.unique` does first.
        return found[np.append(True, found[1:] != found[:-1])] if len(found) else found

    @cached_property
    def each(self) -> IntArray:
        """int64 [n_agents]: on how many statements each said something."""
        if self.complete:
            return np.full(self.profile.n_agents, self.profile.n_statements)
        return np.bincount(self.pairs // max(1, self.profile.n_statements), minlength=self.profile.n_agents)


def count_of(cells: IntArray, people: int | None) -> Count:
    """Counts of one statement.

    Args:
        cells: int64 [3] against, neither, for.
        people: how many could have said something; None: comparisons are counted, and nothing is unseen.
    """
    against, middle, agree = (int(number) for number in cells)
    return Count(agree, middle, against, 0 if people is None else people - against - middle - agree)
