"""The page for the public as one self-contained HTML file: no script, no request, nobody named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from ...audits.public_records import Listed, Public
from ...profile import InputError, Slate
from ...profile.page_options import PageOptions
from ...slates.public.downloads import slate_public_json, statements_csv
from ...slates.public.order import equal, ordered
from ...slates.public.safe import alone, cells
from ...slates.recorded import recorded
from ..templating import TEMPLATES as ALL
from ..templating import templates
from ..translations import Words, known, words
from ..unchosen import everything, unchosen
from ..words import clean, ended
from .bars import OTHERS
from .declared import declared, explained
from .entries import Entry, Texts, entries
from .kinds import kind_of
from .kinds.base import Kind
from .limits import Limits
from .logo import data_uri
from .method import Method
from .opinions import clear, names, opinions, rows
from .whom import whom

TEMPLATES = ALL / "public"
#: From so many statements or words on the first page in print leaves out what is not needed there.
MANY, MANY_WORDS = 18, 170
VERY_MANY, VERY_MANY_WORDS = 26, 320
_MAIL = re.compile(r"[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"']+")


@dataclass(frozen=True)
class Pages:
    """What is published: the page and what can be downloaded with it.

    Args:
        html: the page.
        table: the list as a table (CSV).
        slate: the list for the program (JSON).
    """

    html: str
    table: str
    slate: str


def render_public(slate: Slate, options: PageOptions | None = None, *, speech: Words | None = None) -> Pages:
    """The page for the public; the same slate and options give the same bytes.

    Args:
        slate: a slate with its audit, of a run or read from its file.
        options: what the page says of itself, and what its publisher decided.
        speech: the language; None: the one that ``options`` name, or that of the source.

    Raises:
        InputError: the slate was not audited, a statement is named that the page does not have, the language is not
            there, or the logo is no picture.
    """
    options = options or PageOptions()
    public = clear(public_of(slate))
    speech = speech or words(language(options, public))
    _refuse_unknown(options, shown(slate))
    kind = kind_of(public, speech, slate.unit)
    texts = Texts(options, speech.code, slate)
    listed = entries(public, kind, options, texts)
    order: list[Listed] = ordered(public)
    table = statements_csv(public, slate, order, options)
    beside = slate_public_json(public, slate, order, options)
    content = _content(slate, public, kind, options, texts, listed)
    content |= {"table_uri": _uri("text/csv", table), "slate_uri": _uri("application/json", beside)}
    return Pages(templates(speech, TEMPLATES).get_template("page.html").render(**content), table, beside)


def public_of(slate: Slate) -> Public:
    """The figures of a slate.

    Raises:
        InputError: there are none.
    """
    audit = recorded(slate).audit
    if audit is None or audit.public is None:
        raise InputError("this slate records no figures for the public; audit it again with this version")
    return audit.public


def language(options: PageOptions, public: Public) -> str:
    """The language of the page: the one that is asked for, that of the source if there is a translation, or English."""
    if options.lang:
        return options.lang
    return public.language if public.language and known(public.language) else "en"


def shown(slate: Slate) -> frozenset[str]:
    """Ids of all statements that the page of a slate can show, or name in the file for the program.

    Raises:
        InputError: the slate was not audited.
    """
    options = recorded(slate).process.options
    return frozenset((*_shown(public_of(slate)), *options.locked_in, *options.locked_out))


def _shown(public: Public) -> Iterator[str]:
    for one in public.statements:
        yield one.id
        yield from (each.id for each in one.similar)
    for group in public.groups.groups:
        yield from (mark.id for mark in group.marks)
    if public.divided is not None:
        yield public.divided.id


def _refuse_unknown(options: PageOptions, there: frozenset[str]) -> None:
    named = [("hidden", name) for name in options.hidden]
    named += [("same", name) for group in options.groups for name in sorted(group)]
    for option, name in named:
        if name not in there:
            raise InputError(f"`{option}` names statement {name!r}, which stands nowhere on the page; leave it out")


def _content(
    slate: Slate, public: Public, kind: Kind, options: PageOptions, texts: Texts, listed: tuple[Entry, ...]
) -> dict[str, Any]:
    w = kind.words
    method = Method(slate, public, kind, options, texts)
    title = options.title or public.topic or w.gettext("What people said")
    question = options.question or public.question
    heading = kind.title(len(listed), public.people)
    foreign = "" if public.language == w.code.split("-")[0] else public.language
    table = rows(public, kind, listed) if kind.answered else ()
    length = sum(len(entry.text.words.split()) for entry in listed)
    size = "very-long" if len(listed) > VERY_MANY or length > VERY_MANY_WORDS else ""
    size = size or ("long" if len(listed) > MANY or length > MANY_WORDS else "")
    return {
        "css": Markup((TEMPLATES / "page.css").read_text(encoding="utf-8")),  # noqa: S704 our own
        "title": clean(title),
        "title_ended": ended(title),
        "title_lang": None if options.title or not public.topic else foreign,
        "question": clean(question),
        "question_lang": None if options.question else foreign,
        "publisher": clean(options.publisher),
        "published": w.day(options.day) if options.day else "",
        "year": str(options.day.year) if options.day else "",
        "logo": data_uri(options.logo) if options.logo else "",
        "heading": heading,
        "meta": _meta(public, kind),
        "unchosen": kind.nothing_chosen(n, everything(slate)) if (n := unchosen(slate)) else "",
        "lead": _lead(slate, public, kind, foreign),
        "demo": method.demo,
        "judged": method.judged,
        "unfinished": bool(recorded(slate).process.unfinished),
        "kind": kind,
        "parts": _key(public, kind),
        "counts_people": kind.counts_people,
        "people": public.people,
        "entries": listed,
        "alone": alone(public),
        "whom": whom(public, kind, not unchosen(slate)) if public.statements else None,
        "groups": opinions(public, kind, listed, texts) if kind.answered else None,
        "declared": declared(public, kind),
        "declared_means": explained(kind),
        "entry": _entry(kind),
        "heads": [w.gettext("All"), *names(public, kind)] if len(public.groups.groups) <= 4 else [w.gettext("All")],
        "count_heads": [kind.part(part) for part in kind.parts],
        "rows": table,
        "rounded": any("≈" in cell.of for row in table for cell in row.cells),
        "size": size,
        "method": method,
        "limits": Limits(method).all(),
        "options": options,
        "mail": options.contact if _MAIL.fullmatch(options.contact.strip()) else "",
        "credits": [clean(credit) for credit in public.credits],
        "version": slate.version,
        # What is hidden is not in the file, so the program could not find it again.
        "again": bool(recorded(slate).process.id)
        and public.asked != "scores"
        and not any(one.id in options.hidden for one in public.statements),
    }


def _entry(kind: Kind) -> str:
    w = kind.words
    if kind.money:
        return w.gettext("Project")
    return w.gettext("Statement") if kind.of_statements else w.gettext("Entry")


def _key(public: Public, kind: Kind) -> list[tuple[str, str]]:
    """Class and name of every part that some bar of the list has."""
    printed = [cells(one.all) for one in public.statements]
    found = [(kind.colours[part], kind.part(part)) for part in kind.parts if any(getattr(one, part) for one in printed)]
    if kind.parts and any(one.together for one in printed):
        found.append((OTHERS, kind.words.gettext("too few to tell apart")))
    return found


def _meta(public: Public, kind: Kind) -> Markup:
    w, n = kind.words, public.people
    if public.days is not None:
        days = w.span(date.fromisoformat(public.days[0]), date.fromisoformat(public.days[1]))
        first = w.nmarkup("%(n)s person took part, %(days)s.", "%(n)s people took part, %(days)s.", n, days=days)
    else:
        first = w.nmarkup("%(n)s person took part.", "%(n)s people took part.", n)
    return Markup(" ").join([first, Markup.escape(kind.said(public.said, public.published))])


def _lead(slate: Slate, public: Public, kind: Kind, foreign: str) -> Markup:
    w = kind.words
    if not public.statements:
        return Markup()
    if len(public.statements) == 1:
        words = []
    elif equal(public) and public.by_weight is not None:
        words = [w.markup("Each stands for an equal share of people, counted by their weight.")]
    elif equal(public):
        words = [w.markup("Each stands for an equal share of the people.")]
    elif kind.money:
        words = [w.markup("Each stands for a number of people: the more it costs, the more.")]
    else:
        words = [w.markup("Each stands for a number of people: the longer it is, the more.")]
    if foreign:
        words.append(w.markup("Their words are in the language in which they were written."))
    return Markup(" ").join(words)


def _uri(kind: str, text: str) -> str:
    return f"data:{kind};charset=utf-8,{quote(text, safe='')}"
