"""Who sees what, on the page and on the terminal: what is recorded is what is said, and nothing else passes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from report_views import HOSTILE, profile, view
from test_report_html import check

from folkmoot import processes
from folkmoot.audits import Subject
from folkmoot.audits.plural import plural_figures
from folkmoot.audits.plural_records import Calibration, Exposure, Groups, NotApplicable, Plural, VoteDiversity
from folkmoot.preferences.opinion_groups import CLUSTERS
from folkmoot.profile import BoolArray, FloatArray, IntArray, Profile
from folkmoot.queries import ClosedPool
from folkmoot.report import View, render
from folkmoot.report.plural import tables
from folkmoot.report.plural_text import lines
from folkmoot.report.plural_words import BY_GROUPS, looking, sentences
from folkmoot.slates.conflicts import AgainstStatement, PersonConflicts, RarePair
from folkmoot.slates.recorded import recorded


def figures(votes: bool = True) -> Plural:
    rng = np.random.default_rng(0)
    n, m = 40, 12
    camp = (np.arange(n) >= 28).astype(int)
    utility = np.where((np.arange(m) % 2 == 0) == (camp[:, None] == 0), 1.0, 0.0)
    utility = np.where(rng.random((n, m)) < 0.1, 0.5, utility)

    class Exact:
        n_agents, n_statements = n, m

        def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
            return np.asarray(utility[np.ix_(agents, statements)])

        def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
            return np.ones((len(agents), len(statements)), dtype=bool)

    texts = tuple(f"We need a much better {word} in our old town" for word in "abcdefghijkl")
    made = profile(texts[:4], ids=tuple(f"p{i}" for i in range(6)), votes=votes)
    big = Profile(
        replace(made.agents, ids=tuple(f"p{i}" for i in range(n)), texts=(), groups={}),
        replace(made.statements, ids=tuple(f"s{j}" for j in range(m)), texts=texts, moderation=None, provenance=()),
        made.answers,
    )
    subject = Subject(ClosedPool(Exact(), np.arange(m), np.ones(m, dtype=np.int64)), np.array([0, 2, 1]), camp * 2, 3)
    return plural_figures(big, subject, (np.eye(2)[camp], CLUSTERS), rng)


@pytest.fixture(scope="module")
def found() -> Plural:
    return figures()


def shown(plural: Plural) -> View:
    """A view with these figures, and without plots beside them."""
    made = replace(view(draws=False), positions=None)
    audit = recorded(made.slate).audit
    assert audit is not None
    return replace(made, slate=replace(made.slate, audit=replace(audit, plural=plural).as_dict()))


def test_every_table_holds_the_recorded_figures(found: Plural) -> None:
    page = check(render(shown(found)))
    assert page.says("Further checks: opinion groups", "If everyone read 3 statements")
    assert isinstance(found.exposure, Exposure)
    assert isinstance(found.calibration, Calibration)
    value, low, high = found.exposure.slate.policies["slate"].own
    assert page.says(f"{value:.2f} ({low:.2f} to {high:.2f})")
    assert page.says("2 opinion groups of 28 (70%) and 12 (30%) people")
    assert page.says("Is the list divided as the people are?", "May a group speak for its people?")
    assert page.says(f"{found.calibration.by['seats'].smallest:.2f}")
    assert page.says("Different in meaning: the engine compares no texts")
    assert len(tables(found)) == 6


def test_a_record_without_these_figures_has_no_such_section() -> None:
    page = check(render(view()))
    assert not page.says("Further checks")
    assert lines(None) == []


def test_on_texts_alone_the_page_says_what_does_not_apply() -> None:
    plural = figures(votes=False)
    page = check(render(shown(plural)))
    assert page.says("Not applicable here", "Who would see what: nobody voted")
    assert [table.caption for table in tables(plural)] == ["How different the texts are"]
    assert sum("not applicable: nobody voted" in line for line in lines(plural)) == 6


def test_the_terminal_has_sentences_first_and_names_of_measures_after(found: Plural) -> None:
    text = "\n".join(lines(found))
    assert isinstance(found.exposure, Exposure)
    assert isinstance(found.votes, VoteDiversity)
    assert f"[sycophancy index {found.exposure.assigned.sycophancy[0]:.2f}, echo index" in text
    worst = found.exposure.slate.policies["slate"].worst[0]
    assert f"The opinion group that agrees least has a mean agreement of {worst:.2f} with it" in text
    assert f"Div_pair {found.votes.div_pair:.2f}" in text
    for line in lines(found)[1:]:
        assert "[" not in line or line.index("[") > line.index(". ")


def test_every_table_says_what_to_do_with_it(found: Plural) -> None:
    made = tables(found)
    page = check(render(shown(found)))
    assert len({table.use for table in made}) == len(made) == 6
    assert all(page.says(table.use.replace("`", "")) for table in made)


def test_nothing_recorded_passes_unescaped(found: Plural) -> None:
    """A doctored record: texts where there are none now."""
    for text in HOSTILE[:6]:
        assert isinstance(found.groups, Groups)
        doctored = replace(found, groups=replace(found.groups, how=text), meanings=NotApplicable(False, text))
        check(render(shown(doctored)))


def test_indices_without_a_meaning_are_not_put_into_words(found: Plural) -> None:
    nothing = (None, None, None)
    assert isinstance(found.exposure, Exposure)
    assigned = replace(found.exposure.assigned, sycophancy=nothing, echo=nothing, echo_beyond_chance=nothing)
    bare = replace(found, exposure=replace(found.exposure, assigned=assigned))
    assert not any("index" in words for words in sentences(bare))
    assert lines(bare)


def test_an_answer_against_the_statement_is_an_agreement_to_disagree() -> None:
    made = view()
    entry = (made.slate.audit or {})["least"][0]
    pair = RarePair(("agree", "s0"), ("agree", "s1"), both=2, of_one=31)
    further = RarePair(("disagree", "s1"), ("agree", "s3"), both=1, of_one=24)
    said = PersonConflicts(
        statement=made.slate.statements[0].id,
        outcome="agree to disagree",
        conflicts=(
            AgainstStatement((("agree", "s1"),), (pair,)),
            AgainstStatement((("agree", "s3"),), (pair, further)),
        ),
        gives_up=(("agree", "s1"),),
        broken=0,
    )
    page = check(render(replace(made, conflicts={entry["agent"]: said})))
    assert page.says("They answered against statement 1 itself", "agree to disagree", "rarely go together with it here")
    assert page.says("Of the 31 who agreed with statement 1 and took a side here, 2 agreed too.")
    assert page.says("mostly disagrees with another statement (29 of 31). Of those who do, 1 of 24 agreed here.")
    page = check(render(replace(made, conflicts={entry["agent"]: replace(said, outcome="conflict")})))
    assert page.says("without 1 answer nothing would stand against it")
    page = check(render(replace(made, conflicts={entry["agent"]: replace(said, outcome="no conflict")})))
    assert not page.says("rarely go together")


def test_what_is_said_of_groups_is_what_the_process_does() -> None:
    """A process that weighs opinion groups is not said to have chosen without any."""
    named = {
        file.parent.name if file.parent.name != "processes" else file.stem
        for file in Path(processes.__file__).parent.rglob("*.py")
        if "opinion_groups" in file.read_text(encoding="utf-8")
    }
    assert named == set(BY_GROUPS)
    assert len({looking("robust"), looking("popular"), looking("calibrated:groups=3")}) == 3
    assert looking("calibrated:lambda=1") == looking("robust")
