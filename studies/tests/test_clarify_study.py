"""Asking people drawn from answers: what is counted, and that asking pays where kinds of people differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return clarify.judged(two_kinds(), 40, 0, (0.0, 2.0))


@pytest.mark.long
def test_asking_pays_where_kinds_differ_and_for_the_few_most(found: dict[str, Any]) -> None:
    assert (found["people"], found["learned"]) == (40, 150)
    assert min(found["kinds"]) >= 2
    rows = {(row["gamma"], row["policy"]): row for row in found["rows"]}
    assert len(rows) == 2 * len(clarify.POLICIES)
    for gamma in (0.0, 2.0):
        never, ours = rows[gamma, "never"], rows[gamma, "ours"]
        assert ours["ce"] > never["ce"]
        assert ours["minority"] > never["minority"] + 0.5
        assert ours["gini"] < never["gini"]
        assert never["questions"] == 0
        assert ours["entropy"] > never["entropy"]
        assert rows[gamma, f"always {clarify.ALWAYS}"]["questions"] == clarify.ALWAYS
        assert min(rows[gamma, name]["behind"] for name in clarify.POLICIES) == 0
    # What decides by prompt looks at every feature for itself, whatever gamma is.
    assert rows[0.0, "by prompt"]["questions"] == rows[2.0, "by prompt"]["questions"]
    json.dumps(found, allow_nan=False)


@pytest.mark.long
def test_the_table_says_where_ours_is_not_best(found: dict[str, Any]) -> None:
    shown = clarify.table({"cost": clarify.COST, "sets": [found]})
    assert "two kinds: 6 features, 40 people judged, each learned from 150 others" in shown
    figures = [line for line in shown.splitlines() if line[:6].strip() in ("0", "2", "gamma")]
    assert len(figures) == 1 + 2 * len(clarify.POLICIES)
    assert len({len(line) for line in figures}) == 1
    rows = {(row["gamma"], row["policy"]): row for row in found["rows"]}
    near = sum(rows[gamma, "ours"]["behind"] <= 1 for gamma in (0.0, 2.0))
    assert f"of 2 cells, and best or within a standard error of the best in {near}." in shown
    worse = json.loads(json.dumps(found))
    for row in worse["rows"]:
        if row["policy"] == "ours":
            row |= {"ce": row["ce"] - 1.0, "behind": 3.0, "minority": 0.0}
    shown = clarify.table({"cost": clarify.COST, "sets": [worse]})
    assert "Ours is best in 0 of 2 cells, and best or within a standard error of the best in 0." in shown
    assert "two kinds at gamma 2: 3.0 standard errors behind" in shown
    assert "more than with never asking in 0 of 1" in shown


def test_gini_and_entropy_by_hand() -> None:
    assert clarify.gini(np.array([0.0, 0.0, 0.0, 4.0])) == pytest.approx(0.75)
    assert clarify.gini(np.ones(5)) == 0
    assert clarify.entropy(np.array([[0, 1], [0, 1], [1, 1], [1, 0]])) == pytest.approx(1.5)


def test_no_data(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no data here"):
        STUDIES["clarify"].run(path=tmp_path)
