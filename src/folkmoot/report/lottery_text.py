"""One statement drawn by lot, for the terminal: chances, what every group may expect, and of what these are figures."""

from __future__ import annotations

from collections.abc import Callable

from ..slates.lottery import FairLottery, GroupChance
from ..slates.measured import Measured
from .numbers import ENGLISH, figure
from .text import wrap
from .translations import Words
from .words import plain, shorten

_MOST, _NAME = 160, 19


def lottery_text(found: FairLottery, w: Words = ENGLISH, remedy: Callable[[str], str] = str) -> str:
    """The lottery as plain text.

    Args:
        found: the lottery.
        w: the language.
        remedy: names parameters in a warning as the reader knows them: as flags, on a command line.
    """
    head = w.gettext(
        "One statement drawn by lot, rule %(rule)s; groups: %(how)s.", rule=found.rule, how=plain(w.recorded(found.how))
    )
    lines = [*wrap(head), "", "  " + w.gettext("chance")]
    for one in found.statements:
        lead = f"  {w.whole_percent(100.0 * one.probability, 1):>7}  "
        lines += wrap(lead + shorten(plain(one.text), _MOST), " " * len(lead))
    lines += ["", *_table(found, w), "", *wrap(_legend(found.measured, w))]
    for name, text in zip(found.two, found.two_texts, strict=True):
        said = w.gettext("in the slate of two: %(id)s “%(text)s”", id=plain(name), text=shorten(plain(text), _MOST))
        lines += wrap(said, "  ")
    for words in found.warnings:
        lines += ["", *wrap(w.gettext("Note: %(note)s", note=remedy(plain(w.recorded(words)))), "      ")]
    return "\n".join(lines)


def _table(found: FairLottery, w: Words) -> list[str]:
    heads = [
        w.gettext("people"),
        w.gettext("share"),
        w.gettext("may expect"),
        w.gettext("at best"),
        w.gettext("slate of two"),
    ]
    widths = [max(8, len(head) + 2) for head in heads]

    def line(first: str, cells: list[str]) -> str:
        return f"  {first:<20}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))

    lines = [line(w.gettext("group"), heads)]
    for at, group in enumerate(found.by_group):
        worst = "  " + w.gettext("worst off") if at == found.worst and len(found.by_group) > 1 else ""
        lines.append(line(shorten(_name(group, w), _NAME), _cells(group, w)) + worst)
    return lines


def _name(group: GroupChance, w: Words) -> str:
    return plain(group.label) if group.label else w.gettext("all others")


def _cells(group: GroupChance, w: Words) -> list[str]:
    figures = [figure(w, value, 2) for value in (group.expected, group.best, group.slate)]
    return [w.count(group.people), w.whole_percent(round(100.0 * group.share)), *figures]


def _legend(measured: Measured, w: Words) -> str:
    return w.gettext(
        "may expect: %(worth)s, of the statement that is drawn; at best: of the one that is best for the group; slate "
        "of two: of the better one of two, for everybody.",
        worth=_worth(measured, w),
    )


def _worth(measured: Measured, w: Words) -> str:
    """What the figures are means of: what people were asked, no more."""
    if measured == "comparisons":
        return w.gettext(
            "the mean share of the other statements to which people are expected to prefer it, by their comparisons "
            "(nobody was asked whether they agree with one)"
        )
    if measured == "rankings":
        return w.gettext("the mean place in people's rankings, 1 the first and 0 the last")
    if measured == "ratings":
        return w.gettext("the mean rating, 0 the lowest of the scale and 1 the highest")
    if measured == "points":
        return w.gettext("the mean of people's points, 0 the fewest and 1 the most that can be given")
    if measured == "approvals":
        return w.gettext("the share of people who approve of it")
    if measured == "votes":
        return w.gettext("the mean vote, 1 for agree, 1/2 for pass and 0 for disagree")
    return w.gettext("the mean answer, 0 the lowest of the scale and 1 the highest")
