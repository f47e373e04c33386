"""A small conversation of two camps, and the same in shards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from folkmoot.profile import VOTE, Agents, Answers, Profile, Statements
from folkmoot.scale.events import LargeSource
from folkmoot.scale.shards import write_shards

WORDS = ["park", "bus", "school", "road", "tax", "library", "river", "market", "garden", "tram", "lamp", "bench"]
STATEMENTS = 2 * len(WORDS)


def camps(people: int) -> Profile:
    """Two camps who vote on four in ten of the statements."""
    rng = np.random.default_rng(5)
    camp = rng.integers(0, 2, people)
    taste = rng.normal(0, 1.5, (2, STATEMENTS)) + 0.4
    row, column = np.nonzero(rng.random((people, STATEMENTS)) < 0.4)
    agrees = rng.random(len(row)) < 1 / (1 + np.exp(-taste[camp[row], column]))
    value = np.where(rng.random(len(row)) < 0.15, 0, np.where(agrees, 1, -1))
    texts = tuple(
        f"The {a} of our town needs more {b} and care {c}"
        for c, (a, b) in enumerate(zip(2 * WORDS, WORDS[::-1] * 2, strict=True))
    )
    statements = Statements(tuple(f"s{j}" for j in range(STATEMENTS)), texts)
    agents = Agents(tuple(f"p{i}" for i in range(people)))
    return Profile(agents, statements, Answers.of(row, column, value, VOTE), source="polis", topic="Town")


def large(profile: Profile, folder: Path, size: int = 150) -> LargeSource:
    """The profile in shards."""
    frame = replace(profile, agents=Agents(()), answers=Answers.none(profile.answers.scale))
    return LargeSource(frame, write_shards(profile, folder / "shards", size), {})
