"""Texts that say the same in another spelling, and those that only look like it."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from folkmoot.profile import VOTE, Agents, Answers, Profile, Statements
from folkmoot.queries.texts.extract import JOINED, extract
from folkmoot.queries.texts.same import bare, same_texts
from folkmoot.queries.texts.spelling import Spelling, distance

#: What many people write, so that languages and spellings are known.
CONTEXT = [
    "We need more buses in the evening and at the weekend.",
    "The buses should run in the evening too.",
    "More roundabouts on the road to the school, please.",
    "Roundabouts are better than lights, and they are cheaper for the town.",
    "Turn the lights off at night.",
    "There should be more trees in the streets.",
    "It is too hot in the streets in summer.",
] * 3


def together(one: str, other: str) -> bool:
    found = same_texts([*CONTEXT, one, other])
    return bool(found.group[-1] == found.group[-2])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("More buses in the evening", "MORE BUSES IN THE EVENING!!!"),
        ("More buses in the evening", "Ｍｏｒｅ ｂｕｓｅｓ ｉｎ ｔｈｅ ｅｖｅｎｉｎｇ"),
        ("Más árboles en la calle", "Mas arboles en la calle"),
        ("Une école gratuite", unicodedata.normalize("NFD", "une École gratuite")),
        ("Mehr Bäume in der Straße", "mehr bäume in der STRASSE"),
        ("More roundabouts on the road", "More roundabuots on road"),
        ("Trees\u200b along the\u00a0river. Fewer cars!", "Fewer cars. Trees along the river"),
        ("We improve the streets for the children", "we improved the streets for children"),
        ("公園に木を植える。", "公園に木を植える"),
        ("It isn’t safe for the children", "it isn't safe for the children"),
    ],
)
def test_another_spelling_is_the_same(one: str, other: str) -> None:
    assert together(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("More buses in the evening", "No more buses in the evening"),
        ("Raise the fee to 15 dollars", "Raise the fee to 50 dollars"),
        ("Trains, not buses, in the evening", "Buses, not trains, in the evening"),
        ("Turn the lights off at night", "Turn the lights on at night"),
        ("A center of the community", "A center of the communist"),
        ("More buses in the evening", "Fewer buses in the evening"),
        ("?", "!"),
        ("公園に木を植える", "公園に木を植えない"),
    ],
)
def test_what_says_something_else_stays_apart(one: str, other: str) -> None:
    assert not together(one, other)


def test_groups_do_not_depend_on_chains_and_are_found_again() -> None:
    texts = [*CONTEXT, "Lights on at night", "Lights at night", "Lights off at night"]
    found = same_texts(texts)
    assert found.group[-1] != found.group[-3]
    assert found.group.tolist() == same_texts(texts).group.tolist()
    assert found.first.tolist() == [found.group.tolist().index(number) for number in range(len(found.first))]
    assert np.array_equal(found.speaker, found.first[found.group])
    for at, text in enumerate(texts):
        assert found.find(text.upper()) == found.group[at]
    assert found.find("A library for the harbour") == -1
    assert same_texts([]).group.tolist() == []


def test_slips_are_of_words_that_more_people_write() -> None:
    spelling = Spelling({"roundabouts": 9, "roundabuots": 1, "and": 500, "adn": 1, "cats": 30, "cars": 90, "not": 900})
    assert [spelling.of(word) for word in ("roundabuots", "roundabuotts", "adn", "cats", "note")] == [
        "roundabouts",
        "roundabouts",
        "and",
        "cats",
        "not",
    ]
    assert Spelling({"not": 900, "note": 1}, {"not"}).of("note") == "note"
    assert distance("", "abc") == 3
    assert bare("…") == "..."


def test_every_author_of_a_joined_clause_counts() -> None:
    agents = Agents(
        ("a", "b", "c"),
        (("More trees along the river bank.",), ("more trees along the RIVER bank!!",), ("Cheaper bread for all.",)),
    )
    found = extract(Profile(agents, Statements((), ()), Answers.of([], [], [], VOTE)), max_words=12)
    assert found.statements.texts == ("More trees along the river bank.", "Cheaper bread for all.")
    assert [one.agents for one in found.statements.provenance] == [("a", "b"), ("c",)]
    assert [(note.count) for note in found.notes if note.what == JOINED] == [1]
