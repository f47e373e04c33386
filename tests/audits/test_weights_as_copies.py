"""An agent of weight w is w agents who say the same: to every audit, and to every process as far as it can be.

Whatever stands in the registries is tested here without another line.
"""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.audits import AUDITS, find, implied
from folkmoot.processes import PROCESSES
from folkmoot.testing import Case, check_audit
from folkmoot.testing.audits import copied, slates
from folkmoot.testing.instances import Instance, instances
from folkmoot.testing.processes import chosen


@pytest.mark.long
@pytest.mark.parametrize("case", check_audit.cases(*AUDITS.values()), ids=str)
def test_every_audit_is_as_it_declares(case: Case) -> None:
    case()


def test_an_assignment_of_whole_agents_is_one_of_their_copies() -> None:
    """Copies can be parted, a heavy agent cannot: so what is possible with weights is possible with copies."""
    (entry,) = [entry for entry in AUDITS.values() if entry.whole_agents]
    parted = 0
    for _, instance, subject in slates(71, 80):
        found = entry.check(subject)
        if found.holds:
            with_copies = copied(instance, subject)
            assignment = np.repeat(found.witness, instance.masses)
            assert (
                find("cbjr")
                .check(type(subject)(with_copies.pool, with_copies.chosen, assignment, instance.budget))
                .holds
            )
            parted += 1
    assert parted > 20


def test_the_implications_are_not_empty() -> None:
    """Slates that violate some audits and keep others, so that what implies what is put to the test."""
    told = 0
    for _, _, subject in slates(75, 80):
        holds = {id: entry.check(subject, *([1.0] if entry.approvals else [])).holds for id, entry in AUDITS.items()}
        for id in AUDITS:
            for other in implied(id, equal_costs=False):
                assert holds[other] or not holds[id], (id, other)
                told += holds[id] and not all(holds.values())
    assert told > 50


def weighted(unit_cost: bool) -> list[Instance]:
    drawn = instances(72, 80, n=6, m=5, kinds=("approval", "integer"), weighted=True, budget=7, unit_cost=unit_cost)
    return [instance for _, instance in drawn if (instance.costs <= instance.budget).any()]


@pytest.mark.long
@pytest.mark.parametrize("process", sorted(id for id, process in PROCESSES.items() if process.overshoots))
def test_a_process_that_declares_to_overshoot_does(process: str) -> None:
    """It chooses another slate for weights than for copies somewhere, and the same one nearly everywhere else."""
    entry, same, other = PROCESSES[process], 0, 0
    for unit_cost in (True,) if entry.unit_cost else (True, False):
        for instance in weighted(unit_cost):
            one, copies = chosen(entry, instance), chosen(entry, instance.copied())
            alike = one.candidates.tolist() == copies.candidates.tolist()
            same, other = same + alike, other + (not alike)
    assert same > 20
    assert other > 0


@pytest.mark.parametrize("process", sorted(id for id in PROCESSES if id.startswith("democratic")))
def test_where_nothing_overshoots_weights_are_copies(process: str) -> None:
    entry, exact = PROCESSES[process], 0
    for unit_cost in (True, False):
        for instance in weighted(unit_cost):
            one, copies = chosen(entry, instance), chosen(entry, instance.copied())
            if all(int(instance.masses[r.agents].sum()) <= instance.need(r.candidate) for r in one.rounds):
                exact += 1
                assert one.candidates.tolist() == copies.candidates.tolist(), instance
    assert exact > 20
