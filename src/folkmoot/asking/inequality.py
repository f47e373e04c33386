"""Inequality-averse welfare of uncertain utilities: phi, its steps, and the way back to a certainty equivalent.

phi_g(v) = v^(1-g) / (1-g), log v at g = 1 (Park, Donahue, Raghavan 2026, equation 3, with one factor 1/(1-g)). All is
computed for x = v / top in (0, 1], so that a large g does not leave the range of a float; near g = 1 as
(x^(1-g) - 1) / (1-g), which is continuous there.
"""

from __future__ import annotations

import numpy as np

from ..profile import FloatArray

NEAR_ONE = 0.1


def phi(v: FloatArray, gammas: FloatArray, top: float) -> FloatArray:
    """phi of v / top.

    Args:
        v: float64 [c], at least 0; phi(0) is -inf from g = 1 on.
        gammas: float64 [g], the inequality aversions, finite.
        top: the unit of v.

    Returns:
        float64 [c, g]; up to a constant near g = 1, see the module.
    """
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        log = np.log(v / top)[:, None]
        power = 1.0 - gammas[None, :]
        far = np.exp(power * log) / power
        close = np.expm1(power * log) / power
        values = np.where(np.abs(power) < NEAR_ONE, np.where(power == 0.0, log, close), far)
        zero = np.where(gammas < 1.0, np.where(np.abs(power[0]) < NEAR_ONE, -1.0 / power[0], 0.0), -np.inf)
    return np.where(v[:, None] == 0.0, zero[None, :], values)


def steps(v: FloatArray, gammas: FloatArray, top: float) -> FloatArray:
    """phi(v + 1) - phi(v) > 0 without cancellation: float64 [c, g], inf where phi(v) is -inf."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        power = 1.0 - gammas[None, :]
        growth = np.log1p(1.0 / v)[:, None]
        rise = np.where(power == 0.0, growth, np.expm1(power * growth) / power)
        values = np.exp(power * np.log(v / top)[:, None]) * rise
    return np.where(v[:, None] == 0.0, phi(v + 1, gammas, top) - phi(v, gammas, top), values)


def log_equivalent(expected: FloatArray, gammas: FloatArray) -> FloatArray:
    """log(certainty equivalent / top) from the expectation of `phi` (last axis: gammas).

    It has the same order as the expectation, and can be compared across gammas.
    """
    power = 1.0 - gammas
    near = np.abs(power) < NEAR_ONE
    safe = np.where(power == 0.0, 1.0, power)
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.where(near, np.log1p(np.maximum(safe * expected, -1.0)), np.log(safe * expected)) / safe
    log = np.where(power == 0.0, expected, log)
    return np.asarray(np.where(np.isneginf(expected), -np.inf, log))


def of_equivalent(log_ce: FloatArray, gammas: FloatArray, top: float) -> FloatArray:
    """phi_g of a certainty equivalent top * exp(log_ce) (last axis: gammas)."""
    power = 1.0 - gammas
    safe = np.where(power == 0.0, 1.0, power)
    log = log_ce + np.log(top)
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(np.where(power == 0.0, log, np.exp(safe * log) / safe))


def mixed(one: FloatArray, other: FloatArray, share: FloatArray, gamma: float) -> FloatArray:
    """log of the certainty equivalent of a lottery between two certainty equivalents, given as logs.

    Args:
        one: the log of the first.
        other: the log of the second.
        share: the probability of the first, in [0, 1].
        gamma: the inequality aversion, finite; any size works, and the result is continuous at 1.
    """
    power = 1.0 - gamma
    if power == 0.0:
        with np.errstate(invalid="ignore"):
            first, second = np.where(share > 0, share * one, 0.0), np.where(share < 1, (1.0 - share) * other, 0.0)
        return np.asarray(first + second)
    swap = power * one > power * other
    base, far = np.where(swap, one, other), np.where(swap, other, one)
    weight = np.where(swap, 1.0 - share, share)
    with np.errstate(divide="ignore", invalid="ignore"):
        # power * (far - base) <= 0, so nothing overflows
        log = base + np.log1p(weight * np.expm1(power * (far - base))) / power
    log = np.where(weight == 0.0, base, np.where(weight == 1.0, far, log))
    return np.asarray(np.where(np.isneginf(base) & np.isneginf(far), -np.inf, log))
