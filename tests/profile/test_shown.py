"""How profiles, slates and audits show themselves, in a terminal and in a notebook."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

import folkmoot as fm
from folkmoot.audits.audit import Audit
from folkmoot.profile import Agents, Answers, Comparisons, Profile, Slate, SlateStatement, Statements, masses_of
from folkmoot.profile.shown import LONGEST, MOST_ROWS

HOSTILE = "</td><script>alert(1)</script><img src=x onerror=alert(2)>\n\x1b[31m\u202ered & 'quoted' \"twice\""


@pytest.fixture(scope="module")
def profile(bowling_green: Path) -> Profile:
    return fm.read(bowling_green)


def some_slate(profile: Profile, text: str | None = None) -> Slate:
    names, texts = profile.statements.ids, profile.statements.texts
    return Slate(
        statements=(
            SlateStatement(names[0], texts[0] if text is None else text, 9, profile.agents.ids[:1500]),
            SlateStatement(names[1], texts[1], 11, profile.agents.ids[1500:2000]),
        ),
        unassigned=profile.agents.ids[2000:],
        budget=164,
        unit="words",
        n_agents=profile.n_agents,
        process={"id": "democratic-fast"},
    )


def test_one_line_each(profile: Profile) -> None:
    assert repr(profile) == "Profile(polis, 2,031 people, 896 statements, 225,524 answers)"
    assert repr(profile.agents) == "Agents(2,031 people, 896 texts, 1 grouping)"
    assert repr(profile.statements) == "Statements(896 statements, 289 rejected)"
    assert repr(profile.answers) == "Answers(225,524 answers, vote)"
    assert repr(profile.comparisons) == "Comparisons(0 comparisons)"
    assert repr(some_slate(profile)) == (
        "Slate(2 statements, 20 of 164 words, democratic-fast, 2,031 people, 31 not represented)"
    )


def test_an_audit_in_one_line(conversation: Path) -> None:
    small = fm.read(conversation)
    slate = fm.slate(small, 6, unit="statements", draws=0)
    audit = fm.audit(small, slate)
    assert repr(audit) == "Audit(cBJR holds, BJR holds, balanced, 15 statements to choose from)"
    broken = replace(audit, cbjr=replace(audit.cbjr, violated=True), bjr=None, balanced=False)
    assert repr(broken) == "Audit(cBJR violated, not balanced, 15 statements to choose from)"
    assert "draws" not in repr(slate)
    assert len(fields(Audit)) > 10


def test_what_is_not_there_is_not_mentioned() -> None:
    weighted = Agents(("a", "b"), masses=masses_of([1, 2]))
    assert repr(Agents(("a",))) == "Agents(1 person)"
    assert repr(weighted) == "Agents(2 people, weighted)"
    nothing = Profile(Agents(()), Statements((), ()), Answers.none(), comparisons=Comparisons.none())
    assert repr(nothing) == "Profile(0 people, 0 statements, 0 answers)"
    assert repr(Slate((SlateStatement("a"),), (), 0, "", 0)) == "Slate(1 statement)"


class Page(HTMLParser):
    """Tags, and the text between them."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[object] = []
        self.text = ""
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        self.attributes += [attrs] if attrs else []

    def handle_data(self, data: str) -> None:
        self.text += data + " "


def test_notebooks_get_a_small_table_that_names_nobody(profile: Profile) -> None:
    page = Page(profile._repr_html_())
    assert "2,031 people, 896 statements, 225,524 answers" in page.text
    assert profile.statements.texts[0] in page.text
    assert page.tags.count("tr") == 1 + MOST_ROWS
    assert f"and {896 - MOST_ROWS} more" in page.text
    page = Page(some_slate(profile)._repr_html_())
    assert page.tags.count("tr") == 3
    assert "1,500" in page.text

    names = tuple(f"person-{number}" for number in range(profile.n_agents))
    secret = replace(profile, agents=replace(profile.agents, ids=names))
    for shown in (secret, some_slate(secret)):
        assert "person-" not in shown._repr_html_() + repr(shown)


def test_a_hostile_text_stays_a_text(profile: Profile) -> None:
    texts = (HOSTILE, "x" * 5_000, *profile.statements.texts[2:])
    hostile = replace(
        profile, topic=HOSTILE, source=HOSTILE, statements=replace(profile.statements, texts=texts), facts={}
    )
    slate = replace(some_slate(profile, HOSTILE), unit=HOSTILE, process={"id": HOSTILE})
    for shown in (hostile, slate):
        body = shown._repr_html_()
        page = Page(body)
        assert set(page.tags) <= {"div", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "bdi"}
        assert page.attributes == []
        assert not re.search(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", body + repr(shown))
        assert "<script>alert(1)</script>" in page.text  # as text
        assert max(map(len, page.text.split())) <= LONGEST
        assert len(repr(shown)) < 400
        assert len(body) < 20_000
