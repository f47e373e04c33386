"""An option that a source has no use for is refused, never ignored."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from formats_samples import SINGLE, file_of, polis_folder

from folkmoot.formats import FORMATS, read
from folkmoot.profile import InputError

ASKED: dict[str, Any] = {
    "id_column": "gone",
    "text_columns": ["gone"],
    "weight_column": "gone",
    "group_columns": ["gone"],
    "keep": ["gone"],
}


@pytest.mark.parametrize("field", ASKED)
@pytest.mark.parametrize("name", [*SINGLE, "polis"])
def test_a_column_that_is_not_there_is_refused(name: str, field: str, tmp_path: Path) -> None:
    path = polis_folder(tmp_path / "p") if name == "polis" else file_of(tmp_path, SINGLE[name])
    with pytest.raises(InputError, match=f"`{field}`"):
        read(path, format=name, **{field: ASKED[field]})


@pytest.mark.parametrize("name", sorted({*SINGLE, "polis"} - {"ratings", "ratings-wide", "repeats"}))
def test_scale_and_flip_need_ratings_and_votes(name: str, tmp_path: Path) -> None:
    path = polis_folder(tmp_path / "p") if name == "polis" else file_of(tmp_path, SINGLE[name])
    title = FORMATS[name].title
    with pytest.raises(InputError) as caught:
        read(path, scale=(0, 4))
    assert f"`scale` has no use here: {title} has no ratings" in str(caught.value)
    if name != "polis":
        with pytest.raises(InputError, match="`flip` has no use here"):
            read(path, flip=True)


def test_flip_on_ratings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the table has ratings and no votes"):
        read(file_of(tmp_path, SINGLE["ratings"]), flip=True)


def test_kept_columns_that_are_there(tmp_path: Path) -> None:
    assert read(file_of(tmp_path, SINGLE["pabulib"]), keep=["Age"]).agents.extra == {"Age": ("33", "41", "18")}
    assert read(polis_folder(tmp_path / "p"), group_columns=["group"]).agents.groups["group"]


def test_a_pipe_is_refused_with_advice(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="pipe or device, not a file; save it to a file first"):
        read(tmp_path / "pipe")
    with pytest.raises(InputError, match="save what comes through a pipe"):
        read("-")
