"""Survey exports: unfinished answers, ratings without the tool's own columns, HTML entities."""

from __future__ import annotations

import csv
import html
from collections.abc import Callable
from pathlib import Path

import pytest
from formats_samples import GOOGLE, LIMESURVEY, PROSE, QUALTRICS, RATINGS, file_of

from folkmoot.cli.diagnosis import render
from folkmoot.formats import doctor, read
from folkmoot.profile import InputError


def test_unfinished_answers_are_kept_and_counted(tmp_path: Path) -> None:
    lime = read(file_of(tmp_path, LIMESURVEY.replace('"2","2024-01-01 11:00:00"', '"2",""')))
    assert lime.n_agents == 2
    assert "seen           1 unfinished answer [file.txt row 3]" in render(doctor(lime))
    qualtrics = read(file_of(tmp_path, QUALTRICS.replace("192.0.2.8,100,300,True", "192.0.2.8,50,300,False")))
    assert qualtrics.n_agents == 2
    assert "seen           1 unfinished answer [file.txt row 5]" in render(doctor(qualtrics))
    assert "unfinished" not in render(doctor(read(file_of(tmp_path, LIMESURVEY))))


def test_ratings_in_survey_exports_leave_the_system_columns_out(tmp_path: Path) -> None:
    lime = LIMESURVEY.replace('"Y"', '"5"').replace('"N"', '"2"')
    profile = read(file_of(tmp_path, lime), format="ratings-wide")
    assert (profile.agents.ids, profile.statements.ids) == (("1", "2"), ("G1Q2[SQ001]",))
    qualtrics = QUALTRICS.replace(",Very\n", ",4\n").replace(",Not\n", ",1\n").replace("cars here.,4", "cars here.,2")
    profile = read(file_of(tmp_path, qualtrics), format="ratings-wide")
    assert (profile.agents.ids, profile.statements.ids) == (("R_1", "R_2"), ("Q2",))
    assert profile.statements.texts == ("How sure?",)
    google = GOOGLE.replace(",Yes", ",5").replace(",No", ",1")
    profile = read(file_of(tmp_path, google), format="ratings-wide")
    assert (profile.agents.ids, profile.statements.ids) == (("1", "2"), ("Do you own a car?",))


def test_a_survey_without_ratings_says_so(tmp_path: Path) -> None:
    lime, google = LIMESURVEY.replace('"Y"', '"red"').replace('"N"', '"blue"'), GOOGLE.replace(",Yes", ",red")
    for text in (lime, QUALTRICS.replace(",Very", ",red"), google.replace(",No", ",blue")):
        with pytest.raises(InputError, match="no column holds ratings"):
            read(file_of(tmp_path, text), format="ratings-wide")


def test_system_columns_of_a_cut_export_are_no_statements(tmp_path: Path) -> None:
    text = "id,seed,lastpage,interviewtime,Progress,Buses\n1,77,2,33.1,100,4\n2,78,2,41.0,100,1\n"
    assert read(file_of(tmp_path, text)).statements.ids == ("Buses",)


def test_html_entities_are_decoded_and_counted(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, PROSE.replace("I want", "I&#039;ve R&D &amp; want")))
    assert profile.agents.texts[0] == ("I've R&D & want more buses.",)
    assert "changed        HTML entities in texts were decoded [file.txt row 2]" in render(doctor(profile))
    (tmp_path / "statements.csv").write_text("statement_id,text\ns1,Buses &amp; bikes\ns2,B&B\n")
    assert read(file_of(tmp_path, RATINGS)).statements.texts == ("Buses & bikes", "B&B")


def test_prose_texts_are_the_decoded_ones_of_the_file(real: Callable[[str], Path]) -> None:
    folder = real("prose/drugs_80")
    with (folder / "agents.csv").open(encoding="utf-8", newline="") as stream:
        said = [html.unescape(row["text"]) for row in csv.DictReader(stream)]
    profile = read(folder)
    assert [texts[0] for texts in profile.agents.texts] == said
    assert not any("&#039;" in text for text in said)
