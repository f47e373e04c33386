"""How many answers are enough where little was answered."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.profile import Agents, Answers, Profile, Statements
from folkmoot.slates.eligibility import eligible
from folkmoot.slates.evidence import lowered
from folkmoot.slates.rules import REASONS, Rules

COUNTS = st.lists(st.tuples(st.integers(0, 20), st.booleans(), st.booleans(), st.integers(0, 9)), max_size=8)


@given(st.integers(1, 20), COUNTS, st.integers(1, 60))
def test_the_highest_floor_that_leaves_enough(
    floor: int, given_: list[tuple[int, bool, bool, int]], budget: int
) -> None:
    answers, candidates, fixed, costs = (
        (np.array(column) for column in zip(*given_, strict=True))
        if given_
        else (
            np.zeros(0, dtype=int),
            np.zeros(0, dtype=bool),
            np.zeros(0, dtype=bool),
            np.zeros(0, dtype=int),
        )
    )
    found = lowered(floor, answers, candidates, fixed, costs, budget)
    candidates = candidates & (costs > 0)
    steps = [floor]
    while steps[-1] > 1:
        steps.append(steps[-1] // 2)
    assert found in steps
    usable = costs[candidates & (answers > 0)]
    if not len(usable):
        assert found == floor
        return
    enough = [
        int((candidates & (answers >= np.where(fixed, floor, step))).sum()) * float(np.median(usable)) / budget
        for step in steps
    ]
    wanted = next((times for times in (2, 1) if max(enough) >= times), max(enough))
    assert found == next(step for step, share in zip(steps, enough, strict=True) if share >= wanted)


SUBJECTS = (
    "The town should plant trees along every street.",
    "Close the harbour to large ships at night.",
    "The swimming pool has to open on Sundays.",
    "Teachers deserve smaller classes and better pay.",
    "Bicycles need a lane of their own on the bridge.",
)


def asked_twice(copies: int) -> Profile:
    """One text ``copies`` times with 12 answers each, and five others with 6 answers each."""
    texts = ("We need more buses in the evening.",) * copies + SUBJECTS
    answered = [12] * copies + [6] * len(SUBJECTS)
    agent = np.concatenate([np.arange(n) for n in answered])
    statement = np.repeat(np.arange(len(texts)), answered)
    return Profile(
        Agents(tuple(f"p{i}" for i in range(12))),
        Statements(tuple(f"s{j}" for j in range(len(texts))), texts),
        Answers.of(agent, statement, np.where(agent % 3 == 0, -1, 1)),
    )


def test_near_duplicates_are_one_candidate_where_the_floor_is_lowered() -> None:
    profile = asked_twice(6)
    found = eligible(profile, budget=3, unit="statements")
    # Six wordings of one thing are too few for three statements: 5 answers are enough, and six things can be chosen.
    assert (found.min_answers, len(found.columns)) == (5, 6)
    assert found.notes[0].startswith("Too few different statements have 10 answers")
    # Where each wording may stand for itself there are enough.
    apart = eligible(profile, Rules(duplicates=False), budget=3, unit="statements")
    assert (apart.min_answers, len(apart.columns)) == (10, 6)
    assert eligible(asked_twice(1), budget=3, unit="statements").min_answers == 5


def test_a_tie_of_answers_is_no_more_answers() -> None:
    """The reason is a claim: nothing is said about who answered more where as many answered both."""
    found = eligible(asked_twice(2), budget=3, unit="statements")
    (barred,) = [one for one in found.barred if one.reason == "said_better_elsewhere"]
    assert (barred.id, barred.said_by) == ("s1", "s0")
    assert found.answers[0] == found.answers[1]
    assert "more people" not in REASONS[barred.reason]
