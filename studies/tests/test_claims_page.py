"""The page of claims names only studies, parts, tests and pages that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from folkmoot_studies import STUDIES
from folkmoot_studies.bounds.counterexamples import EXAMPLES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "studies" / "claims.md"
ROWS = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ") and "---" not in line]
COMMANDS = [row.strip("| ").rsplit("|", 1)[1].strip() for row in ROWS]


def test_every_row_has_four_cells() -> None:
    assert len(ROWS) > 45
    assert all(row.count("|") == 5 for row in ROWS)
    heads = [row for row in ROWS if row.startswith("| claim ")]
    assert len(heads) == 2


@pytest.mark.parametrize("command", sorted({one for row in COMMANDS for one in row.split("; ")} - {"command"}))
def test_a_command_is_there(command: str) -> None:
    if command == "(not checked)":
        return
    if command.endswith(".py"):
        assert (ROOT / command).is_file(), command
        return
    word, name, *rest = command.split()
    assert word == "study"
    assert name in STUDIES, command
    if rest and rest[0] == "--only" and name == "counterexamples":
        assert rest[1] in EXAMPLES
    flags = {"--only": "only", "--seeds": "seeds", "--out": ""}
    for flag in (one for one in rest if one.startswith("--")):
        option = flags[flag]
        assert STUDIES[name].draws if not option else option in STUDIES[name].takes, command


def test_its_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE.read_text(encoding="utf-8")):
        assert (PAGE.parent / target).is_file(), target
