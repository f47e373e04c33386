"""The proportional veto core: against every coalition, on examples, and what veto by consumption chooses."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from brute_force import veto_excess
from folkmoot.audits import AUDITS, Subject, veto
from folkmoot.processes import PROCESSES, Problem
from folkmoot.processes.consumption import last_left
from folkmoot.profile import InputError
from folkmoot.testing.instances import Instance, instances, some_slate


def subject_of(instance: Instance, slate: list[int]) -> Subject:
    return Subject(instance.pool(), np.array(slate), np.full(instance.n, -1), instance.budget)


def test_the_excess_is_the_definition() -> None:
    verdicts = set()
    for number, instance in instances(311, 30, n=5, m=5, weighted=True, budget=6):
        slate, _ = some_slate(np.random.default_rng([311, number]), instance)
        for chosen in (slate[:1], slate):
            subject = Subject(instance.pool(), chosen, np.full(instance.n, -1), instance.budget)
            found = AUDITS["veto-core"].check(subject)
            expected = veto_excess(instance, chosen)
            assert found.holds == (expected <= 0)
            verdicts.add(found.holds)
            if found.witness is not None:
                assert found.witness.excess == expected
                rows, columns = found.witness.members, list(found.witness.candidates)
                best = subject.best[rows]
                assert (instance.values[np.ix_(rows, columns)] > best[:, None]).all()
                mass = int(instance.masses[rows].sum())
                assert mass == found.witness.mass
                assert Fraction(mass, instance.total) + Fraction(len(columns), found.witness.eligible) - 1 == expected
    assert verdicts == {True, False}


def unit(rows: list[list[float]]) -> Instance:
    values = np.array(rows, dtype=np.float64)
    return Instance(values, np.ones(values.shape[1], dtype=np.int64), np.ones(len(values), dtype=np.int64), 1)


def test_sixty_against_forty() -> None:
    """60: a > b > c; 40: b > c > a. The 40 prefer b and c to a: 40 % and two thirds are more than all."""
    instance = unit([[2.0, 1.0, 0.0]] * 6 + [[0.0, 2.0, 1.0]] * 4)
    core = [a for a in range(3) if AUDITS["veto-core"].check(subject_of(instance, [a])).holds]
    assert core == [1]
    witness = AUDITS["veto-core"].check(subject_of(instance, [0])).witness
    assert (witness.mass, witness.candidates, witness.excess) == (4, (1, 2), Fraction(1, 15))
    assert str(witness).startswith("4 of 10 like each of 2 of 3 statements better than everything in the slate")
    chosen = PROCESSES["veto-by-consumption"].run(Problem(instance.pool(), 1), np.random.default_rng(0))
    assert chosen.candidates.tolist() == [1]


def test_fifty_one_against_forty_nine() -> None:
    """Two statements: half of the people are needed to strike out one of two, and 49 are not enough."""
    instance = unit([[1.0, 0.0]] * 51 + [[0.0, 1.0]] * 49)
    assert [AUDITS["veto-core"].check(subject_of(instance, [a])).holds for a in (0, 1)] == [True, False]


@pytest.mark.parametrize("seed", range(40))
def test_consumption_ends_in_the_core_however_large(seed: int) -> None:
    rng = np.random.default_rng([321, seed])
    n, m = int(rng.integers(1, 30)), int(rng.integers(1, 15))
    values = rng.integers(0, int(rng.integers(2, 8)), (n, m)).astype(np.float64)
    masses = rng.integers(1, 4, n)
    assert veto.excess(values, last_left(values, masses), masses) == 0


def test_too_large_a_network_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(veto, "CELLS", 5)
    with pytest.raises(InputError, match="take a sample"):
        AUDITS["veto-core"].check(subject_of(unit([[2, 1, 0], [0, 2, 1]]), [0]))
