"""Asking policies: what every one of them must keep, and the formulas by hand."""

from __future__ import annotations

from dataclasses import replace
from math import log, log2

import numpy as np
import pytest

from folkmoot.asking.person import PersonValue
from folkmoot.asking.plans import plans
from folkmoot.asking.policies import POLICIES, aversion, choose, find, unit_of
from folkmoot.asking.population import UNASKED, Population
from folkmoot.profile import InputError
from folkmoot.testing import Case, check_policy
from folkmoot.testing.policies import M, N, panel


@pytest.mark.parametrize("case", check_policy.cases(*POLICIES.values()), ids=str)
def test_every_policy_is_as_it_declares(case: Case) -> None:
    case()


@pytest.mark.long
@pytest.mark.parametrize("name", [*POLICIES, "rollout-0.5"])
def test_every_policy_asks_what_is_allowed_and_the_same_for_a_seed(name: str) -> None:
    chosen = choose(name, panel())
    allowed = panel().allowed
    assert chosen.dtype == np.int64
    for i, j in enumerate(chosen):
        assert (j == -1) if not allowed[i].any() else allowed[i, j]
    assert chosen[1] == -1
    assert (choose(name, panel()) == chosen).all()


@pytest.mark.parametrize("name", [*POLICIES])
def test_nothing_is_asked_where_nothing_may_be_asked(name: str) -> None:
    nothing = replace(panel(), allowed=np.zeros((N, M), dtype=bool))
    assert (choose(name, nothing) == -1).all()


def test_only_random_policies_need_their_seed() -> None:
    for name in ("as-shown", "entropy", "information", "design", "slate"):
        assert (choose(name, panel()) == choose(name, replace(panel(), rng=np.random.default_rng(9)))).all()
    assert (choose("random", panel()) != choose("random", replace(panel(), rng=np.random.default_rng(9)))).any()


def test_as_shown() -> None:
    found = panel()
    expected = [max(np.flatnonzero(row), default=-1) for row in found.allowed]  # shown from the last to the first
    assert choose("as-shown", found).tolist() == expected


def test_entropy_and_information_by_hand() -> None:
    chance = np.array([[[0.9, 0.1], [0.5, 0.5], [0.3, 0.7]], [[0.1, 0.9], [0.5, 0.5], [0.2, 0.8]]])
    population = Population(np.array([0.5, 0.5]), chance, np.array([0.0, 1.0]), np.eye(2))
    answers = np.full((2, 3), UNASKED)
    answers[1, 0] = 0
    found = replace(panel(), population=population, answers=answers, allowed=answers == UNASKED)
    nats = log(2)
    entropy = POLICIES["entropy"].score(found)
    assert entropy[0] == pytest.approx([nats, nats, -(0.25 * log(0.25) + 0.75 * log(0.75))])
    # after a no to the first: class 0 with 0.9
    one = 0.9 * 0.7 + 0.1 * 0.8
    assert entropy[1, 2] == pytest.approx(-(one * log(one) + (1 - one) * log(1 - one)))
    information = POLICIES["information"].score(found)
    bits = 1 + 0.9 * log2(0.9) + 0.1 * log2(0.1)
    assert information[0, 0] == pytest.approx(bits * nats)
    assert information[0, 1] == pytest.approx(0.0, abs=1e-15)
    assert choose("information", found).tolist() == [0, 2]
    assert choose("entropy", found).tolist() == [0, 1]


def test_priority_by_hand() -> None:
    found = panel()
    counts = np.array([[2, 1, 5], [0, 0, 0], [10, 10, 10], [1, 0, 30]])
    chance = np.full((2, 4, 3), 1 / 3)
    chance[0, 0], chance[1, 0] = [0.1, 0.1, 0.8], [0.5, 0.1, 0.4]
    population = Population(np.array([0.5, 0.5]), chance, np.array([0.0, 0.5, 1.0]), np.eye(3))
    weight = []
    # numpy's weighted covariance of two classes of weight 1/2: squared differences to the mean, over 1 - sum of squares
    spread = [np.sqrt(2 * 0.5 * 0.2**2 / 0.5), 0.0, 0.0, 0.0]
    for (disagree, passed, agree), e in zip(counts, spread, strict=True):
        s = disagree + passed + agree
        p, a = (passed + 1) / (s + 2), (agree + 1) / (s + 2)
        weight.append(((1 - p) * (e + 1) * a * (1 + 8 / 2 ** (s / 5))) ** 2)
    n = 40_000
    answers = np.full((n, 4), UNASKED)
    many = replace(found, population=population, answers=answers, allowed=answers == UNASKED, counts=counts)
    shares = np.bincount(choose("priority", many), minlength=4) / n
    assert shares == pytest.approx(np.array(weight) / sum(weight), abs=0.01)


def test_priority_of_one_class_and_of_answers_without_a_pass() -> None:
    population = Population(np.ones(1), np.full((1, 3, 2), 0.5), np.array([0.0, 1.0]), np.eye(2))
    answers = np.full((2, 3), UNASKED)
    found = replace(
        panel(),
        population=population,
        answers=answers,
        allowed=answers == UNASKED,
        counts=np.ones((3, 2), dtype=np.int64),
    )
    assert np.isfinite(POLICIES["priority"].score(found)).all()


def test_design_prefers_what_says_most_about_the_rest() -> None:
    found = panel()
    assert found.factors is not None
    gain = POLICIES["design"].score(found)
    rows, columns = found.factors.rows, found.factors.columns
    # by hand for the person who answered nothing: what one answer takes off the variance of all the others
    loading = np.concatenate([np.ones((M, 1)), columns.mean[:, 1:]], axis=1)
    rate = 1 / (1 + np.exp(-(columns.mean[:, 0] + loading @ rows.prior_mean)))
    strength = rate * (1 - rate)
    prior = np.linalg.inv(np.linalg.inv(rows.prior_cov))

    def summed(cov: np.ndarray) -> float:
        return float((np.einsum("mi,ij,mj->m", loading, cov, loading) * strength**2).sum())

    for j in range(M):
        after = np.linalg.inv(np.linalg.inv(prior) + strength[j] * np.outer(loading[j], loading[j]))
        assert gain[0, j] == pytest.approx(summed(prior) - summed(after))


def test_rollout_looks_at_single_questions_and_at_plans() -> None:
    found = panel()
    value = PersonValue(found.population, 0.0, 0.1)
    belief = found.population.log_belief(found.answers)
    worth = plans(value, belief, found.answers, found.allowed, np.random.default_rng(0))
    assert (np.isfinite(worth) == found.allowed).all()  # nine statements: all are candidates
    everything = np.tile(np.arange(M), (N, 1))
    alone = value.one_step(belief, found.answers, everything)
    assert (worth[found.allowed] >= alone[found.allowed] - 1e-12).all()
    assert ((worth > alone + 1e-12) & found.allowed).sum(axis=1).max() <= 2
    assert (choose("rollout-0", found) == choose("rollout-0.0", panel())).all()


def test_names() -> None:
    assert aversion("rollout-2.5") == 2.5
    assert aversion("rollout") is None
    assert aversion("slate") is None
    assert unit_of("rollout") == unit_of("rollout-2.5") == POLICIES["rollout-2"].unit
    assert not unit_of("random")
    with pytest.raises(InputError, match="unknown asking policy 'magic'"):
        find("magic")
    with pytest.raises(InputError, match="unknown asking policy 'rollout-x'"):
        choose("rollout-x", panel())
    with pytest.raises(InputError, match="needs a slate"):
        choose("slate", replace(panel(), slate=None))
    with pytest.raises(InputError, match="needs a low-rank model"):
        choose("design", replace(panel(), factors=None))
