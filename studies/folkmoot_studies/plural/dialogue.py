"""Dialectical reconciliation: random pairs of knowledge bases, and which answers rarely go together in real ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from folkmoot.audits.reconcile import (
    Clause,
    consistent,
    dialogue,
    entails,
    knowledge,
    literals,
    revise,
    support,
    understanding,
)
from folkmoot.audits.together import RARE, rare_pairs
from folkmoot.profile import BoolArray, FloatArray

from ..streams import numbers
from .audits import conversations
from .claims import Figure, Part, bootstrap

PAIRS, ATOMS, CLAUSES = 283, 12, 18


def run(seed: int, folder: Path | None) -> list[Figure]:
    """Computes every figure of the part; whether pairs hold for other people only where there are conversations."""
    figures = _random(seed)
    if folder is None:
        return [*figures, Figure("real conversations: not measured, no folder with them was given", "", float("nan"))]
    for name, profile in conversations(folder).items():
        value = profile.dense(np.unique(profile.answers.statement), np.unique(profile.answers.agent))
        figures += _elsewhere(name, value > 0, value < 0, numbers(seed, 72))
    return figures


def pair(rng: np.random.Generator) -> tuple[tuple[Clause, ...], tuple[Clause, ...], Clause] | None:
    """Draws two bases and a claim that the first entails and the second does not; None where the draw has none.

    The human holds half of the agent's clauses, a quarter of them with one literal turned round, and clauses of their
    own; at most 18 clauses over 12 variables each.
    """
    agent = knowledge(_clauses(rng, int(rng.integers(8, CLAUSES + 1))))
    held: list[Clause] = []
    for clause in agent:
        lot = rng.random()
        if lot < 0.5:
            held.append(clause)
        elif lot < 0.75:
            at = int(rng.integers(len(clause)))
            held.append(tuple(-x if place == at else x for place, x in enumerate(clause)))
    human = knowledge([*held, *_clauses(rng, int(rng.integers(0, CLAUSES - len(held) + 1)))])
    if not consistent(agent) or not consistent(human):
        return None
    claims = sorted(x for x in literals(agent) - literals(human) if (x,) not in agent)
    return (agent, human, (int(rng.choice(claims)),)) if claims else None


def _clauses(rng: np.random.Generator, count: int) -> list[Clause]:
    clauses = []
    for size in rng.choice([1, 2, 3], count, p=[0.2, 0.4, 0.4]).tolist():
        atoms = rng.choice(ATOMS, size, replace=False) + 1
        clauses.append(tuple(int(x) for x in atoms * rng.choice([-1, 1], size)))
    return clauses


def _random(seed: int) -> list[Figure]:
    rng = numbers(seed, 71)
    rows: list[list[float]] = []
    while len(rows) < PAIRS:
        drawn = pair(rng)
        if drawn is None:
            continue
        agent, human, claim = drawn
        outcome = dialogue(agent, human, claim)
        once, _ = revise(human, support(agent, claim))
        rows.append(
            [
                1.0,
                float(consistent(outcome.revised)),
                float(entails(outcome.revised, claim)),
                len(outcome.turns),
                float(bool(outcome.disagreements)),
                understanding(agent, human),
                understanding(agent, once),
                understanding(agent, outcome.revised),
            ]
        )
    table = np.array(rows)
    names = (
        ("termination: dialogues that ended", "1.000", "= 1"),
        ("consistency: revised knowledge that does not contradict itself", "1.000", "= 1"),
        ("entailment: revised knowledge that entails the claim", "1.000", "= 1"),
        ("turns, mean", "3.9", ""),
        ("dialogues with an agreement to disagree", "", ""),
        ("understanding before", ".527", ""),
        ("understanding after the first argument alone", ".644", ""),
        ("understanding after the dialogue", ".652", ""),
    )
    figures = []
    for place, (name, said, wanted) in enumerate(names):
        value, low, high = bootstrap(table[:, place], _mean, rng)
        passes = value == 1.0 if wanted else None
        figures.append(Figure(f"{PAIRS} random pairs, {name}", said, value, low, high, PAIRS, wanted, passes))
    most = float(table[:, 3].max())
    figures.append(Figure(f"{PAIRS} random pairs, turns, most", "9", most, runs=PAIRS))
    gain = bootstrap(table[:, 7] - table[:, 6], _mean, rng)
    words = f"{PAIRS} random pairs, understanding: dialogue less first argument"
    figures.append(Figure(words, ".008", *gain, PAIRS, ">= 0", gain[0] >= 0))
    return figures


def _mean(values: FloatArray) -> float:
    return float(values.mean())


def _elsewhere(name: str, agree: BoolArray, disagree: BoolArray, rng: np.random.Generator) -> list[Figure]:
    """Checks pairs mined from half of the people among the other half."""
    half = rng.random(len(agree)) < 0.5
    rare = rare_pairs(agree[half], disagree[half])
    figures = [Figure(f"{name}: pairs of answers that rarely go together, in half of the people", "", float(len(rare)))]
    if not len(rare):
        return figures
    has = np.concatenate(
        [disagree[~half][:, ::-1], np.zeros((int((~half).sum()), 1), dtype=bool), agree[~half]], axis=1
    )
    middle = agree.shape[1]
    one, other, opposite = (has[:, middle + x] for x in (rare.one, rare.other, -rare.other))
    both = (one & other).sum(axis=1).astype(np.float64)
    answered = (one & (other | opposite)).sum(axis=1).astype(np.float64)
    value, low, high = bootstrap(np.column_stack([both, answered]), _rate, rng, 200)
    claim = f"{name}: of the other half, those with the one answer who have the other too (mined: at most 1 in {RARE})"
    return [*figures, Figure(claim, "", value, low, high, 200)]


def _rate(sums: FloatArray) -> float:
    answered = float(sums[:, 1].sum())
    return float(sums[:, 0].sum()) / answered if answered else float("nan")


PART = Part(
    name="dialogue",
    title="Dialectical reconciliation",
    source="specification 9 (Vasileiou et al., KR 2024, 2306.14694)",
    run=run,
    remark=(
        "Termination, consistency and entailment hold by construction: they test the code. How the specification drew "
        "its pairs is not known, so turns and understanding are of the same kind but not of the same pairs."
    ),
)
