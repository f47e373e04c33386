"""What the page says about each statement of the slate."""

from __future__ import annotations

from dataclasses import dataclass

from ..audits.records import StatementFigures
from ..profile import Provenance, SlateStatement
from ..slates.recorded import RoundRecord
from . import agreement, barred
from .facts import Facts
from .marks import Mark, mark
from .words import UNITS, WEIGHED, count, figure, of, percent, some, voice, width


@dataclass(frozen=True)
class Part:
    """One segment of a bar: name, count, CSS class and CSS width."""

    name: str
    count: int
    css: str
    width: str


@dataclass(frozen=True)
class OtherWording:
    """A statement that says nearly the same, ready to print: its id, its text, and how people answered it."""

    id: str
    text: str
    answers: str


@dataclass(frozen=True)
class Entry:
    """One statement of the slate, ready to print."""

    number: int
    id: str
    text: str
    mark: Mark
    represents: str
    share: str
    well: str
    own: str
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
    """Every statement of the slate, in order."""
    figures = () if facts.audit is None else facts.audit.per_statement
    rounds = {r.statement: r for r in facts.recorded.process.rounds}
    return [
        _entry(facts, place, s, figures[place] if place < len(figures) else None, rounds.get(s.id))
        for place, s in enumerate(facts.slate.statements)
    ]


def _entry(
    facts: Facts, place: int, s: SlateStatement, figures: StatementFigures | None, chosen: RoundRecord | None
) -> Entry:
    n, people = facts.profile.n_agents, len(s.agents)
    everyone, words = _everyone(facts, figures)
    origin, authors = origin_of(s.provenance)
    rows = [("Cost", _cost(s, facts.slate.unit))]
    if facts.weighted and figures:
        rows.append(("Weight it stands for", of(figures.mass, facts.profile.total_mass)))
    if figures and people:
        rows.append(("Lowest utility among them", figure(figures.min)))
    if chosen is not None and chosen.level is not None:
        rows.append(("Chosen at level", f"{figure(chosen.level)}, with {some(chosen.support, 'supporter')} then"))
    if leaning := _leaning(facts, figures):
        rows.append(("All whose utility is above the middle, answered or predicted", leaning))
    rows.append(("Ties", _ties(chosen)))
    return Entry(
        number=place + 1,
        id=s.id,
        text=s.text,
        mark=mark(place),
        represents=_represents(people, n),
        share=width(people / n if n else 0),
        well=figure(None if figures is None else figures.mean),
        own=_own(facts, figures, people),
        everyone=everyone,
        everyone_words=words,
        origin=origin,
        detail=s.provenance.detail,
        authors=authors,
        fixed=s.id in facts.recorded.process.options.locked_in,
        rows=tuple(rows),
        agents=s.agents,
        thin=_thin(facts, figures),
        also=_also(facts, s),
        edited=_capital(agreement.edited(facts.slate)) if s.original else "",
        original=barred.UNSHOWN_REJECTED if s.original in facts.rejected else s.original,
    )


def _represents(people: int, n: int) -> str:
    """How many people, and of how many: '136 of 2,031 people (7%)'."""
    return f"{count(people)} of {some(n, 'person', 'people')}{f' ({percent(people / n)})' if n else ''}"


def _thin(facts: Facts, figures: StatementFigures | None) -> str:
    if figures is None or not figures.people or not agreement.thin(facts.slate, figures):
        return ""
    return "Rests on predictions by more than half"


def _also(facts: Facts, s: SlateStatement) -> tuple[OtherWording, ...]:
    """The other wordings it speaks for, each with its own votes; they are not added up."""
    return tuple(
        OtherWording(one.id, barred.shown(facts, one.id, one.text), _votes(facts, one.id))
        for one in barred.wordings(facts.slate, s.id)
    )


def _votes(facts: Facts, statement: str) -> str:
    """How everybody answered a statement, as counts."""
    t, column = facts.terms, facts.profile.statement_index.get(statement)
    if column is None or not t.votes:
        return ""
    answers = facts.profile.answers
    utility = answers.scale.utility(answers.value[answers.statement == column])
    middle = answers.scale.midpoint
    above, below = int((utility > middle).sum()), int((utility < middle).sum())
    kinds = ((t.approve, above), (t.middle, len(utility) - above - below), (t.reject, below))
    return ", ".join(f"{count(number)} {name}" for name, number in kinds if name and number) or "nobody answered it"


def _own(facts: Facts, figures: StatementFigures | None, people: int) -> str:
    """How those assigned to a statement answered it, and how many of the rest are expected to agree."""
    t = facts.terms
    if not t.votes or not figures or not people:
        return ""
    answered, approve, says = figures.answered, figures.approve, voice(facts.slate)
    if t.complete:
        return f"{of(approve, people)} of them {t.approve}."
    rest = people - answered
    if not says.people:
        if not answered:
            return "The language model was not asked about it for any of them; that they agree is predicted."
        words = f"By the language model's scores of {count(answered)} of these {count(people)}, "
        words += f"{count(approve)} {t.approve}"
        return f"{words}; for the other {count(rest)} it is predicted." if rest else f"{words}."
    if people == 1:
        if answered:
            return f"This person answered it; {count(approve)} of 1 {t.approve}."
        return f"This person has not answered it{_chance(facts, figures, 1)}."
    clauses = []
    if approve:
        agreed = t.approve.replace("are above", "put it above", 1)
        clauses.append(f"{count(approve)} of them {agreed}")
    if answered - approve:
        clauses.append(f"{count(answered - approve)} answered it otherwise")
    if rest:
        who = (
            f"none of them {'has' if rest == 1 else 'have'}"
            if not answered
            else (f"{count(rest)} {'has' if rest == 1 else 'have'} not")
        )
        clauses.append(f"{who} answered it{_chance(facts, figures, rest)}")
    words = f"{', '.join(clauses[:-1])} and {clauses[-1]}" if len(clauses) > 1 else clauses[0]
    return f"{_capital(words)}."


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def _chance(facts: Facts, figures: StatementFigures, rest: int) -> str:
    """How many of those who did not answer are expected to agree, as a clause; not in people where they weigh more."""
    if figures.expected is None or figures.mass != figures.people or voice(facts.slate) is WEIGHED:
        return ": what they think of it is predicted" if rest > 1 else ": what this person thinks of it is predicted"
    if rest == 1:
        return f" (chance to agree: {percent(min(1.0, max(0.0, figures.expected - figures.approve)))})"
    expected = round(figures.expected - figures.approve)
    return f", of whom about {count(expected)} {'is' if expected == 1 else 'are'} expected to agree"


def _everyone(facts: Facts, figures: StatementFigures | None) -> tuple[tuple[Part, ...], str]:
    t, n = facts.terms, facts.profile.n_agents
    if not t.votes or not figures or not n:
        return (), ""
    middle = figures.all_answered - figures.all_approve - figures.all_reject
    counts = [
        (t.approve, figures.all_approve, "agree"),
        (t.middle, middle, "pass"),
        (t.reject, figures.all_reject, "reject"),
        (voice(facts.slate).silent, n - figures.all_answered, "unseen"),
    ]
    parts = tuple(Part(name, number, css, width(number / n)) for name, number, css in counts if name and number)
    return parts, ", ".join(f"{count(part.count)} {part.name}" for part in parts)


def _leaning(facts: Facts, figures: StatementFigures | None) -> str:
    """Who has a utility above the middle, answered or predicted: weaker than agreeing, so not beside the votes."""
    t, n = facts.terms, facts.profile.n_agents
    if not t.votes or not figures or figures.all_answered >= n:
        return ""
    return of(figures.all_predicted_approve, n)


def _cost(s: SlateStatement, unit: str) -> str:
    return "not recorded" if s.cost is None else some(s.cost, UNITS.get(unit, unit))


def _ties(chosen: RoundRecord | None) -> str:
    if chosen is None:
        return "not recorded"
    tied, agents = chosen.tied, chosen.tied_agents
    words = []
    if tied:
        words.append(f"{some(len(tied), 'other statement')} came out exactly equal; the earlier in the pool was taken")
    if agents:
        words.append(
            f"{some(agents, 'more person', 'more people')} valued it exactly as much as the last it stands for; "
            "those first in the source were taken"
        )
    return "; ".join(words) if words else "none"


def origin_of(provenance: Provenance) -> tuple[str, tuple[str, ...]]:
    """Where a statement comes from, in words, and the people to name after these words."""
    people = provenance.agents
    plural = "participant" if len(people) == 1 else "participants"
    known = {
        "submitted": f"Submitted by {plural}",
        "extracted": f"Taken word for word from what was written by {plural}",
        "generated": f"Generated by a query from what was said by {plural}",
        "listed": "Listed in the source, which does not say who wrote it",
        "by hand": "Written by hand, not taken from the source",
    }
    words = known.get(provenance.kind, f"Recorded as “{provenance.kind}”" + (f" from {plural}" if people else ""))
    unnamed = {"submitted": "Submitted", "extracted": "Taken from a text", "generated": "Generated by a query"}
    if not people and provenance.kind in unnamed:
        words = f"{unnamed[provenance.kind]}; the source does not say by whom"
    return words, people
