"""Options are declared once: signatures, docstrings, checks, words and the record all say the same."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import MISSING, asdict, replace
from typing import Any, get_type_hints

import pytest

import folkmoot as fm
from every_option import OTHERWISE
from folkmoot.formats.base import Reading, ReadOptions
from folkmoot.profile import InputError, Options, Slate
from folkmoot.profile.declared import Declared, declared, either
from folkmoot.profile.options import PANELS, AuditOptions, Goal
from folkmoot.profile.page_options import PageOptions

EVERY = [*declared(Goal).values(), *declared(Options).values(), *declared(AuditOptions).values()]
CALLS: list[tuple[Callable[..., Any], tuple[type, ...]]] = [
    (fm.slate, (Goal, Options)),
    (fm.audited, (AuditOptions,)),
    (fm.read, (Reading,)),
]
# Parameters that are no options: what the call is about, and what only Python can hand in.
OTHERS = {"profile", "slate", "source", "model", "repeats", "edits", "report"}

# Options that choose among given statements: no use where a language model writes its own.
AMONG_GIVEN = [
    *("strict", "max_length", "min_answers", "keep_self_descriptions", "keep_metadata", "keep_duplicates"),
    *("all_eligible", "locked_in", "locked_out", "consensus", "calibrate_to", "no_fill", "cost_step"),
]

WRONG: dict[str, list[Any]] = {
    "budget": [0, -1, 1.5, True, 2**64, "9"],
    "unit": ["letters", ""],
    "seed": [-1, 2**64],
    "strict": [1, "yes"],
    "min_length": [-1, True, 2.0],
    "consensus": [-1, math.inf, math.nan, "1"],
    "all_eligible": [1, "yes"],
    "locked_in": ["12"],
    "levels": ["4,3", [math.nan], ["a"], [1, 2], [2, 2]],
    "assignment": ["fair"],
    "scoring": ["loud"],
    "answers": ["long"],
    "pool": ["all"],
    "specificity": [-0.5, math.inf, math.nan, "1"],
    "per_prompt": [0],
    "topic": [3],
}


def options_of(holders: Sequence[type]) -> dict[str, Declared]:
    return {name: each for holder in holders for name, each in declared(holder).items()}


def as_a_caller_gives_it(kind: Any) -> Any:
    """A field that holds a tuple takes any sequence from a caller; a range stays a pair."""
    return {tuple[str, ...]: Sequence[str], tuple[float, ...]: Sequence[float]}.get(kind, kind)


@pytest.mark.parametrize(("call", "holders"), CALLS)
def test_the_signature_is_the_declaration(call: Callable[..., Any], holders: tuple[type, ...]) -> None:
    taken = {name: p for name, p in inspect.signature(call).parameters.items() if name not in OTHERS}
    options = options_of(holders)
    assert set(taken) == set(options)
    # Given and Model are only there for a type checker.
    hints = {
        name: eval(p.annotation, {**vars(inspect.getmodule(call)), **vars(inspect.getmodule(Options))})
        for name, p in taken.items()
    }
    for holder in holders:
        fields = get_type_hints(holder)
        for name, each in declared(holder).items():
            default = taken[name].default
            assert default == (inspect.Parameter.empty if each.default is MISSING else each.default), name
            assert hints[name] == as_a_caller_gives_it(fields[name]), name


@pytest.mark.parametrize(("call", "holders"), CALLS)
def test_the_docstring_is_the_declaration(call: Callable[..., Any], holders: tuple[type, ...]) -> None:
    entries = re.split(r"\n {8}(?=\w+: )", inspect.cleandoc(call.__doc__ or "").replace("\n    ", "\n        "))
    said = dict(" ".join(entry.split("\n\n")[0].split()).split(": ", 1) for entry in entries[1:])
    for name, each in options_of(holders).items():
        wanted = each.option.help.replace("`", "``")
        assert said[name][0].upper() + said[name][1:] == wanted, name


def test_every_option_is_described_and_belongs_to_a_panel() -> None:
    for each in [*EVERY, *declared(Reading).values(), *declared(PageOptions).values()]:
        assert each.option.help.endswith("."), each.name
        assert each.option.panel in PANELS, each.name
        for choice in each.choices:
            assert re.search(rf"\b{choice}\b", each.option.help), f"the help of {each.name} does not name {choice}"


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_value_that_an_option_cannot_have_is_refused_by_its_name(name: str, value: Any) -> None:
    given: dict[str, Any] = {name: value}
    with pytest.raises(InputError, match=f"^`{name}` must "):
        Goal(**{"budget": 9, **given}) if name in declared(Goal) else Options(**given)


def test_what_must_be_is_said() -> None:
    with pytest.raises(InputError, match=r"^`min_length` must be a whole number of at least 0, up to [0-9,]+, not -1$"):
        Options(min_length=-1)
    with pytest.raises(InputError, match=r"^`scale` must be the lowest and the highest number, not "):
        ReadOptions(scale=(1, 2, 3))  # type: ignore[arg-type]
    assert either(["a"]) == "a"


def test_lists_are_kept_as_tuples() -> None:
    given: Any = ["1", "2"]
    assert Options(locked_in=given).locked_in == ("1", "2")


def test_words_are_what_is_not_as_usual() -> None:
    assert {*OTHERWISE, "fill"} == set(declared(Options))
    assert Options().words() == []
    assert Options(engine="llm", process="prose").words() == ["--process", "prose", "--engine", "llm"]
    assert Options(levels=(3.5, 2.0), locked_in=("4", "7"), strict=True).words() == [
        *("--strict", "--lock-in", "4", "--lock-in", "7", "--levels", "3.5,2.0")
    ]
    assert Goal(9, "statements", 3).words() == ["--budget", "9", "--unit", "statements", "--seed", "3"]


def test_the_record_keeps_its_keys_and_gives_the_options_again() -> None:
    assert [name for name in asdict(Options()) if name != "fill"] == list(OTHERWISE)
    for options in (Options(**OTHERWISE), Options(fill=True), Options()):
        slate = Slate((), (), budget=9, unit="words", n_agents=0, process={"options": asdict(options)})
        assert Options.of(slate) == options
        assert Goal.of(slate) == Goal(9)


def test_a_record_without_the_newer_options_is_read_as_it_was_made() -> None:
    recorded = {"process": "democratic-fast", "min_length": 0, "min_answers": 0, "validate": 25}
    slate = Slate((), (), budget=9, unit="words", n_agents=0, process={"options": recorded})
    assert Options.of(slate) == Options(
        process="democratic-fast", min_length=0, min_answers=0, all_eligible=True, no_fill=True
    )


def test_filling_and_not_filling_exclude_each_other() -> None:
    with pytest.raises(InputError, match=r"^`fill` and `no_fill` exclude each other; choose one$"):
        Options(fill=True, no_fill=True)


@pytest.mark.parametrize("name", AMONG_GIVEN)
def test_an_option_that_does_not_fit_the_engine_is_refused(name: str) -> None:
    options = replace(Options(engine="llm"), **{name: OTHERWISE[name]})
    with pytest.raises(InputError, match=f"^`{name}` chooses among given statements"):
        options.check_written()


def test_all_others_fit_it() -> None:
    Options(**{name: value for name, value in OTHERWISE.items() if name not in AMONG_GIVEN}).check_written()


def test_an_error_of_input_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="`draws` must be"):
        Options(draws=-1)
    error = InputError("is empty", file="a.csv", row=3)
    assert isinstance(error, fm.FolkmootError)
    assert isinstance(error, ValueError)
    assert (str(error), error.row, error.exit_code) == ("a.csv, row 3: is empty", 3, 2)
