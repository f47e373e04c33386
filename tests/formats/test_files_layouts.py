"""Any table in any layout that people's programs write is read back equal; damaged files end in one sentence."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from files_made import dta, ods, sav, xlsx
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.cli.diagnosis import render
from folkmoot.formats import FORMATS, doctor, read
from folkmoot.formats.base import heads_of
from folkmoot.profile import FolkmootError

Rows = list[list[str]]

LETTERS = st.characters(categories=["L", "N", "P", "S", "Zs"], max_codepoint=0x2FFFF)
CELL = st.text(LETTERS, max_size=20).map(str.strip)
WORD = st.text(st.characters(categories=["L"], max_codepoint=0x2FFFF), min_size=2, max_size=8)


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    """Tables with a name for every column and something in the first cell of every row."""
    width = draw(st.integers(2, 5))
    header = draw(st.lists(WORD, min_size=width, max_size=width, unique_by=str.casefold))
    count = draw(st.integers(2, 6))
    return [header, *([f"p{n}", *draw(st.lists(CELL, min_size=width - 1, max_size=width - 1))] for n in range(count))]


def as_csv(rows: Sequence[Sequence[str]], delimiter: str = ",", quoting: int = csv.QUOTE_ALL, end: str = "\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def zipped(name: str, raw: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, raw)
    return out.getvalue()


def records(rows: Rows) -> list[dict[str, str]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


LAYOUTS: dict[str, Callable[[Rows], bytes]] = {
    "commas": lambda rows: as_csv(rows).encode(),
    "semicolons": lambda rows: as_csv(rows, ";", end="\r\n").encode(),
    "tabs": lambda rows: as_csv(rows, "\t").encode(),
    "a mark": lambda rows: codecs.BOM_UTF8 + as_csv(rows).encode(),
    "Unicode text of a spreadsheet": lambda rows: as_csv(rows, "\t", end="\r\n").encode("utf-16"),
    "UTF-16, big end first": lambda rows: codecs.BOM_UTF16_BE + as_csv(rows).encode("utf-16-be"),
    "UTF-32": lambda rows: as_csv(rows).encode("utf-32"),
    "sep=": lambda rows: ("sep=;\r\n" + as_csv(rows, ";", end="\r\n")).encode(),
    "gzip": lambda rows: gzip.compress(as_csv(rows).encode()),
    "empty rows": lambda rows: as_csv([*rows[:2], [""] * len(rows[0]), *rows[2:], [""] * len(rows[0])]).encode(),
    "xlsx": lambda rows: xlsx({"Tabelle1": rows}),
    "ods": ods,
    "JSON": lambda rows: json.dumps(records(rows)).encode(),
    "JSON, letters as they are": lambda rows: json.dumps({"rows": records(rows)}, ensure_ascii=False).encode(),
    "JSON lines": lambda rows: "\n".join(map(json.dumps, records(rows))).encode(),
    "zip": lambda rows: zipped("export/table.csv", as_csv(rows).encode()),
    "zip of a workbook": lambda rows: zipped("table.xlsx", xlsx({"A": rows})),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=25, deadline=None)
@given(tables())
def test_any_table_in_any_layout(layout: str, rows: Rows) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(LAYOUTS[layout](rows))
        (head,) = heads_of(path)
        table = head.open()
        got = [list(table.header), *(cells for _, cells in table.rows())]
        assert [[" ".join(cell.split()) for cell in row] for row in got] == [
            [" ".join(cell.split()) for cell in row] for row in rows
        ]
        assert [cells for _, cells in head.sample()] == got[1:]


@settings(max_examples=60, deadline=None)
@given(tables(), st.lists(WORD, min_size=1, max_size=3))
def test_any_title_above_any_table(rows: Rows, titles: list[str]) -> None:
    rows = [[*row, "x"] for row in rows]  # three columns at least
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        for above in (
            "".join(f"{title} 2031\n" for title in titles),
            "".join(f"{title} 2031{',' * (len(rows[0]) - 1)}\n" for title in titles),
        ):
            path.write_text(above + as_csv(rows), encoding="utf-8", newline="")
            (head,) = heads_of(path)
            assert list(head.open().header) == rows[0]
            assert [note.count for note in head.notes.all()] == [len(titles)]


def outcome(path: Path, format: str | None = None) -> None:
    """Reads; the error must be one of ours and one sentence."""
    sentence = ""
    try:
        assert render(doctor(read(path, format=format)))
    except FolkmootError as error:
        sentence = str(error) or "\n"
    assert "\n" not in sentence


TEXTS: Rows = [["user_id", "data"], ["a", "Weniger Lärm am Abend"], ["b", "Mehr Bänke im Park"]]
WHOLE = {
    "xlsx": xlsx({"A": TEXTS, "B": TEXTS}),
    "ods": ods(TEXTS),
    "zip": zipped("answers.csv", as_csv(TEXTS).encode()),
    "sav": sav({"id": ["a", "b"], "q": [1.0, 2.0]}, {"q": "Why?"}, {"q": {1.0: "yes", 2.0: "no"}}),
    "dta": dta({"id": ["a", "b"], "q": [1.0, 2.0]}, {"q": "Why?"}, {"q": {1: "yes", 2: "no"}}),
    "JSON": json.dumps(records(TEXTS)).encode(),
    "Polis JSON": b'[{"pid":0,"tid":0,"vote":-1,"modified":"1"},{"pid":1,"tid":0,"vote":1,"modified":"2"}]',
    "UTF-16": as_csv(TEXTS).encode("utf-16"),
    "cp1252": as_csv(TEXTS).encode("cp1252"),
    "list": "comment\nWeniger Lärm am Abend\nMehr Bänke im Park\n".encode(),
}


@pytest.mark.parametrize(
    "kind",
    # A process of its own for every damaged file.
    [pytest.param(kind, marks=pytest.mark.long) if kind in ("sav", "dta") else kind for kind in WHOLE],
)
def test_damaged_files_end_in_one_sentence(kind: str, tmp_path: Path) -> None:
    whole, path = WHOLE[kind], tmp_path / "file"
    rng = np.random.default_rng(len(whole))
    for number in range(12 if kind in ("sav", "dta") else 40):  # these take a process each
        raw = bytearray(whole)
        if number % 2:
            for _ in range(int(rng.integers(1, 8))):
                raw[int(rng.integers(0, len(raw)))] = int(rng.integers(0, 256))
        if number % 3 == 0:
            del raw[int(rng.integers(0, len(raw))) :]
        if number % 5 == 0:
            at = int(rng.integers(0, len(raw) + 1))
            raw[at:at] = rng.bytes(int(rng.integers(1, 30)))
        path.write_bytes(raw)
        outcome(path)


STARTS = [b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
STARTS += [b"[{", b'{"rows": [', b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"sep=;\n", b"comment\n", b"\x1f\x8b"]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=300), st.sampled_from([None, *FORMATS]))
def test_any_bytes_after_a_known_beginning(start: bytes, rest: bytes, format: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(start + rest)
        outcome(path, format)
