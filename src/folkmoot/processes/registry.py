"""Processes by id, each with what it promises declared beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..profile import InputError
from .problem import Problem, Selection

Run = Callable[[Problem, np.random.Generator], Selection]


@dataclass(frozen=True)
class Process:
    """A way to choose a slate.

    Args:
        id: registry name.
        guarantee: axioms it satisfies with exact queries, as ids of the audit room: ``cbjr``, ``bjr``, ``cjr``,
            ``jr``. Conformance tests check every one of them on random instances.
        unit_cost: it works only when every candidate costs the same.
        complexity: of one run.
        source: paper and number.
        run: the process.
    """

    id: str
    guarantee: tuple[str, ...]
    unit_cost: bool
    complexity: str
    source: str
    run: Run


PROCESSES: dict[str, Process] = {}


def process(
    *, id: str, guarantee: tuple[str, ...], complexity: str, source: str, unit_cost: bool = False
) -> Callable[[Run], Run]:
    """Registers a function as a process."""

    def register(run: Run) -> Run:
        PROCESSES[id] = Process(id, guarantee, unit_cost, complexity, source, run)
        return run

    return register


def find(id: str) -> Process:
    """The process of that id.

    Raises:
        InputError: there is none.
    """
    if id not in PROCESSES:
        raise InputError(f"unknown process {id!r}; choose one of {', '.join(sorted(PROCESSES))}")
    return PROCESSES[id]
