"""The synthetic environment of Boehmer, Fish, Procaccia 2025 (section 3.4, Appendix C): Tables 2 and 3, Figures 1 to 3.

Agents hold an opinion in 1..5 on each of five issues; a statement takes an opinion on some of them and costs as many
as it covers; its utility is the sum of 2 - |difference| over the issues it covers. The universe is all 6^5 - 1 such
statements, a statement can be chosen again, and everything in the universe is held against a slate. Who is left over
is represented by the empty statement: utility 0. The budget is 15 issues; levels go from 10 down to 0.

What the tables' experiments do and the text does not say (their cells are met with it, and missed without):
the cost steps are those that a statement can have. Complex asks once at each of 5, 4, 3, 2, 1, not at each of [B];
Fast asks at floor(j B / n) for j = 5 n / B, ..., 1, so that each cost below 5 is asked n / B times, and a Gen that
answers at random is asked anew each time; Uniform is told that all statements cost 5, and its Gen is compared with
statements of exactly ceil(5 mu). ``steps="printed"`` asks at every cost from B down instead.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..audit.levels import frontier_of_levels
from ..processes import Problem, Selection, find
from ..processes.democratic import Ask, democratic, from_this_level_up, this_level
from ..profile import BoolArray, FloatArray, InputError, IntArray, needs
from ..queries import Accuracy, ClosedPool, NoisyPool
from ..queries.counts import Bytes
from ..queries.noisy import MODELS

ISSUES, OPINIONS, BUDGET, AGENTS, INSTANCES = 5, 5, 15, 60, 100
LEVELS = tuple(float(level) for level in range(10, -1, -1))
THETAS, SLACKS = tuple(range(-10, 11)), tuple(range(11))
STEPS = ("published", "printed")
TABLE = ("uniform", "fast", "complex")
Report = Callable[[str, float], None]


class Opinions:
    """Disc of one instance.

    Args:
        opinions: int64 [n, ISSUES] of the agents, 1..OPINIONS.
        universe: int64 [m, ISSUES] of the statements, 0 where silent.
    """

    def __init__(self, opinions: IntArray, universe: NDArray[np.float32]) -> None:
        self.n_agents, self.n_statements = len(opinions), universe.shape[1]
        worth = [OPINIONS // 2 - np.abs(opinions - said) for said in range(1, OPINIONS + 1)]
        self._worth = np.concatenate(worth, axis=1).astype(np.float32)
        self._universe = universe

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """float64 [len(agents), len(statements)]; sums of small whole numbers, exact in any order."""
        return (self._worth[agents] @ self._universe[:, statements]).astype(np.float64)

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """Everything is."""
        return np.ones((len(agents), len(statements)), dtype=bool)


@dataclass(frozen=True, eq=False)
class Universe:
    """All statements, in an order drawn once for each seed (where the order breaks a tie, it favours nothing).

    Args:
        opinions: int64 [m, ISSUES].
    """

    opinions: IntArray

    @classmethod
    def drawn(cls, seed: int) -> Universe:
        every = np.array([o for o in itertools.product(range(OPINIONS + 1), repeat=ISSUES) if any(o)])
        return cls(np.random.default_rng([seed, 0]).permutation(every))

    @cached_property
    def costs(self) -> IntArray:
        """Issues covered."""
        return np.array((self.opinions > 0).sum(axis=1), dtype=np.int64)

    @cached_property
    def full(self) -> IntArray:
        """Statements on every issue."""
        return np.flatnonzero(self.costs == ISSUES)

    @cached_property
    def indicators(self) -> NDArray[np.float32]:
        """float32 [OPINIONS * ISSUES, m]: 1 where the statement holds that opinion on that issue."""
        return np.concatenate([(self.opinions == said).T for said in range(1, OPINIONS + 1)]).astype(np.float32)


class Instance:
    """One drawn population with its queries at one accuracy.

    Args:
        universe: the statements.
        truth: exact queries over all of them.
        accuracy: of the queries.
        model: of their errors.
        seed: of their errors.
        steps: ``published`` or ``printed``.
    """

    def __init__(
        self, universe: Universe, truth: ClosedPool, accuracy: Accuracy, model: str, seed: int, steps: str
    ) -> None:
        self.universe, self.truth, self.accuracy, self.steps = universe, truth, accuracy, steps
        self._model, self._seed = model, seed
        self._noisy = NoisyPool(truth, accuracy, model, seed)

    def problem(self, equal_cost: bool = False) -> tuple[Problem, NoisyPool]:
        """The problem as a process gets it, and its pool."""
        pool = self._noisy.fresh(equal_cost)
        return Problem(pool, BUDGET, levels=LEVELS, multiset=True, parameters=self._parameters), pool

    def problem_of_full(self) -> tuple[Problem, NoisyPool]:
        """The same with the statements on every issue only, each costing 1; errors of Disc are the same."""
        full = self.universe.full
        exact = ClosedPool(self.truth.disc, full, np.ones(len(full), dtype=np.int64))
        pool = NoisyPool(exact, self.accuracy, self._model, self._seed)
        k = BUDGET // ISSUES
        return Problem(pool, k, levels=LEVELS, multiset=True, parameters=self._parameters), pool

    @property
    def _parameters(self) -> Mapping[str, float]:
        return {"gamma": self.accuracy.gamma, "mu": self.accuracy.mu}


@dataclass(frozen=True)
class Chosen:
    """What a process made of an instance.

    Args:
        statements: int64 [k] numbers in the universe.
        assignment: int64 [n] place in the slate, -1 where nothing represents the agent.
        questions: generative queries it put.
    """

    statements: IntArray
    assignment: IntArray
    questions: int


Setting = Callable[[Instance], Chosen]


def _chosen(selection: Selection, questions: int, columns: IntArray | None = None) -> Chosen:
    picked = selection.candidates if columns is None else columns[selection.candidates]
    return Chosen(picked, selection.assignment, questions)


def _uniform(instance: Instance) -> Chosen:
    problem, pool = instance.problem(equal_cost=True)
    return _chosen(democratic(problem, [ISSUES], this_level), pool.questions)


def _fast(instance: Instance) -> Chosen:
    n = instance.truth.n_agents
    steps = [j * BUDGET // n for j in range(ISSUES * n // BUDGET, 0, -1)]
    return _any_cost(instance, [step for step in steps if step], this_level)


def _complex(instance: Instance) -> Chosen:
    return _any_cost(instance, range(ISSUES, 0, -1), from_this_level_up)


def _any_cost(instance: Instance, published: Sequence[int], ask: Ask) -> Chosen:
    problem, pool = instance.problem()
    steps = published if instance.steps == "published" else range(BUDGET, 0, -1)
    return _chosen(democratic(problem, steps, ask), pool.questions)


def _uniform_approx(instance: Instance) -> Chosen:
    problem, pool = instance.problem_of_full()
    selection = find("uniform-approx").run(problem, np.random.default_rng(0))
    return _chosen(selection, pool.questions, instance.universe.full)


# What `run` calls a process by; any other name is looked up in the registry and run on `Instance.problem`.
SETTINGS: dict[str, Setting] = {
    "uniform": _uniform,
    "fast": _fast,
    "complex": _complex,
    "uniform-approx": _uniform_approx,
}


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
    report: Report | None = None,
) -> dict[str, Any]:
    """Slates of every process at every noise level, over drawn populations.

    Args:
        instances: populations; None: 100 with 60 agents, fewer with more, at least 5.
        model: ``random``, ``worst`` or ``both``.
        seed: of everything that is drawn.
        agents: n, a multiple of 15 or any other number.
        levels: noise levels (see `accuracies`); 4 are those of the tables.
        processes: names of `SETTINGS`, or of the registry.
        steps: cost steps of Fast and Complex: ``published`` (see the module) or ``printed``.
        report: told (stage, share done).

    Returns:
        JSON-ready: the options and ``cells``: level (number), accuracy, model, process, ``mean_utility``,
        ``p10_utility`` (mean of the worst-off tenth), ``violations`` (instances that violate cBJR), ``frontier``
        (mean d(c) for c = 0..10), ``statements``, ``unassigned`` and ``questions`` (means), and ``se``, the standard
        errors of the same. The same options, the same result.

    Raises:
        InputError: an option out of range, or an unknown name.
    """
    count = instances if instances is not None else max(5, min(INSTANCES, INSTANCES * AGENTS // max(agents, 1)))
    if count < 2 or agents < 1 or levels < 1:
        raise InputError("the synthetic study needs at least 2 instances, 1 agent and 1 noise level")
    if model != "both" and model not in MODELS:
        raise InputError(f"unknown model {model!r}; choose one of both, {', '.join(MODELS)}")
    if steps not in STEPS:
        raise InputError(f"unknown steps {steps!r}; choose one of {', '.join(STEPS)}")
    settings = {name: SETTINGS.get(name) or _registered(name) for name in processes}
    tell = report or (lambda stage, share: None)
    models = MODELS if model == "both" else (model,)
    universe = Universe.drawn(seed)
    shares = needs(universe.costs, agents, BUDGET)
    figures: dict[tuple[str, int, str], list[FloatArray]] = {
        (kind, level, name): [] for kind in models for level in range(levels) for name in settings
    }
    for number in range(count):
        tell("choosing slates", number / count)
        opinions = np.random.default_rng([seed, 1, agents, number]).integers(1, OPINIONS + 1, (agents, ISSUES))
        disc = Opinions(opinions, universe.indicators)
        truth = ClosedPool(disc, np.arange(len(universe.costs)), universe.costs)
        assert truth.counts is not None
        values = truth.counts.values
        for kind, level, name in figures:
            if name == next(iter(settings)):
                errors = int(np.random.SeedSequence([seed, 2, agents, number, level]).generate_state(1, np.uint64)[0])
                instance = Instance(universe, truth, accuracies(levels)[level], kind, errors, steps)
            figures[kind, level, name].append(_figures(settings[name](instance), values, shares))
    tell("choosing slates", 1.0)
    return {
        "study": "synthetic",
        "instances": count,
        "seed": seed,
        "agents": agents,
        "levels": levels,
        "steps": steps,
        "cells": [
            _cell(kind, level, name, accuracies(levels)[level], np.array(rows))
            for (kind, level, name), rows in figures.items()
        ],
    }


def _registered(name: str) -> Setting:
    entry = find(name)

    def choose(instance: Instance) -> Chosen:
        problem, pool = instance.problem_of_full() if entry.unit_cost else instance.problem()
        selection = entry.run(problem, np.random.default_rng(0))
        return _chosen(selection, pool.questions, instance.universe.full if entry.unit_cost else None)

    return choose


def _figures(chosen: Chosen, values: Bytes, shares: IntArray) -> FloatArray:
    """mean, worst-off tenth, violation, statements, unassigned, questions, d(0), ..., d(10)."""
    n = len(values)
    own = np.zeros(n)
    assigned = np.flatnonzero(chosen.assignment >= 0)
    own[assigned] = values[assigned, chosen.statements[chosen.assignment[assigned]]]
    frontier = frontier_of_levels(own, values, shares, THETAS, SLACKS)
    tenth = np.sort(own)[: max(1, n // 10)]
    few = [float(own.mean()), float(tenth.mean()), float(frontier[0] >= 1)]
    return np.array([*few, len(chosen.statements), n - len(assigned), chosen.questions, *frontier])


def _cell(model: str, level: int, process: str, accuracy: Accuracy, rows: FloatArray) -> dict[str, Any]:
    count = len(rows)
    mean, error = rows.mean(axis=0), rows.std(axis=0, ddof=1) / np.sqrt(count)
    names = ("mean_utility", "p10_utility", "violations", "statements", "unassigned", "questions")

    def row(values: FloatArray) -> dict[str, Any]:
        found: dict[str, Any] = {name: float(value) for name, value in zip(names, values[:6], strict=True)}
        found["violations"] *= count
        return {**found, "frontier": [float(d) for d in values[6:]]}

    return {
        "level": level,
        "accuracy": {"beta": accuracy.beta, "mu": accuracy.mu, "gamma": accuracy.gamma, "delta": accuracy.delta},
        "model": model,
        "process": process,
        "instances": count,
        **row(mean),
        "violations": round(float(rows[:, 2].sum())),
        "se": row(error),
    }


def table(result: Mapping[str, Any]) -> str:
    """The cells as lines of text, standard errors in brackets."""
    lines = [
        f"{'model':8}{'level':>6} {'process':16}{'mean':>14}{'worst tenth':>16}{'violations':>16}{'questions':>12}"
    ]
    for cell in result["cells"]:
        error = cell["se"]
        lines.append(
            f"{cell['model']:8}{cell['level']:>6} {cell['process']:16}"
            f"{cell['mean_utility']:>8.2f} ({error['mean_utility']:.2f}) {cell['p10_utility']:>8.2f} "
            f"({error['p10_utility']:.2f}) {cell['violations']:>6} of {cell['instances']:<4} {cell['questions']:>9.0f}"
        )
    return "\n".join(lines)


def draw(result: Mapping[str, Any]) -> dict[str, str]:
    """The curves as SVG, by file name without ending.

    ``frontier-MODEL-LEVEL``: mean d(c) of each process (Figures 1 to 3); above the dashed line is a violation, and the
    grey field is where Theorem 3.2 says Complex has none. ``utility-MODEL``: mean and worst-off tenth by noise level.

    Args:
        result: of `run`.

    Raises:
        MissingExtraError: the report extra is not installed.
    """
    cells: list[Mapping[str, Any]] = list(result["cells"])
    charts = {}
    for model in dict.fromkeys(cell["model"] for cell in cells):
        mine = [cell for cell in cells if cell["model"] == model]
        for level in dict.fromkeys(cell["level"] for cell in mine):
            charts[f"frontier-{model}-{level}"] = _frontier([cell for cell in mine if cell["level"] == level])
        charts[f"utility-{model}"] = _utility(mine)
    return charts


def _frontier(cells: Sequence[Mapping[str, Any]]) -> str:
    from ..report.svg import ALERT, GRID
    from .charts import HEIGHT, WIDTH, altair, finish

    alt = altair()
    rows = [
        {"c": c, "d": d, "low": d - 2 * error, "high": d + 2 * error, "process": cell["process"]}
        for cell in cells
        for c, (d, error) in enumerate(zip(cell["frontier"], cell["se"]["frontier"], strict=True))
    ]
    accuracy = cells[0]["accuracy"]
    slack, ratio = 2 * accuracy["beta"] + accuracy["delta"], 1 / (accuracy["gamma"] * accuracy["mu"])
    top = max(1.1, ratio * 1.1, *(row["high"] for row in rows))
    x = alt.X("c:Q", title="c: how much better off", scale=alt.Scale(domain=[0, 10], nice=False))
    y = alt.Y("d:Q", title="largest coalition, of what it would need", scale=alt.Scale(domain=[0, top], nice=False))
    colour = _colour(alt, cells)
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    curves = base.mark_line(point=True, strokeWidth=2).encode(y=y, stroke=colour, fill=alt.value(None))
    bars = base.mark_rule(strokeWidth=1).encode(y=alt.Y("low:Q"), y2="high:Q", stroke=colour)
    limit = alt.Chart(alt.Data(values=[{"d": 1.0}])).mark_rule(strokeDash=[5, 4], stroke=ALERT).encode(y=y)
    field = (
        alt.Chart(alt.Data(values=[{"c": min(slack, 10), "e": 10, "d": ratio, "t": top}]))
        .mark_rect(fill=GRID, opacity=0.5)
        .encode(x=x, x2="e:Q", y=y, y2="t:Q")
    )
    words = "; ".join(
        f"{cell['process']} from {cell['frontier'][0]:.2f} at 0 to {cell['frontier'][-1]:.2f} at 10" for cell in cells
    )
    chart = alt.layer(field, limit, bars, curves).properties(width=WIDTH, height=HEIGHT)
    return finish(chart, f"Curves of the largest coalition by how much better off it would be: {words}.")


def _utility(cells: Sequence[Mapping[str, Any]]) -> str:
    from .charts import HEIGHT, WIDTH, altair, finish

    alt = altair()
    rows = [
        {
            "level": cell["level"],
            "u": cell[name],
            "low": cell[name] - 2 * cell["se"][name],
            "high": cell[name] + 2 * cell["se"][name],
            "process": cell["process"],
            "figure": label,
        }
        for cell in cells
        for name, label in (("mean_utility", "mean"), ("p10_utility", "worst-off tenth"))
    ]
    x = alt.X("level:O", title="noise level", axis=alt.Axis(labelAngle=0))
    y = alt.Y("u:Q", title="utility (dashed: worst-off tenth)")
    colour = _colour(alt, cells)
    dash = alt.StrokeDash("figure:N", legend=None, scale=alt.Scale(domain=["mean", "worst-off tenth"]))
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    curves = base.mark_line(strokeWidth=2).encode(y=y, stroke=colour, strokeDash=dash, fill=alt.value(None))
    bars = base.mark_rule(strokeWidth=1).encode(y=alt.Y("low:Q"), y2="high:Q", stroke=colour)
    chart = alt.layer(bars, curves).properties(width=WIDTH, height=HEIGHT)
    return finish(chart, "Curves of mean utility and of the mean of the worst-off tenth by noise level and process.")


def _colour(alt: Any, cells: Sequence[Mapping[str, Any]]) -> Any:
    from ..report.marks import COLOURS

    names = list(dict.fromkeys(cell["process"] for cell in cells))
    scale = alt.Scale(domain=names, range=[COLOURS[place % len(COLOURS)] for place in range(len(names))])
    return alt.Stroke("process:N", title=None, scale=scale)
