"""A Thiele rule says when its tail changed nothing."""

from __future__ import annotations

import numpy as np

import folkmoot as fm
from folkmoot.profile import APPROVAL, Agents, Answers, Profile, Statements
from folkmoot.slates.recorded import recorded


def parties(*sizes: int) -> Profile:
    """Parties of so many people, each of whom approves the party's six statements and nothing else."""
    party = np.repeat(np.arange(len(sizes)), sizes)
    row, place = np.nonzero(np.ones((len(party), 6)))
    names = tuple(f"Party {p} wants this thing number {j} for all" for p in range(len(sizes)) for j in range(6))
    answers = Answers.of(row, 6 * party[row] + place, np.ones(len(row)), APPROVAL)
    return Profile(Agents(tuple(f"p{i}" for i in range(len(party)))), Statements(names, names), answers)


def notes(profile: Profile, process: str, k: int) -> list[str]:
    slate = fm.slate(profile, k, unit="statements", process=process, draws=0)
    audit = recorded(slate).audit
    assert audit is not None
    assert fm.audit(profile, slate).notes == audit.notes
    return [note for note in audit.notes if "tail" in note]


def test_it_is_said_only_where_sequential_pav_chooses_the_same() -> None:
    equal, unequal = parties(12, 12), parties(20, 7)
    assert "changed nothing here: seqpav" in notes(equal, "seqthiele-coverage", 4)[0]
    assert "changed nothing here: seqpav" in notes(equal, "thiele-uniform", 2)[0]
    # One of four places is the smaller party's by proportion, and two if a second approved statement hardly counts.
    assert notes(unequal, "seqthiele-coverage:q=0.9", 4) == []
    assert notes(equal, "seqpav", 4) == []
    assert notes(equal, "popular", 4) == []
