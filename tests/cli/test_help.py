"""Help and completion: readable at 80 columns, in panels, made from the declarations and the registries."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from every_option import OTHERWISE
from folkmoot.audits import AUDITS
from folkmoot.cli.flags import with_options
from folkmoot.cli.llm import ModelOptions
from folkmoot.cli.main import app
from folkmoot.cli.repeats import WantedRepeats
from folkmoot.formats import FORMATS, written_formats
from folkmoot.formats.base import Reading
from folkmoot.preferences import MODELS
from folkmoot.processes import PROCESSES
from folkmoot.profile import Options
from folkmoot.profile.declared import declared
from folkmoot.profile.options import PANELS, AuditOptions, Goal
from folkmoot.profile.page_options import PageOptions

COMMANDS = ["slate", "page", "audit", "replay", "doctor", "convert", "study", "ask next", "ask optimum", "ask design"]


def shown(*words: str) -> str:
    """What a terminal of 80 columns gets."""
    ended = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "80", "NO_COLOR": "1"})
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def completed(words: str, place: int) -> list[str]:
    """What a shell offers for the word at that place."""
    ended = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv = ['folkmoot']; from folkmoot.cli.main import main; main()"],
        env={**os.environ, "_FOLKMOOT_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.stdout.split()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_readable_at_80_columns_and_every_option_has_some(command: str) -> None:
    text = shown(*command.split())
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 80
    rows = [line for line in text.splitlines() if re.match(r"│ (\*  |   )?--\w", line)]
    assert rows
    for row in rows:
        metavars = r"(?:\* +)?--[\w-]+(?: +-\w)?(?: +(?:<.+?>|\[.+?\]|[A-Z][A-Z.,]*))*"
        assert re.match(rf"│ +{metavars} +\S.*? +│", row), row


def test_the_panels_of_slate_hold_every_option_that_is_declared() -> None:
    text = shown("slate")
    parts = re.split(r"╭─ ([\w ]+?) ─+╮", text)
    panels = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert list(panels) == ["Arguments", *PANELS]
    for holder in (Goal, Options, Reading, PageOptions, WantedRepeats, ModelOptions):
        for each in declared(holder).values():
            assert re.search(rf"{each.flag} ", panels[each.option.panel]), each.flag
    assert len(PROCESSES) > 20
    assert sum(id in text for id in PROCESSES if "-" in id) <= 2, "the ids of processes are not listed in a cell"
    assert "folkmoot processes" in " ".join(text.replace("│", " ").split())


def test_the_panels_of_audit_hold_its_options() -> None:
    text = shown("audit")
    assert all(f"{each.flag} " in text for holder in (AuditOptions, Reading) for each in declared(holder).values())


def test_convert_says_where_the_formats_are_listed() -> None:
    text = shown("convert")
    assert {"comparisons", "polis", "ratings"} < set(written_formats())
    assert "folkmoot formats" in " ".join(text.split())


def test_study_says_where_the_studies_are_listed() -> None:
    assert "folkmoot studies" in " ".join(shown("study").replace("│", " ").split())


@pytest.mark.long
def test_a_shell_completes_options_choices_and_ids() -> None:
    assert "--min-length" in completed("folkmoot slate x --min", 3)
    assert completed("folkmoot slate x --unit st", 4) == ["statements"]
    assert set(completed("folkmoot slate x --process equal", 4)) == {id for id in PROCESSES if id.startswith("equal")}
    assert set(completed("folkmoot slate x --predict ", 4)) == {"auto", *MODELS}
    assert completed("folkmoot slate x --engine l", 4) == ["llm"]
    assert set(completed("folkmoot audit x s.json --axiom ", 5)) == {"all", *AUDITS}
    assert set(completed("folkmoot doctor x --format ", 4)) == set(FORMATS)
    assert set(completed("folkmoot convert x y --to ", 5)) == set(written_formats())


def test_a_shell_is_told_how_to_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    for shell in ("bash", "zsh", "fish"):
        ended = CliRunner().invoke(app, ["--show-completion", shell], prog_name="folkmoot")
        assert ended.exit_code == 0, ended.output
        assert f"complete_{shell}" in ended.stdout


def test_the_words_of_options_are_read_as_the_same_options() -> None:
    taken: list[Any] = []

    @with_options
    def command(goal: Goal, options: Options) -> None:
        taken.extend([goal, options])

    one = typer.Typer(rich_markup_mode=None)
    one.command()(command)
    for goal, options in ((Goal(7, "statements", 5), Options(**OTHERWISE)), (Goal(7), Options(fill=True))):
        ended = CliRunner().invoke(one, [*goal.words(), *options.words()])
        assert ended.exit_code == 0, ended.output
        assert taken == [goal, options]
        taken.clear()
    assert CliRunner().invoke(one, ["--budget", "3"]).exit_code == 0
    assert taken == [Goal(3), Options()]
