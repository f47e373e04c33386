"""GSC Appendix A as printed: BJR is incomparable with PJR, EJR, FJR and the core (Proposition 7)."""

from __future__ import annotations

import itertools

import numpy as np

from brute_force import balanced_assignments, meets_bjr
from folkmoot.audits import AUDITS, Subject
from folkmoot.audits.registry import Group
from folkmoot.profile import FloatArray
from folkmoot.testing.instances import Instance

AXIOMS = ("pjr", "ejr", "fjr", "core")


def instance_of(values: FloatArray, k: int) -> Instance:
    return Instance(values, np.ones(values.shape[1], dtype=np.int64), np.ones(len(values), dtype=np.int64), k)


def subject_of(instance: Instance, slate: tuple[int, ...]) -> Subject:
    assignment = np.arange(instance.n) % len(slate)
    return Subject(instance.pool(), np.array(slate), assignment, instance.budget)


def copied(instance: Instance, times: int) -> Instance:
    """Every statement so many times: sets over the copies are the multisets of the paper."""
    return instance_of(np.tile(instance.values, times), instance.budget)


# alpha, alpha', alpha-, beta, gamma, delta.
ONE = instance_of(
    np.array(
        [
            [1, 1, 1, 0, 0, 0],
            [1, 1, 1, 0, 0, 0],
            [1, 1, 0, 0, 0, 0],
            [0, 0, 0, 1, 0, 0],
            [0, 0, 0, 0, 1, 0],
            [0, 0, 0, 0, 0, 1],
        ],
        dtype=np.float64,
    ),
    k=4,
)
SLATE_ONE = (2, 3, 4, 5)


def two() -> Instance:
    """alpha, alpha', beta, beta', then gamma_ij for every pair, which exactly i and j approve."""
    named = [[1, 1, 0, 0], *[[1, 0, 0, 0]] * 3, [0, 0, 1, 1], *[[0, 0, 1, 0]] * 3]
    pairs = [[float(agent in pair) for pair in itertools.combinations(range(8), 2)] for agent in range(8)]
    return instance_of(np.concatenate([np.array(named, dtype=np.float64), np.array(pairs)], axis=1), k=4)


TWO, SLATE_TWO = two(), (0, 1, 2, 3)


def test_bjr_does_not_imply_the_others() -> None:
    # The paper's own assignment: 1 and 2 to alpha-, 3 and 4 to beta, 5 to gamma, 6 to delta.
    subject = Subject(ONE.pool(), np.array(SLATE_ONE), np.array([0, 0, 1, 1, 2, 3]), 4)
    assert not subject.violates_cbjr
    assert meets_bjr(ONE, SLATE_ONE)
    assert meets_bjr(ONE, SLATE_ONE, range(ONE.m))
    for axiom in AXIOMS:
        assert not AUDITS[axiom].check(subject, 1.0).holds, axiom
    # Agents 1, 2 and 3 deserve two statements and agree on alpha and alpha'; only one of the slate is liked by any.
    witness = AUDITS["pjr"].check(subject, 1.0).witness
    assert isinstance(witness, Group)
    assert (witness.candidates, witness.members.tolist()) == ((0, 1), [0, 1, 2])
    assert [int(witness.deserved), int(witness.has)] == [2, 1]


def test_the_others_do_not_imply_bjr() -> None:
    subject = subject_of(TWO, SLATE_TWO)
    for axiom in AXIOMS:
        assert AUDITS[axiom].check(subject, 1.0, slack=False).holds, axiom
    assert not AUDITS["cbjr-exists"].check(subject).holds
    # By hand: whatever the balanced assignment, two of those left at 0 share a gamma (2 = n/k pay for one).
    unhappy_pairs = 0
    for assignment in balanced_assignments(8, 4):
        own = TWO.values[np.arange(8), assignment]
        supporters = (own < 1) @ TWO.values
        assert supporters[4:].max() >= 2
        unhappy_pairs += 1
    assert unhappy_pairs == 2520


def test_both_directions_hold_for_multisets() -> None:
    one = subject_of(copied(ONE, 4), SLATE_ONE)
    two = subject_of(copied(TWO, 4), SLATE_TWO)
    for axiom in AXIOMS:
        assert not AUDITS[axiom].check(one, 1.0, slack=False).holds, axiom
        assert AUDITS[axiom].check(two, 1.0, slack=False).holds, axiom
    assert AUDITS["cbjr-exists"].check(one).holds
    assert not AUDITS["cbjr-exists"].check(two).holds
