"""The sentence on the certificate's own calibration says what the page of the study says."""

from __future__ import annotations

import re
from pathlib import Path

from report_views import CASES

from folkmoot.report import render, summary
from folkmoot.report.assumptions import AUDITS, CONVERSATIONS, FORESEEN, FOUND, assumptions, calibrated

PAGE = Path(__file__).parents[2] / "docs" / "studies" / "calibration.md"


def test_the_figures_are_those_of_the_page() -> None:
    table = PAGE.read_text(encoding="utf-8").split("as the certificate draws")[1].split("\n\n")[0]
    row = re.search(r"^ +all +(\d+) +(\d\.\d+) +(\d\.\d+) +\+(\d\.\d+) ±(\d\.\d+)", table, re.MULTILINE)
    assert row is not None
    audits, predicted, found, difference, error = row.groups()
    assert (int(audits), float(predicted), float(found)) == (AUDITS, FORESEEN, FOUND)
    # What the sentence says of the direction is more than chance explains.
    assert float(difference) > 2 * float(error)
    names = re.findall(r"^ +([a-z0-9][\w.-]+\.[\w.-]+|[a-z0-9]+(?:-[a-z]+)+) +\d+ ", table, re.MULTILINE)
    assert len([name for name in names if name not in ("democratic-fast",)]) == CONVERSATIONS


def test_it_stands_beside_the_draws_only() -> None:
    assert calibrated() in assumptions(CASES["votes"].slate)
    assert "<code>folkmoot study calibration</code>" in render(CASES["votes"])
    assert calibrated() not in assumptions(CASES["no draws"].slate)
    assert assumptions(CASES["texts"].slate) == []
    assert "err on the safe side" not in summary(CASES["texts"])
