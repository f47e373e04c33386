"""What a page for the public may need, counted in people: the records under "public" in an audit.

Every figure is exact. Counts below five are in here, for staff; what is printed passes through
`folkmoot.slates.public.safe` first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..profile.records import OMITTED

#: What people did: they voted, chose, gave points, rated, ranked or compared; or nobody did, and texts were compared,
#: or a language model judged what people wrote.
Asked = Literal["votes", "choices", "points", "ratings", "rankings", "comparisons", "texts", "scores"]
#: Why there are no groups of opinion.
NoGroups = Literal["", "nobody voted", "few people", "unclear"]


@dataclass(frozen=True)
class Count:
    """What people said of one statement; comparisons are counted themselves, everything else in people.

    Args:
        agree: how many are for it.
        middle: how many are neither: they skipped it, or rated it in the middle.
        against: how many are against it.
        unseen: how many said nothing.
    """

    agree: int
    middle: int
    against: int
    unseen: int

    @property
    def voted(self) -> int:
        """How many said something."""
        return self.agree + self.middle + self.against


@dataclass(frozen=True)
class Statement:
    """A statement that the page may show.

    Args:
        id: the id of the statement.
        text: the text as it was written.
        language: the language of the text; empty: it is not known.
        all: what everybody said of it.
        groups: the same for each group of opinion, largest first.
    """

    id: str
    text: str
    language: str
    all: Count
    groups: tuple[Count, ...] = ()


@dataclass(frozen=True)
class Listed(Statement):
    """A statement of the list.

    Args:
        id: as in `Statement`, like the next four.
        text: the wording that people answered.
        language: the language of the text.
        all: what everybody said of it.
        groups: the same for each group.
        cost: what it costs in the unit of the budget.
        need: how many people (or how much weight) it needs; None where the budget is not known.
        people: how many people it stands for.
        own: what these people said of it; people also where ``all`` counts comparisons.
        expected: how many of those of them who said nothing are expected to be for it, a sum of chances.
        similar: the other statements that say nearly the same.
    """

    cost: int = 0
    need: int | None = None
    people: int = 0
    own: Count = field(default_factory=lambda: Count(0, 0, 0, 0))
    expected: float = 0.0
    similar: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Mark(Statement):
    """A statement that a group agrees with more often than all others together.

    Args:
        id: as in `Statement`, like the next four.
        text: the text.
        language: the language of the text.
        all: what everybody said of it.
        groups: the same for each group.
        z: the z of the difference of the two shares.
        subject: stems of its words that few other statements have: two statements that share one are about the same.
    """

    z: float = 0.0
    subject: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpinionGroup:
    """People who vote alike.

    Args:
        people: how many they are.
        marks: what they agree with more often than the others, the clearest first.
    """

    people: int
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class OpinionGroups:
    """The groups of opinion, largest first; empty with the reason why there are none.

    Args:
        why_not: why there are none; empty: there are some.
        groups: the groups.
        least: the fewest votes of somebody who is in a group.
        outside: how many people cast fewer.
        silhouette: how clearly the groups are apart, from -1 to 1; None where that was not measured.
        how: how they were found, in the words of the method.
    """

    why_not: NoGroups = ""
    groups: tuple[OpinionGroup, ...] = ()
    least: int = 0
    outside: int = 0
    silhouette: float | None = None
    how: str = ""


@dataclass(frozen=True)
class DeclaredColumn:
    """How well the list serves the groups of a column of the source, none of fewer than five people.

    Args:
        column: the name of the column.
        labels: the label of each group; empty for those who have too rare a label, or none.
        others: the group that also holds these people; -1: there are none.
        people: how many people each group has.
        mean: their mean agreement with the statement that stands for them, 0 to 1, to two places.
    """

    column: str
    labels: tuple[str, ...]
    others: int
    people: tuple[int, ...]
    mean: tuple[float, ...]


@dataclass(frozen=True)
class Other:
    """The list that the statements with the most support would have made in the same room.

    Args:
        agree: how many people would have been for the statement that stands for them.
        left_over: how many people no statement would have stood for.
        same: whether it is this very list.
    """

    agree: int
    left_over: int
    same: bool = False


@dataclass(frozen=True)
class ByWeight:
    """The first figure in weight, where people have different weights.

    Args:
        agree: the weight of those who are for the statement that stands for them.
        total: the weight of everybody.
    """

    agree: int
    total: int


@dataclass(frozen=True)
class Public:
    """What a page for the public may need (``slate.json``, "public" in the audit).

    Args:
        asked: what people did.
        topic: the topic, as the source states it.
        question: the question that people were asked, as the source states it.
        language: the language that most texts are in; empty: it is not known.
        currency: what costs are counted in, as the source states it; None: it does not, or nothing costs money.
        days: the first and the last day of what people said; None: the source does not say.
        credits: the attribution and the licence of the data, as the source states them.
        people: how many took part.
        said: how many votes, ratings or comparisons there are on the statements that were published.
        written: how many statements there are in all.
        published: how many of them were published: moderation rejected the others, or did not accept them.
        free: how many of the published ones could be chosen.
        left_out: how many of the published ones could not be chosen, by reason, each with one: with ``free`` they are
            all that were published; None: a slate of an older version does not say.
        typical: on how many of them the typical person (the median) said something.
        on_none: how many people said something on no statement of the list.
        unread: how many entries of the source could not be used.
        statements: the list, in the order of choice.
        left_over: how many people no statement stands for.
        groups: the groups of opinion.
        popular: the list of the statements with the most support; None: it was not made.
        by_weight: the first figure in weight; None: everybody counts the same.
        divided: the published statement that is not on the list with the most votes on both sides; None: the one with
            the most is on the list, or there is none.
        declared: how well the list serves groups of the source; empty where there are none, or nobody voted.
    """

    asked: Asked
    topic: str = ""
    question: str = ""
    language: str = ""
    currency: str | None = field(default=None, metadata=OMITTED)
    days: tuple[str, str] | None = field(default=None, metadata=OMITTED)
    credits: tuple[str, ...] = ()
    people: int = 0
    said: int = 0
    written: int = 0
    published: int = 0
    free: int = 0
    left_out: Mapping[str, int] | None = field(default=None, metadata=OMITTED)
    typical: int = 0
    on_none: int = 0
    unread: int = 0
    statements: tuple[Listed, ...] = ()
    left_over: int = 0
    groups: OpinionGroups = field(default_factory=OpinionGroups)
    popular: Other | None = field(default=None, metadata=OMITTED)
    by_weight: ByWeight | None = field(default=None, metadata=OMITTED)
    divided: Statement | None = field(default=None, metadata=OMITTED)
    declared: tuple[DeclaredColumn, ...] = ()
