"""Why no process can do better: the lower bounds of both papers as adversaries that any process can be run against.

An adversary answers every query within the accuracy that the theorem allows, waits until the process has chosen, and
only then settles on a universe of statements that fits all its answers and in which some coalition complains. All four
are the papers' own constructions: `few_agents` (GSC Proposition 3 and Theorem 5) and `inexact` (NG Theorems 3.3, 3.4).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from folkmoot.profile import InputError

from .few_agents import proposition_3, theorem_5
from .inexact import theorem_3_3, theorem_3_4


def run(only: str | None = None) -> dict[str, Any]:
    """Every counter-example, JSON-ready: ``counterexamples``, one object each (see `EXAMPLES` for the names).

    Each has ``theorem``, ``statement``, ``note``, ``instance``, ``answers_within_accuracy``, ``slate``
    (who approves what), ``slack`` (b), ``d`` (mass over need, exact), ``violated`` and the ``witness``.
    """
    if only is not None and only not in EXAMPLES:
        raise InputError(f"unknown counter-example {only!r}; choose one of {', '.join(EXAMPLES)}")
    return {"counterexamples": [make() for name, make in EXAMPLES.items() if only in (None, name)]}


def table(result: dict[str, Any]) -> str:
    """The examples as plain text: theorem, what it says, the coalition that shows it."""
    lines = []
    for example in result["counterexamples"]:
        mark = f" ({example['note']})" if example["note"] else ""
        lines += [f"{example['theorem']}{mark}", f"  {example['statement']}"]
        lines.append(f"  answers within their stated accuracy: {'yes' if example['answers_within_accuracy'] else 'NO'}")
        w = example["witness"]
        lines.append(
            f"  violated at b = {example['slack']:g}: d = {example['d']}; {w['mass']} agents ({w['need']} needed) "
            f"value a statement of cost {w['cost']} at {w['threshold']:g} or more that is not in the slate"
        )
    return "\n".join(lines)


EXAMPLES: dict[str, Callable[[], dict[str, Any]]] = {
    "gsc-proposition-3": proposition_3,
    "gsc-theorem-5": theorem_5,
    "ng-theorem-3.3": theorem_3_3,
    "ng-theorem-3.4": theorem_3_4,
    "ng-theorem-3.4-rounded": lambda: theorem_3_4(scale=10, rounded=True),
}
