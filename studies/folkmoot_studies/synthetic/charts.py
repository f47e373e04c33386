"""The curves of the synthetic environment: Figures 1 to 3 of Boehmer, Fish, Procaccia 2025, and what noise costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def draw(result: Mapping[str, Any]) -> dict[str, str]:
    """The curves as SVG, by file name without ending.

    ``frontier-MODEL-LEVEL``: mean d(c) of each process (Figures 1 to 3); above the dashed line is a violation, and the
    grey field is where Theorem 3.2 says Complex has none. ``utility-MODEL``: mean and worst-off tenth by noise level.

    Of ``figure-2``: ``figure-2-a-MODEL`` (d by mu and gamma), ``-b-`` (c by delta) and ``-c-`` (c by beta).

    Args:
        result: the result of `run`.

    Raises:
        MissingExtraError: the report extra is not installed.
    """
    cells: list[Mapping[str, Any]] = list(result["cells"])
    if result.get("part") == "figure-2":
        return {
            f"figure-2-{letter}-{model}": _one_error([c for c in cells if c["model"] == model], names, reach)
            for model in dict.fromkeys(cell["model"] for cell in cells)
            for letter, names, reach in (("a", ("mu", "gamma"), "d"), ("b", ("delta",), "c"), ("c", ("beta",), "c"))
        }
    charts = {}
    for model in dict.fromkeys(cell["model"] for cell in cells):
        mine = [cell for cell in cells if cell["model"] == model]
        for level in dict.fromkeys(cell["level"] for cell in mine):
            charts[f"frontier-{model}-{level}"] = _frontier([cell for cell in mine if cell["level"] == level])
        charts[f"utility-{model}"] = _utility(mine)
    return charts


def _frontier(cells: Sequence[Mapping[str, Any]]) -> str:
    from ..charts import HEIGHT, WIDTH, altair, finish
    from ..svg import ALERT, GRID

    alt = altair()
    rows = [
        {"c": c, "d": d, "low": d - 2 * error, "high": d + 2 * error, "process": cell["process"]}
        for cell in cells
        for c, (d, error) in enumerate(zip(cell["frontier"], cell["se"]["frontier"], strict=True))
    ]
    accuracy = cells[0]["accuracy"]
    slack, ratio = 2 * accuracy["beta"] + accuracy["delta"], 1 / (accuracy["gamma"] * accuracy["mu"])
    top = max(1.1, ratio * 1.1, *(row["high"] for row in rows))
    x = alt.X("c:Q", title="c: how much better off", scale=alt.Scale(domain=[0, 10], nice=False))
    y = alt.Y("d:Q", title="largest coalition, of what it would need", scale=alt.Scale(domain=[0, top], nice=False))
    colour = _colour(alt, cells)
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    curves = base.mark_line(point=True, strokeWidth=2).encode(y=y, stroke=colour, fill=alt.value(None))
    bars = base.mark_rule(strokeWidth=1).encode(y=alt.Y("low:Q"), y2="high:Q", stroke=colour)
    limit = alt.Chart(alt.Data(values=[{"d": 1.0}])).mark_rule(strokeDash=[5, 4], stroke=ALERT).encode(y=y)
    field = (
        alt.Chart(alt.Data(values=[{"c": min(slack, 10), "e": 10, "d": ratio, "t": top}]))
        .mark_rect(fill=GRID, opacity=0.5)
        .encode(x=x, x2="e:Q", y=y, y2="t:Q")
    )
    words = "; ".join(
        f"{cell['process']} from {cell['frontier'][0]:.2f} at 0 to {cell['frontier'][-1]:.2f} at 10" for cell in cells
    )
    chart = alt.layer(field, limit, bars, curves).properties(width=WIDTH, height=HEIGHT)
    return finish(chart, f"Curves of the largest coalition by how much better off it would be: {words}.")


def _one_error(cells: Sequence[Mapping[str, Any]], names: Sequence[str], reach: str) -> str:
    """Figure 2: the largest violation by the size of one error, dashed what Theorem 3.2 allows."""
    from ..charts import HEIGHT, WIDTH, altair, finish

    alt = altair()
    exact = 1.0 if reach == "d" else 0.0
    rows = [
        {
            "x": exact if cell["parameter"] == "none" else cell["value"],
            "y": cell[reach],
            "low": cell[reach] - 2 * cell["se"][reach],
            "high": cell[reach] + 2 * cell["se"][reach],
            "bound": cell["bound"][reach],
            "process": name,
        }
        for name in names
        for cell in cells
        if cell["parameter"] in (name, "none")
    ]
    title = "largest d at c = 0" if reach == "d" else "largest c at d = 1"
    scale = alt.Scale(reverse=reach == "d", zero=False, nice=False)
    x = alt.X("x:Q", title=" or ".join(names), scale=scale)
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    colour = _colour(alt, rows)
    curves = base.mark_line(point=True, strokeWidth=2).encode(
        y=alt.Y("y:Q", title=title), stroke=colour, fill=alt.value(None)
    )
    bars = base.mark_rule(strokeWidth=1).encode(y="low:Q", y2="high:Q", stroke=colour)
    limit = base.mark_line(strokeDash=[5, 4]).encode(y="bound:Q", stroke=colour, fill=alt.value(None))
    words = "; ".join(f"{row['process']} {row['x']:g}: {row['y']:.2f}" for row in rows)
    chart = alt.layer(limit, bars, curves).properties(width=WIDTH, height=HEIGHT)
    return finish(chart, f"{title} when only {' or '.join(names)} errs (dashed: the theorem's limit): {words}.")


def _utility(cells: Sequence[Mapping[str, Any]]) -> str:
    from ..charts import HEIGHT, WIDTH, altair, finish

    alt = altair()
    rows = [
        {
            "level": cell["level"],
            "u": cell[name],
            "low": cell[name] - 2 * cell["se"][name],
            "high": cell[name] + 2 * cell["se"][name],
            "process": cell["process"],
            "figure": label,
        }
        for cell in cells
        for name, label in (("mean_utility", "mean"), ("p10_utility", "worst-off tenth"))
    ]
    x = alt.X("level:O", title="noise level", axis=alt.Axis(labelAngle=0))
    y = alt.Y("u:Q", title="utility (dashed: worst-off tenth)")
    colour = _colour(alt, cells)
    dash = alt.StrokeDash("figure:N", legend=None, scale=alt.Scale(domain=["mean", "worst-off tenth"]))
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    curves = base.mark_line(strokeWidth=2).encode(y=y, stroke=colour, strokeDash=dash, fill=alt.value(None))
    bars = base.mark_rule(strokeWidth=1).encode(y=alt.Y("low:Q"), y2="high:Q", stroke=colour)
    chart = alt.layer(bars, curves).properties(width=WIDTH, height=HEIGHT)
    return finish(chart, "Curves of mean utility and of the mean of the worst-off tenth by noise level and process.")


def _colour(alt: Any, cells: Sequence[Mapping[str, Any]]) -> Any:
    from ..svg import COLOURS

    names = list(dict.fromkeys(cell["process"] for cell in cells))
    scale = alt.Scale(domain=names, range=[COLOURS[place % len(COLOURS)] for place in range(len(names))])
    return alt.Stroke("process:N", title=None, scale=scale)
