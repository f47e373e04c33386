"""Common ground from samples: the core of a sample is nearly the core of all, and plurality is not."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.audits.veto import excess
from folkmoot.profile import InputError
from folkmoot_studies.synthetic import common_ground

# Five like a best, then b, then c; three c, then b, then a: b is what nobody strikes out.
VALUES = np.array([[3.0, 2.0, 1.0]] * 5 + [[1.0, 2.0, 3.0]] * 3)


def test_what_the_rules_choose() -> None:
    chosen = {rule: choose(VALUES) for rule, choose in common_ground.RULES.items()}
    assert chosen == {"veto by consumption": 1, "largest total": 0, "Borda": 0, "plurality": 0, "the first": 0}
    masses = np.ones(8, dtype=np.int64)
    assert [float(excess(VALUES, a, masses)) for a in range(3)] == pytest.approx(
        [3 / 8 + 2 / 3 - 1, 0.0, 5 / 8 - 1 / 3]
    )


def test_larger_samples_come_nearer_and_plurality_does_not() -> None:
    found = common_ground.run(instances=6)
    cells = {(cell["rule"], cell["size"]): cell for cell in found["cells"]}
    veto = [cells["veto by consumption", size]["excess"] for size in common_ground.SIZES]
    assert veto[-1] < veto[0]
    assert veto[-1] < 0.05 < cells["plurality", common_ground.SIZES[-1]]["excess"]
    assert "sample of 50" in common_ground.table(found)
    with pytest.raises(InputError, match="2 instances"):
        common_ground.run(instances=1)
