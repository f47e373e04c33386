"""What people said as likelihoods of one vector of utilities: votes and ratings, comparisons and rankings.

A statement has utility ``r_j = phi_j . theta`` (without features ``r_j = theta_j``). Then

* a vote agrees with probability ``sigma(r_j)`` (Bernoulli), a rating is binomial in the steps of its scale;
* one statement is preferred to another with probability ``sigma(r_i - r_j)`` (Bradley and Terry 1952);
* a ranking is a series of choices, each among all that is not ranked yet, in proportion to ``exp(r_j)`` (Plackett
  1975, Luce 1959). A comparison is a ranking of two. Equal places count as each chosen from those placed there or
  lower (Breslow 1974), and the last place chooses nothing.

Every one is concave in theta, so that Newton's method finds the mode.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from ...profile import FloatArray, InputError, IntArray
from .slopes import Links, Slope

#: Entries of the curvature of rankings worked on at once.
_CELLS = 2_000_000


class Evidence(Protocol):
    """What n people said, as a likelihood of theta."""

    @property
    def size(self) -> int:
        """The length d of theta."""
        ...

    def per_person(self, theta: FloatArray) -> FloatArray:
        """Log-likelihood of what every person said, float64 [n]; 0 for those who said nothing."""
        ...

    def weighed(self, weight: FloatArray) -> Weighed:
        """The log-likelihood summed with weights float64 [n] of the people."""
        ...


class Weighed(Protocol):
    """A log-likelihood of theta."""

    def value(self, theta: FloatArray) -> float:
        """The log-likelihood."""
        ...

    def slope(self, theta: FloatArray) -> Slope:
        """Its derivatives."""
        ...


@dataclass(frozen=True, eq=False)
class Counted:
    """Judgements counted by statement: of ``total`` trials about it, ``ones`` came out as one.

    Args:
        ones: float64 [items] the number of trials that came out as one.
        total: float64 [items] the number of trials.
        features: float64 [items, d] the statements' features, or None.
    """

    ones: FloatArray
    total: FloatArray
    features: FloatArray | None

    def value(self, theta: FloatArray) -> float:
        """See `Weighed`."""
        r = theta if self.features is None else self.features @ theta
        return float((self.ones * r - self.total * np.logaddexp(0.0, r)).sum())

    def slope(self, theta: FloatArray) -> Slope:
        """See `Weighed`."""
        r = theta if self.features is None else self.features @ theta
        p = 0.5 * (1.0 + np.tanh(0.5 * r))
        gradient, curvature = self.ones - self.total * p, self.total * p * (1.0 - p)
        if self.features is None:
            return Slope(gradient, curvature, None)
        dense = np.einsum("ji,j,jk->ik", self.features, curvature, self.features)
        return Slope(np.einsum("j,ji->i", gradient, self.features), np.zeros(len(theta)), dense)


@dataclass(frozen=True, eq=False)
class Summed:
    """Comparisons or rankings with weights of the people.

    Args:
        evidence: the comparisons or rankings.
        weight: float64 [n] the people's weights.
    """

    evidence: Compared | Ranked
    weight: FloatArray

    def value(self, theta: FloatArray) -> float:
        """See `Weighed`."""
        return float((self.weight * self.evidence.per_person(theta)).sum())

    def slope(self, theta: FloatArray) -> Slope:
        """See `Weighed`."""
        return self.evidence.slope(theta, self.weight)


@dataclass(frozen=True, eq=False)
class Judged:
    """Statements judged one by one.

    Args:
        n: the number of people.
        person: int64 [s] the person of each judgement.
        item: int64 [s] the statement of each judgement, as a row of the features.
        y: float64 [s] the share of the trials that came out as one, in [0, 1].
        trials: the steps of the scale, 1 for votes.
        items: the number of statements.
        features: float64 [items, d] the statements' features; None: every statement has its own utility.
    """

    n: int
    person: IntArray
    item: IntArray
    y: FloatArray
    trials: int
    items: int
    features: FloatArray | None = None

    @property
    def size(self) -> int:
        return self.items if self.features is None else int(self.features.shape[1])

    def per_person(self, theta: FloatArray) -> FloatArray:
        """See `Evidence`."""
        r = theta if self.features is None else self.features @ theta
        fit = self.trials * (self.y * r[self.item] - np.logaddexp(0.0, r)[self.item])
        return np.bincount(self.person, fit, self.n).astype(np.float64)

    def weighed(self, weight: FloatArray) -> Counted:
        """See `Evidence`."""
        w = weight[self.person] * self.trials
        ones = np.bincount(self.item, w * self.y, self.items).astype(np.float64)
        return Counted(ones, np.bincount(self.item, w, self.items).astype(np.float64), self.features)


@dataclass(frozen=True, eq=False)
class Compared:
    """Pairwise comparisons.

    Args:
        n: the number of people.
        person: int64 [s] the person of each comparison.
        winner: int64 [s] the preferred statements, as rows of the features.
        loser: int64 [s] the other statements, as rows of the features.
        items: the number of statements.
        features: float64 [items, d] the statements' features; None: every statement has its own utility.
        times: float64 [s] how often each comparison counts; None: once. A tie is half a comparison each way.
    """

    n: int
    person: IntArray
    winner: IntArray
    loser: IntArray
    items: int
    features: FloatArray | None = None
    times: FloatArray | None = None

    @property
    def size(self) -> int:
        return self.items if self.features is None else int(self.features.shape[1])

    @cached_property
    def difference(self) -> FloatArray:
        """float64 [s, d]: features of the winner less those of the loser."""
        assert self.features is not None
        return self.features[self.winner] - self.features[self.loser]

    def logits(self, theta: FloatArray) -> FloatArray:
        """float64 [s]: how much more the winner is worth than the loser."""
        if self.features is None:
            return np.asarray(theta[self.winner] - theta[self.loser], dtype=np.float64)
        return np.asarray(np.einsum("sd,d->s", self.difference, theta), dtype=np.float64)

    def back(self, values: FloatArray) -> FloatArray:
        """float64 [d]: the transpose of `logits`, a sum over comparisons."""
        if self.features is None:
            both = np.bincount(self.winner, values, self.size) - np.bincount(self.loser, values, self.size)
            return np.asarray(both, dtype=np.float64)
        return np.asarray(np.einsum("s,sd->d", values, self.difference), dtype=np.float64)

    def per_person(self, theta: FloatArray) -> FloatArray:
        """See `Evidence`."""
        fit = -np.logaddexp(0.0, -self.logits(theta))
        if self.times is not None:
            fit = fit * self.times
        return np.bincount(self.person, fit, self.n).astype(np.float64)

    def weighed(self, weight: FloatArray) -> Summed:
        """See `Evidence`."""
        return Summed(self, weight)

    def slope(self, theta: FloatArray, weight: FloatArray) -> Slope:
        """Derivatives of the log-likelihood summed with weights float64 [n] of the people."""
        p = 0.5 * (1.0 + np.tanh(0.5 * self.logits(theta)))
        w, d = weight[self.person], self.size
        if self.times is not None:
            w = w * self.times
        push, curve = w * (1.0 - p), w * p * (1.0 - p)
        if self.features is not None:
            x = self.difference
            dense = np.einsum("sd,se->de", x * curve[:, None], x)
            return Slope(np.einsum("s,sd->d", push, x), np.zeros(d), dense)
        links = Links(self.winner, self.loser, curve)
        return Slope(links.spread(push, d), np.zeros(d), None, (links,))


@dataclass(frozen=True, eq=False)
class Ranked:
    """Rankings of any length; `Compared` is the same for two, and quicker.

    Args:
        n: the number of people.
        person: int64 [s] the person whose ranking it is; anyone may have several.
        order: int64 [s, L] the statements as rows of the features, best first, -1 behind the end of shorter rankings.
        place: int64 [s, L] the places, rising, equal for ties; anything behind the end.
        items: the number of statements.
        features: float64 [items, d] the statements' features; None: every statement has its own utility.

    Raises:
        InputError: shapes do not fit.
    """

    n: int
    person: IntArray
    order: IntArray
    place: IntArray
    items: int
    features: FloatArray | None = None

    def __post_init__(self) -> None:
        if self.order.ndim != 2 or self.order.shape != self.place.shape or len(self.order) != len(self.person):
            raise InputError("rankings need an order and places of the same shape, and one person each")

    @property
    def size(self) -> int:
        return self.items if self.features is None else int(self.features.shape[1])

    @cached_property
    def there(self) -> FloatArray:
        """float64 [s, L]: 1 where there is a statement."""
        return (self.order >= 0).astype(np.float64)

    @cached_property
    def first(self) -> IntArray:
        """int64 [s, L]: where the places equal to this one begin."""
        if not self.order.shape[1]:
            return self.order
        new = np.ones(self.order.shape, dtype=bool)
        new[:, 1:] = (self.place[:, 1:] != self.place[:, :-1]) | (self.order[:, 1:] < 0)
        spot = np.where(new, np.arange(self.order.shape[1]), 0)
        return np.maximum.accumulate(spot, axis=1)

    @cached_property
    def chooses(self) -> FloatArray:
        """float64 [s, L]: 1 where the place is not the last of its ranking."""
        rows = np.arange(len(self.order))
        length = self.there.sum(axis=1).astype(np.int64)
        last = self.first[rows, np.maximum(length - 1, 0)] if self.order.shape[1] else length
        return np.asarray(self.there * (self.first != last[:, None]), dtype=np.float64)

    def _shares(self, theta: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Logits less their largest, their exponentials, and what is left from every place on; float64 [s, L]."""
        r = theta if self.features is None else self.features @ theta
        z = np.where(self.there > 0, r[self.order], -np.inf)
        z = z - np.maximum(z.max(axis=1, initial=-1e300, keepdims=True), -1e300)
        e = np.exp(z)
        tail = np.cumsum(e[:, ::-1], axis=1)[:, ::-1]
        left = np.take_along_axis(tail, self.first, axis=1)
        return z, e, np.where(self.chooses > 0, np.maximum(left, 1e-150), 1.0)

    def per_person(self, theta: FloatArray) -> FloatArray:
        """See `Evidence`."""
        z, _, left = self._shares(theta)
        fit = np.where(self.chooses > 0, z - np.log(left), 0.0).sum(axis=1)
        return np.bincount(self.person, fit, self.n).astype(np.float64)

    def weighed(self, weight: FloatArray) -> Summed:
        """See `Evidence`."""
        return Summed(self, weight)

    def slope(self, theta: FloatArray, weight: FloatArray) -> Slope:
        """Derivatives of the log-likelihood summed with weights float64 [n] of the people."""
        d = self.size
        gradient, dense = np.zeros(d), np.zeros((d, d))
        _, e, left = self._shares(theta)
        # choices made up to a place: the place is among their options from where its own equals begin
        once, twice = (self._running(self.chooses / left**power) for power in (1, 2))
        width = max(1, self.order.shape[1])
        height = max(1, _CELLS // (width * max(width, d)))
        for start in range(0, len(self.order), height):
            part = slice(start, start + height)
            w, order, there = weight[self.person[part]], self.order[part], self.there[part]
            slope = w[:, None] * (self.chooses[part] - e[part] * once[part])
            spot = np.arange(width)
            curve = -e[part][:, :, None] * e[part][:, None, :] * twice[part][:, np.minimum.outer(spot, spot)]
            curve[:, spot, spot] += e[part] * once[part]
            curve *= w[:, None, None]
            at = np.maximum(order, 0)
            if self.features is None:
                gradient += np.bincount(at.ravel(), (slope * there).ravel(), d)
                cell = at[:, :, None] * d + at[:, None, :]
                dense += np.bincount(cell.ravel(), curve.ravel(), d * d).reshape(d, d)
            else:
                x = self.features[at] * there[..., None]
                gradient += np.einsum("sl,sld->d", slope, x)
                dense += np.einsum("sld,sle->de", np.einsum("slm,smd->sld", curve, x), x)
        return Slope(gradient, np.zeros(d), dense)

    def _running(self, terms: FloatArray) -> FloatArray:
        """Sums of the terms of all choices whose options include a place, float64 [s, L].

        A choice at a place has its equals and all lower places as options, so the last of the equals has seen them all.
        """
        running = np.cumsum(terms, axis=1)
        width = self.order.shape[1]
        last = np.full(self.order.shape, width - 1)
        for spot in range(width - 2, -1, -1):
            same = self.first[:, spot] == self.first[:, spot + 1]
            last[:, spot] = np.where(same, last[:, spot + 1], spot)
        return np.asarray(np.take_along_axis(running, last, axis=1), dtype=np.float64)
