"""A list of everything there is says that nothing was chosen, and praises no choice."""

from __future__ import annotations

from functools import cache

import pytest

import folkmoot as fm
from folkmoot.profile import PageOptions, Slate
from folkmoot.report import render, summary
from folkmoot.report.audit_text import audit_summary
from folkmoot.report.public import render_public
from folkmoot.report.tasks import tasks
from folkmoot.report.translations import words
from folkmoot.report.unchosen import nothing_chosen, unchosen
from folkmoot.slates.compare import Checks
from folkmoot.slates.recorded import recorded
from public_slates import camps, ranking

SAYS = {
    "en": (
        "Nothing was chosen: all 6 statements are listed.",
        "Nothing was chosen here.",
        "No large group was overlooked",
    ),
    "de": (
        "Nichts wurde ausgewählt: Alle 6 Aussagen stehen auf der Liste.",
        "Hier wurde nichts ausgewählt.",
        "Keine große Gruppe wurde übersehen",
    ),
}


@cache
def made(size: int) -> Slate:
    return fm.slate(camps(60, 6, seen=0.9), size, unit="statements", draws=2, all_eligible=True)


@pytest.mark.parametrize("lang", ["en", "de"])
def test_everything_is_no_choice(lang: str) -> None:
    slate, w = made(6), words(lang)
    says, page_says, praise = SAYS[lang]
    assert unchosen(slate) == 6
    assert slate.view is not None
    page = render_public(slate, PageOptions(lang=lang)).html
    for text in (render(slate.view, w), summary(slate.view, w), _audit(slate, lang)):
        text = " ".join(text.split())
        assert says in text
        # Below its headline an audit gives the figure of every measure, whatever it was held against.
        asks = w.gettext("Did we overlook a large group?")
        assert f"{asks} {praise}" not in text
    assert page_says in page
    assert {"en": "A computer chose", "de": "Ein Computer wählte"}[lang] not in page
    assert {"en": "For comparison", "de": "Zum Vergleich"}[lang] not in page


@pytest.mark.parametrize("lang", ["en", "de"])
def test_of_one_statement_no_smaller_budget_is_advised(lang: str) -> None:
    w = words(lang)
    only = fm.slate(camps(60, 1, seen=0.9), 1, unit="statements", draws=2, all_eligible=True)
    assert unchosen(only) == 1
    said, of_six = ([str(task.words) for task in tasks(slate, w)] for slate in (only, made(6)))
    assert any(nothing_chosen(only, w) in each for each in said)
    assert not any("--budget" in each for each in said)
    assert any("--budget" in each for each in of_six)


@pytest.mark.parametrize("lang", ["en", "de"])
def test_a_choice_is_one(lang: str) -> None:
    slate, w = made(3), words(lang)
    assert unchosen(slate) == 0
    assert nothing_chosen(slate, w) == ""
    assert slate.view is not None
    page = render_public(slate, PageOptions(lang=lang)).html
    assert SAYS[lang][1] not in page
    assert SAYS[lang][2] in " ".join(_audit(slate, lang).split())


def test_what_is_no_statement_is_not_called_one() -> None:
    slate = fm.slate(ranking(), 6, unit="statements", draws=0)
    assert "This is everything there was: 6 entries." in render_public(slate, PageOptions(lang="en")).html


def _audit(slate: Slate, lang: str) -> str:
    audit = recorded(slate).audit
    assert audit is not None
    return audit_summary(slate, audit, Checks(True, None, True, ()), None, words(lang))
