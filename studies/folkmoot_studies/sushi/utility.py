"""What answers and guesses are worth to the users of the sushi study, and how many questions are best for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from folkmoot.asking.inequality import log_equivalent, phi
from folkmoot.profile import FloatArray, IntArray

from .trees import Trees, pairs

# Relative: what differs by less is a tie.
TIE = 1e-12


@dataclass(frozen=True, eq=False)
class Utility:
    """u = n - k c - (wrong guesses), and the welfare of users who have it.

    Args:
        n: the number of items.
        cost: the cost of a question, in [0, 1].
        shift: the number added to u before welfare is computed, at least 0.
        gammas: float64 [g], inequality aversions.
    """

    n: int
    cost: float
    shift: float
    gammas: FloatArray

    @property
    def u(self) -> FloatArray:
        """float64 [n + 1, n + 1]: after k answers, with b wrong guesses."""
        return np.asarray(self.n - self.cost * np.arange(self.n + 1)[:, None] - np.arange(self.n + 1), dtype=np.float64)

    @property
    def phi(self) -> FloatArray:
        """float64 [n + 1, n + 1, g]: of u + shift; 0 where there are more wrong guesses than guesses."""
        possible = np.arange(self.n + 1) <= self.n - np.arange(self.n + 1)[:, None]
        v = np.where(possible, np.maximum(self.u + self.shift, 0.0), self.n)
        welfare = phi(v.ravel(), self.gammas, self.n + self.shift).reshape(*v.shape, -1)
        return np.where(possible[..., None], welfare, 0.0)

    def ce(self, expected: FloatArray) -> FloatArray:
        """The certainty equivalent on the scale of u, from the expectation of `phi` (last axis: gammas)."""
        return np.exp(log_equivalent(expected, self.gammas)) * (self.n + self.shift) - self.shift

    def figures(self, wrong: IntArray, users: IntArray) -> dict[str, Any]:
        """The figures of the users' utility.

        Args:
            wrong: int64 [s, n + 1, P], wrong guesses.
            users: int64 [s, P], the users who are judged.

        Returns:
            By k: ``mean``, ``min`` and ``gini`` float64 [s, n + 1], ``ce`` float64 [s, n + 1, g]; ``k_opt`` int64
            [s, g]: the fewest questions with the largest certainty equivalent.
        """
        law = np.stack([((wrong == b) * users[:, None, :]).sum(axis=-1) for b in range(self.n + 1)], axis=-1)
        share = law / users.sum(axis=-1)[:, None, None]
        u = self.u
        mean = (share * u).sum(axis=-1)
        apart = np.abs(np.subtract.outer(np.arange(self.n + 1), np.arange(self.n + 1)))
        with np.errstate(divide="ignore", invalid="ignore"):
            gini = ((share @ apart) * share).sum(axis=-1) / (2 * mean)
            expected = np.where(law[..., None] > 0, share[..., None] * self.phi, 0.0).sum(axis=-2)
        ce = self.ce(expected)
        return {
            "mean": mean,
            "min": np.where(law > 0, u, np.inf).min(axis=-1).round(9),
            "gini": np.where(mean > 0, gini, 0.0),
            "ce": ce,
            "k_opt": best(ce),
        }

    def best_response(self, trees: Trees) -> FloatArray:
        """float64 [n + 1, g]: certainty equivalents when each node's guess is the best of all for that gamma.

        Every 0/1 vector is tried for the unrevealed items, as the theory's response policy would.

        Args:
            trees: the trees of one sample; its users are those judged.
        """
        features, held = pairs(self.n), trees.users[0] > 0
        every = (np.arange(2**self.n)[:, None] >> np.arange(self.n)) & 1
        expected = np.zeros((self.n + 1, len(self.gammas)))
        for k in range(self.n + 1):
            for node in np.unique(trees.node[0, k][held] & held, axis=0):
                members = np.flatnonzero(node)
                free = ~trees.answered[0, k, members[0]]
                guesses = every[: 2 ** int(free.sum()), None, : int(free.sum())]
                errors = (guesses != features[members][:, free]).sum(axis=-1)
                expected[k] += np.einsum("cmg,m->cg", self.phi[k][errors], trees.users[0, members]).max(axis=0)
        return self.ce(expected / trees.users.sum())


def best(ce: FloatArray) -> IntArray:
    """int64 [..., g]: the lowest k with the largest of float64 [..., n + 1, g], ties by `TIE`."""
    top = ce.max(axis=-2, keepdims=True)
    return np.asarray((ce >= top - TIE * np.abs(top)).argmax(axis=-2))
