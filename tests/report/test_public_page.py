"""The page for the public: the right sentence for every kind of source, and never the wrong one."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.audits.public_records import Count, Other, Statement
from folkmoot.profile import InputError, PageOptions, Slate
from folkmoot.profile.records import to_json
from folkmoot.report.public import render_public
from folkmoot.slates.recorded import recorded
from public_slates import MARK, SOURCES, camps, chosen, pages

VOID = {"meta", "img", "line", "rect", "br"}
#: Words of social choice that stand in the box on the method alone.
TECHNICAL = ("justified", "cBJR", "posterior", "k-means", "silhouette", "slate", "utility", "cohort", "coalition")


class Page(HTMLParser):
    """What a browser would make of a page: its words, in sections."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.pieces: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []
        self.text = " ".join("".join(self.pieces).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag in ("p", "li", "td", "th", "h1", "h2", "h3", "summary", "div"):
            self.pieces.append(" ")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.pieces.append(data)


@cache
def page(name: str, lang: str = "en") -> Page:
    return Page(pages(name, lang).html)


def changed(name: str, **figures: Any) -> Slate:
    """A slate whose figures for the public are others."""
    slate = chosen(name)
    audit = recorded(slate).audit
    assert audit is not None
    assert audit.public is not None
    body = {**(slate.audit or {}), "public": to_json(replace(audit.public, **figures))}
    return replace(slate, audit=body)


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("lang", ["en", pytest.param("de", marks=pytest.mark.long)])
def test_every_page_is_well_formed_offline_and_names_nobody(name: str, lang: str) -> None:
    made, found = pages(name, lang), page(name, lang)
    for text in (made.html, made.table, made.slate):
        assert MARK not in text
        assert "example.org" not in text
    assert not {tag for tag, _ in found.tags} & {"script", "iframe", "link", "form", "object"}
    for tag, attributes in found.tags:
        assert not [attribute for attribute in attributes if attribute.startswith("on")], tag
        for attribute in ("src", "href"):
            assert attributes.get(attribute, "data:").startswith(("data:", "#", "mailto:"))
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert "%(" not in made.html
    assert "--" not in found.text, "a flag"
    assert render_public(chosen(name), PageOptions(lang=lang)).html == made.html


@pytest.mark.parametrize("name", SOURCES)
def test_technical_words_stand_in_the_method_box_only(name: str) -> None:
    html = pages(name).html
    outside = re.sub(
        r'<p class="tech">.*?</p>|<style>.*?</style>|<section aria-labelledby="check".*?</section>',
        "",
        html,
        flags=re.S,
    )
    text = Page(outside).text
    for word in TECHNICAL:
        assert word.lower() not in text.lower(), word


SAYS: dict[str, tuple[list[str], list[str]]] = {
    "votes": (
        [
            "60 people took part, 2–13 February 2018. They cast",
            "who voted agree",
            "agreed with the statement that stands",
        ],
        ["rated", "chose it", "prefer", "word for word", "Nobody voted", "weight"],
    ),
    "ratings": (
        [
            "ratings of 12 statements",
            "rated it above the middle",
            "Ratings are missing",
            "rated the statement that stands",
        ],
        ["agree", "voted", "votes were cast", "chose it"],
    ),
    "budget": (
        ["choices among 8 projects", "chose it", "chose the project that stands for them", "There is 200 to spend"],
        ["agree", "disagree", "skipped", "voted on", "missing", "tries", "expected to"],
    ),
    "rankings": (
        ["places in their orders", "ranked it in the upper half", "3 entries for 60 people", "There were 6 entries."],
        ["statements for", "the statements", "agree", "voted", "chose it", "missing", "expected to"],
    ),
    "comparisons": (
        [
            "comparisons of 6 statements in pairs",
            "preferred to the other one in",
            "Nobody was asked whether they agree",
        ],
        ["agreed", "of those who voted", "disagree"],
    ),
    "texts": (
        ["They wrote in their own words; nobody voted", "something close to", "Nobody voted. Who agrees was estimated"],
        ["Who agrees with what", "Groups of opinion", "voted on", "agreed", "tries", "most support"],
    ),
    "weights": (
        ["people have different weights", "By weight the first figure is", "counted by their weight"],
        ["Each needs an equal share of the people:"],
    ),
    "three": (
        ["Three groups of opinion", "Group A:", "Group B:", "Group C:", "in every group"],
        ["Larger group", "both groups", "Group D"],
    ),
    "noise": (["There are no clear groups"], ["Two groups", "Larger group", "alike form groups"]),
    "small": (["groups of opinion cannot be told"], ["Two groups", "Larger group", "There are no clear groups"]),
    "tiny": (
        ["So few people took part that figures would say who thinks what"],
        ["Whom the list speaks for", "Who agrees with what", " people: ", "who voted agree"],
    ),
}


@pytest.mark.parametrize("name", SAYS)
def test_each_kind_is_told_in_its_own_words(name: str) -> None:
    says, lacks = SAYS[name]
    text = page(name).text
    assert [words for words in says if words not in text] == []
    # "Who agrees" is what comparisons and texts say that they do not know.
    assert [words for words in lacks if words in text] == []


def test_every_source_has_its_words_tested() -> None:
    assert SAYS.keys() == SOURCES.keys()


def test_the_first_figure_is_that_of_the_votes() -> None:
    own = [one.own for one in recorded(chosen("votes")).audit.public.statements]  # type: ignore[union-attr]
    agree = sum(one.agree for one in own)
    assert f"{(200 * agree + 60) // 120}% of all people, {agree} of 60, agreed" in page("votes").text
    against, skipped = sum(one.against for one in own), sum(one.middle for one in own)
    assert ("Nobody is counted for a statement they voted against" in page("votes").text) == (against == 0)
    assert ("voted against or skipped" in page("votes").text) == (against + skipped == 0 or min(against, skipped) > 0)


@pytest.mark.parametrize(
    ("theirs", "left", "says", "lacks"),
    [
        (
            20,
            0,
            ["20 people would have agreed with theirs"],
            ["would do better", "equally well", "nothing at all"],
        ),
        (60, 0, ["60 people would have agreed", "On this count that list would do better."], ["equally well"]),
        (20, 7, ["7 people would be counted for nothing at all."], ["would do better"]),
        (20, 3, ["A few people would be counted for nothing"], ["3 people"]),
    ],
)
def test_the_comparison_says_which_list_does_better(theirs: int, left: int, says: list[str], lacks: list[str]) -> None:
    text = Page(render_public(changed("votes", popular=Other(theirs, left)), PageOptions(lang="en")).html).text
    section = text[text.index("Whom the list speaks for") : text.index("Two groups")]
    assert [words for words in says if words not in section] == []
    assert [words for words in lacks if words in section] == []


def test_a_list_that_is_the_most_popular_one_says_so() -> None:
    text = Page(render_public(changed("votes", popular=Other(9, 0, same=True)), PageOptions(lang="en")).html).text
    assert "both are the same" in text
    assert "instead of" not in text


def test_what_is_left_over_and_unread_is_said() -> None:
    text = Page(render_public(changed("votes", left_over=40, unread=17), PageOptions(lang="en")).html).text
    assert "40 people are counted for nothing on the list." in text
    assert "17 entries of the data could not be used" in text
    assert "Nobody was counted for more than one." in text
    assert "could not be used" not in page("votes").text
    assert "Everybody was counted for exactly one." in page("votes").text


def test_hidden_statements_are_counted_and_not_shown() -> None:
    public = recorded(chosen("votes")).audit.public  # type: ignore[union-attr]
    assert public is not None
    listed, mark = public.statements[0], public.groups.groups[0].marks[0]
    made = pages("votes", hidden=(listed.id, mark.id))
    for text in (made.html, made.table, made.slate):
        assert listed.text not in text
        assert mark.text not in text
    found = Page(made.html).text
    assert "(hidden by the publisher)" in found
    assert f"{len({listed.id, mark.id})} statement" in found
    assert "hidden by the publisher. All figures count" in found
    assert "hidden" not in page("votes").text
    # The next of the group comes in its place.
    marks = [entry.text for entry in public.groups.groups[0].marks if entry.id not in (listed.id, mark.id)]
    assert any(text in made.html for text in marks)
    with pytest.raises(InputError, match="`hidden` names statement 'nope'"):
        pages("votes", hidden=("nope",))


def test_what_divides_people_most_is_named_unless_it_is_hidden() -> None:
    slate = changed("votes", divided=None)
    assert "divides people most" not in Page(render_public(slate, PageOptions(lang="en")).html).text
    public = recorded(chosen("votes")).audit.public  # type: ignore[union-attr]
    assert public is not None
    one = replace(public.statements[0], id="x1", text="Close the harbour.", all=Count(25, 10, 20, 5), groups=())
    divided = Statement(one.id, one.text, "en", one.all)
    slate = changed("votes", divided=divided)
    text = Page(render_public(slate, PageOptions(lang="en")).html).text
    assert "is not on the list: “Close the harbour.” 25 agree, 20 disagree." in text
    hidden = Page(render_public(slate, PageOptions(lang="en", hidden=("x1",))).html).text
    assert "is not on the list: “(hidden by the publisher)” 25 agree, 20 disagree." in hidden
    assert "harbour" not in hidden
    few = changed("votes", divided=replace(divided, all=Count(25, 10, 4, 21)))
    assert "divides people most" not in Page(render_public(few, PageOptions(lang="en")).html).text


def with_similar() -> tuple[Slate, str, str]:
    slate = chosen("votes")
    public = recorded(slate).audit.public  # type: ignore[union-attr]
    assert public is not None
    first = public.statements[0]
    other = next(mark for mark in public.groups.groups[0].marks if mark.id != first.id)
    near = replace(public.statements[1], id=other.id, text="Nearly the same words.", groups=other.groups, all=other.all)
    listed = (replace(first, similar=(near,)), *public.statements[1:])
    return changed("votes", statements=listed), first.id, other.id


def test_similar_statements_are_the_same_only_where_somebody_has_checked() -> None:
    slate, one, other = with_similar()
    text = Page(render_public(slate, PageOptions(lang="en")).html).text
    assert "Similar statements (1)" in text
    assert "Also said as" not in text
    text = Page(render_public(slate, PageOptions(lang="en", same=(f"{other},{one}",))).html).text
    assert "Also said as (1)" in text
    assert "Similar statements" not in text
    text = Page(render_public(slate, PageOptions(lang="en", hidden=(other,))).html).text
    assert "Nearly the same" not in text
    assert "Similar statements" not in text


@pytest.mark.parametrize("same", [("s1",), ("",), (",s1",)])
def test_one_statement_alone_cannot_be_the_same(same: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="at least two ids"):
        PageOptions(same=same)


def test_edited_and_fixed_statements_are_said() -> None:
    made = fm.slate(
        camps(),
        3,
        unit="statements",
        draws=0,
        all_eligible=True,
        locked_in=["s4"],
        edits={"s4": "More trees & <b>better</b> water."},
    )
    html = render_public(made, PageOptions(lang="en")).html
    text = Page(html).text
    assert "More trees & <b>better</b> water." in text
    assert "Edited by the organisers; people answered: “We need more trees" in text
    assert "The organisers changed the wording of 1 statement" in text
    assert "The organisers fixed 1 statement of the list beforehand." in text
    assert "nobody edited it" not in text
    plain = page("votes").text
    assert "nobody edited it" in plain
    assert "The organisers" not in plain


@pytest.mark.parametrize(
    ("locked", "hides", "says"),
    [
        ({"locked_in": ["s4", "s5"]}, False, "The organisers fixed 2 statements of the list beforehand."),
        ({"locked_out": ["s1"]}, False, "The organisers kept 1 statement out of the choice."),
        ({}, True, "The publisher of this page hid the text of 1 statement."),
    ],
)
def test_nobody_edited_it_is_said_only_where_nobody_did_anything(
    locked: dict[str, list[str]], hides: bool, says: str
) -> None:
    slate = chosen("votes")
    process = {**slate.process, "options": {**slate.process["options"], **locked}}
    hidden = (slate.statements[0].id,) if hides else ()
    html = render_public(replace(slate, process=process), PageOptions(lang="en", hidden=hidden)).html
    short = html.split("How it was made, in short.")[1].split("</p>")[0]
    assert "nobody edited it" not in html
    assert f"A computer chose the list. {says}" in short
    assert says not in pages("votes").html


@pytest.mark.parametrize(
    ("people", "need", "says"),
    [
        (2031, 677, ": 677 of 2,031."),
        (2030, 677, ": 676 or 677 of 2,030."),
        (14, 5, ""),
        (12, 4, ""),
        (15, 5, ": 5 of 15."),
    ],
)
def test_the_share_that_each_needs_is_a_whole_number_or_one_of_two(people: int, need: int, says: str) -> None:
    public = recorded(chosen("votes")).audit.public  # type: ignore[union-attr]
    assert public is not None
    listed = tuple(replace(one, need=need) for one in public.statements)
    text = Page(render_public(changed("votes", people=people, statements=listed), PageOptions(lang="en")).html).text
    found = re.findall(r"Each needs an equal share of the people(: [^.]*\.)", text)
    assert found == ([says] if says else [])


def with_groups(sizes: tuple[int, int], marked: tuple[bool, bool] = (True, True)) -> str:
    public = recorded(chosen("votes")).audit.public  # type: ignore[union-attr]
    assert public is not None
    assert len(public.groups.groups) == 2
    groups = tuple(
        replace(group, people=n, marks=group.marks if some else ())
        for group, n, some in zip(public.groups.groups, sizes, marked, strict=True)
    )
    found = replace(public.groups, groups=groups, outside=public.people - sum(sizes))
    made = render_public(changed("votes", groups=found), PageOptions(lang="en"))
    assert ("group_1" in made.table) == ("k-means" in made.html)
    return Page(made.html).text


@pytest.mark.parametrize(("sizes", "equal"), [((30, 30), True), ((31, 29), False), ((31, 27), True), ((40, 18), False)])
def test_no_group_is_the_larger_one_of_two_as_large(sizes: tuple[int, int], equal: bool) -> None:
    text = with_groups(sizes)
    assert ("Group A" in text) == equal == ("Group B" in text)
    assert ("Larger group" in text) != equal
    assert ("Smaller group" in text) != equal


@pytest.mark.parametrize("marked", [(True, False), (False, True), (False, False)])
def test_groups_that_nothing_tells_apart_are_none(marked: tuple[bool, bool]) -> None:
    text = with_groups((31, 29), marked)
    assert "There are no clear groups" in text
    assert "group:" not in text
    assert "There are no clear groups" not in with_groups((31, 29))


def test_a_bound_that_tells_nothing_is_a_dash() -> None:
    public = recorded(chosen("votes")).audit.public  # type: ignore[union-attr]
    assert public is not None
    few = replace(public.statements[0], all=Count(3, 0, 2, 55), groups=(Count(3, 0, 0, 27), Count(0, 0, 2, 28)))
    html = render_public(changed("votes", statements=(few, *public.statements[1:])), PageOptions(lang="en")).html
    assert "under 100" not in html
    assert "over 0%" not in html
    assert '<td role="cell"><b>–</b></td>' in html


def test_a_language_model_s_words_are_said_to_be_its() -> None:
    slate = changed("texts", asked="scores")
    text = Page(render_public(slate, PageOptions(lang="en")).html).text
    assert text.count("a computer program wrote them from what people said") == 2
    assert "those of the people who wrote them" not in text
    assert "word for word" not in text
    assert "a computer program wrote" not in page("texts").text


def test_a_run_that_was_stopped_says_so_at_the_top() -> None:
    slate = chosen("votes")
    stopped = replace(slate, process={**slate.process, "unfinished": "limit reached"})
    html = render_public(stopped, PageOptions(lang="en")).html
    assert "The choice was stopped before its end." in html[: html.index("</header>")]
    assert "stopped" not in page("votes").text


def test_budgets_in_words_name_the_room_and_the_need() -> None:
    slate = fm.slate(camps(), 30, draws=0, all_eligible=True)
    text = Page(render_public(slate, PageOptions(lang="en")).html).text
    assert "The page has room for 30 words." in text
    one = max(slate.statements, key=lambda entry: entry.cost or 0)
    need = -(-(one.cost or 0) * 60 // 30)
    assert f"For example {one.cost} of 30, so {need} of 60 people." in text
    assert "Each stands for an equal share" in text or "the longer it is" in text


def test_the_head_says_who_when_and_what(tmp_path: Path) -> None:
    logo = tmp_path / "logo.bin"
    logo.write_bytes(b"\x89PNG\r\n\x1a\n....")
    made = pages(
        "votes",
        title="A <title>",
        question="Why?",
        publisher="City & County",
        date="2026-11-29",
        logo=logo,
        contact="talk@city.example",
        licence="CC BY 4.0",
    )
    head = made.html[: made.html.index("</header>")]
    for words in (
        "A &lt;title&gt;",
        "Why?",
        "City &amp; County",
        "Published 29 November 2026",
        "data:image/png;base64,",
    ):
        assert words in head
    text = Page(made.html).text
    assert "City & County (2026): A <title>. 3 statements for 60 people." in text
    assert "This page may be shared under this licence: CC BY 4.0." in text
    assert 'href="mailto:talk@city.example"' in made.html
    assert json.loads(made.slate)["title"] == "A <title>"
    bare = page("votes").text
    assert "Published" not in bare
    assert "What should change?" in bare
    assert "Questions about this page" not in bare


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<html>", "is no picture"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 1_000_001, "at most 1,000,000"),
        (None, "cannot be read"),
    ],
)
def test_a_logo_that_is_no_picture_is_refused(body: bytes | None, says: str, tmp_path: Path) -> None:
    file = tmp_path / "logo.png"
    if body is not None:
        file.write_bytes(body)
    with pytest.raises(InputError, match=says):
        pages("votes", logo=file)


def test_pictures_are_known_by_what_they_hold(tmp_path: Path) -> None:
    heads = {
        "jpeg": b"\xff\xd8\xff",
        "gif": b"GIF89a",
        "webp": b"RIFF0000WEBP",
        "svg+xml": b"<?xml version='1.0'?>\n<svg />",
    }
    for kind, body in heads.items():
        (tmp_path / "x").write_bytes(body)
        assert f"data:image/{kind};base64," in pages("votes", logo=tmp_path / "x").html


def test_the_language_is_the_source_s_or_english() -> None:
    assert '<html lang="de" dir="ltr">' in render_public(chosen("texts"), PageOptions()).html
    assert '<html lang="en" dir="ltr">' in render_public(chosen("votes"), PageOptions()).html
    unknown = changed("votes", language="fi")
    html = render_public(unknown, PageOptions()).html
    assert '<html lang="en" dir="ltr">' in html
    assert '<h1><span lang="fi"' in html
    with pytest.raises(InputError, match="`lang` must be"):
        pages("votes", "xx")


def test_texts_of_participants_are_escaped_and_keep_their_language() -> None:
    public = recorded(chosen("votes")).audit.public  # type: ignore[union-attr]
    assert public is not None
    hostile = replace(public.statements[0], text="</span><script>alert(1)</script>\u202e\0 =1", language="he")
    html = render_public(changed("votes", statements=(hostile, *public.statements[1:])), PageOptions(lang="en")).html
    assert "<script" not in html
    assert '<span lang="he" dir="auto">&lt;/span&gt;&lt;script&gt;' in html
    Page(html)


@pytest.mark.parametrize("name", ["votes", "ratings", "budget", "three", "small"])
def test_downloads_have_the_counts_of_the_page(name: str) -> None:
    made = pages(name)
    rows = list(csv.DictReader(io.StringIO(made.table)))
    public = recorded(chosen(name)).audit.public  # type: ignore[union-attr]
    assert public is not None
    by_text = {one.text: one for one in public.statements}
    assert len(rows) == len(by_text)
    for row in rows:
        one = by_text[row["statement"]]
        counts = list(row.values())[4:8]
        for printed, true in zip(counts, (one.all.agree, one.all.middle, one.all.against, one.all.unseen), strict=True):
            assert printed in ("", str(true))
            assert printed not in ("1", "2", "3", "4")
        for column, value in row.items():
            if column.startswith(("group_", "stands")):
                assert value not in ("1", "2", "3", "4")
    body = json.loads(made.slate)
    assert {entry["id"] for entry in body["statements"]} == {one.id for one in public.statements}
    assert not {"agents", "unassigned", "source", "audit"} & body.keys()
    assert all("agents" not in entry and "provenance" not in entry for entry in body["statements"])


def test_ids_of_statements_that_are_made_from_people_s_are_left_out() -> None:
    slate = chosen("texts")
    public = recorded(slate).audit.public  # type: ignore[union-attr]
    assert public is not None
    one = slate.statements[0]
    name = f"{MARK}7@example.org.1"
    listed = tuple(replace(each, id=name) if each.id == one.id else each for each in public.statements)
    renamed = replace(changed("texts", statements=listed), statements=(replace(one, id=name), *slate.statements[1:]))
    made = render_public(renamed, PageOptions(lang="en"))
    assert MARK not in made.html + made.table + made.slate
    body = json.loads(made.slate)
    assert one.text in {entry["text"] for entry in body["statements"]}
    audited = fm.audited(SOURCES["texts"](), Slate.from_json(made.slate))
    assert {entry.text for entry in audited.slate.statements} == {entry.text for entry in slate.statements}


def test_no_spreadsheet_takes_a_text_for_a_formula() -> None:
    public = recorded(chosen("votes")).audit.public  # type: ignore[union-attr]
    assert public is not None
    hostile = replace(public.statements[0], text='=HYPERLINK("x")')
    made = render_public(changed("votes", statements=(hostile, *public.statements[1:])), PageOptions(lang="en"))
    assert "'=HYPERLINK" in made.table


def test_the_list_for_the_program_can_be_audited_over_its_source() -> None:
    slate = Slate.from_json(pages("votes").slate)
    audited = fm.audited(SOURCES["votes"](), slate)
    assert [one.id for one in audited.slate.statements] == [one.id for one in slate.statements]


def test_no_count_on_a_page_speaks_of_one_to_four_people() -> None:
    """Whatever a number is followed by that people are: nothing from 1 to 4."""
    small = re.compile(
        r"(?<![\d.,])([1-4]) (people|person|agreed|disagreed|skipped|have|has|rated|chose|who|are counted|is counted)"
    )
    for name in SOURCES:
        assert small.findall(page(name).text) == [], name


def test_a_slate_without_figures_says_what_to_do() -> None:
    with pytest.raises(InputError, match="audit it again"):
        render_public(replace(chosen("votes"), audit=None), PageOptions())


def test_python_writes_the_page_too(tmp_path: Path) -> None:
    slate = chosen("votes")
    path = slate.to_html(tmp_path / "page.html", lang="de", title="Unsere Stadt")
    assert "Unsere Stadt" in path.read_text(encoding="utf-8")
    loaded = Slate.from_json(slate.to_json())
    assert loaded.to_html(tmp_path / "again.html", lang="de", title="Unsere Stadt").read_bytes() == path.read_bytes()
    with pytest.raises(InputError, match="no option 'titel'"):
        slate.to_html(tmp_path / "x.html", titel="x")
    with pytest.raises(InputError, match="like 2026-11-29"):
        slate.to_html(tmp_path / "x.html", date="29.11.2026")
    assert not (tmp_path / "x.html").exists()


def test_long_lists_make_room_on_the_first_page() -> None:
    public = recorded(chosen("votes")).audit.public  # type: ignore[union-attr]
    assert public is not None

    def sheet(k: int) -> str:
        many = tuple(replace(public.statements[0], id=f"x{j}") for j in range(k))
        html = render_public(changed("votes", statements=many), PageOptions(lang="en")).html
        found = re.search(r'<div class="(sheet[^"]*)">', html)
        assert found is not None
        return found[1]

    assert [sheet(3), sheet(19), sheet(40)] == ["sheet", "sheet long", "sheet very-long"]


def test_the_bars_say_in_words_what_they_show() -> None:
    labels = [attributes["aria-label"] for tag, attributes in page("votes").tags if attributes.get("role") == "img"]
    assert len(labels) == 4
    assert all(label.startswith("Of 60 people: ") for label in labels[:3])
    widths = [
        float(attributes["width"][:-1])
        for tag, attributes in page("votes").tags
        if tag == "rect" and "%" in attributes["width"]
    ]
    assert np.isfinite(widths).all()
    assert max(widths) <= 100.0


@pytest.mark.parametrize(("lang", "banner"), [("en", "Trial run, not a result."), ("de", "Probelauf, kein Ergebnis.")])
def test_a_page_of_the_demo_model_says_so_first_of_all(lang: str, banner: str) -> None:
    slate = chosen("votes")
    demo = replace(slate, engine=dict(slate.engine or {}) | {"demo": "a warning"})
    made = render_public(demo, PageOptions(lang=lang)).html
    assert 0 < made.index(banner) < made.index("<h1>")
    assert banner not in render_public(slate, PageOptions(lang=lang)).html


@pytest.mark.parametrize("lang", ["en", "de"])
def test_texts_have_a_page_however_many_are_close_to_theirs(lang: str) -> None:
    slate = chosen("texts")
    public = recorded(slate).audit.public  # type: ignore[union-attr]
    assert public is not None
    for agree in (0, 1, 3, 5, 40):
        for against in (0, 1, 3, 5, 40):
            for middle in (1, 4, 20):
                listed = [replace(one, own=Count(agree, middle, against, 0)) for one in public.statements]
                changed = replace(public, statements=tuple(listed))
                audit = dict(slate.audit or {}) | {"public": to_json(changed)}
                assert render_public(replace(slate, audit=audit), PageOptions(lang=lang)).html
