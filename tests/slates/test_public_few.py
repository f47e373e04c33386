"""Where few people took part neither the page nor its downloads say who voted how."""

from __future__ import annotations

import csv
import io
import json
from functools import cache

import pytest

import folkmoot as fm
from folkmoot.audits.public_records import Count, Listed, Public
from folkmoot.profile import PageOptions, Slate
from folkmoot.report.public import render_public
from folkmoot.slates.public.safe import LEAST, alone, cells, small, withheld
from folkmoot.slates.recorded import recorded
from public_slates import camps

COUNTS = ("agree", "skipped", "disagree", "not_voted")


@cache
def made(n: int) -> Slate:
    return fm.slate(camps(n, 6, seen=0.9), 2, unit="statements", draws=0, all_eligible=True)


def public_of(slate: Slate) -> Public:
    public = recorded(slate).audit.public  # type: ignore[union-attr]
    assert public is not None
    return public


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("lang", ["en", "de"])
def test_up_to_four_people_have_no_figures_anywhere(n: int, lang: str) -> None:
    slate = made(n)
    assert alone(public_of(slate))
    pages = render_public(slate, PageOptions(lang=lang))
    assert next(csv.reader(io.StringIO(pages.table))) == ["number", "statement", "statements"]
    for entry in json.loads(pages.slate)["statements"]:
        assert set(entry) <= {"id", "text", "cost"}
    says, instead = {
        "en": ("table of all counts", "the list as a table"),
        "de": ("Tabelle mit allen Zahlen", "die Liste als Tabelle"),
    }[lang]
    assert says not in pages.html
    assert instead in pages.html


def test_twelve_people_have_no_count_that_can_be_worked_out() -> None:
    slate = made(12)
    public = public_of(slate)
    assert not alone(public), "some figures are printed, so that there is something to check"
    pages = render_public(slate, PageOptions(lang="en"))
    assert "table of all counts" in pages.html
    for row in (*csv.DictReader(io.StringIO(pages.table)), *json.loads(pages.slate)["statements"]):
        shown = [int(row[name]) for name in COUNTS if row[name] not in ("", None)]
        left = 12 - sum(shown)
        assert not any(map(small, shown))
        assert not shown or not small(left)
        assert len(shown) != len(COUNTS) - 1, "one alone could be worked out"


@pytest.mark.parametrize("n", [1, 2, 3, 4, 12])
@pytest.mark.parametrize("place", range(4))
def test_one_part_that_is_the_whole_cannot_be_worked_out(n: int, place: int) -> None:
    parts = [n if at == place else 0 for at in range(4)]
    out = withheld(parts)
    if n < LEAST:
        assert out == {0, 1, 2, 3}, "beside zeros it would be the whole"
        assert cells(Count(*parts)).together == n
    else:
        assert out == frozenset()
    other = withheld(parts, [at == place for at in range(4)])
    assert len(other) > 1


def test_a_list_stands_alone_only_where_most_of_it_has_too_few() -> None:
    enough = Listed("a", "", "", Count(8, 0, 6, 0), people=8)
    few = Listed("b", "", "", Count(2, 0, 1, 9), people=8)
    assert not alone(Public("votes", people=12, statements=(enough, few)))
    assert alone(Public("votes", people=12, statements=(enough, few, few)))
    assert not alone(Public("votes", people=40, statements=(few, few)))
    assert alone(Public("votes", people=4, statements=(enough,)))
