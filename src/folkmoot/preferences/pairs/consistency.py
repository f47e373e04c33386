"""What leaving out inconsistent annotators would do: which majorities turn, and who loses weight by it.

After "RLHF May Not Reflect Genuine Preferences" (Ghafouri et al. 2026, arXiv 2604.03238 v2), whose authors leave out
annotators who contradict themselves and see majorities turn. Two rules are tried, because they are taken for one
another: by contradictions with oneself (repeats and circles), and by disagreement with the majority, which is no
inconsistency at all: whoever is in a minority looks unreliable by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...profile import BoolArray, FloatArray, IntArray
from ...profile.pairs import Pairs

#: The share of annotators whom a rule leaves out, of those it can judge.
LEFT_OUT = 0.25
#: Fewest chances to contradict oneself by which somebody is judged.
LEAST = 2


@dataclass(frozen=True)
class Loss:
    """What a group of annotators keeps.

    Args:
        column: the declared column; empty: the kinds.
        label: the group.
        annotators: how many they are.
        before: the group's share of all judgements.
        after: its share of those that are left.
    """

    column: str
    label: str
    annotators: int
    before: float
    after: float


@dataclass(frozen=True)
class Filtered:
    """What a rule to leave out annotators would do.

    Args:
        rule: ``contradictions`` (with oneself) or ``majority`` (disagreement with it).
        judged: how many annotators can be judged by it.
        left_out: how many it leaves out.
        threshold: the share of contradictions, or of disagreement, above which somebody is left out.
        units: pairs judged by two annotators or more before, and by somebody after.
        turned: the share of these pairs whose majority is another one or none any more.
        losses: the groups, those that lose most first.
    """

    rule: str
    judged: int
    left_out: int
    threshold: float
    units: int
    turned: float
    losses: tuple[Loss, ...]


def contradictions(pairs: Pairs) -> tuple[FloatArray, IntArray]:
    """The share of everybody's repeated judgements that changed, float64 [n] (nan: none), and how many there were."""
    cell = pairs.unit * max(pairs.n_annotators, 1) + pairs.annotator
    _, first, at = np.unique(cell, return_index=True, return_inverse=True)
    again = first[at] != np.arange(len(pairs))
    changed = (pairs.value != pairs.value[first[at]]) & again
    number = np.bincount(pairs.annotator[again], minlength=pairs.n_annotators)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.bincount(pairs.annotator[changed], minlength=pairs.n_annotators) / number
    return np.asarray(share, dtype=np.float64), number.astype(np.int64)


def disagreements(pairs: Pairs) -> tuple[FloatArray, IntArray]:
    """The share of everybody's judgements against the majority of the others, float64 [n], and how many there were."""
    total = np.bincount(pairs.unit, pairs.value, pairs.n_units)
    cell = pairs.unit * max(pairs.n_annotators, 1) + pairs.annotator
    _, at = np.unique(cell, return_inverse=True)
    own = np.bincount(at, pairs.value)[at]
    others = np.sign(total[pairs.unit] - own)
    said = (others != 0) & (pairs.value != 0)
    against = said & (others != pairs.value)
    number = np.bincount(pairs.annotator[said], minlength=pairs.n_annotators)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.bincount(pairs.annotator[against], minlength=pairs.n_annotators) / number
    return np.asarray(share, dtype=np.float64), number.astype(np.int64)


def filtered(pairs: Pairs, kind: IntArray | None) -> tuple[Filtered, ...]:
    """What both rules would do; a rule by which nobody can be judged is left out.

    Args:
        pairs: the judgements.
        kind: int64 [n] the kind of every annotator; None: there is one kind.
    """
    if not pairs.named:
        return ()
    found = []
    for rule, measured in (("contradictions", contradictions(pairs)), ("majority", disagreements(pairs))):
        share, number = measured
        judged = number >= LEAST
        if judged.sum() < 4:
            continue
        out, threshold = _worst(share, judged)
        found.append(_effect(pairs, kind, rule, int(judged.sum()), out, threshold))
    return tuple(found)


def _worst(share: FloatArray, judged: BoolArray) -> tuple[BoolArray, float]:
    """The worst quarter of those who can be judged; nobody who is as good as the best of the rest."""
    values = np.sort(share[judged])[::-1]
    threshold = float(values[int(np.ceil(LEFT_OUT * len(values)))])
    return judged & (np.nan_to_num(share, nan=0.0) > threshold), threshold


def _effect(pairs: Pairs, kind: IntArray | None, rule: str, judged: int, out: BoolArray, threshold: float) -> Filtered:
    kept = ~out[pairs.annotator]
    before = np.bincount(pairs.unit, pairs.value, pairs.n_units)
    after = np.bincount(pairs.unit[kept], pairs.value[kept], pairs.n_units)
    people = np.unique(pairs.unit * pairs.n_annotators + pairs.annotator) // pairs.n_annotators
    several = np.bincount(people, minlength=pairs.n_units) > 1
    left = several & (np.bincount(pairs.unit[kept], minlength=pairs.n_units) > 0) & (before != 0)
    turned = float((np.sign(after) != np.sign(before))[left].mean()) if left.any() else float("nan")
    groups: Mapping[str, tuple[str, ...]] = pairs.groups
    if kind is not None:
        groups = {"": tuple(str(each + 1) for each in kind), **groups}
    losses = []
    for column, labels in groups.items():
        named = np.array(labels)
        for label in sorted(set(labels) - {""}):
            inside = named == label
            shares = [float(inside[pairs.annotator[at]].mean()) for at in (np.ones_like(kept), kept) if at.any()]
            losses.append(Loss(column, label, int(inside.sum()), shares[0], shares[-1]))
    losses.sort(key=lambda loss: (loss.after - loss.before, loss.column, loss.label))
    return Filtered(rule, judged, int(out.sum()), threshold, int(left.sum()), turned, tuple(losses))
