"""What a terminal says in German before and while it works: the diagnosis of a source, and progress."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import typer

import folkmoot as fm
from conversations import write_conversation
from folkmoot.audits.swap import Curve, Interval
from folkmoot.cli.diagnosis import left_out, render, understood
from folkmoot.cli.first_run import source_words, taken_for
from folkmoot.cli.main import main
from folkmoot.cli.messages import flagged
from folkmoot.cli.progress import Progress
from folkmoot.cli.sweep import table
from folkmoot.cli.usage import usage_line
from folkmoot.formats import FORMATS, doctor, read
from folkmoot.queries.language.demo import WARNING
from folkmoot.report.swap_text import swap_text
from folkmoot.report.translations import words
from folkmoot.slates.swapped import SwapTest, advice
from folkmoot.slates.sweep import BudgetFigures

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


def test_the_table_of_budgets_is_german_and_fits() -> None:
    rows = [BudgetFigures(5, 5, 5, 0.71, 0.9, 0.6, None, 1), BudgetFigures(7, 6, 6, 0.7, 0.9, 0.6, 0.02, 0)]
    said = table(rows, "statements", (5, 8), words("de"))
    assert ENGLISH.findall(re.sub(r"--\w+", "", said)) == []
    assert all(len(line) <= 80 for line in said.splitlines())
    assert "Gezeigt sind 2 der 4 Budgets von 5 bis 8." in said
    english = table(rows, "words", (5, 7), words("en")).splitlines()
    assert english[0] == "  budget  statements     agree  expected     worst     draws    left"
    assert english[2] == "       5           5       71%       90%       60%         –       1"


def test_the_line_on_a_language_model_is_german() -> None:
    ledger = {"calls": 2, "input_tokens": 1500, "output_tokens": 90, "cached": 0, "cost": 1234}
    extra = {
        "models": {"a": 1, "b": 1},
        "asked": "a",
        "estimated": 1,
        "learned": {},
        "ahead": {"answered": 3, "used": 1},
        "hits": 1,
        "faults": {"timeout": 1},
    }
    said = usage_line(ledger, extra, words("de"))
    assert ENGLISH.findall(said) == []
    assert said.startswith("Modell: 2 Antworten verwendet, 1.500 Token hinein")
    english = usage_line({**ledger, "cost": None}, {**extra, "ahead": {}, "estimated": 0}, words("en")).splitlines()
    assert english[0] == (
        "model:  2 answers used, 1,500 tokens in (0 of them cached by the endpoint), 90 out, price unknown, "
        "1 answer taken from the ledger instead of being asked for again, 1 attempt without an answer"
    )
    assert english[1] == "        answers came from b, by what they say"


def test_the_swap_curve_and_the_demo_warning_are_german(capsys: pytest.CaptureFixture[str]) -> None:
    one = Interval(0.8, 0.7, 0.9)
    keys = ("self", "0", "0.25", "0.5", "0.75", "0.98", "group", "none")
    gains = Curve({}, {}, one, one, one, one, 100)
    found = SwapTest(True, advice=advice(gains), accuracy=dict.fromkeys(keys, one), loss=dict.fromkeys(keys, one))
    said = swap_text(found, words("de"))
    assert ENGLISH.findall(said) == []
    assert "0,800  [0,700; 0,900]" in said
    Progress(quiet=False, lang="de").tell(WARNING)
    assert ENGLISH.findall(capsys.readouterr().err) == []


def test_what_nobody_did_is_not_said() -> None:
    diagnosis = doctor(fm.example())
    assert diagnosis.under_floor
    assert "gave fewer than" in render(diagnosis, words("en"))
    assert "gave fewer than" not in render(replace(diagnosis, under_floor=0), words("en"))
