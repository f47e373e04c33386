"""Baselines: whole slates by one prompt, with and without people's texts, and one statement for each cluster.

Boehmer, Fish, Procaccia 2025 (The Next Generation), section 4.2 and Appendix E. They have no guarantee; the assignment
of people is up to the caller. Unit cost is not a baseline of its own: it is PROSE with a `Writer` of unit
``statements``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...llm import Answer, Call, Failed, Model
from ...profile import FloatArray, IntArray, words
from . import groups
from .filtered import filtered, refused_texts
from .gen import SHOWN
from .people import People
from .prompts import Value, prompt
from .readable_answers import Tally, ask
from .writer import TOKENS_A_WORD, TOKENS_AROUND, Group, Writer

MAX_TOKENS = 4_000


@dataclass(frozen=True)
class Listed:
    """A slate written in one answer.

    Args:
        texts: the statements within the budget, in order.
        cut: the statements that did not fit, though a shorter slate was requested.
    """

    texts: tuple[str, ...]
    cut: tuple[str, ...] = ()


def zero_shot(model: Model, people: People, topic: str, budget: int, tally: Tally, rng: np.random.Generator) -> Listed:
    """A slate from everybody's texts (where there are more than 200 people, from those of 200 drawn at random).

    Texts that the endpoint's filter refuses are left out, as `Writer` leaves them out.
    """
    rows = np.array([row for row, text in enumerate(people.texts) if text], dtype=np.int64)
    if len(rows) > SHOWN:
        rows = np.sort(rng.choice(rows, SHOWN, replace=False))
    shown, lost = people.writable(rows), dict[int, Failed]()
    found = _listed(model, _zero_shot(people, topic, budget, shown), budget, tally, lost)
    if filtered(lost.get(0)):
        people.filtered.update(refused_texts(model, shown, lambda few: _zero_shot(people, topic, budget, few)))
        if (left := people.writable(rows)) != shown and left:
            found = _listed(model, _zero_shot(people, topic, budget, left), budget, tally)
    return found


def _zero_shot(people: People, topic: str, budget: int, rows: Sequence[int]) -> Call:
    return _slate_call("zero-shot", {"topic": topic, "people": [people.texts[row] for row in rows]}, budget)


def contextless(model: Model, topic: str, budget: int, tally: Tally) -> Listed:
    """A slate from the topic alone."""
    return _listed(model, _slate_call("contextless", {"topic": topic}, budget), budget, tally)


def clustering(writer: Writer, points: FloatArray, budget: int) -> list[tuple[int, IntArray]]:
    """A statement for every cluster, within the cluster's share of the budget, largest cluster first.

    Affinity propagation (this project's own, see `groups.affinity_clusters`) over the standardised points' first five
    principal components. A share is floor(B |C|/n), where the published code rounds up and can exceed the budget. A
    cluster whose statement was cut, or that wrote nothing, is left out.

    Args:
        writer: a writer with ``query="cluster-statement"``.
        points: float64 [n_agents, d], the embedding of everybody's text.
        budget: B.

    Returns:
        The number of the statement and the rows of the cluster, for each cluster.
    """
    n = len(points)
    writing = np.array([row for row, text in enumerate(writer.people.texts) if text], dtype=np.int64)
    if not len(writing):
        return []
    clusters = [writing[rows] for rows in groups.affinity_clusters(groups.reduced(points[writing]))]
    written = []
    for rows in sorted(clusters, key=lambda rows: (-len(rows), int(rows[0]))):
        share = budget * len(rows) // n
        if share:
            # One after the other: the limit is the cluster's own.
            written += [(number, rows) for number in writer.write([Group("cluster", rows)], share, None, 0)]
    return written


def _slate_call(name: str, values: dict[str, Value], budget: int) -> Call:
    most = min(MAX_TOKENS, 4 * TOKENS_AROUND + TOKENS_A_WORD * budget)
    return prompt(name).call({**values, "words": budget}, {"temperature": 0.0, "max_tokens": most}, {})


def _listed(model: Model, call: Call, budget: int, tally: Tally, lost: dict[int, Failed] | None = None) -> Listed:
    parameters = call.parameters
    (texts,) = ask(model, [call], _lines, tally, lost=lost)
    if texts and _words(texts) > budget:
        before = (*call.messages, ("assistant", "\n".join(f"- {text}" for text in texts)))
        shorter = prompt("slate-shorter").call({"had": _words(texts), "words": budget}, parameters, {}, 0, before)
        (again,) = ask(model, [shorter], _lines, tally)
        texts = again or texts
    kept: list[str] = []
    cut: list[str] = []
    for text in texts or ():
        (kept if _words([*kept, text]) <= budget else cut).append(text)
    return Listed(tuple(kept), tuple(cut))


def _words(texts: Sequence[str]) -> int:
    return sum(words(text) for text in texts)


def _lines(answer: Answer) -> list[str] | None:
    """Statements, one a line, without list markers and empty lines; None where there are none."""
    lines = (" ".join(line.split()).removeprefix("- ").strip() for line in answer.said.splitlines())
    return list(dict.fromkeys(line for line in lines if any(c.isalnum() for c in line))) or None
