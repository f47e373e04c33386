"""Statements that begin with a number of their own: left out on the page, and never what may be content."""

from __future__ import annotations

from dataclasses import replace

import pytest

from folkmoot.profile import Slate
from folkmoot.report import summary
from folkmoot.report.public import render_public
from folkmoot.slates.public.numbering import Numbering
from public_slates import chosen


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ("22. The city needs buses", "en", "The city needs buses"),
        ("2.1. The city needs buses", "en", "The city needs buses"),
        ("3) Plus de bus", "", "Plus de bus"),
        ("12.) Mehr Busse", "de", "Mehr Busse"),
        ("b) Mehr Busse", "de", "Mehr Busse"),
        ("(b) Mehr Busse", "de", "Mehr Busse"),
        ("(iv) “More” buses", "en", "“More” buses"),
        ("Q4: Should there be buses?", "en", "Should there be buses?"),
        ("4. Wir brauchen Busse", "de", "Wir brauchen Busse"),
        ("③公園に木を", "", "公園に木を"),
        ("3、多种树", "", "多种树"),
        ("（3）多种树", "", "多种树"),
    ],
)
def test_a_number_of_the_source_is_left_out(text: str, language: str, shown: str) -> None:
    assert Numbering((text,)).without(text, language) == shown


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("2030 is too late", "en"),
        ("2030. That is too late", "en"),
        ("5G masts should go", "en"),
        ("3.5 % are enough", "en"),
        ("3.5 million for buses", "en"),
        ("1. Mai soll Feiertag bleiben", "de"),
        ("1. May should stay a holiday", "en"),
        ("3. Startbahn verhindern", "de"),
        ("1. und 2. Klasse abschaffen", "de"),
        ("2. bydel skal have busser", ""),
        ("12 buses an hour", "en"),
        ("20: not more an hour", "en"),
        ("3 - 5 more buses", "en"),
        ("A9: Tempolimit 120", "de"),
        ("M25: wider", "en"),
        ("Question 3: no", "en"),
        ("#1 priority is buses", "en"),
        ("(D) candidates only", "en"),
        ("(c) 2020", "en"),
        ("3、4個月就夠了", ""),
        ("I. Newton deserves a street", "en"),
        ("7)", "en"),
    ],
)
def test_what_may_be_content_stays(text: str, language: str) -> None:
    assert Numbering((text,)).without(text, language) == text


@pytest.mark.parametrize(
    ("listed", "language"),
    [
        (["No 20 mph zones", "No 30 storey towers", "No 40 tonne lorries", "No 5G masts"], "en"),
        (["1. Klasse abschaffen", "2. Stammstrecke bauen", "3. Startbahn verhindern", "Mehr Busse"], "de"),
        (["1. Mai frei", "2. Röhre bauen", "3. Startbahn verhindern", "Mehr Busse", "Mehr Bäume"], "de"),
    ],
)
def test_numbers_that_belong_to_what_is_said_stay_in_a_list_of_them(listed: list[str], language: str) -> None:
    assert [Numbering(listed).without(text, language) for text in listed] == listed


def test_a_list_that_is_numbered_throughout_tells_what_its_numbers_are() -> None:
    listed = ["#1 Busse öfter", "#2 Bäume pflanzen", "#7 Radwege bauen", "1. Mai frei"]
    assert [Numbering(listed).without(text, "de") for text in listed] == [
        "Busse öfter",
        "Bäume pflanzen",
        "Radwege bauen",
        "1. Mai frei",
    ]
    dotted = ["4. Busse öfter", "5. Bäume pflanzen", "6. Radwege bauen", "7. Mai frei"]
    assert Numbering(dotted).without(dotted[0], "de") == "Busse öfter"
    assert Numbering(dotted).without(dotted[3], "de") == dotted[3]


@pytest.mark.parametrize(
    "listed",
    [
        ["1. Bezirk: Bäume", "2. Bezirk: Bänke", "7. Bezirk: Brunnen"],  # districts
        ["1. Busse öfter", "1. Bäume pflanzen", "1. Radwege bauen"],  # a number twice counts nothing
        ["12 buses", "14 trees", "20 benches"],
        ["Linie 1: öfter", "Linie 2: länger", "Linie 5: früher"],
        ["3. Startbahn verhindern", "Mehr Busse", "Mehr Bäume", "Mehr Radwege"],
    ],
)
def test_a_list_of_other_numbers_keeps_them(listed: list[str]) -> None:
    assert [Numbering(listed).without(text, "de") for text in listed] == listed


def numbered(slate: Slate) -> Slate:
    """A slate whose statements bring numbers of their own."""
    audit = dict(slate.audit or {})
    public = dict(audit["public"])
    public["statements"] = [
        dict(one) | {"text": f"{40 + place}) {one['text']}"} for place, one in enumerate(public["statements"])
    ]
    named = [replace(one, text=f"{40 + place}) {one.text}") for place, one in enumerate(slate.statements)]
    return replace(slate, statements=tuple(named), audit=audit | {"public": public}, view=None)


def test_the_page_and_the_terminal_leave_it_out_and_the_downloads_keep_it() -> None:
    slate = numbered(chosen("votes"))
    pages, terminal = render_public(slate), summary(slate)
    for one in slate.statements:
        bare = one.text.split(") ", 1)[1]
        assert bare in pages.html
        assert bare in terminal
        assert one.text not in pages.html + terminal
        assert one.text in pages.table
        assert one.text in pages.slate
