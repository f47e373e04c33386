"""What the page says about each statement of the slate."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..audits.records import StatementFigures
from ..profile import SlateStatement
from ..slates.public.order import places
from ..slates.recorded import RoundRecord
from . import agreement, barred
from .facts import Facts
from .measured import Measured
from .numbers import figure, of, percent, sentences
from .origin import origin_of
from .terms import voice
from .translations import Words
from .units import amount
from .words import width

#: Ids that stand in a command as they are.
_PLAIN = re.compile(r"[\w.-]+", re.ASCII)


@dataclass(frozen=True)
class Part:
    """One segment of a bar: name, count, CSS class and CSS width."""

    name: str
    count: int
    css: str
    width: str


@dataclass(frozen=True)
class OtherWording:
    """A statement that says nearly the same, ready to print.

    Args:
        id: its id.
        text: its text.
        answers: how people answered it.
        confirm: the option by which a reader confirms that both say the same; empty: their ids need quotes.
    """

    id: str
    text: str
    answers: str
    confirm: str = ""


@dataclass(frozen=True)
class Entry:
    """One statement of the slate, ready to print.

    Args:
        number: its place in the slate, from 1.
        id: its id in the source.
        text: as it is published.
        stands: whom it stands for and what they said of it, in one sentence.
        everyone: the bar of everybody's answers.
        everyone_words: the same in words.
        origin: where it comes from.
        detail: what the source adds to that.
        authors: the ids of the participants it comes from.
        fixed: whether the organiser fixed it.
        rows: further figures, name and value.
        agents: the ids of the people it stands for.
        thin: the tag of a seat that rests on predictions; empty: it does not.
        also: statements that say nearly the same.
        edited: the words before the wording of the source, where it is published in the organiser's.
        original: the wording of the source in that case.
    """

    number: int
    id: str
    text: str
    stands: str
    everyone: tuple[Part, ...]
    everyone_words: str
    origin: str
    detail: str
    authors: tuple[str, ...]
    fixed: bool
    rows: tuple[tuple[str, str], ...]
    agents: tuple[str, ...]
    thin: str = ""
    also: tuple[OtherWording, ...] = ()
    edited: str = ""
    original: str = ""


def entries(facts: Facts) -> list[Entry]:
    """Every statement of the slate, in order.

    Args:
        facts: the view with its look-ups.
    """
    figures = () if facts.audit is None else facts.audit.per_statement
    rounds = {r.statement: r for r in facts.recorded.process.rounds}
    return [
        _entry(
            facts,
            number,
            place,
            figures[place] if place < len(figures) else None,
            rounds.get(facts.slate.statements[place].id),
        )
        for number, place in enumerate(places(facts.slate), start=1)
    ]


def _entry(
    facts: Facts, number: int, place: int, figures: StatementFigures | None, chosen: RoundRecord | None
) -> Entry:
    w, s = facts.w, facts.slate.statements[place]
    everyone, words = _everyone(facts, figures)
    origin, authors = origin_of(s.provenance, w)
    return Entry(
        number=number,
        id=s.id,
        text=s.text,
        stands=stands(facts, figures, len(s.agents)),
        everyone=everyone,
        everyone_words=words,
        origin=origin,
        detail=s.provenance.detail,
        authors=authors,
        fixed=s.id in facts.recorded.process.options.locked_in,
        rows=tuple(_rows(facts, place, figures, chosen)),
        agents=s.agents,
        thin=_thin(facts, figures),
        also=_also(facts, s),
        edited=_capital(agreement.edited(facts.slate, w, facts.measured)) if s.original else "",
        original=w.gettext("(not shown: moderation rejected it)") if s.original in facts.rejected else s.original,
    )


def _rows(
    facts: Facts, place: int, figures: StatementFigures | None, chosen: RoundRecord | None
) -> list[tuple[str, str]]:
    s = facts.slate.statements[place]
    w, votes = facts.w, facts.terms.votes
    cost = w.gettext("not recorded") if s.cost is None else amount(w, s.cost, facts.slate)
    rows = [
        (w.gettext("Its place in slate.json, in the order of choice"), w.count(place + 1)),
        (w.gettext("Cost"), cost),
    ]
    if facts.weighted and figures:
        rows.append((w.gettext("Weight it stands for"), of(w, figures.mass, facts.profile.total_mass)))
    if figures and s.agents:
        mean = w.gettext("Mean utility among them") if votes else w.gettext("Mean similarity among them")
        rows.append((mean, figure(w, figures.mean)))
        lowest = w.gettext("Lowest utility among them") if votes else w.gettext("Lowest similarity among them")
        rows.append((lowest, figure(w, figures.min)))
    if chosen is not None and chosen.level is not None:
        rows.append(
            (
                w.gettext("Chosen at level"),
                w.ngettext(
                    "%(level)s, with %(n)s supporter then",
                    "%(level)s, with %(n)s supporters then",
                    chosen.support,
                    level=figure(w, chosen.level),
                ),
            )
        )
    if leaning := _leaning(facts, figures):
        rows.append((w.gettext("All whose utility is above the middle, answered or predicted"), leaning))
    rows.append((w.gettext("Ties"), _ties(chosen, w)))
    return rows


def _thin(facts: Facts, figures: StatementFigures | None) -> str:
    if figures is None or not figures.people or not agreement.thin(facts.slate, figures):
        return ""
    return facts.w.gettext("Rests on predictions by more than half")


def _also(facts: Facts, s: SlateStatement) -> tuple[OtherWording, ...]:
    """The other wordings it speaks for, each with its own votes; they are not added up."""
    return tuple(
        OtherWording(
            one.id,
            barred.shown(facts, one.id, one.text),
            _votes(facts, one.id),
            f"--same {s.id},{one.id}" if _PLAIN.fullmatch(s.id) and _PLAIN.fullmatch(one.id) else "",
        )
        for one in barred.wordings(facts.slate, s.id)
    )


def _votes(facts: Facts, statement: str) -> str:
    """How everybody answered a statement, as counts."""
    t, column = facts.terms, facts.profile.statement_index.get(statement)
    if column is None or not t.votes or not len(facts.profile.answers):
        return ""
    answers = facts.profile.answers
    utility = answers.scale.utility(answers.value[answers.statement == column])
    above, below = (int(side.sum()) for side in facts.sides(utility))
    counts = t.counts(above, len(utility) - above - below, below)
    return ", ".join(counts) or facts.w.gettext("nobody answered it")


def stands(facts: Facts, figures: StatementFigures | None, people: int) -> str:
    """Whom a statement stands for and what they said of it: 'Stands for 112 people: 59 agreed, 53 have not voted'.

    Args:
        facts: the view with its look-ups.
        figures: those of the statement; None: it was not audited.
        people: the number of people it stands for.
    """
    w, kind = facts.w, facts.measured
    if not people:
        return w.gettext("It stands for nobody.")
    clauses = [] if figures is None or not facts.terms.votes else _clauses(facts, figures, people)
    if clauses:
        return w.ngettext(
            "Stands for %(n)s person: %(clauses)s.",
            "Stands for %(n)s people: %(clauses)s.",
            people,
            clauses=", ".join(clauses),
        )
    alone = w.ngettext("Stands for %(n)s person.", "Stands for %(n)s people.", people)
    if figures is None:
        return alone
    if kind == "texts":
        close = w.gettext("Mean similarity to what they wrote: %(mean)s.", mean=figure(w, figures.mean))
        return sentences(alone, close)
    if kind == "comparisons":
        mean = w.gettext(
            "They prefer it to %(share)s of the other statements on average, as predicted from their comparisons.",
            share=percent(w, figures.mean or 0.0),
        )
        return sentences(alone, mean)
    return alone


def _clauses(facts: Facts, figures: StatementFigures, people: int) -> list[str]:
    """How those assigned to a statement answered it, and how many of the rest are expected to agree."""
    w, kind, t = facts.w, facts.measured, facts.terms
    if kind in ("texts", "comparisons"):
        return []
    answered, approve = figures.answered, figures.approve
    if t.complete:
        answered = people
    found = [t.approved(approve)] if approve else []
    if answered - approve:
        found.append(_otherwise(w, kind, answered - approve))
    rest = people - answered
    if rest:
        found.append(_silent(w, kind, rest) + _chance(facts, figures))
    return found


def _otherwise(w: Words, kind: Measured, n: int) -> str:
    if kind == "votes":
        return w.ngettext("%(n)s disagreed or passed", "%(n)s disagreed or passed", n)
    if kind == "approvals":
        return w.gettext("%(n)s did not approve it", n=n)
    if kind == "points":
        return w.gettext("%(n)s gave it none", n=n)
    if kind in ("ratings", "rankings"):
        return w.gettext("%(n)s put it in the middle or below", n=n)
    if kind == "scores":
        return w.gettext("%(n)s scored otherwise", n=n)
    return w.gettext("%(n)s answered it otherwise", n=n)


def _silent(w: Words, kind: Measured, n: int) -> str:
    if kind == "votes":
        return w.ngettext("%(n)s has not voted on it", "%(n)s have not voted on it", n)
    if kind == "scores":
        return w.gettext("for %(n)s the language model was not asked about it", n=n)
    return w.ngettext("%(n)s has not answered it", "%(n)s have not answered it", n)


def _chance(facts: Facts, figures: StatementFigures) -> str:
    """How many of those who did not answer are expected to agree, in brackets; not in people where they weigh more."""
    w, says = facts.w, voice(facts.slate)
    if figures.expected is None or figures.mass != figures.people or says.weighed:
        return w.gettext(" (what they think of it is predicted)")
    expected = round(figures.expected - figures.approve)
    if facts.measured == "votes":
        if not expected:
            return w.gettext(" (hardly any expected to agree)")
        return w.ngettext(" (about %(n)s expected to agree)", " (about %(n)s expected to agree)", expected)
    return w.gettext(" (about %(n)s expected to be for it)", n=expected)


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def _everyone(facts: Facts, figures: StatementFigures | None) -> tuple[tuple[Part, ...], str]:
    t, n = facts.terms, facts.profile.n_agents
    if not t.votes or not figures or not n or facts.measured == "comparisons":
        return (), ""
    middle = figures.all_answered - figures.all_approve - figures.all_reject
    silent = voice(facts.slate, facts.w).silent
    counts = [
        (t.approve, figures.all_approve, "agree"),
        (t.middle, middle, "pass"),
        (t.reject, figures.all_reject, "reject"),
        (silent, n - figures.all_answered, "unseen"),
    ]
    parts = tuple(Part(name, number, css, width(number / n)) for name, number, css in counts if name and number)
    told = [*t.counts(figures.all_approve, middle, figures.all_reject)]
    if n - figures.all_answered and not t.complete:
        told.append(f"{facts.w.count(n - figures.all_answered)} {silent}")
    return parts, ", ".join(told)


def _leaning(facts: Facts, figures: StatementFigures | None) -> str:
    """Who has a utility above the middle, answered or predicted: weaker than agreeing, so not beside the votes."""
    t, n = facts.terms, facts.profile.n_agents
    if not t.votes or not figures or figures.all_answered >= n:
        return ""
    return of(facts.w, figures.all_predicted_approve, n)


def _ties(chosen: RoundRecord | None, w: Words) -> str:
    if chosen is None:
        return w.gettext("not recorded")
    tied, agents, found = chosen.tied, chosen.tied_agents, []
    if tied:
        found.append(
            w.ngettext(
                "%(n)s other statement came out exactly equal; the earlier in the pool was taken",
                "%(n)s other statements came out exactly equal; the earlier in the pool was taken",
                len(tied),
            )
        )
    if agents:
        found.append(
            w.ngettext(
                "%(n)s more person valued it exactly as much as the last it stands for; those first in the source were "
                "taken",
                "%(n)s more people valued it exactly as much as the last it stands for; those first in the source were "
                "taken",
                agents,
            )
        )
    return "; ".join(found) if found else w.gettext("none")
