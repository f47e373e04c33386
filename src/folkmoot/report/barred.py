"""What could not be chosen: why, what speaks for it instead, and what would be worth asking about."""

from __future__ import annotations

from dataclasses import dataclass

from ..audits.barred import Barred, BarredStatement, WorthAsking
from ..profile import Slate
from ..slates.recorded import recorded
from ..slates.rules import REASONS
from .facts import Facts
from .words import count, percent, plain, shorten, some, voice

#: So many of the statements with a large group behind them are named on a terminal.
NAMED = 3
MOST = 160
UNSHOWN = "(not shown: moderation has not accepted it)"
UNSHOWN_REJECTED = "(not shown: moderation rejected it)"
ELSEWHERE = "said_better_elsewhere"
#: Moderation's own reasons: what it keeps out is no part of the audit.
MODERATED = ("rejected", "not_accepted")


@dataclass(frozen=True)
class Row:
    """A statement that could not be chosen, ready to print."""

    id: str
    text: str
    reason: str
    answers: str
    said_by: str


@dataclass(frozen=True)
class Question:
    """A statement worth asking about, ready to print."""

    id: str
    text: str
    answers: str
    chance: str
    expected: str
    range: str
    value: str


@dataclass(frozen=True)
class Section:
    """What could not be chosen, ready to print.

    Args:
        notes: what was lowered or not applied.
        own: what people's own answers say of these statements; empty where nobody answered.
        asking: how many might have a large enough group behind them; empty where none.
        questions: those worth asking about.
        rows: all that are listed.
        counts: pairs (reason, how many); rejected statements are counted here and listed nowhere.
    """

    notes: tuple[str, ...]
    own: str
    asking: str
    questions: tuple[Question, ...]
    rows: tuple[Row, ...]
    counts: tuple[tuple[str, str], ...]


def _barred(slate: Slate) -> Barred | None:
    audit = recorded(slate).audit
    return None if audit is None else audit.barred


def wordings(slate: Slate, statement: str) -> list[BarredStatement]:
    """The statements that one of the slate speaks for, most answers first.

    Args:
        slate: the audited slate.
        statement: the id of the statement.
    """
    entries = _barred(slate)
    if entries is None or not statement:
        return []
    return [one for one in entries.statements if one.said_by == statement]


def narrowed(slate: Slate) -> bool:
    """Whether the slate is held against less than everything that moderation left.

    Args:
        slate: the audited slate.
    """
    entries = _barred(slate)
    return entries is not None and any(one.reason not in MODERATED for one in entries.statements)


def sentences(slate: Slate) -> list[str]:
    """What own answers say of what could not be chosen, what nobody knows, and what was lowered; for a terminal.

    Args:
        slate: the audited slate.
    """
    entries = _barred(slate)
    if entries is None:
        return []
    asking = _asking(entries)
    if asking:
        first = next(iter(entries.ask), None)
        if first is not None:
            named = f"[{plain(first.id)}] “{shorten(plain(first.text), MOST)}”."
            asking += f" {'It is' if entries.large == 1 else 'Ask first about'} {named}"
            them = "it" if entries.large == 1 else "such statements"
            asking += f" `folkmoot ask next --only-barred` asks people about {them}."
    return [words for words in (_own(slate, entries), asking, *map(_sentence, entries.notes)) if words]


def _sentence(note: str) -> str:
    return plain(note) if note.endswith(".") else f"{plain(note)}."


def _own(slate: Slate, entries: Barred, facts: Facts | None = None) -> str:
    """Part B: it speaks up only where people's own answers do."""
    audit = recorded(slate).audit
    judged = [one for one in entries.statements if one.reason not in (ELSEWHERE, *MODERATED)]
    if audit is None or not audit.certificate.known.answered or not (judged or entries.violations):
        return ""
    says = voice(slate).own
    if not entries.violations:
        return f"On {says} alone, no large enough group prefers a statement that could not be chosen."
    number = len(entries.violations)
    named = "; ".join(
        f"[{plain(hit.statement)}] “{shorten(plain(shown(facts, hit.statement, hit.text)), MOST)}” "
        f"({count(hit.mass)}, {count(hit.need)} needed)"
        for hit in entries.violations[:NAMED]
    )
    more = f"; and {count(number - NAMED)} more" if number > NAMED else ""
    return (
        f"On {says} alone, {some(number, 'statement')} that could not be chosen {'has' if number == 1 else 'have'} a "
        f"large enough group behind {'it' if number == 1 else 'each of them'}: {named}{more}. Read "
        f"{'it' if number == 1 else 'them'}; `--lock-in` puts a statement in."
    )


def _asking(entries: Barred) -> str:
    """Part C: no verdict, as nobody knows."""
    if not entries.large:
        return ""
    one = entries.large == 1
    group = "have a large enough group behind it" if one else "each have a large enough group behind them"
    words = f"{some(entries.large, 'statement')} with too few answers might {group}; nobody knows."
    if entries.waiting:
        which = f"has not accepted {count(entries.waiting)} of them"
        if entries.waiting == entries.large:
            which = "has not accepted it" if one else "has accepted none of them"
        it = "it" if entries.waiting == 1 else "them"
        words += f" Moderation {which}, so people do not see {it}: accept or reject {it} first."
    return words


def section(facts: Facts) -> Section | None:
    """What could not be chosen, for the page; None where everything could be.

    Args:
        facts: the facts of the view that is reported.
    """
    entries = _barred(facts.slate)
    if entries is None:
        return None
    numbers = {entry.id: place for place, entry in enumerate(facts.slate.statements, start=1)}
    return Section(
        notes=tuple(map(_sentence, entries.notes)),
        own=_own(facts.slate, entries, facts),
        asking=_asking(entries),
        questions=tuple(_question(facts, one) for one in entries.ask),
        rows=tuple(
            Row(
                one.id,
                shown(facts, one.id, one.text),
                reason(one.reason),
                count(one.answers),
                f"{one.said_by} (number {numbers[one.said_by]})" if one.said_by in numbers else one.said_by,
            )
            for one in entries.statements
            if one.reason != "rejected"
        ),
        counts=tuple((reason(name), count(number)) for name, number in entries.counts.items() if number),
    )


def _question(facts: Facts, one: WorthAsking) -> Question:
    return Question(
        one.id,
        shown(facts, one.id, one.text),
        count(one.answers),
        "–" if one.chance is None else percent(one.chance),
        percent(one.expected),
        f"{percent(one.low)} to {percent(one.high)}",
        "–" if one.value is None else f"{one.value:,.1f}",
    )


def reason(name: str) -> str:
    """The words for a reason.

    Args:
        name: its id, one of `slates.rules.REASONS`.
    """
    # Of two that equally many answered the earlier one speaks, so that more people answered it is not always true.
    words = REASONS | {ELSEWHERE: "another statement says nearly the same"}
    return words.get(name, name.replace("_", " "))


def shown(facts: Facts | None, statement: str, text: str) -> str:
    """The text of a statement as a page may print it.

    Args:
        facts: the facts of the view that is reported; None: the text is for the organiser's own terminal.
        statement: its id.
        text: the text as it was written.
    """
    if facts is None:
        return text
    return UNSHOWN if text in facts.rejected or statement in facts.unaccepted else text
