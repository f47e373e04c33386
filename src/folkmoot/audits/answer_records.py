"""What is recorded of answers that were weighed (``slate.json`` "audit", "answers"); `slates.weighing` makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .records import Point

#: Ends of an interval; None where it has no meaning.
Interval = tuple[float | None, float | None]


@dataclass(frozen=True)
class Counted:
    """Something that reading noticed: its kind, what it is, how often, and where."""

    kind: str
    what: str
    count: int
    where: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskedAgain:
    """People, and pairs of a person and a statement, with more than one answer that takes a side."""

    people: int
    pairs: int


@dataclass(frozen=True)
class KindShare:
    """Share of a kind of answers among all, with its standard error and 95 % interval."""

    share: float | None
    error: float | None
    interval: Interval


@dataclass(frozen=True)
class HeldOutKinds:
    """Log-likelihood of an answer of people left out of the fit, by the kinds and by continuous attitudes."""

    kinds: float | None
    attitude: float | None
    preferred: str


@dataclass(frozen=True)
class StatementOpinions:
    """How much of the answers to a statement is opinion.

    Args:
        id: of the statement.
        people: who were asked about it.
        genuine: share of their answers that are opinions.
        support: share of those opinions that agree.
        guess: rate of agreeing of whoever answers without an opinion.
        effective: people's worth of opinions.
        label: ``opinion not formed``, or empty.
        thin: asked of too few to say much.
        asked_again: pairs with more than one answer.
        text: of the statement.
        genuine_interval: of ``genuine``.
        support_interval: of ``support``.
    """

    id: str
    people: int
    genuine: float
    support: float
    guess: float
    effective: float
    label: str
    thin: bool
    asked_again: int
    text: str
    genuine_interval: Interval
    support_interval: Interval


@dataclass(frozen=True)
class GroupOpinions:
    """The same of one label of a grouping; ``shares`` by kind are empty where they cannot be told."""

    label: str
    people: int
    asked_again: int
    coverage: float | None
    shares: Mapping[str, float | None]


@dataclass(frozen=True)
class Grouping:
    """How many labels a grouping has, and the figures of each, where they are not too many."""

    labels: int
    each: tuple[GroupOpinions, ...]


@dataclass(frozen=True)
class HeldAgainst:
    """A slate on one kind of utilities: statements that some coalition is owed, the frontier, and mean utility."""

    violations: tuple[str, ...]
    d: float
    frontier: tuple[Point, ...]
    utility: float | None


@dataclass(frozen=True)
class EffectRecord:
    """What the weights did to the slate.

    Args:
        plain: statements of the slate chosen without weights.
        weighted: of the one chosen with them.
        entered: those that are in the slate only with weights.
        left: those that are in it only without.
        moved: mass of the people whom another statement represents, or none, or only now.
        mass: of everybody.
        certificates: of both slates, each on plain and on weighted utilities (`weighted.Effect`).
    """

    plain: tuple[str, ...]
    weighted: tuple[str, ...]
    entered: tuple[str, ...]
    left: tuple[str, ...]
    moved: int
    mass: int
    certificates: Mapping[str, HeldAgainst]


@dataclass(frozen=True)
class AnswerFigures:
    """Everything there is to say about the weights.

    Args:
        fingerprint: of the repeated answers.
        presentations: answers in their table.
        pairs: of a person and a statement in the fit.
        asked_again: of them those with more than one answer.
        unmatched: pairs without an answer in the source.
        sideless: presentations without a side.
        notes: what reading the table noticed.
        shares: of the kinds of answers.
        samples: resamples of people behind errors and intervals.
        held_out: how the kinds fit beside continuous attitudes.
        statements: those that were asked again.
        not_formed: ids of those that no opinion is formed of.
        coverage: mean weight of people's answers.
        groups: by grouping of the source.
        effect: on the slate; None: there is none without weights to compare with.
    """

    fingerprint: str
    presentations: int
    pairs: int
    asked_again: AskedAgain
    unmatched: int
    sideless: int
    notes: tuple[Counted, ...]
    shares: Mapping[str, KindShare]
    samples: int
    held_out: HeldOutKinds
    statements: tuple[StatementOpinions, ...]
    not_formed: tuple[str, ...]
    coverage: float | None
    groups: Mapping[str, Grouping]
    effect: EffectRecord | None = None


@dataclass(frozen=True)
class KindsOfAnswers:
    """The fitted mixture, as it stands beside an engine's description.

    Args:
        model: ``answer-kinds``.
        kinds: names of the kinds.
        shares_by: ``statement`` or ``common``.
        slip: probability that an opinion is answered the wrong way.
        cue_slip: that a wording is.
        bic: of the fit.
    """

    model: str
    kinds: tuple[str, ...]
    shares_by: str
    slip: float | None
    cue_slip: float | None
    bic: float


@dataclass(frozen=True)
class PlainStatement:
    """A statement of the slate chosen without weights, and whom it represents."""

    id: str
    agents: tuple[str, ...]


@dataclass(frozen=True)
class WeightsRecord:
    """What a slate records of a choice with weights (``slate.json`` "process", "weights").

    Args:
        repeats: name of the table of repeated answers.
        not_formed: ids of statements that could not be chosen for want of an opinion.
        plain: the slate that was chosen without weights.
    """

    repeats: str
    not_formed: tuple[str, ...]
    plain: tuple[PlainStatement, ...]
