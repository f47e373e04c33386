"""Optimal outputs of the exact model after k answers, for all k, many priors and many inequality aversions at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ..profile import FloatArray, IntArray
from . import inequality
from .laws import log_right_guesses, ones_answered, right_guesses
from .model import Situation, log_odds

# Relative: what differs by less is a tie. Rounding in the tables is below a tenth of it.
TIE = 1e-12
# Up to this logarithm of (largest |phi| over smallest) plain floats hold the tables.
PLAIN = 575.0


@dataclass(frozen=True, eq=False)
class Responses:
    """Optimal outputs after k answers.

    Args:
        k: the number of questions asked.
        low: int64 [alphas, gammas, k + 1]: after a ones among the answers, the fewest ones of an optimal output.
        high: the same for the most ones. Everything between is optimal, too: welfare is concave in the number of ones.
        log_ce: float64 [alphas, gammas]: log of (certainty equivalent / top); -inf where v = 0 cannot be ruled out.
        log_ce_after: float64 [alphas, gammas, k + 1]: the same once the number of ones is known; empty
            without ``each``.
        welfare: float64 [alphas, gammas]: E phi(v).
    """

    k: int
    low: IntArray
    high: IntArray
    log_ce: FloatArray
    log_ce_after: FloatArray
    welfare: FloatArray


def responses(situation: Situation, alphas: FloatArray, gammas: FloatArray, each: bool = False) -> list[Responses]:
    """Optimal responses for k = n, ..., 0 and finite inequality aversion.

    The printed formula (Park, Donahue, Raghavan 2026, A.2) sums n^5 terms; here one table of n^3 / 3 serves all
    gammas and alphas. Raising the ones from f to f + 1 loses e(f) = E[phi(v + 1) - phi(v)] in cluster 0, over the
    m - 1 other guesses, and gains e(m - 1 - f) in cluster 1: worth it iff the posterior odds of cluster 1 exceed
    e(f) / e(m - 1 - f), which rises in f. An optimum is found by bisection; it is a tie where odds and ratio are equal.

    Args:
        situation: the model; its ``alpha`` is not used.
        alphas: float64 [a], the probabilities of cluster 0.
        gammas: float64 [g], the inequality aversions, finite.
        each: whether to compute ``log_ce_after``, too, which takes as long as all the rest.
    """
    lowest = situation.floor.min() if situation.floor.min() > 0 else 1.0
    steep = (gammas - 1) * np.log(situation.top / lowest) > PLAIN
    parts = []
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        for make, group in ((_plain, ~steep), (_in_logs, steep)):
            if group.any():
                parts.append(_solved(make(situation, gammas[group]), situation, alphas, gammas[group], each))
    order = np.argsort(np.concatenate([np.flatnonzero(~steep), np.flatnonzero(steep)]))
    optimal = []
    for k, rows in zip(range(situation.n, -1, -1), zip(*parts, strict=True), strict=True):
        low, high, log_ce, after = (np.concatenate(pair, axis=1)[:, order] for pair in zip(*rows, strict=True))
        optimal.append(Responses(k, low, high, log_ce, after, inequality.of_equivalent(log_ce, gammas, situation.top)))
    return optimal


@dataclass(frozen=True, eq=False)
class _Table:
    """What is needed to choose an output after k answers.

    Args:
        k: the number of questions asked.
        price: float64 [m, gammas]: log of e(f) / e(m - 1 - f), nondecreasing in f.
        value: float64 [m + 1, gammas]: expectation of phi in cluster 0 with f ones (as logarithm of -(1-g) phi if
            ``logs``).
        gammas: float64 [gammas], the inequality aversions.
        logs: see ``value``.
    """

    k: int
    price: FloatArray
    value: FloatArray
    gammas: FloatArray
    logs: bool = False


def _plain(situation: Situation, gammas: FloatArray) -> Iterator[_Table]:
    n, top = situation.n, situation.top
    phi = _by_questions(situation, lambda v: inequality.phi(v, gammas, top))
    steps = _by_questions(situation, lambda v: inequality.steps(v, gammas, top))
    price = np.zeros((0, len(gammas)))
    for m, law in enumerate(right_guesses(n, situation.p)):
        yield _Table(n - m, price, _expectation(law, phi(n - m)[: m + 1], -np.inf), gammas)
        if m < n:
            price = _ratio(np.log(_expectation(law, steps(n - m - 1)[: m + 1], np.inf)))


def _by_questions(situation: Situation, values: Callable[[FloatArray], FloatArray]) -> Callable[[int], FloatArray]:
    """From k to values at v, for c = 0, ... right guesses; computed once where questions cost what they bring."""
    floor, n = situation.floor, situation.n
    if np.ptp(floor) == 0:
        every = values(np.arange(n + 1) + floor[0])
        return lambda k: every
    return lambda k: values(np.arange(n - k + 1) + floor[k])


def _expectation(law: FloatArray, values: FloatArray, extreme: float) -> FloatArray:
    """Expectation of values [c, g] under law [f, c]; ``extreme`` where an extreme value has any probability."""
    wild = values[0] == extreme
    if not wild.any():
        return np.asarray(law @ values)
    expected = law @ np.where(wild & (np.arange(len(values)) == 0)[:, None], 0.0, values)
    expected[np.ix_(law[:, 0] > 0, wild)] = extreme
    return np.asarray(expected)


def _ratio(logs: FloatArray) -> FloatArray:
    ratio = logs - logs[::-1]
    # Rounding may leave a dip where the ratio is flat.
    return np.asarray(np.maximum.accumulate(np.where(np.isnan(ratio), 0.0, ratio), axis=0))


def _in_logs(situation: Situation, gammas: FloatArray) -> Iterator[_Table]:
    n, p, floor, top = situation.n, situation.p, situation.floor, situation.top
    price = np.zeros((0, len(gammas)))
    for m, law in enumerate(log_right_guesses(n, p)):
        yield _Table(n - m, price, _log_expectation(law, _log_moment(m, floor[n - m], gammas, top)), gammas, logs=True)
        if m < n:
            v = np.arange(m + 1)[:, None] + floor[n - m - 1]
            # phi(v + 1) - phi(v) = (v / top)^(1-g) (1 - (1 + 1/v)^(1-g)) / (g - 1), and g is large
            shrink = np.log(-np.expm1((1.0 - gammas) * np.log1p(1.0 / v)) / (gammas - 1.0))
            price = _ratio(_log_expectation(law, _log_moment(m, floor[n - m - 1], gammas, top) + shrink))


def _log_moment(m: int, floor: float, gammas: FloatArray, top: float) -> FloatArray:
    """log of (v / top)^(1-g), float64 [m + 1, gammas]."""
    return np.asarray((1.0 - gammas) * np.log((np.arange(m + 1)[:, None] + floor) / top))


def _log_expectation(law: FloatArray, logs: FloatArray) -> FloatArray:
    return np.stack([np.logaddexp.reduce(law + column, axis=1) for column in logs.T], axis=1)


_Solved = tuple[IntArray, IntArray, FloatArray, FloatArray]


def _solved(
    tables: Iterable[_Table], situation: Situation, alphas: FloatArray, gammas: FloatArray, each: bool
) -> list[_Solved]:
    """low, high, log_ce and log_ce_after of `Responses`, for k = n, ..., 0."""
    answers = ones_answered(situation.n, situation.p)
    shares = np.stack([alphas, 1.0 - alphas])[:, :, None, None]
    bounds, sums, afters = [], [], []
    for table in tables:
        odds = log_odds(alphas, situation.p, table.k)
        low, high = _neighbours(table.price, odds)
        mine, other = _at(table.value, low), _at(table.value, len(table.price) - low)
        w0, w1 = shares[0] * answers[table.k], shares[1] * answers[table.k][::-1]
        parts = _weighed(w0, mine, w1, other, table.logs)
        # It never happens, or is lost whatever the output: every output is equally good.
        free = (w0 + w1 == 0) | (np.isposinf(parts) if table.logs else np.isneginf(parts))
        bounds.append((np.where(free, 0, low), np.where(free, len(table.price), high)))
        sums.append(np.logaddexp.reduce(parts, axis=2) if table.logs else parts.sum(axis=2))
        after = np.zeros((*low.shape[:2], 0))
        if each:
            p0, p1 = 1.0 / (1.0 + np.exp(odds[:, None])), 1.0 / (1.0 + np.exp(-odds[:, None]))
            after = _log_ce(np.moveaxis(_weighed(p0, mine, p1, other, table.logs), 1, 2), gammas, table.logs)
            after = np.moveaxis(after, 2, 1)
        afters.append(after)
    log_ce = _log_ce(np.stack(sums), gammas, table.logs)
    return [(*bound, value, after) for bound, value, after in zip(bounds, log_ce, afters, strict=True)]


def _neighbours(price: FloatArray, odds: FloatArray) -> tuple[IntArray, IntArray]:
    """Fewest and most ones of an optimal output, int64 [alphas, gammas, k + 1], for prices [m, gammas]."""
    slack = np.where(np.isinf(odds), 0.0, TIE * (1.0 + np.abs(odds)))
    low = [np.searchsorted(column, odds - slack, side="left") for column in price.T]
    high = [np.searchsorted(column, odds + slack, side="right") for column in price.T]
    return np.stack(low, axis=1), np.stack(high, axis=1)


def _at(values: FloatArray, ones: IntArray) -> FloatArray:
    """Values [m + 1, gammas] at numbers of ones [alphas, gammas, k + 1]."""
    return values[ones, np.arange(values.shape[1])[:, None]]


def _weighed(w0: FloatArray, one: FloatArray, w1: FloatArray, other: FloatArray, logs: bool) -> FloatArray:
    """w0 one + w1 other, where an infinite value without weight counts as 0."""
    if logs:
        return np.asarray(np.logaddexp(np.log(w0) + one, np.log(w1) + other))
    total = w0 * one + w1 * other
    if np.isnan(total).any():
        total = np.where(w0 > 0, w0 * one, 0.0) + np.where(w1 > 0, w1 * other, 0.0)
    return np.asarray(total)


def _log_ce(expected: FloatArray, gammas: FloatArray, logs: bool) -> FloatArray:
    return expected / (1.0 - gammas) if logs else inequality.log_equivalent(expected, gammas)
