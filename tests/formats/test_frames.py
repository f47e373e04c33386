"""Tables in memory are read as the same tables in files are."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from formats_samples import GOOGLE, LIMESURVEY, RATINGS, REPEATS, WIDE

import folkmoot as fm
from folkmoot.formats import read, recognise
from folkmoot.formats.frames import cell
from folkmoot.profile import InputError, Profile, fingerprint

pytestmark = pytest.mark.filterwarnings("error")

COLUMNS: dict[str, list[Any]] = {"participant": [7, 8, 9], "s1": [1, -1, None], "s2": [0, 1, 1]}


class Frame:
    """What pandas offers, as far as reading needs it, so that the way is tested where pandas is not installed."""

    class _Column(list[Any]):
        dtype = object

        def tolist(self) -> list[Any]:
            return list(self)

    class _Index:
        dtype: Any = np.dtype("int64")

        def __init__(self, names: list[str | None], values: list[Any]) -> None:
            self.names, self._values = names, values
            if values and isinstance(values[0], str):
                self.dtype = np.dtype(object)

        def get_level_values(self, name: str) -> Frame._Column:
            return Frame._Column(self._values)

    class _Places:
        def __init__(self, columns: list[list[Any]]) -> None:
            self._columns = columns

        def __getitem__(self, key: tuple[slice, int]) -> Frame._Column:
            return Frame._Column(self._columns[key[1]])

    def __init__(
        self, columns: dict[Any, list[Any]], index: str | None = None, labels: list[Any] | None = None
    ) -> None:
        rows = len(next(iter(columns.values())))
        self.columns = list(columns)
        self.iloc = Frame._Places(list(columns.values()))
        self.index = Frame._Index([index], list(range(rows)) if labels is None else labels)

    def __len__(self) -> int:
        return len(self.iloc[slice(None), 0])


def pandas_frame(columns: dict[str, list[Any]]) -> Any:
    return pytest.importorskip("pandas", reason="pandas is not installed").DataFrame(columns)


def polars_frame(columns: dict[str, list[Any]]) -> Any:
    return pytest.importorskip("polars", reason="polars is not installed").DataFrame(columns)


def lazy_frame(columns: dict[str, list[Any]]) -> Any:
    return polars_frame(columns).lazy()


def records(columns: dict[str, list[Any]]) -> Any:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


MAKERS: list[Callable[[dict[str, list[Any]]], Any]] = [
    Frame,
    pandas_frame,
    polars_frame,
    lazy_frame,
    records,
    dict,
    lambda columns: {name: np.array(values, dtype=object) for name, values in columns.items()},
]


@pytest.mark.parametrize("made", MAKERS)
def test_every_table_is_the_table_of_a_file(made: Callable[[dict[str, list[Any]]], Any], tmp_path: Path) -> None:
    file = tmp_path / "votes.csv"
    file.write_text("participant,s1,s2\n7,1,0\n8,-1,1\n9,,1\n", encoding="utf-8")
    table = made(COLUMNS)
    assert fingerprint(read(table)) == fingerprint(read(file))
    assert recognise(table).id == recognise(file).id == "ratings-wide"
    kept = made({**COLUMNS, "town": ["A", "B", "A"]})
    assert read(kept, group_columns=["town"]).agents.groups == {"town": ("A", "B", "A")}


@pytest.mark.parametrize("text", [RATINGS, WIDE, GOOGLE, REPEATS, LIMESURVEY.lstrip("\ufeff")])
@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_what_a_library_reads_from_a_file_says_the_same(text: str, library: str, tmp_path: Path) -> None:
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    file = tmp_path / "survey.csv"
    file.write_text(text, encoding="utf-8")
    frame = module.read_csv(io.StringIO(text))
    from_file, from_frame = read(file), read(frame)
    assert fingerprint(from_frame) == fingerprint(from_file)
    assert from_frame.facts.get("opinions") == from_file.facts.get("opinions")
    assert from_frame.facts.get("direction") == from_file.facts.get("direction")


@pytest.mark.long
def test_frames_by_name_are_the_files_of_a_folder(bowling_green: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    names = ("comments.csv", "participants-votes.csv.gz")
    frames = {name: pandas.read_csv(bowling_green / name) for name in names}
    assert fingerprint(read(frames)) == fingerprint(fm.example())
    with pytest.raises(InputError, match="frames: holds 2 files that could be meant"):
        read({"a": Frame(COLUMNS), "b": Frame(COLUMNS)})


def test_row_labels_with_a_name_are_a_column_and_others_are_mentioned() -> None:
    columns = {"s1": [1, -1, 1], "s2": [0, 1, 1]}
    named = read(Frame(columns, "participant", ["a", "b", "c"]))
    assert named.agents.ids == ("a", "b", "c")
    unnamed = read(Frame(columns, None, ["a", "b", "c"]))
    assert any("row labels without a name" in note.what and note.count == 3 for note in unnamed.notes)
    assert not any("row labels" in note.what for note in read(Frame(columns)).notes)


def test_a_list_of_texts_is_one_however_short_they_are() -> None:
    assert read(["More buses", "Fewer cars"]).agents.texts == (("More buses",), ("Fewer cars",))


def test_texts_and_nested_records() -> None:
    profile = read(["More trees along the river", "Fewer cars in the old town"])
    assert profile.agents.texts == (("More trees along the river",), ("Fewer cars in the old town",))
    rows = [
        {"user_id": 1, "data": "More trees please", "tags": ["x"]},
        {"user_id": 2, "data": "Fewer cars", "tags": []},
    ]
    assert any(note.what == "lists and records within 'tags', left out" for note in read(rows).notes)


def test_weights_may_be_a_column() -> None:
    weighted = read({**COLUMNS, "weight": [1, 2, 3]})
    assert weighted.masses.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("source", "match"),
    [
        (3, "cannot read an object of type int"),
        ([1, 2], "list: a list that holds neither records nor texts"),
        ([{"a": 1}, "b"], "list: a list of records and texts in one"),
        ({"a": [1], "b": [1, 2]}, r"dict: columns of different lengths \('a' 1, 'b' 2\)"),
        ({"a": "xyz"}, "dict: column 'a' is no list of values"),
        ({}, "dict: holds no columns"),
        ([], "list: JSON that holds an empty list"),
    ],
)
def test_what_is_no_table_is_refused(source: object, match: str) -> None:
    with pytest.raises(InputError, match=match):
        read(cast("Any", source))


def test_cells_are_what_a_sheet_would_show() -> None:
    assert cell(np.float64(3)) == cell(np.int64(3)) == cell(3.0) == "3"
    assert cell(np.bool_(True)) == "TRUE"
    assert cell(Decimal("2.50")) == "2.5"
    assert cell(Decimal("nan")) == cell(np.nan) == cell(np.datetime64("NaT")) == ""
    assert cell(datetime.date(2024, 3, 1)) == cell(np.datetime64("2024-03-01")) == "2024-03-01"


def test_no_library_is_loaded_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in ("pandas", "polars", "pyarrow"):
        monkeypatch.setitem(sys.modules, name, None)
    profile = read(cast("Any", Frame(dict(COLUMNS))))
    assert isinstance(profile, Profile)
    assert profile.agents.ids == ("7", "8", "9")
