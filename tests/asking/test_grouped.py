"""Groups of alike questions and K classes: against the exact model, against exhaustive trees, rollout against plans."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.asking import Situation
from folkmoot.asking.adaptive import Adaptive
from folkmoot.asking.grouped import GroupedPolicies, Groups
from folkmoot.profile import InputError


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 1.05, 2.0, 10.0])
@pytest.mark.parametrize(("n", "alpha", "p", "cost"), [(6, 0.5, 0.1, 0.5), (9, 0.8, 0.25, 1.0), (5, 0.3, 0.4, 0.1)])
def test_one_group_of_two_mirrored_classes_is_the_exact_model(
    n: int, alpha: float, p: float, cost: float, gamma: float
) -> None:
    exact = Adaptive(Situation(n, alpha, p, cost), gamma)
    policies = GroupedPolicies(Groups((alpha, 1 - alpha), ((p,), (1 - p,)), (n,), cost), gamma)
    best, decide = policies.best()
    assert policies.ce(best) == pytest.approx(exact.best.ce, abs=1e-9)
    assert policies.value(decide) == pytest.approx(best, abs=1e-12)
    assert policies.ce(policies.value(policies.one_step)) == pytest.approx(exact.one_step.ce, abs=1e-9)
    assert policies.ce(policies.value(policies.rollout([[0] * n]))) == pytest.approx(exact.rollout.ce, abs=1e-9)
    for k in range(n + 1):
        assert policies.ce(policies.fixed([0] * n, k)) == pytest.approx(exact.fixed(k).ce, abs=1e-9)


def exhaustive(groups: Groups, gamma: float) -> float:
    """Expected phi (plain) of the best tree over single questions, classes and people written out."""
    questions = [g for g, size in enumerate(groups.sizes) for _ in range(size)]
    n, theta = len(questions), np.array(groups.theta)[:, questions]
    people = list(itertools.product((0, 1), repeat=n))
    chance = np.array(
        [[w * np.prod(np.where(x, t, 1 - t)) for x in people] for w, t in zip(groups.weights, theta, strict=True)]
    )

    def phi(v: np.ndarray) -> np.ndarray:
        return np.log(v) if gamma == 1 else v ** (1 - gamma) / (1 - gamma)

    def value(asked: tuple[tuple[int, int], ...]) -> float:
        known = dict(asked)
        left = [i for i in range(n) if i not in known]
        those = [at for at, x in enumerate(people) if all(x[i] == answer for i, answer in asked)]
        paid = np.array([sum(row[questions[i]] for i in known) for row in groups.costs])
        stop = max(
            sum(
                float(chance[:, at] @ phi(sum(people[at][i] == o for i, o in zip(left, output, strict=True)) + base))
                for at in those
            )
            for base in [len(known) - paid + groups.shift]
            for output in itertools.product((0, 1), repeat=len(left))
        )
        return max([stop, *(value((*asked, (i, 0))) + value((*asked, (i, 1))) for i in left)])

    return value(())


def instance(seed: int) -> Groups:
    """K = 3 classes, four questions with probabilities of their own, costs of their own in every second instance."""
    rng = np.random.default_rng(seed)
    weights = tuple(rng.dirichlet(np.ones(3)).tolist())
    theta = tuple(tuple(row) for row in rng.uniform(0.05, 0.95, (3, 4)).tolist())
    cost = 0.15 if seed % 2 else tuple(rng.uniform(0.02, 0.4, 4).tolist())
    return Groups((*weights[:2], 1 - sum(weights[:2])), theta, (1, 1, 1, 1), cost)


@pytest.mark.parametrize("seed", range(8))
def test_any_questions_and_three_classes_against_all_trees(seed: int) -> None:
    gamma = (0.0, 0.5, 2.0, 4.0)[seed % 4]
    groups = instance(seed)
    policies = GroupedPolicies(groups, gamma)
    best = exhaustive(groups, gamma)
    equivalent = ((1 - gamma) * best) ** (1 / (1 - gamma)) - groups.shift
    found, decide = policies.best()
    assert policies.ce(found) == pytest.approx(equivalent, abs=1e-10)
    assert policies.ce(policies.value(decide)) == pytest.approx(equivalent, abs=1e-10)
    assert policies.value(policies.one_step) <= found + 1e-12 * abs(found)


@pytest.mark.parametrize(
    "groups",
    [
        Groups((0.3, 0.5, 0.2), ((0.1, 0.9), (0.8, 0.7), (0.4, 0.2)), (2, 1), ((0.1, 0.3), (0.5, 0.2), (0.0, 0.9))),
        # The same people twice over, with questions that cost some of them more: costs a person, not only a question.
        Groups((0.4, 0.2, 0.3, 0.1), ((0.1,), (0.9,), (0.1,), (0.9,)), (3,), ((0.1,), (0.1,), (0.8,), (0.8,))),
    ],
    ids=["by class and group", "by person"],
)
@pytest.mark.parametrize("gamma", [0.0, 1.0, 3.0])
def test_costs_that_differ_between_people(groups: Groups, gamma: float) -> None:
    policies = GroupedPolicies(groups, gamma)
    best = exhaustive(groups, gamma)
    equivalent = np.exp(best) if gamma == 1 else ((1 - gamma) * best) ** (1 / (1 - gamma))
    assert policies.ce(policies.best()[0]) == pytest.approx(float(equivalent) - groups.shift, abs=1e-10)


def test_costs_of_people_who_cannot_be_told_apart_average_out_only_without_inequality_aversion() -> None:
    theta = ((0.1,), (0.9,), (0.1,), (0.9,))
    apart = Groups((0.25,) * 4, theta, (4,), ((0.1,), (0.1,), (0.9,), (0.9,)))
    alike = Groups((0.5, 0.5), theta[:2], (4,), 0.5)
    for gamma, same in ((0.0, True), (3.0, False)):
        one, other = (GroupedPolicies(groups, gamma) for groups in (apart, alike))
        assert (abs(one.ce(one.best()[0]) - other.ce(other.best()[0])) < 1e-9) == same


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.5, 1.0, 2.0, 5.0]), st.sampled_from([0.0, 0.1, 0.4, 1.0]))
@settings(max_examples=30, deadline=None)
def test_rollout_is_never_worse_than_the_plans_it_looks_at(seed: int, gamma: float, cost: float) -> None:
    rng = np.random.default_rng(seed)
    sizes = tuple(int(size) for size in rng.integers(1, 4, int(rng.integers(1, 3))))
    classes = int(rng.integers(1, 4))
    weights = rng.dirichlet(np.ones(classes)) if classes > 1 else np.ones(1)
    theta = tuple(tuple(row) for row in rng.uniform(0, 1, (classes, len(sizes))).tolist())
    policies = GroupedPolicies(Groups(tuple(weights.tolist()), theta, sizes, cost), gamma)
    questions = [g for g, size in enumerate(sizes) for _ in range(size)]
    orders = [rng.permutation(questions).tolist() for _ in range(2)]
    found = policies.value(policies.rollout(orders))
    close = 1e-10 * abs(found)
    best, _ = policies.best()
    assert best >= found - close
    for order in orders:
        for j in range(len(questions) + 1):
            assert found >= policies.fixed(order, j) - close


def test_posterior_and_output() -> None:
    policies = GroupedPolicies(Groups((0.25, 0.75), ((0.2, 0.6), (0.5, 0.1)), (3, 2), 0.1), 0.0)
    # two ones and a zero in group 0, a zero in group 1
    odds = np.array([0.25 * 0.2**2 * 0.8 * 0.4, 0.75 * 0.5**3 * 0.9])
    state = ((3, 2), (1, 0))
    assert policies.posterior(state) == pytest.approx(odds / odds.sum())
    assert policies.one(state, 1) == pytest.approx(float(odds @ [0.6, 0.1]) / odds.sum())
    assert policies.options(state) == [1]
    assert policies.output(state) == (0, 0)  # the last of group 1 is more often a zero


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (((0.5, 0.5), ((0.1,),), (3,)), "theta must be 2 classes x 1 groups"),
        (((0.5, 0.6), ((0.1,), (0.9,)), (3,)), "must add up to 1"),
        (((1.0,), ((1.1,),), (3,)), "must be probabilities"),
        (((1.0,), ((0.1,),), (0,)), "at least one question"),
        (((1.0,), ((0.1, 0.1),), (2, 2), (0.1, 0.2, 0.3)), "costs must be one number, 2 or 1 x 2"),
        (((1.0,), ((0.1, 0.1),), (60, 60)), "more than 200,000 states"),
        (((1.0,), ((0.1,),), (9,), 2.0), "give a larger shift"),
    ],
)
def test_what_is_refused(arguments: tuple, said: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(InputError, match=said):
        Groups(*arguments)


def test_what_is_refused_of_policies() -> None:
    groups = Groups((1.0,), ((0.1,),), (3,))
    for gamma in (np.inf, 5_000.0):
        with pytest.raises(InputError, match="too large here"):
            GroupedPolicies(groups, gamma)
    with pytest.raises(InputError, match="as often as it has questions"):
        GroupedPolicies(groups, 0.0).rollout([[0, 0]])
