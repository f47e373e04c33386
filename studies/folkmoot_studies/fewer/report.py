"""The study `fewer_questions` as text and as pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# What is drawn: measure, title, factor (pictures keep one decimal of every number).
PANELS = (
    ("accuracy", "accuracy, %", 100),
    ("minority", "accuracy on votes against the majority, %", 100),
    ("worst_class", "accuracy of the worst class, %", 100),
    ("gini", "Gini of accuracy, hundredths", 100),
    ("jaccard", "slate shared with the all-answers slate, %", 100),
    ("violations", "statements that break the certificate", 1),
)
# What half the questions are judged by, and whether more is better.
SIGNS = {"accuracy": 1, "low_rank_accuracy": 1, "log_loss": -1}
# Families of policies share a colour and differ in their dashes.
STYLES: dict[str, tuple[int, tuple[int, ...]]] = {
    "random": (8, ()),
    "as-shown": (8, (2, 3)),
    "priority": (5, ()),
    "entropy": (7, ()),
    "information": (7, (2, 3)),
    "design": (3, ()),
    "rollout-0": (1, ()),
    "rollout-2": (1, (6, 3)),
    "rollout-10": (1, (2, 3)),
    "slate": (2, ()),
}


def verdicts(result: Mapping[str, Any]) -> dict[str, Any]:
    """The two questions of the study, answered by policy: see `table`.

    Returns:
        ``half`` {policy: {target: {measure: {"reached", "clearly", "missed", "of"}}}}: in how many conversations half
        of so many questions are at least as good as that many random ones, are so by the whole band, or fall short
        by the whole band; ``classes`` {policy: {"worse", "better", "of"}}: opinion classes, over conversations at the
        first target, whose accuracy is below (above) that under random asking by the whole band.
    """
    half: dict[str, Any] = {}
    classes: dict[str, Any] = {}
    entries = _judged(result)
    targets = sorted({target for entry in entries for target in entry["targets"]})
    for name in result["policies"]:
        half[name] = {}
        for target in targets:
            there = [entry["policies"][name]["half"][str(target)] for entry in entries if target in entry["targets"]]
            half[name][target] = {}
            for measure, sign in SIGNS.items():
                bands = [_signed(own[measure], sign) for own in there]
                half[name][target][measure] = {
                    "reached": sum(mean >= 0 for _, mean, _ in bands),
                    "clearly": sum(low >= 0 for low, _, _ in bands),
                    "missed": sum(high < 0 for _, _, high in bands),
                    "of": len(bands),
                }
        intervals = [
            (band["low"][at], band["high"][at])
            for entry in entries
            for at in [entry["checkpoints"].index(entry["targets"][0])]
            for own in entry["policies"][name]["classes"]
            for band in [own["difference"]]
            if band["low"][at] is not None
        ]
        classes[name] = {
            "worse": sum(high < 0 for _, high in intervals),
            "better": sum(low > 0 for low, _ in intervals),
            "of": len(intervals),
        }
    return {"half": half, "classes": classes}


def _signed(band: Mapping[str, Sequence[float]], sign: int) -> tuple[float, float, float]:
    low, mean, high = (sign * band[end][0] for end in ("low", "mean", "high"))
    return min(low, high), mean, max(low, high)


def overall(result: Mapping[str, Any], questions: int) -> dict[str, dict[str, tuple[float, float]]]:
    """Differences to random questions, averaged over the conversations (with votes, where there are any).

    Returns:
        {policy: {measure: (mean, half of the 95 % band)}}; for `random`, its own figures. The band is for these
        conversations, not for others. Empty where no conversation goes that far.
    """
    entries = _judged(result, questions)
    means_by_policy: dict[str, dict[str, tuple[float, float]]] = {}
    for policy in result["policies"] if entries else ():
        means_by_policy[policy] = {}
        for measure, *_ in PANELS:
            means, halves = [], []
            for entry in entries:
                own, at = entry["policies"][policy][measure], entry["checkpoints"].index(questions)
                band = own if policy == "random" else own["difference"]
                if band["low"][at] is not None:
                    means.append(band["mean"][at])
                    halves.append(band["high"][at] - band["mean"][at])
            count = max(len(means), 1)
            means_by_policy[policy][measure] = (sum(means) / count, sum(half**2 for half in halves) ** 0.5 / count)
    return means_by_policy


def table(result: Mapping[str, Any]) -> str:
    """The figures as lines of text, a block for each conversation and the verdicts last."""
    lines = [
        f"{result['instances']} panels each, seed {result['seed']}; in brackets 95 % bands over panels",
        "accuracy, Gini and the share of the slate in hundredths: of random questions as they are, of others the "
        "difference",
    ]
    for name, entry in result["conversations"].items():
        target = entry["targets"][0]
        lines += [
            "",
            f"{name}: {entry['panel']} new people of {entry['participants']} with {entry['least_answers']} or more "
            f"answers, {entry['statements']} statements, {entry['model_classes']} classes; after {target} answers:",
        ]
        heads = ["", *(f"equals {t} random after" for t in entry["targets"])]
        heads += ["accuracy", "worst class", "minority", "Gini", "slate shared", "violations"]
        rows = [heads, *(_row(policy, own, entry) for policy, own in entry["policies"].items())]
        lines += _aligned(rows)
    for questions in (2, 4, 8, 16):
        if means := _overall(result, questions):
            lines += [
                "",
                f"{_what(result, questions)}: means after {questions} answers, 95 % bands for these conversations:",
            ]
            lines += _aligned([["", *(name.replace("_", " ") for name, *_ in PANELS)], *means])
    judged = verdicts(result)
    first = next(iter(judged["half"].values()))
    rows = [["", *(f"{m.replace('_', '-')}, {t}" for t in first for m in first[t]), "classes worse", "better"]]
    for policy, half in judged["half"].items():
        cells = [f"{v['reached']} of {v['of']} ({v['clearly']}, {v['missed']})" for t in half for v in half[t].values()]
        classes = judged["classes"][policy]
        rows.append([policy, *cells, *(f"{classes[way]} of {classes['of']}" for way in ("worse", "better"))])
    lines += [
        "",
        f"{_what(result)}: how often half the questions are as good as random ones (by the whole band, short by",
        "the whole band), and opinion classes with a worse or better accuracy by the whole band:",
    ]
    return "\n".join([*lines, *_aligned(rows)])


def _what(result: Mapping[str, Any], questions: int = 0) -> str:
    entries = _judged(result, questions)
    return f"{len(entries)} conversation(s) with {entries[0]['scale']}s"


def _judged(result: Mapping[str, Any], questions: int = 0) -> list[Mapping[str, Any]]:
    """The conversations with votes that go that far; all where there are none with votes."""
    entries = [entry for entry in result["conversations"].values() if questions in entry["checkpoints"]]
    return [entry for entry in entries if entry["scale"] == "vote"] or entries


def _overall(result: Mapping[str, Any], questions: int) -> list[list[str]]:
    by_policy = overall(result, questions)
    return [
        [policy, *(_points(policy, *own[measure], factor) for measure, _, factor in PANELS)]
        for policy, own in by_policy.items()
    ]


def _row(policy: str, own: Mapping[str, Any], entry: Mapping[str, Any]) -> list[str]:
    at = entry["checkpoints"].index(entry["targets"][0])
    wanted = [_needed(own["needed"][str(target)]["accuracy"]) for target in entry["targets"]]
    cells = [
        _band(own[measure] if policy == "random" else own[measure]["difference"], at, policy != "random")
        for measure in ("accuracy", "worst_class", "minority", "gini", "jaccard")
    ]
    return [policy, *wanted, *cells, f"{own['violations']['mean'][at]:.1f}"]


def _points(policy: str, mean: float, half: float, factor: int) -> str:
    sign = "" if policy == "random" else "+"
    return f"{factor * mean:{sign}.1f} ± {factor * half:.1f}"


def _needed(interval: Mapping[str, float | None]) -> str:
    mean, low, high = ("-" if interval[end] is None else f"{interval[end]:.1f}" for end in ("mean", "low", "high"))
    return f"{mean} [{low}, {high}]"


def _band(band: Mapping[str, Sequence[float | None]], at: int, signed: bool) -> str:
    low, mean, high = (band[end][at] for end in ("low", "mean", "high"))
    if low is None or mean is None or high is None:
        return "-"
    sign = "+" if signed else ""
    return f"{100 * mean:{sign}.1f} [{100 * low:{sign}.1f}, {100 * high:{sign}.1f}]"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]


def draw(result: Mapping[str, Any]) -> dict[str, str]:
    """One picture for each conversation, by its name.

    Args:
        result: the result of `run`.

    Raises:
        MissingExtraError: the report extra is not installed.
    """
    return {name: _picture(name, entry) for name, entry in result["conversations"].items()}


def _picture(name: str, entry: Mapping[str, Any]) -> str:
    """Bands are those of the difference to random questions, put around the policy's curve."""
    from ..charts import FONT, altair, finish
    from ..svg import COLOURS, INK

    alt = altair()
    policies = [policy for policy in STYLES if policy in entry["policies"]]
    policies += [policy for policy in entry["policies"] if policy not in STYLES]
    colours = [COLOURS[STYLES.get(policy, (4, ()))[0] - 1] for policy in policies]
    dashes = [list(STYLES.get(policy, (4, ()))[1]) or [1, 0] for policy in policies]
    legend = alt.Legend(symbolOpacity=1, symbolSize=400, symbolStrokeWidth=2, symbolType="stroke")
    stroke = alt.Stroke("policy:N", title=None, scale=alt.Scale(domain=policies, range=colours), legend=legend)
    dash = alt.StrokeDash("policy:N", title=None, scale=alt.Scale(domain=policies, range=dashes), legend=legend)
    fill = alt.Fill("policy:N", scale=alt.Scale(domain=policies, range=colours), legend=legend, title=None)
    charts = []
    for measure, title, factor in PANELS:
        rows = [
            {
                "q": q,
                "y": factor * mean,
                "low": max(0, factor * (base + low)),
                "high": factor * (base + high),
                "policy": policy,
            }
            for policy in policies
            for own in [entry["policies"][policy][measure]]
            for q, mean, base, low, high in zip(
                entry["checkpoints"],
                own["mean"],
                entry["policies"]["random"][measure]["mean"],
                own["difference"]["low"],
                own["difference"]["high"],
                strict=True,
            )
            if mean is not None and low is not None
        ]
        chart = alt.Chart(alt.Data(values=rows)).encode(x=alt.X("q:Q", title="answers per person"))
        scale = alt.Scale(zero=False)
        low, middle = (alt.Y(f"{end}:Q", title=None, scale=scale) for end in ("low", "y"))
        bands = chart.mark_area(opacity=0.12).encode(y=low, y2="high:Q", fill=fill)
        lines = chart.mark_line(strokeWidth=2).encode(y=middle, stroke=stroke, strokeDash=dash)
        head = alt.TitleParams(title, anchor="start", color=INK, fontSize=FONT, fontWeight="normal", font="sans-serif")
        charts.append(alt.layer(bands, lines).properties(width=330, height=210, title=head))
    grid = alt.vconcat(*(alt.hconcat(*charts[at : at + 2]) for at in range(0, len(charts), 2)))
    last = len(entry["checkpoints"]) - 1
    words = "; ".join(
        f"{policy} accuracy {100 * entry['policies'][policy]['accuracy']['mean'][last]:.1f} %" for policy in policies
    )
    label = f"Six measures by answers per person in {name}. After {entry['checkpoints'][last]} answers: {words}."
    return finish(grid, label)
