"""Processes whose statements a language model writes while they run, by id (``--process`` with ``--engine llm``).

They end in a `Selection` of statements as numbered in Disc. A new one is one function here or in a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...profile import InputError, IntArray, Registry
from ...profile.docs import first_sentence
from ...queries.language.baselines import clustering as cluster_statements
from ...queries.language.baselines import contextless, zero_shot
from ...queries.language.make import Asks, Queries, pilot, tagged, untagged
from ...queries.language.writer import Group
from ..problem import Round, Selection
from .prose import EXACT, LEVELS, MINIMUM, SPARING, bjr_written, prose
from .race import Way

# What PROSE asks: everything, as published; what decides, with the same slate for certain; that without passes that
# have no hope (the same slates as measured); and less by a model of the answers so far (some slates differ).
SCORING = {"full": Way(), "exact": EXACT, "sparing": SPARING, "screened": replace(SPARING, screen=True)}


@dataclass(frozen=True)
class Writing:
    """A slate to be written.

    Args:
        queries: ask the model.
        budget: what the slate may cost.
        unit: ``words`` or ``statements``.
        topic: of the conversation.
        levels: approval levels, highest first; None: as the process has them.
        minimum: shortest statement that is written for before the last level, in words; 0: as the process has it.
        masses: int64 [n], of the people.
        scoring: one of `SCORING`.
        seed: of every random choice.
    """

    queries: Queries
    budget: int
    unit: str
    topic: str
    levels: tuple[float, ...] | None
    minimum: int
    masses: IntArray
    scoring: str
    seed: int

    @property
    def way(self) -> Way:
        """What is asked."""
        return SCORING[self.scoring]


Run = Callable[[Writing], Selection]


@dataclass(frozen=True)
class WrittenProcess:
    """A way to write a slate.

    Args:
        id: registry name.
        asks: makes its queries.
        assigns: it says whom each statement represents; else that is the assignment with the largest total utility.
        units: of budgets that it knows.
        source: paper and number.
        run: the process.
    """

    id: str
    asks: Asks
    assigns: bool
    units: tuple[str, ...]
    source: str
    run: Run

    @property
    def about(self) -> str:
        """One line for listings."""
        return first_sentence(self.run)


WRITTEN: Registry[WrittenProcess] = Registry("written process")
NEXT_GENERATION = "Boehmer, Fish, Procaccia 2025 (The Next Generation)"


def written(
    *, id: str, source: str, asks: Asks, assigns: bool = False, units: tuple[str, ...] = ("words",)
) -> Callable[[Run], Run]:
    """Registers a function as a process that has statements written."""

    def register(run: Run) -> Run:
        WRITTEN.register(WrittenProcess(id, asks, assigns, units, source, run))
        return run

    return register


def find_written(id: str) -> WrittenProcess:
    """The process of that id.

    Raises:
        InputError: there is none.
    """
    if id not in WRITTEN:
        raise InputError(
            f"process {id!r} chooses among given statements; with a language model choose one of {', '.join(WRITTEN)}"
        )
    return WRITTEN[id]


@written(
    id="prose",
    source=f"{NEXT_GENERATION}, section 4.1 and Appendix D",
    asks=tagged,
    assigns=True,
    units=("words", "statements"),
)
def _prose(task: Writing) -> Selection:
    """PROSE; with unit ``statements`` its unit-cost form, in which every statement costs 1 and has any length."""
    queries, unit_cost = task.queries, task.unit == "statements"
    return prose(
        queries.disc,
        queries.gen,
        task.budget,
        levels=task.levels or LEVELS,
        steps=[1] if unit_cost else None,
        minimum=1 if unit_cost else task.minimum or MINIMUM,
        masses=task.masses,
        way=task.way,
        rng=np.random.default_rng([task.seed, 6]),
    )


@written(
    id="bjr",
    source="Fish et al. 2024 (Generative Social Choice), Process 1 and section 4",
    asks=pilot,
    assigns=True,
    units=("statements",),
)
def _bjr(task: Writing) -> Selection:
    """P1 over the pilot's queries."""
    return bjr_written(task.queries.disc, task.queries.gen, task.budget, masses=task.masses)


@written(id="clustering", source=f"{NEXT_GENERATION}, baseline of section 4.2", asks=untagged)
def _clustering(task: Writing) -> Selection:
    """One statement for every cluster of texts, as long as the cluster's share of the budget."""
    queries = task.queries
    writer = queries.writer.like(query="cluster-statement")
    found = cluster_statements(writer, queries.texts, task.budget)
    return _without_people([number for number, _ in found], queries.disc.n_agents)


@written(id="zero-shot", source=f"{NEXT_GENERATION}, baseline of section 4.2", asks=untagged)
def _zero_shot(task: Writing) -> Selection:
    """A whole slate in one answer, from everybody's texts."""
    queries, rng = task.queries, np.random.default_rng([task.seed, 8])
    found = zero_shot(queries.disc.model, queries.people, task.topic, task.budget, queries.writer.tally, rng)
    rows = np.array([row for row, text in enumerate(queries.people.texts) if text], dtype=np.int64)
    return _adopted(task, "zero-shot", rows, found.texts)


@written(id="contextless", source=f"{NEXT_GENERATION}, baseline of section 4.2", asks=untagged)
def _contextless(task: Writing) -> Selection:
    """A whole slate in one answer, from the topic alone."""
    queries = task.queries
    found = contextless(queries.disc.model, task.topic, task.budget, queries.writer.tally)
    return _adopted(task, "contextless", np.empty(0, dtype=np.int64), found.texts)


def _adopted(task: Writing, name: str, rows: IntArray, texts: Sequence[str]) -> Selection:
    writer = task.queries.writer
    numbers = [writer.adopt(text, Group(name, rows), f"{name}/1", task.budget) for text in texts]
    return _without_people([number for number in numbers if number >= 0], task.queries.disc.n_agents)


def _without_people(numbers: Sequence[int], n: int) -> Selection:
    nobody = np.empty(0, dtype=np.int64)
    return Selection(tuple(Round(number, nobody, None, 0, (), 0) for number in numbers), n, {})
