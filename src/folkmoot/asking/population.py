"""Classes of people, learned from incomplete answers, and the belief about a person after some answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import comb

import numpy as np

from ..profile import BoolArray, FloatArray, InputError, IntArray, Profile, Scale

UNASKED = -1
# People worked on at once.
_PEOPLE = 512


@dataclass(frozen=True, eq=False)
class Population:
    """K classes of people who answer m statements in C ways.

    Args:
        weight: float64 [K] the class sizes, adding up to 1.
        chance: float64 [K, m, C] the probability of every answer, adding up to 1 over the last axis, none 0.
        worth: float64 [C] the utility of every answer, rising from 0 to 1.
        credit: float64 [C, C] what a guess (row) earns when the truth is the column, in [0, 1], 1 on the diagonal.
    """

    weight: FloatArray
    chance: FloatArray
    worth: FloatArray
    credit: FloatArray

    def __post_init__(self) -> None:
        shape = (len(self.weight), len(self.worth))
        if self.chance.ndim != 3 or (self.chance.shape[0], self.chance.shape[2]) != shape:
            raise InputError(f"chances must be {shape[0]} classes x statements x {shape[1]} answers")
        if not (self.weight > 0).all() or not (self.chance > 0).all():
            raise InputError(
                "class sizes and chances must be positive: an answer that is impossible cannot be learned from"
            )

    @classmethod
    def fitted(cls, profile: Profile, rng: np.random.Generator, classes: int | None = None) -> Population:
        """Fits latent classes to the answers of a profile, which may have gaps (`preferences.models.latent_classes`).

        Votes are disagree, pass, agree, and a guess is right or wrong; other scales are binomial in their steps (at
        most 10), and a guess earns 1 less how far off it is.

        Args:
            profile: the profile with the answers.
            rng: the generator that draws starting points and held-out answers.
            classes: the number of classes; None: it is chosen by held-out log-loss.
        """
        from ..preferences.entries import steps  # slow to load, and a fitted population does without
        from ..preferences.models import latent_classes

        model = latent_classes.fit(profile, rng, classes=classes)
        theta = model.classes.theta
        if profile.answers.scale.kind == "vote":
            return cls(model.classes.weight, theta, np.array([0.0, 0.5, 1.0]), np.eye(3))
        trials = steps(profile)
        high = np.clip(theta[..., 1], 1e-6, 1 - 1e-6)[..., None]
        level = np.arange(trials + 1)
        chance = np.array([comb(trials, int(c)) for c in level]) * high**level * (1 - high) ** (trials - level)
        worth = np.asarray(level / trials)
        return cls(model.classes.weight, chance, worth, 1.0 - np.abs(worth[:, None] - worth))

    def over(self, statements: IntArray) -> Population:
        """The same classes over some of the statements."""
        return replace(self, chance=self.chance[:, statements])

    @property
    def n_statements(self) -> int:
        return int(self.chance.shape[1])

    @property
    def n_answers(self) -> int:
        """C, the number of different answers."""
        return int(self.chance.shape[2])

    @cached_property
    def logs(self) -> FloatArray:
        """float64 [K, m, C + 1]: log of `chance`; the last column, 0, stands for `UNASKED`."""
        return np.concatenate([np.log(self.chance), np.zeros((*self.chance.shape[:2], 1))], axis=2)

    @cached_property
    def earned(self) -> FloatArray:
        """float64 [K, m, C]: expected credit of every guess in every class."""
        return np.asarray(self.chance @ self.credit.T)

    @cached_property
    def earned_twice(self) -> FloatArray:
        """float64 [K, m, C]: expected squared credit of every guess in every class."""
        return np.asarray(self.chance @ (self.credit**2).T)

    def answers(self, profile: Profile, agents: IntArray, statements: IntArray) -> IntArray:
        """int64 [n, m]: the number of the answer each person gave, `UNASKED` where they gave none.

        What a complete ballot leaves out is a known answer, too.
        """
        scale = profile.answers.scale
        values = profile.dense(statements, agents)
        levels = self.level(scale, values)
        return np.where(np.isnan(values), 0, levels) if scale.complete else levels

    def level(self, scale: Scale, values: FloatArray) -> IntArray:
        """int64: numbers of the answers that are nearest to values on a scale, `UNASKED` for nan."""
        low, high = scale.utility_range
        share = (scale.utility(values) - low) / (high - low) if high > low else scale.utility(values) * 0.0
        level = np.rint(share * (self.n_answers - 1))
        return np.where(np.isnan(level), UNASKED, level).astype(np.int64)

    def log_belief(self, answers: IntArray) -> FloatArray:
        """float64 [n, K]: log of class probabilities after the answers int64 [n, m], not normalised."""
        logs = np.tile(np.log(self.weight), (len(answers), 1))
        for start in range(0, len(answers), _PEOPLE):
            part = slice(start, start + _PEOPLE)
            # UNASKED, -1, picks the last column: 0
            logs[part] += self.logs[:, np.arange(self.n_statements), answers[part]].sum(axis=2).T
        return logs

    def belief(self, answers: IntArray) -> FloatArray:
        """float64 [n, K]: class probabilities after the answers int64 [n, m]."""
        return normalised(self.log_belief(answers))

    def predicted(self, belief: FloatArray) -> FloatArray:
        """float64 [n, m, C]: probability of every answer."""
        return np.asarray(np.einsum("nk,kmc->nmc", belief, self.chance))

    def utilities(self, answers: IntArray, belief: FloatArray | None = None) -> FloatArray:
        """float64 [n, m] in [0, 1]: utilities of the answers, and expected ones where there is no answer."""
        belief = self.belief(answers) if belief is None else belief
        expected = belief @ (self.chance @ self.worth)
        return np.where(answers == UNASKED, expected, self.worth[np.maximum(answers, 0)])


def normalised(logs: FloatArray) -> FloatArray:
    """Probabilities from logs, over the last axis."""
    shares = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))


def unasked(answers: IntArray) -> BoolArray:
    """bool, True where there is no answer."""
    return np.asarray(answers == UNASKED)
