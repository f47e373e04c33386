"""Votes and texts in one run: people's own statements on their votes beside what a language model writes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.profile import Agents, Answers, InputError, Profile, Statements
from folkmoot.slates.audited import audited
from language_model import TEXTS, Obedient, profile_of, quoted

pytest.importorskip("wordllama")

OWN = (
    "Buses should run later in the evening and on Sundays.",
    "There should be trees and shade along every hot street.",
    "The town should build more flats with lower rents soon.",
    "Fix the holes so that roads are safe for bicycles.",
)
# Three people of TEXTS for each statement, in this order.
FITS = np.repeat(np.arange(4), 3)
ASKED = {"engine": "llm", "draws": 0, "validate": 0, "pool": "both"}


def town(share: float, moderation: tuple[int, ...] | None = None) -> Profile:
    """People who wrote, and of whose votes so large a share was cast."""
    base = profile_of()
    votes = np.where(np.arange(4) == FITS[:, None], 1.0, -1.0)
    cast = np.random.default_rng(0).random(votes.shape) < share
    rows, columns = np.nonzero(cast)
    statements = Statements(tuple("abcd"), OWN, None if moderation is None else np.array(moderation, dtype=np.int8))
    answers = Answers.of(rows, columns, votes[rows, columns])
    return Profile(Agents(base.agents.ids, base.agents.texts), statements, answers, topic=base.topic)


def calls(profile: Profile, **more: object) -> int:
    model = Obedient()
    fm.slate(profile, 40, model=model, **{**ASKED, **more})  # type: ignore[arg-type]
    return len({call.key for call in model.calls})


def test_peoples_own_statements_win_where_they_do_as_well_and_nobody_is_asked_about_them() -> None:
    model, profile = Obedient(), town(1.0)
    slate = fm.slate(profile, 40, model=model, **ASKED)  # type: ignore[arg-type]
    chosen = {one.text for one in slate.statements}
    assert len(chosen & set(OWN)) >= 3
    for one in slate.statements:
        if one.text in OWN:
            fits = [profile.agents.ids[row] for row in np.flatnonzero(OWN.index(one.text) == FITS)]
            assert set(one.agents) <= set(fits) or len(one.agents) > len(fits)
    rated = [call for call in model.calls if call.query.startswith(("agreement", "specificity"))]
    assert not any(set(quoted(call)) & set(OWN) for call in rated)
    assert "on their votes and on what these predict" in " ".join(slate.audit["notes"])  # type: ignore[index]


@pytest.mark.long
def test_calls_fall_with_votes_and_the_run_comes_out_again() -> None:
    full, none = calls(town(1.0)), calls(town(1.0), pool="written")
    assert full < 0.5 * none
    model, profile = Obedient(), town(0.7)
    slate = fm.slate(profile, 40, model=model, **ASKED)  # type: ignore[arg-type]
    again = fm.slate(profile, 40, model=Obedient(np.random.default_rng(5)), **ASKED)  # type: ignore[arg-type]
    assert slate.to_json() == again.to_json()
    found = audited(profile, slate, model=Obedient())
    assert found.slate.statements == slate.statements


def test_what_moderation_rejected_is_no_candidate_and_without_votes_there_is_nothing_to_stand_on() -> None:
    slate = fm.slate(town(1.0, (-1, 1, 1, 1)), 40, model=Obedient(), **ASKED)  # type: ignore[arg-type]
    assert OWN[0] not in {one.text for one in slate.statements}
    with pytest.raises(InputError, match="nobody voted here"):
        fm.slate(replace(town(1.0), answers=Answers.none()), 40, model=Obedient(), **ASKED)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="writes all of its statements itself"):
        fm.slate(town(1.0), 3, unit="statements", process="bjr", model=Obedient(), **ASKED)  # type: ignore[arg-type]
    assert len(TEXTS) == len(FITS)
