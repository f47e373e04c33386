"""Which of a person's own answers conflict with the statement that represents them, from end to end."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.profile import Agents, Answers, InputError, Profile, Slate, SlateStatement, Statements
from folkmoot.slates.conflicts import PersonConflicts, RarePair

pytest.importorskip("pysat")

TEXTS = ("Build the bridge", "Keep the ferry", "Plant <b>trees</b>", "Ban cars")


@pytest.fixture(scope="module")
def town() -> Profile:
    """Sixty people: who is for the bridge is against the ferry, everybody likes trees, the last three are special."""
    rows = []
    for i in range(60):
        side = 1 if i < 30 else -1
        rows += [(i, 0, side), (i, 1, -side), (i, 2, 1)]
    rows += [(60, 1, 1), (60, 2, 1)]  # was never asked about the bridge, wants the ferry
    rows += [(61, 0, -1), (61, 1, 1)]  # is against the bridge itself
    rows += [(62, 2, 1)]  # said nothing that matters
    agent, statement, value = zip(*rows, strict=True)
    people = Agents(tuple(f"p{i}" for i in range(63)))
    return Profile(people, Statements(("bridge", "ferry", "trees", "cars"), TEXTS), Answers.of(agent, statement, value))


@pytest.fixture(scope="module")
def slate() -> Slate:
    everybody = tuple(f"p{i}" for i in range(63) if i != 59)
    return Slate((SlateStatement("bridge", TEXTS[0], agents=everybody),), ("p59",), 3, "words", 63)


def test_outcomes(town: Profile, slate: Slate) -> None:
    found = fm.conflicts(town, slate, ["p0", "p60", "p61", "p62"])
    assert {name: entry.outcome for name, entry in found.items()} == {
        "p0": "agrees",
        "p60": "conflict",
        "p61": "agree to disagree",
        "p62": "no conflict",
    }
    (conflict,) = found["p60"].conflicts
    assert conflict.answers == (("agree", "ferry"),)
    # Thirty agreed with the bridge and took a side on the ferry; none of them was for it.
    assert conflict.steps == (RarePair(("agree", "bridge"), ("agree", "ferry"), both=0, of_one=30),)
    assert found["p60"].gives_up == (("agree", "ferry"),)
    assert found["p61"].conflicts[0].answers == (("agree", "ferry"),)
    # As JSON: lists and objects, and the same again when it is read.
    assert found["p60"].as_dict() == {
        "statement": "bridge",
        "outcome": "conflict",
        "conflicts": [
            {
                "answers": [["agree", "ferry"]],
                "steps": [{"one": ["agree", "bridge"], "other": ["agree", "ferry"], "both": 0, "of_one": 30}],
            }
        ],
        "gives_up": [["agree", "ferry"]],
        "broken": 0,
    }
    assert PersonConflicts.read(json.loads(json.dumps(found["p60"].as_dict()))) == found["p60"]
    assert set(fm.conflicts(town, slate)) == set(slate.statements[0].agents)


def test_who_cannot_be_asked_about_is_told_why(town: Profile, slate: Slate) -> None:
    with pytest.raises(InputError, match="'p59' is represented by no statement"):
        fm.conflicts(town, slate, ["p59"])
    with pytest.raises(InputError, match="'nobody' is not in the source"):
        fm.conflicts(town, slate, ["nobody"])
    bare = replace(slate, statements=tuple(replace(s, agents=()) for s in slate.statements))
    with pytest.raises(InputError, match="does not say whom"):
        fm.conflicts(town, bare)


def test_a_complete_ballot_is_against_what_it_leaves_out() -> None:
    from folkmoot.profile import APPROVAL
    from folkmoot.slates.conflicts import _signs

    people, statements = Agents(("a", "b")), Statements(("x", "y"), ("x", "y"))
    profile = Profile(people, statements, Answers.of([0], [1], [1.0], APPROVAL))
    assert _signs(profile, np.arange(2)).tolist() == [[-1, 1], [-1, -1]]


@pytest.mark.long
def test_the_report_names_the_answers_of_the_least_well_represented(
    town: Profile, slate: Slate, tmp_path: Path
) -> None:
    pytest.importorskip("jinja2")
    from folkmoot.report import render

    view = fm.audited(town, replace(slate, budget=60), draws=0).slate.view
    assert view.conflicts is not None
    assert set(view.conflicts) == {entry["agent"] for entry in (view.slate.audit or {})["least"]}
    page = render(view)
    if any(entry.outcome == "agree to disagree" for entry in view.conflicts.values()):
        assert "They answered against statement 1 itself" in page
        assert "agree to disagree" in page
    told = [entry for entry in view.conflicts.values() if entry.conflicts]
    assert told
    assert "Of the 30 who agreed with statement 1 and took a side here, 0 agreed too." in page
