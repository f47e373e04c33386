"""The lists of what there is: a line each at 80 columns, everything that is declared as JSON."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from folkmoot.cli.listing import LISTS, lines
from folkmoot.cli.main import app
from folkmoot.formats import FORMATS
from folkmoot.processes import PROCESSES
from folkmoot.profile.plugins import Plugin


def listed(kind: str, *words: str) -> str:
    done = CliRunner().invoke(app, [kind, *words], env={"COLUMNS": "80"})
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("kind", LISTS)
def test_everything_is_listed_in_a_line_of_its_own(kind: str) -> None:
    _, registries = LISTS[kind]
    shown = listed(kind).splitlines()
    body = json.loads(listed(kind, "--json"))
    assert body["not_loaded"] == []
    ids = [id for registry in registries().values() for id in registry]
    assert [entry["id"] for entry in body[kind]] == ids
    for entry in body[kind]:
        assert entry["about"]
        assert entry["package"]
        assert sum(line.split(" ")[0] == entry["id"] for line in shown) == ids.count(entry["id"])
    assert max(map(len, shown)) <= 80


def test_what_is_declared_can_be_read_by_machines() -> None:
    processes = {entry["id"]: entry for entry in json.loads(listed("processes", "--json"))["processes"]}
    assert processes["democratic-fast"]["guarantee"] == list(PROCESSES["democratic-fast"].guarantee)
    assert processes["democratic-fast"]["overshoots"] is True
    formats = json.loads(listed("formats", "--json"))["formats"]
    assert [entry["id"] for entry in formats] == list(FORMATS)
    assert "flip" in next(entry["uses"] for entry in formats if entry["id"] == "polis")


def test_a_plugin_that_could_not_be_loaded_is_listed_with_its_error() -> None:
    shown = lines({"": FORMATS}, [Plugin("crooked", "folkmoot-crooked", "1", "RuntimeError: no moon " * 8)])
    assert any(line.startswith("could not be loaded: crooked of folkmoot-crooked: RuntimeError") for line in shown)
    assert max(map(len, shown)) <= 80
