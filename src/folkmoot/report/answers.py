"""How much of the answers is opinion, and what counting them for that much changed: words and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..audits import Audit
from ..audits.answer_records import (
    AnswerFigures,
    EffectRecord,
    Grouping,
    GroupOpinions,
    HeldAgainst,
    HeldOutKinds,
    StatementOpinions,
)
from ..profile import Slate
from ..profile.records import to_json
from ..slates.recorded import recorded
from .words import count, figure, of, percent, plain, shorten, some

LABEL = "opinion not formed"
FOLLOWS = {
    "genuine": "an opinion held before the question came: the same again, but for slips",
    "constructed": "the side the wording leans to: turns with the wording",
    "non-attitude": "nothing: drawn anew each time",
    "artefact": "the side that was offered first: turns with the order",
}
#: The slack, as a share of the utility range, at which certificates are compared: at 0 weights make every hair count.
SLACK = 0.25
Row = tuple[str, ...]


@dataclass(frozen=True)
class AnswersSection:
    """The report's section on weighted answers, ready to print.

    Args:
        asked_again: a sentence on how many people answered something more than once.
        unformed: pairs (number or id, text) of statements labelled `LABEL`.
        changed: what the weights did to the slate, in sentences.
        entered: pairs (number, text) of statements that are in the slate only with weights.
        left: the texts of those that are in it only without weights.
        certificates: rows of (slate, utilities, violations, d(0), d at the slack, mean utility).
        slack: the slack of the certificates, as it is printed.
        frontiers: rows of (b, d(b) of each slate on each kind of utilities).
        kinds: rows of (kind, what it follows, share, standard error, interval).
        statements: rows of (id, text, people asked again, share of opinions, interval, support, interval, effective
            people, label).
        groups: pairs (grouping, rows of (label, people, asked again, coverage, share of opinions)).
        crowded: the groupings with too many labels to be shown.
        fit: how well the kinds fit beside continuous attitudes, in words.
        counted: what was counted, name and value.
    """

    asked_again: str
    unformed: tuple[tuple[str, str], ...]
    changed: tuple[str, ...]
    entered: tuple[tuple[str, str], ...]
    left: tuple[str, ...]
    certificates: tuple[Row, ...]
    slack: str
    frontiers: tuple[Row, ...]
    kinds: tuple[Row, ...]
    statements: tuple[Row, ...]
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    crowded: tuple[str, ...]
    fit: str
    counted: tuple[tuple[str, str], ...]


def answers_section(slate: Slate) -> AnswersSection | None:
    """Makes the section on weighted answers; None for a slate without weights."""
    figures = _figures(recorded(slate).audit)
    if figures is None:
        return None
    texts = {entry.id: entry.text for entry in figures.statements}
    texts |= {s.id: s.text for s in slate.statements}
    effect = figures.effect
    places = {s.id: str(place) for place, s in enumerate(slate.statements, start=1)}
    return AnswersSection(
        asked_again=_asked_again(figures),
        unformed=tuple((name, texts.get(name, "")) for name in figures.not_formed),
        changed=tuple(_changed(slate, effect)),
        entered=tuple((places.get(name, ""), texts.get(name, name)) for name in (effect.entered if effect else ())),
        left=tuple(texts.get(name, name) for name in (effect.left if effect else ())),
        certificates=tuple(_certificates(effect)),
        slack=figure(_slack(effect)),
        frontiers=tuple(_frontiers(effect)),
        kinds=tuple(
            (name, FOLLOWS.get(name, ""), _percent(one.share), _points(one.error), _interval(one.interval))
            for name, one in figures.shares.items()
        ),
        statements=tuple(_statement(entry) for entry in figures.statements),
        groups=tuple((name, _groups(one.each)) for name, one in figures.groups.items() if one.each),
        crowded=tuple(
            f"{name} has {count(one.labels)} labels, too many to be shown."
            for name, one in figures.groups.items()
            if not one.each
        ),
        fit=_fit(figures.held_out),
        counted=tuple(_counted(figures)),
    )


def weights_in_brief(slate: Slate, *, certificate: bool = True) -> list[str]:
    """A few sentences for a terminal or the top of a page; empty without weights.

    Args:
        slate: the slate with its audit.
        certificate: also say what the weights did to the certificate.
    """
    figures = _figures(recorded(slate).audit)
    if figures is None:
        return []
    genuine = figures.shares["genuine"]
    words = [
        f"Of {count(figures.pairs)} answers, {count(figures.asked_again.pairs)} of them asked for again, "
        f"{_percent(genuine.share)} ({_interval(genuine.interval)}) are opinions; people's answers count for "
        f"{percent(figures.coverage or 0)} on average{_by_group(figures.groups)}.",
        *_changed(slate, figures.effect)[: 2 if certificate else 1],
    ]
    if figures.not_formed:
        names = ", ".join(shorten(plain(name), 40) for name in figures.not_formed[:10])
        more = len(figures.not_formed) - 10
        words.append(f"Labelled “{LABEL}”: {names}{f' and {count(more)} more' if more > 0 else ''}.")
    if figures.held_out.preferred != "kinds":
        words.append(_fit(figures.held_out))
    return words


def parameters(slate: Slate) -> dict[str, Any]:
    """The record of a slate's process as printed: without the assignment of the slate chosen without weights."""
    weights = recorded(slate).weights
    if weights is None:
        return dict(slate.process)
    shown = {**to_json(weights), "plain": [entry.id for entry in weights.plain]}
    return {**slate.process, "weights": shown}


def _figures(audit: Audit | None) -> AnswerFigures | None:
    return None if audit is None else audit.answers


def _asked_again(figures: AnswerFigures) -> str:
    again = figures.asked_again
    return (
        f"{some(again.people, 'person was', 'people were')} asked some things more than once, in other wordings and "
        f"orders: {of(again.pairs, figures.pairs)} pairs of a person and a statement have several answers that "
        "take a side."
    )


def _changed(slate: Slate, effect: EffectRecord | None) -> list[str]:
    if effect is None:
        return []
    entered, left = effect.entered, effect.left
    whom = "people are"
    if recorded(slate).source.weighted:
        whom = "of people's weight is"
    words = []
    if entered or left:
        named = [
            f"{which} {', '.join(shorten(plain(name), 40) for name in names)}"
            for which, names in (("in come", entered), ("out go", left))
            if names
        ]
        words.append(
            f"The weights change the slate: {'; '.join(named)}. "
            f"{of(effect.moved, effect.mass)} {whom} represented by another statement than without."
        )
    else:
        words.append(
            f"The weights change no statement of the slate; {of(effect.moved, effect.mass)} {whom} "
            "represented by another than without."
        )
    both = [effect.certificates[f"{which} on weighted"] for which in ("plain", "weighted")]
    words.append(
        f"On weighted answers {_owed(both[0])} a group that is large enough behind it in the slate chosen without "
        f"weights, and {_owed(both[1])} one in this slate; at b = {figure(_slack(effect))} the largest groups reach "
        f"{_reach(both[0])} and {_reach(both[1])} of what they would need."
    )
    return words


def _owed(certificate: HeldAgainst) -> str:
    number = len(certificate.violations)
    return some(number, "statement left out has", "statements left out have") if number else "no statement left out has"


def _at(certificate: HeldAgainst) -> tuple[float, float]:
    """(b, d(b)) at the slack."""
    points = certificate.frontier
    wanted = SLACK * points[-1][0]
    b, d = min(points, key=lambda point: abs(point[0] - wanted))
    return float(b), float(d)


def _slack(effect: EffectRecord | None) -> float:
    return _at(effect.certificates["weighted on weighted"])[0] if effect else 0.0


def _reach(certificate: HeldAgainst) -> str:
    return percent(_at(certificate)[1])


NAMES = {"plain": "chosen without weights", "weighted": "this slate"}
ON = {"plain": "answers as given", "weighted": "answers by weight"}


def _certificates(effect: EffectRecord | None) -> list[Row]:
    if effect is None:
        return []
    return [
        (
            NAMES[which],
            ON[kind],
            count(len(one.violations)),
            percent(one.d),
            _reach(one),
            figure(one.utility),
        )
        for which in NAMES
        for kind in ON
        for one in (effect.certificates[f"{which} on {kind}"],)
    ]


def _frontiers(effect: EffectRecord | None) -> list[Row]:
    if effect is None:
        return []
    columns = [effect.certificates[f"{which} on {kind}"].frontier for which in NAMES for kind in ON]
    return [(f"{points[0][0]:.4g}", *(f"{d:.3f}" for _, d in points)) for points in zip(*columns, strict=True)]


def _statement(entry: StatementOpinions) -> Row:
    label = entry.label or ("asked of few" if entry.thin else "")
    return (
        entry.id,
        entry.text,
        count(entry.asked_again),
        percent(entry.genuine),
        _interval(entry.genuine_interval),
        percent(entry.support),
        _interval(entry.support_interval),
        count(entry.effective),
        label,
    )


def _groups(each: Sequence[GroupOpinions]) -> tuple[Row, ...]:
    return tuple(
        (
            one.label or "no label",
            count(one.people),
            count(one.asked_again),
            _percent(one.coverage),
            _percent(one.shares.get("genuine")),
        )
        for one in each
    )


def _by_group(groups: Mapping[str, Grouping]) -> str:
    words = []
    for name, one in groups.items():
        each = [(g.label, g.coverage) for g in one.each if g.coverage is not None]
        if 1 < len(each) <= 12:
            listed = ", ".join(f"{plain(label) or 'no label'} {percent(coverage)}" for label, coverage in each)
            words.append(f"{plain(name)}: {listed}")
    return f" ({'; '.join(words)})" if words else ""


def _fit(held: HeldOutKinds) -> str:
    scores = f"{_digits(held.kinds)} an answer against {_digits(held.attitude)}"
    if held.preferred == "kinds":
        return (
            f"On people left out of the fit, the kinds foresee answers better than continuous attitudes do (log-"
            f"likelihood {scores})."
        )
    return (
        f"On people left out of the fit, continuous attitudes foresee the repeated answers better than kinds do (log-"
        f"likelihood of the kinds {scores}): read weights as strength of attitude, and do not quote shares of kinds."
    )


def _counted(figures: AnswerFigures) -> list[tuple[str, str]]:
    rows = [
        ("Presentations", count(figures.presentations)),
        ("of them without a side (a pass, the middle of a scale), left out of the fit", count(figures.sideless)),
        ("Pairs of a person and a statement in the fit", count(figures.pairs)),
        ("Repeated pairs without an answer in the source", count(figures.unmatched)),
        ("Resamples of people behind errors and intervals", count(figures.samples)),
        ("Fingerprint of the repeated answers (SHA-256)", figures.fingerprint),
    ]
    return rows + [(note.what, count(note.count)) for note in figures.notes]


def _percent(share: float | None) -> str:
    return "–" if share is None else percent(share)


def _digits(score: float | None) -> str:
    return "–" if score is None else f"{score:.4f}"


def _points(error: float | None) -> str:
    return "–" if error is None else f"{100 * error:.1f} points"


def _interval(ends: Sequence[float | None]) -> str:
    low, high = ends
    return "–" if low is None or high is None else f"{percent(low)} to {percent(high)}"
