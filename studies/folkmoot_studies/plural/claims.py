"""What a part of `folkmoot study plural` comes to: claims, each beside what was measured and what was asked of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.profile import FloatArray


@dataclass(frozen=True)
class Figure:
    """One claim beside its measurement.

    Args:
        claim: one clause, e.g. ``"mixture, 10 comparisons a person: cluster accuracy"``.
        said: what the source says, with where it says so; ``""`` where it says nothing.
        value: what was measured here; nan where ``passes`` says it all.
        low: lower end of the 95 % interval; None where there is no spread (exact, or one run).
        high: upper end of it.
        runs: seeds, splits or bootstrap samples behind the interval.
        wanted: what the acceptance test asks, e.g. ``">= 0.98"``; ``""`` where it asks nothing.
        passes: whether that is met; None where nothing is asked.
    """

    claim: str
    said: str
    value: float
    low: float | None = None
    high: float | None = None
    runs: int = 1
    wanted: str = ""
    passes: bool | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; nan becomes None."""
        found = asdict(self)
        return {name: None if isinstance(value, float) and np.isnan(value) else value for name, value in found.items()}


@dataclass(frozen=True)
class Part:
    """One part of the study.

    Args:
        name: for ``--only``, e.g. ``mixtures``.
        title: heading of its table.
        source: papers.
        run: its figures; called with the seed and the folder of real conversations, None where there is none (parts
            on made-up data alone ignore it; a part that needs it then says so in a figure's ``claim`` and passes None).
        remark: what a reader must know, in full sentences.
    """

    name: str
    title: str
    source: str
    run: Callable[[int, Path | None], list[Figure]]
    remark: str = ""


def over_seeds(values: Sequence[float] | FloatArray) -> tuple[float, float, float]:
    """Mean over independent runs, and its 95 % interval by Student's t; (mean, mean, mean) for one run.

    >>> tuple(round(x, 3) for x in over_seeds([1.0, 2.0, 3.0]))
    (2.0, -0.484, 4.484)
    """
    from scipy.stats import t  # the exact extra; studies may use it

    found = np.asarray(values, dtype=np.float64)
    mean = float(found.mean())
    if len(found) < 2:
        return mean, mean, mean
    half = float(t.ppf(0.975, len(found) - 1) * found.std(ddof=1) / np.sqrt(len(found)))
    return mean, mean - half, mean + half


def bootstrap(
    clusters: FloatArray, statistic: Callable[[FloatArray], float], rng: np.random.Generator, samples: int = 1_000
) -> tuple[float, float, float]:
    """A statistic of people's figures with its 95 % percentile interval, resampling whole people.

    Args:
        clusters: float64 [n_people, ...], all figures of a person together.
        statistic: of such an array.
        rng: resamples.
        samples: how many.

    Returns:
        Estimate, 2.5 % and 97.5 % percentile.
    """
    n = len(clusters)
    drawn = [statistic(clusters[rng.integers(n, size=n)]) for _ in range(samples)]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return float(statistic(clusters)), float(low), float(high)
