"""Generative participatory budgeting (NG section 5, future work): projects that a generator proposes and prices.

The synthetic environment as a city: a project takes a position on some of five issues, costs as many units, and all
7,775 are possible. A generator proposes projects for groups of residents (its answers err within (gamma, delta, mu))
and says what each costs, wrongly with some probability; or residents propose what they like best themselves. The
proposals are the closed pool that is voted on. Beside what the audit of that pool says stands the truth: the same
slate against every project that could have been proposed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from folkmoot.processes import PROCESSES, Problem
from folkmoot.profile import FloatArray, InputError, IntArray, Progress, needs
from folkmoot.queries import Accuracy, ClosedPool, NoisyPool

from ..streams import numbers
from ..synthetic.world import ISSUES, OPINIONS, Crowd, Opinions, Universe

AGENTS, BUDGET, INSTANCES = 60, 15, 20
PROPOSALS = (10, 20, 40, 80, 160)
SOURCES = ("generator", "residents")
PROCESS = "democratic-complex"
ACCURACY = Accuracy(beta=1, gamma=0.85, delta=1, mu=0.85)
# How often the generator misses a cost by one unit, either way.
MISPRICED = 0.3


def run(instances: int = INSTANCES, seed: int = 0, report: Progress | None = None) -> dict[str, Any]:
    """Slates from proposed projects, audited in their pool and against everything that could have been proposed.

    Args:
        instances: the number of cities.
        seed: the seed of everything that is drawn.
        report: called with (stage, share done).

    Returns:
        JSON-ready: ``cells``, one for each of `SOURCES` and number of `PROPOSALS`: means of ``utility``, ``d_pool``
        and ``d_all`` (the largest group that would have more, in shares of its need: among the proposals, and among all
        projects), ``violated_pool`` and ``violated_all`` (instances), ``overrun`` (by how much the slate costs more
        than the budget when true costs are known, as a share) and ``se`` of the means.

    Raises:
        InputError: there are fewer than two instances.
    """
    if instances < 2:
        raise InputError("the experiment needs at least 2 instances")
    tell = report or (lambda stage, share: None)
    universe = Universe.drawn(seed)
    every = np.arange(len(universe.costs))
    rows: dict[tuple[str, int], list[list[float]]] = {}
    for number in range(instances):
        tell("proposing projects", number / instances)
        opinions = numbers(seed, 71, number).integers(1, OPINIONS + 1, (AGENTS, ISSUES))
        city = Crowd(Opinions(opinions, universe), universe, every, universe.costs)
        for source in SOURCES:
            rng = numbers(seed, 72, number, SOURCES.index(source))
            proposals = proposed(city, source, max(PROPOSALS), rng)
            shift = np.where(rng.random(len(proposals)) < MISPRICED, rng.choice([-1, 1], len(proposals)), 0)
            for count in PROPOSALS:
                priced = np.maximum(universe.costs[proposals[:count]] + shift[:count], 1)
                rows.setdefault((source, count), []).append(judged(city, proposals[:count], priced))
    tell("proposing projects", 1.0)
    return {
        "study": "proposed-projects",
        "instances": instances,
        "seed": seed,
        "agents": AGENTS,
        "budget": BUDGET,
        "cells": [_cell(source, count, np.array(found)) for (source, count), found in rows.items()],
    }


def proposed(city: Crowd, source: str, count: int, rng: np.random.Generator) -> IntArray:
    """Numbers of proposed projects, in order; the same may be proposed twice.

    Args:
        city: everything that could be proposed.
        source: ``generator``: Gen for a random group at a random level and cost; ``residents``: a random resident's
            favourite among the projects of a random size.
        count: how many.
        rng: the generator of all choices.
    """
    gen = NoisyPool(city, ACCURACY, "random", int(rng.integers(2**31)))
    found: list[int] = []
    while len(found) < count:
        cost = int(rng.integers(1, ISSUES + 1))
        if source == "residents":
            fitting = np.flatnonzero(city.costs == cost)
            liked = city.utilities(np.array([int(rng.integers(AGENTS))]), fitting)[0]
            found.append(int(rng.choice(fitting[liked == liked.max()])))
        else:
            group = np.sort(rng.choice(AGENTS, int(rng.integers(4, AGENTS // 2 + 1)), replace=False))
            best, _ = gen.best_at_level(group, float(rng.integers(0, 2 * cost + 1)), cost)
            found += [best] if best >= 0 else []
    return np.array(found, dtype=np.int64)


def judged(city: Crowd, proposals: IntArray, priced: IntArray) -> list[float]:
    """Utility, d(0) in the pool and among all, and the overrun, of the slate chosen at the prices said."""
    pool = ClosedPool(city.crowd, proposals, priced)
    selection = PROCESSES[PROCESS].run(Problem(pool, BUDGET), np.random.default_rng(0))
    chosen = proposals[selection.candidates]
    own = np.zeros(AGENTS)
    assigned = np.flatnonzero(selection.assignment >= 0)
    values = city.utilities(city.agents, chosen)
    own[assigned] = values[assigned, selection.assignment[assigned]]
    overrun = max(0, int(city.costs[chosen].sum()) - BUDGET) / BUDGET
    closed = Crowd(city.crowd, city.universe, proposals, city.costs[proposals])
    in_pool = closed.frontier(own, needs(closed.costs, AGENTS, BUDGET))[0]
    among_all = city.frontier(own, needs(city.costs, AGENTS, BUDGET))[0]
    return [float(own.mean()), float(in_pool), float(among_all), overrun]


def _cell(source: str, count: int, rows: FloatArray) -> dict[str, Any]:
    names: Sequence[str] = ("utility", "d_pool", "d_all", "overrun")
    error = rows.std(axis=0, ddof=1) / np.sqrt(len(rows))
    return {
        "source": source,
        "proposals": count,
        **dict(zip(names, rows.mean(axis=0).tolist(), strict=True)),
        "violated_pool": int((rows[:, 1] >= 1).sum()),
        "violated_all": int((rows[:, 2] >= 1).sum()),
        "instances": len(rows),
        "se": dict(zip(names, error.tolist(), strict=True)),
    }


def table(result: Mapping[str, Any]) -> str:
    """The cells as lines of text, standard errors in brackets."""
    lines = [
        f"{'proposed by':12}{'projects':>9}{'utility':>14}{'d in the pool':>16}{'violated':>10}{'d among all':>16}"
        f"{'violated':>10}{'over budget':>13}"
    ]
    for cell in result["cells"]:
        se = cell["se"]
        lines.append(
            f"{cell['source']:12}{cell['proposals']:>9}{cell['utility']:7.2f} ({se['utility']:.2f})"
            f"{cell['d_pool']:9.2f} ({se['d_pool']:.2f}){cell['violated_pool']:>10}"
            f"{cell['d_all']:9.2f} ({se['d_all']:.2f}){cell['violated_all']:>10}{cell['overrun']:12.1%}"
        )
    return "\n".join(lines)
