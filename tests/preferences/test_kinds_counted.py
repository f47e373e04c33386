"""How often the number of kinds is right on comparisons that follow the model: two kinds planted, one, and none."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.preferences.models.mixture import fit
from folkmoot.profile import COMPARISON, Agents, Answers, Comparisons, Profile, Statements

pytestmark = pytest.mark.long


def profile(who: np.ndarray, winner: np.ndarray, loser: np.ndarray, m: int) -> Profile:
    names = tuple(f"s{at}" for at in range(m))
    people = Agents(tuple(f"p{at}" for at in range(int(who.max()) + 1)))
    comparisons = Comparisons.of(who, winner, loser)
    return Profile(people, Statements(names, names), Answers.none(COMPARISON), comparisons=comparisons)


def opposed(rng: np.random.Generator) -> Profile:
    """28 people and 12 who want the opposite, 20 judgements each of 30 pairs, one in ten a slip."""
    kind, who = np.arange(40) >= 28, np.repeat(np.arange(40), 20)
    pair = rng.integers(0, 30, len(who))
    first = ~kind[who] ^ (rng.random(len(who)) < 0.1)
    return profile(who, 2 * pair + ~first, 2 * pair + first, 60)


def shared(rng: np.random.Generator, minority: float, spread: float, people: int = 200, m: int = 30) -> Profile:
    """A pool of statements, ten comparisons each; utilities of kinds that have nothing to do with each other."""
    kind = (np.arange(people) >= (1.0 - minority) * people).astype(np.int64)
    r, who = spread * rng.normal(size=(2, m)), np.repeat(np.arange(people), 10)
    one = rng.integers(0, m, len(who))
    other = (one + rng.integers(1, m, len(who))) % m
    wins = rng.random(len(who)) < 1.0 / (1.0 + np.exp(r[kind[who], other] - r[kind[who], one]))
    return profile(who, np.where(wins, one, other), np.where(wins, other, one), m)


@pytest.mark.parametrize("seed", range(4))
def test_the_number_of_kinds_is_right_where_answers_follow_the_model(seed: int) -> None:
    rng = np.random.default_rng(seed)
    worlds = {
        "opposed": (opposed(rng), 2),
        "a fifth apart": (shared(rng, 0.2, 1.5), 2),
        "one kind": (shared(rng, 0.0, 1.5), 1),
        "no preference": (shared(rng, 0.0, 0.0), 1),
    }
    found = {name: fit(world, np.random.default_rng(seed)).mixture.classes for name, (world, _) in worlds.items()}
    assert found == {name: wanted for name, (_, wanted) in worlds.items()}
