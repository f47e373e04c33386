"""What the study ``clarify`` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def table(result: Mapping[str, Any]) -> str:
    """The figures as plain text."""
    lines = [f"Cost of a question {result['cost']:g}. behind: standard errors of welfare behind the best."]
    for each in result["sets"]:
        lines += [
            "",
            f"{each['name']}: {each['features']} features, {each['people']} people judged, each learned from "
            f"{each['learned']} others ({', '.join(map(str, each['kinds']))} kinds), {each['minority']:.0%} are the "
            f"minority; splits into folds: {each['splits']}",
            f"{'gamma':>6} {'policy':9}{'ce':>8}{'behind':>8}{'utility':>9}{'+-':>6}{'questions':>10}{'Gini':>7}"
            f"{'majority':>10}{'minority':>10}{'W0':>7}{'W1':>7}{'entropy':>9}",
        ]
        for row in each["rows"]:
            many, few, w0, w1 = (_short(row[name]) for name in ("majority", "minority", "w0", "w1"))
            lines.append(
                f"{row['gamma']:>6g} {row['policy']:9}{row['ce']:>8.3f}{row['behind']:>8.1f}{row['utility']:>9.3f}"
                f"{row['error']:>6.2f}{row['questions']:>10.2f}{row['gini']:>7.3f}{many:>10}{few:>10}"
                f"{w0:>7}{w1:>7}{row['entropy']:>9.2f}"
            )
    return "\n".join([*lines, "", *_summary(result)]) + "\n"


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _summary(result: Mapping[str, Any]) -> list[str]:
    """In how many cells our choice is best, or within a standard error of the best; and what the minority gains."""
    cells = best = near = more_for_few = surer = more = guarded = aversions = 0
    far: list[str] = []
    for each in result["sets"]:
        rows = {(row["gamma"], row["policy"]): row for row in each["rows"]}
        for gamma in dict.fromkeys(row["gamma"] for row in each["rows"]):
            ours, never = rows[gamma, "ours"], rows[gamma, "never"]
            cells += 1
            best += ours["behind"] == 0
            near += ours["behind"] <= 1
            if ours["behind"] > 1:
                top = max((row for row in each["rows"] if row["gamma"] == gamma), key=lambda row: float(row["ce"]))
                far.append(
                    f"{each['name']} at gamma {gamma:g}: {ours['behind']:.1f} standard errors behind {top['policy']}, "
                    f"{top['ce'] - ours['ce']:.3f} features"
                )
            if gamma > 0 and ours["minority"] is not None:
                aversions += 1
                more_for_few += ours["minority"] > never["minority"]
                surer += ours["w1"] > never["w1"]
                guarded += ours["w1_plain"] is not None and ours["w1"] >= ours["w1_plain"] - 1e-9
                more += ours["minority"] >= rows[0.0, "ours"]["minority"] if (0.0, "ours") in rows else 0
    return [
        f"Ours is best in {best} of {cells} cells, and best or within a standard error of the best in {near}.",
        *(f"  {line}" for line in far),
        *(
            [
                f"At gamma > 0 the minority has more than with never asking in {more_for_few} of {aversions} (a higher "
                f"W1 in {surer}), and at least what ours gives it at gamma = 0 in {more} (at least its W1 in "
                f"{guarded})."
            ]
            if aversions
            else []
        ),
    ]
