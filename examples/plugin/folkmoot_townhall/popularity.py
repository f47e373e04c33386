"""A preference model: what people did not answer is what most people say."""

from __future__ import annotations

import numpy as np

from folkmoot.preferences import Draw, drawn_from, preference_model
from folkmoot.profile import FloatArray, IntArray, Profile


class Popularity:
    """Everybody likes a statement as much as those who answered it do on average, by weight.

    Args:
        profile: the answers.
        doubt: so many answers in the middle are added to every statement.
    """

    id = "popularity"

    def __init__(self, profile: Profile, doubt: float) -> None:
        answers, masses = profile.answers, profile.masses
        low, high = answers.scale.utility_range
        weight = (masses * (len(masses) / masses.sum()))[answers.agent]
        count = np.bincount(answers.statement, weight, profile.n_statements)
        total = np.bincount(answers.statement, weight * answers.scale.utility(answers.value), profile.n_statements)
        self._means = (total + doubt * (low + high) / 2) / (count + doubt)
        self._profile = profile
        self.parameters = {"doubt": doubt}

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """float64 [n_agents, n_statements], on the scale's utility range."""
        return np.tile(self._means[statements], (len(agents), 1))

    def draw(self, rng: np.random.Generator) -> Draw:
        """The means are taken as known: answers scatter around them."""
        return drawn_from(self, self._profile)


@preference_model(id="popularity", about="everybody like the average of those who answered", keeps=("doubt",))
def popularity(profile: Profile, rng: np.random.Generator, *, doubt: float = 1.0) -> Popularity:
    """The averages; nothing about them is random."""
    return Popularity(profile, doubt)
