"""The study `sushi` as text and as pictures."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .data import CITE, N
from .figures import figure_7, figure_8
from .trees import JOINT, READINGS

DRAWN = (0.0, 1.0, 10.0, 50.0)
"""Of these inequality aversions the certainty equivalents are drawn."""
_ENDS = ((0, "low"), (1, "high"))


def table(result: Mapping[str, Any]) -> str:
    """The figures as lines of text: both readings, the response of the theory, and what differs from the paper."""
    data = result["data"]
    same = f"{'the same as' if data['as_published'] else 'NOT'} the published pair counts"
    width = 22
    out = [
        f"{data['users']} users from {data['kind']} ({data['file']}): {same}",
        f"c = {result['cost']:g}, welfare of u + {result['shift']:g}, {result['splits']} splits, seed {result['seed']}",
        "in brackets and as low and high: the middle 95 % of the splits, in sample of the bootstrap",
    ]
    for reading, entry in result["readings"].items():
        inside, outside = entry["in_sample"], entry["out_of_sample"]
        out += ["", f"{reading}: {READINGS[reading]}"]
        out.append(f"{'  k':{width}}" + "".join(f"{k:>8}" for k in range(N + 1)))
        for title, figures, name in (
            ("mean u", inside, "mean"),
            ("mean u, held out", outside, "mean"),
            ("Gini", inside, "gini"),
            ("Gini, held out", outside, "gini"),
        ):
            out.append(_row(title, figures[name], width))
            out += [_row(f"  {end}", [band[at] for band in figures[f"{name}_band"]], width) for at, end in _ENDS]
        out.append(_row("lowest u", inside["min"], width))
        out.append(_row("lowest u, held out", outside["min"], width))
        head = f"  {'gamma':>6}  {'optimal k':14}{'its CE':>8}{'its Gini':>10}   "
        out.append(head + "CE held out, with the k that the other half learned")
        for name, k in inside["k_opt"].items():
            low, high = inside["k_opt_band"][name]
            own = outside["learned"][name]
            (a, b), (ka, kb) = own["ce_band"], own["k_band"]
            out.append(
                f"  {name:>6}  {f'{k} [{low}, {high}]':14}{inside['ce'][name][k]:>8.3f}"
                f"{inside['gini'][k]:>10.3f}   {own['ce']:.3f} [{a:.3f}, {b:.3f}], k in [{ka}, {kb}]"
            )
    response = result["best_response"]
    out += ["", "the response with the largest welfare, on the same tree, in sample"]
    out += [f"  {name:>6}  {k:<14}{response['ce'][name][k]:>8.3f}" for name, k in response["k_opt"].items()]
    out += [f"nothing asked, zeros guessed: u = {result['all_zeros']:g} for everybody"]
    out.append("nodes with a tie: " + ", ".join(f"{count} ({what})" for what, count in result["ties"].items()))
    for size, entry in result["few"].items():
        out += ["", f"learned from {size} users (gain over ten), judged on all others, medians and most frequent k"]
        out.append(_row("mean u", entry["mean"], width))
        ks = ", ".join(f"{k} (gamma {name})" for name, k in entry["k_opt"].items())
        out.append(f"  best k: {ks}")
    out += ["", "What the paper says (our words), and what comes out:"]
    for claim in result["claims"]:
        verdict = "as in the paper" if claim["holds"] else "not so here"
        text = f"{claim['says']}: {verdict}: {claim['ours']}"
        out.append(textwrap.fill(text, 112, initial_indent="* ", subsequent_indent="  "))
    out += ["", "What differs from the paper, and why:"]
    out += [textwrap.fill(text, 112, initial_indent="* ", subsequent_indent="  ") for text in result["differs"]]
    out += ["", textwrap.fill(f"Data: {CITE}", 112)]
    return "\n".join(out)


def _row(title: str, values: Sequence[float], width: int) -> str:
    return f"{'  ' + title:{width}}" + "".join(f"{value:>8.3f}" for value in values)


def draw(result: Mapping[str, Any]) -> dict[str, str]:
    """The curves as SVG, by file name without ending.

    ``ce-gamma-G``: certainty equivalent by k (G = 0: mean utility) for those of `DRAWN` that were asked for;
    ``gini``: by k; ``optimal-k``: by gamma; ``figure-7`` and ``figure-8`` as the paper's captions say.

    Args:
        result: the result of `run`.

    Raises:
        MissingExtraError: the report extra is not installed.
    """
    names = [f"{gamma:g}" for gamma in result["gammas"] if gamma in DRAWN]
    charts = {f"ce-gamma-{name}": _curves(result, "ce", name) for name in names}
    seven = figure_7(result)
    charts |= {"gini": _curves(result, "gini"), "optimal-k": _optimal(result)}
    return {**charts, **({"figure-7": seven} if seven else {}), "figure-8": figure_8(result)}


def _curves(result: Mapping[str, Any], figure: str, gamma: str | None = None) -> str:
    from ..charts import HEIGHT, ROOM, WIDTH, altair, finish
    from ..svg import ALERT

    def of(entry: Mapping[str, Any], name: str) -> Any:
        return entry[name] if gamma is None else entry[name][gamma]

    alt = altair()
    # The pictures keep one decimal of every number.
    unit = 100 if gamma is None else 1
    rows = [
        {"k": k, "y": y * unit, "low": low * unit, "high": high * unit, "reading": reading, "users": users}
        for reading, entry in result["readings"].items()
        for users in ("in_sample", "out_of_sample")
        for k, (y, (low, high)) in enumerate(
            zip(of(entry[users], figure), of(entry[users], f"{figure}_band"), strict=True)
        )
    ]
    what = (
        "Gini of u, in hundredths"
        if gamma is None
        else "mean u"
        if gamma == "0"
        else f"certainty equivalent, gamma = {gamma}"
    )
    note = "k: questions (dotted: held out" + ("; dashed: nothing asked)" if gamma is not None else ")")
    x = alt.X("k:Q", title=note, axis=alt.Axis(tickCount=N, format="d"), scale=alt.Scale(nice=False))
    y = alt.Y("y:Q", title=what, scale=alt.Scale(zero=gamma is None))
    colours = _scale(alt, READINGS)
    legend = alt.Legend(symbolOpacity=1)
    stroke = alt.Stroke("reading:N", title=None, scale=colours, legend=legend)
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    inside, outside = (base.transform_filter(f"datum.users == '{name}'") for name in ("in_sample", "out_of_sample"))
    fill = alt.Fill("reading:N", title=None, scale=colours, legend=legend)
    layers = [
        inside.mark_area(opacity=0.25).encode(y=alt.Y("low:Q"), y2="high:Q", fill=fill),
        inside.mark_line(strokeWidth=2).encode(y=y, stroke=stroke),
        outside.mark_line(strokeWidth=2, strokeDash=[2, 4]).encode(y=y, stroke=stroke),
        outside.mark_rule(strokeWidth=1).encode(y=alt.Y("low:Q"), y2="high:Q", stroke=stroke),
    ]
    if gamma is not None:
        zeros = alt.Chart(alt.Data(values=[{"y": result["all_zeros"]}]))
        layers.append(zeros.mark_rule(strokeDash=[6, 4], stroke=ALERT).encode(y=y))
    words = "; ".join(
        f"{reading} {', '.join(f'{value:.3f}' for value in of(entry['in_sample'], figure))}"
        for reading, entry in result["readings"].items()
    )
    named = "Gini of u" if gamma is None else what[0].upper() + what[1:]
    label = f"{named} by k from 0 to {N}, in sample (line) and held out (dotted): {words}."
    return finish(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT), label, ROOM)


def _optimal(result: Mapping[str, Any]) -> str:
    from ..charts import HEIGHT, ROOM, WIDTH, altair, finish
    from ..svg import ALERT

    alt = altair()
    entries = {reading: entry["in_sample"] for reading, entry in result["readings"].items()}
    entries["best response"] = result["best_response"]
    rows = [
        {"gamma": name, "k": k, "low": low, "high": high, "response": response}
        for response, entry in entries.items()
        for name, k in entry["k_opt"].items()
        for low, high in [entry.get("k_opt_band", {}).get(name, (k, k))]
    ]
    x = alt.X("gamma:O", title="gamma", sort=None, axis=alt.Axis(labelAngle=0))
    y = alt.Y(
        "k:Q",
        title="optimal k (dashed: limit)",
        scale=alt.Scale(domain=[0, N]),
        axis=alt.Axis(tickCount=N, format="d"),
    )
    stroke = alt.Stroke("response:N", title=None, scale=_scale(alt, entries))
    shift = alt.XOffset("response:N", scale=alt.Scale(domain=list(entries)))
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, xOffset=shift, stroke=stroke)
    points = base.mark_point(size=60, strokeWidth=2, fill=None).encode(y=y)
    bars = base.mark_rule(strokeWidth=2).encode(y=alt.Y("low:Q"), y2="high:Q")
    most = alt.Chart(alt.Data(values=[{"k": result["most_k"]}]))
    limit = most.mark_rule(strokeDash=[6, 4], stroke=ALERT).encode(y=y)
    words = "; ".join(f"{name} {', '.join(map(str, entry['k_opt'].values()))}" for name, entry in entries.items())
    chart = alt.layer(limit, bars, points).properties(width=WIDTH, height=HEIGHT)
    return finish(chart, f"Optimal k by gamma ({', '.join(entries[JOINT]['k_opt'])}): {words}.", ROOM)


def _scale(alt: Any, names: Iterable[str]) -> Any:
    from ..svg import COLOURS

    listed = list(names)
    return alt.Scale(domain=listed, range=list(COLOURS[: len(listed)]))
