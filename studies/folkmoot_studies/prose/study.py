"""The published runs of PROSE (Boehmer, Fish, Procaccia 2025) again: replay, Table 1, selections, and what is saved.

Data: the folder ``data/prose`` (an extract of the published logs, MIT-style licence, not in this repository; the
texts have terms of their own). Nothing is asked of a model: recorded scores stand in for calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.processes.prose.decisions import Selection, most_approved, next_smaller, nominate
from folkmoot.processes.prose.prose import EXACT, SPARING
from folkmoot.processes.prose.race import Way
from folkmoot.processes.refine.milp import Limits
from folkmoot.processes.refine.refine import refine
from folkmoot.profile import BoolArray, InputError, IntArray
from folkmoot.profile.records import to_json

from ..bounds import refine as refined
from .data import Published, read
from .datasets import checked as checked_data
from .datasets import lines as data_lines
from .savings import SPLITS, Outcome, Price, cost, simulate
from .subsamples import line as subsample_line
from .subsamples import subsamples
from .table import table_one
from .waves import lines as waves_lines
from .waves import waves

RUNS = refined.RUNS
PARTS = ("data", "replay", "table", "selections", "savings", "waves", "subsamples")
GAP = 4e-3
PER_PROMPT, CACHED, HALF_PRICE = 8, 0.1, 0.5
TOGETHER = Price(per_prompt=PER_PROMPT, cached=CACHED)
PLAIN = Way()
# Each alone, then together. What a way asks depends on the run alone, what it costs on the price.
METHODS: dict[str, tuple[Way, Price]] = {
    "exact lazy scoring": (Way(lazy=True, batch=1), Price()),
    "agreement first": (Way(agreement_first=True), Price()),
    "screening": (Way(screen=True), Price()),
    "skipping passes": (Way(skip=True), Price()),
    f"{PER_PROMPT} statements a prompt": (PLAIN, Price(per_prompt=PER_PROMPT)),
    "shared prefix": (PLAIN, Price(cached=CACHED)),
    "exact together, in small batches": (replace(EXACT, batch=1), Price()),
    "exact together": (EXACT, Price()),
    "exact together, prompts and prefix": (EXACT, TOGETHER),
    "exact and skipping": (SPARING, Price()),
    "exact and skipping, no cache": (SPARING, Price(per_prompt=PER_PROMPT)),
    "exact and skipping, cache at half price": (SPARING, Price(per_prompt=PER_PROMPT, cached=HALF_PRICE)),
    "exact and skipping, prompts and prefix": (SPARING, TOGETHER),
    "... margin 0, reach 2": (replace(SPARING, margin=0.0, reach=2.0), TOGETHER),
    "... reach 2": (replace(SPARING, reach=2.0), TOGETHER),
    "... and screening": (replace(SPARING, screen=True), TOGETHER),
    "exact, previous best certified": (replace(EXACT, previous_best=True), Price()),
}
# Methods for which the unknown split of the scores into agreement and specificity is tried in three ways.
RANGED = frozenset(name for name, (way, _) in METHODS.items() if way.agreement_first and not way.screen)
GOAL_CALLS, GOAL_TOKENS = 0.2, 0.1


@dataclass(frozen=True, eq=False)
class Replay:
    """A run decided again from its scores, with the statements and passes that were recorded.

    Args:
        nominated: int64 [rounds], as in a log: the accepted statement, otherwise the most approved one.
        accepted: bool [rounds], whether the pass accepted a statement.
        unsatisfied: bool [rounds, n], who was unsatisfied before the pass.
        chosen: int64 [k], the slate.
        place: int64 [n], the place of each agent's statement in it, -1 for none.
    """

    nominated: IntArray
    accepted: BoolArray
    unsatisfied: BoolArray
    chosen: IntArray
    place: IntArray


def run(
    path: Path | None = None,
    *,
    runs: Sequence[str] = RUNS,
    only: str | None = None,
    gap: float = GAP,
    exact: bool = True,
    seed: int = 0,
) -> dict[str, Any]:
    """Replays the recorded runs and asks what they would have cost otherwise.

    Args:
        path: the folder of the runs; None: see `refine.data_folder`.
        runs: the runs to replay.
        only: the name of one of `PARTS`; None runs all of them.
        gap: the relative gap at which the refinement's solver stops.
        exact: whether the refinement is by integer program; otherwise it is by local search.
        seed: the seed of the order in which screened agents are asked, and of the model's draws.

    Returns:
        JSON-ready: ``runs`` {run: {part: figures}}, and ``together`` {part: figures of all these runs}.

    Raises:
        InputError: the data is missing, or there is no such part.
    """
    if only is not None and only not in PARTS:
        raise InputError(f"unknown part {only!r}; choose one of {', '.join(PARTS)}")
    folder = path or refined.data_folder()
    parts = PARTS if only is None else (only,)
    results: dict[str, Any] = {}
    for name in runs:
        one = read(folder / name)
        results[name] = {"n_agents": one.n, "budget": one.budget, "rounds": one.rounds, "statements": one.m}
        if "data" in parts:
            results[name]["data"] = checked_data(folder / name, name)
        if "replay" in parts:
            results[name]["replay"] = compared(one)
        if "table" in parts:
            results[name]["table"] = table_one(one, folder / name, name)
        if "selections" in parts:
            results[name]["selections"] = selections(one, refined.read(folder / name), gap, exact)
        if "savings" in parts:
            results[name]["savings"] = savings(one, refined.read(folder / name), seed)
        if "waves" in parts:
            results[name]["waves"] = waves(one, (EXACT, SPARING), TOGETHER)
        if "subsamples" in parts:
            results[name]["subsamples"] = subsamples(one, seed)
    return {
        "runs": results,
        "together": {part: _TOGETHER[part]([one[part] for one in results.values()]) for part in parts},
    }


def replay(run: Published) -> Replay:
    """The published rule on a recorded run: see `follow`."""
    return follow(run, "published")


def follow(run: Published, selection: Selection) -> Replay:
    """The live process over the recorded scores, asking everything (see `simulate`).

    The statements a pass generated arrive in the pass of the same level and cost step, in whatever state it takes
    place. After an acceptance that was not recorded the pass is repeated without new statements; a pass that the state
    does not allow is left out with its statements, so are those the recorded run repeated where this one is refused.
    Scores the recorded run never asked for count as no approval.

    Args:
        run: the recorded run.
        selection: the rule of selection; see `decisions.nominate`.
    """
    outcome = simulate(run, Way(), selection=selection)
    nominated, free = outcome.accepted.copy(), np.zeros(run.m, dtype=np.bool_)
    for t in np.flatnonzero(outcome.passes).tolist():
        free |= run.batch == t
        if nominated[t] < 0:
            # Whoever a statement represents was unrepresented before it was taken.
            gone = [a for k, a in enumerate(outcome.chosen) if not outcome.before[t][outcome.place == k].all()]
            free[gone] = False
            nominated[t] = most_approved(run.scores[outcome.before[t]], run.levels[t], free)
    return Replay(nominated, outcome.accepted >= 0, outcome.before, outcome.chosen, outcome.place)


def compared(run: Published) -> dict[str, Any]:
    """How much of the log the replay reproduces."""
    again = replay(run)
    before = again.unsatisfied.sum(axis=1)
    at = [np.flatnonzero(again.place == k).tolist() for k in range(len(again.chosen))]
    return {
        "rounds": run.rounds,
        "nominations": int((again.nominated == run.nominated).sum()),
        "decisions": int((again.accepted == (run.accepted == 1)).sum()),
        "unsatisfied": int((before == run.unsatisfied).sum()),
        "slate": len(run.chosen),
        "covered_sets": sum(members == np.flatnonzero(run.place == k).tolist() for k, members in enumerate(at)),
    }


def differences(run: Published) -> dict[str, int]:
    """The paper's selection in the states of the recorded run: how often it decides otherwise.

    ``of`` the acceptances of the run, ``other``: the paper's selection accepts another statement there, ``refused``:
    it accepts none; ``more``: passes in which it accepts though the run did not.
    """
    again, free = replay(run), np.ones(run.m, dtype=np.bool_)
    counts = {"of": int(run.accepted.sum()), "other": 0, "refused": 0, "more": 0}
    for t, (level, step) in enumerate(zip(run.levels.tolist(), run.steps.tolist(), strict=True)):
        one = nominate(
            run.scores[again.unsatisfied[t]],
            run.costs,
            level,
            step,
            next_smaller(run.schedule, step),
            run.n,
            run.budget,
            selection="paper",
            free=free & (run.batch <= t),
        )
        if again.accepted[t]:
            counts["refused"] += int(one is None)
            counts["other"] += int(one is not None and one != again.nominated[t])
            free[again.nominated[t]] = False
        else:
            counts["more"] += int(one is not None)
    return counts


def selections(run: Published, pool: refined.Recorded, gap: float, exact: bool = True) -> dict[str, Any]:
    """The published selection, the paper's, and the refinement (P6) of either; figures as `refine.figures`."""
    described: dict[str, Any] = {"differs": differences(run)}
    for selection in ("published", "paper"):
        again = follow(run, selection)
        chosen, place = merged(run, again.chosen), again.place
        described[selection] = _described(pool, chosen, place, [run.texts[a] for a in again.chosen])
        task = pool.task.kept(chosen, place) if (place >= 0).all() else pool.task
        better = refine(task, chosen, place, limits=Limits(gap=gap, nodes=2000), exact=exact)
        after = _described(pool, better.slate.chosen, better.slate.place, [pool.texts[a] for a in better.slate.chosen])
        described[f"{selection}, refined"] = after | {"solver": to_json(better.report)}
    return described


def merged(run: Published, chosen: IntArray) -> IntArray:
    """int64 [k]: a slate in the pool of `refine.read`, where equal texts are one statement."""
    return np.searchsorted(np.unique(run.first), run.first[chosen]).astype(np.int64)


def _described(pool: refined.Recorded, chosen: IntArray, place: IntArray, texts: list[str]) -> dict[str, Any]:
    own = pool.task.own(chosen, place)
    return {
        **refined.figures(pool, chosen, place),
        "utilities": np.sort(own[np.isfinite(own)]).round(4).tolist(),
        "statements": texts,
    }


def savings(run: Published, pool: refined.Recorded, seed: int = 0) -> dict[str, Any]:
    """What each of `METHODS` asks, and what that costs, as shares of the run as it was.

    Where agreement comes first (`RANGED`) shares are given for three ways in which the recorded utilities can have been
    made of agreement and specificity (see `agreements`), and ``same_for_splits`` is the share of these that leave the
    slate as it is; everything else is of the middle one.
    """
    done: dict[tuple[Way, float], Outcome] = {}

    def outcome(way: Way, split: float) -> Outcome:
        if (way, split) not in done:
            done[way, split] = simulate(run, way, split=split, seed=seed)
        return done[way, split]

    whole = cost(run, outcome(PLAIN, SPLITS["middle"]))
    methods: dict[str, Any] = {}
    for name, (way, price) in METHODS.items():
        tried = [outcome(way, split) for split in (SPLITS.values() if name in RANGED else (SPLITS["middle"],))]
        ranges = [cost(run, one, price) for one in tried]
        result = outcome(way, SPLITS["middle"])
        spent = cost(run, result, price)
        chosen = merged(run, result.chosen)
        methods[name] = {
            **asdict(spent),
            "calls": spent.calls,
            "calls_share": spent.calls / whole.calls,
            "calls_range": [min(c.calls for c in ranges) / whole.calls, max(c.calls for c in ranges) / whole.calls],
            "tokens_share": spent.tokens / whole.tokens,
            "tokens_range": [
                min(c.tokens for c in ranges) / whole.tokens,
                max(c.tokens for c in ranges) / whole.tokens,
            ],
            "pairs": len(np.unique(np.stack([result.agent, result.statement]), axis=1)[0]),
            "passes": int(result.passes.sum()),
            "same_slate": _same(run, result),
            "same_for_splits": sum(_same(run, one) for one in tried) / len(tried),
            "unanswerable": result.missing,
            "slate": refined.figures(pool, chosen, result.place),
        }
    return {
        "whole": {**asdict(whole), "calls": whole.calls},
        "recorded": refined.figures(pool, pool.chosen, pool.place),
        "methods": methods,
    }


def _same(run: Published, outcome: Outcome) -> bool:
    return bool(np.array_equal(outcome.chosen, run.chosen) and np.array_equal(outcome.place, run.place))


def _sum(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {key: sum(part[key] for part in parts) for key in parts[0]} if parts else {}


def _tables(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rows = [row for part in parts for row in part.values()]
    return {
        "equal": sum(len(row["equal"]) for row in rows),
        "printed": sum(len(row["printed"]) for row in rows),
        "bounded": sum(row.get("bounded", False) for row in rows),
        "bounds": sum("bounded" in row for row in rows),
        "violating_sets_agree": sum(row["logged"] is True for row in rows),
        "violating_sets": sum(row["logged"] is not None for row in rows),
    }


def _differ(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    counts = _sum([part["differs"] for part in parts])
    return counts | {"differs": counts["other"] + counts["refused"]} if counts else {}


def _reached(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Of every method the largest share over the runs, and whether that meets the goals."""
    reached: dict[str, Any] = {}
    for name in METHODS:
        rows = [part["methods"][name] for part in parts]
        calls, tokens = max(r["calls_range"][1] for r in rows), max(r["tokens_range"][1] for r in rows)
        reached[name] = {
            "calls_share": calls,
            "tokens_share": tokens,
            "same_slates": sum(r["same_slate"] for r in rows),
            "goal": bool(calls <= GOAL_CALLS and tokens <= GOAL_TOKENS),
        }
    return reached


def _least_in_use(parts: Sequence[Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """The smallest share of the allowed concurrency that is in use, over runs and batches."""
    return {"in_use": min(row["in_use"] for part in parts for row in part)} if parts else {}


_TOGETHER: dict[str, Any] = {
    "data": lambda parts: {"people": sum(part["people"] for part in parts)},
    "replay": _sum,
    "table": _tables,
    "selections": _differ,
    "savings": _reached,
    "waves": _least_in_use,
    "subsamples": lambda parts: {key: sum(part[key] for part in parts) for key in ("runs", "same")},
}


def table(result: Mapping[str, Any]) -> str:
    """The result as lines of text: ``print(table(run()))``."""
    runs, together = result["runs"], result["together"]
    lines: list[str] = []
    if "data" in together:
        lines += [*data_lines({name: entry["data"] for name, entry in runs.items()}), ""]
    if "replay" in together:
        counts = together["replay"]
        lines += [
            f"replay: {counts['nominations']} of {counts['rounds']} nominations, {counts['decisions']} of "
            f"{counts['rounds']} decisions, {counts['covered_sets']} of {counts['slate']} covered sets",
            "",
        ]
    if "table" in together:
        lines.append(f"{'Table 1':26}{'method':24}{'mean':>8}{'Q1':>8}{'p':>10}{'%BJR':>8}")
        for name, entry in runs.items():
            for method, row in entry["table"].items():
                share = f"{row['bjr']:.2f}" if row["logged"] is not None else f">={row['bjr']:.2f}"
                p = "" if row["p"] is None else f"{row['p']:.2g}"
                lines.append(f"{name:26}{method:24}{row['mean']:8.3f}{row['q1']:8.3f}{p:>10}{share:>8}")
        counts = together["table"]
        lines += [
            f"{counts['equal']} of {counts['printed']} printed figures are equal to the last digit, and "
            f"{counts['bounded']} of {counts['bounds']} others (%BJR of unit cost) are at least the lower bound here; "
            f"{counts['violating_sets_agree']} of {counts['violating_sets']} logged sets of violating statements come "
            "out the same",
            "",
        ]
    if "selections" in together:
        names = ("mean", "q1", "min", "violations", "unassigned", "slate_length", "words")
        lines.append(f"{'selection':48}" + "".join(f"{key:>14}" for key in names))
        for name, entry in runs.items():
            for kind, row in entry["selections"].items():
                if kind != "differs":
                    cells = [f"{row[key]:.3f}" if isinstance(row[key], float) else str(row[key]) for key in names]
                    lines.append(f"{name:26}{kind:22}" + "".join(f"{cell:>14}" for cell in cells))
        counts = together["selections"]
        lines += [
            f"the paper's selection differs in {counts['differs']} of {counts['of']} acceptances ({counts['other']} "
            f"another statement, {counts['refused']} none), and accepts in {counts['more']} passes more",
            "",
        ]
    if "savings" in together:
        heads = ("calls", "tokens", "range", "passes", "slate", "mean", "violations", "unassigned")
        lines.append(f"{'share of':26}{'method':46}" + "".join(f"{head:>14}" for head in heads))
        for name, entry in runs.items():
            for method, row in entry["savings"]["methods"].items():
                cells = [
                    f"{row['calls_share']:.3f}",
                    f"{row['tokens_share']:.3f}",
                    "{:.3f}-{:.3f}".format(*row["tokens_range"]),
                    str(row["passes"]),
                    "same" if row["same_slate"] else "other",
                    f"{row['slate']['mean']:.3f}",
                    str(row["slate"]["violations"]),
                    str(row["slate"]["unassigned"]),
                ]
                lines.append(f"{name:26}{method:46}" + "".join(f"{cell:>14}" for cell in cells))
        for method, row in together["savings"].items():
            goal = "reached" if row["goal"] else "not reached"
            lines.append(
                f"{method}: at most {row['calls_share']:.3f} of the calls and {row['tokens_share']:.3f} of the tokens; "
                f"a fifth and a tenth {goal}; same slate in {row['same_slates']} of {len(runs)}"
            )
    if "waves" in together:
        lines += ["", *waves_lines({name: entry["waves"] for name, entry in runs.items()})]
    if "subsamples" in together:
        lines += ["", *(subsample_line(name, entry["subsamples"]) for name, entry in runs.items())]
    return "\n".join(lines).strip("\n")


def draw(result: Mapping[str, Any]) -> dict[str, str]:
    """``savings``: shares of calls and tokens by method; ``utility-RUN``: utilities by selection, as SVG."""
    from .charts import draw as drawn

    return drawn(result)


__all__ = ["METHODS", "PARTS", "RUNS", "Replay", "draw", "follow", "replay", "run", "savings", "selections", "table"]
