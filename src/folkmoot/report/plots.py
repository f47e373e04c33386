"""The plots: opinion map, utilities, frontier, draws. None of them contains participants' texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..profile import FloatArray, IntArray
from .certificate import KINDS, Row
from .facts import Facts
from .marks import COLOURS, mark
from .svg import ALERT, INK, PAPER, SOFT, altair, draw, styled
from .words import count, percent, voice

WIDTH, FONT = 500, 15
MOST_DOTS = 5000
NAMES = {KINDS["popular"]: "Most popular", KINDS["random"]: "Random"}


def _finish(chart: Any, label: str) -> str:
    return draw(styled(chart, FONT).to_dict(validate=False), label)


def opinion_map(facts: Facts) -> tuple[str, int] | None:
    """Draws everybody as a dot, coloured by the statement they are assigned to; also returns the number of dots.

    None without positions. Of more than `MOST_DOTS` people a regular sample is drawn.
    """
    alt = altair()
    points = facts.view.positions
    if points is None or not len(points) or not np.isfinite(points).all():
        return None
    height = 420
    step = -(-len(points) // MOST_DOTS)
    drawn = np.arange(0, len(points), step)
    xy = _scaled(points, WIDTH, height)
    k = len(facts.slate.statements)
    places = [str(place) for place in range(-1, k)]
    marks = [mark(place) for place in range(k)]
    order = drawn[np.argsort(facts.place[drawn] >= 0, kind="stable")]
    rows = [{"x": float(xy[i, 0]), "y": float(xy[i, 1]), "p": str(facts.place[i])} for i in order]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    colours = alt.Scale(domain=places, range=[SOFT, *(COLOURS[m.colour - 1] for m in marks)])
    shapes = alt.Scale(domain=places, range=["circle", *(m.shape for m in marks)])
    size = 52 if len(drawn) <= 600 else 26 if len(drawn) <= 2500 else 14
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y, shape=alt.Shape("p:N", scale=shapes, legend=None))
    colour = {"scale": colours, "legend": None}
    nobody = base.mark_point(filled=False, size=size, strokeWidth=1).encode(stroke=alt.Stroke("p:N", **colour))
    people = base.mark_point(filled=True, size=size, opacity=1).encode(
        fill=alt.Fill("p:N", **colour), stroke=alt.value(None)
    )
    chart = alt.layer(nobody.transform_filter("datum.p == '-1'"), people.transform_filter("datum.p != '-1'"))
    numbers = _numbers(facts.place, xy, k)
    if numbers:
        tags = alt.Chart(alt.Data(values=numbers)).encode(x=x, y=y)
        disc = tags.mark_point(filled=True, shape="circle", size=420, opacity=1).encode(
            fill=alt.value(PAPER), stroke=alt.Stroke("p:N", **colour), strokeWidth=alt.value(2)
        )
        text = tags.mark_text(fontSize=FONT, fontWeight="bold", font="sans-serif", baseline="middle").encode(
            text="n:N", color=alt.value(INK)
        )
        chart = alt.layer(chart, disc, text)
    nobody_words = f", {count(facts.unassigned)} to none (hollow)" if facts.unassigned else ""
    label = (
        f"Map of {count(len(drawn))} people as dots; people who {voice(facts.slate).alike} alike are near each other. "
        f"Colour and shape say which of the {k} statements they are assigned to{nobody_words}."
    )
    return _finish(chart.properties(width=WIDTH, height=height), label), len(drawn)


def _scaled(points: FloatArray, width: int, height: int, margin: int = 14) -> FloatArray:
    """Scales points to the picture; the outermost 1% along each direction is drawn at the edge."""
    low, high = np.quantile(points, 0.005, axis=0), np.quantile(points, 0.995, axis=0)
    span = np.where(high > low, high - low, 1.0)
    unit = np.clip((points - low) / span, 0.0, 1.0)
    unit = np.where(high > low, unit, 0.5)
    scaled = np.empty_like(unit)
    scaled[:, 0] = margin + unit[:, 0] * (width - 2 * margin)
    scaled[:, 1] = height - margin - unit[:, 1] * (height - 2 * margin)
    return np.round(scaled, 1)


def _numbers(place: IntArray, xy: FloatArray, k: int) -> list[dict[str, Any]]:
    """Where each statement's number stands: at the median of its people, pushed apart where numbers would overlap."""
    present = [p for p in range(k) if (place == p).any()]
    if not present:
        return []
    at = np.array([np.median(xy[place == p], axis=0) for p in present])
    # A spiral start breaks exact overlaps the same way every time.
    turn = np.arange(len(at)) * 2.4
    at = at + np.column_stack([np.cos(turn), np.sin(turn)])
    low, high = np.array([14.0, 14.0]), np.array([WIDTH - 14.0, 406.0])
    for _ in range(200):
        away = at[:, None, :] - at[None, :, :]
        distance = np.sqrt((away**2).sum(axis=2)) + np.eye(len(at)) * 1e9
        push = np.maximum(0.0, 26.0 - distance) / 2
        if not (push > 0.05).any():
            break
        at = np.clip(at + (away / distance[:, :, None] * push[:, :, None]).sum(axis=1) * 0.6, low, high)
    return [
        {"x": float(round(x, 1)), "y": float(round(y, 1)), "n": str(p + 1), "p": str(p)}
        for p, (x, y) in zip(present, at, strict=True)
    ]


def utilities(facts: Facts, bins: int = 20) -> str | None:
    """How well people's statements fit them: a bar per step of utility, own answers apart from predictions."""
    alt = altair()
    assigned = facts.place >= 0
    if not assigned.any():
        return None
    t = facts.terms
    edges = np.linspace(t.low, t.high, bins + 1)
    known_name, other = (voice(facts.slate).known, "predicted") if t.votes else ("", "similarity of texts")
    rows = []
    for name, mask, rank in ((known_name, facts.answered, 0), (other, ~facts.answered, 1)):
        heights, _ = np.histogram(facts.view.own[assigned & mask], bins=edges)
        rows += [
            {"a": float(edges[i]), "b": float(edges[i + 1]), "n": int(h), "k": name, "r": rank}
            for i, h in enumerate(heights)
            if h
        ]
    whole = alt.Scale(domain=[t.low, t.high], nice=False)
    title = "utility of the statement they are assigned to" if t.votes else "similarity to the statement"
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X("a:Q", bin="binned", title=title, scale=whole, axis=alt.Axis(grid=False, tickCount=5, format="~g")),
            x2="b:Q",
            y=alt.Y("n:Q", stack="zero", title="people", axis=alt.Axis(tickCount=4, domain=False, ticks=False)),
            fill=alt.Fill("r:N", legend=None, scale=alt.Scale(domain=[0, 1], range=[COLOURS[0], COLOURS[1]])),
            order="r:Q",
        )
    )
    people = count(int(assigned.sum()))
    label = f"Bars: how many of {people} assigned people have which {title}, {t.low:g} to {t.high:g}."
    return _finish(chart.properties(width=WIDTH - 60, height=190), label)


def frontier(points: Sequence[Sequence[float]]) -> str | None:
    """The frontier: the largest group, as a share of what it would need, against how much better off it must be."""
    alt = altair()
    if len(points) < 2:
        return None
    rows = [{"b": float(b), "d": float(d)} for b, d in points]
    top = max(1.0, *(row["d"] for row in rows))
    x = alt.X(
        "b:Q",
        title="how much better off everyone in the group would be (b)",
        scale=alt.Scale(domain=[rows[0]["b"], rows[-1]["b"]], nice=False),
        axis=alt.Axis(grid=False, tickCount=5, format="~g"),
    )
    y = alt.Y(
        "d:Q",
        title="size, of what it would need (d)",
        scale=alt.Scale(domain=[0, top * 1.15], nice=False),
        axis=alt.Axis(format=".0%", tickCount=5, domain=False, ticks=False),
    )
    line = alt.Chart(alt.Data(values=rows)).mark_line(interpolate="step-after", strokeWidth=2.5, color=COLOURS[0])
    area = alt.Chart(alt.Data(values=rows)).mark_area(interpolate="step-after", color=COLOURS[0], opacity=0.15)
    limit = alt.Chart(alt.Data(values=[{"d": 1.0, "b": rows[-1]["b"], "t": "large enough: a violation"}]))
    rule = limit.mark_rule(strokeDash=[5, 4], strokeWidth=1.5, color=ALERT).encode(y=y)
    words = limit.mark_text(align="right", dy=-9, fontSize=FONT, font="sans-serif", color=ALERT).encode(
        x=x, y=y, text="t:N"
    )
    chart = alt.layer(area.encode(x=x, y=y), line.encode(x=x, y=y), rule, words)
    label = (
        f"Step line falling from {percent(rows[0]['d'])} of the needed size at b = 0 to {percent(rows[-1]['d'])} at "
        f"b = {rows[-1]['b']:g}. At 100% a group is large enough: a violation."
    )
    return _finish(chart.properties(width=WIDTH - 70, height=230), label)


def draws(rows: Sequence[Row]) -> str | None:
    """Median and 95% of the worst group over draws, the slate beside random and most popular ones."""
    if not rows:
        return None
    alt = altair()
    values = [{"k": NAMES.get(row.name, row.name), "a": row.low, "b": row.high} for row in rows]
    names = [str(value["k"]) for value in values]
    top = max(1.0, *(row.high for row in rows)) * 1.06
    x = alt.X(
        "a:Q",
        title="largest group, of the size it would need",
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(format=".0%", tickCount=5, grid=False),
    )
    y = alt.Y("k:N", sort=names, title=None, axis=alt.Axis(domain=False, ticks=False, labelColor=INK, labelPadding=8))
    base = alt.Chart(alt.Data(values=values)).encode(y=y)
    line = base.mark_rule(strokeWidth=3, color=COLOURS[0]).encode(x=x, x2="b:Q")
    dot = base.mark_point(filled=True, size=110, opacity=1, color=COLOURS[0], shape="circle").encode(x=x)
    limit = alt.Chart(alt.Data(values=[{"a": 1.0}])).mark_rule(strokeDash=[5, 4], strokeWidth=1.5, color=ALERT)
    label = "; ".join(f"{row.name}: median {row.median}, 95% of draws at most {row.p95}" for row in rows)
    return _finish(alt.layer(limit.encode(x="a:Q"), line, dot).properties(width=WIDTH - 130, height=110), label)
