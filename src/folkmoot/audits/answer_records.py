"""What is recorded about weighted answers (``slate.json`` "audit", "answers"); `slates.weighing` makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .records import Point

#: Ends of an interval; None where it has no meaning.
Interval = tuple[float | None, float | None]


@dataclass(frozen=True)
class Counted:
    """Something noticed while reading: its kind, what it is, how often it occurs, and where."""

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
        id: the statement's id.
        people: number of people who were asked about it.
        genuine: the share of their answers that are opinions.
        support: the share of those opinions that agree.
        guess: the rate at which people without an opinion agree.
        effective: the effective number of people whose answers are opinions.
        label: ``opinion not formed``, or empty.
        thin: whether too few people were asked to say much.
        asked_again: number of pairs of a person and the statement with more than one answer.
        text: the statement's text.
        genuine_interval: the 95 % interval of ``genuine``.
        support_interval: the 95 % interval of ``support``.
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
    """The same figures for one label of a grouping; ``shares`` by kind are empty where they cannot be estimated."""

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
    """A slate audited on one kind of utilities: statements that some coalition is owed, the frontier, mean utility."""

    violations: tuple[str, ...]
    d: float
    frontier: tuple[Point, ...]
    utility: float | None


@dataclass(frozen=True)
class EffectRecord:
    """What the weights did to the slate.

    Args:
        plain: the statements of the slate chosen without weights.
        weighted: the statements of the slate chosen with weights.
        entered: the statements that are in the slate only with weights.
        left: the statements that are in the slate only without weights.
        moved: the mass of the people whose representing statement differs (another one, none any more, or one only
            now).
        mass: the mass of everybody.
        certificates: the certificates of both slates, each on plain and on weighted utilities (`weighted.Effect`).
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
        fingerprint: the fingerprint of the repeated answers.
        presentations: the number of answers in the table of repeated answers.
        pairs: the number of pairs of a person and a statement in the fit.
        asked_again: how many people and pairs have more than one answer.
        unmatched: the number of pairs without an answer in the source.
        sideless: the number of presentations whose answer takes no side.
        notes: what was noticed while reading the table.
        shares: the share of each kind of answer.
        samples: the number of resamples of people behind errors and intervals.
        held_out: how well the kinds predict left-out people, beside continuous attitudes.
        statements: the figures of the statements that were asked again.
        not_formed: the ids of statements on which no opinion has formed.
        coverage: the mean weight of people's answers.
        groups: the same figures by grouping of the source.
        effect: what the weights changed; None where there is no slate without weights to compare with.
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
        model: always ``answer-kinds``.
        kinds: the names of the kinds.
        shares_by: ``statement`` or ``common``: whether each statement has shares of its own.
        slip: the probability that an opinion is answered the wrong way.
        cue_slip: the probability that somebody who follows the wording answers the wrong way.
        bic: the Bayesian information criterion of the fit.
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
        repeats: the name of the table of repeated answers.
        not_formed: the ids of statements that could not be chosen because no opinion on them has formed.
        plain: the slate that was chosen without weights.
    """

    repeats: str
    not_formed: tuple[str, ...]
    plain: tuple[PlainStatement, ...]
