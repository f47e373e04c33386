"""Is the certificate calibrated? Dense blocks of votes are mostly hidden, predicted, and revealed.

Data: a folder with one folder a conversation (Polis exports), not in this repository.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.formats import read
from folkmoot.processes import Selection, find
from folkmoot.profile import FloatArray, InputError, needs
from folkmoot.profile.streams import Stream, stream
from folkmoot.queries.coalitions import largest_coalitions

from ..heldout.study import data_folder
from .blocks import Block, blocks, budgeted

METHODS = ("robust", "popular", "democratic-fast", "random")
UNITS = ("statements", "words")
#: Statements of a block; one in so many of them, by cost, has room in a slate; shares of the answers that are hidden.
SIZES, ROOM, HIDDEN = (20, 40), 4, (0.5, 0.8)
DRAWS = 60
#: What one person's unknown answers have in common beyond the prediction; 0 is what the certificate draws.
TOGETHER = (0.0, 0.1, 0.2)
#: Ends of the bins of predicted chances.
BINS = (0.0, 0.02, 0.2, 0.5, 0.8, 0.98)


@dataclass(frozen=True)
class Result:
    """One slate: what was predicted of it while answers were hidden, and what they say.

    Args:
        conversation: the name of the conversation.
        split: the number of the split.
        unit: what costs are counted in.
        method: the process that chose the slate.
        hidden: the share of the answers that was hidden.
        together: what one person's unknown answers have in common in the draws.
        chance: the share of draws in which some coalition has what it needs.
        violated: whether one has, by all answers.
        complaint: the mean over draws of the largest coalition's mass as a share of what it needs.
        found: the same by all answers.
        wanting: the expected share of the hidden answers to statements outside that agree, of people who do not
            agree with their own statement in the draw.
        wanted: the same by all answers.
    """

    conversation: str
    split: int
    unit: str
    method: str
    hidden: float
    together: float
    chance: float
    violated: float
    complaint: float
    found: float
    wanting: float
    wanted: float


#: What is predicted, beside what is found.
PAIRS = {"violated": ("chance", "violated"), "complaint": ("complaint", "found"), "wanting": ("wanting", "wanted")}


def run(
    path: Path | None = None,
    *,
    processes: Sequence[str] = METHODS,
    only: str | None = None,
    instances: int = 3,
    seed: int = 0,
    report: Callable[[str, float], None] | None = None,
) -> dict[str, Any]:
    """Hides most answers of dense blocks, predicts whether slates are violated, and looks.

    A block is the people who answered all of the 20 or 40 statements with most answers. Half or four fifths of these
    answers are hidden; slates are chosen from the block on what is shown, and the model is fitted to everything that
    is shown. The slate is then audited on 60 draws of the hidden answers, and on the hidden answers themselves.

    Args:
        path: folder of the conversations, or of one; None: ``data/polis`` of the folder FOLKMOOT_SHARED names, else of
            the current folder.
        processes: ids of processes that choose slates.
        only: ``words`` or ``statements``; None: both.
        instances: splits.
        seed: of models and draws.
        report: told (stage, share done).

    Returns:
        JSON-ready: ``rows`` (name, together, audits, and for each of `PAIRS` predicted, found, difference and its
        standard error over conversations and splits), ``bins``, and ``audits``, every single one.

    Raises:
        InputError: no conversation there, an unknown unit, or no dense block anywhere.
    """
    folders = _folders(path or data_folder())
    if only is not None and only not in UNITS:
        raise InputError(f"unknown unit {only!r}; choose one of {', '.join(UNITS)}")
    units = (only,) if only else UNITS
    results: list[Result] = []
    steps, done = len(folders) * instances * len(HIDDEN), 0
    for folder in folders:
        profile = read(folder)
        for split in range(instances):
            for hidden in HIDDEN:
                if report is not None:
                    report(folder.name, done / steps)
                done += 1
                for whole in blocks(profile, SIZES, hidden, split, seed):
                    drawn = {together: list(whole.draws(DRAWS, together)) for together in TOGETHER}
                    for unit in units:
                        block = budgeted(whole, profile, unit, ROOM)
                        for method in processes:
                            selection = find(method).run(block.problem, stream(seed, Stream.PROCESS))
                            for together, matrices in drawn.items():
                                figures = _figures(block, selection, matrices)
                                results.append(Result(folder.name, split, unit, method, hidden, together, *figures))
    if not results:
        raise InputError("nobody answered all of 20 statements here: there is no dense block", file=path)
    return {"rows": _rows(results), "bins": _bins(results), "audits": [_plain(one) for one in results]}


def _plain(result: Result) -> dict[str, Any]:
    """JSON has no nan: nobody is unhappy, or nobody who is has a hidden answer."""
    return {name: None if value != value else value for name, value in asdict(result).items()}


def _folders(path: Path) -> list[Path]:
    if not path.is_dir():
        raise InputError("no conversations here; name a folder that holds a folder for each", file=path)
    return sorted(folder for folder in path.iterdir() if folder.is_dir()) or [path]


def _figures(block: Block, selection: Selection, draws: Sequence[FloatArray]) -> tuple[float, ...]:
    """What is predicted and what is found, in the order of `Result`."""
    predicted = [complaint(block, selection, values) for values in draws]
    wanting = [want(block, selection, values) for values in draws]
    found = complaint(block, selection, block.truth)
    return (
        float(np.mean([ratio >= 1 for ratio in predicted])),
        float(found >= 1),
        float(np.mean(predicted)),
        found,
        _mean(wanting),
        want(block, selection, block.truth),
    )


def complaint(block: Block, selection: Selection, values: FloatArray) -> float:
    """The largest coalition's mass as a share of what it needs, on a matrix of everybody's utilities.

    Args:
        block: the block.
        selection: the slate.
        values: float64 [n, m].
    """
    pool, problem = block.problem.pool, block.problem
    out = np.setdiff1d(np.arange(pool.size), selection.candidates)
    if not len(out):
        return 0.0
    mass, _ = largest_coalitions(_own(selection, values), values[:, out], pool.masses)
    return float((mass / needs(pool.costs, pool.total_mass, problem.budget)[out]).max())


def want(block: Block, selection: Selection, values: FloatArray) -> float:
    """Of hidden answers outside, by people who do not agree with their own statement: the share that agrees.

    Args:
        block: the block.
        selection: the slate.
        values: float64 [n, m].
    """
    approval = block.problem.approval
    out = np.setdiff1d(np.arange(block.problem.pool.size), selection.candidates)
    unhappy = _own(selection, values) < approval
    asked = block.hidden[np.ix_(unhappy, out)]
    return _mean((values[np.ix_(unhappy, out)] >= approval)[asked].astype(np.float64))


def _own(selection: Selection, values: FloatArray) -> FloatArray:
    place = selection.assignment
    found = np.full(len(values), -np.inf)
    seated = np.flatnonzero(place >= 0)
    found[seated] = values[seated, np.asarray(selection.candidates)[place[seated]]]
    return found


def _mean(values: FloatArray | Sequence[float]) -> float:
    there = np.asarray(values, dtype=np.float64)
    there = there[~np.isnan(there)]
    return float(there.mean()) if len(there) else float("nan")


def _rows(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Means over everything, over units, hidden shares, methods and conversations, for every kind of draws."""
    rows = []
    for together in sorted({one.together for one in results}):
        mine = [one for one in results if one.together == together]
        groups: dict[str, list[Result]] = {"all": mine}
        keys: tuple[Callable[[Result], str], ...] = (
            lambda one: one.unit,
            lambda one: f"{one.hidden:.0%} hidden",
            lambda one: one.method,
            lambda one: one.conversation,
        )
        for key in keys:
            for one in mine:
                groups.setdefault(key(one), []).append(one)
        for name, group in groups.items():
            figures = {pair: compared(group, *names) for pair, names in PAIRS.items()}
            rows.append({"name": name, "together": together, "audits": len(group), **figures})
    return rows


def compared(group: Sequence[Result], predicted: str, found: str) -> dict[str, float | None]:
    """Predicted and found means, their difference, and its standard error.

    Audits of one conversation and split share people and answers, so that the error is that over these.

    Args:
        group: the audits.
        predicted: the name of the figure that is predicted.
        found: the name of the figure that is found.
    """
    clusters: dict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)
    for one in group:
        pair = getattr(one, predicted), getattr(one, found)
        if not np.isnan(pair).any():
            clusters[one.conversation, one.split].append(pair)
    if not clusters:
        return dict.fromkeys(("predicted", "found", "difference", "error"))
    means = np.array([np.mean(pairs, axis=0) for pairs in clusters.values()])
    gaps = means[:, 0] - means[:, 1]
    error = float(gaps.std(ddof=1) / np.sqrt(len(gaps))) if len(gaps) > 1 else None
    return {
        "predicted": round(float(means[:, 0].mean()), 6),
        "found": round(float(means[:, 1].mean()), 6),
        "difference": round(float(gaps.mean()), 6),
        "error": None if error is None else round(error, 6),
    }


def _bins(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Audits by their predicted chance: how many, the mean chance, the share that was found violated."""
    plain = [one for one in results if not one.together]
    ends = [*BINS, np.inf]
    rows = []
    for low, high in pairwise(ends):
        mine = [one for one in plain if low <= one.chance < high]
        if mine:
            rows.append(
                {
                    "from": low,
                    "audits": len(mine),
                    "predicted": round(_mean([one.chance for one in mine]), 6),
                    "found": round(_mean([one.violated for one in mine]), 6),
                }
            )
    return rows


def table(result: Mapping[str, Any]) -> str:
    """The result as lines of text: ``print(table(run()))``."""
    lines = []
    for together in sorted({row["together"] for row in result["rows"]}):
        kind = "as the certificate draws" if not together else f"a person's answers together, {together:g}"
        lines.append(
            f"{kind:47}{'audits':>6}" + "".join(f"{name + ': predicted':>21}{'found':>7}{'':>15}" for name in PAIRS)
        )
        for row in result["rows"]:
            if row["together"] == together:
                lines.append(f"  {row['name']:45}{row['audits']:>6}" + "".join(_cells(row[name]) for name in PAIRS))
        lines.append("")
    lines.append(
        "audits by their predicted chance of a violation: how many, that chance, and in how many there was one"
    )
    for row in result["bins"]:
        lines.append(f"  from {row['from']:<8}{row['audits']:>6}{row['predicted']:>10.3f}{row['found']:>8.3f}")
    return "\n".join(lines)


def _cells(figures: Mapping[str, float | None]) -> str:
    predicted, found, gap, error = (figures[name] for name in ("predicted", "found", "difference", "error"))
    if predicted is None or found is None or gap is None:
        return f"{'-':>21}{'-':>7}{'':>15}"
    return f"{predicted:>21.3f}{found:>7.3f}{gap:>+8.3f}{'' if error is None else f' ±{error:.3f}':>7}"
