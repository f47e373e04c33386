"""What the studies' charts share: axes, marks, and SVG that stands on its own, in light and dark."""

from __future__ import annotations

from typing import Any

from ..profile import MissingExtraError
from ..report.svg import GRID, INK, SOFT, draw

WIDTH, HEIGHT, FONT = 440, 260, 14
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


def altair() -> Any:
    """The library charts are drawn with.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import altair as module
    except ImportError as error:
        raise MissingExtraError(
            f"drawing needs the report extra ({error}); install it: pip install 'folkmoot[report]'"
        ) from None
    return module


def finish(chart: Any, label: str) -> str:
    """The chart as a file of its own: one SVG with its colours.

    Args:
        chart: in the stand-in colours of `report.svg`.
        label: what it shows, for those who do not see it.
    """
    axis = {
        "labelColor": SOFT,
        "titleColor": INK,
        "tickColor": GRID,
        "domainColor": GRID,
        "gridColor": GRID,
        "labelFontSize": FONT,
        "titleFontSize": FONT,
        "titleFontWeight": "normal",
        "labelFont": "sans-serif",
        "titleFont": "sans-serif",
        "aria": False,
    }
    legend = {
        "labelColor": INK,
        "labelFontSize": FONT,
        "labelFont": "sans-serif",
        "titleColor": SOFT,
        "titleFont": "sans-serif",
        "titleFontSize": FONT,
        "aria": False,
    }
    spec = chart.configure(background="transparent", aria=False, padding=6).configure_view(stroke=None, fill=None)
    spec = spec.configure_axis(**axis).configure_legend(**legend).configure_mark(aria=False)
    svg = draw(spec.to_dict(validate=False), label)
    end = svg.index(">") + 1
    rules = "".join(f".f-{name}{{fill:{colour}}}.s-{name}{{stroke:{colour}}}" for name, colour in _LIGHT.items())
    return f"{svg[:end]}<style>text{{font-family:sans-serif}}{rules}</style>{svg[end:]}"
