"""What the published runs of PROSE could have saved, and what their slates are worth, drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KINDS = ("published", "paper", "published, refined", "paper, refined")


def draw(result: Mapping[str, Any]) -> dict[str, str]:
    """The charts as SVG, by file name without ending.

    ``savings``: share of calls and input tokens by method, the mean over the runs; ``utility-RUN``: share of agents
    whose assigned statement has at most this utility, by selection.

    Args:
        result: the result of `study.run`; parts that were not run are not drawn.

    Raises:
        MissingExtraError: the report extra is not installed.
    """
    runs = result["runs"]
    charts = {
        f"utility-{name}": _utility(name, entry["selections"]) for name, entry in runs.items() if "selections" in entry
    }
    entries = [entry["savings"]["methods"] for entry in runs.values() if "savings" in entry]
    if entries:
        charts["savings"] = _savings(entries)
    return charts


def _savings(entries: list[Mapping[str, Any]]) -> str:
    from ..charts import WIDTH, altair, finish
    from ..svg import ALERT, COLOURS

    alt = altair()
    names = list(entries[0])
    rows = [
        {
            "method": name,
            "what": what,
            "share": 100 * sum(entry[name][key] for entry in entries) / len(entries),
            "least": 100 * min(entry[name][key] for entry in entries),
            "most": 100 * max(entry[name][key] for entry in entries),
        }
        for name in names
        for what, key in (("calls", "calls_share"), ("input tokens", "tokens_share"))
    ]
    y = alt.Y("method:N", sort=names, title=None, axis=alt.Axis(labelLimit=320))
    x = alt.X("share:Q", title="share of the run as it was, per cent (bars: runs)", scale=alt.Scale(domain=[0, 100]))
    offset = alt.YOffset("what:N", sort=["calls", "input tokens"])
    scale = alt.Scale(domain=["calls", "input tokens"], range=list(COLOURS[:2]))
    base = alt.Chart(alt.Data(values=rows)).encode(y=y, yOffset=offset)
    dots = base.mark_point(size=60, filled=True, opacity=1).encode(
        x=x, fill=alt.Fill("what:N", title=None, scale=scale), stroke=alt.value(None)
    )
    bars = base.mark_rule(strokeWidth=1.5).encode(
        x=alt.X("least:Q"), x2="most:Q", stroke=alt.Stroke("what:N", title=None, scale=scale)
    )
    goals = [{"goal": 20.0}, {"goal": 10.0}]
    lines = alt.Chart(alt.Data(values=goals)).mark_rule(strokeDash=[5, 4], stroke=ALERT).encode(x=alt.X("goal:Q"))
    words = "; ".join(f"{row['method']}, {row['what']}: {row['share']:.0f}" for row in rows)
    chart = alt.layer(lines, bars, dots).properties(width=WIDTH, height=32 * len(names))
    return finish(chart, f"Shares of calls and input tokens in per cent; dashed: a fifth and a tenth. {words}.")


def _utility(name: str, entry: Mapping[str, Any]) -> str:
    from ..charts import HEIGHT, WIDTH, altair, finish
    from ..svg import COLOURS

    alt = altair()
    rows = [
        {"u": u, "share": 100 * (at + 1) / len(entry[kind]["utilities"]), "kind": kind}
        for kind in KINDS
        for at, u in enumerate(entry[kind]["utilities"])
    ]
    x = alt.X("u:Q", title="utility of the assigned statement")
    y = alt.Y("share:Q", title="agents with at most this, per cent", scale=alt.Scale(domain=[0, 100]))
    stroke = alt.Stroke("kind:N", title=None, scale=alt.Scale(domain=list(KINDS), range=list(COLOURS[: len(KINDS)])))
    chart = alt.Chart(alt.Data(values=rows)).mark_line(interpolate="step-after", strokeWidth=2)
    words = "; ".join(f"{kind}: mean {entry[kind]['mean']:.2f}, minimum {entry[kind]['min']:.2f}" for kind in KINDS)
    chart = chart.encode(x=x, y=y, stroke=stroke, fill=alt.value(None)).properties(width=WIDTH, height=HEIGHT)
    return finish(chart, f"{name}: distribution of utilities by selection. {words}.")
