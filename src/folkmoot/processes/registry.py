"""Processes by id, each with what it promises declared beside it.

There are two kinds: those that choose among existing statements (`Process`, ``@process``), and those whose statements a
language model writes while they run (`WrittenProcess`, ``@written``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from ..profile import InputError, Registry
from ..profile.docs import first_sentence
from .problem import Problem, Selection
from .writing_task import Writing

if TYPE_CHECKING:
    from ..queries.language.make import Asks

Run = Callable[[Problem, np.random.Generator], Selection]
Write = Callable[[Writing], Selection]


@dataclass(frozen=True)
class Process:
    """A way to choose a slate.

    Args:
        id: the id in the registry.
        guarantee: the axioms it satisfies with exact queries and the default values of its parameters, as ids of
            `guarantees.GUARANTEES`. Conformance tests check every one of them on random instances.
        unit_cost: whether it works only when every candidate costs the same.
        overshoots: whether it takes agents until a need is met, so that the last one may overshoot it: with weights its
            slate can differ from the one with so many copies of every agent. The others choose the same.
        seeded: whether its choice depends on the random generator, and not only on the problem.
        name: the field's name for it, for listings; empty: the first sentence of the function.
        complexity: the complexity of one run.
        source: the paper and the number in it.
        run: the function that chooses.
        parameters: the parameters it takes (`Problem.parameters`): for each name one clause with the default.
        assigns: whether it says whom each statement represents; if not, the assignment with the largest total utility
            does.
        keeps_assignment: whether its own assignment is part of what it chooses, so that no other one is better.
        approvals: whether it looks only at who approves what. Where answers are missing, "approves" then means that
            somebody agrees at least as likely as not: a mean over people who never answered is no approval of anybody.
        extra: the extra of folkmoot that it needs on larger instances; empty: none.
    """

    id: str
    guarantee: tuple[str, ...]
    unit_cost: bool
    complexity: str
    source: str
    run: Run
    parameters: Mapping[str, str] = field(default_factory=dict)
    overshoots: bool = False
    seeded: bool = False
    name: str = ""
    assigns: bool = True
    keeps_assignment: bool = False
    approvals: bool = False
    extra: str = ""

    @property
    def about(self) -> str:
        """One line for listings."""
        return self.name or first_sentence(self.run)


@dataclass(frozen=True)
class WrittenProcess:
    """A way to have a slate written by a language model.

    Args:
        id: the id in the registry.
        asks: the function that makes its queries.
        assigns: whether it says whom each statement represents; if not, the assignment with the largest total utility
            does.
        units: the units in which its budget may be given.
        source: the paper and the number in it.
        run: the function that has the statements written.
        keeps_assignment: as for `Process`.
        approvals: as for `Process`.
    """

    id: str
    asks: Asks
    assigns: bool
    units: tuple[str, ...]
    source: str
    run: Write
    keeps_assignment: bool = False
    approvals: bool = False

    @property
    def about(self) -> str:
        """One line for listings."""
        return first_sentence(self.run)


PROCESSES: Registry[Process] = Registry("process")
WRITTEN: Registry[WrittenProcess] = Registry("written process")


def process(
    *,
    id: str,
    guarantee: tuple[str, ...],
    complexity: str,
    source: str,
    unit_cost: bool = False,
    parameters: Mapping[str, str] | None = None,
    overshoots: bool = False,
    seeded: bool = False,
    name: str = "",
    keeps_assignment: bool = False,
    approvals: bool = False,
    extra: str = "",
) -> Callable[[Run], Run]:
    """Registers a function as a process; see `Process` for what it declares.

    Raises:
        InputError: another process has this id.
    """

    def register(run: Run) -> Run:
        PROCESSES.register(
            Process(
                id,
                guarantee,
                unit_cost,
                complexity,
                source,
                run,
                parameters or {},
                overshoots,
                seeded,
                name,
                keeps_assignment=keeps_assignment,
                approvals=approvals,
                extra=extra,
            )
        )
        return run

    return register


def written(
    *, id: str, source: str, asks: Asks, assigns: bool = False, units: tuple[str, ...] = ("words",)
) -> Callable[[Write], Write]:
    """Registers a function as a process whose statements are written by a language model."""

    def register(run: Write) -> Write:
        WRITTEN.register(WrittenProcess(id, asks, assigns, units, source, run))
        return run

    return register


def find_written(id: str) -> WrittenProcess:
    """The process of that id whose statements are written by a language model.

    Raises:
        InputError: there is no such process.
    """
    if id not in WRITTEN:
        raise InputError(
            f"process {id!r} chooses among given statements; with a language model choose one of {', '.join(WRITTEN)}"
        )
    return WRITTEN[id]


def find(id: str) -> Process:
    """The process of that id; ``id:name=value,name=value`` is the process with these values of its parameters.

    Raises:
        InputError: there is no such process, it has no such parameter, or a value is not a number.
    """
    name, colon, settings = id.partition(":")
    if name not in PROCESSES and name in WRITTEN:
        raise InputError(f"process {name!r} has its statements written by a language model: take `engine='llm'`")
    entry = PROCESSES.find(name)
    if not colon:
        return entry
    values = {}
    for part in settings.split(","):
        key, equals, value = part.partition("=")
        if key not in entry.parameters:
            known = ", ".join(entry.parameters) or "none"
            raise InputError(f"process {name!r} has no parameter {key!r}; its parameters: {known}")
        try:
            values[key] = float(value)
        except ValueError:
            raise InputError(f"{key} must be a number, as in {name}:{key}=1, not {value!r}") from None
        if not equals or not isfinite(values[key]):
            raise InputError(f"{key} must be a number, as in {name}:{key}=1, not {value!r}")

    def run(problem: Problem, rng: np.random.Generator) -> Selection:
        return entry.run(replace(problem, parameters={**problem.parameters, **values}), rng)

    run.__doc__ = entry.run.__doc__
    return replace(entry, id=id, run=run)
