"""The law of the credit that guesses earn, under inequality aversion.

For phi'(v) = v^-g,

    phi(top) - E phi(v) = 1 / Gamma(g) * integral over t > 0 of t^(g-2) (E e^(-tv) - e^(-t top)),

and E e^(-tv) is a product over the statements in every class: the law of the sum is never approximated, whatever its
tails, and only the integral is (by the trapezoidal rule in log t; its error is below a millionth). What changes when
guesses change is added up statement by statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import exp, expm1, lgamma, log, sqrt

import numpy as np

from ..profile import FloatArray, InputError
from .population import Population


@dataclass(frozen=True, eq=False)
class Law:
    """Everything that guesses are worth at one inequality aversion, on the nodes of the integral.

    Args:
        population: the classes of people, and the credit of guesses.
        gamma: the inequality aversion, above 0.
        shift: the constant that is added to every utility, above 0.
    """

    population: Population
    gamma: float
    shift: float

    def __post_init__(self) -> None:
        if self.shift <= 0:
            raise InputError(
                f"the shift is {self.shift:g}: with inequality aversion a person without any right guess would count "
                "without limit; give a shift above 0"
            )

    @property
    def top(self) -> float:
        """The largest possible v."""
        return self.population.n_statements + self.shift

    @cached_property
    def _step(self) -> float:
        return min(0.4, 1.0 / sqrt(self.gamma))

    @cached_property
    def nodes(self) -> FloatArray:
        """float64 [T]: the nodes t, in units of 1 / top."""
        low = log(10.0) * -9.0 / (self.gamma + 1.0)
        high = log(self.top / self.shift) + log(self.gamma + 8.0 * sqrt(self.gamma) + 20.0)
        return np.asarray(np.exp(np.arange(low, high + self._step, self._step)))

    @cached_property
    def _log_weights(self) -> FloatArray:
        return np.asarray((self.gamma - 1.0) * np.log(self.nodes) - lgamma(self.gamma) + log(self._step))

    @cached_property
    def _tail(self) -> float:
        """What the nodes below the first one add, by unit of what is lacking on average."""
        below = exp(self.gamma * log(self.nodes[0]) - lgamma(self.gamma))
        return self._step * below / expm1(self.gamma * self._step)

    @cached_property
    def logs(self) -> FloatArray:
        """float64 [m, C, K, T]: log E e^(-t credit) of every guess in every class."""
        p = self.population
        # [T, C guesses, C truths]
        exponents = -self.nodes[:, None, None] * p.credit / self.top
        lost = np.einsum("kjc,tgc->jgkt", p.chance, np.expm1(exponents), optimize=True)
        left = np.einsum("kjc,tgc->jgkt", p.chance, np.exp(exponents), optimize=True)
        # Near 0 the one is precise, far out the other.
        return np.asarray(np.where(left < 0.5, np.log(left), np.log1p(np.maximum(lost, -0.75))))

    def lacking(self, exponents: FloatArray) -> FloatArray:
        """float64 [...]: phi(top) - E phi(v), from log E e^(-tv) float64 [..., T]."""
        if self.fine:
            return np.asarray(self.masses(exponents).sum(axis=-1) - self.floor + self.tail(exponents[..., 0]))
        short = exponents + self.nodes
        whole = np.exp(self._log_weights + exponents) * -np.expm1(-short)
        return np.asarray(whole.sum(axis=-1) + self._tail * short[..., 0] / self.nodes[0])

    @cached_property
    def fine(self) -> bool:
        """Whether differences of sums over nodes keep their digits: not near gamma 0, where far nodes weigh much."""
        return self.gamma >= 0.5

    @cached_property
    def floor(self) -> float:
        """What `lacking` takes off the sum over nodes: that of an output which is right for certain."""
        return float(np.exp(self._log_weights - self.nodes).sum())

    def masses(self, exponents: FloatArray) -> FloatArray:
        """float64 [..., T]: what every node adds to `lacking`, before `floor` is taken off."""
        return np.asarray(np.exp(self._log_weights + exponents))

    def tail(self, first: FloatArray) -> FloatArray:
        """What the nodes below the first one add, from log E e^(-tv) at the first one."""
        return np.asarray(self._tail * (first / self.nodes[0] + 1.0))

    def slopes(self, exponents: FloatArray) -> FloatArray:
        """float64 [..., T]: what the sum over nodes of `lacking` gains by an exponent, without its constant."""
        return self.masses(exponents)

    def equivalent(self, lacking: FloatArray) -> FloatArray:
        """Certainty equivalents of u from `lacking`, averaged over whatever is uncertain."""
        power = 1.0 - self.gamma
        log_ce = -lacking if power == 0.0 else np.log1p(-power * lacking) / power
        return np.asarray(np.exp(log_ce) * self.top - self.shift)
