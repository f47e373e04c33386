"""Recorded sentences: found in the sources, found again in a record, and said in the language of the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from folkmoot.report.extraction import PACKAGE, read_catalogue
from folkmoot.report.recorded_sentences import Sentences
from folkmoot.report.recorded_sources import CONTEXT, recorded_messages
from folkmoot.report.translations import MESSAGES, words

GERMAN = {str(one.id): str(one.string) for one in read_catalogue(MESSAGES / "de.po") if one.context == CONTEXT}
_PLACE = re.compile(r"%\(\w+\)s")


def _sentences(known: dict[str, str]) -> Sentences:
    return Sentences(known, {"French": "Französisch"}, lambda n, decimals, share: f"<{n}|{decimals}|{share}>")


def test_figures_names_and_clauses_are_taken_over() -> None:
    german = _sentences(
        {
            "%(n)s of %(whole)s were read (%(why)s).": "Gelesen: %(n)s von %(whole)s (%(why)s).",
            "too long": "zu lang",
            "%(n)s in %(language)s": "%(n)s auf %(language)s",
            "Nothing%(more)s.": "Nichts%(more)s.",
        }
    )
    assert german.in_words("12 of 2,031 were read (too long).") == "Gelesen: <12|0|False> von <2031|0|False> (zu lang)."
    assert german.in_words("4.5% of x% y were read (too long: 3; other).") == (
        "Gelesen: <45|1|True> von x% y (zu lang: <3|0|False>; other)."
    )
    assert german.in_words("3 in French") == "<3|0|False> auf Französisch"
    assert german.in_words("Nothing.") == "Nichts."
    assert german.in_words("Something else.") == "Something else."


def test_a_pattern_without_words_takes_only_what_is_known() -> None:
    german = _sentences(
        {"%(what)s: %(names)s": "%(what)s – %(names)s", "left columns": "Spalten", "%(a)s or %(b)s": "%(a)s oder %(b)s"}
    )
    assert german.in_words("left columns: 'a', 'b'") == "Spalten – 'a', 'b'"
    assert german.in_words("'this: or that'") == "'this: or that'"
    assert german.in_words("'Too loud?' or \"the mayor's\"") == "'Too loud?' oder \"the mayor's\""
    assert german.in_words("7, 8 or 9") == "7, 8 oder <9|0|False>"


@pytest.mark.parametrize("fill", ["7", "vote.csv"])
def test_every_recorded_sentence_is_found_again_and_no_other_takes_its_place(fill: str) -> None:
    german = words("de")
    assert len(GERMAN) > 200
    for english, said in GERMAN.items():
        if not _PLACE.sub("", english).strip(" :"):
            continue  # what has no words of its own is about the clauses in it
        sentence = _PLACE.sub(fill, english)
        assert german.recorded(sentence.replace("%%", "%")) == _PLACE.sub(fill, said).replace("%%", "%"), english
        assert words("en").recorded(sentence) == sentence


def test_sentences_are_found_where_they_are_recorded(tmp_path: Path) -> None:
    (tmp_path / "formats").mkdir()
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "page.py").write_text('notes.add("seen", "not this")\n', encoding="utf-8")
    (tmp_path / "formats" / "x.py").write_text(
        """
WHY = noted("because")
def read(path, n, some):
    notes.add("seen", "rows without a name")
    what = "votes" if n else "answers"
    notes.add("seen", f"{what} from {path.name}, 5% of {n:,}", path)
    if n:
        end = " here"
    else:
        end = f" there ({len(some)})"
    told.append(noted("It was" + end))
    notes.add("seen", elsewhere(n))
    notes.add("seen", f"{WHY} of {n} and {n}")
""",
        encoding="utf-8",
    )
    assert set(recorded_messages(tmp_path)) == {
        "because",
        "rows without a name",
        "votes from %(name)s, 5%% of %(n)s",
        "answers from %(name)s, 5%% of %(n)s",
        "It was here",
        "It was there (%(len)s)",
        "%(why)s of %(n)s and %(n2)s",
    }
    assert recorded_messages(PACKAGE).keys() == GERMAN.keys()
