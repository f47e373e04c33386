"""The plots: utilities, frontier, draws. None of them contains participants' texts."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import numpy as np

from .certificate import Row, kinds
from .facts import Facts
from .marks import COLOURS
from .numbers import ENGLISH, figure, percent
from .svg import ALERT, INK, altair, draw, styled
from .terms import voice
from .translations import Words

WIDTH, FONT = 500, 15


def _finish(chart: Any, label: str) -> str:
    return draw(styled(chart, FONT).to_dict(validate=False), label)


def _lines(text: str, letters: int = 48) -> list[str]:
    """A title in lines that fit beside an axis, in whatever language."""
    return wrap(text, letters)


def utilities(facts: Facts, bins: int = 20) -> str | None:
    """How well people's statements fit them: a bar per step of utility, own answers apart from predictions."""
    alt = altair()
    assigned = facts.place >= 0
    if not assigned.any():
        return None
    t, w = facts.terms, facts.w
    edges = np.linspace(t.low, t.high, bins + 1)
    known_name, other = voice(facts.slate, w).known, w.gettext("predicted")
    rows = []
    for name, mask, rank in ((known_name, facts.answered, 0), (other, ~facts.answered, 1)):
        heights, _ = np.histogram(facts.view.own[assigned & mask], bins=edges)
        rows += [
            {"a": float(edges[i]), "b": float(edges[i + 1]), "n": int(h), "k": name, "r": rank}
            for i, h in enumerate(heights)
            if h
        ]
    whole = alt.Scale(domain=[t.low, t.high], nice=False)
    title = w.gettext("utility of the statement they are assigned to")
    if facts.measured == "texts":
        title = w.gettext("similarity to the statement")
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X(
                "a:Q",
                bin="binned",
                title=_lines(title),
                scale=whole,
                axis=alt.Axis(grid=False, tickCount=5, format="~g"),
            ),
            x2="b:Q",
            y=alt.Y(
                "n:Q", stack="zero", title=w.gettext("people"), axis=alt.Axis(tickCount=4, domain=False, ticks=False)
            ),
            fill=alt.Fill("r:N", legend=None, scale=alt.Scale(domain=[0, 1], range=[COLOURS[0], COLOURS[1]])),
            order="r:Q",
        )
    )
    label = w.gettext(
        "Bars: how many of %(people)s assigned people have which %(title)s, %(low)s to %(high)s.",
        people=int(assigned.sum()),
        title=title,
        low=f"{t.low:g}",
        high=f"{t.high:g}",
    )
    return _finish(chart.properties(width=WIDTH - 60, height=190), label)


def frontier(points: Sequence[Sequence[float]], w: Words = ENGLISH) -> str | None:
    """The frontier: the largest group, as a share of what it would need, against how much better off it must be.

    Args:
        points: the pairs (b, d(b)).
        w: the language.
    """
    alt = altair()
    if len(points) < 2:
        return None
    rows = [{"b": float(b), "d": float(d)} for b, d in points]
    top = max(1.0, *(row["d"] for row in rows))
    x = alt.X(
        "b:Q",
        title=_lines(w.gettext("how much better off everyone in the group would be (b)")),
        scale=alt.Scale(domain=[rows[0]["b"], rows[-1]["b"]], nice=False),
        axis=alt.Axis(grid=False, tickCount=5, format="~g"),
    )
    y = alt.Y(
        "d:Q",
        title=_lines(w.gettext("size, of what it would need (d)"), 28),
        scale=alt.Scale(domain=[0, top * 1.15], nice=False),
        axis=alt.Axis(format=".0%", tickCount=5, domain=False, ticks=False),
    )
    line = alt.Chart(alt.Data(values=rows)).mark_line(interpolate="step-after", strokeWidth=2.5, color=COLOURS[0])
    area = alt.Chart(alt.Data(values=rows)).mark_area(interpolate="step-after", color=COLOURS[0], opacity=0.15)
    limit = alt.Chart(alt.Data(values=[{"d": 1.0, "b": rows[-1]["b"], "t": w.gettext("large enough: overlooked")}]))
    rule = limit.mark_rule(strokeDash=[5, 4], strokeWidth=1.5, color=ALERT).encode(y=y)
    words = limit.mark_text(align="right", dy=-9, fontSize=FONT, font="sans-serif", color=ALERT).encode(
        x=x, y=y, text="t:N"
    )
    chart = alt.layer(area.encode(x=x, y=y), line.encode(x=x, y=y), rule, words)
    label = w.gettext(
        "Step line falling from %(first)s of the needed size at b = 0 to %(last)s at b = %(b)s. At the dashed line a "
        "group is large enough: it was overlooked.",
        first=percent(w, rows[0]["d"]),
        last=percent(w, rows[-1]["d"]),
        b=figure(w, rows[-1]["b"]),
    )
    return _finish(chart.properties(width=WIDTH - 70, height=230), label)


def draws(rows: Sequence[Row], w: Words = ENGLISH) -> str | None:
    """Median and 95th percentile of the worst group over draws, the slate beside random and most popular ones.

    Args:
        rows: the kinds of lists, ready to print.
        w: the language.
    """
    if not rows:
        return None
    alt = altair()
    full = kinds(w)
    short = {full["popular"]: w.gettext("Most popular"), full["random"]: w.gettext("Random")}
    values = [{"k": short.get(row.name, row.name), "a": row.low, "b": row.high} for row in rows]
    names = [str(value["k"]) for value in values]
    top = max(1.0, *(row.high for row in rows)) * 1.06
    x = alt.X(
        "a:Q",
        title=_lines(w.gettext("largest group, of the size it would need"), 40),
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(format=".0%", tickCount=5, grid=False),
    )
    y = alt.Y(
        "k:N",
        sort=names,
        title=None,
        axis=alt.Axis(domain=False, ticks=False, labelColor=INK, labelPadding=8, labelLimit=0),
    )
    base = alt.Chart(alt.Data(values=values)).encode(y=y)
    line = base.mark_rule(strokeWidth=3, color=COLOURS[0]).encode(x=x, x2="b:Q")
    dot = base.mark_point(filled=True, size=110, opacity=1, color=COLOURS[0], shape="circle").encode(x=x)
    limit = alt.Chart(alt.Data(values=[{"a": 1.0}])).mark_rule(strokeDash=[5, 4], strokeWidth=1.5, color=ALERT)
    label = "; ".join(
        w.gettext(
            "%(name)s: median %(median)s, 95 of 100 draws at most %(p95)s",
            name=row.name,
            median=row.median,
            p95=row.p95,
        )
        for row in rows
    )
    return _finish(alt.layer(limit.encode(x="a:Q"), line, dot).properties(width=WIDTH - 130, height=100), label)
