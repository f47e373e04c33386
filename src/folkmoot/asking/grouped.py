"""Asking with K classes and groups of similar questions: exact dynamic programming over the counts of answers.

Questions of a group are exchangeable, groups and classes are arbitrary: one group is the model of `Situation` with any
number of classes, groups of one question are any set of questions. The number of states is the product of
C(n_g + 2, 2); it is for small cases and for judging what is used on large ones.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from ..profile import FloatArray, InputError
from . import inequality
from .model import gamma_of
from .responses import PLAIN, TIE

LARGEST = 200_000

# Answers so far: for each group the number of questions asked, and the number of ones among the answers.
State = tuple[tuple[int, int], ...]
# Number of the group to ask next, or None to stop.
Decide = Callable[[State], int | None]


@dataclass(frozen=True)
class Groups:
    """A population of K classes and G groups of questions.

    Args:
        weights: the K class sizes, positive, adding up to 1.
        theta: the K x G probabilities of a one.
        sizes: the number of questions in each of the G groups.
        cost: the cost of a question, by class and group (K x G), by group (G), or one for all. People for whom a
            question costs more are classes of their own; they may answer alike.
        shift: the constant that is added to every utility.

    Raises:
        InputError: sizes do not fit together, there are too many states, or utilities reach below 0.
    """

    weights: tuple[float, ...]
    theta: tuple[tuple[float, ...], ...]
    sizes: tuple[int, ...]
    cost: float | tuple[float, ...] | tuple[tuple[float, ...], ...] = 1.0
    shift: float = 1.0

    def __post_init__(self) -> None:
        shape = (len(self.weights), len(self.sizes))
        if np.shape(self.theta) != shape:
            raise InputError(f"theta must be {shape[0]} classes x {shape[1]} groups, not {np.shape(self.theta)}")
        probabilities = np.array(self.theta)
        if not ((probabilities >= 0) & (probabilities <= 1)).all() or abs(sum(self.weights) - 1) > 1e-9:
            raise InputError("theta must be probabilities and the class weights must add up to 1")
        if min(self.sizes, default=0) < 1:
            raise InputError("every group needs at least one question")
        if np.shape(self.cost) not in ((), shape[1:], shape):
            raise InputError(f"costs must be one number, {shape[1]} or {shape[0]} x {shape[1]}")
        if math.prod(math.comb(size + 2, 2) for size in self.sizes) > LARGEST:
            raise InputError(f"more than {LARGEST:,} states: take fewer or smaller groups of questions")
        if (np.minimum(self.sizes * (1.0 - self.costs), 0).sum(axis=1) + self.shift < 0).any():
            raise InputError("questions cost more than they can bring, so utilities fall below 0; give a larger shift")

    @property
    def costs(self) -> FloatArray:
        """float64 [K, G]."""
        return np.broadcast_to(np.asarray(self.cost, dtype=np.float64), (len(self.weights), len(self.sizes)))


class GroupedPolicies:
    """Policies for one population at one finite inequality aversion.

    Args:
        groups: the population.
        gamma: the inequality aversion.

    Raises:
        InputError: gamma is negative, infinite, or too large for this population's range of utilities.
    """

    def __init__(self, groups: Groups, gamma: float) -> None:
        self.groups, self.gamma = groups, gamma_of(gamma)
        n = sum(groups.sizes)
        self._top = n + groups.shift
        if np.isinf(gamma) or (gamma - 1) * math.log(self._top / max(groups.shift, 1e-9)) > PLAIN:
            raise InputError(f"gamma {gamma:g} is too large here; exchangeable questions take any (`optimum`)")
        self._theta = np.array(groups.theta)
        self._log = np.log(np.maximum(np.stack([1 - self._theta, self._theta]), 1e-300))
        self._law, self._values = cache(self._law_of_group), cache(self._values_of)
        self.stop, self.output = cache(self._stop), cache(self._output)

    @cached_property
    def start(self) -> State:
        """The state in which no question was asked."""
        return ((0, 0),) * len(self.groups.sizes)

    def options(self, state: State) -> list[int]:
        """Groups that have a question left."""
        return [g for g, (k, _) in enumerate(state) if k < self.groups.sizes[g]]

    def posterior(self, state: State) -> FloatArray:
        """float64 [K]: class probabilities."""
        counts, ones = np.array(state).T
        logs = np.log(self.groups.weights) + self._log[1] @ ones + self._log[0] @ (counts - ones)
        shares = np.exp(logs - logs.max())
        return np.asarray(shares / shares.sum())

    def one(self, state: State, group: int) -> float:
        """Probability that the next answer in that group is a one."""
        return float(self.posterior(state) @ self._theta[:, group])

    def best(self) -> tuple[float, Decide]:
        """Value (expected phi) and decisions of the optimal policy."""
        decisions: dict[State, int | None] = {}

        def decide(state: State) -> int | None:
            return decisions[state]

        def value(state: State) -> float:
            if state in values:
                return values[state]
            largest, choice = self.stop(state), None
            for group in self.options(state):
                on = self._mixed(state, group, value)
                if on > largest + TIE * abs(largest):
                    largest, choice = on, group
            values[state], decisions[state] = largest, choice
            return largest

        values: dict[State, float] = {}
        for state in self._states():
            value(state)
        return values[self.start], decide

    def one_step(self, state: State) -> int | None:
        """Asks the question that is worth most if no other follows, as long as it is worth more than stopping."""
        worth = {group: self._mixed(state, group, self.stop) for group in self.options(state)}
        return self._largest(state, worth)

    def rollout(self, orders: Sequence[Sequence[int]]) -> Decide:
        """Asks the first question of the best plan "the next j questions of an order, then stop".

        Never worse than any such plan: what is left of a plan is looked at again after each answer.

        Args:
            orders: the orders of questions; each names every group as often as it has questions.
        """
        follow = [self._follow(tuple(order)) for order in orders]

        def decide(state: State) -> int | None:
            left = sum(self.groups.sizes) - sum(k for k, _ in state)
            worth: dict[int, float] = {}
            for value, first in follow:
                for j in range(1, left + 1):
                    group = first(state)
                    worth[group] = max(worth.get(group, -np.inf), value(state, j))
            return self._largest(state, worth)

        return decide

    def fixed(self, order: Sequence[int], j: int) -> float:
        """Value of asking the first j questions of an order, then stopping."""
        return self._follow(tuple(order))[0](self.start, j)

    def value(self, decide: Decide) -> float:
        """Expected phi of a policy from the start."""

        def worth(state: State) -> float:
            if state not in known:
                group = decide(state)
                known[state] = self.stop(state) if group is None else self._mixed(state, group, worth)
            return known[state]

        known: dict[State, float] = {}
        return worth(self.start)

    def ce(self, value: float) -> float:
        """Certainty equivalent of u for a value (expected phi)."""
        log = inequality.log_equivalent(np.array([value]), np.array([self.gamma]))[0]
        return float(np.exp(log) * self._top - self.groups.shift)

    def _follow(self, order: tuple[int, ...]) -> tuple[Callable[[State, int], float], Callable[[State], int]]:
        places = [[at for at, group in enumerate(order) if group == g] for g in range(len(self.groups.sizes))]
        if [len(own) for own in places] != list(self.groups.sizes):
            raise InputError("an order names every group as often as it has questions")

        def first(state: State) -> int:
            return min(self.options(state), key=lambda group: places[group][state[group][0]])

        @cache
        def value(state: State, j: int) -> float:
            if j == 0 or not self.options(state):
                return self.stop(state)
            return self._mixed(state, first(state), lambda later: value(later, j - 1))

        return value, first

    def _largest(self, state: State, worth: dict[int, float]) -> int | None:
        largest, choice = self.stop(state), None
        for group, on in worth.items():
            if on > largest + TIE * abs(largest):
                largest, choice = on, group
        return choice

    def _mixed(self, state: State, group: int, value: Callable[[State], float]) -> float:
        one = self.one(state, group)
        return sum(
            share * value(_answered(state, group, answer)) for answer, share in ((1, one), (0, 1.0 - one)) if share > 0
        )

    def _stop(self, state: State) -> float:
        return float((self.posterior(state) @ self._values(_counts(state))).max())

    def _output(self, state: State) -> tuple[int, ...]:
        """Optimal number of ones among the questions left in every group; the first of equals."""
        left = [size - k for size, (k, _) in zip(self.groups.sizes, state, strict=True)]
        at = int((self.posterior(state) @ self._values(_counts(state))).argmax())
        return tuple(int(f) for f in np.unravel_index(at, [m + 1 for m in left]))

    def _values_of(self, counts: tuple[int, ...]) -> FloatArray:
        """float64 [K, outputs]: expected phi in each class of every number of ones for every group."""
        laws = np.ones((len(self.groups.weights), 1, 1))
        for group, k in enumerate(counts):
            other = self._law(group, self.groups.sizes[group] - k)
            joint = np.zeros((len(laws), laws.shape[1], other.shape[1], laws.shape[2] + other.shape[2] - 1))
            for right in range(other.shape[2]):
                joint[..., right : right + laws.shape[2]] += laws[:, :, None, :] * other[:, None, :, right, None]
            laws = joint.reshape(len(laws), -1, joint.shape[3])
        spent = self.groups.costs @ np.array(counts)
        guessed = np.arange(laws.shape[2])
        values = []
        for law, paid in zip(laws, spent, strict=True):
            v = guessed + sum(counts) - paid + self.groups.shift
            values.append(law @ inequality.phi(v, np.array([self.gamma]), self._top)[:, 0])
        return np.stack(values)

    def _law_of_group(self, group: int, m: int) -> FloatArray:
        """float64 [K, m + 1, m + 1]: law of right guesses in a group of m by number of ones guessed."""
        laws = np.zeros((len(self._theta), m + 1, m + 1))
        for row, theta in zip(laws, self._theta[:, group], strict=True):
            for f in range(m + 1):
                law = np.ones(1)
                for p in [theta] * f + [1 - theta] * (m - f):
                    law = np.convolve(law, [1 - p, p])
                row[f] = law
        return laws

    def _states(self) -> Iterator[State]:
        """Every state, the most answered first."""
        each = [[(k, a) for k in range(size + 1) for a in range(k + 1)] for size in self.groups.sizes]
        yield from sorted(itertools.product(*each), key=lambda state: -sum(k for k, _ in state))


def _counts(state: State) -> tuple[int, ...]:
    """Number of questions asked in each group."""
    return tuple(k for k, _ in state)


def _answered(state: State, group: int, answer: int) -> State:
    k, ones = state[group]
    return (*state[:group], (k + 1, ones + answer), *state[group + 1 :])
