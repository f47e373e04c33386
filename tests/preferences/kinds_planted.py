"""Repeated answers whose kinds are known."""

from __future__ import annotations

import numpy as np

from folkmoot.profile import Agents, Answers, Profile, Repeats, Statements


def planted(
    rng: np.random.Generator,
    shares: np.ndarray | tuple[float, ...],
    rate: np.ndarray,
    *,
    n: int = 400,
    conditions: int = 4,
    climate: bool = True,
    slip: float = 0.08,
    missing: float = 0.0,
) -> tuple[Repeats, np.ndarray, np.ndarray]:
    """Presentations, the kind [n, m] and the opinion [n, m]; wordings in turn, either side first at random."""
    m = len(rate)
    table = np.broadcast_to(np.cumsum(np.asarray(shares), axis=-1), (n, m, np.shape(shares)[-1]))
    kind = np.minimum((rng.random((n, m, 1)) >= table).sum(axis=2), table.shape[2] - 1)
    opinion = rng.random((n, m)) < rate
    agent, statement, wave = (each.ravel() for each in np.indices((n, m, conditions)))
    cue = 1 - 2 * ((wave + rng.integers(2, size=(n, m, 1)).repeat(conditions, axis=2).ravel()) % 2)
    order = 1 - 2 * rng.integers(2, size=len(cue))
    k, held = kind[agent, statement], opinion[agent, statement]
    shown = np.where(k == 1, cue, order) > 0
    follows = shown ^ (rng.random(len(cue)) < 0.15)
    guesses = rng.random(len(cue)) < (rate[statement] if climate else 0.5)
    agrees = np.where(k == 0, held ^ (rng.random(len(cue)) < slip), np.where(k == 2, guesses, follows))
    kept = rng.random(len(cue)) >= missing
    values = np.where(agrees, 1.0, -1.0)
    a, s, v, c, o, w = agent[kept], statement[kept], values[kept], cue[kept], order[kept], wave[kept]
    return Repeats.of(a, s, v, c, o, w, n_agents=n, n_statements=m), kind, opinion


def first_answers(repeats: Repeats) -> Profile:
    """The Profile of everybody's first answers."""
    first = repeats.first
    names = tuple(f"s{j}" for j in range(repeats.n_statements))
    answers = Answers.of(repeats.agent[first], repeats.statement[first], repeats.value[first], repeats.scale)
    return Profile(Agents(tuple(f"p{i}" for i in range(repeats.n_agents))), Statements(names, names), answers)
