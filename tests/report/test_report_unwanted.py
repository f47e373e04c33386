"""Statements that nobody is for are named before the list is published."""

from __future__ import annotations

from dataclasses import replace

import pytest

from folkmoot.profile import Slate
from folkmoot.report import summary
from folkmoot.report.tasks import tasks
from folkmoot.report.translations import words
from folkmoot.report.unwanted import unwanted
from folkmoot.slates.recorded import recorded
from public_slates import chosen


def said(slate: Slate, lang: str = "en") -> str:
    audit = recorded(slate).audit
    assert audit is not None
    return unwanted(slate, audit, words(lang))


def with_nobody_for(slate: Slate, names: set[str]) -> Slate:
    """The slate as if all who were for these statements had chosen otherwise."""
    figures = dict(slate.audit or {})
    public = dict(figures["public"])
    public["statements"] = [
        one | {"all": one["all"] | {"agree": 0, "against": one["all"]["against"] + one["all"]["agree"]}}
        if one["id"] in names
        else one
        for one in public["statements"]
    ]
    return replace(slate, view=None, audit=figures | {"public": public})


@pytest.mark.parametrize("name", ["votes", "budget", "rankings", "texts"])
def test_where_somebody_is_for_each_nothing_is_said(name: str) -> None:
    assert said(chosen(name)) == ""


@pytest.mark.parametrize("name", ["votes", "budget", "rankings"])
def test_a_statement_that_nobody_is_for_is_named_with_the_number_of_the_page(name: str) -> None:
    slate = chosen(name)
    first, second = slate.statements[0].id, slate.statements[1].id
    one = with_nobody_for(slate, {first})
    number = next(row["number"] for row in one.rows() if row["id"] == first)
    assert said(one).startswith(f"Nobody who answered is for statement {number} (id {first}): ")
    assert said(one) in [task.words for task in tasks(one) if task.grave]
    assert "Nobody who answered is for" in " ".join(summary(one).split())
    both = said(with_nobody_for(slate, {first, second}))
    assert "Nobody who answered is for the statements " in both
    assert f"(id {first})" in both
    assert f"(id {second})" in both
    assert said(one, "de").startswith(f"Niemand, der geantwortet hat, ist für Aussage {number} (Kennung {first})")


def test_of_texts_nothing_is_said() -> None:
    slate = chosen("texts")
    assert said(with_nobody_for(slate, {one.id for one in slate.statements})) == ""
