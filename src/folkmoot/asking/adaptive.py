"""Asking one question at a time, each decided after the answers before it: the exact model.

The number of questions k and of ones a among the answers is all that matters of a history (features are exchangeable),
so that dynamic programming over (k, a) is exact for every finite inequality aversion. Policies that look less far
ahead are evaluated exactly too, in the same recursion. Values are certainty equivalents of the whole lottery, which
orders policies as expected phi does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..profile import BoolArray, FloatArray, InputError
from . import leximin
from .inequality import mixed
from .model import Situation, gamma_of, log_odds
from .responses import TIE, responses


@dataclass(frozen=True, eq=False)
class Plan:
    """When to ask and when to stop.

    Args:
        ask: bool [n + 1, n + 1]: whether to go on asking after k questions with a ones; False above the diagonal.
        log_ce: float64 [n + 1, n + 1]: log of (certainty equivalent / top) from there on.
        ce: the certainty equivalent of u from the start.
        questions: the expected number of questions.
    """

    ask: BoolArray
    log_ce: FloatArray
    ce: float
    questions: float


class Adaptive:
    """All policies of one situation at one finite inequality aversion.

    Args:
        situation: the model.
        gamma: the inequality aversion, finite. Under leximin no answer changes what is best (see `leximin.best_k`):
            ask `Optimum.k_opt` questions.

    Raises:
        InputError: gamma is negative or infinite.
    """

    def __init__(self, situation: Situation, gamma: float) -> None:
        if np.isinf(gamma_of(gamma)):
            k = leximin.best_k(situation)[0]
            raise InputError(f"under leximin no answer changes how many questions are best: ask {k}")
        self.situation, self.gamma = situation, gamma
        n = situation.n
        self.stop = np.full((n + 1, n + 1), -np.inf)
        for after in responses(situation, np.array([situation.alpha]), np.array([gamma]), each=True):
            self.stop[after.k, : after.k + 1] = after.log_ce_after[0, 0]

    @cached_property
    def one(self) -> FloatArray:
        """float64 [n, n + 1]: probability that the next answer is a one."""
        n, p = self.situation.n, self.situation.p
        probability = np.zeros((n, n + 1))
        for k in range(n):
            odds = log_odds(np.array([self.situation.alpha]), p, k)[0]
            with np.errstate(over="ignore"):
                second = 1.0 / (1.0 + np.exp(-odds))
            probability[k, : k + 1] = p + second * (1.0 - 2.0 * p)
        return probability

    @cached_property
    def best(self) -> Plan:
        """The optimal policy: ask iff what follows is worth more than stopping (equal: stop)."""
        n = self.situation.n
        value, ask = self.stop.copy(), np.zeros((n + 1, n + 1), dtype=bool)
        for k in range(n - 1, -1, -1):
            on = self._after_asking(value, k)
            ask[k, : k + 1] = self._beats(on, value[k, : k + 1])
            value[k, : k + 1] = np.where(ask[k, : k + 1], on, value[k, : k + 1])
        return self.plan(ask)

    @cached_property
    def one_step(self) -> Plan:
        """Asks iff one more question and then stopping is worth more than stopping now.

        A second answer often changes nothing that one would, so this stops on plateaus and can be worse than a fixed
        number of questions; it is here to be compared with.
        """
        return self.plan(np.tril(self._beats(self._one_later(self.stop), self.stop)))

    @cached_property
    def rollout(self) -> Plan:
        """Asks iff for some j asking j more questions and then stopping is worth more than stopping now.

        Never worse than any fixed number of questions: it improves on the best of them in every state.
        """
        n = self.situation.n
        ask = np.zeros_like(self.stop, dtype=bool)
        later = self.stop.copy()
        for _ in range(n):
            # later[k, a]: worth of asking j more from (k, a) and stopping; -inf where fewer are left
            later = self._one_later(later)
            ask |= self._beats(later, self.stop)
        return self.plan(np.tril(ask))

    def fixed(self, k: int) -> Plan:
        """Asks k questions whatever the answers."""
        ask = np.zeros_like(self.stop, dtype=bool)
        ask[:k] = True
        return self.plan(np.tril(ask))

    def _one_later(self, value: FloatArray) -> FloatArray:
        """float64 [n + 1, n + 1]: worth of asking one question and then having ``value``, in every state."""
        later = np.full_like(value, -np.inf)
        later[:-1, :-1] = mixed(value[1:, 1:], value[1:, :-1], self.one[:, :-1], self.gamma)
        return later

    def _after_asking(self, value: FloatArray, k: int) -> FloatArray:
        return mixed(value[k + 1, 1 : k + 2], value[k + 1, : k + 1], self.one[k, : k + 1], self.gamma)

    def _beats(self, on: FloatArray, stop: FloatArray) -> BoolArray:
        with np.errstate(invalid="ignore"):
            return np.asarray(on > stop + TIE / max(1.0, abs(1.0 - self.gamma)))

    def plan(self, ask: BoolArray) -> Plan:
        """The plan that asks where ``ask`` bool [n + 1, n + 1] says so, evaluated exactly; see `Plan`."""
        n = self.situation.n
        value, reached = self.stop.copy(), np.zeros((n + 2, n + 2))
        for k in range(n - 1, -1, -1):
            value[k, : k + 1] = np.where(ask[k, : k + 1], self._after_asking(value, k), value[k, : k + 1])
        reached[0, 0] = 1.0
        questions = 0.0
        for k in range(n):
            on = np.where(ask[k, : k + 1], reached[k, : k + 1], 0.0)
            questions += float(on.sum())
            reached[k + 1, 1 : k + 2] += on * self.one[k, : k + 1]
            reached[k + 1, : k + 1] += on * (1.0 - self.one[k, : k + 1])
        ce = float(np.exp(value[0, 0])) * self.situation.top - self.situation.shift
        return Plan(ask, value, ce, questions)
