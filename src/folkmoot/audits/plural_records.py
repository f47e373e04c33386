"""What is recorded beside the certificate (``slate.json`` "audit", "plural"); `plural` makes it.

Each part either applies to a source, or is a `NotApplicable` that says why it does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

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
    """What one policy of showing statements comes to (`exposure.Figures`), with intervals.

    Args:
        own: mean agreement of people with what they are shown.
        counter: share of it that the person rejects.
        cross: share of it that the person's own group mostly rejects.
        fragmentation: how different what groups are shown is, 0 to 1.
        worst: mean agreement of the group that agrees least.
        chance: fragmentation if groups were drawn by lot.
    """

    own: Ends
    counter: Ends
    cross: Ends
    fragmentation: Ends
    worst: Ends
    chance: float | None


@dataclass(frozen=True)
class Comparison:
    """Policies beside each other over lists of one length, and the indices of the slate's own.

    Args:
        length: statements that everybody is shown.
        policies: by name.
        sycophancy: 0, agreement as with the most popular statements, to 1, as with one's favourites.
        echo: 0, all groups see the same, to 1, as apart as with everybody's favourites.
        echo_beyond_chance: the same with what chance explains taken off.
    """

    length: int
    policies: Mapping[str, PolicyFigures]
    sycophancy: Ends
    echo: Ends
    echo_beyond_chance: Ends


@dataclass(frozen=True)
class Exposure:
    """Who would be shown what.

    Args:
        applies: yes.
        samples: resamples of people behind the intervals.
        slate: everybody reads the whole slate.
        assigned: everybody reads the statement that represents them.
        not_shown: mass of those who have none.
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
    """The same of everybody and of each group, from how many answers."""

    applies: Literal[True]
    answers: int
    all: SpeechFigures
    groups: tuple[SpeechFigures, ...]


@dataclass(frozen=True)
class ShareFigures:
    """The slate's shares of the groups, and how far they are from the people's (`calibration.Erasure`)."""

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
        applies: yes.
        statements: of each statement of the slate, the groups of those who approve it.
        approved_by_nobody: statements that belong to no group.
        by: by what a statement counts for: ``cost``, ``seats``, ``represented``.
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
        applies: yes.
        length: words that all texts were cut to.
        cut: words that were cut off.
        short: statements left out as too short.
        pool: statements that random sets were drawn from.
        sets: how many were drawn.
        slate: figures of the slate by name.
        random: medians of the random sets by name.
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
class Plural:
    """Who would see what, what became of minorities, and how different the statements are."""

    groups: Groups | NotApplicable
    exposure: Exposure | NotApplicable
    speech: SpeechOfGroups | NotApplicable
    calibration: Calibration | NotApplicable
    votes: VoteDiversity | NotApplicable
    texts: TextDiversity | NotApplicable
    meanings: MeaningDiversity | NotApplicable
