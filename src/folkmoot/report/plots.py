"""The plots: utilities, frontier, draws. None of them contains participants' texts."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

import numpy as np

from .certificate import Row, kinds
from .facts import Facts
from .numbers import ENGLISH, count, figure, percent
from .svg import LINE, PADDING, Scale, across, decimals, extent, line, margin, number, picture, up, written
from .translations import Words

WIDTH = 500
#: What is below the line of an axis: ticks, labels, one line of title.
_BELOW = 44


def _lines(text: str, letters: int = 48) -> list[str]:
    """A title in lines that fit beside an axis, in whatever language."""
    return wrap(text, letters)


def _values(scale: Scale, w: Words, many: int = 5) -> list[tuple[float, str]]:
    """Round values with what is written at them, as many decimals as they need."""
    digits = decimals(scale.step(many))
    return [(tick, w.decimal(tick, digits) if digits else count(w, tick)) for tick in scale.ticks(many)]


def _shares(scale: Scale, w: Words, many: int = 5) -> list[tuple[float, str]]:
    """Round shares in percent; ticks are round, so none is said to be under or over what it is."""
    return [(tick, w.whole_percent(round(100 * tick))) for tick in scale.ticks(many)]


def utilities(facts: Facts, bins: int = 20) -> str | None:
    """How well people's statements fit them: a bar per step of utility, own answers apart from predictions."""
    assigned = facts.place >= 0
    if not assigned.any():
        return None
    t, w = facts.terms, facts.w
    edges = np.linspace(t.low, t.high, bins + 1)
    stacks = [
        np.histogram(facts.view.own[assigned & mask], bins=edges)[0] for mask in (facts.answered, ~facts.answered)
    ]
    width, height = WIDTH - 60, 190
    x = Scale(t.low, t.high, 0, width)
    y = Scale(0, max(1, int((stacks[0] + stacks[1]).max())) * 1.04, height, 0)
    people = [(tick, count(w, tick)) for tick in y.ticks(4) if tick == int(tick)]
    bars, base = [], np.zeros(bins, dtype=np.int64)
    for colour, heights in enumerate(stacks, start=1):
        for i in np.flatnonzero(heights):
            left, right = x(float(edges[i])) + 0.5, x(float(edges[i + 1])) - 0.5
            low, high = y(float(base[i])), y(float(base[i] + heights[i]))
            bars.append(
                f'<rect class="f-c{colour}" x="{number(left)}" y="{number(high)}" width="{number(right - left)}" '
                f'height="{number(low - high)}"/>'
            )
        base = base + heights
    title = w.gettext("utility of the statement they are assigned to")
    if facts.measured == "texts":
        title = w.gettext("similarity to the statement")
    label = w.gettext(
        "Bars: how many of %(people)s assigned people have which %(title)s, %(low)s to %(high)s.",
        people=int(assigned.sum()),
        title=title,
        low=f"{t.low:g}",
        high=f"{t.high:g}",
    )
    beside, below = [w.gettext("people")], _lines(title)
    axes = [up(y, people, width, beside), *bars, across(x, _values(x, w), height, below)]
    return picture(label, axes, margin(people, beside), width, height + _BELOW + LINE * (len(below) - 1))


def frontier(points: Sequence[Sequence[float]], w: Words = ENGLISH) -> str | None:
    """The frontier: the largest group, as a share of what it would need, against how much better off it must be.

    Args:
        points: the pairs (b, d(b)).
        w: the language.
    """
    if len(points) < 2:
        return None
    steps = [(float(b), float(d)) for b, d in points]
    width, height = WIDTH - 70, 230
    x = Scale(steps[0][0], steps[-1][0], 0, width) if steps[-1][0] > steps[0][0] else Scale(0, 1, 0, width)
    y = Scale(0, max(1.0, *(d for _, d in steps)) * 1.15, height, 0)
    shares = _shares(y, w)
    path = f"M{number(x(steps[0][0]))},{number(y(steps[0][1]))}"
    path += "".join(f"H{number(x(b))}V{number(y(d))}" for b, d in steps[1:])
    beside = _lines(w.gettext("size, of what it would need (d)"), 28)
    below = _lines(w.gettext("how much better off everyone in the group would be (b)"))
    limit = y(1.0)
    parts = [
        up(y, shares, width, beside),
        f'<path class="f-c1" opacity=".15" d="{path}V{height}H0Z"/>',
        f'<path class="s-c1" fill="none" stroke-width="2.5" d="{path}"/>',
        line(0, limit, width, limit, "s-alert", 1.5, "5,4"),
        written(w.gettext("large enough: overlooked"), width, limit - 9, "end", "f-alert"),
        across(x, _values(x, w), height, below),
    ]
    label = w.gettext(
        "Step line falling from %(first)s of the needed size at b = 0 to %(last)s at b = %(b)s. At the dashed line a "
        "group is large enough: it was overlooked.",
        first=percent(w, steps[0][1]),
        last=percent(w, steps[-1][1]),
        b=figure(w, steps[-1][0]),
    )
    return picture(label, parts, margin(shares, beside), width, height + _BELOW + LINE * (len(below) - 1))


def draws(rows: Sequence[Row], w: Words = ENGLISH) -> str | None:
    """Median and 95th percentile of the worst group over draws, the slate beside random and most popular ones.

    Args:
        rows: the kinds of lists, ready to print.
        w: the language.
    """
    if not rows:
        return None
    full = kinds(w)
    short = {full["popular"]: w.gettext("Most popular"), full["random"]: w.gettext("Random")}
    names = [short.get(row.name, row.name) for row in rows]
    width, height = WIDTH - 130, 100
    x = Scale(0, max(1.0, *(row.high for row in rows)) * 1.06, 0, width)
    below = _lines(w.gettext("largest group, of the size it would need"), 40)
    limit = x(1.0)
    parts = [line(limit, 0, limit, height, "s-alert", 1.5, "5,4")]
    for place, (row, name) in enumerate(zip(rows, names, strict=True)):
        y = height * (place + 0.5) / len(rows)
        parts += [
            line(x(row.low), y, x(row.high), y, "s-c1", 3),
            # A line without a length and with round ends is a dot.
            f'<path class="s-c1" stroke-width="11" stroke-linecap="round" d="M{number(x(row.low))} {number(y)}h0"/>',
            written(name, -8, y + 5, "end", "f-ink"),
        ]
    parts.append(across(x, _shares(x, w, 4), height, below))
    label = "; ".join(
        w.gettext(
            "%(name)s: median %(median)s, 95 of 100 draws at most %(p95)s",
            name=row.name,
            median=row.median,
            p95=row.p95,
        )
        for row in rows
    )
    left = 8 + max(extent(name) for name in names)
    return picture(label, parts, left, width, height + _BELOW + LINE * (len(below) - 1), PADDING + 2)
