"""The summary on the terminal: complete, narrow, and harmless."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from report_views import CASES, HOSTILE, STANCE, hostile

import folkmoot as fm
from folkmoot.profile import PageOptions
from folkmoot.report import summary
from folkmoot.report.public import render_public
from folkmoot.report.text import wrap
from folkmoot.slates.public.order import by_agreement, places
from folkmoot.slates.public.whole import whole
from folkmoot.slates.recorded import recorded
from public_slates import camps, chosen


def columns(line: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


@pytest.mark.parametrize("name", CASES)
def test_first_line_says_how_complete_it_is_and_lines_are_narrow(name: str) -> None:
    text = summary(CASES[name])
    # Without its profile, moderation is known from the size of the pool; unaudited, not even that for sure.
    # What answers other than votes are called, only the profile knows.
    assert text == summary(CASES[name].slate) or name in ("not audited", "ratings", "approvals")
    whole = name not in {"left out", "not audited"}
    assert text.startswith("1 of 6 participants (17%) is assigned to no statement; " if whole else "Incomplete: ")
    assert ("All data could be read." in text) == whole
    assert all(columns(line) <= 100 for line in text.splitlines())


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_a_terminal_could_obey(text: str) -> None:
    printed = summary(hostile(text))
    bad = [c for c in printed if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs")]
    assert bad == []
    printed.encode("utf-8")
    assert all(columns(line) <= 100 for line in printed.splitlines())


def test_escapes_are_spelt_out() -> None:
    assert "\\x1b[31m" in summary(hostile("\x1b[31m red"))
    assert "\\u202e" in summary(hostile("\u202e back"))


def test_what_it_says() -> None:
    printed = " ".join(summary(CASES["violated"]).split())
    assert "Our town: 2 statements for 6 participants, 4 of 5 words" in printed
    assert "1. 3 2 2 – More buses" in printed
    assert "1 statement that was left out would have a large enough group behind it" in printed
    assert (
        "Did we overlook a large group? A large group was overlooked: by people's own answers alone, 1 statement"
        in printed
    )
    assert "- Read what the 2 people said whom this list serves worst" in printed
    assert f"Note: {STANCE}" in summary(CASES["texts"])
    assert "- empty rows: 3" in summary(CASES["left out"])


def test_wrapping_counts_wide_characters_twice() -> None:
    assert wrap("公園を増やす", "", 6) == ["公園を", "増やす"]
    assert wrap("x" * 25, "  ", 10) == ["x" * 10, "  " + "x" * 8, "  " + "x" * 7]


def test_scripts_without_spaces_fill_their_lines_and_begin_none_with_a_full_stop() -> None:
    assert wrap(" 1.  128 * 我覺得 Uber 應該納稅。", "         ", 19) == [
        " 1.  128 * 我覺得",
        "         Uber 應該",
        "         納稅。",
    ]
    assert wrap("x（公園）", "", 4) == ["x", "（公", "園）"]
    assert wrap("공원을 늘리자", "", 8) == ["공원을", "늘리자"]


def test_no_sign_follows_the_end_of_a_sentence_and_none_is_missing() -> None:
    made = camps(60, 6, seen=0.9)
    slate = fm.slate(replace(made, topic="Can we agree?"), 6, unit="statements", draws=2, all_eligible=True)
    printed = " ".join(summary(slate).split())
    assert "Can we agree? 6 statements for 60 participants, as many as there is room for. Nothing was" in printed
    assert "Can we agree</span>" not in (page := render_public(slate, PageOptions(lang="en")).html)
    assert 'dir="auto">Can we agree?</span> 6 statements for 60 people.</cite>' in page
    named = render_public(slate, PageOptions(lang="en", title="Our town")).html
    assert 'dir="auto">Our town</span>. 6 statements for 60 people.</cite>' in named


def test_the_order_is_said_as_it_is() -> None:
    for name in ("votes", "three", "comparisons", "tiny"):
        slate = chosen(name)
        audit = recorded(slate).audit
        assert audit is not None
        assert audit.public is not None
        listed = {one.id: one for one in audit.public.statements}
        everybody = [listed[slate.statements[place].id].all for place in places(slate)]
        agree = [one.agree for one in everybody]
        said = " ".join(summary(slate).split())
        compared = name == "comparisons"
        assert ("how often each was preferred when it was compared" in said) is compared
        assert ("how many people are for each, not importance" in said) is (by_agreement(audit.public) and not compared)
        if compared:
            shares = [one.agree / (one.agree + one.middle + one.against) for one in everybody]
            assert shares == sorted(shares, reverse=True)
        elif by_agreement(audit.public):
            assert agree == sorted(agree, reverse=True)
        else:
            assert "the number of people each stands for, not importance" in said


def test_those_whose_number_is_hidden_come_last_and_it_is_said() -> None:
    slate = chosen("budget")
    said = " ".join(summary(slate).split())
    audit = recorded(slate).audit
    assert audit is not None
    assert audit.public is not None
    shown = whole(audit.public).stands
    numbers = [shown[slate.statements[place].id] for place in places(slate)]
    assert None in numbers
    assert numbers[: numbers.index(None)] == sorted([n for n in numbers if n is not None], reverse=True)
    assert all(n is None for n in numbers[numbers.index(None) :])
    assert "those whose number is too small to be published come last" in said
