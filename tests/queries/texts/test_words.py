"""Words in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.queries.texts.words import amounts, different_words, plain, stems, tokens, word_count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Invest in the youth.", 4),
        ("More roundabouts for intersections", 4),
        ("Build parking areas.", 3),
        ("More buses -- and trams!", 4),
        ("buttonActivebuttonActive", 1),
        ("...!?", 0),
        ("$15 an hour", 3),
        ("增加公車班次", 3),
        ("公園に木を植える", 4),
        ("버스를 더 자주 운행해야 한다", 6),
        ("2050年までに", 3),  # one run of digits, and four characters
        ("ควรมีรถเมล์มากขึ้นในตอนเย็น", 6),  # 22 letters; marks over or under them do not count
        ("Больше автобусов вечером и ночью", 5),
        ("المزيد من الحافلات مساء", 4),
    ],
)
def test_words_are_counted_in_every_script(text: str, count: int) -> None:
    assert word_count(text) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [("No, no, NO! Never.", 2), ("哈哈哈哈哈哈哈哈", 1), ("test test test test", 1), ("Don’t and don't", 2), ("", 0)],
)
def test_different_words(text: str, count: int) -> None:
    assert different_words(text) == count


@given(st.text(max_size=60))
def test_there_are_never_more_different_words_than_words(text: str) -> None:
    assert 0 <= different_words(text) <= word_count(text)


@given(st.text(max_size=60))
def test_the_plain_form_is_final(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_stems_join_what_is_one_word_to_a_reader() -> None:
    assert stems("improve improved improvement") == {"improv": 3}
    assert stems("a park, two parks") == {"a": 1, "park": 2, "two": 1}
    assert stems("bus news class") == {"bus": 1, "new": 1, "class": 1}
    assert stems("l'école d'été", {"l'école"}) == {"été": 1}
    assert stems("don't") == {"don't": 1}
    assert stems("公共自転車") == {"公共": 1, "共自": 1, "自転": 1, "転車": 1}
    assert stems("木") == {"木": 1}


def test_amounts_are_whole() -> None:
    assert amounts("1.5 % of $15,000 from 7:30 on, route 7B") == {"1.5", "15,000", "7:30"}
    assert tokens("1.5 % at 7:30") == ["1.5", "at", "7:30"]
