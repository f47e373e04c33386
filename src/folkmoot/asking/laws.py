"""Law of the number of right guesses, by one recursion over the number of guessed features."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..profile import FloatArray

# Floats of a table worked on at once.
_BLOCK = 16_384
# Below this a float is slow (denormal) and of no consequence.
NOTHING = 1e-290


def right_guesses(n: int, p: float) -> Iterator[FloatArray]:
    """Laws of the number of right guesses in cluster 0, for m = 0, ..., n guessed features.

    ``law[f, c]`` is the probability of c right guesses when f of the m guesses are ones: c is distributed as
    Bin(f, p) + Bin(m - f, 1 - p). In cluster 1 it is ``law[m - f, c]``. One more guess of zero is one Bernoulli step,
    so that all laws cost n^3 / 3 multiplications and every addition is of positive numbers.

    Yields:
        float64 [m + 1, m + 1], overwritten by the next one.
    """
    tables = [np.zeros((n + 1, n + 1)), np.zeros((n + 1, n + 1))]
    tables[0][0, 0] = 1.0
    yield tables[0][:1, :1]
    for m in range(1, n + 1):
        before, after = tables[(m - 1) % 2], tables[m % 2][: m + 1, : m + 1]
        # Rows depend on their own row alone: some at a time stay in the processor's cache.
        half, size = m // 2 + 1, max(1, _BLOCK // (m + 1))
        for first in range(0, half, size):
            rows = slice(first, min(first + size, half))
            part = after[rows]
            np.multiply(before[rows, : m + 1], p, out=part)
            part[:, 1:] += before[rows, :m] * (1.0 - p)
            part[part < NOTHING] = 0.0
            # f ones and c right are as probable as m - f ones and m - c right.
            after[m - rows.stop + 1 : m - rows.start + 1] = part[::-1, ::-1]
        yield after


def log_right_guesses(n: int, p: float) -> Iterator[FloatArray]:
    """Logarithms of `right_guesses`, for where they would leave the range of a float; about 30 times slower."""
    with np.errstate(divide="ignore"):
        wrong, right = np.log(p), np.log1p(-p)
    before = np.zeros((1, 1))
    yield before
    for m in range(1, n + 1):
        after = np.full((m + 1, m + 1), -np.inf)
        after[:m, :m] = before + wrong
        after[:m, 1:] = np.logaddexp(after[:m, 1:], before + right)
        after[m] = after[0, ::-1]
        yield after
        before = after


def ones_answered(n: int, p: float) -> list[FloatArray]:
    """Law of the number of ones among k answers in cluster 0, for k = 0, ..., n: Bin(k, p), float64 [k + 1] each."""
    laws = [np.ones(1)]
    for k in range(1, n + 1):
        after = np.zeros(k + 1)
        after[:k] = laws[-1] * (1.0 - p)
        after[1:] += laws[-1] * p
        after[after < NOTHING] = 0.0
        laws.append(after)
    return laws
