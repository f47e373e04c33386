"""Groups of opinion and the table of who is for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from ...audits.public_records import Mark, OpinionGroups, Public, Statement
from ...slates.public.safe import Share, cells, group_shares, share, small
from .bars import bar
from .entries import Entry, Text, Texts
from .kinds.base import Kind

#: Statements that tell a group apart.
MARKS = 3
#: From so many people on a number that may not be printed is rounded to tens.
ROUNDED = 50
#: Groups that have a column in the table.
COLUMNS = 4


@dataclass(frozen=True)
class Line:
    """The share of one group."""

    name: str
    figure: str
    bar: Markup


@dataclass(frozen=True)
class Quote:
    """A statement with the shares of all groups."""

    text: Text
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Group:
    """A group with what tells it apart.

    Args:
        title: its name and size.
        bar: its share of all people.
        quotes: what it is for more often than the others.
    """

    title: str
    bar: Markup
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Groups:
    """The section on groups.

    Args:
        title: the heading.
        intro: the sentences below it.
        marks: the line above the statements of each group.
        groups: the groups; empty: there are none.
        pairs: name, text and shares of the statements that all groups are for most, and that they differ most on.
    """

    title: str
    intro: tuple[Markup, ...]
    marks: str = ""
    groups: tuple[Group, ...] = ()
    pairs: tuple[tuple[str, Text, str], ...] = ()


@dataclass(frozen=True)
class Cell:
    """One share of the table; ``of`` is how many it is out of, empty where that may not be printed."""

    figure: str
    of: str
    bar: Markup


@dataclass(frozen=True)
class Row:
    """One statement of the table, with its shares and its counts (empty text: too few people to say)."""

    number: int
    text: Text
    cells: tuple[Cell, ...]
    counts: tuple[str, ...]


def names(public: Public, kind: Kind, brief: bool = False) -> tuple[str, ...]:
    """What the groups are called, largest first; in brief where the line says that these are groups."""
    w, sizes = kind.words, _sizes(public)
    n = len(sizes)
    two = n == 2 and sizes[0] != sizes[1]
    if two and brief:
        return w.gettext("larger"), w.gettext("smaller")
    if two:
        return w.gettext("Larger group"), w.gettext("Smaller group")
    return tuple(w.gettext("Group %(letter)s", letter=chr(ord("A") + place)) for place in range(n))


def _sizes(public: Public) -> list[int]:
    """The sizes of the groups as they are printed: rounded where they would give away who is in none."""
    sizes = [group.people for group in public.groups.groups]
    return [10 * ((size + 5) // 10) for size in sizes] if small(public.groups.outside) else sizes


def clear(public: Public) -> Public:
    """The figures without groups of opinion if only one of them, or none, is told apart by some statement.

    Args:
        public: the figures.
    """
    if not public.groups.groups or sum(1 for group in public.groups.groups if group.marks) > 1:
        return public
    return replace(public, groups=OpinionGroups("unclear"))


def opinions(public: Public, kind: Kind, entries: Sequence[Entry], texts: Texts) -> Groups | None:
    """The section on groups; None where nobody voted.

    Args:
        public: the figures.
        kind: the words for what people did.
        entries: the list in the order of the page.
        texts: the texts that may be shown.
    """
    w, found = kind.words, public.groups
    if found.why_not == "nobody voted":
        return None
    if not found.groups:
        if found.why_not == "few people":
            why = w.markup("So few people took part, or said so little, that groups of opinion cannot be told.")
        else:
            why = w.markup("There are no clear groups: people's opinions lie between many positions.")
        return Groups(w.gettext("Groups of opinion"), (why,))
    called, sizes = names(public, kind), _sizes(public)
    brief = names(public, kind, brief=True)
    rounded = small(found.outside)
    groups = []
    for place, (name, size) in enumerate(zip(called, sizes, strict=True)):
        if rounded:
            title = w.ngettext("%(name)s: about %(n)s person", "%(name)s: about %(n)s people", size, name=name)
        else:
            title = w.ngettext("%(name)s: %(n)s person", "%(name)s: %(n)s people", size, name=name)
        drawn = bar([(f"g{place}", size), ("o", public.people - size)], 8)
        quotes = tuple(_quote(mark, brief, kind, texts) for mark in picked(found.groups[place].marks, texts))
        groups.append(Group(title, drawn, quotes))
    return Groups(
        title=_title(len(sizes), kind),
        intro=tuple(_intro(public, kind, entries)),
        marks=kind.marks(),
        groups=tuple(groups),
        pairs=tuple(_pairs(called, kind, entries)),
    )


def _title(n: int, kind: Kind) -> str:
    w = kind.words
    named = {
        2: w.gettext("Two groups of opinion"),
        3: w.gettext("Three groups of opinion"),
        4: w.gettext("Four groups of opinion"),
    }
    return named.get(n) or w.ngettext("%(n)s group of opinion", "%(n)s groups of opinion", n)


def picked(marks: Sequence[Mark], texts: Texts) -> list[Mark]:
    """The clearest statements of a group that are not hidden, at most one on each subject."""
    found: list[Mark] = []
    for mark in marks:
        taken = {stem for one in found for stem in one.subject}
        if mark.id not in texts.hidden and not taken & set(mark.subject):
            found.append(mark)
        if len(found) == MARKS:
            break
    return found


def _quote(one: Statement, called: Sequence[str], kind: Kind, texts: Texts) -> Quote:
    shares = group_shares(one)
    percent = _percent(shares, kind)
    named = enumerate(zip(called, shares, strict=True))
    return Quote(texts.of(one), tuple(_line(name, place, part, kind, percent) for place, (name, part) in named))


def _percent(shares: Sequence[Share], kind: Kind) -> bool:
    """Whether one of several shares is printed in percent, so that all have to be."""
    return any(one.kind != "none" and not kind.counted(one) for one in shares)


def _line(name: str, place: int, part: Share, kind: Kind, percent: bool) -> Line:
    if part.kind == "none":
        return Line(name, "–", Markup())
    return Line(name, kind.figure(part, percent), bar([(f"g{place}", part.part), ("o", part.whole - part.part)], 8))


def _intro(public: Public, kind: Kind, entries: Sequence[Entry]) -> list[Markup]:
    found, w = public.groups, kind.words
    words = [Markup.escape(kind.groups())]
    n = len(entries)
    # What the table leaves out is not counted either: it would tell of a few people, and nobody could check it.
    seen = [entry.one for entry in entries if all(part.kind != "none" for part in group_shares(entry.one))]
    shared = sum(1 for one in seen if all(2 * group.agree > group.voted for group in one.groups))
    if n > 1 and (shared or len(seen) == n):
        some = kind.some(shared, n)
        if shared < n and len(seen) < n:
            some = w.gettext("at least %(some)s", some=some)
        words.append(Markup.escape(kind.common(some, len(found.groups))))
    if small(found.outside):
        words.append(w.markup("A few people said too little to tell and are in no group."))
    elif found.outside:
        words.append(Markup.escape(kind.outside(found.outside, found.least)))
    return [Markup(" ").join(words)]


def _pairs(called: Sequence[str], kind: Kind, entries: Sequence[Entry]) -> list[tuple[str, Text, str]]:
    """The statements of the list that all groups are for most, and on which they are furthest apart."""
    shares = [group_shares(entry.one) for entry in entries]
    known = [at for at, row in enumerate(shares) if entries[at].text.words and all(one.kind != "none" for one in row)]
    if not known:
        return []

    def figures(at: int) -> list[float]:
        return [one.part / one.whole for one in shares[at]]

    def said(at: int) -> str:
        percent = _percent(shares[at], kind)
        parts = (f"{name}: {kind.figure(one, percent)}" for name, one in zip(called, shares[at], strict=True))
        return "; ".join(parts) + "."

    most = max(known, key=lambda at: min(figures(at)))
    apart = max(known, key=lambda at: max(figures(at)) - min(figures(at)))
    found = []
    if min(figures(most)) > 0.5:
        found.append((kind.most_common(), entries[most].text, said(most)))
    if apart != most:
        found.append((kind.words.gettext("Furthest apart on this list:"), entries[apart].text, said(apart)))
    return found


def rows(public: Public, kind: Kind, entries: Sequence[Entry]) -> tuple[Row, ...]:
    """The table: everybody and each of up to four groups."""
    with_groups = 0 < len(public.groups.groups) <= COLUMNS
    found = []
    for entry in entries:
        own = group_shares(entry.one) if with_groups else ()
        every = [share(entry.one.all), *own]
        percent = _percent(every, kind)
        shown = [_cell(part, f"g{at - 1}" if at else "a", kind, percent) for at, part in enumerate(every)]
        printed = cells(entry.one.all)
        counts = (getattr(printed, part) for part in kind.parts)
        written = tuple("–" if n is None else kind.words.count(n) for n in counts)
        found.append(Row(entry.number, entry.text, tuple(shown), written))
    return tuple(found)


def _cell(part: Share, css: str, kind: Kind, percent: bool) -> Cell:
    if part.kind == "none":
        return Cell("–", "", Markup())
    w = kind.words
    if part.of:
        of = "" if kind.counted(part) and not percent else w.gettext("of %(n)s", n=part.whole)
    else:
        of = "" if part.whole < ROUNDED else w.gettext("of ≈%(n)s", n=10 * ((part.whole + 5) // 10))
    return Cell(kind.figure(part, percent), of, bar([(css, part.part), ("o", part.whole - part.part)], 6))
