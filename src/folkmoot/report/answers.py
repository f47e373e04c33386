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
from ..slates.public.order import numbers
from ..slates.recorded import recorded
from .numbers import ENGLISH, PART, figure, of, percent, sentences
from .translations import Words
from .words import plain, shorten

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


def _follows(w: Words) -> dict[str, tuple[str, str]]:
    """The kinds of answers by their recorded names: what they are called, and what they follow."""
    return {
        "genuine": (
            w.gettext("opinion"),
            w.gettext("an opinion held before the question came: the same again, but for slips"),
        ),
        "constructed": (
            w.gettext("constructed"),
            w.gettext("the side the wording leans to: turns with the wording"),
        ),
        "non-attitude": (w.gettext("no attitude"), w.gettext("nothing: drawn anew each time")),
        "artefact": (
            w.gettext("artefact"),
            w.gettext("the side that was offered first: turns with the order"),
        ),
    }


def answers_section(slate: Slate, w: Words = ENGLISH) -> AnswersSection | None:
    """Makes the section on weighted answers; None for a slate without weights.

    Args:
        slate: the slate with its audit.
        w: the language.
    """
    figures = _figures(recorded(slate).audit)
    if figures is None:
        return None
    texts = {entry.id: entry.text for entry in figures.statements}
    texts |= {s.id: s.text for s in slate.statements}
    effect, follows = figures.effect, _follows(w)
    places = {s.id: str(number) for s, number in zip(slate.statements, numbers(slate), strict=True)}
    return AnswersSection(
        asked_again=_asked_again(figures, w),
        unformed=tuple((name, texts.get(name, "")) for name in figures.not_formed),
        changed=tuple(_changed(slate, effect, w)),
        entered=tuple((places.get(name, ""), texts.get(name, name)) for name in (effect.entered if effect else ())),
        left=tuple(texts.get(name, name) for name in (effect.left if effect else ())),
        certificates=tuple(_certificates(effect, w)),
        slack=figure(w, _slack(effect)),
        frontiers=tuple(_frontiers(effect, w)),
        kinds=tuple(
            (*follows.get(name, (name, "")), _share(w, one.share), _points(w, one.error), _interval(w, one.interval))
            for name, one in figures.shares.items()
        ),
        statements=tuple(_statement(entry, w) for entry in figures.statements),
        groups=tuple((name, _groups(one.each, w)) for name, one in figures.groups.items() if one.each),
        crowded=tuple(
            w.gettext("%(name)s has %(n)s labels, too many to be shown.", name=name, n=one.labels)
            for name, one in figures.groups.items()
            if not one.each
        ),
        fit=_fit(figures.held_out, w),
        counted=tuple(_counted(figures, w)),
    )


def weights_in_brief(slate: Slate, w: Words = ENGLISH, *, certificate: bool = True) -> list[str]:
    """A few sentences for a terminal or the top of a page; empty without weights.

    Args:
        slate: the slate with its audit.
        w: the language.
        certificate: also say what the weights did to the certificate.
    """
    figures = _figures(recorded(slate).audit)
    if figures is None:
        return []
    genuine = figures.shares["genuine"]
    found = [
        w.gettext(
            "Of %(n)s answers, %(again)s of them asked for again, %(share)s (%(interval)s) are opinions; people's "
            "answers count for %(coverage)s on average%(groups)s.",
            n=figures.pairs,
            again=figures.asked_again.pairs,
            share=_share(w, genuine.share),
            interval=_interval(w, genuine.interval),
            coverage=percent(w, figures.coverage or 0),
            groups=_by_group(figures.groups, w),
        ),
        *_changed(slate, figures.effect, w)[: 2 if certificate else 1],
    ]
    if figures.not_formed:
        names = [shorten(plain(name), 40) for name in figures.not_formed[:10]]
        if more := len(figures.not_formed) - 10:
            names += [w.gettext("%(n)s more", n=more)] if more > 0 else []
        found.append(w.gettext("Labelled “opinion not formed”: %(names)s.", names=w.listed(names)))
    if figures.held_out.preferred != "kinds":
        found.append(_fit(figures.held_out, w))
    return found


def parameters(slate: Slate) -> dict[str, Any]:
    """The record of a slate's process as printed: without the assignment of the slate chosen without weights."""
    weights = recorded(slate).weights
    if weights is None:
        return dict(slate.process)
    shown = {**to_json(weights), "plain": [entry.id for entry in weights.plain]}
    return {**slate.process, "weights": shown}


def _figures(audit: Audit | None) -> AnswerFigures | None:
    return None if audit is None else audit.answers


def _asked_again(figures: AnswerFigures, w: Words) -> str:
    again = figures.asked_again
    return sentences(
        w.ngettext(
            "%(n)s person was asked some things more than once, in other wordings and orders.",
            "%(n)s people were asked some things more than once, in other wordings and orders.",
            again.people,
        ),
        w.gettext(
            "%(pairs)s pairs of a person and a statement have several answers that take a side.",
            pairs=of(w, again.pairs, figures.pairs),
        ),
    )


def _changed(slate: Slate, effect: EffectRecord | None, w: Words) -> list[str]:
    if effect is None:
        return []
    moved = of(w, effect.moved, effect.mass)
    if recorded(slate).source.weighted:
        whom = w.gettext("%(moved)s of people's weight is assigned to another statement than without.", moved=moved)
    else:
        whom = w.gettext("%(moved)s people are assigned to another statement than without.", moved=moved)
    entered = w.listed([shorten(plain(name), 40) for name in effect.entered])
    left = w.listed([shorten(plain(name), 40) for name in effect.left])
    if entered and left:
        first = w.gettext(
            "The weights change the list: in come %(entered)s; out go %(left)s.", entered=entered, left=left
        )
    elif entered:
        first = w.gettext("The weights change the list: in come %(entered)s.", entered=entered)
    elif left:
        first = w.gettext("The weights change the list: out go %(left)s.", left=left)
    else:
        first = w.gettext("The weights change no statement of the list.")
    both = [effect.certificates[f"{which} on weighted"] for which in ("plain", "weighted")]
    return [
        sentences(first, whom),
        sentences(
            w.gettext(
                "On weighted answers, so many statements that were left out have a large enough group behind them: "
                "%(plain)s for the list chosen without weights, %(weighted)s for this one.",
                plain=len(both[0].violations),
                weighted=len(both[1].violations),
            ),
            w.gettext(
                "At b = %(slack)s the largest groups reach %(plain)s and %(weighted)s of what they would need.",
                slack=figure(w, _slack(effect)),
                plain=_reach(w, both[0]),
                weighted=_reach(w, both[1]),
            ),
        ),
    ]


def _at(certificate: HeldAgainst) -> tuple[float, float]:
    """(b, d(b)) at the slack."""
    points = certificate.frontier
    wanted = SLACK * points[-1][0]
    b, d = min(points, key=lambda point: abs(point[0] - wanted))
    return float(b), float(d)


def _slack(effect: EffectRecord | None) -> float:
    return _at(effect.certificates["weighted on weighted"])[0] if effect else 0.0


def _reach(w: Words, certificate: HeldAgainst) -> str:
    return percent(w, _at(certificate)[1])


#: The slates that are compared, and what they are held against.
WHICH, ON = ("plain", "weighted"), ("plain", "weighted")


def _certificates(effect: EffectRecord | None, w: Words) -> list[Row]:
    if effect is None:
        return []
    names = {"plain": w.gettext("chosen without weights"), "weighted": w.gettext("this list")}
    on = {"plain": w.gettext("answers as given"), "weighted": w.gettext("answers by weight")}
    return [
        (
            names[which],
            on[kind],
            w.count(len(one.violations)),
            percent(w, one.d),
            _reach(w, one),
            figure(w, one.utility),
        )
        for which in WHICH
        for kind in ON
        for one in (effect.certificates[f"{which} on {kind}"],)
    ]


def _frontiers(effect: EffectRecord | None, w: Words) -> list[Row]:
    if effect is None:
        return []
    columns = [effect.certificates[f"{which} on {kind}"].frontier for which in WHICH for kind in ON]
    return [
        (figure(w, points[0][0], 4), *(figure(w, d, 3) for _, d in points)) for points in zip(*columns, strict=True)
    ]


def _statement(entry: StatementOpinions, w: Words) -> Row:
    label = ""
    if entry.label:
        label = w.gettext("opinion not formed")
    elif entry.thin:
        label = w.gettext("asked of few")
    return (
        entry.id,
        entry.text,
        w.count(entry.asked_again),
        percent(w, entry.genuine),
        _interval(w, entry.genuine_interval),
        percent(w, entry.support),
        _interval(w, entry.support_interval),
        w.count(int(entry.effective)),
        label,
    )


def _groups(each: Sequence[GroupOpinions], w: Words) -> tuple[Row, ...]:
    return tuple(
        (
            one.label or w.gettext("no label"),
            w.count(one.people),
            w.count(one.asked_again),
            _share(w, one.coverage),
            _share(w, one.shares.get("genuine")),
        )
        for one in each
    )


def _by_group(groups: Mapping[str, Grouping], w: Words) -> str:
    found = []
    for name, one in groups.items():
        each = [(g.label, g.coverage) for g in one.each if g.coverage is not None]
        if 1 < len(each) <= 12:
            listed = ", ".join(
                f"{plain(label) or w.gettext('no label')} {percent(w, coverage)}" for label, coverage in each
            )
            found.append(f"{plain(name)}: {listed}")
    return f" ({'; '.join(found)})" if found else ""


def _fit(held: HeldOutKinds, w: Words) -> str:
    values = {"kinds": _digits(w, held.kinds), "attitude": _digits(w, held.attitude)}
    if held.preferred == "kinds":
        return w.gettext(
            "On people left out of the fit, the kinds foresee answers better than continuous attitudes do "
            "(log-likelihood %(kinds)s an answer against %(attitude)s).",
            **values,
        )
    return w.gettext(
        "On people left out of the fit, continuous attitudes foresee the repeated answers better than kinds do "
        "(log-likelihood of the kinds %(kinds)s an answer against %(attitude)s): read weights as strength of attitude, "
        "and do not quote shares of kinds.",
        **values,
    )


def _counted(figures: AnswerFigures, w: Words) -> list[tuple[str, str]]:
    rows = [
        (w.gettext("Presentations"), w.count(figures.presentations)),
        (
            PART + w.gettext("without a side (a pass, the middle of a scale), left out of the fit"),
            w.count(figures.sideless),
        ),
        (w.gettext("Pairs of a person and a statement in the fit"), w.count(figures.pairs)),
        (w.gettext("Repeated pairs without an answer in the source"), w.count(figures.unmatched)),
        (w.gettext("Resamples of people behind errors and intervals"), w.count(figures.samples)),
        (w.gettext("Fingerprint of the repeated answers (SHA-256)"), figures.fingerprint),
    ]
    return rows + [(note.what, w.count(note.count)) for note in figures.notes]


def _share(w: Words, share: float | None) -> str:
    return "–" if share is None else percent(w, share)


def _digits(w: Words, score: float | None) -> str:
    return figure(w, score, 4)


def _points(w: Words, error: float | None) -> str:
    if error is None:
        return "–"
    return w.gettext("%(points)s points", points=w.decimal(100 * error, 1))


def _interval(w: Words, ends: Sequence[float | None]) -> str:
    low, high = ends
    if low is None or high is None:
        return "–"
    return w.gettext("%(low)s to %(high)s", low=percent(w, low), high=percent(w, high))
