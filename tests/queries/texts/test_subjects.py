"""Statements about the same subject."""

from __future__ import annotations

import numpy as np

from folkmoot.profile import VOTE, Answers
from folkmoot.queries.texts.subjects import LARGEST, same_subject

TEXTS = [
    "Cheaper cable, please.",  # 0
    "The town needs fiber.",  # 1
    "Cable and fiber!",  # 2, speaks of both
    "Plant trees along the river.",  # 3
    "Build a swimming pool.",  # 4
    "Cheaper cable soon.",  # 5
    "Schools should open earlier.",
    "Buses should run at night.",
]


def answers(alike: list[int], n: int = 80) -> Answers:
    """Everybody votes on everything: on the columns of ``alike`` the same, on the others at random."""
    rng = np.random.default_rng(3)
    votes = rng.choice([-1.0, 1.0], (n, len(TEXTS)))
    votes[:, alike] = votes[:, alike[:1]]
    agent, statement = np.divmod(np.arange(n * len(TEXTS)), len(TEXTS))
    return Answers.of(agent, statement, votes.ravel(), VOTE)


def subjects(alike: list[int], among: list[int] | None = None, n: int = 80) -> list[list[int]]:
    everything = np.arange(len(TEXTS))
    some = everything if among is None else np.array(among)
    pairs = same_subject(TEXTS, answers(alike, n), everything, some, ["en"] * len(TEXTS))
    return [[int(a), int(b)] for a, b in pairs]


def test_a_third_text_links_two_without_a_word_in_common() -> None:
    found = subjects([0, 1, 2, 3])
    assert [0, 1] in found
    assert [0, 2] in found
    # Answered alike, but nothing speaks of both.
    assert not any(3 in pair for pair in found)


def test_words_alone_are_not_enough() -> None:
    assert [0, 5] in subjects([0, 5])
    assert subjects([]) == []


def test_few_people_say_nothing() -> None:
    assert subjects([0, 1, 2], n=29) == []
    assert [0, 1] in subjects([0, 1, 2], n=30)


def test_what_may_not_be_chosen_still_tells_which_words_go_together() -> None:
    assert subjects([0, 1, 2], among=[0, 1, 3]) == [[0, 1]]


def test_nothing_is_compared_where_there_is_too_little_or_too_much() -> None:
    assert same_subject([], answers([]), np.arange(0), np.arange(0)).shape == (0, 2)
    many = LARGEST + 1
    assert same_subject(["a word"] * many, answers([]), np.arange(many), np.arange(many)).shape == (0, 2)
