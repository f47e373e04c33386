"""The figures recorded beside the certificate (``slate.json`` "audit", "plural"); `plural` computes them.

Each part either applies to a source, or is a `NotApplicable` that says why it does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..profile.records import OMITTED

#: A figure with its 95 % percentile interval: (value, low, high); None where it has no meaning.
Ends = tuple[float | None, float | None, float | None]


@dataclass(frozen=True)
class NotApplicable:
    """A part that does not apply, and why."""

    applies: Literal[False]
    why: str


@dataclass(frozen=True)
class Groups:
    """Opinion groups: how they were found, the people in each, and their shares of the mass."""

    applies: Literal[True]
    how: str
    people: tuple[int, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class PolicyFigures:
    """The figures of one policy of showing statements (`exposure.Figures`), with intervals.

    Args:
        own: the mean agreement of people with what they are shown.
        counter: the share of what is shown that the person rejects.
        cross: the share of what is shown that the person's own group mostly rejects.
        fragmentation: how different the statements shown to each group are, 0 to 1.
        worst: the mean agreement of the group that agrees least.
        chance: the fragmentation that would arise if groups were drawn at random.
    """

    own: Ends
    counter: Ends
    cross: Ends
    fragmentation: Ends
    worst: Ends
    chance: float | None


@dataclass(frozen=True)
class Comparison:
    """Policies compared over lists of one length, and the indices of the slate's own policy.

    Args:
        length: the number of statements that everybody is shown.
        policies: the figures of each policy, by name.
        sycophancy: the index from 0 (people agree as with the most popular statements) to 1 (as with their favourites).
        echo: the index from 0 (all groups see the same) to 1 (as far apart as with everybody's favourites).
        echo_beyond_chance: the echo index with what chance explains subtracted.
        missed: in how many resamples of people a group has nobody; they say nothing of that group. None: in none.
    """

    length: int
    policies: Mapping[str, PolicyFigures]
    sycophancy: Ends
    echo: Ends
    echo_beyond_chance: Ends
    missed: int | None = field(default=None, metadata=OMITTED)


@dataclass(frozen=True)
class Exposure:
    """Who would be shown what.

    Args:
        applies: always True.
        samples: the number of resamples of people behind the intervals.
        slate: the comparison in which everybody reads the whole slate.
        assigned: the comparison in which everybody reads the statement that represents them.
        not_shown: the mass of those whom no statement represents.
    """

    applies: Literal[True]
    samples: int
    slate: Comparison
    assigned: Comparison
    not_shown: int


@dataclass(frozen=True)
class SpeechFigures:
    """Whether a group may speak for its people (`swap.Speech`)."""

    accuracy: Ends
    none: Ends
    gain: Ends
    loss_gain: Ends
    people: int
    may_speak: bool


@dataclass(frozen=True)
class SpeechOfGroups:
    """The speech figures of everybody and of each group, and the number of answers behind them."""

    applies: Literal[True]
    answers: int
    all: SpeechFigures
    groups: tuple[SpeechFigures, ...]


@dataclass(frozen=True)
class ShareFigures:
    """The slate's shares of the groups, and how far they are from the people's (`majority_erasure.Erasure`)."""

    shares: tuple[float | None, ...]
    divergence: float | None
    ceiling: float | None
    relative: float | None
    variation: float | None
    smallest: float | None


@dataclass(frozen=True)
class Calibration:
    """Is the slate divided as the people are?

    Args:
        applies: always True.
        statements: for each statement of the slate, the share of each group among those who approve it.
        approved_by_nobody: the number of statements that belong to no group because nobody approves them.
        by: the figures by what a statement is weighted with: ``cost``, ``seats``, ``represented``.
    """

    applies: Literal[True]
    statements: tuple[tuple[float | None, ...], ...]
    approved_by_nobody: int
    by: Mapping[str, ShareFigures]


@dataclass(frozen=True)
class VoteDiversity:
    """How different the statements are by the votes (`diversity.Effective`); ``classes`` are numbered."""

    applies: Literal[True]
    alike: float
    valid_from: float
    classes: tuple[int, ...]
    div_pair: float | None
    div_fixed: float | None
    valid: float | None


@dataclass(frozen=True)
class TextDiversity:
    """How different the statements are as texts: the slate's beside the median of random sets, by figure.

    Args:
        applies: always True.
        length: the number of words that all texts were cut to.
        cut: the number of words that were cut off.
        short: the number of statements left out as too short.
        pool: the number of statements that random sets were drawn from.
        sets: the number of random sets that were drawn.
        slate: the figures of the slate by name.
        random: the medians of the random sets by name.
    """

    applies: Literal[True]
    length: int
    cut: int
    short: int
    pool: int
    sets: int
    slate: Mapping[str, float | None]
    random: Mapping[str, float | None]


@dataclass(frozen=True)
class MeaningDiversity:
    """How different the statements are in meaning: mean distance of pairs, and the Vendi score."""

    applies: Literal[True]
    semantic: float | None
    vendi: float | None


@dataclass(frozen=True)
class Served:
    """How well groups are served by the statements that stand for them.

    Args:
        applies: always True.
        mean: for each group the mean agreement, 0 to 1, with the statement that stands for its people; 0 for somebody
            for whom none does.
        best: the same with everybody's favourite statement of the list.
        worst: the smallest of ``mean``: the worst group's utility.
        at: the place of that group, from 0.
    """

    applies: Literal[True]
    mean: tuple[float | None, ...]
    best: tuple[float | None, ...]
    worst: float | None
    at: int | None


@dataclass(frozen=True)
class DeclaredFigures:
    """The same figures for the groups of a column of the source (`declared.DeclaredGroups`).

    Args:
        labels: the label of each part; empty for those who have too rare a label, or none.
        others: the part that also holds these people; -1: there are none.
        people: the people in each part.
        shares: their shares of the mass.
        served: how well they are served.
        exposure: who would be shown what.
        speech: whether a group may speak for its people.
        calibration: whether the slate is divided as the people are.
    """

    labels: tuple[str, ...]
    others: int
    people: tuple[int, ...]
    shares: tuple[float, ...]
    served: Served
    exposure: Exposure
    speech: SpeechOfGroups | NotApplicable
    calibration: Calibration | NotApplicable


@dataclass(frozen=True)
class Plural:
    """Who would see what, how minorities fare, and how different the statements are.

    ``served`` and ``declared`` are None and empty in records from before there were such figures.
    """

    groups: Groups | NotApplicable
    exposure: Exposure | NotApplicable
    speech: SpeechOfGroups | NotApplicable
    calibration: Calibration | NotApplicable
    votes: VoteDiversity | NotApplicable
    texts: TextDiversity | NotApplicable
    meanings: MeaningDiversity | NotApplicable
    served: Served | NotApplicable | None = field(default=None, metadata=OMITTED)
    declared: Mapping[str, DeclaredFigures] = field(default_factory=dict)
