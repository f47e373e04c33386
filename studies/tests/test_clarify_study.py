"""Asking people drawn from answers: what is counted, and that asking pays where kinds of people differ."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from folkmoot.profile import InputError
from folkmoot_studies import STUDIES
from folkmoot_studies.asking import clarify


def two_kinds(n: int = 160, m: int = 6) -> clarify.Wants:
    rng = np.random.default_rng(0)
    kind = rng.random(n) < 0.3
    codes = (rng.random((n, m)) < np.where(kind, 0.9, 0.1)[:, None]).astype(np.int64)
    return clarify.Wants("two kinds", codes, (2,) * m)


@pytest.mark.long
def test_asking_pays_where_kinds_differ_and_for_the_few_most() -> None:
    found = clarify.judged(two_kinds(), 40, 0)
    assert (found["people"], found["learned"], found["kinds"]) == (40, 120, 2)
    rows = {(row["gamma"], row["policy"]): row for row in found["rows"]}
    assert len(rows) == len(clarify.GAMMAS) * len(clarify.POLICIES)
    for gamma in clarify.GAMMAS:
        never, ours = rows[gamma, "never"], rows[gamma, "ours"]
        assert ours["ce"] > never["ce"]
        assert ours["minority"] > never["minority"] + 0.5
        assert ours["gini"] < never["gini"]
        assert never["questions"] == never["entropy"] == 0
        assert ours["entropy"] > 0.5
        assert rows[gamma, f"always {clarify.ALWAYS}"]["questions"] == clarify.ALWAYS
        assert min(rows[gamma, name]["behind"] for name in clarify.POLICIES) == 0
    json.dumps(found, allow_nan=False)
    shown = clarify.table({"cost": clarify.COST, "sets": [found]})
    assert "two kinds: 6 features, 40 people judged, learned from 120 (2 kinds)" in shown
    assert len({len(line) for line in shown.splitlines()[3:]}) == 1


def test_gini_and_entropy_by_hand() -> None:
    assert clarify.gini(np.array([0.0, 0.0, 0.0, 4.0])) == pytest.approx(0.75)
    assert clarify.gini(np.ones(5)) == 0
    assert clarify.entropy(np.array([[0, 1], [0, 1], [1, 1], [1, 0]])) == pytest.approx(1.5)


def test_no_data(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no data here"):
        STUDIES["clarify"].run(path=tmp_path)
