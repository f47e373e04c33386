"""Which end of the scale is the best: declared, said by words, tested, assumed; never turned without a word."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_helpers import refused, said, saved, table, values

from folkmoot.formats import read

GRADES = table(["pupil", "teacher", "canteen"], [["k1", 1, 6], ["k2", 2, 5], ["k3", 1, 4], ["k4", 3, 6]])


def test_the_scale_says_which_end_is_the_best(tmp_path: Path) -> None:
    path = saved(tmp_path, GRADES)
    assumed, turned = read(path), read(path, scale=(6, 1))
    assert "6 is read as the best answer, 1 as the worst: assumed; `scale=(6, 1)` turns them" in said(assumed)
    assert values(assumed, "teacher") == [1, 2, 1, 3]
    assert values(turned, "teacher") == [6, 5, 6, 4]
    assert "as stated" in said(turned)


@pytest.mark.parametrize(
    ("legend", "teacher"),
    [
        ("{} (1 = sehr gut, 6 = sehr schlecht)", [6, 5, 6, 4]),
        ("From 1 (very good) to 6 (very bad), how is it: {}", [6, 5, 6, 4]),
        ("{} - strongly agree = 1; strongly disagree = 6", [6, 5, 6, 4]),
        ("{} (1 = totalmente en desacuerdo, 6 = totalmente de acuerdo)", [1, 2, 1, 3]),
        ("{} (1 to 6)", [1, 2, 1, 3]),
        ("{} (class 1 = red, class 6 = blue)", [1, 2, 1, 3]),
    ],
)
def test_what_the_question_says_of_its_numbers_decides(legend: str, teacher: list[float], tmp_path: Path) -> None:
    header = ["pupil", legend.format("teacher"), legend.format("canteen")]
    path = saved(tmp_path, table(header, [["k1", 1, 6], ["k2", 2, 5], ["k3", 1, 4], ["k4", 3, 6]]))
    profile = read(path)
    assert values(profile, profile.statements.ids[0]) == teacher
    assert ("assumed" in said(profile)) == (teacher == [1, 2, 1, 3] and "acuerdo" not in legend)


def test_labels_beside_the_numbers_decide(tmp_path: Path) -> None:
    labels = {1: "1 - trifft voll zu", 2: "2 - trifft eher zu", 3: "3 - trifft eher nicht zu", 4: "4 - trifft nicht zu"}
    rows = [[f"p{i}", labels[1 + i % 4], labels[4 - i % 4]] for i in range(8)]
    profile = read(saved(tmp_path, table(["participant", "Busse", "Bäume"], rows)))
    assert values(profile, "Busse") == [4, 3, 2, 1] * 2
    assert "shown turned, so that 4 is the best" in said(profile)


VOTES = "participant,statement_id,vote\na,1,1\nb,1,1\nc,1,-1\na,2,-1\nb,2,-1\nc,2,1\n"


def test_votes_without_totals_are_not_confirmed(tmp_path: Path) -> None:
    assert "assumed, not confirmed" in said(read(saved(tmp_path, VOTES)))


@pytest.mark.parametrize(("first", "second", "right"), [((2, 1), (1, 2), True), ((1, 2), (2, 1), False)])
def test_totals_beside_confirm_or_refuse(
    first: tuple[int, int], second: tuple[int, int], right: bool, tmp_path: Path
) -> None:
    path = saved(tmp_path, VOTES, "votes.csv")
    saved(tmp_path, table(["statement_id", "agrees", "disagrees"], [[1, *first], [2, *second]]), "totals.csv")
    if right:
        assert "as the totals in totals.csv confirm" in said(read(path))
        return
    refused(path, "inverted.*flip")
    assert values(read(path, flip=True), "1") == [-1, -1, 1]


def test_ranks_are_asked_about_and_both_remedies_work(tmp_path: Path) -> None:
    rows = [[f"v{i}", *([1, 2, 3][i % 3 :] + [1, 2, 3][: i % 3])] for i in range(6)]
    path = saved(tmp_path, table(["voter_id", "pool", "park", "quay"], rows))
    refused(path, r"as in a ranking: say `scale=\(3, 1\)`")
    assert values(read(path, scale=(3, 1)), "pool") == [3, 2, 1] * 2
    assert values(read(path, scale=(1, 3)), "pool") == [1, 2, 3] * 2


def test_ratings_that_happen_to_differ_are_no_ranks(tmp_path: Path) -> None:
    rows = [[f"v{i}", 1 + i % 3, 1 + (i + 1) % 3, 1 + i % 2] for i in range(6)]
    assert read(saved(tmp_path, table(["voter_id", "pool", "park", "quay"], rows))).n_statements == 3


def test_ones_and_twos_are_asked_about(tmp_path: Path) -> None:
    rows = [[f"v{i}", 1 + i % 2, 1 + i // 2 % 2] for i in range(12)]
    path = saved(tmp_path, table(["voter_id", "pool", "park"], rows))
    refused(path, r"1 or 2, as codes for yes and no: say `scale=\(2, 1\)`")
    assert values(read(path, scale=(2, 1)), "pool") == [2, 1] * 6
    few = saved(tmp_path, table(["voter_id", "pool", "park"], rows[:4]))
    assert read(few).n_agents == 4  # four people need not use the whole scale


def test_a_scale_around_nothing_is_read(tmp_path: Path) -> None:
    rows = [[f"v{i}", i % 7 - 3, 3 - i % 7] for i in range(14)]
    profile = read(saved(tmp_path, table(["voter_id", "pool", "park"], rows)))
    assert (profile.answers.scale.low, profile.answers.scale.high) == (-3, 3)
    lopsided = saved(tmp_path, table(["voter_id", "pool", "park"], [[f"v{i}", i % 5 - 1, i % 3] for i in range(14)]))
    refused(lopsided, r"scale=\(-3, 3\)")
    assert read(lopsided, scale=(-3, 3)).n_statements == 2


def test_school_grades_have_their_best_at_one(tmp_path: Path) -> None:
    header = ["pupil", "Schulnote für den Bus", "Schulnote für die Bahn"]
    profile = read(saved(tmp_path, table(header, [["k1", 1, 6], ["k2", 2, 5], ["k3", 1, 4], ["k4", 3, 6]])))
    assert values(profile, header[1]) == [6, 5, 6, 4]


def test_columns_of_unlike_directions_are_asked_about_and_every_remedy_works(tmp_path: Path) -> None:
    rows = [[f"p{i}", 1 + i % 5, 1 + (i + 3) % 5] for i in range(10)]
    path = saved(tmp_path, table(["participant", "quay (1 = agree, 5 = disagree)", "hall"], rows))
    message = refused(path, "nothing says so of 'hall'")
    assert "`rating_columns=['quay (1 = agree, 5 = disagree)']`" in message
    assert values(read(path, scale=(5, 1)), "hall")[0] == 2
    assert values(read(path, rating_columns=["quay*"]), "quay (1 = agree, 5 = disagree)")[0] == 5
    both = saved(tmp_path, table(["participant", "quay (1 = agree, 5 = disagree)", "hall (1 = bad, 5 = good)"], rows))
    profile = read(both)
    assert values(profile, "quay (1 = agree, 5 = disagree)")[0] == 1
    assert values(profile, "hall (1 = bad, 5 = good)")[0] == 0.75
    assert "1 is the best of every column; 1 is read as the best answer" in said(profile)


def test_one_answer_for_all_suggests_a_scale_that_holds_it(tmp_path: Path) -> None:
    path = saved(tmp_path, table(["voter_id", "quay", "hall"], [[f"v{i}", 1, ""] for i in range(8)]))
    refused(path, r"every rating is 1.*`scale=\(0, 1\)`")
    assert len(read(path, scale=(0, 1)).answers) == 8


def test_a_legend_of_the_scale_is_no_part_of_a_statement(tmp_path: Path) -> None:
    legend = "(1 = strongly agree, 5 = strongly disagree)"
    header = ["respondent", *(f"{name} {legend}" for name in ("More bike lanes", "More buses", "A pool (by 2027)"))]
    rows = [[f"p{i}", 1 + i % 5, 1 + 2 * i % 5, 5 - i % 5] for i in range(10)]
    profile = read(saved(tmp_path, table(header, rows)))
    assert profile.statements.texts == ("More bike lanes", "More buses", "A pool (by 2027)")
    assert "3 questions without what they say about the numbers of the scale" in said(profile)
    plain = read(
        saved(tmp_path, table(["respondent", "More bike lanes (by 2027)", "More buses"], [r[:3] for r in rows]))
    )
    assert plain.statements.texts == ("More bike lanes (by 2027)", "More buses")
