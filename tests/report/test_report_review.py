"""The review page: what staff should look at first, the map in small panels, and every sentence from a catalogue."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from gettext import NullTranslations
from html import unescape
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from report_views import CASES, RATING, barred, figured, profile, view

from folkmoot.audits.agreement import Agreement
from folkmoot.profile import Answers, Comparisons, Scale
from folkmoot.report import View, render, summary
from folkmoot.report.audit_text import audit_summary
from folkmoot.report.facts import Facts
from folkmoot.report.maps import panels
from folkmoot.report.measured import measured
from folkmoot.report.public import render_public
from folkmoot.report.public.page import public_of
from folkmoot.report.spoken import speech
from folkmoot.report.tasks import tasks
from folkmoot.report.translations import Words, words
from folkmoot.report.verdict import verdict
from folkmoot.slates.compare import Checks
from folkmoot.slates.public.order import ordered
from folkmoot.slates.recorded import recorded
from public_slates import chosen


def told(made: View) -> str:
    """Everything to look at, in one string."""
    kind = measured(made.slate, made.profile)
    return " ".join(task.words for task in tasks(made.slate, kind=kind, facts=Facts(made)))


def whole(made: View) -> View:
    """The same with everybody assigned, few enough who reject, and nothing drawn that is large: nothing stands out."""
    audit = dict(made.slate.audit or {})
    per = [one | {"all_reject": 1, "all_answered": 5, "answered": 2, "people": 3} for one in audit["per_statement"]]
    draws = {kind: spread | {"violated": 0.0} for kind, spread in (audit["certificate"]["draws"] or {}).items()}
    certificate = audit["certificate"] | {"draws": draws or None}
    audit |= {"per_statement": per, "certificate": certificate, "least": []}
    return replace(made, slate=replace(made.slate, unassigned=(), audit=audit))


def with_audit(made: View, **fields: Any) -> View:
    return replace(made, slate=replace(made.slate, audit=dict(made.slate.audit or {}) | fields))


def test_where_nothing_stands_out_nothing_is_said() -> None:
    made = whole(view())
    assert tasks(made.slate, kind="votes") == []
    assert "Nothing stands out. Read the statements all the same." in render(made)
    assert "Before you publish" not in summary(made)


def test_people_left_over_are_grave_and_no_fill_is_named_where_it_was_given() -> None:
    made = replace(whole(view()), slate=replace(whole(view()).slate, unassigned=("flo",)))
    (task,) = tasks(made.slate, kind="votes")
    assert task.grave
    assert task.words == "1 participant is assigned to no statement: read what this person said."
    process = {**made.slate.process, "options": {**made.slate.process["options"], "no_fill": True}}
    assert "Without `--no-fill` nobody is left over" in told(replace(made, slate=replace(made.slate, process=process)))


def test_an_overlooked_group_is_grave_and_says_what_it_rests_on() -> None:
    known = told(whole(view(violated=True)))
    assert known.startswith("A large group was overlooked, by people's answers alone: read the statement that was left")
    # What staff left out themselves is not to be put in again.
    made = whole(view(violated=True))
    record = recorded(made.slate)
    assert record.audit is not None
    wanted = [one.statement for one in record.audit.certificate.known.violations]
    options = {**made.slate.process["options"], "locked_out": wanted}
    left_out = told(replace(made, slate=replace(made.slate, process={**made.slate.process, "options": options})))
    assert "`--lock-out` left out: say so, and why" in left_out
    assert "`--lock-in`" not in left_out
    made = whole(view())
    certificate = dict((made.slate.audit or {})["certificate"])
    certificate["completed"] = {"violations": 2, "d": 1.5}
    predicted = told(with_audit(made, certificate=certificate))
    assert predicted.startswith("Large groups were overlooked, if predictions are right: read the 2 statements that")


@pytest.mark.parametrize(("chance", "said"), [(0.05, False), (0.25, True)])
def test_a_chance_is_named_where_it_is_large(chance: float, said: bool) -> None:
    made = whole(view())
    certificate = dict((made.slate.audit or {})["certificate"])
    certificate["draws"] = {"slate": certificate["draws"]["slate"] | {"violated": chance}}
    words_of = told(with_audit(made, certificate=certificate))
    assert ("The chance that a large group was overlooked is about 25%" in words_of) == said
    assert bool(words_of) == said


@pytest.mark.parametrize(
    ("chance", "lead"),
    [
        (0.02, "No large group was overlooked: neither by people's own answers alone nor"),
        (0.25, "No large group is known to have been overlooked: neither by people's own answers alone nor"),
        (0.86, "A large group was probably overlooked, although neither by people's own answers alone nor"),
    ],
)
def test_the_answer_does_not_contradict_the_chance(chance: float, lead: str) -> None:
    made = whole(view())
    certificate = dict((made.slate.audit or {})["certificate"])
    certificate["draws"] = {"slate": certificate["draws"]["slate"] | {"violated": chance}}
    slate = with_audit(made, certificate=certificate).slate
    assert verdict(slate, votes=True).startswith(lead)
    assert f"is about {chance:.0%}, by 20 random draws." in verdict(slate, votes=True)
    assert any(task.grave for task in tasks(slate, kind="votes")) == (chance > 0.5)


def test_worse_than_popular_is_named_with_what_to_do() -> None:
    made = figured(whole(view(draws=False)), agreement=Agreement(6, 4, 3, 4.0), popular=Agreement(6, 6, 5, 5.0))
    words_of = told(made)
    assert "A list of the most popular statements does better in agreement by own votes (3 against 5) and" in words_of
    assert "try the default process, or `--process popular`." in words_of
    better = figured(whole(view(draws=False)), agreement=Agreement(6, 6, 5, 5.0), popular=Agreement(6, 4, 3, 4.0))
    assert told(better) == ""


def test_seats_on_predictions_and_rejected_statements_are_named_by_number() -> None:
    made = whole(view())
    first, second = (made.slate.audit or {})["per_statement"]
    thin = with_audit(made, per_statement=[first, second | {"answered": 1}])
    assert told(thin).startswith("Statement 2 rests on predictions by more than half: fewer than half of its people")
    rejected = with_audit(made, per_statement=[first | {"all_reject": 3}, second])
    assert told(rejected) == (
        "Many of those who answered it reject statement 1 (60%): expect objections, and say whom it stands for."
    )


def test_only_who_could_be_against_is_said_to_be() -> None:
    """Who does not approve a statement, or rates it below the middle, did not vote against it."""
    per = (whole(view()).slate.audit or {})["per_statement"]
    many = [one | {"all_reject": 4} for one in per]
    approvals = with_audit(whole(view(profile(scale=Scale("approval", 0.0, 1.0, complete=True)))), per_statement=many)
    assert "reject" not in told(approvals)
    ratings = told(with_audit(whole(view(profile(scale=RATING))), per_statement=many))
    assert "put statements 1 (80%) and 2 (80%) below the middle of the scale" in ratings
    assert "reject" not in ratings


def test_near_duplicates_come_with_the_option_that_confirms_them() -> None:
    made = figured(whole(view()), barred=replace(barred(profile()), large=0, ask=(), notes=()))
    words_of = told(made)
    assert words_of.startswith(
        "1 statement was set aside because one on the list says nearly the same (see statement 1)"
    )
    assert "`--same` confirms the pair" in words_of
    assert "<code>--same s0,s3</code>" in render(made)


def test_edited_statements_and_the_worst_served_are_named() -> None:
    made = whole(view())
    first, second = made.slate.statements
    edited = replace(made, slate=replace(made.slate, statements=(replace(first, original="More busses"), second)))
    assert told(edited).startswith("1 statement stands in your words, not in those that people saw")
    least = with_audit(made, least=(view().slate.audit or {})["least"])
    assert told(least).startswith("Read what the 2 people said whom this list serves worst")


def test_each_panel_shows_who_agreed_and_who_did_not() -> None:
    made = view()
    answers, columns = made.profile.answers, (0, 1)
    for panel, column in zip(panels(Facts(made)), columns, strict=True):
        mine = answers.value[answers.statement == column]
        assert (panel.agree, panel.reject) == (int((mine > 0).sum()), int((mine < 0).sum()))
        assert f'aria-label="Statement {column + 1} on the map: {panel.agree} agreed' in panel.svg
    first, second = panels(Facts(made))
    assert 'id="everybody"' in first.svg
    assert '<use href="#everybody"/>' in second.svg
    assert panels(Facts(replace(made, positions=None))) == []
    assert panels(Facts(replace(made, positions=np.full((6, 2), np.nan)))) == []


def test_other_answers_have_their_own_sides_on_the_map() -> None:
    some = Answers.of([0, 1, 2], [0, 0, 0], [3.0, 0.0, 9.0], Scale("points", 0.0, 10.0))
    points = panels(Facts(view(replace(profile(), answers=some))))[0]
    assert (points.agree, points.reject) == (2, 1)
    assert "2 gave it points and 1 gave it none" in points.svg
    texts = panels(Facts(CASES["texts"]))[0]
    assert (texts.agree, texts.reject) == (3, 0)
    assert "where the 3 people are who are assigned to it" in texts.svg


def test_dots_do_not_grow_with_people() -> None:
    rng = np.random.default_rng(0)

    def size(n: int) -> int:
        made = view(profile(ids=tuple(f"p{i}" for i in range(n))))
        made = replace(made, positions=rng.normal(size=(n, 2)), own=np.ones(n))
        return sum(len(panel.svg) for panel in panels(Facts(made)))

    assert size(3000) < 2 * size(600)


def test_comparisons_are_not_called_answers_or_texts() -> None:
    base = profile()
    compared = Comparisons.of(np.array([0, 1]), np.array([0, 1]), np.array([1, 0]))
    p = replace(base, answers=Answers.none(Scale("comparison", 0.0, 1.0)), comparisons=compared)
    made = view(p)
    source = {**made.slate.source, "format": "comparisons", "answers": 0}
    made = replace(made, slate=replace(made.slate, source=source))
    for text in (summary(made), render(made)):
        flat = " ".join(text.replace("&#39;", "'").split())
        assert "This rests on which of two statements people preferred" in flat
        assert "as far as people's comparisons tell" in flat
        assert "imilarity" not in flat
        assert " voted on it" not in flat
        assert "neither wrote nor answered" not in flat


def test_ids_stand_in_folds_only_but_for_those_served_worst() -> None:
    html = render(view())
    open_parts = re.sub(
        r"<details.*?</details>",
        "",
        re.sub(r"<details class=\"inner\">.*?</details>", "", html, flags=re.S),
        flags=re.S,
    )
    shown = [name for name in view().profile.agents.ids if f"<bdi>{name}</bdi>" in open_parts]
    assert shown == []
    assert re.findall(r'<th scope="row"><bdi class="id">(\w+)</bdi></th><td>(?:<a|none)', open_parts) == ["flo", "ada"]
    assert "The ids of 3 people" in html


class Marked(NullTranslations):
    """A language in which every sentence of a catalogue stands between marks."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"⟦{one if n == 1 else many}⟧"


@pytest.fixture
def marked() -> Words:
    made = Words("en")
    made._found = Marked()
    made._recorded.in_words = Marked().gettext  # type: ignore[method-assign, assignment]
    return made


class Visible(HTMLParser):
    """The text a reader sees, without what participants, the source or the program's records say."""

    SKIPPED = ("style", "code", "pre", "bdi", "h1")

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[bool] = []
        self.pieces: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            return
        given = dict(attrs)
        foreign = "untrusted" in (given.get("class") or "").split()
        self.open.append(tag in self.SKIPPED or foreign or (bool(self.open) and self.open[-1]))
        if label := given.get("aria-label"):
            self.pieces.append(label)

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1]):
            self.pieces.append(data)


def unmarked(text: str) -> list[str]:
    """The words of a text that stand between no marks."""
    bare, depth = [], 0
    for c in text:
        depth += (c == "⟦") - (c == "⟧")
        bare.append(c if depth == 0 and c != "⟧" else " ")
    return re.findall(r"[^\W\d_]{3,}", "".join(bare))


#: What needs no translation: names of measures, of the program's own records, and of its formats.
NAMES = {"democratic", "fast", "embedded", "low", "rank", "folkmoot", "polis", "town", "SHA"}


@pytest.mark.long
@pytest.mark.parametrize("name", CASES)
def test_every_sentence_of_the_page_comes_from_a_catalogue(name: str, marked: Words) -> None:
    page = render(CASES[name], marked)
    assert "⟦Before you publish⟧" in page
    assert set(unmarked(" ".join(Visible(page).pieces))) <= NAMES


@pytest.mark.parametrize("name", CASES)
def test_every_sentence_on_the_terminal_comes_from_a_catalogue(name: str, marked: Words) -> None:
    made = CASES[name]
    texts = [summary(made, marked)]
    audit = recorded(made.slate).audit
    if audit is not None:
        texts.append(audit_summary(made.slate, audit, Checks(True, False, True, ()), made.profile, marked))
    own = " ".join([*made.profile.statements.texts, made.profile.topic, "Buses, and many more of them; empty rows"])
    allowed = {*re.findall(r"\w+", own + " 3 answers are enough here, not 10.")}
    for text in texts:
        # Texts of people and recorded notes stand between the marks of a sentence, or in a row of their own.
        assert set(unmarked(" ".join(text.split()))) <= allowed


def test_the_language_is_the_one_asked_for_or_that_of_the_source() -> None:
    slate = view().slate
    assert speech(slate).code == "en"
    assert speech(slate, "de").code == "de"
    page = render(view(), words("de"))
    assert '<html lang="de" dir="ltr">' in page
    assert "Haben wir eine große Gruppe übersehen?" in page
    assert "Bevor Sie veröffentlichen:" in summary(view(), words("de"))


@pytest.mark.long
def test_a_statement_has_one_number_on_both_pages_and_in_the_terminal() -> None:
    slates = [chosen(name) for name in ("votes", "three")]
    orders = [[one.id for one in ordered(public_of(slate))] for slate in slates]
    assert any(order != [s.id for s in slate.statements] for order, slate in zip(orders, slates, strict=True))
    for order, slate in zip(orders, slates, strict=True):
        by_id = {s.id: (place, s) for place, s in enumerate(slate.statements, start=1)}
        page, terminal, public = (
            render(slate.view),
            " ".join(summary(slate.view).split()),
            render_public(slate).html,
        )
        at = 0
        for number, name in enumerate(order, start=1):
            place, s = by_id[name]
            shown = page.split(f'<li id="s{number}">')[1].split("</details>")[0]
            assert s.text in unescape(shown)
            assert f"in the order of choice</dt><dd>{place}</dd>" in shown
            assert s.text in unescape(public.split(f'<li id="s{number}">')[1].split("</li>")[0])
            at = terminal.index(s.text, terminal.index(f" {number}. ", at))
        # What is to be looked at goes by the same numbers.
        thin = [n for n, name in enumerate(order, start=1) if by_id[name][0] in (1, 2)]
        audit = recorded(slate).audit
        assert audit is not None
        figures = [
            asdict(one) | {"all_answered": 10, "all_reject": 9 if place in (1, 2) else 0}
            for place, one in enumerate(audit.per_statement, start=1)
        ]
        disputed = with_audit(slate.view, per_statement=figures)
        assert " and ".join(f"{n} (90%)" for n in thin) in told(disputed)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [(0.2, "kaum jemand stimmt voraussichtlich zu"), (1.2, "etwa 1 stimmt voraussichtlich"), (2.6, "etwa 3 stimmen")],
)
def test_how_many_are_expected_is_said_in_the_right_number(more: float, sentence: str) -> None:
    made = CASES["votes"]
    per = [
        one | {"answered": max(0, one["people"] - 4), "mass": one["people"], "expected": one["approve"] + more}
        for one in (made.slate.audit or {})["per_statement"]
    ]
    changed = replace(made, slate=replace(made.slate, audit=dict(made.slate.audit or {}) | {"per_statement": per}))
    assert sentence in render(changed, words("de"))


def test_the_title_that_is_asked_for_is_the_heading() -> None:
    page = render(whole(view()), words("en"), "Our <b>park</b>")
    assert '<h1 dir="auto">Our &lt;b&gt;park&lt;/b&gt;</h1>' in page
    assert "<title>Review: Our &lt;b&gt;park&lt;/b&gt;</title>" in page
    assert '<h1 dir="auto">Our town</h1>' in render(whole(view()), words("en"))


def test_the_map_shows_every_opinion_group_of_the_audit() -> None:
    found = chosen("votes").view
    assert found is not None
    audit = recorded(found.slate).audit
    assert audit is not None
    assert audit.plural is not None
    people = audit.plural.groups.people  # type: ignore[union-attr]
    page = render(found, words("en"))
    assert len(people) > 1
    for number, n in enumerate(people, start=1):
        assert f"<p>Group {number}: {n} people</p>" in page
    assert page.count('class="d-group"') >= len(people)
    assert "by opinion group" not in render(replace(found, groups=None), words("en"))
