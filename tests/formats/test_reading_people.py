"""Who is a participant: not headers, tests, spam; rows without an id; rows that are single answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from formats_samples import file_of
from reading_helpers import OPINIONS, refused, said, saved, table, values

from folkmoot.formats import read
from folkmoot.profile import InputError

QUALTRICS = ["StartDate", "EndDate", "Status", "Finished", "RecordedDate", "ResponseId", "Q3_1", "Q3_2"]
ASKED = ["", "", "", "", "", "", "How true? - The quay is dirty", "How true? - The hall is cold"]


def qualtrics(tmp_path: Path, statuses: list[object]) -> Path:
    rows = [
        ["2025-05-01 08:00", "2025-05-01 08:09", s, 1, "2025-05-01 08:09", f"R_{i}", 1 + i % 5, 1 + (i + 1) % 5]
        for i, s in enumerate(statuses)
    ]
    return saved(tmp_path, table(QUALTRICS, [ASKED, [json.dumps({"ImportId": n}) for n in QUALTRICS], *rows]))


@pytest.mark.parametrize(
    ("status", "what"),
    [
        (1, "previews"),
        ("Survey Preview", "previews"),
        ("Aperçu", "previews"),
        (2, "tests"),
        (8, "spam"),
        ("Spam", "spam"),
    ],
)
def test_previews_tests_and_spam_are_no_people(status: object, what: str, tmp_path: Path) -> None:
    profile = read(qualtrics(tmp_path, [0, status, 0, "IP Address", 4, 16]))
    assert profile.n_agents == 5
    left = f"1 answer that the tool marked as {what}" if what == "spam" else f"1 {what.removesuffix('s')} of the survey"
    assert left in said(profile)
    assert profile.statements.texts == ("The quay is dirty", "The hall is cold")


def test_a_column_called_status_of_another_table_decides_nothing(tmp_path: Path) -> None:
    rows = [[f"p{i}", "test" if i % 2 else "spam", 1 + i % 5, 1 + i % 3] for i in range(8)]
    assert read(saved(tmp_path, table(["participant", "status", "quay", "hall"], rows))).n_agents == 8


def test_returned_submissions_are_no_people(tmp_path: Path) -> None:
    header = ["Submission id", "Participant id", "Status", "Started at", "Completed at", "quay", "hall"]
    status = ["APPROVED", "RETURNED", "AWAITING REVIEW", "TIMED-OUT", "REJECTED", "APPROVED"]
    rows = [[f"s{i}", f"p{i}", s, "2025-01-01", "2025-01-02", 1 + i % 5, 5 - i % 5] for i, s in enumerate(status)]
    profile = read(saved(tmp_path, table(header, rows)))
    assert profile.agents.ids == ("p0", "p2", "p5")
    assert "3 submissions that were returned" in said(profile)


@pytest.mark.parametrize("id", ["Teilnehmer", "respondent", "caseid", "record_id", "Contribution ID", "Code", "Nr"])
def test_ids_have_many_names(id: str, tmp_path: Path) -> None:
    rows = [[f"x{i * i}", 1 + i % 5, 5 - i % 5] for i in range(8)]
    profile = read(saved(tmp_path, table([id, "quay", "hall"], rows)))
    assert profile.agents.ids[2] == "x4"
    assert f"told apart by column {id!r}" in said(profile)


def test_rows_without_an_id_are_people(tmp_path: Path) -> None:
    rated = read(saved(tmp_path, table(["Q1_1", "Q1_2"], [[1 + i % 5, 5 - i % 5] for i in range(8)])))
    assert (rated.n_agents, rated.n_statements) == (8, 2)
    assert "no column says who is who" in said(rated)
    wrote = read(saved(tmp_path, table(["Age group", "Your wishes?"], [["18-30", text] for text in OPINIONS])))
    assert sum(map(len, wrote.agents.texts)) == 8


def test_a_list_of_statements_is_not_taken_for_people(tmp_path: Path) -> None:
    refused(
        saved(tmp_path, table(["statement_id", "text"], [(i, text) for i, text in enumerate(OPINIONS)])),
        "'statement_id'.*id-?_?column",
    )


@pytest.mark.parametrize(
    "names", [("id", "variable", "value"), ("respid", "question", "answer"), ("pid", "key", "score")]
)
@pytest.mark.parametrize("by_question", [True, False])
def test_one_answer_a_row_is_read_as_such(names: tuple[str, str, str], by_question: bool, tmp_path: Path) -> None:
    pairs = [(i, q) for i in range(7) for q in ("quay", "hall", "bridge")]
    pairs.sort(key=lambda pair: pair[1] if by_question else pair[0])
    rows = [[f"m{i}", q, 1 + (i + len(q)) % 5] for i, q in pairs]
    names = ("respondent", *names[1:]) if names[0] == "pid" else names
    profile = read(saved(tmp_path, table(names, rows)))
    assert (profile.n_agents, profile.n_statements, len(profile.answers)) == (7, 3, 21)


def test_one_answer_a_row_under_other_names_is_refused_with_names_that_work(tmp_path: Path) -> None:
    rows = [[f"m{i}", q, 1 + (i + len(q)) % 5] for i in range(7) for q in ("quay", "hall", "bridge")]
    path = saved(tmp_path, table(["respondent", "topic", "how good"], rows))
    message = refused(path, "each row is one answer")
    assert "call column 'topic' statement_id and column 'how good' rating" in message
    profile = read(saved(tmp_path, table(["respondent", "statement_id", "rating"], rows)))
    assert (profile.n_agents, profile.n_statements) == (7, 3)


def test_a_second_header_names_the_items_of_a_grid(tmp_path: Path) -> None:
    header = ["Respondent ID", "Collector ID", "Start Date", "Rate these", "", "", "What else?"]
    items = ["", "", "", "Quay", "Hall", "Bridge", "Open-Ended Response"]
    rows = [[200 + i, 7, "05/01/2025", "Agree", "Disagree", "Agree", text] for i, text in enumerate(OPINIONS)]
    path = saved(tmp_path, table(header, [items, *rows]))
    profile = read(path)
    assert profile.facts["text_columns"] == ["What else?"]
    assert "rating_columns=['Rate these*']" in said(profile)
    rated = read(path, rating_columns=["Rate these*"])
    assert rated.statements.texts == ("Quay", "Hall", "Bridge")
    assert rated.n_agents == 8


def test_a_first_person_without_answers_is_no_header(tmp_path: Path) -> None:
    rows: list[list[object]] = [["p0", "", ""], *([f"p{i}", 1 + i % 5, 5 - i % 5] for i in range(1, 8))]
    profile = read(saved(tmp_path, table(["participant", "quay", "hall"], rows)))
    assert profile.n_agents == 8
    assert values(profile, "quay")[0] == 2


@pytest.mark.parametrize("who", ["name", "speaker", "screen_name", "author"])
def test_several_comments_of_one_person_are_one_persons_and_names_stay_out(who: str, tmp_path: Path) -> None:
    rows = [[["Ann", "Bob", "Cy"][i % 3], text] for i, text in enumerate(OPINIONS)]
    profile = read(saved(tmp_path, table([who, "comment"], rows)))
    assert profile.agents.ids == ("1", "2", "3")
    assert sum(map(len, profile.agents.texts)) == 8


def test_rows_that_are_texts_of_the_same_people_are_told_how_to_be_read(tmp_path: Path) -> None:
    rows = [[f"u{i % 3}", text, 1 + i % 5] for i, text in enumerate(OPINIONS)]
    path = saved(tmp_path, table(["user_id", "response", "stars given"], rows))
    refused(path, "say `format='comments'` and `id_column='user_id'`")
    assert read(path, format="comments", id_column="user_id").n_agents == 3


def test_counts_of_a_platform_are_no_ratings(tmp_path: Path) -> None:
    rows = [[f"user{i}", text, i * i % 5, 3 + i % 4] for i, text in enumerate(OPINIONS)]
    shown = said(read(saved(tmp_path, table(["screen_name", "text", "retweet_count", "shares"], rows))))
    assert "columns that are no ratings (about the person or the form): 'retweet_count', 'shares'" in shown


@pytest.mark.parametrize(
    "text",
    [
        "p1,3,5\np2,4,1\np3,5,2\n",
        "17;Mehr Bänke im Park wären schön\n18;Die Ampel an der Schule ist zu kurz\n19;Bitte mehr Bäume pflanzen\n",
        "u-4,agree,disagree\nu-5,disagree,agree\nu-61,agree,agree\n",
    ],
)
def test_a_table_without_a_header_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="first row looks like answers"):
        read(file_of(tmp_path, text, "votes.csv"))
    named = "who,a,b\n" if text.count(",") > 3 else "who;What is missing here?\n"
    assert read(file_of(tmp_path, named + text, "votes.csv")).n_agents == 3


def test_names_of_columns_may_have_numbers(tmp_path: Path) -> None:
    assert read(file_of(tmp_path, "wer,q1,q2\na1,3,5\na2,4,1\na3,5,2\n")).n_agents == 3
    assert read(file_of(tmp_path, "participant,1,2\n1,3,5\n2,4,1\n3,5,2\n")).n_statements == 2


def test_answers_of_whom_no_column_says_are_asked_for_by_the_one_option_that_helps(tmp_path: Path) -> None:
    words = ("Strongly disagree", "Somewhat disagree", "Somewhat agree", "Strongly agree")
    rows = [
        ["2026-03-01", f"Ann Lee {i}", f"p{i}@x.example", text, words[(i + j) % 4]]
        for i in range(12)
        for j, text in enumerate(OPINIONS)
    ]
    path = saved(tmp_path, table(["date", "name", "email", "statement", "answer"], rows))
    why = refused(path, "each row has a statement .* but no column says by its name who answered")
    assert "`id_column`" in why
    assert "`rating_columns`" not in why
    profile = read(path, id_column="email")
    assert (profile.n_agents, profile.n_statements, len(profile.answers)) == (12, len(OPINIONS), 12 * len(OPINIONS))
    columns = [list(column) for column in zip(*rows, strict=True)]
    frame = dict(zip(("date", "name", "email", "statement", "answer"), columns, strict=True))
    with pytest.raises(InputError, match="name that column with `id_column`"):
        read(frame)
    assert read(frame, id_column="email").n_agents == 12
