"""The library names parameters, the command line its flags."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import folkmoot as fm
from conversations import write_conversation
from folkmoot.cli import main as cli
from folkmoot.cli.messages import calling, flagged
from folkmoot.profile import InputError

SOURCES = Path(fm.__file__).parent
STUDIES = SOURCES.parents[1] / "studies" / "folkmoot_studies"
FLAG = re.compile(r"(?<![\w-])--[a-z]")

# Library modules that print flags, and why.
PRINT_FLAGS = {
    "profile/options.py": "declares what flags are called",
    "profile/page_options.py": "declares what flags are called",
    "profile/prefs_options.py": "declares what flags are called",
    "formats/base.py": "declares what flags are called",
    "slates/record.py": "writes the command that makes a slate again",
    "slates/figures.py": "cautions are recorded in slate.json",
    "formats/polis/signs.py": "notes on the source are recorded in slate.json",
    "scale/events.py": "notes on the source are recorded in slate.json",
    "report/agreement.py": "says what to try instead, on the terminal and on the page",
    "report/personal_text.py": "says what to read and hide, on the terminal and on the page for staff",
    "report/popular.py": "says what to try instead, on the terminal and on the page",
    "report/plural.py": "says what to consider, on the page for staff",
    "report/statements.py": "says how to confirm a pair, on the page for staff",
    "report/opening.py": "says what to put in its place, on the terminal and on the page for staff",
    "report/unwanted.py": "says what to leave out, on the terminal and on the page for staff",
    "report/money.py": "says what to compare, on the terminal and on the page for staff",
    "report/tasks.py": "says what to do, on the terminal and on the page for staff",
    "report/barred.py": "says how to ask, on the terminal and on the page",
    "report/pages.py": "documents the command line",
    "report/axiom_text.py": "is printed by the command line only",
    "llm/simulated.py": "has a command line of its own",
    "plural/study.py": "documents the command line",
}
# Parameters of studies, of writing and of a run, for which single commands have flags of their own.
OF_ONE_COMMAND = {"path", "instances", "format", "profile", "participants", "statements", "answered", "words", "delta"}
# What a message calls by its name in Python and no command can be told.
OF_PYTHON = {"optimum", "two_waves"}


def library() -> Iterator[tuple[str, Path]]:
    for path in sorted(SOURCES.rglob("*.py")):
        # What the suites for third parties say is for their authors, not for who runs a command.
        if not path.is_relative_to(SOURCES / "cli") and not path.is_relative_to(SOURCES / "testing"):
            yield path.relative_to(SOURCES).as_posix(), path
    for path in sorted(STUDIES.rglob("*.py")):
        yield path.relative_to(STUDIES).as_posix(), path


@cache
def texts(path: Path) -> tuple[str, ...]:
    """Every text of a module that is not its documentation; the parts of a formatted one together."""
    return tuple(_texts(path))


def _texts(path: Path) -> Iterator[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    said = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    parts: set[int] = set()
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            parts |= {id(each) for each in ast.walk(node)} - {id(node)}
            yield "".join(each.value if isinstance(each, ast.Constant) else "0" for each in node.values)  # type: ignore[misc]
    other = said | parts
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in other:
            yield node.value


def test_no_message_of_the_library_names_a_flag() -> None:
    names = {name for name, path in library() if any(FLAG.search(text) for text in texts(path))}
    assert names == {name for name in PRINT_FLAGS if name in names}
    assert {name for name, path in library() if name in PRINT_FLAGS} - names == set(), "take it off the list"


def test_every_parameter_in_a_message_has_a_flag() -> None:
    seen = set()
    for name, path in library():
        if name in PRINT_FLAGS and name.startswith(("report/", "plural/")):
            continue
        for text in texts(path):
            for token in re.findall(r"`([a-z_]+)(?:=[^`]+)?`", text):
                seen.add(token)
                assert token in OF_ONE_COMMAND | OF_PYTHON or "--" in flagged(f"`{token}`"), f"{name}: {text}"
    assert {"min_length", "unit", "id_column", "scale", "repeats", "model"} <= seen


@pytest.mark.parametrize(
    ("message", "printed"),
    [
        ("relax `min_length` or `locked_out`", "relax --min-length or --lock-out"),
        ("take `unit='words'`", "take --unit words"),
        ("read them with `flip=True`", "read them with --flip-votes"),
        ("e.g. `scale=(-2, 2)`", "e.g. --scale -2..2"),
        ("name it with `text_columns`", "name it with --text-column"),
        ("take `levels=(4, 3.5)`", "take --levels 4,3.5"),
        ("the column `strange thing` and `other`", "the column `strange thing` and `other`"),
        ("`unit=no python`", "`unit=no python`"),
    ],
)
def test_parameters_become_flags(message: str, printed: str) -> None:
    assert flagged(message) == printed


def test_a_command_calls_parameters_as_it_likes() -> None:
    with (
        pytest.raises(InputError, match=r"^take --to ratings, or --no-repeats; --draws$"),
        calling({"format": "--to", "repeats=None": "--no-repeats"}),
    ):
        raise InputError("take `format='ratings'`, or `repeats=None`; `draws`")
    with pytest.raises(KeyError), calling({"format": "--to"}):
        raise KeyError("format")


BOTH: list[tuple[Callable[[Path], Any], list[str], str, str]] = [
    (
        lambda c: fm.slate(fm.read(c), 9, min_length=900, draws=0),
        ["slate", "{c}", "--budget", "9", "--min-length", "900", "--draws", "0"],
        "relax `min_length`, `max_length`, `min_answers` or `locked_out`, or take `all_eligible=True`",
        "relax --min-length, --max-length, --min-answers or --lock-out, or take --all-eligible",
    ),
    (
        lambda c: fm.slate(fm.read(c), 9, draws=-1),
        ["slate", "{c}", "--budget", "9", "--draws", "-1"],
        "`draws` must be a whole number of at least 0",
        "--draws must be a whole number of at least 0",
    ),
    (
        lambda c: fm.slate(fm.read(c), 0),
        ["slate", "{c}", "--budget", "0"],
        "`budget` must be a whole number of at least 1",
        "--budget must be a whole number of at least 1",
    ),
    (
        lambda c: fm.slate(fm.read(c), 9, unit="cost"),
        ["slate", "{c}", "--budget", "9", "--unit", "cost"],
        "take `unit='words'` or `unit='statements'`",
        "take --unit words or --unit statements",
    ),
    (
        lambda c: fm.slate(fm.read(c), 9, process="prose"),
        ["slate", "{c}", "--budget", "9", "--process", "prose"],
        "take `engine='llm'`",
        "take --engine llm",
    ),
    (
        lambda c: fm.slate(fm.read(c), 9, levels=[1, 2]),
        ["slate", "{c}", "--budget", "9", "--levels", "1,2"],
        "`levels` must fall",
        "--levels must fall",
    ),
    (
        lambda c: fm.read(c, id_column="who"),
        ["doctor", "{c}", "--id-column", "who"],
        "`id_column` has no use here: Polis export has no column with ids to choose (options that it takes: "
        "`group_columns`, `keep`, `flip`, `importance`)",
        "--id-column has no use here: Polis export has no column with ids to choose (options that it takes: "
        "--group-column, --keep, --flip-votes, --importance)",
    ),
    (
        lambda c: fm.read(c, group_columns=["gone"]),
        ["doctor", "{c}", "--group-column", "gone"],
        "`group_columns` names a column that is not there",
        "--group-column names a column that is not there",
    ),
    (
        lambda c: fm.write(fm.read(c), c.parent / "out.pb", "pabulib"),
        ["convert", "{c}", "out.pb", "--to", "pabulib"],
        "write `format='ratings'` or `format='polis'` instead",
        "write --to ratings or --to polis instead",
    ),
]


@pytest.mark.parametrize(("call", "words", "of_python", "of_the_command_line"), BOTH)
def test_an_error_in_python_and_on_the_command_line(
    call: Callable[[Path], Any],
    words: list[str],
    of_python: str,
    of_the_command_line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = write_conversation(tmp_path / "c")
    with pytest.raises(InputError) as caught:
        call(source)
    assert of_python in str(caught.value)
    assert not FLAG.search(str(caught.value))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["folkmoot", *(word.format(c=source) for word in words)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    told = " ".join(capsys.readouterr().err.split())
    assert of_the_command_line in told
    assert "`" not in told
