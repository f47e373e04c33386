"""How much of an endpoint's concurrency a run of PROSE keeps in use, by the size of its batches."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from folkmoot.processes.prose.race import Way
from folkmoot.profile import IntArray

from .data import Published
from .savings import Outcome, Price, cost, simulate

BATCHES = (1, 16, 64, 256, 0)
CONCURRENCY = 16
# A request takes from half to one and a half times the average.
SPREAD = 0.5


def waves(run: Published, ways: Sequence[Way], price: Price) -> list[dict[str, Any]]:
    """The questions of each way in batches of these sizes, and how well they use an endpoint.

    Args:
        run: the recorded run.
        ways: the ways of asking, of which only the size of batches is changed.
        price: the price with several statements a prompt, for its share of the concurrency.

    Returns:
        Per way and batch: calls and tokens as shares of the run as it was (one statement a prompt), waves with and
        without those that generate, questions a wave, share of `CONCURRENCY` in use by `in_use`.
    """
    whole = cost(run, simulate(run, Way()))
    rows = []
    for way in (Way(), *(replace(way, batch=batch) for way in ways for batch in BATCHES)):
        outcome = simulate(run, way)
        spent, sizes = cost(run, outcome), requests(outcome, 1)
        generated = np.bincount(run.batch, minlength=run.rounds)[outcome.passes]
        rows.append(
            {
                "way": "everything" if not way.lazy else "exact and skipping" if way.skip else "exact",
                "batch": way.batch,
                "calls_share": spent.calls / whole.calls,
                "tokens_share": spent.tokens / whole.tokens,
                "waves": len(sizes),
                "generating": len(generated),
                "questions": float(sizes.mean()),
                "in_use_scoring": in_use(sizes),
                "in_use": in_use(np.concatenate([sizes, generated])),
                "in_use_prompts": in_use(np.concatenate([requests(outcome, price.per_prompt), generated])),
                "same_slate": bool(np.array_equal(outcome.place, run.place)),
            }
        )
    return rows


def requests(outcome: Outcome, per_prompt: int) -> IntArray:
    """int64 [waves]: requests of each wave of questions."""
    (wave, _), size = np.unique(np.stack([outcome.wave, outcome.agent]), axis=1, return_counts=True)
    return np.bincount(wave, weights=-(-size // per_prompt)).astype(np.int64)


def in_use(sizes: IntArray, concurrency: int = CONCURRENCY, seed: int = 0) -> float:
    """Share of the allowed concurrency in use while waves of requests are worked off one after the other.

    A request is sent as soon as a place is free, the next wave when the last answer of the one before it is there; how
    long one takes is drawn evenly (`SPREAD`), for scoring and generating alike.

    >>> in_use(np.array([16, 160])) > in_use(np.array([16] * 11))
    True
    """
    rng = np.random.default_rng(seed)
    busy = span = 0.0
    for size in sizes.tolist():
        places = [0.0] * concurrency
        for seconds in rng.uniform(1.0 - SPREAD, 1.0 + SPREAD, size).tolist():
            busy += seconds
            heapq.heapreplace(places, places[0] + seconds)
        span += max(places)
    return busy / (concurrency * span) if span else 0.0


def lines(runs: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """The result as lines of text."""
    heads = ("calls", "tokens", "waves", "generating", "questions", "in use", "scoring", "prompts")
    printed = [
        f"{'in use: share of ' + str(CONCURRENCY):26}{'way':20}{'batch':>6}" + "".join(f"{h:>11}" for h in heads)
    ]
    for name, rows in runs.items():
        for row in rows:
            cells = [
                f"{row['calls_share']:.3f}",
                f"{row['tokens_share']:.3f}",
                str(row["waves"]),
                str(row["generating"]),
                f"{row['questions']:.0f}",
                f"{row['in_use']:.3f}",
                f"{row['in_use_scoring']:.3f}",
                f"{row['in_use_prompts']:.3f}",
            ]
            size = row["batch"] or "all"
            printed.append(f"{name:26}{row['way']:20}{size:>6}" + "".join(f"{cell:>11}" for cell in cells))
    return printed
