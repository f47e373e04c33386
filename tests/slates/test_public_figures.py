"""The figures of the page for the public, counted again one person at a time."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.audits.public_records import Count, Public
from folkmoot.profile import Agents, Answers, Profile, Slate, Statements
from folkmoot.slates.public.groups import silhouette
from folkmoot.slates.recorded import recorded
from public_slates import SOURCES, camps, chosen, people, statements

KINDS = {"votes": "votes", "ratings": "ratings", "budget": "choices", "rankings": "rankings", "weights": "votes"}


def figures(slate: Slate) -> Public:
    audit = recorded(slate).audit
    assert audit is not None
    assert audit.public is not None
    return audit.public


@cache
def told(name: str) -> dict[tuple[int, int], float]:
    """Every answer of a source by person and statement, as a utility."""
    a = source(name).answers
    cells = zip(a.agent.tolist(), a.statement.tolist(), a.value.tolist(), strict=True)
    return {(who, what): float(a.scale.utility(np.array([value]))[0]) for who, what, value in cells}


@cache
def source(name: str) -> Profile:
    return SOURCES[name]()


def opinion(name: str, row: int, column: int) -> str:
    """What one person said of one statement."""
    scale, utility = source(name).answers.scale, told(name).get((row, column))
    if utility is None:
        return "against" if scale.complete else "unseen"
    return "agree" if utility > scale.midpoint else "middle" if utility == scale.midpoint else "against"


def counted(opinions: list[str]) -> Count:
    found = Counter(opinions)
    return Count(found["agree"], found["middle"], found["against"], found["unseen"])


@pytest.mark.parametrize("name", KINDS)
def test_every_count_is_that_of_the_plain_loop(name: str) -> None:
    profile, slate = source(name), chosen(name)
    public = figures(slate)
    assert public.asked == KINDS[name]
    assert public.people == profile.n_agents
    assert [one.id for one in public.statements] == [one.id for one in slate.statements]
    for one, chosen_one in zip(public.statements, slate.statements, strict=True):
        column = profile.statement_index[one.id]
        every = [opinion(name, row, column) for row in range(profile.n_agents)]
        assert one.all == counted(every)
        mine = [profile.agent_index[agent] for agent in chosen_one.agents]
        assert one.own == counted([every[row] for row in mine])
        assert one.people == len(mine)
        assert 0 <= one.expected <= one.own.unseen
    assert public.said == (len(profile.answers))
    assert public.left_over == len(slate.unassigned)
    columns = [profile.statement_index[one.id] for one in public.statements]
    silent = [
        row for row in range(profile.n_agents) if all(opinion(name, row, column) == "unseen" for column in columns)
    ]
    assert public.on_none == len(silent)


@pytest.mark.parametrize("name", ["votes", "ratings"])
def test_who_agrees_is_what_the_audit_counts(name: str) -> None:
    slate = chosen(name)
    audit, public = recorded(slate).audit, figures(slate)
    assert audit is not None
    assert audit.agreement is not None
    assert audit.popular is not None
    assert public.popular is not None
    assert sum(one.own.agree for one in public.statements) == audit.agreement.agreed
    assert public.popular.agree == audit.popular.agreed
    expected = sum(one.own.agree + one.expected for one in public.statements)
    assert expected == pytest.approx(audit.agreement.expected, abs=0.01)


def test_comparisons_are_counted_themselves() -> None:
    profile, public = SOURCES["comparisons"](), figures(chosen("comparisons"))
    c = profile.comparisons
    assert public.said == len(c)
    for one in public.statements:
        column = profile.statement_index[one.id]
        assert (one.all.agree, one.all.against) == (int((c.winner == column).sum()), int((c.loser == column).sum()))
        assert (one.all.middle, one.all.unseen) == (0, 0)
        assert one.own.voted + one.own.unseen == one.people


def test_of_texts_nothing_is_counted_as_a_vote() -> None:
    public = figures(chosen("texts"))
    assert public.asked == "texts"
    assert public.language == "de"
    assert (public.said, public.popular, public.divided) == (0, None, None)
    assert public.groups.why_not == "nobody voted"
    assert all(one.all.voted == 0 for one in public.statements)
    # Whoever wrote the statement itself said something close to it.
    assert sum(one.own.agree for one in public.statements) > 20


def test_groups_are_the_camps_and_told_apart_by_their_statements() -> None:
    public = figures(chosen("votes"))
    found = public.groups
    assert found.why_not == ""
    assert [group.people for group in found.groups] == sorted((group.people for group in found.groups), reverse=True)
    assert sum(group.people for group in found.groups) + found.outside == public.people
    parities = []
    for place, group in enumerate(found.groups):
        parity = {int(mark.id[1:]) % 2 for mark in group.marks}
        assert len(parity) == 1, "a group is told apart by the statements of its camp"
        parities.append(parity.pop())
        for mark in group.marks:
            own, other = mark.groups[place], mark.groups[1 - place]
            assert own.agree / own.voted > other.agree / other.voted
        assert [mark.z for mark in group.marks] == sorted((mark.z for mark in group.marks), reverse=True)
    assert sorted(parities) == [0, 1]
    # What the groups said and what those in none said is what everybody said.
    for one in public.statements:
        assert sum(group.voted for group in one.groups) <= one.all.voted


@pytest.mark.parametrize(("name", "why"), [("noise", "unclear"), ("small", "few people"), ("three", "")])
def test_groups_are_named_only_where_there_are_some(name: str, why: str) -> None:
    found = figures(chosen(name)).groups
    assert found.why_not == why
    assert len(found.groups) == (3 if name == "three" else 0)


def test_the_silhouette_is_that_of_the_definition() -> None:
    rng = np.random.default_rng(1)
    points = np.vstack([rng.normal(0, 1, (9, 2)), rng.normal(4, 1, (7, 2))])
    label = np.repeat([0, 1], [9, 7])
    each = []
    for i, point in enumerate(points):
        away = [float(np.hypot(*(point - other))) for other in points]
        own = [away[j] for j in range(16) if label[j] == label[i] and j != i]
        others = [away[j] for j in range(16) if label[j] != label[i]]
        inside, outside = sum(own) / len(own), sum(others) / len(others)
        each.append((outside - inside) / max(inside, outside))
    assert silhouette(points, label) == pytest.approx(sum(each) / 16)
    assert silhouette(points, np.zeros(16, dtype=np.int64)) == -1.0


def test_rejected_and_waiting_statements_are_nowhere() -> None:
    profile = camps()
    state = np.ones(profile.n_statements, dtype=np.int8)
    state[1], state[2] = -1, 0
    s = profile.statements
    moderated = Statements(s.ids, s.texts, state, provenance=s.provenance)
    made = Profile(profile.agents, moderated, profile.answers, facts=profile.facts, topic=profile.topic)
    slate = fm.slate(made, 3, unit="statements", draws=0)
    public = figures(slate)
    assert (public.written, public.published) == (12, 10)
    text = json.dumps(slate.audit["public"] if slate.audit else "")
    assert '"s1"' not in text
    assert '"s2"' not in text
    assert public.said == int(np.isin(profile.answers.statement, [0, *range(3, 12)]).sum())


def test_weights_are_beside_people() -> None:
    name = "weights"
    profile, slate = source(name), chosen(name)
    public = figures(slate)
    assert public.by_weight is not None
    assert public.by_weight.total == profile.total_mass
    agree = 0
    for one in slate.statements:
        column = profile.statement_index[one.id]
        rows = [profile.agent_index[agent] for agent in one.agents]
        agree += sum(int(profile.masses[row]) for row in rows if opinion(name, row, column) == "agree")
    assert public.by_weight.agree == agree


def test_the_most_divided_statement_is_named_unless_it_is_on_the_list() -> None:
    votes = np.full((40, 3), 1.0)
    votes[20:, 2] = -1.0
    rows, columns = np.nonzero(np.ones((40, 3)))
    profile = Profile(people(40), statements(3), Answers.of(rows, columns, votes[rows, columns]))
    without = fm.slate(profile, 2, unit="statements", draws=0, all_eligible=True, locked_out=["s2"])
    divided = figures(without).divided
    assert divided is not None
    assert (divided.id, divided.all.agree, divided.all.against) == ("s2", 20, 20)
    assert (
        figures(fm.slate(profile, 2, unit="statements", draws=0, all_eligible=True, locked_in=["s2"])).divided is None
    )


def test_the_record_is_read_back_and_comes_out_again() -> None:
    slate = chosen("votes")
    again = Slate.from_json(slate.to_json())
    assert figures(again) == figures(slate)
    audited = fm.audited(SOURCES["votes"](), again)
    assert fm.compare(SOURCES["votes"](), again, audited).figures
    assert figures(audited.slate) == figures(slate)


def test_nobody_is_named_in_the_record() -> None:
    slate = chosen("votes")
    assert slate.audit is not None
    assert "zq" not in json.dumps(slate.audit["public"])
    assert "zq" in slate.to_json()


def test_a_source_of_one_person_has_figures() -> None:
    profile = Profile(Agents(("zq1",)), statements(2), Answers.of([0], [0], [1.0]))
    public = figures(fm.slate(profile, 1, unit="statements", draws=0, all_eligible=True))
    assert public.people == 1
    assert public.groups.why_not == "few people"


def test_what_tells_something_about_people_divides_nobody() -> None:
    votes = np.full((40, 6), 1.0)
    votes[20:, 4] = votes[25:, 5] = -1.0
    rows, columns = np.nonzero(np.ones((40, 6)))
    texts = [f"The town should build bridge number {word} soon." for word in ("one", "two", "three", "four")]
    texts += ["I am older than thirty years.", "The town should close the harbour for good."]
    told = replace(statements(6), texts=tuple(texts))
    profile = Profile(people(40), told, Answers.of(rows, columns, votes[rows, columns]))
    made = figures(fm.slate(profile, 2, unit="statements", draws=0, process="popular"))
    assert made.left_out == {"about_the_speaker": 1}
    assert made.divided is not None
    assert made.divided.text == texts[5]
    again = fm.slate(profile, 2, unit="statements", draws=0, process="popular", keep_self_descriptions=True)
    kept = figures(again).divided
    assert kept is not None
    assert kept.text == texts[4]


def test_a_description_is_printed_without_its_signs_of_markdown() -> None:
    told = {"description": "This talk is __*closed*__.\n\n* [Results](https://town.example)"}
    slate = fm.slate(replace(camps(12, 4), facts=told), 2, unit="statements", draws=0, all_eligible=True)
    assert figures(slate).question == "This talk is closed. Results"
