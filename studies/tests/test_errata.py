"""Every slip on the page of errata has a witness that shows it, and the page says what the command prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from folkmoot.profile import InputError
from folkmoot_studies.bounds import errata

PAGE = Path(__file__).parents[2] / "docs" / "studies" / "errata.md"


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    return errata.run(tmp_path_factory.mktemp("nothing"))


def test_the_witnesses_that_need_no_data(without: dict[str, object]) -> None:
    slips = without["slips"]
    assert isinstance(slips, list)
    assert [slip["shown"] for slip in slips] == [True] * 7 + [None] * 3
    assert without["without_data"] == ["prose", "polis", "chatbot_pilot"]
    text = errata.table(without)
    assert "10 slips, 7 of them with a computed witness" in text
    assert "left out, as their data is not here: those of prose, polis, chatbot_pilot" in text


def test_the_page_has_every_slip_in_the_words_of_the_command(without: dict[str, object]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    slips = without["slips"]
    assert isinstance(slips, list)
    for slip in slips:
        for field in ("where", "printed", "should", "witness"):
            assert slip[field] in page, (slip["id"], field)


def test_a_witness_that_fails_is_said_so(without: dict[str, object]) -> None:
    slips = without["slips"]
    assert isinstance(slips, list)
    broken = {"slips": [{**slips[0], "shown": False}], "without_data": []}
    assert "witness (NOT SHOWN)" in errata.table(broken)
    assert "1 slips, 0 of them" in errata.table(broken)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no folder"):
        errata.run(tmp_path / "nowhere")


@pytest.mark.data
def test_the_witnesses_in_the_data(shared: Path) -> None:
    found = errata.run(shared)
    assert found["without_data"] == []
    assert sum(slip["shown"] is True for slip in found["slips"]) == 11
    page = PAGE.read_text(encoding="utf-8")
    assert all(slip["witness"] in page for slip in found["slips"])
    # The filter as printed keeps 1,129 people, of whom 259 wrote something: neither is 51.
    (d_5,) = (slip for slip in found["slips"] if slip["id"] == "ng-appendix-d.5")
    assert "1129 such users, 259 of whom" in d_5["witness"]
