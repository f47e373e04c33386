"""Statements that say nearly the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.profile import Answers
from folkmoot.queries.texts.near_duplicates import NearDuplicates, near_duplicates
from folkmoot.queries.texts.recognise import languages_of

LOOSE = [
    "Something needs to be done to improve traffic flow",
    "Traffic flow needs to be improved throughout Bowling Green, especially on Scottsville Road.",
]
OTHERS = [
    f"The {thing} should have a new {other} by next year."
    for thing, other in zip(
        ["library", "stadium", "museum", "harbour", "theatre", "market", "castle", "station"],
        ["roof", "manager", "entrance", "cafe", "curtain", "timetable", "moat", "clock"],
        strict=True,
    )
]
LIKED = np.array([1, 1, 0, -1, -1], dtype=np.float64)


def votes(columns: list[np.ndarray[tuple[int], np.dtype[np.float64]] | None], n: int) -> Answers:
    """Answers of n people; None: nobody answers this statement."""
    agent = [np.arange(n) for column in columns if column is not None]
    statement = [np.full(n, j) for j, column in enumerate(columns) if column is not None]
    value = [np.resize(column, n) for column in columns if column is not None]
    return Answers.of(np.concatenate(agent), np.concatenate(statement), np.concatenate(value))


def near(texts: list[str], answers: Answers) -> list[list[int]]:
    found = near_duplicates(texts, answers, np.arange(len(texts)), languages_of(texts))
    return [list(pair) for pair in found.pairs.tolist()]


def test_like_words_and_like_answers() -> None:
    texts = [*LOOSE, *OTHERS]
    n = 200
    rng = np.random.default_rng(0)
    others = [rng.permutation(np.resize(LIKED, n)) for _ in OTHERS]
    assert near(texts, votes([LIKED, LIKED, *others], n)) == [[0, 1]]
    assert near(texts, votes([LIKED, -LIKED, *others], n)) == []
    assert near(texts, votes([LIKED, rng.permutation(np.resize(LIKED, n)), *others], n)) == []
    assert near(texts, votes([LIKED, None, *others], n)) == []


def test_everybodys_agreement_is_no_likeness() -> None:
    n = 200
    one, other = np.ones(n), np.ones(n)
    one[:15], other[15:30] = -1, -1  # .85 alike, by chance
    texts = [*LOOSE, *OTHERS]
    assert near(texts, votes([one, other, *[LIKED] * len(OTHERS)], n)) == []


def test_a_bolder_statement_is_not_a_milder_one() -> None:
    texts = ["Medical marijuana should be legal.", "Recreational marijuana should be legal.", *OTHERS]
    n = 200
    rng = np.random.default_rng(1)
    others = [rng.permutation(np.resize(LIKED, n)) for _ in OTHERS]
    mild = np.where(np.arange(n) % 20 < 15, 1.0, -1.0)
    bold = np.where(np.arange(n) % 20 < 12, 1.0, -1.0)  # .85 alike, but never the other way round
    assert near(texts, votes([mild, bold, *others], n)) == []
    assert near(texts, votes([mild, mild, *others], n)) == [[0, 1]]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("More buses in the evening!", "more BUSES in the evening", True),
        ("Build a bridge over the river.", "Do not build a bridge over the river.", False),
        ("The minimum wage should be 12 dollars.", "The minimum wage should be 15 dollars.", False),
        ("13. Bring back the old trams!", "24. Bring back the old trams.", True),
        ("Bring back the old trams!", "Please bring the old trams back", True),
        ("公園に木を植えるべきだ", "公園に木を植えるべきです", True),
        ("公園に木を植えるべきだ", "夜のバスを増やすべきだ", False),
    ],
)
def test_without_co_voters_words_decide(one: str, other: str, expected: bool) -> None:
    assert near([one, other, *OTHERS], Answers.none()) == ([[0, 1]] if expected else [])


def test_other_amounts_are_never_near() -> None:
    texts = ["The minimum wage should be 12 dollars.", "The minimum wage should be 15 dollars.", *OTHERS]
    assert near(texts, votes([LIKED] * len(texts), 100)) == []


def test_a_negation_needs_answers_that_say_so() -> None:
    texts = ["It is a shame not to have a fairness ordinance.", "We need a fairness ordinance here.", *OTHERS]
    rng = np.random.default_rng(2)
    others = [rng.permutation(np.resize(LIKED, 100)) for _ in OTHERS]
    assert near(texts, votes([LIKED, LIKED, *others], 100)) == [[0, 1]]
    assert near(texts, Answers.none()) == []


def test_three_more_kinds_in_three_languages() -> None:
    german = ["Mehr Radwege in der Innenstadt bauen.", "In der Innenstadt mehr Radwege bauen!", "Kitas länger öffnen."]
    french = [
        "Il faut plus de pistes cyclables.",
        "Plus de pistes cyclables, il faut !",
        "Ouvrir les crèches plus tôt.",
    ]
    spanish = ["Hay que plantar más árboles.", "¡Plantar más árboles!", "Abrir la piscina por la noche."]
    for texts in (german, french, spanish):
        assert near(texts, Answers.none()) == [[0, 1]]


PAIRS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]), max_size=12)


@given(PAIRS, st.permutations(range(8)), st.sets(st.integers(0, 7), max_size=3))
def test_who_speaks_for_whom(pairs: list[tuple[int, int]], order: list[int], always: set[int]) -> None:
    listed = np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 2)
    found = NearDuplicates(listed, 8)
    said = found.spoken_for(order, sorted(always))
    kept = np.flatnonzero(said < 0)
    for place in range(8):
        assert set(found.near(place)) == {b for a, b in set(pairs) if a == place} | {
            a for a, b in set(pairs) if b == place
        }
    for one in kept.tolist():
        for other in found.near(one).tolist():
            assert other not in kept or {one, other} <= always  # no kept pair is near
    for place in np.flatnonzero(said >= 0).tolist():
        assert said[place] in kept  # no chains
        assert said[place] in found.near(place)  # each is near the one that speaks for it
        before = [each for each in found.near(place).tolist() if each in kept]
        ranks = {each: (each not in always, order.index(each)) for each in before}
        if not always:
            assert said[place] == min(before, key=ranks.__getitem__)
            assert order.index(int(said[place])) < order.index(int(place))
    assert always <= set(kept.tolist())


@given(st.permutations(range(len(LOOSE) + len(OTHERS))), st.booleans())
def test_the_order_of_statements_does_not_matter(order: list[int], asked: bool) -> None:
    texts = [*LOOSE, *OTHERS]
    answers = votes([LIKED, LIKED, *[LIKED[::-1]] * len(OTHERS)], 100) if asked else Answers.none()
    columns = np.array(order, dtype=np.int64)
    found = near_duplicates([texts[j] for j in order], answers, columns, ["en"] * len(order))
    pairs = {frozenset(columns[pair].tolist()) for pair in found.pairs}
    same = near_duplicates(texts, answers, np.arange(len(texts)), ["en"] * len(texts))
    assert pairs == {frozenset(pair) for pair in same.pairs.tolist()}
