"""The processes whose statements a language model writes while they run (``--process`` with ``--engine llm``).

They end in a `Selection` of statements as numbered in Disc. A new one is one function here or in a file of its own.
What asks a language model is imported where it is used, so that importing this module does not load all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...profile import IntArray
from ...profile.streams import Stream, stream
from ..problem import Round, Selection
from ..registry import written
from ..writing_task import Writing

if TYPE_CHECKING:
    from ...queries.language.make import Queries

NEXT_GENERATION = "Boehmer, Fish, Procaccia 2025 (The Next Generation)"


def _tagged(*arguments: Any) -> Queries:
    """The queries of PROSE."""
    from ...queries.language.make import tagged

    return tagged(*arguments)


def _untagged(*arguments: Any) -> Queries:
    """The same without tags, for processes that form no groups by them."""
    from ...queries.language.make import untagged

    return untagged(*arguments)


def _pilot(*arguments: Any) -> Queries:
    """The queries of the pilot: ratings of 0 to 4, without specificity."""
    from ...queries.language.make import pilot

    return pilot(*arguments)


@written(
    id="prose",
    source=f"{NEXT_GENERATION}, section 4.1 and Appendix D",
    asks=_tagged,
    assigns=True,
    units=("words", "statements"),
)
def _prose(task: Writing) -> Selection:
    """PROSE; with unit ``statements`` its unit-cost form, in which every statement costs 1 and has any length."""
    from .prose import LEVELS, MINIMUM, SCORING, prose

    queries, unit_cost = task.queries, task.unit == "statements"
    return prose(
        queries.disc,
        queries.gen,
        task.budget,
        levels=task.levels or LEVELS,
        steps=[1] if unit_cost else None,
        minimum=1 if unit_cost else MINIMUM if task.minimum is None else max(1, task.minimum),
        start=task.start,
        look_first=bool(task.start),
        masses=task.masses,
        way=SCORING[task.scoring],
        rng=stream(task.seed, Stream.PROSE),
    )


@written(
    id="bjr",
    source="Fish et al. 2024 (Generative Social Choice), Process 1 and section 4",
    asks=_pilot,
    assigns=True,
    units=("statements",),
)
def _bjr(task: Writing) -> Selection:
    """P1 over the pilot's queries."""
    from .prose import bjr_written

    return bjr_written(task.queries.disc, task.queries.gen, task.budget, masses=task.masses)


@written(id="clustering", source=f"{NEXT_GENERATION}, baseline of section 4.2", asks=_untagged)
def _clustering(task: Writing) -> Selection:
    """One statement for every cluster of texts, as long as the cluster's share of the budget."""
    from ...queries.language.baselines import clustering

    queries = task.queries
    writer = queries.writer.like(query="cluster-statement")
    statements = clustering(writer, queries.texts, task.budget)
    return _without_people([number for number, _ in statements], queries.disc.n_agents)


@written(id="zero-shot", source=f"{NEXT_GENERATION}, baseline of section 4.2", asks=_untagged)
def _zero_shot(task: Writing) -> Selection:
    """A whole slate in one answer, from everybody's texts."""
    from ...queries.language.baselines import zero_shot

    queries, rng = task.queries, stream(task.seed, Stream.ZERO_SHOT)
    answer = zero_shot(queries.disc.model, queries.people, task.topic, task.budget, queries.writer.tally, rng)
    rows = np.array([row for row, text in enumerate(queries.people.texts) if text], dtype=np.int64)
    return _adopted(task, "zero-shot", rows, answer.texts)


@written(id="contextless", source=f"{NEXT_GENERATION}, baseline of section 4.2", asks=_untagged)
def _contextless(task: Writing) -> Selection:
    """A whole slate in one answer, from the topic alone."""
    from ...queries.language.baselines import contextless

    queries = task.queries
    answer = contextless(queries.disc.model, task.topic, task.budget, queries.writer.tally)
    return _adopted(task, "contextless", np.empty(0, dtype=np.int64), answer.texts)


def _adopted(task: Writing, name: str, rows: IntArray, texts: Sequence[str]) -> Selection:
    from ...queries.language.writer import Group

    writer = task.queries.writer
    numbers = [writer.adopt(text, Group(name, rows), f"{name}/1", task.budget) for text in texts]
    return _without_people([number for number in numbers if number >= 0], task.queries.disc.n_agents)


def _without_people(numbers: Sequence[int], n: int) -> Selection:
    nobody = np.empty(0, dtype=np.int64)
    return Selection(tuple(Round(number, nobody, None, 0, (), 0) for number in numbers), n, {})
