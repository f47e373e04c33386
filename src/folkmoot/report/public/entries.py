"""The entries of the list: each statement with its bar, whom it stands for, and what says nearly the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from ...audits.public_records import Count, Listed, Public, Statement
from ...profile import Slate
from ...profile.page_options import PageOptions
from ...slates.public.numbering import Numbering
from ...slates.public.order import ordered
from ...slates.public.safe import FEW_PEOPLE, about, cells, share, small
from ...slates.public.whole import Whole, whole
from .bars import count_bar
from .kinds.base import HowMany, Kind, Part

#: Fewest people who said nothing of whom something is expected.
LEAST_SILENT = 10
#: Fewest people of whom a word says how many are for something whose number is left out: it has to leave several open.
WORDS_FROM = 10
PARTS: tuple[Part, ...] = ("agree", "against", "middle", "unseen")


@dataclass(frozen=True)
class Text:
    """A participant's text as it stands on the page.

    Args:
        words: the text; empty: its publisher hides it.
        language: its language, as the attribute has it; None: that of the page.
    """

    words: str
    language: str | None


@dataclass(frozen=True)
class Said:
    """A statement that says the same or nearly the same, with who is for it."""

    text: Text
    share: Markup


@dataclass(frozen=True)
class Entry:
    """One statement of the list.

    Args:
        number: its number, from 1.
        text: what it says.
        original: what people answered, where the organisers changed the wording; None: they did not.
        bar: the bar of what everybody said; empty where nobody voted.
        share: the share who are for it, as a line.
        stands: whom it stands for.
        expected: who of them is expected to be for it, as a clause after it; empty: nothing is said.
        same: what says the same, as somebody has checked.
        similar: what says nearly the same.
        cost: what it costs, as a line; empty where the budget counts no money.
        one: the figures.
    """

    number: int
    text: Text
    original: Text | None
    bar: Markup
    share: Markup
    stands: Markup
    expected: str
    same: tuple[Said, ...]
    similar: tuple[Said, ...]
    cost: str
    one: Listed


class Texts:
    """The texts that may be shown.

    Args:
        options: the decisions of the publisher.
        page: the language of the page.
        slate: the slate, whose wordings may be the organisers'.
    """

    def __init__(self, options: PageOptions, page: str, slate: Slate) -> None:
        self.hidden, self.page = frozenset(options.hidden), page
        self.slate: Mapping[str, tuple[str, str]] = {s.id: (s.text, s.original) for s in slate.statements}
        self.numbering = Numbering([s.original or s.text for s in slate.statements])

    def of(self, one: Statement) -> Text:
        """The text of a statement, in the organisers' words where they changed it; else without a number of its own."""
        if one.id in self.hidden:
            return Text("", None)
        text, original = self.slate.get(one.id, ("", ""))
        words = " ".join((text if original else one.text).split())
        return Text(words if original else self.numbering.without(words, one.language), self._language(one.language))

    def original(self, one: Statement) -> Text | None:
        """What people answered, where the organisers changed the wording."""
        _, original = self.slate.get(one.id, ("", ""))
        return Text(original, self._language(one.language)) if original and one.id not in self.hidden else None

    def _language(self, language: str) -> str | None:
        # An unknown language is said to be unknown, else a reader's program would pronounce it as the page's.
        return None if language == self.page.split("-")[0] else language


def _cost(kind: Kind, cost: int, currency: str | None) -> str:
    return kind.words.gettext("Cost: %(cost)s", cost=kind.words.money(cost, currency))


def entries(public: Public, kind: Kind, options: PageOptions, texts: Texts) -> tuple[Entry, ...]:
    """The list in the order of the page.

    Args:
        public: the figures.
        kind: the words for what people did.
        options: the decisions of the publisher.
        texts: the texts that may be shown.
    """
    found = []
    order = ordered(public)
    everybody = whole(public)
    hidden = frozenset(name for name, n in everybody.stands.items() if n is None)
    for number, one in enumerate(order, start=1):
        told = one.id in everybody.lines
        similar = [each for each in one.similar if each.id not in texts.hidden]
        confirmed = [each for each in similar if options.confirmed(one.id, each.id)]
        others = [each for each in similar if each not in confirmed]
        found.append(
            Entry(
                number=number,
                text=texts.of(one),
                original=texts.original(one),
                bar=count_bar(one.all, kind, 10, label(one.all, kind)) if kind.answered else Markup(),
                share=kind.share(share(one.all)) if kind.answered else Markup(),
                stands=withheld_number(kind, everybody) if one.id in hidden else stands(one, told, kind),
                expected=expected(one, kind) if told else "",
                same=tuple(Said(texts.of(each), _share(each, kind)) for each in confirmed),
                similar=tuple(Said(texts.of(each), _share(each, kind)) for each in others),
                cost=_cost(kind, one.cost, public.currency) if kind.money else "",
                one=one,
            )
        )
    return tuple(found)


def _share(one: Statement, kind: Kind) -> Markup:
    return kind.share(share(one.all)) if kind.answered else Markup()


def label(count: Count, kind: Kind) -> str:
    """A bar in words."""
    w, printed = kind.words, cells(count)
    if not kind.counts_people:
        parts = [f"{kind.part(part)}: {w.count(n)}" for part in kind.parts if (n := getattr(printed, part)) is not None]
        return w.gettext("%(parts)s.", parts="; ".join(parts))
    parts = [kind.counted_part(part, n) for part in kind.parts if (n := getattr(printed, part))]
    if printed.together:
        parts.append(w.ngettext("%(n)s other", "%(n)s others", printed.together))
    n = count.voted + count.unseen
    return w.ngettext("Of %(n)s person: %(parts)s.", "Of %(n)s people: %(parts)s.", n, parts=", ".join(parts))


def withheld_number(kind: Kind, everybody: Whole) -> Markup:
    """That the number of people a statement stands for may not be printed."""
    if everybody.fewer:
        return kind.words.markup("Stands for fewer than 5 people")
    return kind.words.markup("The number of people it stands for is left out, so that no small one can be worked out")


def stands(one: Listed, told: bool, kind: Kind) -> Markup:
    """Whom a statement stands for, without a figure that speaks of fewer than five people.

    Args:
        one: the statement.
        told: whether it may be printed how many of its people said what.
        kind: the words for what people did.
    """
    w, n = kind.words, one.people
    if not n:
        return w.markup("Stands for nobody")
    how = _how(one, kind) if told else _roughly(one, kind)
    if not how:
        return w.nmarkup("Stands for <b>%(n)s</b> person", "Stands for <b>%(n)s</b> people", n)
    return w.nmarkup("Stands for <b>%(n)s</b> person: %(how)s", "Stands for <b>%(n)s</b> people: %(how)s", n, how=how)


def _how(one: Listed, kind: Kind) -> str:
    """How many of its people said what."""
    own = one.own
    if own.agree == one.people:
        return kind.how_many("all")
    if own.unseen == one.people and kind.answered:
        return kind.how_many("none")
    if not kind.answered:
        words = [kind.how_many(how_many(own.agree, one.people))]
        return ", ".join([*words, kind.counted_part("unseen", own.unseen)] if own.unseen else words)
    parts = [kind.counted_part(part, n) for part in PARTS if (n := getattr(own, part))]
    return ", ".join(parts if own.agree else [kind.how_many("nobody"), *parts])


def _roughly(one: Listed, kind: Kind) -> str:
    """The same in words that leave the numbers open; empty where too few numbers would be left."""
    own = one.own
    if one.people < WORDS_FROM and kind.answered:
        return ""
    # Where even "all" would give a number away, "most" is as true.
    words = [kind.how_many("most" if own.agree == one.people else how_many(own.agree, one.people))]
    if 2 * own.unseen > one.people:
        words.append(kind.mostly_silent())
    return ", ".join(words)


def how_many(part: int, whole: int) -> HowMany:
    """How many of ten or more people, in a word that many numbers share: else it would be a figure.

    >>> [how_many(part, 50) for part in (0, 1, 25, 26, 44, 45, 49, 50)]
    ['nobody', 'some', 'some', 'most', 'most', 'nearly all', 'nearly all', 'all']
    >>> how_many(38, 39)
    'most'
    """
    if part in (0, whole):
        return "all" if part else "nobody"
    if 10 * part >= 9 * whole and whole >= FEW_PEOPLE:
        return "nearly all"
    return "most" if 2 * part > whole else "some"


def expected(one: Listed, kind: Kind) -> str:
    """Who is expected to be for the statement, of those it stands for who said nothing of it."""
    if not kind.answered:
        return ""
    silent = one.own.unseen
    if silent < LEAST_SILENT:
        return ""
    if one.expected > 0.9 * silent:
        return kind.expected("nearly all", 0)
    n = about(one.expected, silent)
    if one.expected < 0.2 * silent or small(n) or not n:
        return kind.expected("some", 0)
    return kind.expected("most", n)
