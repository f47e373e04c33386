"""What a terminal says in German before and while it works: the diagnosis of a source, and progress."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from conversations import write_conversation
from folkmoot.cli.diagnosis import left_out, render, understood
from folkmoot.cli.first_run import source_words, taken_for
from folkmoot.cli.main import main
from folkmoot.cli.messages import flagged
from folkmoot.cli.progress import Progress
from folkmoot.formats import FORMATS, doctor, read
from folkmoot.report.translations import words

#: English words that no German sentence has.
ENGLISH = re.compile(
    r"\b(the|and|of|are|is|were|that|which|who|with|from|not|no|column|columns|read|row|answers|people|"
    r"participants|each|best|worst|texts|votes)\b"
)
FORM = (
    "Zeitstempel;Name;Wie finden Sie [Mehr Radwege];Wie finden Sie [Mehr Busse];Was fehlt?\n"
    "2026-01-02 10:00;Ada;stimme voll zu;stimme eher zu;Mehr Bäume an der Hauptstraße wären schön.\n"
    "2026-01-02 10:01;Bo;stimme eher nicht zu;stimme voll zu;Die Schule braucht ein neues Dach.\n"
    "2026-01-02 10:02;Cy;stimme voll zu;stimme gar nicht zu;\n"
)


def plain(text: str) -> str:
    """A diagnosis without names of the source, of formats and of files."""
    names = r"'[^']*'|\([\w., -]*\.\w+[^)]*\)|\[[^\]]*\]|--[\w-]+|^Format.*$"
    return re.sub(names, "", flagged(text), flags=re.MULTILINE)


@pytest.mark.parametrize("options", [{}, {"rating_columns": ["Wie*"]}])
def test_a_form_is_diagnosed_in_german(options: dict[str, list[str]], tmp_path: Path) -> None:
    file = tmp_path / "form.csv"
    file.write_text(FORM, "utf-8")
    said = render(doctor(read(file, **options)), words("de"))  # type: ignore[arg-type]
    assert ENGLISH.findall(plain(said)) == []
    assert "Teilnehmende   3, jede Zeile eine Person" in said
    assert ENGLISH.search(plain(render(doctor(read(file, **options)))))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(name for name, each in FORMATS.items() if each.example))
def test_every_format_is_diagnosed_in_german(name: str, tmp_path: Path) -> None:
    file = tmp_path / "example"
    file.write_text(FORMATS[name].example, "utf-8")
    try:
        profile = read(file, format=name)
    except ValueError:
        pytest.skip("the example is one of several files")
    diagnosis = doctor(profile)
    lines = [*understood(diagnosis, words("de")), *left_out(diagnosis, words("de"))]
    assert ENGLISH.findall(plain("\n".join(lines))) == []


def test_a_conversation_is_diagnosed_in_the_language_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_conversation(tmp_path / "c")
    monkeypatch.setattr("sys.argv", ["folkmoot", "doctor", str(folder), "--lang", "de"])
    with pytest.raises(SystemExit) as end:
        main()
    printed = capsys.readouterr()
    assert end.value.code in (0, None)
    assert re.search(r"^weiter +folkmoot slate ", printed.out, re.MULTILINE)
    assert re.search(r"^Antworten +[\d.]+ \(.*lehnen ab: ", printed.out, re.MULTILINE)
    assert printed.err.splitlines() == ["lesen …"]


def test_columns_of_numbers_and_their_scale_are_named_in_german(tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    rows = "".join(f"p{i},{1 + i % 5},{1 + i % 4}\n" for i in range(12))
    file.write_text("id,Mehr Radwege?,Leo's Park\n" + rows, "utf-8")
    found = doctor(read(file))
    assert len(found.opinions) == 2
    text = render(found, words("de"))
    assert "in Spalte 'Mehr Radwege?' (1 bis 5); Spalte \"Leo's Park\" (1 bis 5)" in text.replace(
        "(1 bis 4)", "(1 bis 5)"
    )


def test_without_a_wish_it_is_the_language_of_the_source(tmp_path: Path) -> None:
    file = tmp_path / "form.csv"
    file.write_text(FORM, "utf-8")
    profile = read(file)
    assert source_words(profile, "").code == "de"
    assert source_words(profile, "en").code == "en"
    assert taken_for(profile, source_words(profile, "")).startswith("Format         google-forms")
    assert source_words(read(write_conversation(tmp_path / "c")), "").code == "en"


def test_progress_in_german(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    progress = Progress(quiet=False, clock=lambda: now[0], lang="de")
    progress("drawing unknown answers", 0.0)
    now[0] = 31.0
    progress("drawing unknown answers", 0.25)
    now[0] = 7500.0
    progress("drawing unknown answers", 0.0)
    progress("auditing", 0.0)
    now[0] = 7600.0
    progress.detail("12 calls done", "3 a minute", "about 2 min left")
    progress("a stage that no catalogue has", 0.0)
    assert capsys.readouterr().err.splitlines() == [
        "unbekannte Antworten ziehen …",
        "unbekannte Antworten ziehen: 25\u202f% erledigt, noch etwa 2 Minuten …",
        "unbekannte Antworten ziehen: bisher 2 Stunden, 5 Min. …",
        "prüfen …",
        "prüfen: 12 Aufrufe erledigt, 3 je Minute, noch etwa 2 Min. …",
        "a stage that no catalogue has …",
    ]


def test_an_interruption_is_said_in_german(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), Progress(quiet=True, lang="de"):
        raise KeyboardInterrupt
    assert capsys.readouterr().err == "folkmoot: abgebrochen; nichts wurde geschrieben\n"
