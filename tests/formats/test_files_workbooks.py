"""Workbooks and files of statistics programs: what people see in them is what is read."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import pytest
from files_made import Cell, dta, ods, sav, xlsx

from folkmoot.cli.diagnosis import render
from folkmoot.formats import doctor, read, recognise
from folkmoot.formats.base import Head, head_of
from folkmoot.profile import InputError, MissingExtraError

TEXTS: list[list[Cell]] = [
    ["user_id", "data", "score"],
    ["n1", "Plus de bancs au bord du lac", 4.0],
    ["n2", "Un tram jusqu’à la gare", 3.5],
]
COLUMNS: dict[str, list[float | str]] = {
    "respid": ["r1", "r2", "r3", "r4"],
    "trams": [1.0, 2.0, 9.0, 2.0],
    "parks": [5.0, 2.0, 1.0, 98.0],
}


def saved(folder: Path, raw: bytes, name: str = "answers") -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


def table(head: Head) -> list[list[str]]:
    opened = head.open()
    return [list(opened.header), *(cells for _, cells in opened.rows())]


def noted(head: Head) -> str:
    return "; ".join(f"{note.count} {note.what}" for note in head.notes.all())


@pytest.mark.parametrize("make", [lambda rows: xlsx({"Blatt 1": rows}), ods], ids=["xlsx", "ods"])
def test_a_workbook_is_a_table(make: object, tmp_path: Path) -> None:
    assert callable(make)
    path = saved(tmp_path, make(TEXTS))
    head = head_of(path)
    assert (head.what, head.text) == ("workbook", "")
    assert table(head) == [["user_id", "data", "score"], ["n1", TEXTS[1][1], "4"], ["n2", TEXTS[2][1], "3.5"]]
    assert recognise(path).id == "texts"
    assert read(path, text_columns=["data"]).agents.texts == ((TEXTS[1][1],), (TEXTS[2][1],))


def test_cells_as_people_see_them(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["id", "day", "time", "yes", "whole", "part", "long"]]
    rows.append(["a", "date:45413", "date:45413.75", True, 7.0, 0.1, 1714782753431.0])
    rows.append([12.0, "", None, False, -3.0, 1e-7, 0.30000000000000004])
    assert table(head_of(saved(tmp_path, xlsx({"A": rows}))))[1:] == [
        ["a", "2024-05-01", "2024-05-01 18:00:00", "TRUE", "7", "0.1", "1714782753431"],
        ["12", "", "", "FALSE", "-3", "1e-07", "0.3"],
    ]


def test_a_title_and_empty_columns_and_rows_in_a_workbook(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["Umfrage Altstadt"],
        ["Stand 4. Mai", ""],
        [],
        *TEXTS,
        ["", ""],
        ["n3", "Kein Auto", 1.0],
    ]
    head = head_of(saved(tmp_path, xlsx({"A": rows}, first_row=3)))
    assert table(head)[0] == ["user_id", "data", "score"]
    assert len(table(head)) == 4
    assert "2 rows above the header, which is taken to be row 6: a title" in noted(head)
    assert head.open().rows().__next__()[0] == 7


def test_the_first_sheet_with_a_table(tmp_path: Path) -> None:
    sheets: dict[str, list[list[Cell]]] = {
        "Cover": [["Read me"], ["then go on"]],
        "Hidden": TEXTS,
        "Antworten": TEXTS,
        "Summen": [["a", "b"], [1.0, 2.0]],
        "Leer": [],
    }
    head = head_of(saved(tmp_path, xlsx(sheets, hidden=["Hidden"])))
    assert table(head)[1][0] == "n1"
    assert "2 sheets of the workbook that are not read: 'Cover', 'Summen'; sheet 'Antworten' is" in noted(head)
    moved = {"Summen": sheets["Summen"], **sheets}  # the remedy works
    assert table(head_of(saved(tmp_path, xlsx(moved, hidden=["Hidden"]))))[0] == ["a", "b"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (xlsx({"A": []}), "the workbook holds no table; its sheets are empty"),
        (xlsx({"A": TEXTS})[:-40], r"is an Excel workbook or a zip archive that is cut or damaged \(.*\); .* CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 3000, r"the workbook is cut or damaged \(.*\); .* CSV"),
        (b"PK\x03\x04" + b"nothing", r"an Excel workbook .* CSV"),
        (sav(COLUMNS)[:-60], r"the SPSS file is cut or damaged \(.*\); fetch it again, or save the data as CSV"),
        (dta(COLUMNS)[:300], r"the Stata file is cut or damaged \(.*\); fetch it again, or save the data as CSV"),
    ],
)
def test_what_is_damaged_says_so_in_one_sentence(raw: bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(saved(tmp_path, raw))
    assert "\n" not in str(caught.value)
    assert "column" not in str(caught.value)  # none can be named


@pytest.mark.parametrize(
    ("raw", "module", "message"),
    [
        (
            xlsx({"A": TEXTS}),
            "python_calamine",
            r"workbook needs python-calamine: pip install 'folkmoot\[tables\]'; .* CSV",
        ),
        (
            sav(COLUMNS),
            "pyreadstat",
            r"SPSS needs pyreadstat: pip install 'folkmoot\[tables\]'; or save the data as CSV",
        ),
    ],
)
def test_without_the_extra(
    raw: bytes, module: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=message):
        read(saved(tmp_path, raw))


def test_a_workbook_beside_the_votes(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["statement_id", "text"], [1.0, "Mehr Schatten"], [2.0, "Weniger Lärm"]]
    saved(tmp_path, xlsx({"A": rows}), "texts.xlsx")
    votes = saved(tmp_path, b"participant,statement_id,vote\na,1,1\na,2,-1\nb,1,1\n", "votes.csv")
    assert read(votes).statements.texts == ("Mehr Schatten", "Weniger Lärm")


@pytest.mark.parametrize("make", [sav, dta])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_statistics_file_is_a_table(make: object, pack: object, tmp_path: Path) -> None:
    assert callable(make)
    assert callable(pack)
    questions = {"trams": "Un tram jusqu’à la gare ?", "parks": "Plus de parcs ?"}
    labels = {"trams": {1.0: "d’accord", 2.0: "pas d’accord", 9.0: "sans avis"}}
    if make is dta:
        labels = {"trams": {1: "d’accord", 2: "pas d’accord", 9: "sans avis"}}
    head = head_of(saved(tmp_path, pack(make(COLUMNS, questions, labels))))
    assert [row[1] for row in table(head)] == ["trams", "d’accord", "pas d’accord", "sans avis", "pas d’accord"]
    assert [row[2] for row in table(head)] == ["parks", "5", "2", "1", "98"]
    assert head.open().questions == ("", questions["trams"], questions["parks"])
    assert head.open().labels == ((), ("d’accord", "pas d’accord", "sans avis"), ())
    assert head.what in ("SPSS file", "Stata file")


def test_values_declared_as_missing_are_empty_and_counted(tmp_path: Path) -> None:
    labels = {"trams": {1.0: "for", 2.0: "against", 9.0: "refused"}}
    head = head_of(saved(tmp_path, sav(COLUMNS, labels=labels, missing={"trams": [9.0], "parks": [98.0, 99.0]})))
    assert [row[1:] for row in table(head)[1:]] == [["for", "5"], ["against", "2"], ["", "1"], ["against", ""]]
    assert "2 values that the file declares as missing, read as empty" in noted(head)


def test_a_scale_whose_ends_only_have_labels_stays_a_scale(tmp_path: Path) -> None:
    labels = {"parks": {1.0: "never", 5.0: "always", 98.0: "don't know"}}
    head = head_of(saved(tmp_path, sav(COLUMNS, labels=labels)))
    assert [row[2] for row in table(head)[1:]] == ["5", "2", "1", "don't know"]


def test_doctor_says_what_was_read(tmp_path: Path) -> None:
    sheets: dict[str, list[list[Cell]]] = {"A": TEXTS, "B": [["x", "y"], ["1", "2"]]}
    text = render(doctor(read(saved(tmp_path, xlsx(sheets)), text_columns=["data"])))
    assert "sheets of the workbook that are not read: 'B'" in text
