"""Studies: each paper's experiments by name, as data. A new one is one file and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from . import (
    asking,
    colluding,
    counterexamples,
    fewer_questions,
    fifty_one,
    heldout,
    pilot,
    plural,
    prose,
    refine,
    sushi,
    synthetic,
)


@dataclass(frozen=True)
class Study:
    """One study.

    Args:
        run: its figures, JSON-ready; what it can be told are its keyword arguments.
        table: the figures as plain text.
        draw: the figures as SVG by name, None where there is nothing to draw.
    """

    run: Callable[..., dict[str, Any]]
    table: Callable[[dict[str, Any]], str]
    draw: Callable[[dict[str, Any]], Mapping[str, str]] | None = None


STUDIES: dict[str, Study] = {
    "asking": Study(asking.run, asking.table, asking.draw),
    "colluding": Study(colluding.run, colluding.table, colluding.draw),
    "counterexamples": Study(counterexamples.run, counterexamples.table),
    "fewer-questions": Study(fewer_questions.run, fewer_questions.table, fewer_questions.draw),
    "fifty-one": Study(fifty_one.run, fifty_one.table),
    "heldout": Study(heldout.run, heldout.table),
    "pilot": Study(pilot.run, pilot.table, pilot.draw),
    "plural": Study(plural.run, plural.table),
    "prose": Study(prose.run, prose.table, prose.draw),
    "refine": Study(refine.run, refine.table),
    "sushi": Study(sushi.run, sushi.table, sushi.draw),
    "synthetic": Study(synthetic.run, synthetic.table, synthetic.draw),
}

__all__ = [
    "STUDIES",
    "Study",
    "asking",
    "colluding",
    "counterexamples",
    "fewer_questions",
    "fifty_one",
    "heldout",
    "pilot",
    "plural",
    "prose",
    "refine",
    "sushi",
    "synthetic",
]
