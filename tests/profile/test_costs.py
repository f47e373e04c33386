"""Lengths in words and characters: as split by spaces where there are any, alike in every language where not."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from parallel_sentences import PARALLEL

import folkmoot as fm
from folkmoot.formats import doctor
from folkmoot.profile import Agents, Answers, InputError, Profile, Scale, Statements, words
from folkmoot.profile.costs import characters, costs, length, measure
from folkmoot.profile.options import Goal
from folkmoot.slates.sweep import sweep

UNSPACED = ("zh", "ja", "th", "lo", "km", "my")
SPACED = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Lo", "Lm", "Nl", "So", "Cn", "Co"),
    ),
    max_size=60,
)


@pytest.mark.parametrize("language", sorted(PARALLEL))
def test_equal_content_costs_about_the_same_in_every_language(language: str) -> None:
    english, there = (sum(map(words, PARALLEL[code])) for code in ("en", language))
    assert english / 1.5 <= there <= 1.5 * english
    if language in UNSPACED:
        assert english / 1.15 <= there <= 1.15 * english
        pairs = zip(map(words, PARALLEL["en"]), map(words, PARALLEL[language]), strict=True)
        assert all(a / 2 <= b <= 2 * a for a, b in pairs)


@pytest.mark.parametrize("language", sorted(set(PARALLEL) - set(UNSPACED)))
def test_where_there_are_spaces_words_stand_between_them(language: str) -> None:
    assert [words(text) for text in PARALLEL[language]] == [len(text.split()) for text in PARALLEL[language]]
    assert not measure(PARALLEL[language])


@given(SPACED)
def test_signs_alone_and_runs_of_any_length_count_as_before(text: str) -> None:
    assert words(text) == len(text.split())


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_text_costs_as_much_as_its_parts_to_a_word(first: str, second: str) -> None:
    whole, parts = words(f"{first} {second}"), words(first) + words(second)
    assert abs(whole - parts) <= 1
    assert bool(first.strip()) == (words(first) > 0)


@given(st.sampled_from([text for texts in PARALLEL.values() for text in texts]))
def test_it_does_not_matter_how_accents_are_stored(text: str) -> None:
    for form in ("NFC", "NFD"):
        assert words(unicodedata.normalize(form, text)) == words(text)
        assert characters(unicodedata.normalize(form, text)) == characters(text)


def test_other_scripts_between_letters_without_spaces_are_words() -> None:
    assert words("在2030年之前") == words("在年之前") + 1
    assert words("AIとIoTで町を") == words("とで町を") + 2
    assert words("公園、学校。") == words("公園学校")
    assert words("バス - 増やす") == words("バス増やす") + 1


def test_characters_are_what_people_see_without_spaces() -> None:
    assert characters(" a b\n") == 2
    assert characters("été") == characters(unicodedata.normalize("NFD", "été")) == 3
    assert characters("한글") == characters(unicodedata.normalize("NFD", "한글")) == 2
    assert [characters(sign) for sign in ("👍🏽", "👩‍👩‍👧", "🇫🇷🇩🇪", "हिन्दी")] == [1, 1, 2, 3]
    assert length("More buses", "characters") == 9
    with pytest.raises(InputError, match="words or characters"):
        length("More buses", "lines")


def _ratings(texts: tuple[str, ...]) -> Profile:
    n, m = 12, len(texts)
    rng = np.random.default_rng(3)
    return Profile(
        Agents(tuple(map(str, range(n)))),
        Statements(tuple(f"s{j}" for j in range(m)), texts),
        Answers.of(
            np.repeat(np.arange(n), m),
            np.tile(np.arange(m), n),
            rng.integers(1, 6, n * m).astype(np.float64),
            Scale("rating", 1, 5),
        ),
    )


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh", "th"])
def test_a_budget_of_characters_is_kept_recorded_and_audited(language: str) -> None:
    profile = _ratings(PARALLEL[language])
    slate = fm.slate(profile, 90, length="characters", draws=0)
    spent = sum(characters(s.text) for s in slate.statements)
    assert 0 < spent == slate.cost <= 90
    assert slate.unit == "characters"
    again = fm.audit(profile, slate, draws=0)
    assert slate.audit is not None
    assert again.as_dict()["utility"] == slate.audit["utility"]
    assert fm.slate(profile, 90, unit="characters", draws=0).statements == slate.statements
    row = sweep(profile, [90], unit="characters", options=fm.Options(draws=0))[0]
    assert (row.spent, row.statements) == (spent, len(slate.statements))


def test_refining_counts_characters_too() -> None:
    slate = fm.slate(_ratings(PARALLEL["ja"]), 80, length="characters", draws=0, refine=True)
    assert slate.cost == sum(characters(s.text) for s in slate.statements) <= 80


def test_a_length_has_no_use_where_a_budget_counts_no_text() -> None:
    assert Goal(60, "words", 0, "characters") == Goal(60, "characters")
    assert Goal(60, "words", 0, "words") == Goal(60)
    assert Goal(60, "characters").words() == ["--budget", "60", "--unit", "characters", "--seed", "0"]
    for unit in ("statements", "cost"):
        with pytest.raises(InputError, match=r"`length` has no use here: with `unit='" + unit):
            Goal(60, unit, 0, "words")
    with pytest.raises(InputError, match="exclude each other"):
        Goal(60, "characters", 0, "words")
    with pytest.raises(InputError, match="against a `budget`"):
        Goal(None, "words", 0, "characters")


def test_the_diagnosis_says_how_length_is_counted() -> None:
    assert doctor(_ratings(PARALLEL["de"])).length == ""
    assert doctor(_ratings(PARALLEL["ja"])).length == (
        "in words, of 12 texts by their letters (Chinese characters, kana); or in characters"
    )
    assert costs(_ratings(PARALLEL["km"]), "words").sum() == sum(map(words, PARALLEL["km"]))
