"""Charts as SVG that can stand in a page: drawn by vl-convert, then stripped of what the page's style decides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from folkmoot.profile import MissingExtraError

# Stand-ins in the charts; a style sheet gives them their colours.
COLOURS = ("#0000c1", "#0000c2", "#0000c3", "#0000c4", "#0000c5", "#0000c6", "#0000c7", "#0000c8")
INK, SOFT, GRID, ALERT, PAPER = "#0000a1", "#0000a2", "#0000a3", "#0000a4", "#0000a5"
# Stand-in colours become classes, so that one style sheet colours page and plots in light, dark and print.
_CLASSES = {INK: "ink", SOFT: "soft", GRID: "grid", ALERT: "alert", PAPER: "paper"}
_CLASSES |= {colour: f"c{number}" for number, colour in enumerate(COLOURS, start=1)}
_NUMBER = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")
_TAG = re.compile(r"<[^>]*>")
_DROPPED = re.compile(r' (?:aria-[a-z]+|role|class|xmlns:xlink|font-family|stroke-miterlimit|pointer-events)="[^"]*"')
_EMPTY = re.compile(r'<path aria-hidden="true" d="" display="none"/>|<path d="" display="none"/>')
_PAINT = re.compile(r"<([a-zA-Z]+)((?: [a-zA-Z0-9-]+=\"[^\"]*\")*)(/?)>")


def draw(spec: Mapping[str, Any], label: str) -> str:
    """A chart as one ``<svg role="img">`` without scripts, fonts or colours of its own; always the same bytes.

    Args:
        spec: the Vega-Lite specification. Its colours are the stand-ins of this module; it holds no text
            of participants.
        label: what the image shows, for readers who do not see it; it holds no text of participants.

    Raises:
        MissingExtraError: vl-convert is not installed.
    """
    try:
        import vl_convert
    except ImportError as error:
        raise MissingExtraError(
            f"drawing the figures needs the report extra ({error}); install it: pip install 'folkmoot[report]'"
        ) from None
    return compact(vl_convert.vegalite_to_svg(dict(spec)), label)


def altair() -> Any:
    """Imports altair, which describes the charts.

    Raises:
        MissingExtraError: altair is not installed.
    """
    try:
        import altair as module
    except ImportError as error:
        raise MissingExtraError(
            f"drawing needs the report extra ({error}); install it: pip install 'folkmoot[report]'"
        ) from None
    return module


def styled(chart: Any, font: int) -> Any:
    """An altair chart with quiet axes in the stand-in colours, without background or frame.

    Args:
        chart: the altair chart.
        font: the size of labels and titles, in pixels.
    """
    axis = {
        "labelColor": SOFT,
        "titleColor": INK,
        "tickColor": GRID,
        "domainColor": GRID,
        "gridColor": GRID,
        "labelFontSize": font,
        "titleFontSize": font,
        "titleFontWeight": "normal",
        "labelFont": "sans-serif",
        "titleFont": "sans-serif",
        "aria": False,
    }
    plain = chart.configure(background="transparent", aria=False, padding=6).configure_view(stroke=None, fill=None)
    return plain.configure_axis(**axis).configure_mark(aria=False)


def compact(svg: str, label: str) -> str:
    """The SVG with classes for colours, coordinates to a tenth of a pixel, and one label for the whole."""
    body = _DROPPED.sub("", svg)
    body = _EMPTY.sub("", body)
    # Coordinates stand in tags; numbers between them are words for people and stay as they are.
    body = _TAG.sub(lambda tag: _NUMBER.sub(lambda number: _rounded(number.group()), tag.group()), body)
    body = _PAINT.sub(_classed, body)
    size = re.search(r'viewBox="[^"]*"', body)
    view = size.group() if size else ""
    inner = body[body.index(">") + 1 :]
    quoted = label.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{quoted}" {view}>{inner}'


def _rounded(number: str) -> str:
    text = f"{float(number):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _classed(tag: re.Match[str]) -> str:
    name, attributes, close = tag.groups()
    classes = []
    for kind, prefix in (("fill", "f-"), ("stroke", "s-")):
        colour = re.search(rf' {kind}="(#[0-9a-f]{{6}})"', attributes)
        if colour and colour.group(1) in _CLASSES:
            classes.append(prefix + _CLASSES[colour.group(1)])
            attributes = attributes.replace(colour.group(), "")
    marked = ' class="' + " ".join(classes) + '"' if classes else ""
    return f"<{name}{attributes}{marked}{close}>"
