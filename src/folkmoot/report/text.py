"""The plain-text summary for the terminal: about one screen, without control sequences."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from ..profile import Slate, SlateStatement
from ..slates.public.numbering import Numbering
from ..slates.public.order import places
from ..slates.recorded import recorded
from ..slates.view import View
from . import agreement, barred
from .answers import weights_in_brief
from .facts import Facts
from .measured import Measured, measured
from .numbers import ENGLISH, figure, sentences
from .ordered import order_words
from .popular import popular
from .refinement import refined
from .status import status
from .tasks import tasks
from .translations import Words
from .unchosen import nothing_chosen
from .units import used
from .verdict import verdict
from .words import ended, plain, shorten, spelt

COLUMNS = 100
MOST = 240
#: A sentence about something to look at is cut after so many letters; the page has it whole.
TASK = 3 * MOST


def summary(reported: View | Slate, w: Words = ENGLISH) -> str:
    """A slate in plain text: completeness, statements, certificate, comparison, and what to look at.

    Args:
        reported: a slate, or the view of one.
        w: the language.

    Returns:
        Lines of at most 100 columns, ending in a newline. Control characters, escapes and bidi overrides of the
        source are spelt out (``\\x1b``), so that printing it is safe.
    """
    slate = reported.slate if isinstance(reported, View) else reported
    profile = reported.profile if isinstance(reported, View) else None
    audit, kind = recorded(slate).audit, measured(slate, profile)
    asked = kind != "texts"
    completeness = status(slate, profile, w)
    lines = [line for words in completeness.lines for line in wrap(plain(words))]
    cautions = Facts(reported, w).cautions if isinstance(reported, View) else ()
    recorded_notes = [w.recorded(note) for note in (audit.notes if audit is not None else ())]
    for note in (*cautions, *recorded_notes, *barred.notes(slate, w)):
        lines += wrap(w.gettext("Note: %(note)s", note=plain(note)), "      ")
    head, nothing = _head(slate, w), nothing_chosen(slate, w)
    lines += ["", *wrap(sentences(f"{head}.", nothing) if nothing else head), *_seats(slate, w, kind)]
    for words in (refined(slate, votes=asked, w=w), *weights_in_brief(slate, w)):
        lines += ["", *wrap(words)] if words else []
    asks = w.gettext("Did we overlook a large group?")
    lines += ["", *wrap(f"{asks} {verdict(slate, votes=asked, w=w, kind=kind)}")]
    if compared := popular(slate, w, kind):
        lines += ["", *wrap(compared)]
    if found := tasks(slate, w, kind):
        lines += ["", w.gettext("Before you publish:")]
        lines += [line for one in found for line in wrap(f"- {shorten(plain(one.words), TASK)}", "  ")]
    if completeness.missing:
        lines += ["", w.gettext("Missing:")]
        for what in completeness.missing:
            lines += wrap(f"- {plain(what)}", "  ")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _head(slate: Slate, w: Words) -> str:
    """How many statements for how many people, and how much of the budget they use."""
    topic = plain(recorded(slate).source.topic)
    head = w.ngettext("%(n)s statement", "%(n)s statements", len(slate.statements))
    people = w.ngettext("%(n)s participant", "%(n)s participants", slate.n_agents)
    values = {"statements": head, "people": people, "used": used(w, slate)}
    if topic and not ended(topic):
        return w.gettext("%(topic)s: %(statements)s for %(people)s, %(used)s", topic=shorten(topic, MOST), **values)
    return sentences(shorten(topic, MOST), w.gettext("%(statements)s for %(people)s, %(used)s", **values))


def _seats(slate: Slate, w: Words, kind: Measured) -> list[str]:
    """The statements, each with its people: how many answered it, agreed, and are expected to agree."""
    if not slate.statements:
        return []
    audit = recorded(slate).audit
    figures = audit.per_statement if audit is not None else ()
    known = audit is not None and audit.certificate.known.answered >= 1
    heads = [w.gettext("people")]
    if figures:
        heads += _heads(w, kind, known=known)
    said = _said(slate)
    lines, marked = ["", f"{'':6}{'   '.join(f'{head:>6}' for head in heads)}"], False
    for number, place in enumerate(places(slate), start=1):
        statement = slate.statements[place]
        cells, weak = [w.count(len(statement.agents))], False
        if place < len(figures):
            one = figures[place]
            if kind in ("texts", "comparisons"):
                cells.append(figure(w, one.mean))
            else:
                weak = agreement.thin(slate, one)
                expected = "–" if one.expected is None else w.count(round(one.expected))
                cells += [w.count(one.approve)] if known else [w.count(one.answered), w.count(one.approve), expected]
        elif len(heads) > 1:
            cells += ["–"] * (len(heads) - 1)
        marked |= weak
        row = "   ".join(f"{cell:>{max(6, len(head))}}" for cell, head in zip(cells, heads, strict=True))
        lead = f"{number:>3}.  {row} {agreement.PREDICTED if weak else ' '} "
        lines += wrap(lead + shorten(plain(said(statement)), MOST), " " * len(lead))
        lines += _original(slate, statement, " " * len(lead), w, kind)
        lines += _other_wordings(slate, statement.id, " " * len(lead), w)
    if len(heads) > 3:
        lines += wrap(_legend(w, kind))
    if len(slate.statements) > 1 and audit is not None and audit.public is not None:
        lines += wrap(order_words(audit.public, w))
    if marked:
        lines += wrap(f"{agreement.PREDICTED} " + _marked(w, kind))
    return lines


def _said(slate: Slate) -> Callable[[SlateStatement], str]:
    """What a statement of the list says, as on the page: without a number of its own beside ours."""
    audit = recorded(slate).audit
    public = None if audit is None else audit.public
    languages = {} if public is None else {one.id: one.language for one in public.statements}
    numbering = Numbering([one.original or one.text for one in slate.statements])

    def said(one: SlateStatement) -> str:
        text = " ".join(one.text.split())
        return text if one.original else numbering.without(text, languages.get(one.id, ""))

    return said


def _heads(w: Words, kind: Measured, *, known: bool) -> list[str]:
    """The heads of the columns after the number of people."""
    if kind == "texts":
        return [w.gettext("mean similarity")]
    if kind == "comparisons":
        return [w.gettext("share they prefer it to")]
    agreed = {
        "votes": w.gettext("agreed"),
        "approvals": w.gettext("approved"),
        "ratings": w.gettext("above middle"),
        "points": w.gettext("gave points"),
        "rankings": w.gettext("upper half"),
    }.get(kind, w.gettext("for it"))
    if known:
        return [agreed]
    answered = {"votes": w.gettext("voted"), "scores": w.gettext("scored")}.get(kind, w.gettext("answered"))
    return [answered, agreed, w.gettext("expected")]


def _legend(w: Words, kind: Measured) -> str:
    if kind == "scores":
        return w.gettext(
            "scored: how many of its people were scored on it; for it: how many of these agree by these scores; "
            "expected: how many of its people agree, or are expected to."
        )
    if kind == "votes":
        return w.gettext(
            "voted: how many of its people voted on it; agreed: how many of these agreed; expected: how many of its "
            "people agree, or are expected to."
        )
    return w.gettext(
        "answered: how many of its people answered it; the next column: how many of these are for it; expected: how "
        "many of its people are, or are expected to be."
    )


def _marked(w: Words, kind: Measured) -> str:
    if kind == "scores":
        return w.gettext("Rests on predictions by more than half: fewer than half of its people were scored on it.")
    return w.gettext("Rests on predictions by more than half: fewer than half of its people have answered it.")


def _original(slate: Slate, statement: SlateStatement, indent: str, w: Words, kind: Measured) -> list[str]:
    """The wording that people answered, where the organiser edited the statement; never cut."""
    if not statement.original:
        return []
    return wrap(f"{indent}{agreement.edited(slate, w, kind)}: “{plain(statement.original)}”", indent)


def _other_wordings(slate: Slate, statement: str, indent: str, w: Words) -> list[str]:
    entries = barred.wordings(slate, statement)
    if not entries:
        return []
    words = w.gettext("also said as “%(text)s”", text=shorten(plain(entries[0].text), MOST // 2))
    if recorded(slate).source.answers:
        words += " " + w.ngettext("(%(n)s answer)", "(%(n)s answers)", entries[0].answers)
    if len(entries) > 1:
        words += w.gettext(", and %(n)s more", n=len(entries) - 1)
    return wrap(f"{indent}{words}", indent)


def wrap(text: str, indent: str = "", columns: int = COLUMNS) -> list[str]:
    """Wraps text to lines of at most that many terminal columns (wide characters take two), later ones indented.

    >>> wrap("1. more buses and fewer cars", "   ", 14)
    ['1. more buses', '   and fewer', '   cars']
    >>> wrap("1. 更多公交，更少汽车。", "   ", 14)
    ['1. 更多公交，', '   更少汽车。']
    """
    text = spelt(text)
    lead = text[: len(text) - len(text.lstrip(" "))]
    lines, line, used = [], lead, len(lead)
    start = used
    for word, glued in _words(text):
        wide = _columns(word)
        gap = 0 if glued or used == start or word[0] == " " else 1
        if used + gap + wide <= columns:
            line, used = line + " " * gap + word, used + gap + wide
            continue
        if used > start:
            lines.append(line)
            line, used = indent, len(indent)
        start = len(indent)
        word = word.lstrip()
        for character in word:
            if used + _columns(character) > columns:
                lines.append(line)
                line, used = indent, len(indent)
            line, used = line + character, used + _columns(character)
    return [*lines, line]


def _words(text: str) -> list[tuple[str, bool]]:
    """Splits a text into words, each with whether it stands without a space behind the one before.

    Runs of spaces inside it stay with the word that follows (they align figures).
    """
    words: list[tuple[str, bool]] = []
    spaces = 0
    for piece in text.strip().split(" "):
        if not piece:
            spaces += 1
            continue
        first, *others = _breakable(piece)
        words.append(((" " * (spaces + 1) if spaces else "") + first, False))
        words += [(other, True) for other in others]
        spaces = 0
    return words


def _breakable(piece: str) -> list[str]:
    """The parts of a word between which a line may end: letters of scripts without spaces, with their punctuation."""
    if piece.isascii():
        return [piece]
    parts: list[str] = []
    free = False
    for character in piece:
        alone = _columns(character) == 2 and not unicodedata.name(character, "").startswith("HANGUL")
        kind = unicodedata.category(character)
        follows = kind in ("Pe", "Pf", "Po", "Lm", "Cf") or kind.startswith("M")
        if parts and (follows or not (alone or free) or unicodedata.category(parts[-1][-1]) in ("Ps", "Pi", "Cf")):
            parts[-1] += character
        else:
            parts.append(character)
        free = alone
    return parts


def _columns(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
