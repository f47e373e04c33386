"""Comparisons are measured preference: said so everywhere, with the model, its kinds, and what was never compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.audits.plural_records import Calibration, Exposure, Groups, Served, SpeechOfGroups
from folkmoot.profile import COMPARISON, Agents, Answers, Comparisons, Profile, Slate, Statements
from folkmoot.report import render, summary
from folkmoot.report.audit_text import audit_summary
from folkmoot.report.public.page import render_public
from folkmoot.slates.compare import Checks
from folkmoot.slates.recorded import recorded


def compared(blocks: int = 1) -> Profile:
    """Two kinds of people, twice as many of the first, who want the opposite of four statements, or blocks of them."""
    rng = np.random.default_rng(0)
    person = np.repeat(np.arange(60), 10)
    a, b = np.array([rng.permutation(4)[:2] for _ in person]).T
    block = 4 * rng.integers(blocks, size=len(person))
    first = (a < b) == ((person % 3) > 0)
    first ^= rng.random(len(person)) < 0.05
    names = tuple(f"The town should do thing number {j} before all others" for j in range(4 * blocks))
    made = Comparisons.of(person, np.where(first, a, b) + block, np.where(first, b, a) + block)
    people = Agents(tuple(f"p{i}" for i in range(60)))
    return Profile(people, Statements(names, names), Answers.none(COMPARISON), comparisons=made)


@pytest.fixture(scope="module")
def slate() -> Slate:
    return fm.slate(compared(), 2, unit="statements", draws=20)


def texts(slate: Slate) -> dict[str, str]:
    audit, view = recorded(slate).audit, slate.view
    assert audit is not None
    assert view is not None
    return {
        "summary": summary(view),
        "audit": audit_summary(slate, audit, Checks(None, None, None, ())),
        "review": render(view),
        "page": render_public(slate).html,
    }


def test_nothing_is_called_a_similarity_and_the_model_is_named(slate: Slate) -> None:
    record = recorded(slate)
    assert (record.source.comparisons, record.source.parts) == (600, 1)
    for where, text in texts(slate).items():
        words = " ".join(text.split())
        assert "similarity" not in words.lower(), where
        kinds = record.engine.parameters["classes"]
        assert f"{kinds} kinds of people were fitted to 600 comparisons (model: mixture)." in words, where
        assert "one kind for everybody would foresee" in words, where
        assert "comparisons fall into" not in words, where
    assert "chance that a large enough group would object is about" in " ".join(texts(slate)["summary"].split())


def test_all_further_audits_apply_with_the_kinds_as_groups(slate: Slate) -> None:
    audit = recorded(slate).audit
    assert audit is not None
    plural = audit.plural
    assert plural is not None
    assert isinstance(plural.groups, Groups)
    assert sum(plural.groups.people) == 60
    assert min(plural.groups.people) >= 5
    assert plural.groups.how.startswith("the kinds of people")
    assert isinstance(plural.exposure, Exposure)
    assert isinstance(plural.calibration, Calibration)
    assert isinstance(plural.speech, SpeechOfGroups)
    smaller = plural.speech.groups[1]
    assert smaller.may_speak
    assert smaller.gain[0] is not None
    assert smaller.gain[0] > 0.5  # it is the opposite of the average
    assert isinstance(plural.served, Served)
    assert plural.served.worst == min(one for one in plural.served.mean if one is not None)
    assert "Nobody was asked whether they agree. Here agreement is the share" in " ".join(texts(slate)["audit"].split())


def test_statements_that_were_never_compared_are_counted() -> None:
    parted = fm.slate(compared(3), 2, unit="statements", draws=0)
    record = recorded(parted)
    assert record.source.parts == 3
    assert record.audit is not None
    assert any("fall into 3 parts" in note for note in record.audit.notes)
    assert "The comparisons fall into 3 parts" in render_public(parted).html


def test_one_kind_of_people_is_said_to_be_one(slate: Slate) -> None:
    alone = replace(slate, engine={**slate.engine, "parameters": {"classes": 1}}, reliability=None)
    words = " ".join(audit_summary(alone, recorded(slate).audit, Checks(None, None, None, ())).split())  # type: ignore[arg-type]
    assert "1 kind of people was fitted to 600 comparisons" in words
    assert "there were too few to hold any back" in words
