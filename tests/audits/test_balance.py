"""Balance against its definition."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest

from brute_force import balanced_assignments
from folkmoot.audits import Subject
from folkmoot.audits.balance import is_balanced
from folkmoot.testing.instances import Instance, instances, some_slate


@pytest.mark.parametrize("weighted", [False, True])
def test_every_statement_represents_floor_or_ceil_of_its_share(weighted: bool) -> None:
    balanced = 0
    for number, instance in instances(21, 800, n=6, m=4, weighted=weighted):
        chosen, assignment = some_slate(np.random.default_rng(number), instance)
        room = int(instance.masses.max()) - 1
        expected = True
        for place, a in enumerate(chosen):
            load = sum(int(instance.masses[i]) for i in range(instance.n) if assignment[i] == place)
            share = Fraction(int(instance.costs[a]) * instance.total, instance.budget)
            expected &= floor(share) - room <= load <= ceil(share) + room
        subject = Subject(instance.pool(), chosen, assignment, instance.budget)
        assert is_balanced(subject) == expected, number
        balanced += expected
    assert 40 < balanced < 760


@pytest.mark.parametrize(("n", "k"), [(4, 2), (5, 2), (5, 3), (3, 3), (2, 3)])
def test_unit_cost_slates_that_use_the_whole_budget(n: int, k: int) -> None:
    """Fish et al. 2024, section 2: exactly the assignments with floor(n/k) or ceil(n/k) agents each."""
    instance = Instance(np.zeros((n, k)), np.ones(k, dtype=np.int64), np.ones(n, dtype=np.int64), k)
    listed = {tuple(a.tolist()) for a in balanced_assignments(n, k)}
    for code in np.ndindex(*[k] * n):
        subject = Subject(instance.pool(), np.arange(k), np.array(code), k)
        assert is_balanced(subject) == (code in listed), code
