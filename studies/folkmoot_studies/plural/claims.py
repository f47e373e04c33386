"""The results of a part of `folkmoot study plural`: claims, each with its measurement and acceptance test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.formats import read
from folkmoot.profile import FloatArray, Profile


@dataclass(frozen=True)
class Figure:
    """One claim beside its measurement.

    Args:
        claim: the claim in one clause, e.g. ``"mixture, 10 comparisons a person: cluster accuracy"``.
        said: the figure of the source, with its place there; ``""`` where the source has none.
        value: the value measured here; nan where ``passes`` is the whole result.
        low: the lower end of the 95 % interval; None where there is no spread (exact, or one run).
        high: the upper end of the interval.
        runs: the number of seeds, splits or bootstrap samples behind the interval.
        wanted: the requirement of the acceptance test, e.g. ``">= 0.98"``; ``""`` where there is no test.
        passes: whether the test is met; None where there is no test.
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
        fields = asdict(self)
        return {name: None if isinstance(value, float) and np.isnan(value) else value for name, value in fields.items()}


@dataclass(frozen=True)
class Part:
    """One part of the study.

    Args:
        name: the name for ``--only``, e.g. ``mixtures``.
        title: the heading of its table.
        source: the papers that make the claims.
        run: computes its figures; called with the seed and the folder of real conversations, None where there is none
            (parts on made-up data alone ignore it; a part that needs it then says so in a figure's ``claim`` and passes
            None).
        remark: remarks for the reader, in full sentences.
    """

    name: str
    title: str
    source: str
    run: Callable[[int, Path | None], list[Figure]]
    remark: str = ""


@lru_cache(maxsize=8)
def conversation(place: Path) -> Profile:
    """A conversation, read once for all parts of the study: profiles cannot be changed."""
    return read(place)


def over_seeds(values: Sequence[float] | FloatArray) -> tuple[float, float, float]:
    """Mean over independent runs, and its 95 % interval by Student's t; (mean, mean, mean) for one run.

    >>> tuple(round(x, 3) for x in over_seeds([1.0, 2.0, 3.0]))
    (2.0, -0.484, 4.484)
    """
    from scipy.stats import t  # the exact extra; studies may use it

    sample = np.asarray(values, dtype=np.float64)
    mean = float(sample.mean())
    if len(sample) < 2:
        return mean, mean, mean
    half = float(t.ppf(0.975, len(sample) - 1) * sample.std(ddof=1) / np.sqrt(len(sample)))
    return mean, mean - half, mean + half


def bootstrap(
    clusters: FloatArray, statistic: Callable[[FloatArray], float], rng: np.random.Generator, samples: int = 1_000
) -> tuple[float, float, float]:
    """A statistic of people's figures with its 95 % percentile interval, resampling whole people.

    Args:
        clusters: float64 [n_people, ...], the figures of each person.
        statistic: the function of such an array.
        rng: the generator that resamples people.
        samples: the number of resamples.

    Returns:
        Estimate, 2.5 % and 97.5 % percentile.
    """
    n = len(clusters)
    drawn = [statistic(clusters[rng.integers(n, size=n)]) for _ in range(samples)]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return float(statistic(clusters)), float(low), float(high)
