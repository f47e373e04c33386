"""Votes of several wordings, side by side, and an organiser's wording."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from folkmoot.profile import Agents, Answers, InputError, Profile, Provenance, Statements
from folkmoot.slates.edits import Edit, edits_of, read_edits
from folkmoot.slates.eligibility import eligible
from folkmoot.slates.wordings import authors, people, wordings

TEXTS = ("More buses in the evening!", "more buses in the evening", "Trees along the main street, please.")


@pytest.fixture
def profile() -> Profile:
    """Thirty people: 25 answer the first wording, the last 20 the second."""
    agent = np.concatenate([np.arange(25), np.arange(10, 30), np.arange(12)])
    statement = np.repeat([0, 1, 2], [25, 20, 12])
    value = np.concatenate([np.resize([1, 1, 1, 0, -1], 25), np.ones(20), np.ones(12)])
    authored = tuple(Provenance("submitted", (name,)) for name in ("p3", "p7", "p3"))
    return Profile(
        Agents(tuple(f"p{i}" for i in range(30))),
        Statements(("a", "b", "c"), TEXTS, provenance=authored),
        Answers.of(agent, statement, value),
    )


def test_each_wording_keeps_its_votes(profile: Profile) -> None:
    found = eligible(profile)
    first, second = wordings(found, 0)
    assert (first.id, first.text, first.answers, first.total) == ("a", TEXTS[0], {-1.0: 5, 0.0: 5, 1.0: 15}, 25)
    assert (second.column, second.answers) == (1, {1.0: 20})
    assert first.total + second.total == 45
    assert people(found, 0) == 30  # fifteen people answered both
    assert [each.id for each in wordings(found, 2)] == ["c"]


def test_authors_are_credited_once(profile: Profile) -> None:
    assert authors(eligible(profile), 0) == ("p3", "p7")
    again = replace(profile.statements, provenance=(Provenance("submitted", ("p3",)),) * 3)
    assert authors(eligible(replace(profile, statements=again)), 0) == ("p3",)
    assert authors(eligible(replace(profile, statements=replace(profile.statements, provenance=()))), 0) == ()


def test_edits(profile: Profile) -> None:
    found = edits_of(profile, {"b": "More buses in  the evening.", "a": " More buses in the evening!\n"})
    assert found == (Edit("b", "More buses in the evening.", TEXTS[1]),)
    assert found[0].original == TEXTS[1]
    with pytest.raises(InputError, match="no statement 'x'"):
        edits_of(profile, {"x": "y"})
    with pytest.raises(InputError, match="lock it out"):
        edits_of(profile, {"a": " "})


@pytest.mark.parametrize(
    "text", ['{"b": "Better buses."}', "ID, Text\nb,Better buses.\n".replace(", ", ","), '﻿id,text\n"b","Better buses."']
)
def test_edits_are_read(text: str, profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "edits"
    path.write_text(text, encoding="utf-8")
    assert read_edits(profile, path) == (Edit("b", "Better buses.", TEXTS[1]),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": ', "not JSON"),
        ('{"a": 1}', "object of texts"),
        ('{"a": "x y", "a": "y z"}', "'a' is edited twice"),
        ("id,text\na,x\na,y\n", "'a' is edited twice"),
        ("a,b\n", "columns id and text"),
        ("", "columns id and text"),
        ("id,text\nz,New.\n", "no statement 'z'"),
    ],
)
def test_edits_that_cannot_be(text: str, message: str, profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "edits.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message) as error:
        read_edits(profile, path)
    assert str(error.value).count("edits.csv") == 1
    with pytest.raises(InputError, match="cannot be read"):
        read_edits(profile, tmp_path / "nosuch")
    path.write_bytes(b"id,text\na,\xff\n")
    with pytest.raises(InputError, match="UTF-8"):
        read_edits(profile, path)
