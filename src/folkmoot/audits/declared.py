"""Groups that the source declares of people (a column such as region or age), in parts that may be spoken of.

No part has fewer than five people, and none is left over by the others: labels of too few people, and people without a
label, are one part together, or join the smallest other part where they are too few even so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..profile import FloatArray, IntArray, Profile

#: The fewest people that a figure may speak of.
LEAST = 5
#: The most parts of a column; of more labels the largest have their own.
MOST = 12


@dataclass(frozen=True, eq=False)
class DeclaredGroups:
    """A column of the source as a partition of all people.

    Args:
        column: the name of the column.
        labels: the label of each part, the largest first; empty for those who have too rare a label, or none.
        others: the part that also holds these people; -1: there are none.
        part: int64 [n] everybody's part.
    """

    column: str
    labels: tuple[str, ...]
    others: int
    part: IntArray

    @property
    def member(self) -> FloatArray:
        """float64 [n, parts]: memberships."""
        return np.eye(len(self.labels))[self.part]

    @property
    def people(self) -> tuple[int, ...]:
        """How many people each part has."""
        return tuple(np.bincount(self.part, minlength=len(self.labels)).tolist())


def declared_groups(profile: Profile) -> tuple[DeclaredGroups, ...]:
    """Every column of groups that divides people into two parts or more, each of at least five people.

    Args:
        profile: the people with the groups of the source.
    """
    found = (partition(name, labels) for name, labels in profile.agents.groups.items())
    return tuple(one for one in found if one is not None)


def partition(column: str, labels: Sequence[str]) -> DeclaredGroups | None:
    """The parts of one column; None where there are fewer than two.

    >>> one = partition("region", ["north"] * 7 + ["south"] * 6 + ["east"] * 2)
    >>> one.labels, one.people, one.others
    (('south', 'north'), (8, 7), 0)

    Args:
        column: the name of the column.
        labels: everybody's label; empty where there is none.
    """
    counts = Counter(labels)
    own = sorted((label for label, n in counts.items() if label and n >= LEAST), key=lambda one: (-counts[one], one))
    rest = len(labels) - sum(counts[label] for label in own)
    own = own[: MOST - 1] if len(own) > MOST or (rest and len(own) == MOST) else own
    rest = len(labels) - sum(counts[label] for label in own)
    if not own:
        return None
    place = {label: at for at, label in enumerate(own)}
    if rest >= LEAST:
        own.append("")
    others = len(own) - 1 if rest else -1
    part = np.array([place.get(label, others) for label in labels], dtype=np.int64)
    if len(own) < 2:
        return None
    size = np.bincount(part, minlength=len(own))
    order = np.argsort(-size, kind="stable")
    back = np.argsort(order, kind="stable")
    return DeclaredGroups(
        column, tuple(own[at] for at in order), int(back[others]) if others >= 0 else -1, back[part].astype(np.int64)
    )


def publishable(columns: Sequence[DeclaredGroups]) -> tuple[DeclaredGroups, ...]:
    """The columns that can be published together: no part less parts of another column leaves one to four people.

    Args:
        columns: the columns; an earlier one is kept where two do not go together.
    """
    kept: list[DeclaredGroups] = []
    for column in columns:
        if not any(_tells(column, other) or _tells(other, column) for other in kept):
            kept.append(column)
    return tuple(kept)


def _tells(one: DeclaredGroups, other: DeclaredGroups) -> bool:
    """Whether a part of one column less the parts of the other that lie inside it is too few people."""
    crossed = np.zeros((len(one.labels), len(other.labels)), dtype=np.int64)
    np.add.at(crossed, (one.part, other.part), 1)
    inside = np.where(crossed == crossed.sum(axis=0), crossed, 0).sum(axis=1)
    left = crossed.sum(axis=1) - inside
    return bool(((left > 0) & (left < LEAST) & (inside > 0)).any())
