"""The page for the public: the right sentence for every kind of source, and never the wrong one."""

from __future__ import annotations

import re

import pytest
from public_pages import Page, changed, page

from folkmoot.audits.public_records import Other
from folkmoot.profile import PageOptions
from folkmoot.report.public import render_public
from folkmoot.slates.recorded import recorded
from public_slates import MARK, SOURCES, chosen, pages

#: Words of social choice that stand in the box on the method alone.
TECHNICAL = ("justified", "cBJR", "posterior", "k-means", "silhouette", "slate", "utility", "cohort", "coalition")


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
        ["statements for", "the statements with", "agree", "voted", "chose it", "missing", "expected to"],
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
