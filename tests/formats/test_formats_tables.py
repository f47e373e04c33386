"""Tables of texts and ratings: what is recognised, who is a person, what is dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from formats_samples import (
    COMMENT_ROWS,
    GOOGLE,
    LIMESURVEY,
    PROSE,
    QUALTRICS,
    RATINGS,
    SINGLE,
    WIDE,
    file_of,
    polis_folder,
)

from folkmoot.cli.diagnosis import render
from folkmoot.formats import FORMATS, doctor, read, recognise
from folkmoot.profile import VOTE, InputError, Profile
from spelled_out import spelled_out


def notes(profile: Profile) -> str:
    return render(doctor(profile))


@pytest.mark.parametrize("name", SINGLE)
def test_every_format_is_recognised_by_content(name: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, SINGLE[name])
    assert recognise(path).id == name
    assert read(path).source == name
    assert read(tmp_path).source == name
    assert read(path, format=name).source == name


def test_polis_is_recognised_and_every_format_has_its_sample(tmp_path: Path) -> None:
    assert recognise(polis_folder(tmp_path)).id == "polis"
    assert {id for id, format in FORMATS.items() if not format.example} == {*SINGLE, "polis"}


@pytest.mark.parametrize(
    ("name", "n"),
    [("bowlinggreen_41", 41), ("drugs_80", 80), ("drugs_80_extreme_middle", 80), ("drugs_obesity_80", 80)],
)
def test_prose_agents(name: str, n: int, real: Callable[[str], Path]) -> None:
    profile = read(real(f"prose/{name}"))
    assert (profile.n_agents, sum(map(len, profile.agents.texts)), profile.n_statements) == (n, n, 0)


# data/chatbot_pilot/README.md: how often 0, 1, 2, 3, 4
CHATBOT = {
    "generation_ratings.csv": {
        "g1": (1, 2, 21, 27, 49),
        "g2": (2, 10, 25, 33, 30),
        "g3": (10, 13, 31, 22, 24),
        "g4": (30, 28, 23, 13, 6),
        "g5": (26, 22, 26, 12, 14),
        "g6": (4, 11, 22, 24, 39),
    },
    "validation_ratings.csv": {
        "s1": (4, 3, 18, 41, 34),
        "s2": (4, 4, 13, 30, 49),
        "s3": (3, 7, 20, 33, 37),
        "s4": (3, 5, 31, 27, 34),
        "s5": (2, 5, 22, 33, 38),
    },
}


@pytest.mark.parametrize("name", CHATBOT)
def test_chatbot_pilot_has_the_published_rating_counts(name: str, real: Callable[[str], Path]) -> None:
    profile = read(real("chatbot_pilot") / name)
    a = profile.answers
    counts = Counter(zip((profile.statements.ids[j][:2] for j in a.statement), a.value.tolist(), strict=True))
    expected = {(s, float(v)): n for s, row in CHATBOT[name].items() for v, n in enumerate(row)}
    assert counts == expected
    assert (a.scale.kind, a.scale.low, a.scale.high) == ("rating", 0, 4)
    assert all(len(text) > 40 for text in profile.statements.texts)
    assert sum(map(len, profile.agents.texts)) == len(a)  # an explanation of every rating


def test_two_tables_of_ratings_in_a_folder_are_ambiguous(real: Callable[[str], Path]) -> None:
    with pytest.raises(InputError, match=r"generation_ratings\.csv and validation_ratings\.csv"):
        read(real("chatbot_pilot"))


def test_prose_table(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, PROSE))
    assert profile.agents.ids == ("u1", "u2")
    assert profile.agents.texts == (("I want more buses.",), ("Fewer cars, please.",))
    assert "'column 1'" in notes(profile)
    assert "'label'" in notes(profile)


def test_groups_keep_and_text_columns(tmp_path: Path) -> None:
    unclear = file_of(tmp_path, "who,email,town,a,b,weight\n1,a@b.c,Bern,red,big,0.5\n2,,Bern,blue,,1\n")
    with pytest.raises(
        InputError, match=r"columns are 'who'.*'email' .personal.* `id_column`.* `text_columns` .*`rating_columns`"
    ):
        read(unclear)
    path = file_of(tmp_path, "who,email,town,a,b,weight\n1,a@b.c,Bern,Yes,No,0.5\n2,,Bern,Maybe,,1\n")
    profile = read(path, id_column="who", text_columns=["b", "a"], group_columns=["town"], keep=["email"])
    assert profile.agents.texts == (("No", "Yes"), ("Maybe",))
    assert profile.agents.groups == {"town": ("Bern", "Bern")}
    assert profile.agents.extra == {"email": ("a@b.c", "")}
    assert profile.masses.tolist() == [1, 2]
    assert "weights read from column 'weight'" in notes(profile)
    assert "a@b.c" not in spelled_out(read(path, id_column="who", text_columns=["a"]))


def test_empty_texts_are_counted_and_people_stay(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, "user_id,data\n1,hello there\n2,\n3,  \n"))
    assert profile.agents.texts == (("hello there",), (), ())
    assert "seen           2 cells of column 'data' left empty [file.txt row 3, file.txt row 4]" in notes(profile)
    assert "2 participants who wrote nothing" in notes(profile)


def test_comments_of_one_speaker_are_one_person(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, COMMENT_ROWS))
    assert profile.agents.ids == ("1", "2")
    assert "Ann" not in spelled_out(profile)
    assert profile.agents.texts == (("More buses", "More trees"), ("Fewer cars",))


@pytest.mark.parametrize("column", ["name", "speaker name", "author", "interview"])
def test_names_of_speakers_become_numbers_unless_asked_for(column: str, tmp_path: Path) -> None:
    text = (
        COMMENT_ROWS.replace("interview", column)
        .replace("id,", "comment-id,", 1)
        .replace("comment\n", "comment-body\n")
    )
    path = file_of(tmp_path, text)
    profile = read(path)
    assert profile.agents.ids == ("1", "2")
    assert "Ann" not in spelled_out(profile)
    assert read(path, keep=[column]).agents.ids == ("Ann", "Ben")


def test_comments_without_a_speaker_are_a_person_each(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, "comment-id,comment-body,source\n7,More buses please,x\n8,Fewer cars please,x\n"))
    assert profile.agents.ids == ("7", "8")
    assert "every row counts as one participant" in notes(profile)


def test_qualtrics_has_three_header_rows_and_previews(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, QUALTRICS))
    assert profile.agents.ids == ("R_1", "R_2")
    assert profile.agents.texts == (("I want many more buses.",), ("There are too many cars here.",))
    assert profile.facts["questions"] == ["What should the city, or the county, change?"]
    shown = notes(profile)
    assert "1 preview of the survey, not counted as people [file.txt row 6]" in shown
    for secret in ("192.0.2", "ann@example.org", "Smith", "52.1"):
        assert secret not in spelled_out(profile)
    assert "'IPAddress'" in shown
    assert (
        read(file_of(tmp_path, QUALTRICS), keep=["RecipientEmail"]).agents.extra["RecipientEmail"][0]
        == "ann@example.org"
    )


def test_google_forms(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, GOOGLE))
    assert profile.agents.ids == ("1", "2")
    assert profile.agents.texts[0] == ("More buses, and more often.",)
    assert "example.org" not in spelled_out(profile)
    assert "1 personal column: 'Email Address'" in notes(profile)
    assert read(file_of(tmp_path, GOOGLE.replace("Timestamp", "Zeitstempel"))).source == "google-forms"


def test_limesurvey_with_bom(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, LIMESURVEY))
    assert profile.agents.ids == ("1", "2")
    assert profile.agents.texts[1] == ("Please plant some more trees.",)
    assert "192.0.2" not in spelled_out(profile)
    full = LIMESURVEY.replace('"id"', '"Response ID"').replace("submitdate", "Date submitted")
    full = full.replace("startlanguage", "Start language").replace("lastpage", "Last page")
    assert read(file_of(tmp_path, full)).agents.ids == ("1", "2")


def test_long_ratings(tmp_path: Path) -> None:
    (tmp_path / "statements.csv").write_text("statement_id,text\ns1,More buses\ns2,Fewer cars\ns3,Trees\n")
    profile = read(file_of(tmp_path, RATINGS))
    assert profile.statements.texts == ("More buses", "Fewer cars")
    assert profile.answers.value.tolist() == [0, 4, 3]
    assert "1 row without a rating [file.txt row 5]" in notes(profile)
    assert read(file_of(tmp_path, RATINGS), scale=(0, 6)).answers.scale.high == 6
    with pytest.raises(InputError, match=r"row 3: 4 lies outside the scale 0\.\.3"):
        read(file_of(tmp_path, RATINGS), scale=(0, 3))


def test_long_ratings_without_texts_use_the_ids_and_say_so(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, RATINGS))
    assert profile.statements.texts == ("s1", "s2")
    assert "their ids stand for them" in notes(profile)


@pytest.mark.parametrize(
    ("values", "low", "high"), [((0, 4), 0, 4), ((1, 5), 1, 5), ((2, 6), 1, 6), ((3, 7), 1, 7), ((0.2, 0.9), 0, 0.9)]
)
def test_scale_from_what_occurs(values: tuple[float, float], low: float, high: float, tmp_path: Path) -> None:
    text = "participant,statement_id,rating\n" + "".join(f"p,s{i},{v}\n" for i, v in enumerate(values))
    scale = read(file_of(tmp_path, text)).answers.scale
    assert (scale.kind, scale.low, scale.high) == ("rating", low, high)


def test_wide_votes_are_three_valued_and_missing_aware(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, WIDE))
    assert profile.answers.scale is VOTE
    assert profile.answers.value.tolist() == [1, -1, 0, 1, 1]
    assert profile.indptr.tolist() == [0, 2, 5]
    assert read(file_of(tmp_path, WIDE), flip=True).answers.value.tolist() == [-1, 1, 0, -1, -1]


def test_wide_ratings_leave_age_and_weight_out(tmp_path: Path) -> None:
    text = "respondent_id;age;weight;Buses;Trees\nr1;33;1.5;5;\nr2;47;0.5;1;3\n"
    profile = read(file_of(tmp_path, text), group_columns=["age"])
    assert profile.statements.ids == ("Buses", "Trees")
    assert profile.masses.tolist() == [3, 1]
    assert profile.agents.groups == {"age": ("33", "47")}


def test_named_weight_column_and_weights_of_one_person_must_agree(tmp_path: Path) -> None:
    text = "participant,statement_id,vote,w\na,1,1,2\na,2,-1,2\nb,1,0,1\n"
    path = file_of(tmp_path, text)
    assert read(path, weight_column="w").masses.tolist() == [2, 1]
    with pytest.raises(InputError, match=r"row 3, column 'w': participant 'a' has two weights"):
        read(file_of(tmp_path, text.replace("-1,2", "-1,3")), weight_column="w")


def test_doctor_of_texts_has_no_fill_rate(tmp_path: Path) -> None:
    diagnosis = doctor(read(file_of(tmp_path, PROSE)))
    assert diagnosis.fill is None
    assert diagnosis.under_floor == 0
    assert diagnosis.sign_test is None


def test_doctor_counts_duplicates_and_the_floor(tmp_path: Path) -> None:
    folder = polis_folder(tmp_path)
    comments = (folder / "comments.csv").read_text().replace("Plant trees", '"More buses, fewer cars"')
    diagnosis = doctor(read(polis_folder(tmp_path, comments=comments)))
    assert diagnosis.duplicate_statements == 1
    assert (diagnosis.floor, diagnosis.under_floor) == (3, 3)
    assert diagnosis.by_value == {"-1": 1, "0": 1, "1": 4}
    assert diagnosis.fill == pytest.approx(6 / 9)
    assert diagnosis.moderation == {"accepted": 1, "pending": 1, "rejected": 1}


def test_a_named_id_column_is_enough_to_recognise_ratings(tmp_path: Path) -> None:
    path = file_of(tmp_path, RATINGS.replace("participant", "citizen"))
    profile = read(path, id_column="citizen")
    assert profile.source == "ratings"
    assert profile.agents.ids == ("p1", "p2")
    assert read(file_of(tmp_path, WIDE.replace("participant", "citizen")), id_column="Citizen").n_statements == 3


def test_an_unrelated_broken_table_in_the_folder_does_not_matter(tmp_path: Path) -> None:
    file_of(tmp_path, "statement_id,text,text\n1,2,3\n", "z.csv")
    file_of(tmp_path, "id,id,data\n1,2,3\n", "a.csv")
    file_of(tmp_path, b"\x00\x01", "b.bin")
    file_of(tmp_path, PROSE, "people.csv")
    assert read(tmp_path).n_agents == 2


def test_fish_2023_survey_has_a_row_an_answer(tmp_path: Path) -> None:
    text = (
        "user_id,step,question_type,question_text,button_label,json_choices,choice,choice_numeric,text,answer_date,sample_type\n"
        "generation1,1,reading,Please read.,Next,,,,,2023-11-01,generation\n"
        "generation1,2,text,What do you think?,Next,,,,I would like to opt out.,2023-11-01,generation\n"
        "generation2,2,text,What do you think?,Next,,,,Keep my data private.,2023-11-01,generation\n"
        "generation2,3,text,Why?,Next,,,,Because it is mine.,2023-11-01,generation\n"
    )
    profile = read(file_of(tmp_path, text))
    assert profile.agents.ids == ("generation1", "generation2")
    assert profile.agents.texts == (("I would like to opt out.",), ("Keep my data private.", "Because it is mine."))


@pytest.mark.parametrize(
    "text",
    [
        "participant_id,survey_text\np1,More buses\np2,Fewer cars\n",
        "participant_id;survey_text\r\np1;More buses\r\np2;Fewer cars\r\n",
        "participant_id\tsurvey_text\np1\tMore buses\np2\tFewer cars\n",
    ],
)
def test_sensemaking_tables_and_delimiters(text: str, tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, text))
    assert profile.agents.ids == ("p1", "p2")
    assert profile.agents.texts == (("More buses",), ("Fewer cars",))
