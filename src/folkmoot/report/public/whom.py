"""Whom the list speaks for: who is for the statement that stands for them, by their own votes and as expected."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ...audits.public_records import Public
from ...slates.public.safe import LEAST, about, small, withheld
from ...slates.public.whole import Whole, whole
from .bars import OTHERS, bar
from .entries import LEAST_SILENT
from .kinds.base import Kind


@dataclass(frozen=True)
class Whom:
    """The section on whom the list speaks for.

    Args:
        figure: the first figure, a share.
        headline: what it is a share of, with what must be said beside it.
        bar: everybody in one bar.
        legend: class and name of each part of the bar.
        lines: the paragraphs below it.
    """

    figure: str
    headline: Markup
    bar: Markup
    legend: tuple[tuple[str, str], ...]
    lines: tuple[Markup, ...]


@dataclass(frozen=True)
class Sums:
    """Everybody by what they said of the statement that stands for them.

    Args:
        agree: how many are for it; the next four are the others, who are all people together.
        middle: how many are neither.
        against: how many are against it.
        unseen: how many said nothing of it.
        left_over: for how many there is none.
        expected: how many of those who said nothing are expected to be for it.
    """

    agree: int
    middle: int
    against: int
    unseen: int
    left_over: int
    expected: float

    @property
    def all(self) -> int:
        """Everybody."""
        return self.agree + self.middle + self.against + self.unseen + self.left_over


def sums(public: Public) -> Sums:
    """Everybody by what they said of the statement that stands for them."""
    own = [one.own for one in public.statements]
    return Sums(
        sum(one.agree for one in own),
        sum(one.middle for one in own),
        sum(one.against for one in own),
        sum(one.unseen for one in own),
        public.left_over,
        sum(one.expected for one in public.statements),
    )


def whom(public: Public, kind: Kind, chosen: bool = True) -> Whom:
    """The section on whom the list speaks for.

    Args:
        public: the figures.
        kind: the words for what people did.
        chosen: whether the list was chosen, so that it may be compared with another one.
    """
    w, people = kind.words, sums(public)
    shown = whole(public)
    agree, middle, against, silent, left = shown.agree, shown.middle, shown.against, shown.unseen, shown.left_over
    sentences = [kind.headline(agree, people.all)]
    if _withheld_large(against, people.against) or _withheld_large(middle, people.middle):
        if None in (agree, silent, left):
            # Their sum would give away what else is left out.
            sentences.append(w.markup("Some people are counted for something that they did not say they are for."))
        else:
            sentences.append(Markup.escape(kind.not_for(people.against + people.middle)))
    else:
        sentences += [Markup.escape(one) for one in kind.against(against, middle)]
    if left is None:
        sentences.append(w.markup("Some people are counted for nothing on the list."))
    elif left:
        sentences.append(
            w.nmarkup(
                "%(n)s person is counted for nothing on the list.",
                "%(n)s people are counted for nothing on the list.",
                left,
            )
        )
    lines = [*_silent(people, silent, kind), *_compared(public, people, agree, kind, chosen)]
    drawn, legend = _bar(people, shown, kind)
    return Whom(
        figure=_figure(people, shown, kind),
        headline=Markup(" ").join(sentences),
        bar=drawn,
        legend=legend,
        lines=tuple(lines),
    )


def _withheld_large(shown: int | None, n: int) -> bool:
    """Whether a number is left out only because a smaller one could be worked out from it: it is not "a few"."""
    return shown is None and not small(n)


def _figure(people: Sums, shown: Whole, kind: Kind) -> str:
    """The share of all people, so that it gives no small count away."""
    w, others = kind.words, people.all - people.agree
    if people.all <= LEAST and (small(people.agree) or small(others)):
        return "–"
    if small(people.agree):
        return w.gettext("under %(share)s", share=w.whole_percent(-(-500 // people.all)))
    if small(others):
        return w.gettext("over %(share)s", share=w.whole_percent(100 * (people.all - 5) // people.all))
    if shown.agree is None:
        return "–"
    return w.percent(people.agree, people.all)


def _silent(people: Sums, silent: int | None, kind: Kind) -> list[Markup]:
    """Those who said nothing of the statement that stands for them, and what is expected of them."""
    w = kind.words
    if not silent or not kind.answered:
        return []
    words = [kind.silent(silent)]
    if silent >= LEAST_SILENT:
        yes = about(people.expected, silent)
        no = about(silent - yes, silent)
        if yes and not small(yes):
            words.append(Markup.escape(kind.silent_expected(yes)))
        if no and not small(no):
            words.append(w.nmarkup("For about %(n)s we do not expect it.", "For about %(n)s we do not expect it.", no))
    return [Markup(" ").join(words)]


def _compared(public: Public, people: Sums, agree: int | None, kind: Kind, chosen: bool) -> list[Markup]:
    """The list beside that of the statements with the most support: printed whichever is better."""
    w, other = kind.words, public.popular if chosen else None
    found = []
    if other is not None and other.same:
        found.append(w.markup("This list is that of the statements with the most support: both are the same."))
    elif other is not None:
        words = _more_or_fewer(other.agree, people, agree, kind)
        if small(other.left_over):
            words.append(w.markup("A few people would be counted for nothing at all."))
        elif not other.left_over and people.left_over:
            words.append(w.markup("Everybody would be counted for something."))
        elif other.left_over:
            words.append(
                w.nmarkup(
                    "%(n)s person would be counted for nothing at all.",
                    "%(n)s people would be counted for nothing at all.",
                    other.left_over,
                )
            )
        if 0 < other.left_over < people.left_over:
            words.append(w.markup("That is fewer than on this list."))
        found.append(Markup(" ").join(words))
    weight = public.by_weight
    if weight is not None:
        share = w.percent(weight.agree, weight.total)
        found.append(
            w.markup(
                "Not everybody counts the same here: people have different weights, and the list was chosen by them. "
                "By weight the first figure is %(share)s. All other figures count people.",
                share=share,
            )
        )
    return found


def _more_or_fewer(theirs: int, people: Sums, agree: int | None, kind: Kind) -> list[Markup]:
    """How many would be for theirs on the list with the most support; without the number where it gives one away."""
    w = kind.words
    if small(theirs) or small(people.all - theirs) or (agree is None and theirs == people.agree):
        if theirs > people.agree:
            return [w.markup("For comparison: a list of the most supported would do better on this count.")]
        if theirs == people.agree:
            return [w.markup("For comparison: a list of the most supported would do equally well on this count.")]
        return [w.markup("For comparison: a list of the most supported would do less well on this count.")]
    words = [kind.popular(theirs, None if theirs == agree else agree)]
    if theirs > people.agree:
        words.append(w.markup("On this count that list would do better."))
    elif theirs == people.agree:
        words.append(w.markup("On this count both do equally well."))
    return words


def _bar(people: Sums, shown: Whole, kind: Kind) -> tuple[Markup, tuple[tuple[str, str], ...]]:
    """Everybody in one bar; what may not be printed is one part of no kind."""
    w = kind.words
    yes = min(people.unseen, about(people.expected, people.unseen)) if people.unseen >= LEAST_SILENT else 0
    silent = kind.legend("silent") if people.unseen or not people.left_over else w.gettext("counted for nothing")
    parts = [
        ("a", people.agree, kind.legend("agree")),
        ("x", yes, kind.legend("expected") if kind.answered else ""),
        ("p", people.middle, kind.legend("middle")),
        (kind.colours["against"], people.against, kind.legend("against")),
        ("u", people.unseen - yes + people.left_over, silent),
    ]
    last = shown.unseen is None or shown.left_over is None
    also = [shown.agree is None, False, shown.middle is None, shown.against is None, last]
    out = withheld([size for _, size, _ in parts], also)
    if 0 in out and people.all > LEAST:
        # Nearly everybody is for theirs, or nearly nobody: as much as the figure says is drawn.
        agree = LEAST if small(people.agree) else people.all - LEAST
        if not small(people.agree) and not small(people.all - people.agree):
            name = w.gettext("too few to tell apart")
            return bar([(OTHERS, 1)], 16, name), ((OTHERS, name),)
        drawn = [("a", agree, parts[0][2]), (OTHERS, people.all - agree, w.gettext("others"))]
        return bar(
            [(css, size) for css, size, _ in drawn], 16, f"{parts[0][2]}: {_figure(people, shown, kind)}."
        ), tuple((css, name) for css, _, name in drawn)
    drawn = [part for at, part in enumerate(parts) if at not in out and part[1]]
    if out:
        drawn.append((OTHERS, sum(parts[at][1] for at in out), w.gettext("others")))
    said = "; ".join(f"{name}: {w.percent(size, people.all)}" for _, size, name in drawn)
    return bar([(css, size) for css, size, _ in drawn], 16, f"{said}."), tuple((css, name) for css, _, name in drawn)
