"""Skipping passes is a heuristic: what it does to slates of other people than those it was tuned on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from folkmoot.processes.prose.prose import EXACT, SPARING

from ..streams import numbers
from .data import Published
from .savings import SPLITS, cost, simulate

SAMPLES = 6


def subsamples(run: Published, seed: int = 0, samples: int = SAMPLES) -> dict[str, Any]:
    """Chooses slates for three quarters of the people, drawn at random, with and without skipping, at the same budget.

    Statements are the recorded ones; scores the recorded run never asked for count as no approval on both sides.

    Args:
        run: the recorded run.
        seed: the seed of who is drawn.
        samples: the number of samples, each with three splits of the scores into agreement and specificity.

    Returns:
        The number of runs, and of those with the same slate and assignment; mean and worst difference in the mean
        utility of who is represented, mean difference in people left over, tokens relative to those without skipping.
    """
    entries = []
    for sample in range(samples):
        rng = numbers(seed, sample)
        kept = np.sort(rng.choice(run.n, 3 * run.n // 4, replace=False))
        some = replace(
            run,
            agents=tuple(run.agents[i] for i in kept),
            agent_words=run.agent_words[kept],
            scores=run.scores[kept],
        )
        for split in SPLITS.values():
            whole, spared = (simulate(some, way, split=split) for way in (EXACT, SPARING))
            means = []
            for outcome in (whole, spared):
                own = some.own(outcome.chosen, outcome.place)
                means.append(float(own[np.isfinite(own)].mean()))
            entries.append(
                (
                    np.array_equal(whole.chosen, spared.chosen) and np.array_equal(whole.place, spared.place),
                    means[1] - means[0],
                    int((spared.place < 0).sum()) - int((whole.place < 0).sum()),
                    cost(some, spared).tokens / cost(some, whole).tokens,
                )
            )
    rows = np.array(entries, dtype=np.float64)
    return {
        "runs": len(rows),
        "same": int(rows[:, 0].sum()),
        "difference": float(rows[:, 1].mean()),
        "worst": float(rows[:, 1].min()),
        "left_over": float(rows[:, 2].mean()),
        "tokens_share": float(rows[:, 3].mean()),
    }


def line(name: str, row: Mapping[str, Any]) -> str:
    """The result as a line of text."""
    return (
        f"{name:26}three quarters of the people: skipping leaves the slate as it is in {row['same']} of {row['runs']}; "
        f"mean utility {row['difference']:+.4f} (worst {row['worst']:+.3f}), left over {row['left_over']:+.2f}, "
        f"tokens {row['tokens_share']:.3f}"
    )
