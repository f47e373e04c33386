"""How much annotators agree with each other (Krippendorff's alpha) and with themselves.

A pair of answers has no first and no second: which of the two a source calls chosen depends on who judged. So every
pair is counted in both orders, which makes what chance alone would agree on the same for every order of the file.
Between a preference and a tie lies half of the way between two opposite preferences (the interval metric on 1, 0, -1);
without ties that is the nominal alpha.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...profile import FloatArray, IntArray
from ...profile.pairs import Pairs
from .intervals import Estimate, mean_over

SAMPLES = 400


@dataclass(frozen=True)
class Agreement:
    """Agreement among annotators and with themselves.

    Args:
        alpha: Krippendorff's alpha, 1 for perfect agreement and 0 for what chance gives; the interval resamples
            prompts. nan where no pair was judged by two.
        same: the share of two annotators on one pair who say the same, on average over pairs judged by several.
        units: how many pairs two annotators or more judged.
        with_self: the share of repeated judgements that are as before.
        cycles: the share of three answers judged in three separate rows by one annotator that go round in a circle.
    """

    alpha: Estimate
    same: float
    units: int
    with_self: Estimate
    cycles: Estimate


def agreement(pairs: Pairs, rng: np.random.Generator) -> Agreement:
    """Measures agreement.

    Args:
        pairs: the judgements.
        rng: the generator that resamples prompts.
    """
    unit, value = _once(pairs)
    return Agreement(*_alpha(pairs, unit, value, rng), _with_self(pairs), _cycles(pairs))


def _once(pairs: Pairs) -> tuple[IntArray, FloatArray]:
    """Every annotator's first judgement of each pair: the pair, and what was said of it."""
    first = np.unique(pairs.unit * max(pairs.n_annotators, 1) + pairs.annotator, return_index=True)[1]
    return pairs.unit[first], pairs.value[first]


def disagreement(unit: IntArray, value: FloatArray) -> tuple[IntArray, FloatArray, IntArray, FloatArray]:
    """What alpha is made of, by unit judged by two or more.

    Args:
        unit: int64 [s] the unit of every value.
        value: float64 [s] the values, 1, 0 or -1.

    Returns:
        The units, the sum over pairs of their values of the squared difference over m - 1, the number of values m, and
        how many of them are ties.
    """
    many, at = np.unique(unit, return_inverse=True)
    counts = np.bincount(at)
    sums, squares = np.bincount(at, value), np.bincount(at, value**2)
    ties = np.bincount(at, (value == 0.0).astype(float))
    kept = counts > 1
    observed = 2.0 * (counts * squares - sums**2)[kept] / (counts[kept] - 1)
    return many[kept], observed, counts[kept].astype(np.int64), ties[kept].astype(np.float64)


def alpha_of(observed: FloatArray, counts: FloatArray, ties: FloatArray) -> FloatArray:
    """Krippendorff's alpha from sums over units, of any shape; nan where there is nothing to disagree about."""
    doubled = 2.0 * counts
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = 2.0 * (1.0 - ties / counts) * doubled / (doubled - 1.0)
        return np.asarray(1.0 - (observed / counts) / expected, dtype=np.float64)


def _alpha(pairs: Pairs, unit: IntArray, value: FloatArray, rng: np.random.Generator) -> tuple[Estimate, float, int]:
    units, observed, counts, ties = disagreement(unit, value)
    if not len(units):
        return Estimate(float("nan"), float("nan"), float("nan"), 0, 0), float("nan"), 0
    prompt_of_unit = np.empty(pairs.n_units, dtype=np.int64)
    prompt_of_unit[pairs.unit] = pairs.prompt[pairs.chosen]
    _, prompt = np.unique(prompt_of_unit[units], return_inverse=True)
    size = int(prompt.max()) + 1
    parts = np.stack([np.bincount(prompt, part, size) for part in (observed, counts.astype(float), ties)])
    whole = float(alpha_of(*parts.sum(axis=1)))
    low = high = float("nan")
    if size > 1:
        times = rng.multinomial(size, np.full(size, 1.0 / size), SAMPLES)
        drawn = alpha_of(*np.einsum("bp,fp->fb", times, parts))
        low, high = np.nanquantile(drawn, [0.025, 0.975]) if np.isfinite(drawn).any() else (low, high)
    label, at = np.unique(unit, return_inverse=True)
    shares = np.stack([np.bincount(at, (value == v).astype(float), len(label)) for v in (-1.0, 0.0, 1.0)])
    m = shares.sum(axis=0)
    same = ((shares * (shares - 1)).sum(axis=0)[m > 1] / (m * (m - 1))[m > 1]).mean()
    return Estimate(whole, float(low), float(high), pairs.n_annotators, int(counts.sum())), float(same), len(units)


def _with_self(pairs: Pairs) -> Estimate:
    """Judgements of a pair that the annotator had judged before, compared with the first."""
    if not pairs.named:
        return mean_over(np.zeros(0), np.zeros(0, dtype=np.int64))
    cell = pairs.unit * pairs.n_annotators + pairs.annotator
    _, first, at = np.unique(cell, return_index=True, return_inverse=True)
    again = first[at] != np.arange(len(pairs))
    same = (pairs.value == pairs.value[first[at]]).astype(np.float64)
    return mean_over(same[again], pairs.annotator[again])


def _cycles(pairs: Pairs) -> Estimate:
    """Threes of answers that one annotator judged in three rows: in a circle or not; ties tell nothing."""
    clear = np.flatnonzero(~pairs.tied)
    beats: dict[tuple[int, int], dict[int, dict[int, int]]] = {}
    for at in clear if pairs.named else ():
        key = (int(pairs.annotator[at]), int(pairs.prompt[pairs.chosen[at]]))
        of = beats.setdefault(key, {})
        of.setdefault(int(pairs.chosen[at]), {}).setdefault(int(pairs.rejected[at]), int(pairs.record[at]))
    found, people = list[float](), list[int]()
    for (person, _), of in beats.items():
        if len(of) < 2:
            continue
        nodes = sorted({*of, *(worse for each in of.values() for worse in each)})
        for i, a in enumerate(nodes):
            for j in range(i + 1, len(nodes)):
                for c in nodes[j + 1 :]:
                    rows = [_row(of, x, y) for x, y in ((a, nodes[j]), (nodes[j], c), (c, a))]
                    # One ranking cannot contradict itself: only separate rows can.
                    if None in rows or len({abs(row) for row in rows if row is not None}) < 3:
                        continue
                    signs = {row > 0 for row in rows if row is not None}
                    found.append(float(len(signs) == 1))
                    people.append(person)
    return mean_over(np.array(found), np.array(people, dtype=np.int64))


def _row(of: dict[int, dict[int, int]], one: int, other: int) -> int | None:
    """The record, counted from 1, in which one was preferred; negative where the other was; None: neither or both."""
    forth, back = of.get(one, {}).get(other), of.get(other, {}).get(one)
    if (forth is None) == (back is None):
        return None
    return forth + 1 if forth is not None else -(back or 0) - 1
