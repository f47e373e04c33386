"""The plain-text summary for the terminal: about one screen, without control sequences."""

from __future__ import annotations

import unicodedata

from ..profile import Slate, SlateStatement
from ..slates.recorded import recorded
from ..slates.view import View
from . import agreement, barred, certificate
from .answers import weights_in_brief
from .facts import Facts
from .refinement import refined
from .status import status
from .words import count, figure, plain, shorten, some, spelt, voice

COLUMNS = 100
MOST = 240


def summary(reported: View | Slate) -> str:
    """A slate in plain text: completeness, statements, refinement, certificate, the least well represented.

    Args:
        reported: a slate, or the view of one.

    Returns:
        Lines of at most 100 columns, ending in a newline. Control characters, escapes and bidi overrides of the
        source are spelt out (``\\x1b``), so that printing it is safe.
    """
    slate = reported.slate if isinstance(reported, View) else reported
    audit, source = recorded(slate).audit, recorded(slate).source
    votes = source.answers is None or source.answers > 0
    completeness = status(slate, reported.profile if isinstance(reported, View) else None)
    lines = [line for words in completeness.lines for line in wrap(plain(words))]
    cautions = Facts(reported).cautions if isinstance(reported, View) else ()
    for note in (*cautions, *(audit.notes if audit is not None else ())):
        lines += wrap(f"Note: {plain(note)}", "      ")
    topic = plain(source.topic)
    used = (
        f"{count(slate.cost)} of {count(slate.budget)} {slate.unit}" if slate.budget else f"{slate.cost} {slate.unit}"
    )
    people = some(slate.n_agents, "participant")
    head = f"{some(len(slate.statements), 'statement')} for {people}, {used}"
    if slate.unit == "statements" and slate.cost == slate.budget:
        head = f"{some(len(slate.statements), 'statement')} for {people}, as many as the budget allows"
    lines += ["", *wrap(f"{shorten(topic, MOST)}: {head}" if topic else head)]
    lines += _seats(slate, votes=votes)
    if refinement := refined(slate, votes=votes):
        lines += ["", *wrap(refinement)]
    for sentence in weights_in_brief(slate):
        lines += ["", *wrap(sentence)]
    lines += ["", *wrap(certificate.verdict(slate, votes=votes))]
    lines += [line for words in certificate.turns(slate) for line in wrap(words)]
    lines += [line for words in (*barred.sentences(slate), agreement.popular(slate)) if words for line in wrap(words)]
    if words := agreement.divisive(slate):
        lines += ["", *wrap(shorten(words, 3 * MOST))]
    least = audit.least if audit is not None else ()
    if least:
        word = "utility" if votes else "similarity"
        lowest = "no statement" if least[0].utility is None else f"{word} {figure(least[0].utility)}"
        lines += [
            "",
            *wrap(
                f"Least well represented: {shorten(plain(least[0].agent), 40)} ({lowest}); "
                f"the report shows {some(len(least), 'person', 'people')} and what they said."
            ),
        ]
    if completeness.missing:
        lines += ["", "Missing:"]
        for what in completeness.missing:
            lines += wrap(f"- {plain(what)}", "  ")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _seats(slate: Slate, *, votes: bool) -> list[str]:
    """The statements, each with its people: how many answered it, agreed, and are expected to agree."""
    if not slate.statements:
        return []
    audit = recorded(slate).audit
    figures = audit.per_statement if audit is not None else ()
    known = audit is not None and audit.certificate.known.answered >= 1
    heads = ["people"]
    if not votes:
        heads += ["mean similarity"] if figures else []
    elif figures:
        scored = not voice(slate).people
        heads += ["agree"] if known else ["scored" if scored else agreement.verb(slate), "agreed", "expected"]
    lines, marked = ["", f"{'':6}{'   '.join(f'{head:>6}' for head in heads)}"], False
    for place, statement in enumerate(slate.statements):
        cells = [count(len(statement.agents))]
        weak = False
        if place < len(figures):
            one = figures[place]
            weak = votes and agreement.thin(slate, one)
            expected = "–" if one.expected is None else count(round(one.expected))
            if not votes:
                cells.append(figure(one.mean))
            else:
                cells += [count(one.approve)] if known else [count(one.answered), count(one.approve), expected]
        elif len(heads) > 1:
            cells += ["–"] * (len(heads) - 1)
        marked |= weak
        row = "   ".join(f"{cell:>{max(6, len(head))}}" for cell, head in zip(cells, heads, strict=True))
        lead = f"{place + 1:>3}.  {row} {agreement.PREDICTED if weak else ' '} "
        lines += wrap(lead + shorten(plain(statement.text), MOST), " " * len(lead))
        lines += _original(slate, statement, " " * len(lead))
        lines += _other_wordings(slate, statement.id, " " * len(lead))
    if "expected" in heads:
        what = "were scored on" if not voice(slate).people else "answered"
        agree = "agreed" if voice(slate).people else "agree by these scores"
        lines += wrap(
            f"{heads[1]}: how many of its people {what} it; agreed: how many of these {agree}; expected: how many of "
            "its people agree, or are expected to."
        )
    if marked:
        answered = "scored on it" if not voice(slate).people else "answered it"
        lines += wrap(
            f"{agreement.PREDICTED} Rests on predictions by more than half: fewer than half of its people "
            f"{'were' if not voice(slate).people else 'have'} {answered}."
        )
    return lines


def _original(slate: Slate, statement: SlateStatement, indent: str) -> list[str]:
    """The wording that people answered, where the organiser edited the statement; never cut."""
    if not statement.original:
        return []
    return wrap(f"{indent}{agreement.edited(slate)}: “{plain(statement.original)}”", indent)


def _other_wordings(slate: Slate, statement: str, indent: str) -> list[str]:
    entries = barred.wordings(slate, statement)
    if not entries:
        return []
    first = shorten(plain(entries[0].text), MOST // 2)
    more = f", and {count(len(entries) - 1)} more" if len(entries) > 1 else ""
    answers = f" ({some(entries[0].answers, 'answer')})" if recorded(slate).source.answers else ""
    words = f"also said as “{first}”{answers}{more}"
    return wrap(f"{indent}{words}", indent)


def wrap(text: str, indent: str = "", columns: int = COLUMNS) -> list[str]:
    """Wraps text to lines of at most that many terminal columns (wide characters take two), later ones indented.

    >>> wrap("1. more buses and fewer cars", "   ", 14)
    ['1. more buses', '   and fewer', '   cars']
    """
    text = spelt(text)
    lead = text[: len(text) - len(text.lstrip(" "))]
    lines, line, used = [], lead, len(lead)
    start = used
    for word in _words(text):
        wide = _columns(word)
        gap = 1 if used > start and word[0] != " " else 0
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


def _words(text: str) -> list[str]:
    """Splits a text into words; runs of spaces inside it stay with the word that follows (they align figures)."""
    words: list[str] = []
    spaces = 0
    for piece in text.strip().split(" "):
        if not piece:
            spaces += 1
            continue
        words.append((" " * (spaces + 1) if spaces else "") + piece)
        spaces = 0
    return words


def _columns(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
