"""The figures of When to Ask a Question as pictures: a panel beside the other, curves in one colour and one dash."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = dict[str, Any]

_AXES = {
    "p": "p: how often a feature goes against the cluster",
    "gamma": "gamma: inequality aversion",
    "a": "a: ones among the answers",
    "eu": "E[U(k)]",
    "welfare": "W(k, gamma)",
    "k_opt": "questions worth asking, k*",
    "zeros": "zeros output, n - k - f(a)",
    "entropy_bits": "entropy of the output in bits",
    "map": "alpha: share of cluster 0",
}
# In narrow panels axes have short names.
_SHORT = {"p": "p", "gamma": "gamma", "a": "a", "k_opt": "k*", "zeros": "zeros output", "map": "alpha"}
_DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [1, 3])


def draw(result: Mapping[str, Any]) -> dict[str, str]:
    """The figures as SVG, by file name without ending: ``figure-2``, ..., ``entropy``.

    Args:
        result: the result of the study.

    Raises:
        MissingExtraError: the report extra is not installed.
    """
    return {figure["name"]: _drawn(figure) for figure in result["figures"]}


def _drawn(figure: Mapping[str, Any]) -> str:
    from ..charts import ROOM, altair, finish

    alt = altair()
    rows = figure["rows"]
    panels = list(dict.fromkeys(row["panel"] for row in rows))
    labels = list(dict.fromkeys(row["line"] for row in rows))
    make: Callable[..., Any] = {"map": _map, "zeros": _policy, "k_opt": _steps}.get(figure["kind"], _curves)
    if figure["kind"] == "map":
        labels = sorted({str(row["k_opt"][0]) for row in rows}, key=int)
    charts = [
        make(alt, figure, [row for row in rows if row["panel"] == panel], labels).properties(
            **_size(figure["columns"]), **({"title": alt.TitleParams(panel, **_TITLE)} if panel else {})
        )
        for panel in panels
    ]
    whole = charts[0] if len(charts) == 1 else alt.concat(*charts, columns=figure["columns"])
    shared = ("fill", "stroke") if figure["kind"] == "map" else ("stroke", "strokeDash")
    if len(charts) > 1:
        whole = whole.resolve_scale(**dict.fromkeys(shared, "shared"))
    return finish(whole, f"{figure['head']}. {figure['title']}. {figure['note']}.", ROOM)


_TITLE = {"fontSize": 14, "font": "sans-serif", "fontWeight": "normal", "anchor": "middle", "color": "#0000a1"}


def _size(columns: int) -> dict[str, int]:
    from ..charts import HEIGHT, WIDTH

    if columns == 1:
        return {"width": WIDTH, "height": HEIGHT}
    return {"width": 300, "height": 200} if columns == 2 else {"width": 150, "height": 150}


def _name(figure: Mapping[str, Any], axis: str) -> str:
    return _SHORT.get(axis, _AXES[axis]) if figure["columns"] > 1 else _AXES[axis]


def _curves(alt: Any, figure: Mapping[str, Any], rows: Sequence[Row], labels: Sequence[str]) -> Any:
    """Utility, welfare or entropy against x; where welfare is best, its number of questions is written beside it."""
    from ..svg import INK

    x, kind = figure["x"], figure["kind"]
    points = [{"x": row[x], "y": row[kind], "line": row["line"]} for row in rows]
    axis = alt.X("x:Q", title=_name(figure, x), scale=alt.Scale(nice=False), axis=_ticks(alt, x))
    y = alt.Y("y:Q", title=_name(figure, kind), scale=alt.Scale(zero=kind == "entropy_bits"), axis=_digits(alt, points))
    lines = (
        alt.Chart(alt.Data(values=points))
        .mark_line(strokeWidth=2, clip=True)
        .encode(x=axis, y=y, stroke=_colour(alt, labels), strokeDash=_dash(alt, labels), fill=alt.value(None))
    )
    if kind not in ("eu", "welfare"):
        return lines
    marks, words = _envelope(rows, x, kind)
    here = alt.X("x:Q"), alt.Y("y:Q")
    best = alt.Chart(alt.Data(values=marks)).mark_point(size=26, strokeWidth=1.5)
    best = best.encode(x=here[0], y=here[1], stroke=alt.value(INK), fill=alt.value(None))
    text = alt.Chart(alt.Data(values=words)).mark_text(align="left", dx=4, dy=-9, fontSize=12, font="sans-serif")
    return alt.layer(lines, best, text.encode(x=here[0], y=here[1], text="k:N", fill=alt.value(INK)))


def _envelope(rows: Sequence[Row], x: str, kind: str) -> tuple[list[Row], list[Row]]:
    """A mark wherever a curve is best (every fourth hundredth), and its number where another k becomes best."""
    best: dict[float, Row] = {}
    for row in rows:
        if row["best"]:
            best.setdefault(row[x], row)
    marks = [{"x": at, "y": row[kind]} for at, row in best.items() if round(at * 100) % 4 == 0]
    words = []
    for label, stretch in itertools.groupby(best.items(), key=lambda item: item[1]["line"]):
        at, row = next(iter(stretch))
        words.append({"x": at, "y": row[kind], "k": label.removeprefix("k = ")})
    return marks, words


def _steps(alt: Any, figure: Mapping[str, Any], rows: Sequence[Row], labels: Sequence[str]) -> Any:
    """k* against gamma in steps; whole numbers would hide each other, so that curves are drawn a little apart."""
    x = figure["x"]
    apart = {label: 0.06 * (at - (len(labels) - 1) / 2) for at, label in enumerate(labels)}
    points = [{"x": row[x], "y": row["k_opt"][0] + apart[row["line"]], "line": row["line"]} for row in rows]
    top = max(row["k_opt"][0] for row in rows)
    ticks = alt.Axis(values=list(range(top + 1)), format="d")
    y = alt.Y("y:Q", title=_name(figure, "k_opt"), axis=ticks, scale=alt.Scale(domain=[-0.3, top + 0.3], nice=False))
    return (
        alt.Chart(alt.Data(values=points))
        .mark_line(strokeWidth=2, interpolate="step-after")
        .encode(
            x=alt.X("x:Q", title=_name(figure, x), scale=alt.Scale(nice=False)),
            y=y,
            stroke=_colour(alt, labels),
            strokeDash=_dash(alt, labels),
            fill=alt.value(None),
        )
    )


def _policy(alt: Any, figure: Mapping[str, Any], rows: Sequence[Row], labels: Sequence[str]) -> Any:
    """Zeros output against ones answered; a bar from the fewest to the most where outputs tie."""
    points = [
        {
            "a": row["a"],
            "low": row["zeros"][0],
            "high": row["zeros"][1],
            "y": sum(row["zeros"]) / 2,
            "line": row["line"],
        }
        for row in rows
    ]
    most = max(row["a"] for row in rows)
    ticks = alt.Axis(values=list(range(0, most + 1, max(1, most // 5))), format="d")
    base = alt.Chart(alt.Data(values=points)).encode(
        x=alt.X("a:Q", title=_name(figure, "a"), axis=ticks), stroke=_colour(alt, labels)
    )
    y = alt.Y("y:Q", title=_name(figure, "zeros"), axis=alt.Axis(tickMinStep=1, tickCount=5))
    curves = base.mark_line(strokeWidth=2).encode(y=y, strokeDash=_dash(alt, labels), fill=alt.value(None))
    dots = base.mark_point(size=14).encode(y=y, fill=alt.value(None))
    bars = base.transform_filter("datum.low < datum.high").mark_rule(strokeWidth=1)
    return alt.layer(bars.encode(y=alt.Y("low:Q"), y2="high:Q"), curves, dots)


def _map(alt: Any, figure: Mapping[str, Any], rows: Sequence[Row], labels: Sequence[str]) -> Any:
    """k* as the colour of a cell."""
    from ..svg import COLOURS, GRID

    across, up = (sorted({row[name] for row in rows}) for name in ("p", "alpha"))
    wide, high = across[1] - across[0], up[1] - up[0]
    cells = []
    for level in up:
        mine = sorted((row["p"], row["k_opt"][0]) for row in rows if row["alpha"] == level)
        for k, run_of in itertools.groupby(mine, key=lambda cell: cell[1]):
            at = [place for place, _ in run_of]
            edges = {"left": at[0] - wide / 2, "right": at[-1] + wide / 2}
            cells.append({**edges, "below": level - high / 2, "above": level + high / 2, "k": str(k)})
    scale = alt.Scale(domain=list(labels), range=[GRID, *COLOURS[: len(labels) - 1]])

    def axis(kind: Any, name: str, values: Sequence[float], step: float, at: str) -> Any:
        domain = [values[0] - step / 2, values[-1] + step / 2]
        ticks = _ticks(alt, "p", grid=False)
        return kind(f"{at}:Q", title=_name(figure, name), scale=alt.Scale(domain=domain, nice=False), axis=ticks)

    return (
        alt.Chart(alt.Data(values=cells))
        .mark_rect(strokeWidth=0.5)
        .encode(
            x=axis(alt.X, "p", across, wide, "left"),
            x2="right:Q",
            y=axis(alt.Y, "map", up, high, "below"),
            y2="above:Q",
            fill=alt.Fill("k:N", title="k*", scale=scale, sort=list(labels)),
            stroke=alt.Stroke("k:N", title="k*", scale=scale, sort=list(labels)),
        )
    )


def _ticks(alt: Any, name: str, **more: Any) -> Any:
    """Tenths on the axes of probabilities."""
    return alt.Axis(values=[i / 10 for i in range(11)], **more) if name == "p" else alt.Axis(**more)


def _digits(alt: Any, points: Sequence[Row]) -> Any:
    """Numbers of welfare that are tiny are written with an exponent."""
    most = max(abs(point["y"]) for point in points)
    return alt.Axis(tickCount=5, format=".0e") if 0 < most < 1e-3 or math.isinf(most) else alt.Axis(tickCount=5)


def _colour(alt: Any, labels: Sequence[str]) -> Any:
    from ..svg import COLOURS

    scale = alt.Scale(domain=list(labels), range=list(COLOURS[: len(labels)]))
    return alt.Stroke("line:N", title=None, scale=scale, legend=_legend(alt))


def _dash(alt: Any, labels: Sequence[str]) -> Any:
    scale = alt.Scale(domain=list(labels), range=list(_DASHES[: len(labels)]))
    return alt.StrokeDash("line:N", title=None, scale=scale, legend=_legend(alt))


def _legend(alt: Any) -> Any:
    return alt.Legend(symbolType="stroke", symbolSize=300, symbolStrokeWidth=2)
