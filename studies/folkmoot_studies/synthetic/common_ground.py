"""One statement for all, from samples (arXiv 2603.16751): the proportional veto core of a generator's statements.

Chooi, Gölz, Procaccia, Schiffer and Zhang 2026 choose common ground among infinitely many statements: draw some from
the generator and some voters, and take a statement of the proportional veto core of the sample; it is nearly in the
core of all. Here everything is known: voters are of two camps and of a middle, statements are what such people would
write, and the excess of what is chosen is computed against all statements and all voters (see
`folkmoot.audits.veto`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from folkmoot.audits.veto import excess
from folkmoot.processes.consumption import last_left
from folkmoot.profile import FloatArray, InputError, IntArray, Progress

from ..streams import numbers
from .world import ISSUES, OPINIONS

AGENTS, STATEMENTS, INSTANCES = 200, 400, 20
# The camps' opinions on every issue, before each person's own step of one either way, and how many belong to each.
CAMPS, SHARES = (1, 5, 3), (0.5, 0.35, 0.15)
SIZES = (3, 6, 12, 25, 50)


def _borda(values: FloatArray) -> int:
    below = (values[:, :, None] > values[:, None, :]).sum(axis=2)
    return int(below.sum(axis=0).argmax())


def _plurality(values: FloatArray) -> int:
    first = values == values.max(axis=1, keepdims=True)
    return int((first / first.sum(axis=1, keepdims=True)).sum(axis=0).argmax())


#: What chooses a column of the sample's utilities.
RULES: Mapping[str, Callable[[FloatArray], int]] = {
    "veto by consumption": lambda values: last_left(values, np.ones(len(values), dtype=np.int64)),
    "largest total": lambda values: int(values.sum(axis=0).argmax()),
    "Borda": _borda,
    "plurality": _plurality,
    "the first": lambda values: 0,
}


def _people(count: int, rng: np.random.Generator) -> IntArray:
    """int64 [count, ISSUES], the opinions of so many people."""
    camp = rng.choice(CAMPS, count, p=SHARES)
    return np.clip(camp[:, None] + rng.integers(-1, 2, (count, ISSUES)), 1, OPINIONS).astype(np.int64)


def run(instances: int = INSTANCES, seed: int = 0, report: Progress | None = None) -> dict[str, Any]:
    """Every rule on samples of as many statements as voters, judged against all.

    Args:
        instances: the number of populations.
        seed: the seed of everything that is drawn.
        report: called with (stage, share done).

    Returns:
        JSON-ready: ``cells``: ``rule``, ``size``, ``excess`` (the mean of the largest |T|/n + |B|/m - 1 of a veto
        against all statements and voters), ``se``, ``worst``, and ``in_core`` (populations in which there is no veto).

    Raises:
        InputError: there are fewer than two populations.
    """
    if instances < 2:
        raise InputError("the study needs at least 2 instances")
    tell = report or (lambda stage, share: None)
    found: dict[tuple[str, int], list[float]] = {(rule, size): [] for rule in RULES for size in SIZES}
    for number in range(instances):
        tell("looking for common ground", number / instances)
        rng = numbers(seed, 95, number)
        voting, written = _people(AGENTS, rng), _people(STATEMENTS, rng)
        values = (2 - np.abs(voting[:, None, :] - written)).sum(axis=2).astype(np.float64)
        masses = np.ones(AGENTS, dtype=np.int64)
        known: dict[int, float] = {}
        for size in SIZES:
            drawn = rng.choice(values.shape[1], size, replace=False)
            voters = rng.choice(AGENTS, size, replace=False)
            for rule, choose in RULES.items():
                chosen = int(drawn[choose(values[np.ix_(voters, drawn)])])
                if chosen not in known:
                    known[chosen] = float(excess(values, chosen, masses))
                found[rule, size].append(known[chosen])
    tell("looking for common ground", 1.0)
    return {
        "study": "common-ground",
        "instances": instances,
        "seed": seed,
        "agents": AGENTS,
        "statements": STATEMENTS,
        "cells": [
            {
                "rule": rule,
                "size": size,
                "excess": float(np.mean(row)),
                "se": float(np.std(row, ddof=1) / np.sqrt(len(row))),
                "worst": max(row),
                "in_core": row.count(0.0),
            }
            for (rule, size), row in found.items()
        ],
    }


def table(result: Mapping[str, Any]) -> str:
    """The rules as lines of text: mean excess with its standard error, and populations in whose core it is."""
    sizes = list(dict.fromkeys(cell["size"] for cell in result["cells"]))
    cells = {(cell["rule"], cell["size"]): cell for cell in result["cells"]}
    lines = [f"{'rule':22}" + "".join(f"{f'sample of {size}':>24}" for size in sizes)]
    for rule in dict.fromkeys(cell["rule"] for cell in result["cells"]):
        row = [cells[rule, size] for size in sizes]
        shown = ["{excess:.3f} ({se:.3f}), {in_core} in".format(**one) for one in row]
        lines.append(f"{rule:22}" + "".join(f"{one:>24}" for one in shown))
    return "\n".join(lines)
