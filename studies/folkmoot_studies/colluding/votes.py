"""Votes in concert: how many colluding voters move one seat, with and without reliability weights.

The attack of Goyal, Arora, Goel 2026 (Quality-Sensitive Matrix Factorization for Community Notes, arXiv 2604.11224):
a group joins and votes for one target that hardly anybody likes. Two camps and statements of different quality;
whoever has no opinion answers as `plural.answer_world` has it. The colluders always agree with the target and
otherwise disagree with everything (``united``), copy somebody honest (``hiding``) or click at random (``clicking``).
Everybody is asked again as the library designs it, the kinds of answers are fitted, and every slate is chosen twice:
from the votes, and from the votes by weight. A group of no one shows where the target is in the slate anyway.

The measure: the smallest group whose target is in the slate of k, in proportional shares: c colluders among n honest
people are c k / (n + c) shares. A proportional rule gives a united group a seat for one share; less is too little.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from folkmoot.asking import repeat_design
from folkmoot.preferences.repeated.answer_kinds import answer_kinds
from folkmoot.processes import PROCESSES, Problem
from folkmoot.profile import VOTE, BoolArray, FloatArray, InputError, Progress
from folkmoot.queries import ClosedPool, Completed, Reliable

from ..plural.answer_world import AnswerWorld
from ..streams import numbers

HONEST, STATEMENTS, K, INSTANCES = 200, 24, 8, 20
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
# The last statement: ties go to the first, and a target there would be seated for nothing.
TARGET = STATEMENTS - 1
STYLES = ("united", "hiding", "clicking")
PROCESSES_TRIED = ("popular", "seqphragmen", "equal-shares", "bjr", "democratic-fast")
# Kinds of honest answers: opinions, constructed, non-attitudes.
KINDS = (0.7, 0.12, 0.18)


def run(instances: int = INSTANCES, seed: int = 0, report: Progress | None = None) -> dict[str, Any]:
    """The smallest group that takes a seat, by process, style, and whether answers are weighed.

    Args:
        instances: the number of made-up towns.
        seed: the seed of everything that is drawn.
        report: called with (stage, share done).

    Returns:
        JSON-ready: ``cells``: ``style``, ``process``, ``weighed``, ``shares`` (for each town the smallest of `SHARES`
        that takes a seat, None where none does); ``told_apart``: by style the mean area under the curve of telling
        colluders from honest people by their mean weight (0.5: not at all; below: colluders look more reliable), and
        ``target_weight`` of the two groups' answers to the target.

    Raises:
        InputError: there is no instance.
    """
    if instances < 1:
        raise InputError("the study needs at least 1 instance")
    tell = report or (lambda stage, share: None)
    first: dict[tuple[str, str, bool], list[float | None]] = {
        (style, process, weighed): [] for style in STYLES for process in PROCESSES_TRIED for weighed in (False, True)
    }
    apart: dict[str, list[tuple[float, float, float]]] = {style: [] for style in STYLES}
    for number in range(instances):
        tell("voting in concert", number / instances)
        for style in STYLES:
            found: dict[tuple[str, bool], float | None] = {}
            for share in SHARES:
                town = joined(share, style, numbers(seed, 81, number), numbers(seed, 82, number, STYLES.index(style)))
                if share:
                    apart[style].append((town.auc, *town.target_weight))
                for (process, weighed), seated in town.seated.items():
                    if seated:
                        found.setdefault((process, weighed), share)
            for process in PROCESSES_TRIED:
                for weighed in (False, True):
                    first[style, process, weighed].append(found.get((process, weighed)))
    tell("voting in concert", 1.0)
    return {
        "study": "coordinated",
        "instances": instances,
        "seed": seed,
        "honest": HONEST,
        "seats": K,
        "cells": [
            {"style": style, "process": process, "weighed": weighed, "shares": found}
            for (style, process, weighed), found in first.items()
        ],
        "told_apart": {style: float(np.mean([one[0] for one in rows])) for style, rows in apart.items()},
        "target_weight": {
            style: {name: float(np.mean([one[at] for one in rows])) for at, name in ((1, "honest"), (2, "colluders"))}
            for style, rows in apart.items()
        },
    }


class Town:
    """What came of one attack: `seated` by process and weighing, `auc`, and `target_weight` (honest, colluders)."""

    def __init__(self, seated: dict[tuple[str, bool], bool], auc: float, target_weight: tuple[float, float]) -> None:
        self.seated, self.auc, self.target_weight = seated, auc, target_weight


def joined(share: float, style: str, honest: np.random.Generator, attack: np.random.Generator) -> Town:
    """One town with a group of that many proportional shares.

    Args:
        share: the size of the group, in shares of one seat of all, colluders included.
        style: one of `STYLES`.
        honest: the generator of the honest people (the same for every attack on them).
        attack: the generator of the colluders, the survey and the fit.
    """
    group = round(share * HONEST / (K - share))
    side = np.where(np.arange(HONEST) % 5 < 3, 1.0, -1.0)
    quality, lean = honest.normal(0.0, 1.0, STATEMENTS), honest.normal(0.0, 1.5, STATEMENTS)
    # The target: of low quality, liked by hardly anybody on either side.
    quality[TARGET], lean[TARGET] = -3.0, 0.0
    chance = 1 / (1 + np.exp(-(quality + side[:, None] * lean)))
    opinion = honest.random((HONEST, STATEMENTS)) < chance
    kind = np.minimum(np.searchsorted(np.cumsum(KINDS), honest.random((HONEST, STATEMENTS)), "right"), 2)
    copied = attack.integers(HONEST, size=group)
    theirs: BoolArray = opinion[copied] if style != "united" else np.zeros((group, STATEMENTS), dtype=bool)
    theirs[:, TARGET] = True
    kinds = np.full((group, STATEMENTS), 2 if style == "clicking" else 0)
    kinds[:, TARGET] = 0
    world = AnswerWorld(np.concatenate([kind, kinds]), np.concatenate([opinion, theirs]), np.full(STATEMENTS, 0.5))
    n = HONEST + group
    profile, repeats = world.surveyed(repeat_design(n, STATEMENTS, attack, share=0.5, conditions=4), attack)
    weights = answer_kinds(repeats, attack, shares="common", starts=2).weigh(profile)
    block = weights.block(np.arange(n), np.arange(STATEMENTS))
    mean = np.nanmean(block, axis=1)
    disc = Completed(profile)
    seated: dict[tuple[str, bool], bool] = {}
    for weighed in (False, True):
        pool = ClosedPool(
            Reliable(disc, weights) if weighed else disc,
            np.arange(STATEMENTS),
            np.ones(STATEMENTS, dtype=np.int64),
        )
        for process in PROCESSES_TRIED:
            problem = Problem(pool, K, approval=VOTE.approval)
            seated[process, weighed] = TARGET in PROCESSES[process].run(problem, np.random.default_rng(0)).candidates
    on_target = float(np.nanmean(block[:HONEST, TARGET])), float(np.nanmean(block[HONEST:, TARGET])) if group else 0.0
    return Town(seated, auc(mean[HONEST:], mean[:HONEST]), on_target)


def auc(colluders: FloatArray, honest: FloatArray) -> float:
    """How likely a colluder has the smaller mean weight, ties counting half.

    >>> auc(np.array([0.1, 0.5]), np.array([0.5, 0.9]))
    0.875
    """
    if not len(colluders) or not len(honest):
        return 0.5
    less = (colluders[:, None] < honest).mean() + 0.5 * (colluders[:, None] == honest).mean()
    return float(less)


def table(result: Mapping[str, Any]) -> str:
    """The smallest groups as lines of text: median, range, and towns in which none takes a seat."""
    lines = [f"{'style':10}{'process':18}{'answers':12}{'median shares':>14}{'range':>16}{'anyway':>8}{'never':>8}"]
    for cell in result["cells"]:
        known = sorted(share for share in cell["shares"] if share is not None)
        never = len(cell["shares"]) - len(known)
        every = np.array([np.inf if share is None else share for share in cell["shares"]])
        middle = float(np.quantile(every, 0.5, method="higher"))
        shown = "over 2" if np.isinf(middle) else f"{middle:.2f}"
        spread = f"{known[0]:.2f} to {known[-1]:.2f}" if known else ""
        answers = "by weight" if cell["weighed"] else "as given"
        lines.append(
            f"{cell['style']:10}{cell['process']:18}{answers:12}{shown:>14}{spread:>16}{known.count(0.0):>8}{never:>8}"
        )
    for style, area in result["told_apart"].items():
        weight = result["target_weight"][style]
        lines.append(
            f"{style}: colluders told apart by mean weight with an area of {area:.2f}; weight of answers to the target "
            f"{weight['honest']:.2f} (honest), {weight['colluders']:.2f} (colluders)"
        )
    return "\n".join(lines)


def draw(result: Mapping[str, Any]) -> dict[str, str]:
    """``coordinated-STYLE``: the share of towns whose target is seated, by the size of the group, as SVG.

    Args:
        result: the result of `run`.

    Raises:
        MissingExtraError: the report extra is not installed.
    """
    from ..charts import HEIGHT, WIDTH, altair, finish
    from ..svg import ALERT, COLOURS

    alt = altair()
    charts = {}
    for style in dict.fromkeys(cell["style"] for cell in result["cells"]):
        rows = [
            {
                "share": share,
                "seated": 100 * float(np.mean([one is not None and one <= share for one in cell["shares"]])),
                "process": cell["process"],
                "answers": "by weight" if cell["weighed"] else "as given",
            }
            for cell in result["cells"]
            if cell["style"] == style
            for share in SHARES
        ]
        scale = alt.Scale(domain=list(PROCESSES_TRIED), range=list(COLOURS[: len(PROCESSES_TRIED)]))
        base = alt.Chart(alt.Data(values=rows)).encode(
            x=alt.X("share:Q", title="size of the group, in proportional shares of a seat"),
            y=alt.Y("seated:Q", title="per cent of towns with the target", scale=alt.Scale(domain=[0, 100])),
            stroke=alt.Stroke("process:N", title=None, scale=scale),
            strokeDash=alt.StrokeDash("answers:N", legend=None, scale=alt.Scale(domain=["as given", "by weight"])),
            fill=alt.value(None),
        )
        one = alt.Chart(alt.Data(values=[{"share": 1.0}])).mark_rule(strokeDash=[5, 4], stroke=ALERT)
        chart = alt.layer(one.encode(x="share:Q"), base.mark_line(strokeWidth=2)).properties(width=WIDTH, height=HEIGHT)
        words = "; ".join(
            f"{row['process']}, {row['answers']}: {row['seated']:.0f} at one share"
            for row in rows
            if row["share"] == 1.0
        )
        charts[f"coordinated-{style}"] = finish(chart, f"Per cent of towns whose target is seated ({style}): {words}.")
    return charts
