"""The page for the public reads easily: Flesch's formula for English, Amstad's for German, printed with `pytest -s`."""

from __future__ import annotations

import re

import pytest

from folkmoot.profile import PageOptions
from folkmoot.report.public import render_public
from public_slates import chosen

#: Plain English begins at 60, and easy German at about the same.
LEAST = 60.0
_VOWELS = {"en": re.compile(r"[aeiouy]+"), "de": re.compile(r"(?:eu|äu|au|ei|ie|ai|aa|ee|oo|[aeiouyäöü])")}


def syllables(word: str, lang: str) -> int:
    """Groups of vowels, an English silent e left out.

    >>> syllables("statement", "en"), syllables("agree", "en"), syllables("Aussage", "de"), syllables("neue", "de")
    (2, 2, 3, 2)
    """
    word = word.casefold()
    if lang == "en":
        word = re.sub(r"(?<=[^aeiouyl])e(?=s?$|ment$|ly$)|(?<=[^td])ed$", "", word)
    return max(1, len(_VOWELS[lang].findall(word)))


def ease(sentences: list[str], lang: str) -> float:
    """How easily sentences are read, usually 0 to 100 (Flesch 1948; Amstad 1978)."""
    words = [word for sentence in sentences for word in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", sentence)]
    length = len(words) / len(sentences)
    mean = sum(syllables(word, lang) for word in words) / len(words)
    return 206.835 - 1.015 * length - 84.6 * mean if lang == "en" else 180.0 - length - 58.5 * mean


def sentences(html: str) -> list[str]:
    """What the page says in sentences of its own: no participant's words, no table, no line for experts."""
    for own in ("style", "table", "pre", "cite", "summary", "h1", "h2", "h3"):
        html = re.sub(rf"<{own}\b.*?</{own}>", " ", html, flags=re.DOTALL)
    html = re.sub(
        r'<p class="(?:tech|key|question|gl|st)[^>]*>.*?</p>|<footer>.*|<head>.*?</head>', " ", html, flags=re.DOTALL
    )
    html = re.sub(r'“?<span[^>]*dir="auto">.*?</span>[”“]?', " ", html, flags=re.DOTALL)
    html = re.sub(r"</(?:p|li)>", ". ", html)
    text = re.sub(r"<[^>]+>", "", html)
    found = [" ".join(part.split()) for part in re.split(r"[.:;!?]+(?:\s|$)", text)]
    return [part for part in found if len(re.findall(r"[^\W\d_]+", part)) > 2]


@pytest.mark.parametrize(
    ("words", "lang", "says"),
    [
        ("The cat sat on the mat.", "en", 116.1),
        ("Die Katze sitzt auf der Matte.", "de", 96.0),
    ],
)
def test_the_formulas_are_those_of_the_papers(words: str, lang: str, says: float) -> None:
    assert ease([words], lang) == pytest.approx(says, abs=0.2)


@pytest.mark.parametrize("lang", ["en", "de"])
@pytest.mark.parametrize("name", ["votes", "ratings", "budget", "texts"])
def test_the_page_is_plain_language(name: str, lang: str) -> None:
    found = sentences(render_public(chosen(name), PageOptions(lang=lang)).html)
    assert len(found) > 15
    value = ease(found, lang)
    longest = max(found, key=lambda one: len(one.split()))
    print(f"{name}, {lang}: reading ease {value:.0f}; {len(found)} sentences; the longest: {longest}")
    assert value >= LEAST


def test_what_is_hard_to_read_is_seen() -> None:
    hard = {
        "en": "Proportionality considerations necessitate counterfactual disaggregated representation.",
        "de": "Verhältnismäßigkeitserwägungen erfordern Berücksichtigung kontrafaktischer Repräsentationsverhältnisse.",
    }
    assert all(ease([words], lang) < 0 for lang, words in hard.items())
