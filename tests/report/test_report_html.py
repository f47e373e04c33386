"""The page: what it says, that nothing in it is anyone else's code, and that it is always the same."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from report_views import CASES, HOSTILE, RATING, STANCE, hostile, profile, view

from folkmoot.profile import VOTE, Answers, InputError, Scale
from folkmoot.report import View, render, summary, write_html
from folkmoot.report.words import clean

TAGS = """
html head meta title style body p div header h1 h2 h3 h4 dl dt dd nav ol ul li a main section strong span i bdi
details summary figure figcaption table caption thead tbody tr th td article pre footer svg g path line rect
text tspan code use
"""
ATTRIBUTES = """
role lang charset http-equiv content name class role href id dir aria-label aria-hidden focusable viewbox xmlns fill
stroke d transform style scope stroke-width stroke-dasharray opacity text-anchor font-size font-weight x y x1 x2
y1 y2 width height fill-opacity stroke-opacity colspan tabindex open
stroke-linecap
"""
VOID = {"meta"}


class Page(HTMLParser):
    """What a browser would make of it: tags, attributes, text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.pieces: list[str] = []
        self.open: list[str] = []
        self.headings: list[int] = []
        self.feed(html)
        self.close()
        self.text = "".join(self.pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag in ("th", "td", "dd"):
            self.pieces.append(" ")
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.pieces.append(data)

    def says(self, *words: str) -> bool:
        flat = " ".join(self.text.split())
        return all(word in flat for word in words)


@cache
def rendered(name: str) -> str:
    """The page of a case, made once."""
    return render(CASES[name])


def check(html: str) -> Page:
    page = Page(html)
    assert page.open == []
    assert page.tags <= set(TAGS.split())
    for tag, name, value in page.attributes:
        assert name in ATTRIBUTES.split(), f"<{tag} {name}>"
        if name == "href":
            assert re.fullmatch(r"#[a-z]+\d*", value), value
        if name == "style":
            assert re.fullmatch(r"width:\d+\.\d\d%", value), value
    return page


@pytest.mark.parametrize("name", CASES)
def test_the_page_is_well_formed_and_carries_nothing_foreign(name: str) -> None:
    page = check(rendered(name))
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    ids = [value for _, attribute, value in page.attributes if attribute == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for _, attribute, value in page.attributes if attribute == "href"} <= set(ids)


@pytest.mark.parametrize(
    "text",
    [pytest.param(text, marks=pytest.mark.long if at > 2 else ()) for at, text in enumerate(HOSTILE)],
    ids=range(len(HOSTILE)),
)
def test_hostile_text_stays_text(text: str) -> None:
    html = render(hostile(text))
    page = check(html)
    assert clean(text) in page.text
    assert not any(c < " " and c != "\n" for c in html)
    html.encode("utf-8")
    # Nothing of it in the plots, nor anywhere in an attribute.
    assert not any(text[:12] in value for _, _, value in page.attributes)
    assert "49 " not in page.text or "{{" not in text


def test_the_policy_forbids_scripts_and_requests() -> None:
    page = check(rendered("votes"))
    policy = [value for tag, name, value in page.attributes if tag == "meta" and value.startswith("default-src")]
    assert policy == [
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    ]
    assert not re.search(r"url\(|@import|//(?!www\.w3\.org/2000/svg)", rendered("votes"))


def test_same_view_same_bytes() -> None:
    assert render(view()) == render(view())


def test_completeness_comes_first() -> None:
    assert check(rendered("votes")).says(
        "All data could be read. Moderation rejected 1 of 4 statements; it could not be chosen. Of the 3 statements "
        "left, these could not be chosen: 1 ruled out by the organiser."
    )
    left = rendered("left out")
    status = left.index("Incomplete: 3 entries of the source could not be used.")
    assert left.index("<h1") < status < left.index("<nav")
    assert check(rendered("left out")).says("What is missing", "empty rows: 3")
    assert check(rendered("not audited")).says("Incomplete: the list was not audited.")


def test_a_source_without_votes_says_so_before_the_statements() -> None:
    html = rendered("texts")
    assert 0 < html.index(STANCE) < html.index('id="slate"')
    page = check(html)
    assert page.says("Similarity is how close a statement comes", "Nobody voted, so nothing here rests on")
    assert page.says("Their reliability was not validated on these people")
    assert not page.says("agreed")


def test_each_statement_has_its_people_its_answers_and_its_origin() -> None:
    page = check(rendered("votes"))
    assert page.says("Stands for 3 people: 2 agreed, 1 has not voted on it (what they think of it is predicted).")
    assert page.says("Mean utility among them 0.90")
    assert page.says("Of all 6: 2 agreed, 1 passed, 2 disagreed, 1 did not answer.")
    assert page.says("All whose utility is above the middle, answered or predicted", "4 of 6 (67%)")
    assert page.says("Submitted by participant ada. Its id in the source: s0.", "Fixed by the organiser")
    assert page.says("1 other statement came out exactly equal", "1 participant is assigned to no statement")


def test_one_is_not_many() -> None:
    made = view()
    slate = made.slate
    audit = dict(slate.audit or {})
    alone = (replace(slate.statements[0], agents=("ada",)), replace(slate.statements[1], agents=("dee",)))
    first, second = audit["per_statement"]
    audit["per_statement"] = [first | {"answered": 1, "approve": 1}, second | {"answered": 0, "approve": 0}]
    slate = replace(slate, statements=alone, audit=audit, reliability={"n_held_out": 1})
    page = check(render(replace(made, slate=slate)))
    assert page.says("Stands for 1 person: 1 agreed.")
    assert page.says("Stands for 1 person: 1 has not voted on it (what they think of it is predicted).")
    assert page.says("1 answer of 19 was held back; the model was fitted to the rest and then asked to predict it.")


def test_certificate_separates_votes_from_predictions_and_shows_comparisons() -> None:
    page = check(rendered("votes"))
    assert page.says("By people's own answers only (80% of 18 possible ones)", "Own answers, the rest predicted")
    assert page.says("In 5 of 20 (25%) of these draws", "61% of the size it would need in the median draw")
    assert page.says("The most popular statements 20 draws, 1 list", "Random statements 20 draws, 10 lists")
    assert page.says("a group could reach 250% of what it needs")
    bad = check(rendered("violated"))
    assert bad.says(
        "Yes, for 1 statement", "Large enough by people's own answers only", "A pool", "150% of what it needs"
    )
    assert check(rendered("no draws")).says("Nothing was drawn at random")


def test_least_represented_people_and_what_they_said() -> None:
    page = check(rendered("votes"))
    assert page.says("flo none –", "I wrote this (5)")
    assert page.says("Participant Statement What they said of it Best on the list Their answers to the list")
    assert page.says("ada 1 predicted 0.40 of 1 0.40 of 1 disagreed 2")
    assert page.says("1 text of theirs was rejected by moderation and is not shown.")
    # What moderation took out is not printed, not even as their own words.
    assert not page.says("A library")


def test_weights_and_other_scales_have_their_own_words() -> None:
    assert check(rendered("weighted")).says("Weight it stands for", "Total weight (whole numbers) 7")
    assert check(rendered("ratings")).says("from 0 (lowest) to 4 (highest)", "in the middle")
    assert check(rendered("approvals")).says("1 = approves, 0 = does not approve", "did not approve")


def test_reliability_record_and_credits() -> None:
    page = check(rendered("votes"))
    assert page.says("12 answers of 19 were held back", "right side for 81% of the 10 that took a side")
    assert page.says("folkmoot slate town/ --budget 5", "folkmoot audit town/ slate.json", "ab" * 32, "Seed 0")
    assert page.says("Data: I wrote this", "CC BY 4.0")
    assert page.says("rejected by moderation 1 of 4 (25%)", "ruled out by the organiser")


def with_case(made: View, **more: Any) -> View:
    """The same view with that coalition as the only violation, on own answers and with predictions."""
    audit = dict(made.slate.audit or {})
    hit = {**audit["cbjr"]["worst"], **more}
    hit = {key: value for key, value in hit.items() if value is not ...}
    known = audit["certificate"]["known"] | {"violations": [hit], "worst": hit}
    audit["cbjr"] = audit["cbjr"] | {"violations": [hit], "worst": hit}
    audit["certificate"] = audit["certificate"] | {"known": known}
    return replace(made, slate=replace(made.slate, audit=audit))


def nobody_assigned(made: View) -> View:
    """The same with nobody represented by a statement."""
    slate = made.slate
    statements = tuple(replace(s, agents=()) for s in slate.statements)
    slate = replace(slate, statements=statements, unassigned=made.profile.agents.ids)
    return replace(made, slate=slate, own=np.full(6, -np.inf))


def test_a_coalition_of_people_without_a_statement_is_not_said_to_prefer_anything() -> None:
    p = replace(profile(), answers=Answers.of([0, 1, 2], [3, 3, 3], [0.0, 0.0, -1.0], VOTE))
    three = {"agents": ["ada", "ben", "cy"], "mass": 3, "threshold": 0.0, "gap": None}
    page = check(render(with_case(nobody_assigned(view(p)), **three)))
    assert page.says(
        "3 people assigned to no statement. Of those without a statement 3 of 3 answered it: 2 passed and 1"
    )
    assert page.says(
        "It is worth 0.00 or more to each of them, on a scale from 0 to 1: whoever has no statement counts"
    )
    assert page.says("These groups are made up of people assigned to no statement, whatever they think of it.")
    assert page.says("Someone assigned to no statement counts for any statement, whatever they think of it.")
    assert not page.says("would rather")
    four = three | {"agents": ["ada", "ben", "cy", "dee"], "mass": 4}
    page = check(render(with_case(nobody_assigned(view(p)), **four)))
    assert page.says(
        "4 people assigned to no statement. Of those without a statement 3 of 4 answered it: 2 passed and 1 disagreed."
    )
    one = three | {"agents": ["flo"], "mass": 1}
    page = check(render(with_case(view(p), **one)))
    assert page.says("1 person assigned to no statement. None of those without a statement answered it. It costs")


def test_a_mixed_coalition_says_how_many_have_no_statement() -> None:
    p = replace(profile(), answers=Answers.of([0, 5], [3, 3], [1.0, 1.0], VOTE))
    page = check(render(with_case(view(p), agents=["ada", "flo"], mass=2)))
    assert page.says(
        "2 people: 1 would rather have this statement than the one they are assigned to, and 1 is assigned to no "
        "statement. Of those without a statement 1 of 1 answered it: 1 agreed."
    )
    page = check(render(with_case(view(p), agents=["ada"], mass=1)))
    assert page.says("1 person would rather have this statement than the one they are assigned to. It costs")
    page = check(render(with_case(view(profile(votes=False)), agents=["flo"], mass=1, gap=None)))
    assert page.says("1 person assigned to no statement. It costs", "Its similarity is 0.75 or more for each")


def test_a_coalition_whose_members_are_not_listed() -> None:
    page = check(render(with_case(view(), agents=..., mass=900, gap=None)))
    assert page.says("A group of 900, all of them people assigned to no statement. It costs 2")
    assert page.says("The audit does not list its members.")


def test_other_scales_and_complete_ballots_in_a_coalition() -> None:
    everyone = {"agents": ["ada", "ben", "cy"], "mass": 3, "gap": None}
    approvals = replace(profile(), answers=Answers.of([0], [3], [1.0], Scale("approval", 0.0, 1.0, complete=True)))
    page = check(render(with_case(nobody_assigned(view(approvals)), **everyone)))
    assert page.says("3 of 3 answered it: 1 approved it and 2 did not approve it.")
    rated = replace(profile(), answers=Answers.of([0, 1, 2], [3, 3, 3], [4.0, 2.0, 0.0], RATING))
    page = check(render(with_case(nobody_assigned(view(rated)), **everyone)))
    assert page.says("1 put it above the middle, 1 put it in the middle and 1 put it below the middle")


def test_the_audit_command_is_the_whole_one_or_made_from_the_source() -> None:
    whole = "folkmoot audit votes.csv --format table --sep ';' out/slate.json"
    page = check(render(replace(view(), proof=whole)))
    assert page.says(whole)
    assert not page.says("folkmoot audit town/ slate.json")
    assert check(render(replace(view(), source="my town/"))).says("folkmoot audit 'my town/' slate.json")


def test_most_people_against_their_own_statement_is_said_first() -> None:
    own = np.array([0.0, 0.1, 0.0, 1.0, 0.5, -np.inf])
    html = render(replace(view(), own=own))
    words = "3 of the 5 assigned people reject the statement they are assigned to. Some of this is predicted"
    assert 0 < html.index(words) < html.index('id="slate"')
    assert words in " ".join(summary(replace(view(), own=own)).split())
    assert "assigned people reject" not in render(view())
    full = view(profile(scale=Scale("approval", 0.0, 1.0, complete=True)))
    assert check(render(replace(full, own=own))).says("3 of the 5 assigned people do not approve the statement")
    points = view(profile(scale=Scale("points", 0.0, 10.0)))
    assert "gave no points to the statement" not in render(replace(points, own=own + 1.0))
    assert "assigned people" not in render(replace(CASES["texts"], own=own)).split('id="slate"')[0]


@pytest.mark.long
def test_a_page_of_many_people_is_hardly_larger_than_one_of_few() -> None:
    def many(n: int) -> str:
        p = profile(ids=tuple(f"person-{i}" for i in range(n)))
        made = view(p)
        rng = np.random.default_rng(0)
        people = made.slate.statements
        people = (replace(people[0], agents=p.agents.ids[: n // 2]), replace(people[1], agents=p.agents.ids[n // 2 :]))
        slate = replace(made.slate, statements=people, unassigned=(), n_agents=n)
        return render(replace(made, slate=slate, own=rng.random(n), positions=rng.normal(size=(n, 2))))

    small, large = many(2000), many(11_000)
    assert len(small.encode()) < 200_000
    # What grows are the ids, which are folded; dots are binned.
    assert len(large.encode()) - len(small.encode()) < 9000 * len("<bdi>person-10000</bdi>, ") + 20_000
    assert large.count("<path") < 100


def test_writing_is_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    assert write_html(view(), target) == target
    assert target.read_bytes() == render(view()).encode()
    assert list(tmp_path.iterdir()) == [target]
    with pytest.raises(InputError, match="cannot be written"):
        write_html(view(), tmp_path / "nowhere" / "report.html")
