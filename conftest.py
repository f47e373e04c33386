"""Fixtures that the tests of the library and those of the studies share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from conversations import write_conversation

ROOT = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with data that is not in the repository; FOLKMOOT_SHARED names another place for it."""
    folder = Path(os.environ.get("FOLKMOOT_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"{folder} is not here: this test reads data that may not be in the repository")
    return folder / "data"


@pytest.fixture(scope="session")
def bowling_green() -> Path:
    """The bundled conversation (CC BY 4.0)."""
    return ROOT / "examples" / "bowling-green"


@pytest.fixture
def conversation(tmp_path: Path) -> Path:
    """See `conversations.write_conversation`."""
    return write_conversation(tmp_path / "conversation")
