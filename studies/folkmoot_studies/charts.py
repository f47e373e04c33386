"""What the studies' charts share: axes, marks, and SVG that stands on its own, in light and dark."""

from __future__ import annotations

from typing import Any

from .svg import INK, SOFT, altair, draw, styled

__all__ = ["FONT", "HEIGHT", "ROOM", "WIDTH", "altair", "finish"]

WIDTH, HEIGHT, FONT = 440, 260, 14
ROOM = 64
"""Pixels to the right of a legend: fonts of other machines are wider than the one it is set in."""
_LIGHT = {
    "ink": "#1e1c19",
    "soft": "#5e5950",
    "grid": "#dcd6ca",
    "alert": "#a3260f",
    "paper": "#fdfcf9",
    "c1": "#1f5fa8",
    "c2": "#c8550b",
    "c3": "#2b8a5a",
    "c4": "#b03a78",
    "c5": "#8a6a00",
    "c6": "#6a46ab",
    "c7": "#2c8aa8",
    "c8": "#4d4a45",
}


def finish(chart: Any, label: str, room: int = 0) -> str:
    """The chart as a file of its own: one SVG with its colours.

    Args:
        chart: the chart, in the stand-in colours of `svg`.
        label: a description for readers who do not see it.
        room: pixels left free on the right, see `ROOM`.
    """
    legend = {
        "labelColor": INK,
        "labelFontSize": FONT,
        "labelFont": "sans-serif",
        "titleColor": SOFT,
        "titleFont": "sans-serif",
        "titleFontSize": FONT,
        "aria": False,
    }
    spec = styled(chart, FONT).configure_legend(**legend)
    whole = spec.to_dict(validate=False)
    if room:
        edge = whole["config"]["padding"]
        whole["config"]["padding"] = {"left": edge, "top": edge, "bottom": edge, "right": edge + room}
    svg = draw(whole, label)
    end = svg.index(">") + 1
    rules = "".join(f".f-{name}{{fill:{colour}}}.s-{name}{{stroke:{colour}}}" for name, colour in _LIGHT.items())
    return f"{svg[:end]}<style>text{{font-family:sans-serif}}{rules}</style>{svg[end:]}"
