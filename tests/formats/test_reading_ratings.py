"""Which columns are ratings: not ages, times, counts, ids, weights, running numbers; not numbers of another scale."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_helpers import OPINIONS, refused, said, saved, table

from folkmoot.formats import read

LIKERT = [[f"p{i}", 1 + i % 5, 1 + (2 * i) % 5] for i in range(10)]


def beside(tmp_path: Path, name: str, cells: list[object]) -> Path:
    """Two ratings, and a column of this name between them."""
    rows = [[who, a, cell, b] for (who, a, b), cell in zip(LIKERT, cells, strict=True)]
    return saved(tmp_path, table(["respondent", "cleaner streets", name, "later trams"], rows))


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Wie alt sind Sie?", [20 + 7 * i % 60 for i in range(10)]),
        ("Durée (secondes)", [311 + 41 * i % 97 for i in range(10)]),
        ("household size", [1 + i % 4 for i in range(10)]),
        ("peso in kg", [50 + 5 * i % 41 for i in range(10)]),
        ("Unnamed: 0", list(range(10))),
        ("row", list(range(1, 11))),
        ("submitted", [1_700_000_000 + 977 * i for i in range(10)]),
        ("wtssall", [0.412 + 0.137 * (i * i % 7) + 0.001 for i in range(10)]),
        ("lat", [52.51 + 0.0017 * i for i in range(10)]),
        ("год рождения", [1950 + 3 * i for i in range(10)]),
        ("constant", [4] * 10),
        ("when", [f"2025-04-{i + 1:02d} 09:30" for i in range(10)]),
    ],
)
def test_numbers_about_the_person_or_the_form_are_no_ratings(name: str, cells: list[object], tmp_path: Path) -> None:
    profile = read(beside(tmp_path, name, cells))
    assert profile.statements.ids == ("cleaner streets", "later trams")
    assert name in said(profile)


@pytest.mark.parametrize("name", ["More time for the market", "Age-friendly benches", "Fewer hours of noise at night"])
def test_statements_that_mention_such_things_are_ratings(name: str, tmp_path: Path) -> None:
    profile = read(beside(tmp_path, name, [1 + 3 * i % 5 for i in range(10)]))
    assert profile.statements.ids == ("cleaner streets", name, "later trams")


def test_another_scale_is_asked_about_and_the_remedy_works(tmp_path: Path) -> None:
    path = beside(tmp_path, "Would you recommend us?", [3 * i % 11 for i in range(10)])
    message = refused(path, "do not share a scale")
    assert "`rating_columns=['cleaner streets', 'later trams']`" in message
    assert read(path, rating_columns=["cleaner streets", "later trams"]).n_statements == 2
    assert read(path, rating_columns=["Would*"]).statements.ids == ("Would you recommend us?",)


def test_columns_are_named_by_name_by_pattern_and_by_several(tmp_path: Path) -> None:
    path = beside(tmp_path, "trees", [3 * i % 11 for i in range(10)])
    assert read(path, rating_columns=["*er *"]).n_statements == 2
    assert read(path, rating_columns=["later trams, cleaner streets"]).n_statements == 2
    refused(
        path, "names a column that is not there, 'later buses'; there is 'respondent'", rating_columns=["later buses"]
    )


def test_a_number_beside_what_people_wrote_is_no_statement(tmp_path: Path) -> None:
    rows = [[f"p{i}", text, 30 + 5 * i] for i, text in enumerate(OPINIONS)]
    for name in ("Alter", "Happiness"):
        profile = read(saved(tmp_path, table(["participant", "What should change?", name], rows)))
        assert (profile.n_statements, sum(map(len, profile.agents.texts))) == (0, 8)
        assert name in said(profile)


def test_percentages_and_sliders_go_from_0_to_100(tmp_path: Path) -> None:
    rows = [[f"p{i}", f"{5 + i * i}%", f"{95 - i * i} %"] for i in range(10)]
    scale = read(saved(tmp_path, table(["participant", "trees", "trams"], rows))).answers.scale
    assert (scale.low, scale.high) == (0, 100)


def test_survey_weights_and_bodies_weights(tmp_path: Path) -> None:
    survey = read(beside(tmp_path, "weight", [round(0.5 + 0.1 * i, 1) for i in range(10)]))
    assert survey.agents.masses is not None
    body = read(beside(tmp_path, "weight", [55 + 4 * i for i in range(10)]))
    assert body.agents.masses is None
    assert body.n_statements == 2
    assert "is not taken for survey weights" in said(body)
    named = read(beside(tmp_path, "weight", [55 + 4 * i for i in range(10)]), weight_column="weight")
    assert named.agents.masses is not None


def test_numeric_codes_under_a_name_for_texts_are_no_texts(tmp_path: Path) -> None:
    rows = [[f"u{i}", f"q{j}", 1 + (i + j) % 5] for i in range(6) for j in range(4)]
    profile = read(saved(tmp_path, table(["user_id", "question_id", "response"], rows)))
    assert (profile.n_agents, profile.n_statements, len(profile.answers)) == (6, 4, 24)
    assert not any(profile.agents.texts)


def test_everybodys_yes_is_an_answer(tmp_path: Path) -> None:
    rows = [[f"p{i}", "Ja", "Ja" if i % 2 else "Nein"] for i in range(8)]
    profile = read(saved(tmp_path, table(["participant", "quay", "hall"], rows)))
    assert (profile.n_statements, len(profile.answers)) == (2, 16)


def test_a_number_that_everybody_gave_is_named_with_the_way_to_read_it(tmp_path: Path) -> None:
    rows = [[who, a, 5, b] for who, a, b in LIKERT]
    path = saved(tmp_path, table(["respondent", "cleaner streets", "more trees", "later trams"], rows))
    assert "(the same for everybody): 'more trees'; if they are, name all that are with `rating_columns`" in said(
        read(path)
    )
    assert read(path, rating_columns=["cleaner*", "more*", "later*"]).n_statements == 3


@pytest.mark.parametrize(("wrote", "opinions"), [(0, 4), (1, 4), (10, 4), (11, 0), (40, 0)])
@pytest.mark.parametrize("first", ["respondent", "Timestamp"])
def test_where_hardly_anybody_wrote_the_ratings_are_read(wrote: int, opinions: int, first: str, tmp_path: Path) -> None:
    """Forty people or more rated; what few wrote beside is named with the option that reads it."""
    rows = []
    for i in range(41):
        when = f"2025-04-01 09:{i:02d}" if first == "Timestamp" else f"p{i}"
        comment = f"The council should listen to the {i}th street." if i < wrote else ""
        rows.append([when, comment, *((i * k) % 5 + 1 for k in (1, 2, 3, 4))])
    header = [first, "Anything else?", "cleaner streets", "later trams", "a new pool", "more shade"]
    profile = read(saved(tmp_path, table(header, rows)))
    assert profile.n_statements == opinions
    assert profile.n_agents == 41
    assert len([text for texts in profile.agents.texts for text in texts]) == (0 if opinions else wrote)
    left = "read it with `text_columns`" if opinions else "read them with `rating_columns"
    assert left in said(profile) or not wrote
    chosen = read(saved(tmp_path, table(header, rows)), text_columns=["Anything else?"]) if wrote else None
    assert chosen is None or sum(map(len, chosen.agents.texts)) == wrote
