"""Figure 2 of The Next Generation: how Complex behaves when one source of error grows and the others stay exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from folkmoot.profile import InputError, Progress
from folkmoot.queries import Accuracy

from . import published
from .world import SLACKS

# The figure's own grid is not printed; the strongest errors of the tables (3 and 0.55) lie within this one.
SHARES = tuple(round(1 - 0.05 * step, 2) for step in range(1, 11))
ERRORS = tuple(range(1, 6))
PARAMETERS: Mapping[str, Sequence[float]] = {"mu": SHARES, "gamma": SHARES, "delta": ERRORS, "beta": ERRORS}


def settings() -> list[tuple[str, float, Accuracy]]:
    """What is run, exact queries first: the parameter that varies, its value, the accuracy.

    >>> [(name, value) for name, value, _ in settings()][:3]
    [('none', 0.0), ('mu', 0.95), ('mu', 0.9)]
    """
    one: list[tuple[str, float, Accuracy]] = [("none", 0.0, Accuracy())]
    return one + [
        (name, float(value), Accuracy(**{name: value})) for name, values in PARAMETERS.items() for value in values
    ]


def run(models: Sequence[str], instances: int, first: int, report: Progress) -> dict[str, Any]:
    """Complex on the published instances, one error at a time.

    Args:
        models: the models of the errors.
        instances: the number of populations.
        first: the first seed.
        report: called with (stage, share done).

    Returns:
        JSON-ready: ``cells`` with ``parameter``, ``value``, ``model``, ``d`` (the mean of the largest d with a
        (0, d)-cBJR violation), ``c`` (the mean of the largest c with a (c, 1)-cBJR violation, 0 where there is none),
        ``violations`` (instances with one at c = 0), ``se``, and the ``bound`` of Theorem 3.2: no violation with
        c >= ``c`` and d > ``d`` of it.

    Raises:
        InputError: fewer than two instances.
    """
    if instances < 2:
        raise InputError("figure-2 needs at least 2 instances")
    rows: dict[tuple[str, str, float], list[tuple[float, float, float]]] = {}
    for number in range(instances):
        report("choosing slates", number / instances)
        population = published.Population(first + number)
        for model in models:
            for name, value, accuracy in settings():
                chosen = published.Run(population, accuracy, model == "worst", "complex").choose()
                frontier = published.figures(population, chosen)[1]
                reached = [c for c in SLACKS if frontier[c] >= 1]
                largest = float(max(reached, default=0))
                rows.setdefault((model, name, value), []).append((float(frontier[0]), largest, float(bool(reached))))
    report("choosing slates", 1.0)
    accuracies = {(name, value): accuracy for name, value, accuracy in settings()}
    return {
        "study": "synthetic",
        "part": "figure-2",
        "instances": instances,
        "seed": first,
        "cells": [_cell(*key, accuracies[key[1:]], np.array(row)) for key, row in rows.items()],
    }


def _cell(model: str, parameter: str, value: float, accuracy: Accuracy, rows: Any) -> dict[str, Any]:
    error = rows.std(axis=0, ddof=1) / np.sqrt(len(rows))
    return {
        "model": model,
        "parameter": parameter,
        "value": value,
        "instances": len(rows),
        "d": float(rows[:, 0].mean()),
        "c": float(rows[:, 1].mean()),
        "violations": round(float(rows[:, 2].sum())),
        "se": {"d": float(error[0]), "c": float(error[1])},
        "bound": {
            "c": 2 * accuracy.beta + accuracy.delta,
            "d": 1 / (accuracy.gamma * accuracy.mu),
        },
    }


def table(result: Mapping[str, Any]) -> str:
    """The points of the figure as lines of text, standard errors in brackets."""
    head = f"{'model':8}{'error':8}{'value':>6}{'largest d at c = 0':>24}{'largest c at d = 1':>24}{'violations':>14}"
    lines = [head]
    for cell in result["cells"]:
        se, value = cell["se"], "" if cell["parameter"] == "none" else f"{cell['value']:g}"
        violations = f"{cell['violations']} of {cell['instances']}"
        lines.append(
            f"{cell['model']:8}{cell['parameter']:8}{value:>6}{cell['d']:>16.2f} ({se['d']:.3f})"
            f"{cell['c']:>16.2f} ({se['c']:.3f}){violations:>14}"
        )
    return "\n".join(lines)
