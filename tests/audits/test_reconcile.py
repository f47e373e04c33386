"""Dialectical reconciliation: against truth tables, and the properties every dialogue has to have."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.audits import reconcile as r
from folkmoot.profile import InputError
from folkmoot_studies.plural.dialogue import pair

pytest.importorskip("pysat")

LITERALS = st.integers(1, 5).flatmap(lambda x: st.sampled_from([x, -x]))
BASES = st.lists(st.lists(LITERALS, min_size=1, max_size=3), min_size=0, max_size=9).map(r.knowledge)


def models(clauses: tuple[r.Clause, ...]) -> list[set[int]]:
    """Every assignment of five variables in which all clauses hold."""
    found = []
    for signs in product((1, -1), repeat=5):
        true = {sign * (at + 1) for at, sign in enumerate(signs)}
        if all(true & set(clause) for clause in clauses):
            found.append(true)
    return found


@given(BASES, st.lists(LITERALS, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_consistency_and_entailment_are_those_of_the_truth_table(base: tuple[r.Clause, ...], claim: list[int]) -> None:
    true = models(base)
    assert r.consistent(base) == bool(true)
    assert r.entails(base, tuple(claim)) == all(one & set(claim) for one in true)
    if true:
        assert r.literals(base) == {x for x in set.intersection(*true) if abs(x) in {abs(y) for c in base for y in c}}


@given(BASES, st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_core_is_minimal_and_a_correction_is_too(base: tuple[r.Clause, ...], smallest: bool) -> None:
    core = r.unsatisfiable_core(base, smallest=smallest)
    if models(base):
        assert core is None
        assert r.correction(base) == []
        return
    assert core is not None
    picked = [base[at] for at in core]
    assert not models(tuple(picked))
    for at in range(len(picked)):
        assert models(tuple(picked[:at] + picked[at + 1 :]))
    if smallest:
        for size in range(1, len(core)):
            assert all(models(few) for few in combinations(base, size))
    gone = r.correction(base)
    kept = [clause for at, clause in enumerate(base) if at not in gone]
    assert models(tuple(kept))
    for at in gone:
        assert not models((*kept, base[at]))


def pairs(count: int) -> Iterator[tuple[tuple[r.Clause, ...], tuple[r.Clause, ...], r.Clause]]:
    rng = np.random.default_rng(3)
    while count:
        drawn = pair(rng)
        if drawn is not None:
            count -= 1
            yield drawn


def test_every_dialogue_ends_consistent_and_persuaded_of_the_claim() -> None:
    differed = 0
    for agent, human, claim in pairs(60):
        found = r.dialogue(agent, human, claim)
        assert r.consistent(found.revised)
        assert r.entails(found.revised, claim)
        assert set(found.commitments) <= set(agent)
        assert set(found.retracted) <= set(human)
        assert set(found.revised) == set(found.commitments) | (set(human) - set(found.retracted))
        assert [turn.speaker for turn in found.turns] == [("human", "agent")[at % 2] for at in range(len(found.turns))]
        said: dict[str, list[set[r.Clause]]] = {r.AGENT: [set(found.turns[1].argument)], r.HUMAN: []}
        attacked: set[tuple[str, r.Clause]] = set()
        for turn in found.turns[2:]:
            if turn.act == r.NOTHING:
                continue
            base = agent if turn.speaker == r.AGENT else human
            other = r.HUMAN if turn.speaker == r.AGENT else r.AGENT
            assert any(turn.clause in argument for argument in said[other])
            assert not r.consistent((*base, turn.clause))
            assert (turn.speaker, turn.clause) not in attacked
            attacked.add((turn.speaker, turn.clause))
            if turn.act == r.REFUTE:
                assert set(turn.argument) <= set(base)
                assert not r.consistent((*turn.argument, turn.clause))
                assert set(turn.argument) not in said[turn.speaker]
                said[turn.speaker].append(set(turn.argument))
            else:
                # What could be said has been said already.
                differed += 1
                assert any(not r.consistent((*argument, turn.clause)) for argument in said[turn.speaker])
        assert len(found.disagreements) == sum(turn.act == r.AGREE_TO_DISAGREE for turn in found.turns)
    assert differed


def test_a_dialogue_by_hand() -> None:
    agent = r.knowledge([(1,), (-1, 3)])
    found = r.dialogue(agent, r.knowledge([(-1,), (-2,)]), (3,))
    assert [(t.speaker, t.act, t.clause) for t in found.turns] == [
        ("human", "why", (3,)),
        ("agent", "support", (3,)),
        ("human", "refute", (1,)),
        ("agent", "refute", (-1,)),
    ]
    assert found.retracted == ((-1,),)
    assert set(found.revised) == {(1,), (-1, 3), (-2,)}


def test_understanding() -> None:
    a = r.knowledge([(1,), (-1, 2)])
    assert r.understanding(a, a) == 1.0
    assert r.understanding((), ()) == 1.0
    # Literals {1, 2} against {1}: Dice 2/3; clauses one of two and one: 2/3.
    assert r.understanding(a, r.knowledge([(1,)])) == pytest.approx(2 / 3)
    assert r.understanding(a, r.knowledge([(-1,)])) == 0.0


@pytest.mark.parametrize(
    ("agent", "human", "said"),
    [
        ([(1,), (-1,)], [(2,)], "agent's knowledge base contradicts itself"),
        ([(1,)], [(2,), (-2,)], "human's knowledge base contradicts itself"),
        ([(1,)], [(2,)], "does not entail"),
        ([()], [(2,)], "needs literals"),
    ],
)
def test_what_cannot_take_part_is_told_why(agent: list[r.Clause], human: list[r.Clause], said: str) -> None:
    with pytest.raises(InputError, match=said):
        r.dialogue(agent, human, (3,))


def test_nothing_can_be_given_up_against_what_contradicts_itself() -> None:
    with pytest.raises(InputError, match="contradicts itself"):
        r.correction([(2,)], [(1,), (-1,)])
