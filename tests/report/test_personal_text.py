"""Staff are told of texts that may tell who somebody is; the public is not, and nothing is taken out."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

import folkmoot as fm
from folkmoot.profile import PageOptions, Slate
from folkmoot.report import render, summary
from folkmoot.report.public import render_public
from folkmoot.report.translations import words
from public_slates import camps

TEXTS = ("Call Frau Weber: 0151 23456789", "Ask ann@town.example why")


@cache
def made() -> Slate:
    profile = camps(60, 4, seen=0.9)
    texts = (*TEXTS, *profile.statements.texts[2:])
    profile = replace(profile, statements=replace(profile.statements, texts=texts))
    return fm.slate(profile, 3, unit="statements", draws=0, all_eligible=True, locked_in=["s0"], locked_out=["s1"])


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("en", "(id s0) contains a phone number and perhaps the name of a person"),
        ("de", "(Kennung s0) enthält eine Telefonnummer und vielleicht den Namen einer Person"),
    ],
)
def test_staff_are_told_and_the_public_is_not(lang: str, says: str) -> None:
    slate, w = made(), words(lang)
    assert slate.view is not None
    for text in (render(slate.view, w), " ".join(summary(slate.view, w).split())):
        assert says in text
        assert "--hide" in text
    page = render_public(slate, PageOptions(lang=lang)).html
    assert TEXTS[0] in page
    assert says not in page


def test_texts_beside_the_list_are_named_where_the_page_shows_them() -> None:
    slate = made()
    told = " ".join(summary(slate).split())
    assert TEXTS[1] in render_public(slate, PageOptions(lang="en")).html, "it tells a group apart"
    assert "id s1 contains an e-mail address" in told
    assert slate.audit is not None
    public = {**slate.audit["public"], "divided": None}
    public["groups"] = {**public["groups"], "groups": []}
    without = replace(slate, audit={**slate.audit, "public": public})
    assert "id s1 contains" not in " ".join(summary(without).split())
