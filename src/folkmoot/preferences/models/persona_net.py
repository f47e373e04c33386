"""Scores of an attentive multi-persona factorization with their gradient, over sparse pairs; numpy only.

A person has T personas p_t, a statement a vector q and a bias b:

    cos_t = cos(A p_t, B q),  attention = softmax_t(exp(tau) cos_t),  score = sum_t attention_t (p_t . q) + b.

With plain cosine the largest attention among four is e / (e + 3/e) = 0.71; the learned temperature exp(tau) lifts
that. A persona nobody needs shrinks to nothing, where its direction, and with it the attention, would hang on rounding:
lengths |x| in cosines are sqrt(|x|^2 + .3^2), so that small personas are hardly like anything. Everything is kept
feature by feature over the pairs, so that memory follows the answers and sums have one order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields

import numpy as np

from ...profile import FloatArray, IntArray
from ..entries import Grouping

_TINY = 1e-12
#: Smallest length in a cosine, about that of a coordinate at the start.
_SOFT = 0.3
_FIRST, _SECOND, _SMALL = 0.9, 0.99, 1e-8


@dataclass
class Parameters:
    """The parameters that are learned.

    Args:
        persona: float64 [T, d, n] the personas of every person.
        vector: float64 [d, m] the vectors of the statements.
        bias: float64 [m] the biases of the statements.
        left: float64 [a, d] the map A of personas.
        right: float64 [a, d] the map B of vectors.
        tau: float64 [1] the log of the temperature's inverse.
    """

    persona: FloatArray
    vector: FloatArray
    bias: FloatArray
    left: FloatArray
    right: FloatArray
    tau: FloatArray

    @classmethod
    def small(cls, persona: FloatArray, vector: FloatArray) -> Parameters:
        """Small vectors; the maps start as the identity, so attention starts as similarity."""
        rank, m = vector.shape
        eye = np.eye(rank)
        return cls(0.3 * persona, 0.3 * vector, np.zeros(m), eye.copy(), eye.copy(), np.zeros(1))


def attention(p: Parameters, row: IntArray, column: IntArray) -> tuple[FloatArray, FloatArray]:
    """Attention and p_t . q of pairs, both float64 [T, n_pairs]."""
    keys, _ = _unit(np.einsum("ad,tdn->tan", p.left, p.persona))
    value, _ = _unit(np.einsum("ad,dm->am", p.right, p.vector))
    alike = _pairs(keys, value, row, column)
    weight = np.exp(p.tau) * alike
    weight = np.exp(weight - weight.max(axis=0))
    return weight / weight.sum(axis=0), _pairs(p.persona, p.vector, row, column)


class Net:
    """The pairs the model is trained on, in both orders.

    Args:
        row: int64 [n_pairs] the people.
        column: int64 [n_pairs] the statements.
        n: the number of people.
        m: the number of statements.
        weight: float64 [n] how much each person counts; None: all the same.
    """

    def __init__(self, row: IntArray, column: IntArray, n: int, m: int, weight: FloatArray | None = None) -> None:
        self.row, self.column = row, column
        self.weight = np.ones(n) if weight is None else weight
        self.heavy = self.weight[row]
        self.by_row, self.by_column = Grouping(row, n), Grouping(column, m)
        self.row_of_column = row if self.by_column.order is None else row[self.by_column.order]

    def gradient(
        self, p: Parameters, slope: Callable[[FloatArray], FloatArray], sharp: FloatArray | None = None
    ) -> Parameters:
        """The gradient of a loss, people's losses weighted; by a person's own personas, of that person's loss alone.

        Both have the same zeros: however much people weigh, what is known of them rests on their own answers.

        Args:
            p: the parameters at which the gradient is taken.
            slope: the function from scores float64 [n_pairs] to the derivative of the loss by each.
            sharp: float64 [n_pairs] the factors by which the attention's entropy is added to the loss.
        """
        keys, key_size = _unit(np.einsum("ad,tdn->tan", p.left, p.persona))
        value, value_size = _unit(np.einsum("ad,dm->am", p.right, p.vector))
        heat = float(np.exp(p.tau[0]))
        alike = _pairs(keys, value, self.row, self.column)
        weight = np.exp(heat * (alike - alike.max(axis=0)))
        weight /= weight.sum(axis=0)
        inner = _pairs(p.persona, p.vector, self.row, self.column)
        score = (weight * inner).sum(axis=0) + p.bias[self.column]
        by_score = slope(score)
        # Through p_t . q.
        by_inner = weight * by_score
        persona = np.stack([self.by_row.sum(part, p.vector, self.column) for part in by_inner])
        vector = self._columns(by_inner, p.persona)
        if len(weight) == 1:  # all attention is on the one persona, whatever the maps and the temperature
            bias = np.bincount(self.column, self.heavy * by_score, len(p.bias))
            still = (np.zeros_like(each) for each in (p.left, p.right, p.tau))
            return Parameters(persona, vector, np.asarray(bias, dtype=np.float64), *still)
        # Through the attention.
        by_weight = inner * by_score
        if sharp is not None:
            by_weight = by_weight - sharp * (np.log(np.maximum(weight, _TINY)) + 1.0)
        by_logit = weight * (by_weight - (weight * by_weight).sum(axis=0))
        by_alike = heat * by_logit
        tau = np.array([heat * float((self.heavy * (by_logit * alike).sum(axis=0)).sum())])
        by_keys = np.stack([self.by_row.sum(part, value, self.column) for part in by_alike])
        by_keys = (by_keys - (by_keys * keys).sum(axis=1, keepdims=True) * keys) / key_size
        by_value = self._columns(by_alike, keys)
        by_value = (by_value - (by_value * value).sum(axis=0) * value) / value_size
        return Parameters(
            persona + np.einsum("ad,tan->tdn", p.left, by_keys),
            vector + np.einsum("ad,am->dm", p.right, by_value),
            np.asarray(np.bincount(self.column, self.heavy * by_score, len(p.bias)), dtype=np.float64),
            np.einsum("tan,tdn->ad", by_keys * self.weight, p.persona),
            np.einsum("am,dm->ad", by_value, p.vector),
            tau,
        )

    def _columns(self, parts: FloatArray, features: FloatArray) -> FloatArray:
        """Sums over each statement's pairs of part_t times the person's features_t, float64 [d, m]."""
        total: FloatArray = np.zeros((features.shape[1], self.by_column.size))
        for part, feature in zip(parts, features, strict=True):
            total += self.by_column.sum(self.by_column.arrange(part * self.heavy), feature, self.row_of_column)
        return total


@dataclass
class Adam:
    """Adam (Kingma and Ba 2015)."""

    rate: float
    _moments: dict[str, tuple[FloatArray, FloatArray]] = field(default_factory=dict)
    _steps: int = 0

    def step(self, p: Parameters, gradient: Parameters, only: tuple[str, ...] | None = None) -> None:
        """Moves the parameters, or ``only`` some, downhill, in place."""
        self._steps += 1
        for name in only or (f.name for f in fields(p)):
            slope = getattr(gradient, name)
            first, second = self._moments.setdefault(name, (np.zeros_like(slope), np.zeros_like(slope)))
            first *= _FIRST
            first += (1 - _FIRST) * slope
            second *= _SECOND
            second += (1 - _SECOND) * np.square(slope)
            size = np.sqrt(second / (1 - _SECOND**self._steps)) + _SMALL
            getattr(p, name).__isub__(self.rate * first / (1 - _FIRST**self._steps) / size)


def _unit(vectors: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Vectors along the last axis but one divided by their softened lengths, and these."""
    size = np.sqrt(np.square(vectors).sum(axis=-2, keepdims=True) + _SOFT**2)
    return vectors / size, size


def _pairs(people: FloatArray, statements: FloatArray, row: IntArray, column: IntArray) -> FloatArray:
    """Inner products [T, n_pairs] of [T, d, n] with [d, m] at pairs, one feature at a time."""
    total = np.zeros((len(people), len(row)))
    for k, feature in enumerate(statements):
        other = feature.take(column)
        for t in range(len(people)):
            total[t] += people[t, k].take(row) * other
    return total
