"""In German nothing stays English: not on the review page, not on the terminal, whatever people were asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser

import pytest

import folkmoot as fm
from folkmoot.profile import Note, Profile
from folkmoot.report import View, render, summary
from folkmoot.report.extraction import read_catalogue
from folkmoot.report.translations import MESSAGES, words
from public_slates import SOURCES, chosen

#: What the page shows of the program itself, or names as it is called everywhere.
NAMES = re.compile(
    r"`[^`]*`|--[\w-]+|\b(?:folkmoot|statements\.csv|slate\.json|slate-public\.json)\b|\(The Next Generation\)"
)
_WORD = re.compile(r"(?<![\w-])\w+")
_FILLED = re.compile(r"%\(\w+\)s|%%|<[^>]+>")


def _english() -> Mapping[str, list[str]]:
    """By its first word every run of English words of the catalogue that no German sentence has, the longest first."""
    catalogue = read_catalogue(MESSAGES / "de.po")
    said = " ".join(form for one in catalogue if one.id for form in _forms(one.string))
    runs: dict[str, set[str]] = {}
    for message in (form for one in catalogue for form in _forms(one.id)):
        for run in (run.strip(" .,:;()“”–/") for run in _FILLED.split(message)):
            first = _WORD.match(run)
            if first is not None and re.search("[a-z]{3}", run) and run not in said:
                runs.setdefault(first.group(), set()).add(run)
    return {first: sorted(several, key=len, reverse=True) for first, several in runs.items()}


def _forms(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text),)


ENGLISH = _english()


class _Visible(HTMLParser):
    """What a reader sees or hears, but for figures as the program writes them (``pre``) and commands (``code``)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._out: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "pre", "code"):
            self._out.append(tag)
        self.texts += [value for name, value in attrs if name in ("aria-label", "alt", "title") and value]

    def handle_endtag(self, tag: str) -> None:
        if self._out and self._out[-1] == tag:
            self._out.pop()

    def handle_data(self, data: str) -> None:
        if not self._out and data.strip():
            self.texts.append(" ".join(data.split()))


def _of_the_source(profile: Profile) -> list[str]:
    """What participants and organisers wrote, which stays as it is; the longest first, as one may be in another."""
    own = [*profile.statements.texts, *(text for texts in profile.agents.texts for text in texts), *profile.agents.ids]
    own += [profile.topic, str(profile.facts.get("description", "")), *profile.statements.ids]
    return sorted({" ".join(text.split()) for text in own if text}, key=len, reverse=True)


def left_over(text: str, profile: Profile) -> list[str]:
    """The English in a German text, apart from what the source says."""
    text = NAMES.sub("", text)
    for own in _of_the_source(profile):
        text = text.replace(own, "")
    found = []
    for word in _WORD.finditer(text):
        runs = (run for run in ENGLISH.get(word.group(), ()) if text.startswith(run, word.start()))
        found += [run for run in runs if not re.match(r"[\w-]", text[word.start() + len(run) :])]
    return found


NOTED = (Note("dropped", "votes on statements that the comments do not list", 3, ("votes.csv row 17",)),)


def _view(name: str) -> View:
    view: View | None = chosen(name).view
    assert view is not None
    return view


KINDS = ("votes", "ratings", "budget", "rankings", "comparisons", "texts")


@pytest.mark.parametrize("name", KINDS)
def test_a_german_review_has_no_english_left(name: str) -> None:
    view, german = _view(name), words("de")
    found = {text: left for text in _Visible(render(view, german)).texts if (left := left_over(text, view.profile))}
    assert found == {}
    assert left_over(summary(view, german), view.profile) == []


def test_what_is_recorded_is_said_in_german_and_kept_in_english() -> None:
    profile = replace(SOURCES["small"](), notes=NOTED)
    slate = fm.slate(profile, unit="statements", draws=0)
    assert slate.view is not None
    page, text = render(slate.view, words("de")), summary(slate.view, words("de"))
    note = "Es wurde kein Budget angegeben; Zahl der Aussagen, die die Liste haben darf: 6, alle, die gewählt werden"
    assert note in page
    assert note in " ".join(text.split())
    assert "Stimmen zu Aussagen, die nicht aufgeführt sind: 3" in text
    assert "votes.csv Zeile 17" in page
    assert "No budget was given; the slate may have 6 statements, all that can be chosen." in slate.to_json()


def test_english_that_is_left_is_noticed() -> None:
    view = _view("small")
    assert left_over(f"Stimmen ({NOTED[0].what})", view.profile) == [NOTED[0].what]
    assert left_over("Hinweis: All data could be read.", view.profile) == ["All data could be read"]
    for page in (render(view, words("en")), summary(view, words("en"))):
        assert left_over(page, view.profile)
