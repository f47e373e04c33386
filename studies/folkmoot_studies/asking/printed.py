"""The formulas of When to Ask a Question (A.2) as they are printed, in each reading that their text allows.

For comparison only: `asking.optimum` computes the same from one small table. The printed formula sums over the numbers
of right guesses among the zeros (j) and among the ones (l) of the output, for every k, every a and every z; n^5 terms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from folkmoot.profile import FloatArray, IntArray


@dataclass(frozen=True)
class Reading:
    """A reading of the appendix; the default is the one that gives the paper's numbers.

    Args:
        factors: the number of factors 1 / (1 - gamma) before the sum: once; the paper prints none and two as well (A.2,
            equation 5).
        undone: whether cluster 1 calls the swapped function at 1 - p, which undoes the swap (A.2, W1).
    """

    factors: int = 1
    undone: bool = False


PLAIN = Reading()


def literal(n: int, alpha: float, p: float, gamma: float, shift: float = 1.0) -> FloatArray:
    """W(k) for k = 0..n at cost 1, by the printed sums, loop by loop: float64 [n + 1]. gamma is not 1."""
    welfare = np.zeros(n + 1)
    for k in range(n + 1):
        for a in range(k + 1):
            ways = math.comb(k, a)
            w0 = alpha * ways * p**a * (1 - p) ** (k - a)
            w1 = (1 - alpha) * ways * (1 - p) ** a * p ** (k - a)
            welfare[k] += max(
                w0 * _g(n - k, z, p, gamma, shift) + w1 * _g(n - k, z, 1 - p, gamma, shift) for z in range(n - k + 1)
            )
    return welfare


def _g(m: int, z: int, p: float, gamma: float, shift: float) -> float:
    """G(z): expectation of phi when z zeros and m - z ones are output and a feature is 1 with probability p."""
    total = 0.0
    for j in range(z + 1):
        for l in range(m - z + 1):  # noqa: E741 (the paper's letter)
            chance = math.comb(z, j) * (1 - p) ** j * p ** (z - j)
            chance *= math.comb(m - z, l) * p**l * (1 - p) ** (m - z - l)
            total += chance * (j + l + shift) ** (1 - gamma)
    return total / (1 - gamma)


def vectorised(n: int, alpha: float, p: float, gamma: float, shift: float = 1.0) -> FloatArray:
    """The same with the two inner sums as one product of arrays for every (k, a, z): float64 [n + 1]."""
    zero = [_binomial(i, 1 - p) for i in range(n + 1)]
    one = [_binomial(i, p) for i in range(n + 1)]
    phi = (np.arange(2 * n + 1) + shift) ** (1 - gamma) / (1 - gamma)
    sums = np.lib.stride_tricks.sliding_window_view(phi, n + 1)
    welfare = np.zeros(n + 1)
    for k in range(n + 1):
        m = n - k
        for a in range(k + 1):
            w0, w1 = alpha * one[k][a], (1 - alpha) * zero[k][a]
            welfare[k] += max(
                w0 * (zero[z] @ sums[: z + 1, : m - z + 1] @ one[m - z])
                + w1 * (one[z] @ sums[: z + 1, : m - z + 1] @ zero[m - z])
                for z in range(m + 1)
            )
    return welfare


def hoisted(
    n: int, alpha: float, p: float, gammas: Sequence[float], shift: float = 1.0, reading: Reading = PLAIN
) -> tuple[FloatArray, list[IntArray]]:
    """The same with loop invariants hoisted: G once for every (m, z), by `numpy.convolve`, for all gammas.

    Returns:
        The maximised values, float64 [gammas, n + 1] over k, and for every k the chosen z, int64 [gammas, k + 1]; the
        smallest where floats are equal.
    """
    power = 1.0 - np.array(gammas, dtype=np.float64)
    sizes = [_binomial(i, p) for i in range(n + 1)]
    phi = (np.arange(n + 1) + shift)[:, None] ** power / power**reading.factors
    welfare, chosen = np.zeros((len(power), n + 1)), []
    for k in range(n + 1):
        m = n - k
        # Zeros are right in cluster 0 with probability 1 - p, ones with p.
        g0 = np.array([np.convolve(sizes[z][::-1], sizes[m - z]) @ phi[: m + 1] for z in range(m + 1)])
        g1 = g0 if reading.undone else g0[::-1]
        answers = _binomial(k, p)
        w0, w1 = alpha * answers, (1 - alpha) * answers[::-1]
        each = w0[:, None, None] * g0 + w1[:, None, None] * g1
        chosen.append(each.argmax(axis=1).T)
        welfare[:, k] = each.max(axis=1).sum(axis=0)
    return welfare, chosen


def _binomial(n: int, p: float) -> FloatArray:
    return np.array([math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(n + 1)])
