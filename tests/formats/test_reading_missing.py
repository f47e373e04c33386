"""Values that are no answers: by themselves, said by the caller, or asked about."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_helpers import OPINIONS, refused, said, saved, table, values

from folkmoot.formats import read


def survey(tmp_path: Path, *code: object) -> Path:
    rows = [[f"h{i}", code[i // 6 % len(code)] if i % 6 == 0 else 1 + i % 5, 1 + (i + 2) % 5] for i in range(24)]
    return saved(tmp_path, table(["household", "noise", "dirt"], [[f"h{i}", *row[1:]] for i, row in enumerate(rows)]))


@pytest.mark.parametrize("code", [99, -99, 88, 999, -1, 9])
def test_codes_that_stand_apart_are_asked_about_and_both_remedies_work(code: int, tmp_path: Path) -> None:
    path = survey(tmp_path, code)
    message = refused(path, f"apart from them, {code}")
    assert f"`missing=['{code}']`" in message
    without = read(path, missing=[str(code)])
    assert (len(without.answers), without.answers.scale.high) == (44, 5)
    low, high = min(code, 1), max(code, 5)
    assert f"`scale=({low}, {high})`" in message
    assert len(read(path, scale=(low, high)).answers) == 48


def test_several_codes_at_once(tmp_path: Path) -> None:
    path = survey(tmp_path, 77, 88, 99)
    refused(path, "77, 88, 99.*missing")
    assert len(read(path, missing=["77", "88", "99.0"]).answers) == 44


@pytest.mark.parametrize(
    "word", ["NA", "N/A", "null", "NaN", "-", "", "  ", "k. A.", "ne sait pas", "無回答", "不知道"]
)
def test_words_for_nothing_are_no_answers(word: str, tmp_path: Path) -> None:
    profile = read(survey(tmp_path, word))
    assert (len(profile.answers), profile.answers.scale.high) == (44, 5)
    assert not word.strip() or "4 cells that are no answers" in said(profile)


def test_an_unknown_word_among_numbers_is_asked_about(tmp_path: Path) -> None:
    path = survey(tmp_path, "whatever")
    refused(path, "'whatever' is not a number; if it is no answer, name it with `missing`")
    assert len(read(path, missing=["Whatever"]).answers) == 44


def test_a_code_of_some_columns_only(tmp_path: Path) -> None:
    rows = [[f"h{i}", 8 if i % 9 == 0 else 1 + i % 7, 1 + (i + 3) % 7] for i in range(40)]
    path = saved(tmp_path, table(["person_id", "noise", "dirt"], rows))
    refused(path, r"apart from them, 8.*missing=\['8'\]")
    assert read(path, missing=["8"]).answers.scale.high == 7


@pytest.mark.parametrize("highest", [7, 9, 10])
def test_scales_that_end_where_codes_begin_are_read(highest: int, tmp_path: Path) -> None:
    rows = [[f"h{i}", 1 + i % highest, 1 + (i + 4) % highest] for i in range(40)]
    assert read(saved(tmp_path, table(["person_id", "noise", "dirt"], rows))).answers.scale.high == highest


def test_open_answers_that_say_nothing_are_no_texts(tmp_path: Path) -> None:
    rows = [[f"a{i}", text] for i, text in enumerate([*OPINIONS, "n/a", "-", "Keine Meinung", "No", ""])]
    profile = read(saved(tmp_path, table(["participant", "Anything else you wish?"], rows)))
    assert profile.n_agents == 13
    assert sum(map(len, profile.agents.texts)) == 9  # No is an answer
    assert "participants who wrote nothing" in said(profile)


def test_blanks_are_no_loss(tmp_path: Path) -> None:
    profile = read(survey(tmp_path, ""))
    assert not [note for note in profile.notes if note.kind == "dropped"]
    assert values(profile, "dirt")[:3] == [3, 4, 5]


def test_labels_that_stand_for_no_answer(tmp_path: Path) -> None:
    labels = ["1 - Very bad", "2 - Bad", "3 - Good", "4 - Very good", "5 - Don't know"]
    rows = [[f"p{i}", labels[i % 5], labels[(i + 2) % 5]] for i in range(10)]
    profile = read(saved(tmp_path, table(["participant", "noise", "dirt"], rows)))
    assert (len(profile.answers), profile.answers.scale.high) == (16, 4)


def test_what_programs_write_for_nothing(tmp_path: Path) -> None:
    for nothing in ("#NULL!", ".", "<NA>", "None"):
        assert len(read(survey(tmp_path, nothing)).answers) == 44


def test_an_unknown_answer_among_known_words_is_asked_about(tmp_path: Path) -> None:
    rows = [[f"p{i}", "It depends" if i == 7 else ["agree", "disagree"][i % 2], "agree"] for i in range(10)]
    path = saved(tmp_path, table(["participant", "noise", "dirt"], rows))
    refused(path, "'It depends' is not a known answer; if it is no answer, name it with `missing`")
    assert len(read(path, missing=["it depends"]).answers) == 19


@pytest.mark.parametrize("legend", ["(1 = agree, 4 = disagree, 5 = don't know)", "(5 = keine Angabe)"])
def test_numbers_that_the_question_calls_no_answer(legend: str, tmp_path: Path) -> None:
    header = ["participant", f"Noise {legend}", f"Dirt {legend}"]
    profile = read(saved(tmp_path, table(header, [[f"p{i}", 1 + i % 5, 1 + (i + 2) % 5] for i in range(10)])))
    assert (len(profile.answers), profile.answers.scale.high) == (16, 4)
    assert values(profile, header[1])[0] == (4 if "agree" in legend else 1)


def test_numbers_below_nothing_are_asked_about_and_both_remedies_work(tmp_path: Path) -> None:
    rows = [[f"h{i}", i % 7 - 1, (i + 3) % 6] for i in range(28)]
    path = saved(tmp_path, table(["person_id", "noise", "dirt"], rows))
    refused(path, r"`missing=\['-1'\]`.*`scale=\(-5, 5\)`")
    assert len(read(path, missing=["-1"]).answers) == 52
    assert len(read(path, scale=(-5, 5)).answers) == 56
