"""What could not be chosen: why, what speaks for it instead, and what would be worth asking about."""

from __future__ import annotations

from dataclasses import dataclass

from ..audits.barred import Barred, BarredStatement, WorthAsking
from ..profile import Slate
from ..slates.public.order import numbers
from ..slates.recorded import recorded
from .facts import Facts
from .numbers import ENGLISH, percent
from .numbers import sentences as joined
from .terms import voice
from .translations import Words
from .words import plain, shorten

#: So many of the statements with a large group behind them are named on a terminal.
NAMED = 3
MOST = 160
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


def sentences(slate: Slate, w: Words = ENGLISH) -> list[str]:
    """What own answers say of what could not be chosen, what nobody knows, and what was lowered; for a terminal.

    Args:
        slate: the audited slate.
        w: the language.
    """
    entries = _barred(slate)
    if entries is None:
        return []
    return [
        words
        for words in (own_answers(slate, w), *_asked(entries, w, None), *(_sentence(note, w) for note in entries.notes))
        if words
    ]


def matters(slate: Slate, w: Words = ENGLISH, facts: Facts | None = None) -> list[str]:
    """The part of it that somebody should do something about.

    Args:
        slate: the audited slate.
        w: the language.
        facts: the facts of the view; None: the texts are for the organiser's own terminal.
    """
    entries = _barred(slate)
    if entries is None:
        return []
    own = own_answers(slate, w, facts) if entries.violations else ""
    return [words for words in (own, *_asked(entries, w, facts)) if words]


def notes(slate: Slate, w: Words = ENGLISH) -> tuple[str, ...]:
    """What was lowered or not applied.

    Args:
        slate: the audited slate.
        w: the language.
    """
    entries = _barred(slate)
    return () if entries is None else tuple(_sentence(note, w) for note in entries.notes)


def _asked(entries: Barred, w: Words, facts: Facts | None) -> list[str]:
    """That statements with too few answers may matter, with the first to ask about."""
    asking, first = _asking(entries, w), next(iter(entries.ask), None)
    if not asking or first is None:
        return [asking]
    return [
        joined(
            asking,
            w.ngettext(
                "It is [%(id)s] “%(text)s”. `folkmoot ask next --only-barred` asks people about it.",
                "Ask first about [%(id)s] “%(text)s”. `folkmoot ask next --only-barred` asks people about such "
                "statements.",
                entries.large,
                id=plain(first.id),
                text=shorten(plain(shown(facts, first.id, first.text)), MOST),
            ),
        )
    ]


def _sentence(note: str, w: Words) -> str:
    said = plain(w.recorded(note))
    return said if said.endswith(".") else f"{said}."


def own_answers(slate: Slate, w: Words = ENGLISH, facts: Facts | None = None) -> str:
    """What people's own answers say of what could not be chosen; empty where nobody answered.

    Args:
        slate: the audited slate.
        w: the language.
        facts: the facts of the view; None: the texts are for the organiser's own terminal.
    """
    audit, entries = recorded(slate).audit, _barred(slate)
    if audit is None or entries is None:
        return ""
    judged = [one for one in entries.statements if one.reason not in (ELSEWHERE, *MODERATED)]
    if not audit.certificate.known.answered or not (judged or entries.violations):
        return ""
    says = voice(slate, w).own
    if not entries.violations:
        return w.gettext(
            "By %(own)s alone, no large enough group prefers a statement that could not be chosen.", own=says
        )
    number = len(entries.violations)
    named = [
        w.gettext(
            "[%(id)s] “%(text)s” (%(people)s, %(need)s needed)",
            id=plain(hit.statement),
            text=shorten(plain(shown(facts, hit.statement, hit.text)), MOST),
            people=hit.mass,
            need=hit.need,
        )
        for hit in entries.violations[:NAMED]
    ]
    if number > NAMED:
        named.append(w.gettext("and %(n)s more", n=number - NAMED))
    return w.ngettext(
        "By %(own)s alone, %(n)s statement that could not be chosen has a large enough group behind it: %(named)s. "
        "Read it; `--lock-in` puts a statement in.",
        "By %(own)s alone, %(n)s statements that could not be chosen have a large enough group behind each of them: "
        "%(named)s. Read them; `--lock-in` puts a statement in.",
        number,
        own=says,
        named="; ".join(named),
    )


def _asking(entries: Barred, w: Words) -> str:
    """Part C: no verdict, as nobody knows."""
    if not entries.large:
        return ""
    found = w.ngettext(
        "%(n)s statement with too few answers might have a large enough group behind it; nobody knows.",
        "%(n)s statements with too few answers might each have a large enough group behind them; nobody knows.",
        entries.large,
    )
    if not entries.waiting:
        return found
    if entries.waiting == entries.large:
        waits = w.ngettext(
            "Moderation has not accepted it, so people do not see it: accept or reject it first.",
            "Moderation has accepted none of them, so people do not see them: accept or reject them first.",
            entries.large,
        )
    else:
        waits = w.ngettext(
            "Moderation has not accepted %(n)s of them, so people do not see it: accept or reject it first.",
            "Moderation has not accepted %(n)s of them, so people do not see them: accept or reject them first.",
            entries.waiting,
        )
    return joined(found, waits)


def section(facts: Facts) -> Section | None:
    """What could not be chosen, for the page; None where everything could be.

    Args:
        facts: the facts of the view that is reported.
    """
    entries = _barred(facts.slate)
    if entries is None:
        return None
    w = facts.w
    there = {entry.id: n for entry, n in zip(facts.slate.statements, numbers(facts.slate), strict=True)}
    return Section(
        notes=tuple(_sentence(note, w) for note in entries.notes),
        own=own_answers(facts.slate, w, facts),
        asking=_asking(entries, w),
        questions=tuple(_question(facts, one) for one in entries.ask),
        rows=tuple(
            Row(
                one.id,
                shown(facts, one.id, one.text),
                reason(one.reason, w),
                w.count(one.answers),
                w.gettext("%(id)s (number %(number)s)", id=one.said_by, number=there[one.said_by])
                if one.said_by in there
                else one.said_by,
            )
            for one in entries.statements
            if one.reason != "rejected"
        ),
        counts=tuple((reason(name, w), w.count(number)) for name, number in entries.counts.items() if number),
    )


def _question(facts: Facts, one: WorthAsking) -> Question:
    w = facts.w
    return Question(
        one.id,
        shown(facts, one.id, one.text),
        w.count(one.answers),
        "–" if one.chance is None else percent(w, one.chance),
        percent(w, one.expected),
        w.gettext("%(low)s to %(high)s", low=percent(w, one.low), high=percent(w, one.high)),
        "–" if one.value is None else w.decimal(one.value, 1),
    )


def reason(name: str, w: Words = ENGLISH) -> str:
    """The words for a reason.

    Args:
        name: its id, one of `slates.rules.REASONS`.
        w: the language.
    """
    known = {
        "rejected": w.gettext("moderation rejected it"),
        "not_accepted": w.gettext("moderation has not accepted it"),
        "too_few_answers": w.gettext("too few people answered it"),
        "too_little_text": w.gettext("it has too few words"),
        "about_the_speaker": w.gettext("it says something about its author, not what should be done"),
        "metadata": w.gettext("its source marks it as a question about participants"),
        # Of two that equally many answered the earlier one speaks, so that more people answered it is not always true.
        ELSEWHERE: w.gettext("another statement says nearly the same"),
    }
    return known.get(name, name.replace("_", " "))


def unshown(w: Words) -> str:
    """What stands in the place of a text that moderation has not accepted, or rejected."""
    return w.gettext("(not shown: moderation has not accepted it)")


def shown(facts: Facts | None, statement: str, text: str) -> str:
    """The text of a statement as a page may print it.

    Args:
        facts: the facts of the view that is reported; None: the text is for the organiser's own terminal.
        statement: its id.
        text: the text as it was written.
    """
    if facts is None:
        return text
    return unshown(facts.w) if text in facts.rejected or statement in facts.unaccepted else text
