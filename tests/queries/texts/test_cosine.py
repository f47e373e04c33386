"""TF-IDF cosines in integers."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.queries.texts import cosine
from folkmoot.queries.texts.cosine import cosines
from folkmoot.queries.texts.words import stems

WORDS = st.sampled_from(
    ["bus", "buses", "tree", "park", "tax", "taxes", "school", "the", "of", "7", "公園", "improved"]
)
TEXTS = st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=7)


@given(TEXTS, st.sampled_from([0.05, 0.2, 0.5]), st.sampled_from([1, 20, 1 << 17]))
def test_against_counting_by_hand(texts: list[str], least: float, together: int) -> None:
    counted = [{stem: min(n, 2) for stem, n in stems(text, {"the", "of"}).items()} for text in texts]
    having = {stem: sum(stem in count for count in counted) for count in counted for stem in count}
    weights = [
        {stem: n * max(round(64 * math.log(len(texts) / having[stem])), 1) for stem, n in count.items()}
        for count in counted
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cosine, "_PRODUCTS", together)
        found = cosines(texts, {"the", "of"}, least)
    listed = {tuple(pair): at for at, pair in enumerate(found.pairs.tolist())}
    for one, other in combinations(range(len(texts)), 2):
        dot = sum(n * weights[other].get(stem, 0) for stem, n in weights[one].items())
        norms = [sum(n * n for n in weights[each].values()) for each in (one, other)]
        square = Fraction(dot * dot, norms[0] * norms[1]) if dot else Fraction(0)
        if float(square) >= least**2 + 1e-6:
            at = listed[one, other]
            assert found.dots[at] == dot
            assert [found.norms[each] for each in (one, other)] == norms
            for hundredths in (20, 45, 55, 100):
                assert found.at_least(hundredths)[at] == (square >= Fraction(hundredths, 100) ** 2)
        elif float(square) < least**2 - 1e-6:
            assert (one, other) not in listed


def test_a_longer_word_counts_as_the_word_it_begins_with() -> None:
    found = cosines(["A walk by the river", "Build up the riverfront", "Robots will come", "Robotics!", "Rivalry"])
    assert found.pairs.tolist() == [[0, 1], [2, 3]]
    assert found.same.tolist() == [0, 0]
    # Only words of five letters that somebody wrote: nobody wrote "river" here.
    assert len(cosines(["Build up the riverfront", "Riverbanks for all", "Walks"]).pairs) == 0


def test_equal_texts_have_the_cosine_of_one() -> None:
    found = cosines(["More buses", "more BUSES!", "Fewer cars"])
    assert found.pairs.tolist() == [[0, 1]]
    assert found.at_least(100).tolist() == [True]
    assert found.same.tolist() == [1]
    assert cosines(["More buses", "more buses"]).at_least(100).tolist() == [True]


def test_nothing_to_compare() -> None:
    for texts in ([], ["a"], ["", ""], ["the", "of"]):
        assert len(cosines(texts, {"the", "of"}).pairs) == 0
    with pytest.raises(ValueError, match="positive"):
        cosines(["a"], least=0.0)


def test_long_texts_do_not_overflow() -> None:
    many = " ".join(f"w{number}" for number in range(40_000))
    found = cosines([many, many, *(f"other {number}" for number in range(500))])
    assert found.at_least(100).tolist()[0]
    assert np.isin([[0, 1]], found.pairs).all()
