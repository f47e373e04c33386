"""What staff decided about the page for the public, and whom groups and shares name."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from public_pages import Page, changed, page

import folkmoot as fm
from folkmoot.audits.public_records import Count, Statement
from folkmoot.profile import InputError, PageOptions, Slate
from folkmoot.report import summary
from folkmoot.report.public import render_public
from folkmoot.report.translations import words
from folkmoot.slates.recorded import recorded
from public_slates import budget, camps, chosen, pages


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


def test_where_most_people_reject_a_listed_statement_nobody_is_told_that_few_do() -> None:
    public = recorded(chosen("votes")).audit.public  # type: ignore[union-attr]
    assert public is not None
    divided = Statement("x1", "Close the harbour.", "en", Count(25, 10, 20, 5))
    first, *rest = public.statements
    rejected = (replace(first, all=Count(15, 5, 40, 0)), *rest)
    made = changed("votes", divided=divided, statements=rejected, left_out={"about_the_speaker": 2})
    text = Page(render_public(made, PageOptions(lang="en")).html).text
    assert "leaves out what divides people most" not in text
    assert "is rejected by more than" not in text
    assert "does not show all that divides people. Apart from what only tells something about people," in text


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
    assert ("group_1" in made.table) == ("silhouette" in made.html)
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


def test_costs_are_in_the_currency_that_the_source_states() -> None:
    def shown(currency: str | None, lang: str) -> str:
        money = replace(budget(), facts={"budget": 200} | ({"currency": currency} if currency else {}))
        slate = fm.slate(money, 200, unit="cost", draws=0)
        terminal = summary(slate, words(lang))
        return Page(render_public(slate, PageOptions(lang=lang)).html).text + terminal

    assert "There is £200 to spend." in shown("GBP", "en")
    german = shown("EUR", "de")
    assert re.search(r"Es gibt 200\s€ zu verteilen\.", german)
    assert re.search(r"Kosten: \d+\s€", german)
    assert re.search(r"Budget 200\s€", german)
    assert "There is 200 <b>Taler to spend." in shown("<b>Taler", "en")
    assert (
        "<b>Taler"
        not in render_public(
            fm.slate(replace(budget(), facts={"budget": 200, "currency": "<b>Taler"}), 200, unit="cost", draws=0),
            PageOptions(lang="en"),
        ).html
    )
    assert "There is 200 to spend." in shown(None, "en")
    assert "units of cost" in shown(None, "en")


def test_budgets_in_words_name_the_room_and_the_need() -> None:
    slate = fm.slate(camps(), 30, draws=0, all_eligible=True)
    text = Page(render_public(slate, PageOptions(lang="en")).html).text
    assert "The page has room for 30 words." in text
    one = max(slate.statements, key=lambda entry: entry.cost or 0)
    need = -(-(one.cost or 0) * 60 // 30)
    assert f"For example {one.cost} of 30, so {need} of 60 people." in text
    assert "Each stands for an equal share" in text or "the longer it is" in text


def test_what_groups_share_is_counted_on_what_the_table_shows() -> None:
    public = recorded(chosen("votes")).audit.public  # type: ignore[union-attr]
    assert public is not None
    first = public.statements[0]

    def said(*groups: tuple[Count, Count]) -> str:
        some = [replace(first, id=f"s{place}", groups=pair) for place, pair in enumerate(groups)]
        found = Page(render_public(changed("votes", statements=tuple(some)), PageOptions(lang="en")).html).text
        sentence = re.search(r"On ([^.]*) of this page, most of those who voted in both groups agree", found)
        return sentence[1] if sentence else ""

    agree, reject, few = Count(18, 0, 2, 10), Count(2, 0, 18, 10), Count(2, 0, 0, 28)
    assert said((agree, agree), (agree, reject)) == "1 of the 2 statements"
    assert said((agree, agree), (agree, few), (agree, reject)) == "at least 1 of the 3 statements"
    assert said((agree, few), (agree, reject)) == ""
    assert said((agree, agree), (agree, agree)) == "all 2 statements"
