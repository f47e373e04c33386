"""Whom one reward model fails: judgements that were hidden, foreseen by one model and by the kinds, by kind and group.

Every annotator's judgements are spread over folds, all judgements of one pair by one annotator in the same fold. A fold
fits one model and the kinds to the rest, and says what it expects of what was hidden. To which kind somebody belongs is
taken from the rest, too: else the kinds would be chosen by the very judgements that they are then to foresee.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...profile import BoolArray, FloatArray, IntArray
from ...profile.pairs import Pairs
from ..models.mixture_em import Mixture, run
from .evidence import Features, compared, rewards
from .intervals import Estimate, mean_over
from .kinds import ITERATIONS, blocks_of, warmed

FOLDS = 5


@dataclass(frozen=True, eq=False)
class Hidden:
    """What was foreseen for every judgement while it was hidden.

    Args:
        pooled: float64 [s] the chance that one model for everybody gave to the judgement as it was made.
        mixture: float64 [s] the chance that the kinds gave to it, by what the annotator said elsewhere.
        kind: int64 [s] the kind that the annotator seemed to be of, by what they said elsewhere.
    """

    pooled: FloatArray
    mixture: FloatArray
    kind: IntArray


def hidden(
    pairs: Pairs,
    mixture: Mixture,
    rng: np.random.Generator,
    features: Features | None = None,
    warmth: tuple[float, float] = (1.0, 1.0),
) -> Hidden:
    """Foresees every judgement from the others.

    Args:
        pairs: the judgements.
        mixture: the kinds, from which every fold begins so that they keep their numbers.
        rng: the generator that spreads judgements over folds.
        features: features of all answers; None: each answer has a reward of its own.
        warmth: what the rewards of one model, and of the kinds, are multiplied with.
    """
    fold = _folds(pairs, rng)
    everybody = np.ones(pairs.n_annotators)
    pooled, mixed = np.full(len(pairs), 0.5), np.full(len(pairs), 0.5)
    kind = np.zeros(len(pairs), dtype=np.int64)
    for out in range(FOLDS):
        at = fold == out
        if not at.any():
            continue
        evidence = compared(pairs, features, ~at)
        blocks = blocks_of(evidence, everybody)
        one = warmth[0] * rewards(blocks[0].mode(blocks[0].mean, everybody)[None], features)
        pooled[at] = _chance(pairs, at, one)[0]
        if mixture.classes == 1:
            mixed[at] = pooled[at]
            continue
        # Begun from the kinds of the whole; what it settles on rests on what is not hidden.
        fitted = run(blocks, mixture.member, mixture.theta, everybody, ITERATIONS, 1e-4)
        fitted = warmed(fitted, blocks, warmth[1])
        member = fitted.member[pairs.annotator[at]]
        mixed[at] = (member.T * _chance(pairs, at, rewards(fitted.theta[0], features))).sum(axis=0)
        kind[at] = member.argmax(axis=1)
    return Hidden(pooled, mixed, kind)


def _folds(pairs: Pairs, rng: np.random.Generator) -> IntArray:
    """int64 [s]: everybody's pairs, in random order, dealt to the folds one by one."""
    cell, at = np.unique(pairs.annotator * pairs.n_units + pairs.unit, return_inverse=True)
    order = rng.permutation(len(cell))
    person = (cell // pairs.n_units)[order]
    arranged = np.argsort(person, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(person, minlength=pairs.n_annotators))[:-1]])
    place = np.empty(len(cell), dtype=np.int64)
    # Everybody begins at a fold of their own, so that people with few judgements do not all hide them together.
    first = rng.integers(0, FOLDS, pairs.n_annotators)
    place[order[arranged]] = np.arange(len(cell)) - starts[person[arranged]] + first[person[arranged]]
    return place[at] % FOLDS


def _chance(pairs: Pairs, at: BoolArray, reward: FloatArray) -> FloatArray:
    """float64 [K, s]: the chance of the judgements as they were made."""
    apart = reward[:, pairs.chosen[at]] - reward[:, pairs.rejected[at]]
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * apart)), dtype=np.float64)


def right(chance: FloatArray) -> FloatArray:
    """Whether a judgement was foreseen: 1, 0, or 1/2 where nothing was known of the pair."""
    return np.where(np.abs(chance - 0.5) < 1e-9, 0.5, (chance > 0.5).astype(np.float64))


@dataclass(frozen=True)
class Served:
    """How well the judgements of a group of annotators are foreseen.

    Args:
        label: the kind (from 1) or the label of the group.
        annotators: how many they are.
        pooled: the share of their hidden judgements that one model foresees.
        mixture: the share that the kinds foresee.
    """

    label: str
    annotators: int
    pooled: Estimate
    mixture: Estimate


def served(pairs: Pairs, seen: Hidden, label: IntArray, names: list[str], sizes: IntArray) -> tuple[Served, ...]:
    """Accuracy by group; ties are left out, as nobody can foresee them.

    Args:
        pairs: the judgements.
        seen: what was foreseen.
        label: int64 [s] the group of every judgement, -1 for none.
        names: the names of the groups.
        sizes: int64 [n_groups] how many annotators they have.
    """
    found = []
    for number, name in enumerate(names):
        at = (label == number) & ~pairs.tied
        people = pairs.annotator[at]
        one, other = (mean_over(right(chance[at]), people) for chance in (seen.pooled, seen.mixture))
        found.append(Served(name, int(sizes[number]), one, other))
    return tuple(found)


def by_kind(pairs: Pairs, seen: Hidden, mixture: Mixture) -> tuple[Served, ...]:
    """Accuracy by kind, each judgement under the kind its annotator seemed to be of without it."""
    k = mixture.classes
    sizes = np.bincount(mixture.member.argmax(axis=1), minlength=k)
    return served(pairs, seen, seen.kind, [str(number + 1) for number in range(k)], sizes)


def by_label(pairs: Pairs, seen: Hidden, labels: tuple[str, ...]) -> tuple[Served, ...]:
    """Accuracy by what annotators declare of themselves; who declares nothing is in no group."""
    names = sorted({label for label in labels if label})
    code = np.array([names.index(label) if label else -1 for label in labels], dtype=np.int64)
    sizes = np.array([int((code == number).sum()) for number in range(len(names))], dtype=np.int64)
    return served(pairs, seen, code[pairs.annotator], names, sizes)


def everybody(pairs: Pairs, seen: Hidden) -> Served:
    """Accuracy over everybody."""
    whole = np.zeros(len(pairs), dtype=np.int64)
    return served(pairs, seen, whole, ["everybody"], np.array([pairs.n_annotators]))[0]
