"""An agent of weight w is w agents who say the same: to every audit, and to every process as far as it can be.

Whatever stands in the registries is tested here without another line.
"""

from __future__ import annotations

import numpy as np
import pytest

from brute_force import Instance, instances, some_slate
from folkmoot.audit import AUDITS, Subject, find, implied
from folkmoot.processes import PROCESSES, Problem, Selection

# They look at assignments of whole people: copies can be parted, a heavy agent cannot.
WHOLE_AGENTS = ("cbjr-exists",)
# They take agents until a need is met, and the last one may overshoot it (`Problem`, spec: Weights).
OVERSHOOT = ("bjr", "bjr-sampled", "democratic-fast", "democratic-complex", "democratic-uniform", "uniform-approx")
# They start from such slates.
REFINED = ("refine", "robust")


def both(instance: Instance, seed: int) -> tuple[Subject, Subject]:
    """Any slate of an instance, with weights and with copies."""
    chosen, place = some_slate(np.random.default_rng([71, seed]), instance)
    copies = np.repeat(place, instance.masses)
    return (
        Subject(instance.pool(), chosen, place, instance.budget),
        Subject(instance.copied().pool(), chosen, copies, instance.budget),
    )


@pytest.mark.parametrize("audit", sorted(AUDITS))
def test_an_audit_says_the_same(audit: str) -> None:
    entry, verdicts = find(audit), set()
    for number, instance in instances(71, 80, n=6, m=4, kinds=("approval", "integer"), weighted=True, budget=7):
        weighted, copied = both(instance, number)
        level = ((1.0, 2.0)[number % 2],) if entry.approvals else ()
        found = entry.check(weighted, *level)
        verdicts.add(found.holds)
        if audit in WHOLE_AGENTS:
            if found.holds:
                parted = Subject(copied.pool, copied.chosen, np.repeat(found.witness, instance.masses), instance.budget)
                assert find("cbjr").check(parted).holds, number
            continue
        other = entry.check(copied, *level)
        assert (found.holds, found.ratio) == (other.holds, other.ratio), number
        if entry.slack:
            assert entry.check(weighted, *level, slack=False).holds == found.holds, number
    assert verdicts == {True, False}


@pytest.mark.parametrize("equal_costs", [True, False])
def test_an_audit_implies_what_it_declares(equal_costs: bool) -> None:
    told = 0
    for number, instance in instances(
        73, 150, n=6, m=4, kinds=("approval", "integer"), weighted=True, budget=7, unit_cost=equal_costs
    ):
        weighted, _ = both(instance, number)
        holds = {id: e.check(weighted, *([1.0] if e.approvals else [])).holds for id, e in AUDITS.items()}
        for id in AUDITS:
            for other in implied(id, equal_costs=equal_costs):
                assert holds[other] or not holds[id], (id, other, number)
                told += holds[id] and not all(holds.values())
    assert told > 100


def chosen(process: str, instance: Instance) -> Selection:
    return PROCESSES[process].run(Problem(instance.pool(), instance.budget), np.random.default_rng(0))


@pytest.mark.parametrize("process", sorted(set(PROCESSES) - set(REFINED)))
def test_a_process_chooses_the_same(process: str) -> None:
    same = exact = 0
    for unit_cost in (True, False):
        if PROCESSES[process].unit_cost and not unit_cost:
            continue
        for number, instance in instances(
            72, 80, n=6, m=5, kinds=("approval", "integer"), weighted=True, budget=7, unit_cost=unit_cost
        ):
            if not (instance.costs <= instance.budget).any():
                continue
            one, other = chosen(process, instance), chosen(process, instance.copied())
            alike = one.candidates.tolist() == other.candidates.tolist()
            same += alike
            over = any(int(instance.masses[r.agents].sum()) > instance.need(r.candidate) for r in one.rounds)
            if process not in OVERSHOOT:
                assert alike, number
            elif process.startswith("democratic") and not over:
                exact += 1
                assert alike, number
    assert same > 20
    assert exact > 20 or not process.startswith("democratic")
