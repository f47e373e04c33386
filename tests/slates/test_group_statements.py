"""A statement for every group: from its own people's texts, cited exactly, held back where it makes something up."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from folkmoot.cli.main import app
from folkmoot.llm import Answer, Call, Failed
from folkmoot.profile import Answers, FloatArray, InputError, Slate, SlateStatement, Statements, WorkError
from folkmoot.queries.language.lint import INVENTED_NAME, INVENTED_NUMBER
from folkmoot.slates.group_statements import BEHIND, NO_STATEMENT, OPINION, beside, group_statements
from language_model import TEXTS, Obedient, profile_of

PROFILE = profile_of()
IDS = PROFILE.agents.ids
SLATE = Slate(
    tuple(SlateStatement(f"s{k}", text, 9, IDS[3 * k : 3 * k + 3]) for k, text in enumerate(("Buses.", "Trees."))),
    (),
    20,
    "words",
    12,
)


def by_words(texts: object) -> FloatArray:
    words = ("bus", "trees", "rents", "roads", "evening")
    return np.array([[float(word in text.lower()) for word in words] for text in texts])  # type: ignore[attr-defined]


def test_every_group_has_a_statement_of_its_own_and_exact_citations() -> None:
    model = Obedient()
    found = group_statements(PROFILE, SLATE, model, most=2, vectors=by_words)
    assert found.how == BEHIND  # nobody voted
    assert [one.about for one in found.groups] == ["s0", "s1"]
    assert found.apart == 6
    for k, one in enumerate(found.groups):
        own = TEXTS[3 * k : 3 * k + 3]
        assert (one.people, one.writers, one.held_back) == (3, 3, False)
        assert one.text
        assert len({each.agent for each in one.citations}) == len(one.citations) == 2
        for each in one.citations:
            assert PROFILE.agents.texts[PROFILE.agent_index[each.agent]][0][each.start :].startswith(each.quote)
        # The model is shown the texts of the group and nobody else's.
        (asked,) = [call for call in model.calls_of("cluster-statement") if own[0] in call.messages[1][1]]
        assert all((text in asked.messages[1][1]) == (text in own) for text in TEXTS)


def test_opinion_groups_where_people_voted() -> None:
    votes = np.where(np.arange(12)[:, None] < 6, 1.0, -1.0) * np.array([1, 1, -1, -1, 1, -1])
    row, column = np.indices(votes.shape)
    statements = Statements(tuple("abcdef"), tuple(f"Statement {k}" for k in "abcdef"))
    voting = replace(PROFILE, statements=statements, answers=Answers.of(row.ravel(), column.ravel(), votes.ravel()))
    found = group_statements(voting, SLATE, Obedient(), vectors=by_words)
    assert found.how == OPINION
    assert [one.people for one in found.groups] == [6, 6]


def test_what_nobody_wrote_is_asked_for_again_and_then_held_back() -> None:
    def lies(call: Call, answer: Answer | Failed) -> Answer | Failed:
        if not call.query.startswith("cluster-statement/") or TEXTS[0] not in call.messages[1][1]:
            return answer
        # The first answer has a figure and a name; about trees nothing is made up.
        return Answer("<opinion>We want 70 buses to Smithfield.</opinion>") if call.sample < 200 else answer

    model = Obedient(spoil=lies)
    found = group_statements(PROFILE, SLATE, model, vectors=by_words)
    assert [(one.attempts, one.held_back) for one in found.groups] == [(3, False), (1, False)]
    stubborn = Obedient(
        spoil=lambda call, answer: (
            Answer("<opinion>We want 70 buses to Smithfield.</opinion>") if "cluster" in call.query else answer
        )
    )
    first = group_statements(PROFILE, SLATE, stubborn, vectors=by_words).groups[0]
    assert first.held_back
    assert {one.kind for one in first.findings} >= {INVENTED_NUMBER, INVENTED_NAME}
    assert "70" in {one.what for one in first.findings}


def test_what_cannot_be_written_is_said() -> None:
    with pytest.raises(InputError, match="nobody wrote anything"):
        group_statements(profile_of(("", "", "")), SLATE, Obedient(), vectors=by_words)
    unassigned = replace(SLATE, statements=tuple(replace(one, agents=()) for one in SLATE.statements))
    with pytest.raises(InputError, match="does not say whom"):
        group_statements(PROFILE, unassigned, Obedient(), vectors=by_words)
    few = replace(SLATE, statements=tuple(replace(one, agents=one.agents[:2]) for one in SLATE.statements))
    with pytest.raises(InputError, match="no group of at least 3"):
        group_statements(PROFILE, few, Obedient(), vectors=by_words)
    half = Obedient(
        spoil=lambda call, answer: (
            Failed("no") if "cluster" in call.query and TEXTS[0] in call.messages[1][1] else answer
        )
    )
    silent = group_statements(PROFILE, SLATE, half, vectors=by_words).groups[0]
    assert silent.held_back
    assert [one.kind for one in silent.findings] == [NO_STATEMENT]
    mute = Obedient(spoil=lambda call, answer: Failed("the endpoint is away") if "cluster" in call.query else answer)
    with pytest.raises(WorkError, match="the endpoint is away"):
        group_statements(PROFILE, SLATE, mute, vectors=by_words)


def test_the_command_keeps_them_beside_the_slate_for_the_review_page(tmp_path: Path) -> None:
    pytest.importorskip("wordllama")
    source, slate, page = tmp_path / "o.csv", tmp_path / "slate.json", tmp_path / "review.html"
    rows = [
        f'{name},"{text}"' for name, text in zip(IDS, (*TEXTS[:11], "<b>Safe</b> roads for bicycles."), strict=True)
    ]
    source.write_text("\n".join(["id,opinion", *rows]), "utf-8")
    SLATE.to_json(slate)
    run = CliRunner()
    done = run.invoke(app, ["llm", "groups", str(source), str(slate), "--model", "demo", "--most", "1"])
    assert done.exit_code == 0, done.output
    assert "nobody has voted on them" in done.stdout
    assert "\n1. 3 people, 3 of whom wrote something, behind s0\n   " in done.stdout
    kept = json.loads((tmp_path / "slate.groups.json").read_text("utf-8"))
    assert kept["model"] == "demo"
    assert len(kept["groups"]) == 2
    texts = [one["text"] for one in kept["groups"]]
    assert all(text in " ".join(TEXTS) for text in texts)  # the demo model takes people's own sentences
    done = run.invoke(app, ["audit", str(source), str(slate), "--html", str(page), "--draws", "0"])
    assert page.is_file(), done.output
    (section,) = re.findall(r'<section id="written-for-groups">.*?</section>', page.read_text("utf-8"), re.DOTALL)
    assert kept["groups"][0]["citations"][0]["quote"] in section
    assert all(text in section for text in texts)
    assert "<b>" not in section
    assert "Nobody has voted on them" in section
    (tmp_path / "slate.groups.json").write_text("[]")
    with pytest.raises(InputError, match="folkmoot llm groups"):
        beside(slate)
