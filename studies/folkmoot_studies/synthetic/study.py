"""The synthetic environment of Boehmer, Fish, Procaccia 2025 (section 3.4, Appendix C): Tables 2 and 3, Figures 1 to 3.

Agents hold an opinion in 1..5 on each of five issues; a statement takes an opinion on some of them and costs as many
as it covers; its utility is the sum of 2 - |difference| over the issues it covers. The universe is all 6^5 - 1 such
statements, a statement can be chosen again, and a slate is compared with everything in the universe. Agents left over
are represented by the empty statement: utility 0. The budget is 15 issues; levels go from 10 down to 0.

What the tables' experiments do and the text does not say (their cells are met with it, and missed without):
the cost steps are those that a statement can have. Complex asks once at each of 5, 4, 3, 2, 1, not at each of [B];
Fast asks at floor(j B / n) for j = 5 n / B, ..., 1, so that each cost below 5 is asked n / B times, and a Gen that
answers at random is asked anew each time; Uniform is told that all statements cost 5, and its Gen is compared with
statements of exactly ceil(5 mu). ``steps="printed"`` asks at every cost from B down instead.

``seeds="published"`` draws the paper's own populations and luck (see `published`): Tables 2 and 3 to the last digit.
``only="figure-2"`` lets one source of error grow at a time (see `one_error`).

What the paper does not run: any number of agents, more noise levels, the other processes, and refinement (P6) after a
setting, as ``fast+refine``: see `settings.refined`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from folkmoot.profile import FloatArray, InputError, IntArray, Progress, needs
from folkmoot.queries import Accuracy
from folkmoot.queries.noisy import MODELS

from ..streams import numbers
from . import one_error, printed, published
from .charts import draw
from .settings import BUDGET, SETTINGS, STEPS, Chosen, Instance, plain_name, registered
from .world import ISSUES, OPINIONS, Crowd, Opinions, Universe

AGENTS, INSTANCES = 60, 100
TABLE = ("uniform", "fast", "complex")
SEEDS = ("own", "published")
FIGURES = ("mean_utility", "p10_utility", "violations", "statements", "unassigned", "questions", "pairs")

__all__ = ["AGENTS", "SETTINGS", "TABLE", "accuracies", "draw", "run", "table"]


def accuracies(count: int = 4) -> tuple[Accuracy, ...]:
    """Noise levels from exact to the paper's strongest; four are the paper's, more stand evenly between them.

    beta and delta are whole numbers, as utilities are; gamma and mu fall by 0.15 from one of the paper's to the next.

    >>> [(a.beta, a.mu, a.gamma, a.delta) for a in accuracies()]
    [(0, 1.0, 1.0, 0), (1, 0.85, 0.85, 1), (2, 0.7, 0.7, 2), (3, 0.55, 0.55, 3)]
    """
    strengths = [3 * place / (count - 1) if count > 1 else 0.0 for place in range(count)]
    shares = [round(1 - 0.15 * strength, 6) for strength in strengths]
    return tuple(
        Accuracy(beta=round(strength), gamma=share, delta=round(strength), mu=share)
        for strength, share in zip(strengths, shares, strict=True)
    )


def run(
    instances: int | None = None,
    model: str = "both",
    seed: int = 0,
    agents: int = AGENTS,
    levels: int = 4,
    processes: Sequence[str] = TABLE,
    steps: str = "published",
    seeds: str = "own",
    only: str | None = None,
    report: Progress | None = None,
) -> dict[str, Any]:
    """Slates of every process at every noise level, over drawn populations.

    Args:
        instances: the number of populations; None: 100 with 60 agents, fewer with more, at least 5.
        model: the model of the queries' errors: ``random``, ``worst`` or ``both``.
        seed: the seed of everything that is drawn.
        agents: n, the number of agents, a multiple of 15 or any other number.
        levels: the number of noise levels (see `accuracies`); 4 are those of the tables.
        processes: the names of processes, from `SETTINGS` or the registry.
        steps: the cost steps of Fast and Complex: ``published`` (see the module) or ``printed``.
        seeds: ``own``: populations and errors from this project's named numbers; ``published``: as the paper's program
            draws them, from the seeds ``seed``, ``seed`` + 1, ... (its tables: 0 to 99).
        only: ``figure-2``: Complex with one source of error at a time, on the published seeds (see `one_error.run`).
        report: called with (stage, share done).

    Returns:
        JSON-ready: the options and ``cells``: level (number), accuracy, model, process, ``mean_utility``,
        ``p10_utility`` (mean of the worst-off tenth), ``violations`` (instances that violate cBJR), ``statements``,
        ``unassigned``, ``questions`` (asked of Gen) and ``pairs`` (of agent and statement, asked of Disc), all means,
        ``frontier`` (mean d(c) for c = 0..10), and ``se``, the standard errors of the same. A cell of ``X+refine`` or
        ``X+ask+refine`` has ``paired`` where X was run too: ``to`` X, the mean differences to X on the same instances
        (of violations: how many instances more violate cBJR) and their standard errors.
        The same options, the same result. With the published seeds of the tables also ``printed``: how many of the
        printed figures are equal to the last digit, and which are not.

    Raises:
        InputError: an option is out of range, or a name is unknown.
    """
    count = instances if instances is not None else max(5, min(INSTANCES, INSTANCES * AGENTS // max(agents, 1)))
    if count < 2 or agents < 1 or levels < 1:
        raise InputError("the synthetic study needs at least 2 instances, 1 agent and 1 noise level")
    if model != "both" and model not in MODELS:
        raise InputError(f"unknown model {model!r}; choose one of both, {', '.join(MODELS)}")
    if steps not in STEPS:
        raise InputError(f"unknown steps {steps!r}; choose one of {', '.join(STEPS)}")
    if seeds not in SEEDS:
        raise InputError(f"unknown seeds {seeds!r}; choose one of {', '.join(SEEDS)}")
    if only not in (None, "figure-2"):
        raise InputError(f"the synthetic study has no part {only!r}; it has figure-2")
    tell = report or (lambda stage, share: None)
    models = MODELS if model == "both" else (model,)
    if only:
        return one_error.run(models, count, seed, tell)
    if seeds == "published":
        return _published(models, count, seed, agents, levels, processes, steps, tell)
    settings = {name: SETTINGS.get(name) or registered(name) for name in processes}
    universe = Universe.drawn(seed)
    shares = needs(universe.costs, agents, BUDGET)
    figures: dict[tuple[str, int, str], list[FloatArray]] = {
        (kind, level, name): [] for kind in models for level in range(levels) for name in settings
    }
    for number in range(count):
        tell("choosing slates", number / count)
        opinions = numbers(seed, 1, agents, number).integers(1, OPINIONS + 1, (agents, ISSUES))
        truth = Crowd(Opinions(opinions, universe), universe, np.arange(len(universe.costs)), universe.costs)
        for kind, level, name in figures:
            if name == next(iter(settings)):
                errors = int(np.random.SeedSequence([seed, 2, agents, number, level]).generate_state(1, np.uint64)[0])
                instance = Instance(universe, truth, accuracies(levels)[level], kind, errors, steps)
            figures[kind, level, name].append(_figures(settings[name](instance), truth, shares))
    tell("choosing slates", 1.0)
    return {
        "study": "synthetic",
        "instances": count,
        "seed": seed,
        "agents": agents,
        "levels": levels,
        "steps": steps,
        "seeds": seeds,
        "cells": [
            {
                **_cell(kind, level, name, accuracies(levels)[level], np.array(rows)),
                **_paired(name, np.array(rows), figures.get((kind, level, plain_name(name)))),
            }
            for (kind, level, name), rows in figures.items()
        ],
    }


def _published(
    models: Sequence[str],
    count: int,
    first: int,
    agents: int,
    levels: int,
    processes: Sequence[str],
    steps: str,
    tell: Progress,
) -> dict[str, Any]:
    """`run` with the paper's own draws."""
    if agents != published.AGENTS or steps != "published":
        raise InputError(
            f"the published seeds are of {published.AGENTS} agents and the published steps; leave both out"
        )
    unknown = [name for name in processes if name not in TABLE]
    if unknown:
        raise InputError(f"the published seeds are of the processes {', '.join(TABLE)}, not of {', '.join(unknown)}")
    grid = accuracies(levels)
    rows: dict[tuple[str, int, str], list[FloatArray]] = {
        (kind, level, name): [] for kind in models for level in range(levels) for name in processes
    }
    for number in range(count):
        tell("choosing slates", number / count)
        population = published.Population(first + number)
        for kind, level, name in rows:
            chosen = published.Run(population, grid[level], kind == "worst", name).choose()
            rows[kind, level, name].append(_row(*published.figures(population, chosen), chosen))
    tell("choosing slates", 1.0)
    cells = [_cell(*key, grid[key[1]], np.array(row)) for key, row in rows.items()]
    tables = (count, first, levels) == (published.INSTANCES, 0, len(printed.MEAN["random"]))
    return {
        "study": "synthetic",
        "instances": count,
        "seed": first,
        "agents": agents,
        "levels": levels,
        "steps": steps,
        "seeds": "published",
        "cells": cells,
        **({"printed": printed.compared(cells)} if tables else {}),
    }


def _figures(chosen: Chosen, truth: Crowd, shares: IntArray) -> FloatArray:
    """`FIGURES`, then d(0), ..., d(10)."""
    own = np.zeros(truth.n_agents)
    for place, statement in enumerate(chosen.statements):
        mine = np.flatnonzero(chosen.assignment == place)
        own[mine] = truth.disc.utilities(mine, np.array([statement]))[:, 0]
    return _row(own, truth.frontier(own, shares), chosen)


def _row(own: FloatArray, frontier: FloatArray, chosen: Chosen) -> FloatArray:
    tenth = np.sort(own)[: max(1, len(own) // 10)]
    left = int((chosen.assignment < 0).sum())
    few = [float(own.mean()), float(tenth.mean()), float(frontier[0] >= 1)]
    return np.array([*few, len(chosen.statements), left, chosen.questions, chosen.pairs, *frontier])


def _cell(model: str, level: int, process: str, accuracy: Accuracy, rows: FloatArray) -> dict[str, Any]:
    return {
        "level": level,
        "accuracy": {"beta": accuracy.beta, "mu": accuracy.mu, "gamma": accuracy.gamma, "delta": accuracy.delta},
        "model": model,
        "process": process,
        "instances": len(rows),
        **_means(rows),
    }


def _paired(process: str, rows: FloatArray, plain: list[FloatArray] | None) -> dict[str, Any]:
    """What refinement changes: instance by instance, the refined slate less the one it started from."""
    if plain is None:
        return {}
    return {"paired": {"to": plain_name(process), **_means(rows - np.array(plain))}}


def _means(rows: FloatArray) -> dict[str, Any]:
    """Means of the rows [instances, figures], violations as a sum, and ``se``, the standard errors of the same."""
    count = len(rows)

    def named(values: FloatArray) -> dict[str, Any]:
        figures: dict[str, Any] = {name: float(value) for name, value in zip(FIGURES, values, strict=False)}
        figures["violations"] *= count
        return {**figures, "frontier": [float(d) for d in values[len(FIGURES) :]]}

    error = rows.std(axis=0, ddof=1) / np.sqrt(count)
    return {**named(rows.mean(axis=0)), "violations": round(float(rows[:, 2].sum())), "se": named(error)}


def table(result: Mapping[str, Any]) -> str:
    """The cells as lines of text, standard errors in brackets; then what refinement changes, instance by instance."""
    if result.get("part") == "figure-2":
        return one_error.table(result)
    head = f"{'model':8}{'level':>6} {'process':20}{'mean':>14}{'worst tenth':>16}{'d(0)':>16}"
    lines = [f"{head}{'violations':>14}{'questions':>12}{'pairs':>12}"]
    for cell in result["cells"]:
        violations = f"{cell['violations']} of {cell['instances']}"
        lines.append(f"{_line(cell, cell)}{violations:>14}{cell['questions']:>12.0f}{cell['pairs']:>12.0f}")
    refined = [cell for cell in result["cells"] if "paired" in cell]
    if refined:
        lines += ["", f"{head}{'violations':>18}   (less the same without refinement)"]
    for cell in refined:
        paired = cell["paired"]
        lines.append(f"{_line(cell, paired)}{paired['violations']:>+11} ({paired['se']['violations']:.1f})")
    if "printed" in result:
        found = result["printed"]
        lines += ["", f"{found['equal']} of {found['figures']} printed figures are equal to the last digit"]
        lines += [
            f"  {one['model']}, level {one['level']}, {one['process']}: {one['figure']} is {one['here']:g}, "
            f"printed {one['printed']:g}"
            for one in found["different"]
        ]
    return "\n".join(lines)


def _line(cell: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    error, sign = figures["se"], "+" if figures is not cell else ""
    shown = [(figures[name], error[name]) for name in ("mean_utility", "p10_utility")]
    shown.append((figures["frontier"][0], error["frontier"][0]))
    begin = f"{cell['model']:8}{cell['level']:>6} {cell['process']:20}"
    return begin + "  ".join(f"{value:>{sign}7.2f} ({wrong:.2f})" for value, wrong in shown)
