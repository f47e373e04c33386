"""Refinement on the four recorded runs of PROSE (Boehmer, Fish, Procaccia 2025): recorded slate against refined slate.

Data: the folder ``data/prose`` (an extract of the published logs, MIT-style licence, not in this repository). The
utilities are the run's own scores; pairs it never scored are unknown: nobody is assigned to a statement they were not
scored on, and nobody complains on its behalf.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..processes.milp import Limits
from ..processes.refine import refine
from ..processes.standing import Task
from ..profile import FloatArray, InputError, IntArray
from ..queries.near import NEAR, near_duplicates

RUNS = ("drugs_80", "drugs_80_extreme_middle", "drugs_obesity_80", "bowlinggreen_41")
GAP = 5e-4
# How the refined slate is asked for: see `run`.
VARIANTS = ("refined", "capacities only", "never worse")
# More of these is better, less of those.
BETTER_HIGH, BETTER_LOW = ("mean", "q1", "min"), ("violations", "near_duplicates", "unassigned")


@dataclass(frozen=True, eq=False)
class Recorded:
    """A recorded run.

    Args:
        task: its pool; generated statements of the same text are one statement, which keeps the first known score.
        texts: of the pool.
        chosen: int64 [k] the recorded slate.
        place: int64 [n] the recorded assignment.
        generated: statements generated, texts counted as often as they were generated.
    """

    task: Task
    texts: tuple[str, ...]
    chosen: IntArray
    place: IntArray
    generated: int


def data_folder() -> Path:
    """``data/prose`` of the folder FOLKMOOT_SHARED names, else of ``../shared``."""
    return Path(os.environ.get("FOLKMOOT_SHARED", "../shared")) / "data" / "prose"


def run(
    path: Path | None = None,
    *,
    runs: Sequence[str] = RUNS,
    variants: Sequence[str] = VARIANTS,
    gap: float = GAP,
    nodes: int = 2000,
) -> dict[str, Any]:
    """Refines the recorded slates.

    Three ways to ask: ``refined``: balanced, every load the floor or the ceiling of c n / B (where c n / B is whole
    that leaves one load), the largest total without violations; ``capacities only``: the same without the lower
    bounds; ``never worse``: balanced, and nobody below the recorded minimum, nor the first quartile below the
    recorded one. Violations are statements of the pool outside the slate that violate cBJR on known utilities.

    Args:
        path: the folder of the runs; None: see `data_folder`.
        runs: which runs.
        variants: which ways to ask.
        gap: relative gap at which the solver stops.
        nodes: branch-and-bound nodes at which it stops. No clock is looked at.

    Returns:
        JSON-ready: ``runs`` {run: {"recorded": figures, variant: figures + "solver" + "worse" + "statements"}},
        ``never_worse`` {variant: no figure of any run is worse}, ``near_duplicate``, ``gap``.

    Raises:
        InputError: the data is not there.
    """
    folder = path or data_folder()
    found: dict[str, Any] = {}
    for name in runs:
        recorded = read(folder / name)
        task = recorded.task
        before = figures(recorded, recorded.chosen, recorded.place)
        found[name] = {"n_agents": task.n, "pool": task.m, "generated": recorded.generated, "budget": task.budget}
        found[name]["recorded"] = before
        for variant in variants:
            asked = {
                "refined": task,
                "capacities only": replace(task, balance=False),
                "never worse": task.kept(recorded.chosen, recorded.place),
            }[variant]
            begin = time.perf_counter()
            result = refine(asked, recorded.chosen, recorded.place, limits=Limits(gap=gap, nodes=nodes), exact=True)
            seconds = time.perf_counter() - begin
            chosen, place = result.found.chosen, result.found.place
            after = figures(recorded, chosen, place)
            found[name][variant] = {
                **after,
                "worse": worse(before, after),
                "statements": [recorded.texts[a] for a in chosen],
                "solver": {**result.report, "seconds": round(seconds, 2)},
            }
    return {
        "runs": found,
        "never_worse": {variant: all(not entry[variant]["worse"] for entry in found.values()) for variant in variants},
        "near_duplicate": f"Jaccard index of the sets of lower-case tokens at least {NEAR}",
        "gap": gap,
    }


def worse(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of the figures that got worse (how many words are used is neither better nor worse)."""
    return [key for key in BETTER_HIGH if after[key] < before[key]] + [
        key for key in BETTER_LOW if after[key] > before[key]
    ]


def figures(recorded: Recorded, chosen: IntArray, place: IntArray) -> dict[str, Any]:
    """Figures of a slate with its assignment, on the run's own scores."""
    task = recorded.task
    own = task.own(chosen, place)
    seated = own[np.isfinite(own)]
    standing = task.standing(chosen, place)
    return {
        "mean": float(seated.mean()),
        "q1": float(np.quantile(seated, 0.25)),
        "min": float(seated.min()),
        "violations": standing.violations,
        "unassigned": standing.unassigned,
        "balanced": standing.balanced,
        "near_duplicates": near_duplicates([recorded.texts[a] for a in chosen]),
        "slate_length": len(chosen),
        "words": int(task.costs[chosen].sum()),
    }


def read(folder: Path) -> Recorded:
    """Reads one recorded run.

    Raises:
        InputError: a file is not there.
    """
    if not (folder / "scores.csv.gz").is_file():
        raise InputError("no recorded run here; name the folder that holds the four runs", file=folder)
    with gzip.open(folder / "statements.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with gzip.open(folder / "scores.csv.gz", "rt", encoding="utf-8", newline="") as file:
        head, *lines = csv.reader(file)
    scores = np.array([[float(cell) if cell else np.nan for cell in line[1:]] for line in lines]).T
    info = json.loads((folder / "run_info.json").read_text(encoding="utf-8"))
    slate = json.loads((folder / "slates.json").read_text(encoding="utf-8"))["PROSE"]
    first = np.array([int(row["first_id"]) for row in rows])
    kept = np.unique(first)
    values = _merged(scores, np.searchsorted(kept, first), len(kept))
    costs = np.array([int(rows[a]["words"]) for a in kept], dtype=np.int64)
    task = Task(values, costs, np.ones(len(values), dtype=np.int64), int(info["word_budget"]))
    chosen = np.searchsorted(kept, first[[int(entry["statement_id"]) for entry in slate["statements"]]])
    place = np.array([int(slate["assignment"][agent]) for agent in head[1:]], dtype=np.int64)
    return Recorded(task, tuple(rows[a]["text"] for a in kept), chosen.astype(np.int64), place, len(rows))


def _merged(scores: FloatArray, column: IntArray, m: int) -> FloatArray:
    """The first known score of every agent among the statements of one text."""
    found = np.full((len(scores), m), np.nan)
    for at, target in enumerate(column):
        np.copyto(found[:, target], scores[:, at], where=np.isnan(found[:, target]))
    return found


def table(result: Mapping[str, Any]) -> str:
    """The result as lines of text: ``print(table(run()))``."""
    names = ("mean", "q1", "min", "violations", "near_duplicates", "slate_length", "words")
    lines = [f"{'':42}" + "".join(f"{name:>16}" for name in (*names, "balanced", "gap", "seconds")) + "  worse"]
    for run_name, entry in result["runs"].items():
        for kind in ("recorded", *result["never_worse"]):
            values = entry[kind]
            solver = values.get("solver", {})
            cells = [f"{values[k]:.3f}" if isinstance(values[k], float) else str(values[k]) for k in names]
            cells += [str(values["balanced"]), str(solver.get("gap", "")), str(solver.get("seconds", ""))]
            lines.append(
                f"{run_name:26}{kind:16}"
                + "".join(f"{c:>16}" for c in cells)
                + "  "
                + " ".join(values.get("worse", []))
            )
    return "\n".join(lines)
