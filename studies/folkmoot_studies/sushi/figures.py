"""Figures 7 and 8 of When to Ask a Question, from the readings of the sushi study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .data import N
from .trees import GAIN, JOINT

PANELS = ("0", "1", "5", "10")
"""Inequality aversions with a panel in Figure 7."""


def figure_7(result: Mapping[str, Any]) -> str | None:
    """Mean welfare by k, a panel for each gamma; the scale is left out: welfare is not comparable across gamma.

    None: the study was run for other inequality aversions.
    """
    from ..charts import ROOM, altair, finish

    alt = altair()
    panels = [gamma for gamma in PANELS if gamma in result["readings"][JOINT]["in_sample"]["ce"]]
    if not panels:
        return None
    names = [name for name in (JOINT, GAIN) if name in result["readings"]]
    charts, words = [], []
    for gamma in panels:
        rows, marks = [], []
        for name in names:
            entry = result["readings"][name]["in_sample"]
            worth = welfare(entry["ce"][gamma], float(gamma), result["shift"])
            # Only the shape counts: the picture keeps one decimal of a pixel, and welfare may be tiny.
            low, high = min(worth), max(worth)
            scaled = [(value - low) / (high - low) if high > low else 0.5 for value in worth]
            rows += [{"k": k, "y": y, "reading": name} for k, y in enumerate(scaled)]
            best = entry["k_opt"][gamma]
            marks.append({"k": best, "y": scaled[best], "reading": name})
            words.append(f"gamma {gamma}, {name}: best k = {best}")
        scale = _scale(alt, names)
        x = alt.X("k:Q", title="k", axis=alt.Axis(tickCount=N, format="d"))
        y = alt.Y("y:Q", title="mean welfare", axis=alt.Axis(labels=False, ticks=False))
        base = {"x": x, "y": y, "stroke": alt.Stroke("reading:N", title=None, scale=scale, legend=_legend(alt))}
        lines = alt.Chart(alt.Data(values=rows)).mark_line(strokeWidth=2).encode(**base, fill=alt.value(None))
        points = alt.Chart(alt.Data(values=marks)).mark_point(size=70, strokeWidth=2)
        title = alt.TitleParams(
            f"gamma = {gamma}", fontSize=14, font="sans-serif", fontWeight="normal", color="#0000a1"
        )
        layers = alt.layer(lines, points.encode(**base, fill=alt.value(None)))
        charts.append(layers.properties(width=240, height=170, title=title))
    whole = alt.concat(*charts, columns=2).resolve_scale(stroke="shared")
    label = "Figure 7. Mean welfare by the number of questions k from 0 to 10, the best k ringed: "
    return finish(whole, f"{label}{'; '.join(words)}.", ROOM)


def welfare(equivalent: list[float], gamma: float, shift: float) -> list[float]:
    """Mean welfare, from certainty equivalents."""
    v = np.maximum(np.array(equivalent) + shift, 1e-300)
    worth = np.log(v) if gamma == 1 else v ** (1 - gamma) / (1 - gamma)
    return [float(value) for value in worth]


def figure_8(result: Mapping[str, Any]) -> str:
    """Mean utility against the Gini coefficient, a point with its number for every k."""
    from ..charts import HEIGHT, ROOM, WIDTH, altair, finish
    from ..svg import INK

    alt = altair()
    entry = result["readings"][JOINT]["in_sample"]
    points = zip(entry["gini"], entry["mean"], strict=True)
    rows = [{"k": k, "gini": g, "mean": u} for k, (g, u) in enumerate(points)]
    x = alt.X("gini:Q", title="Gini coefficient of u", scale=alt.Scale(zero=True))
    y = alt.Y("mean:Q", title="mean u", scale=alt.Scale(zero=False))
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y)
    path = base.mark_line(strokeWidth=1, strokeDash=[2, 3]).encode(
        order="k:Q", stroke=alt.value(_colour()), fill=alt.value(None)
    )
    rings = base.mark_point(size=50, strokeWidth=2).encode(stroke=alt.value(_colour()), fill=alt.value(None))
    # The first two are nearly one point: the word of the one stands above it, of the other below.
    above, below = (
        base.transform_filter(f"datum.k {which} 0")
        .mark_text(align="left", dx=7, dy=dy, fontSize=14, font="sans-serif")
        .encode(text="k:N", fill=alt.value(INK))
        for which, dy in (("!=", -6), ("==", 14))
    )
    said = "; ".join(f"k = {row['k']}: {row['mean']:.3f}, Gini {row['gini']:.3f}" for row in rows)
    chart = alt.layer(path, rings, above, below)
    return finish(chart.properties(width=WIDTH, height=HEIGHT), f"Figure 8. Mean utility against Gini: {said}.", ROOM)


def _colour() -> str:
    from ..svg import COLOURS

    return COLOURS[0]


def _scale(alt: Any, names: list[str]) -> Any:
    from ..svg import COLOURS

    return alt.Scale(domain=names, range=list(COLOURS[: len(names)]))


def _legend(alt: Any) -> Any:
    return alt.Legend(symbolType="stroke", symbolSize=300, symbolStrokeWidth=2)
