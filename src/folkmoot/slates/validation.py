"""How well a slate represents people who had no part in it, from their ratings of its statements.

Fish et al. 2024 (Generative Social Choice), section 5.4: everybody is assigned to one statement so that every statement
has its share of the people and the sum of the ratings is as large as possible (Monroe 1995). What counts is how people
rate the statement that they are assigned to, and how many would rather have another one. Figures only, no verdict; and
no interval, as the assignment makes the most of these very ratings, so that the share is no sample's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..processes.assignment import balanced_assignment, capacities
from ..profile import FloatArray, InputError, IntArray, Profile, Slate
from .survey import LEVELS, code

FEW = 5
"""With fewer people per statement the figures of a statement are those of a handful of people."""


@dataclass(frozen=True)
class Represented:
    """Some people, and how they rate the statements that they are assigned to.

    Args:
        people: how many they are.
        ratings: how many rated their statement so, by rating, the highest first.
        well: how many rated it with one of the two highest ratings of the scale.
        prefer_another: how many rated another statement of the slate higher.
    """

    people: int
    ratings: Mapping[str, int]
    well: int
    prefer_another: int


@dataclass(frozen=True)
class Stand:
    """One statement and the people who are assigned to it.

    Args:
        id: of the statement.
        text: of the statement.
        mean: its mean rating by everybody.
        represented: the people who are assigned to it.
        wanted_by: how many people of other statements rate it higher than theirs.
    """

    id: str
    text: str
    mean: float
    represented: Represented
    wanted_by: int


@dataclass(frozen=True)
class Validation:
    """How well a slate represents fresh people.

    Args:
        levels: the ratings of the scale with their names, the highest first.
        everybody: all who rated every statement.
        partly: people who rated only some of the statements, so that they could not be assigned.
        known: how many of the people are also among those whom the slate was made from, by their ids.
        total: the sum of the ratings of the assigned statements.
        favourites: the sum of everybody's highest ratings: no assignment has more.
        statements: the statements of the slate, in its order.
        groups: the same for the people of every group, by grouping and label.
        rated: how the people of every statement rated each statement: ``rated[g][s]`` counts by rating, as in Figure 5
            of the paper; distinct groups have their best ratings on the diagonal.
    """

    levels: tuple[tuple[str, str], ...]
    everybody: Represented
    partly: int
    known: int
    total: float
    favourites: float
    statements: tuple[Stand, ...]
    groups: Mapping[str, Mapping[str, Represented]]
    rated: tuple[tuple[Mapping[str, int], ...], ...] = ()

    @property
    def few(self) -> bool:
        """Whether there are fewer than `FEW` people per statement."""
        return self.everybody.people < FEW * len(self.statements)


def validated(profile: Profile, slate: Slate) -> Validation:
    """Says how well a slate represents people, from their ratings of its statements.

    Statements are found by their ids, by the names of the questions (s1, s2, ...), or by their texts, which may stand
    inside a longer question.

    Args:
        profile: the people with their ratings.
        slate: the slate that they rated.

    Raises:
        InputError: a statement that nobody was asked about, answers that are no ratings, nobody who rated all of them.
    """
    scale = profile.answers.scale
    if scale.kind not in ("rating", "vote"):
        raise InputError(f"the answers are of the kind {scale.kind}; people have to rate the statements one by one")
    columns = _columns(profile, slate)
    values = scale.utility(profile.dense(columns))
    rated = ~np.isnan(values)
    whole = rated.all(axis=1)
    if not whole.any():
        raise InputError(
            f"nobody rated all {len(columns)} statements of the slate, so nobody can be assigned to one; fresh people "
            "have to be asked about each"
        )
    rows, values = np.flatnonzero(whole), values[whole]
    assigned = _assigned(slate, values)
    own, best = values[np.arange(len(rows)), assigned], values.max(axis=1)
    ends = _levels(values, scale.low, scale.high, scale.kind)
    agents = {agent for statement in slate.statements for agent in statement.agents}

    def represented(which: IntArray) -> Represented:
        mine = own[which]
        counts = {name: int((mine == value).sum()) for value, name in ends}
        well = int(np.isin(mine, [value for value, _ in ends[:2]]).sum())
        return Represented(len(which), counts, well, int((best[which] > mine).sum()))

    stands = []
    for place, statement in enumerate(slate.statements):
        column = values[:, place]
        wanted = int(((column > own) & (assigned != place)).sum())
        here = represented(np.flatnonzero(assigned == place))
        stands.append(Stand(statement.id or code(place), statement.text, float(column.mean()), here, wanted))
    groups = {
        name: {
            label: represented(np.array([k for k, row in enumerate(rows) if labels[row] == label], dtype=np.int64))
            for label in dict.fromkeys(labels[row] for row in rows)
        }
        for name, labels in profile.agents.groups.items()
    }
    return Validation(
        tuple((f"{value:g}", name) for value, name in ends),
        represented(np.arange(len(rows))),
        int((rated.any(axis=1) & ~whole).sum()),
        sum(profile.agents.ids[row] in agents for row in rows),
        float(own.sum()),
        float(best.sum()),
        tuple(stands),
        groups,
        tuple(
            tuple(
                {name: int((values[assigned == group, place] == value).sum()) for value, name in ends}
                for place in range(len(slate.statements))
            )
            for group in range(len(slate.statements))
        ),
    )


def _columns(profile: Profile, slate: Slate) -> IntArray:
    """The column of every statement of the slate in the answers."""
    texts = [_key(text) for text in profile.statements.texts]
    columns: list[int] = []
    for place, statement in enumerate(slate.statements):
        key = _key(statement.text)
        named = [
            profile.statement_index[name] for name in (statement.id, code(place)) if name in profile.statement_index
        ]
        found = named or [at for at, text in enumerate(texts) if key and (text == key or key in text)]
        if not found:
            raise InputError(
                f"statement {place + 1} ({statement.id or statement.text[:40]!r}) is not among what people were asked; "
                f"name its column by its id, by {code(place)!r}, or by its text"
            )
        columns.append(found[0])
    if len(set(columns)) < len(columns):
        raise InputError("two statements of the slate have the same answers; name the columns by the statements' ids")
    return np.array(columns, dtype=np.int64)


def _assigned(slate: Slate, values: FloatArray) -> IntArray:
    """The place of everybody's statement: shares by what statements cost, equal shares where they cost the same."""
    costs = [1 if slate.unit == "statements" or one.cost is None else one.cost for one in slate.statements]
    weights = np.array(costs, dtype=np.int64)
    lower, upper = capacities(weights, len(values), int(weights.sum()))
    return balanced_assignment(values, lower, upper)


def _levels(values: FloatArray, low: float, high: float, kind: str) -> list[tuple[float, str]]:
    """The levels of the scale, the highest first; the pilot's names on a scale of 0 to 4."""
    if kind == "rating" and low >= 0 and high <= len(LEVELS) - 1 and bool((values == np.rint(values)).all()):
        return [(float(value), f"{LEVELS[value]} ({value})") for value in reversed(range(len(LEVELS)))]
    found: Sequence[float] = sorted({*values.ravel().tolist(), low, high}, reverse=True)
    return [(value, f"{value:g}") for value in found]


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()
