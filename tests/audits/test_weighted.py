"""What weights change: nothing where they are all one, and always held against every statement."""

from __future__ import annotations

import json

import numpy as np
import pytest

from folkmoot.audits import Subject, effect_of_weights
from folkmoot.preferences import AnswerWeights
from folkmoot.processes import Problem, find
from folkmoot.profile import VOTE, Agents, Answers, InputError, Profile, Statements
from folkmoot.queries import ClosedPool, Completed, Reliable

BUDGET = 2


def choose(pool: ClosedPool, barred: tuple[int, ...]) -> Subject:
    problem = Problem(pool, BUDGET, locked_out=barred, approval=VOTE.approval)
    selection = find("democratic-fast").run(problem, np.random.default_rng(0))
    return Subject(pool, selection.candidates, selection.assignment, BUDGET)


def survey(votes: np.ndarray) -> tuple[ClosedPool, Completed, Answers]:
    n, m = votes.shape
    rows, columns = np.nonzero(np.isfinite(votes))
    names = tuple(f"s{j}" for j in range(m))
    answers = Answers.of(rows, columns, votes[rows, columns])
    disc = Completed(Profile(Agents(tuple(map(str, range(n)))), Statements(names, names), answers))
    return ClosedPool(disc, np.arange(m), np.ones(m, dtype=np.int64)), disc, answers


def reliable(disc: Completed, a: Answers, weight: np.ndarray) -> Reliable:
    return Reliable(disc, AnswerWeights(a.agent, a.statement, weight, a.scale.utility(a.value), (0.0, 1.0)))


def test_full_weights_change_neither_slate_nor_certificate() -> None:
    votes = np.random.default_rng(3).choice([-1.0, 1.0], size=(30, 6))
    pool, disc, a = survey(votes)
    effect = effect_of_weights(choose, pool, reliable(disc, a, np.ones(len(a))), labels=["x"] * 10 + ["y"] * 20)
    assert effect.plain == effect.weighted
    assert effect.entered == effect.left == effect.barred == ()
    assert effect.moved == 0
    assert len({repr(each) for each in effect.certificates.values()}) == 1
    assert effect.coverage == {"x": 1.0, "y": 1.0, "": 1.0}


def test_answers_that_are_no_opinions_lose_their_seat() -> None:
    """All say yes to s0, but nobody means it; s1 and s2 have half of the people each, and mean it."""
    votes = -np.ones((20, 4))
    votes[:, 0] = 1.0
    votes[:10, 1] = votes[10:, 2] = 1.0
    pool, disc, a = survey(votes)
    weight = np.where(a.statement == 0, 0.02, 1.0)
    weight[a.agent < 5] *= 0.5
    labels = ["first"] * 5 + ["rest"] * 15
    effect = effect_of_weights(choose, pool, reliable(disc, a, weight), labels=labels)
    assert 0 in effect.plain
    assert set(effect.weighted) == {1, 2}
    assert set(effect.left) == {0}
    assert effect.certificates["weighted on weighted"].violations == ()
    # The old slate has a seat for one half only.
    lost = ({1, 2} - set(effect.plain)).pop()
    assert effect.certificates["plain on weighted"].violations == (lost,)
    assert effect.certificates["plain on weighted"].d == 1.0
    assert effect.coverage["rest"] == pytest.approx((3 + 0.02) / 4)
    assert effect.coverage["first"] == pytest.approx((3 + 0.02) / 8)
    assert effect.coverage[""] == pytest.approx(0.25 * effect.coverage["first"] + 0.75 * effect.coverage["rest"])
    assert json.loads(json.dumps(effect.as_dict()))["entered"] == list(effect.entered)


def test_what_is_barred_is_not_chosen_and_still_held_against_the_slate() -> None:
    votes = -np.ones((20, 4))
    votes[:, 0] = 1.0
    pool, disc, a = survey(votes)
    unformed = np.array([True, False, False, False])
    effect = effect_of_weights(choose, pool, reliable(disc, a, np.ones(len(a))), unformed=unformed)
    assert effect.barred == (0,)
    assert 0 in effect.plain
    assert 0 not in effect.weighted
    for kind in ("plain", "weighted"):
        found = effect.certificates[f"weighted on {kind}"]
        assert found.violations == (0,)  # everybody would rather have s0
        assert found.frontier[0] == (0.0, 2.0)
        assert found.utility == 0.0
    assert effect.moved == 20
    with pytest.raises(InputError, match="2 group labels for 20 people"):
        effect_of_weights(choose, pool, reliable(disc, a, np.ones(len(a))), labels=["x", "y"])
