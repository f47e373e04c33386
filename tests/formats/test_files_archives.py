"""Zip archives of an export, and lists of comments in one column."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from files_made import xlsx
from formats_samples import POLIS, PROSE

from folkmoot.cli.diagnosis import render
from folkmoot.formats import archive, doctor, read, recognise
from folkmoot.profile import InputError


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return out.getvalue()


def saved(folder: Path, raw: bytes | str, name: str = "export") -> Path:
    path = folder / name
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return path


@pytest.mark.parametrize("within", ["", "export-2031-05/"])
def test_an_export_as_it_is_downloaded(within: str, tmp_path: Path) -> None:
    files = {within + name: text for name, text in POLIS.items()}
    path = saved(tmp_path, zipped({**files, "__MACOSX/._votes.csv": b"\0\1", ".DS_Store": b"\0\1\2"}))
    folder = tmp_path / "unpacked"
    folder.mkdir()
    for name, text in POLIS.items():
        (folder / name).write_text(text, encoding="utf-8")
    one, other = read(path), read(folder)
    assert recognise(path).id == "polis"
    assert (one.agents, one.statements.texts, one.topic) == (other.agents, other.statements.texts, other.topic)
    assert one.answers.value.tolist() == other.answers.value.tolist()
    assert sorted(one.facts["files"]) == sorted(POLIS)


def test_one_table_in_an_archive_and_the_texts_beside_it(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "votes.csv": "participant,statement_id,vote\na,1,1\nb,1,-1\nb,2,0\n".encode("utf-16"),
        "texts.xlsx": xlsx({"A": [["statement_id", "text"], [1.0, "Mehr Bänke"], [2.0, "Ein Brunnen"]]}),
        "photo.jpg": b"\xff\xd8\xff\xe0",
    }
    assert read(saved(tmp_path, zipped(files))).statements.texts == ("Mehr Bänke", "Ein Brunnen")


def test_errors_name_the_file_in_the_archive(tmp_path: Path) -> None:
    path = saved(tmp_path, zipped({"a/answers.csv": PROSE + "x,y\n"}))
    with pytest.raises(InputError, match=r"export/a/answers\.csv, row 4: the row has 2 of 4 columns"):
        read(path)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "the zip archive holds no files"),
        ({"photo.jpg": b"\xff\xd8\xff\xe0\0"}, r"is a zip archive of 'photo\.jpg', and no workbook"),
        ({"word/document.xml": "<a/>", "[Content_Types].xml": "<a/>"}, "is a document, not a table"),
        ({"a.csv": PROSE, "b.csv": PROSE}, r"holds 2 files that could be meant \(a\.csv and b\.csv\)"),
    ],
)
def test_archives_that_hold_nothing_to_read(files: dict[str, str | bytes], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        read(saved(tmp_path, zipped(files)))


def test_archives_are_unpacked_within_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path, zipped({"a.csv": "x" * 100_000}))
    monkeypatch.setattr(archive, "MOST_BYTES", 10_000)
    with pytest.raises(InputError, match="the zip archive holds more than"):
        read(path)
    monkeypatch.setattr(archive, "MOST_BYTES", 1_000_000)
    monkeypatch.setattr(archive, "MOST_FILES", 2)
    with pytest.raises(InputError, match="the zip archive holds more than 2 files"):
        read(saved(tmp_path, zipped({f"{n}.csv": PROSE for n in range(3)})))


def test_an_archive_within_an_archive_is_not_unpacked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is a zip archive of 'inner\.zip'"):
        read(saved(tmp_path, zipped({"inner.zip": zipped({"a.csv": PROSE})})))


LIST = ["Geef de bomen meer water in de zomer", "De bus, maar dan vaker", 'Minder "haast" in het verkeer']


def quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


@pytest.mark.parametrize(
    "header", ["comment", "Kommentare", "What should be done first?", "Your opinion", "意见", "TEXT"]
)
@pytest.mark.parametrize("quotes", [True, False])
def test_a_list_of_comments(header: str, quotes: bool, tmp_path: Path) -> None:
    lines = [quoted(text) if quotes else text for text in LIST]
    path = saved(tmp_path, "\n".join([header, *lines, "", ""]))
    profile = read(path)
    assert profile.agents.texts == tuple((text,) for text in LIST)
    assert profile.agents.ids == ("1", "2", "3")
    assert "one column only: every row is what one participant wrote (3)" in render(doctor(profile))


def test_a_list_in_a_language_without_spaces(tmp_path: Path) -> None:
    path = saved(tmp_path, "コメント\n公園にもっと木を植えてほしい\nバスの本数を増やして\n通学路を安全に\n")
    assert len(read(path).agents.texts) == 3


def test_a_list_without_a_header_is_read_when_asked_for(tmp_path: Path) -> None:
    path = saved(tmp_path, "\n".join(LIST))
    with pytest.raises(
        InputError, match=r"has one column .*; if every row is what one person wrote, say `format='list'`"
    ):
        read(path)
    profile = read(path, format="list")
    assert profile.agents.texts == tuple((text,) for text in LIST)
    assert "no header above the texts: the first row counts as a text too" in render(doctor(profile))


def test_texts_that_say_nothing(tmp_path: Path) -> None:
    profile = read(saved(tmp_path, "\n".join(["comment", *LIST, "keine", "Keine"])), missing=["keine"])
    assert (profile.n_agents, sum(map(len, profile.agents.texts))) == (5, 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("comment\nann@example.org\nben@example.org\n", "looks like e-mail addresses"),
        ("rating\n4\n5\n3\n", "has one column"),
        (
            "Dear all,\n\nthank you for the cake, which was good.\nYours,\nA friend\n",
            "has one column|is recognised|1 of 2 columns",
        ),
    ],
)
def test_what_is_no_list_of_comments(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        read(saved(tmp_path, text))
