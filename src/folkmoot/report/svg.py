"""Charts as SVG that stands in a page: scales, axes and marks, in the classes that the page's style sheet colours.

Nothing is measured with a font: widths of words are estimated, and what is drawn is the same bytes everywhere.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

#: The size of letters and the height of a line of them, in units of the picture.
FONT, LINE = 15, 17
#: The room around everything.
PADDING = 6
_TICK = 5
#: A letter's width as a share of the font's size, of most scripts and of those whose letters fill a square.
_NARROW, _WIDE = 0.56, 1.0


@dataclass(frozen=True)
class Scale:
    """From values to places of the picture, in a straight line.

    Args:
        low: the least value.
        high: the greatest value, above the least.
        start: the place of the least, in units of the picture.
        end: the place of the greatest.
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def step(self, many: int) -> float:
        """The distance of round values, about so many of which lie on the scale: 1, 2 or 5 times a power of ten.

        >>> Scale(0, 1, 0, 440).step(5), Scale(0, 1560, 190, 0).step(4)
        (0.2, 500.0)
        """
        rough = (self.high - self.low) / many
        power = math.floor(math.log10(rough))
        error = rough / 10.0**power
        factor = 10 if error >= math.sqrt(50) else 5 if error >= math.sqrt(10) else 2 if error >= math.sqrt(2) else 1
        return factor * 10.0**power if power >= 0 else factor / 10.0**-power

    def ticks(self, many: int) -> list[float]:
        """The round values on the scale, at the distance of `step`.

        >>> Scale(0, 1.15, 0, 230).ticks(5)
        [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
        """
        step = self.step(many)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        digits = decimals(step)
        return [round(place * step, digits) + 0.0 for place in range(first, last + 1)]


def decimals(step: float) -> int:
    """How many decimals values at this distance need.

    >>> decimals(0.25), decimals(20.0)
    (2, 0)
    """
    digits = 0
    while digits < 12 and abs(step * 10**digits - round(step * 10**digits)) > 1e-9 * max(1.0, step * 10**digits):
        digits += 1
    return digits


def extent(words: str) -> float:
    """About how wide words are, in units of the picture.

    >>> extent("10%") < extent("100%") < extent("百分之一百")
    True
    """
    letters = (letter for letter in words if not unicodedata.combining(letter))
    return FONT * sum(_WIDE if unicodedata.east_asian_width(letter) in "WF" else _NARROW for letter in letters)


def number(value: float) -> str:
    """A place to a tenth of a unit, without a needless zero.

    >>> number(37.04), number(-0.01), number(12.25)
    ('37', '0', '12.2')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def written(words: str, x: float, y: float, anchor: str = "start", css: str = "f-soft") -> str:
    """Words that begin, end or are centred (``start``, ``end``, ``middle``) at a place."""
    return f'<text class="{css}" x="{number(x)}" y="{number(y)}" text-anchor="{anchor}">{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, css: str, width: float = 1, dashes: str = "") -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    return f'<line class="{css}" {ends} stroke-width="{width:g}"{dashed}/>'


def across(scale: Scale, labels: Sequence[tuple[float, str]], top: float, title: Sequence[str]) -> str:
    """The axis below a chart: a line with ticks, their labels, and a title in lines.

    Args:
        scale: from the left to the right of the chart.
        labels: pairs of a value and what is written at it.
        top: the lower edge of the chart.
        title: the lines of the title.
    """
    parts = [line(scale.start, top, scale.end, top, "s-grid")]
    for value, words in labels:
        x = scale(value)
        # What stands at an end of the axis must not jut out of the picture.
        anchor = "start" if x - scale.start < 1 else "end" if scale.end - x < 1 else "middle"
        parts += [line(x, top, x, top + _TICK, "s-grid"), written(words, x, top + 20, anchor)]
    middle = (scale.start + scale.end) / 2
    parts += [written(words, middle, top + 40 + row * LINE, "middle", "f-ink") for row, words in enumerate(title)]
    return "".join(parts)


def up(scale: Scale, labels: Sequence[tuple[float, str]], right: float, title: Sequence[str]) -> str:
    """The axis beside a chart: a line across the chart at each value, its label, and a title in lines that runs up.

    Args:
        scale: from the bottom to the top of the chart.
        labels: pairs of a value and what is written at it.
        right: the right edge of the chart; its left edge is 0.
        title: the lines of the title.
    """
    parts = []
    for value, words in labels:
        y = scale(value)
        parts += [line(0, y, right, y, "s-grid"), written(words, -6, y + 5, "end")]
    edge = 6 + max((extent(words) for _, words in labels), default=0.0)
    middle = (scale.start + scale.end) / 2
    for row, words in enumerate(title):
        x = -edge - 9 - (len(title) - 1 - row) * LINE
        turned = f'transform="translate({number(x)},{number(middle)}) rotate(-90)"'
        parts.append(f'<text class="f-ink" {turned} text-anchor="middle">{escape(words)}</text>')
    return "".join(parts)


def margin(labels: Sequence[tuple[float, str]], title: Sequence[str]) -> float:
    """How much room `up` takes at the left of a chart."""
    return 6 + max((extent(words) for _, words in labels), default=0.0) + 9 + (len(title) * LINE)


def picture(label: str, parts: Sequence[str], left: float, width: float, height: float, top: float = PADDING) -> str:
    """One ``<svg role="img">`` without scripts, fonts or colours of its own.

    Args:
        label: what it shows, for readers who do not see it.
        parts: what is drawn, in places counted from the upper left corner of the chart.
        left: the room at the left of the chart.
        width: of the chart, with what is at its right.
        height: of the chart, with what is below it.
        top: the room above the chart.
    """
    view = f"0 0 {number(left + width + 2 * PADDING)} {number(top + height + PADDING)}"
    moved = f'transform="translate({number(left + PADDING)},{number(top)})" font-size="{FONT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label)}" viewBox="{view}">'
        f"<g {moved}>{''.join(parts)}</g></svg>"
    )
