"""The plural study as a whole: its parts, its table, and that it is what its page shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from folkmoot.profile import InputError
from folkmoot_studies import STUDIES
from folkmoot_studies.plural import study as plural
from folkmoot_studies.plural.claims import Figure, Part, bootstrap, over_seeds

PAGE = Path(__file__).parents[2] / "docs" / "studies" / "plural.md"


def test_parts_have_names_of_their_own_and_a_table_each_on_the_page() -> None:
    names = [part.name for part in plural.PARTS]
    assert len(set(names)) == len(names)
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"## {part.title}\n" in page and f"--only {part.name}`" in page for part in plural.PARTS)


def stands_on_the_page(found: dict[str, Any]) -> bool:
    """Every row stands on the page as it is printed now."""
    rows = [line for line in plural.table(found).splitlines() if line.startswith("| ")]
    page = PAGE.read_text(encoding="utf-8").splitlines()
    assert [row for row in rows if row not in page] == []
    return len(rows) > 8


@pytest.mark.replication
def test_the_page_has_the_figures_of_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quick part that needs no data, run again."""
    monkeypatch.setenv("FOLKMOOT_SHARED", str(tmp_path))
    found = plural.run(only="criteria")
    assert stands_on_the_page(found)
    assert not found["data"]
    assert found["asked"] == found["passed"] > 2


def test_without_conversations_the_command_says_what_was_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLKMOOT_SHARED", str(tmp_path))
    text = plural.table(plural.run(only="dialogue"))
    assert "The Polis conversations were not there" in text
    assert "real conversations: not measured, no folder with them was given" in text


def test_the_page_has_the_figures_of_the_conversations(shared: Path) -> None:
    found = plural.run(shared / "polis", only="criteria,dialogue")
    assert stands_on_the_page(found)
    assert found["asked"] == found["passed"] > 5


def test_a_part_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown part 'nothing'; choose some of mixtures"):
        plural.run(only="criteria,nothing")
    with pytest.raises(InputError, match="is no folder"):
        plural.run(tmp_path / "nowhere", only="criteria")
    assert STUDIES["plural"].run is plural.run


def test_what_is_not_met_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = [
        Figure("holds | here", "3", 3.0, 2.5, 3.5, 4, ">= 3", True),
        Figure("does not", "", 0.00012, wanted="> 1", passes=False),
        Figure("nothing asked", "much", float("nan")),
    ]
    monkeypatch.setattr(plural, "PARTS", (Part("one", "One", "A paper", lambda seed, folder: figures, "A remark."),))
    text = plural.table(plural.run())
    assert "1 of 2 acceptance tests are met" in text
    assert "| holds \\| here | 3 | 3 [2.5, 3.5], 4 | >= 3: met |" in text
    assert "| does not | – | 1.2e-04 | > 1: **not met** |" in text
    assert "| nothing asked | much | – | – |" in text
    assert re.search(r"^A remark\.$", text, re.MULTILINE)


def test_intervals() -> None:
    import numpy as np

    assert over_seeds([2.0]) == (2.0, 2.0, 2.0)
    value, low, high = bootstrap(
        np.arange(200.0)[:, None], lambda people: float(people.mean()), np.random.default_rng(0)
    )
    assert value == 99.5
    # Standard error of the mean: sd / sqrt(n) = 57.7 / 14.1.
    assert high - low == pytest.approx(2 * 1.96 * np.arange(200.0).std() / np.sqrt(200), rel=0.1)
