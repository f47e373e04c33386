"""Fixtures that the tests of the library and those of the studies share."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main
import typer.testing
from hypothesis import HealthCheck, settings

from conversations import write_conversation

ROOT = Path(__file__).resolve().parent

# Programs that tests start compile the library once, not each time they start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# No test asks the language model that whoever runs the tests has named in their environment.
for name in [name for name in os.environ if name.startswith(("FOLKMOOT_LLM_", "OPENAI_"))]:
    del os.environ[name]

# Typer puts all commands together anew at every call: a program makes one call, the tests make hundreds. What typer
# lets its own tests set is asked for each time.
_put_together = typer.main.get_command
_command = cache(lambda app, detection: _put_together(app))


def _kept(typer_instance: typer.Typer) -> Any:
    return _command(typer_instance, os.environ.get("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION"))


for module, name in ((typer.main, "get_command"), (typer.testing, "_get_command")):
    setattr(module, name, _kept)

# How long an example takes says how busy the machine is, not whether the property holds. The examples of a property
# are the same in every run, so that whoever changes a line is not charged with a rare one that was there before;
# `make test-new` draws others.
settings.register_profile("new", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("folkmoot", settings.get_profile("new"), derandomize=True, max_examples=50)
settings.load_profile("folkmoot")


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Tests that read data from outside the repository are marked, so that ``-m data`` runs them alone.

    Those of the studies repeat papers: they are replications, whatever time they take.
    """
    for item in items:
        if item.path.is_relative_to(ROOT / "studies" / "tests"):
            item.add_marker("replication")
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker("data")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ``data`` of FOLKMOOT_SHARED: data that is not in the repository. The only way to it."""
    named = os.environ.get("FOLKMOOT_SHARED")
    if not named:
        pytest.skip("FOLKMOOT_SHARED is not set, and this test reads data that is not in the repository")
    folder = Path(named) / "data"
    assert folder.is_dir(), f"FOLKMOOT_SHARED names {named}, which has no folder data"
    return folder


@pytest.fixture(scope="session")
def real(shared: Path) -> Callable[[str], Path]:
    """A file or folder of `shared` by name; the test is skipped where this one is not there."""

    def found(name: str) -> Path:
        path = shared / name
        if not path.exists():
            pytest.skip(f"FOLKMOOT_SHARED has no data/{name}")
        return path

    return found


@pytest.fixture(scope="session")
def bowling_green() -> Path:
    """The bundled conversation (CC BY 4.0)."""
    return ROOT / "examples" / "bowling-green"


@pytest.fixture
def conversation(tmp_path: Path) -> Path:
    """See `conversations.write_conversation`."""
    return write_conversation(tmp_path / "conversation")
