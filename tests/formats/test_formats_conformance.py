"""What every format promises, held against every registered one with the small file of `formats_samples`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from formats_samples import POLIS, SINGLE

from folkmoot.formats import FORMATS
from folkmoot.testing import Case, check_format

# Those of this package; a format may declare its own.
EXAMPLES: Mapping[str, str | Mapping[str, str]] = {"polis": POLIS, **SINGLE}
CASES = [case for format in FORMATS.values() for case in check_format.cases(format, EXAMPLES.get(format.id))]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_format_is_as_it_declares(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("folkmoot.testing.formats.DAMAGED", 30)
    case()


@pytest.mark.long
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_format_is_as_it_declares_on_more_files(case: Case) -> None:
    case()


def test_every_format_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    assert [id for id in FORMATS if f"`{id}`" not in page] == []
