"""Noisy queries against the definitions: never less accurate than stated, and no more accurate either."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil

import numpy as np
import pytest
from scipy.stats import chisquare

from brute_force import outside, own_utilities, shared_thresholds
from folkmoot.processes import PROCESSES, Problem
from folkmoot.processes.democratic.democratic import democratic, from_this_level_up
from folkmoot.profile import FloatArray, InputError, IntArray
from folkmoot.queries import Accuracy, ClosedPool, NoisyDisc, NoisyPool, closed_pool, measured_accuracy
from folkmoot.queries.noisy import MODELS
from folkmoot.testing.instances import Instance, Matrix, instances

RATES = (1.0, 0.85, 0.7, 0.55, 0.3)


def accuracy_of(rng: np.random.Generator) -> Accuracy:
    return Accuracy(
        int(rng.integers(0, 4)), float(rng.choice(RATES)), float(rng.integers(0, 3)), float(rng.choice(RATES))
    )


def sup(instance: Instance, a: int, agents: IntArray, level: float) -> int:
    return sum(int(instance.masses[i]) for i in agents if instance.values[i, a] >= level)


def accurate(instance: Instance, accuracy: Accuracy, agents: IntArray, level: float, x: int) -> dict[int, int]:
    """The definition: every candidate a (gamma, delta, mu)-accurate Gen may answer with, and its support."""
    gamma, mu = Fraction(str(accuracy.gamma)), Fraction(str(accuracy.mu))
    cap = ceil(mu * x)
    most = max((sup(instance, a, agents, level) for a in range(instance.m) if instance.costs[a] <= cap), default=0)
    found = {
        a: sup(instance, a, agents, level - accuracy.delta) for a in range(instance.m) if int(instance.costs[a]) <= x
    }
    return {a: support for a, support in found.items() if support >= gamma * most}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("given", [False, True])
@pytest.mark.parametrize("model", MODELS)
def test_gen_answers_with_what_its_accuracy_allows_and_with_all_of_it(model: str, given: bool, weighted: bool) -> None:
    wrong_otherwise = 0
    for number, instance in instances(151, 40, n=8, m=6, kinds=("integer",), weighted=weighted):
        rng = np.random.default_rng([151, number])
        accuracy = accuracy_of(rng)
        pool = NoisyPool(instance.pool(), accuracy, model, number)
        agents = np.sort(rng.permutation(instance.n)[: int(rng.integers(1, instance.n + 1))])
        level, x = float(rng.integers(0, 5)), int(rng.integers(1, 6))
        allowed = accurate(instance, accuracy, agents, level, x)
        if model == "worst" and allowed:
            least = min(allowed.values())
            allowed = {a: support for a, support in allowed.items() if support == least}
        everything = np.arange(instance.m) if given else None
        seen = {pool.best_at_level(agents, level, x, everything)[0] for _ in range(80)}
        assert seen == (set(allowed) or {-1}), number
        exact = accurate(instance, Accuracy(), agents, level, x)
        wrong_otherwise += bool(seen - set(exact) - {-1})
    assert wrong_otherwise > 10


def test_random_gen_is_uniform_over_what_is_allowed() -> None:
    """Chi-squared at 0.1 % over 4,000 answers to one question asked again and again."""
    rng = np.random.default_rng(152)
    instance = Instance(
        rng.integers(0, 5, (12, 9)).astype(np.float64), np.ones(9, dtype=np.int64), np.ones(12, dtype=np.int64), 3
    )
    pool = NoisyPool(instance.pool(), Accuracy(gamma=0.5, delta=1.0))
    agents = np.arange(12)
    allowed = sorted(accurate(instance, pool.accuracy, agents, 3.0, 1))
    counts = np.bincount([pool.best_at_level(agents, 3.0, 1)[0] for _ in range(4000)], minlength=9)
    assert len(allowed) > 4
    assert set(np.flatnonzero(counts)) == set(allowed)
    assert chisquare(counts[allowed]).pvalue > 0.001


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("beta", [0, 1, 3])
def test_disc_stays_within_beta_and_attains_it(model: str, beta: int) -> None:
    values = np.random.default_rng(153).integers(-10, 11, (70, 90)).astype(np.float64)
    disc = NoisyDisc(Matrix(values), Accuracy(beta=beta), model, seed=7)
    agents, statements = np.arange(70), np.arange(90)
    error = disc.utilities(agents, statements) - values
    expected = {0} if beta == 0 else {-beta, beta} if model == "worst" else set(range(-beta, beta + 1))
    assert set(error.ravel().astype(int).tolist()) == expected
    assert (error == np.rint(error)).all()
    assert measured_accuracy.beta(disc, Matrix(values), agents, statements) == beta
    if beta:
        _, counts = np.unique(error, return_counts=True)
        assert chisquare(counts).pvalue > 0.001
        # Neighbours along either axis agree as often as independent errors do.
        for axis in (0, 1):
            same = (np.diff(error, axis=axis) == 0).mean()
            assert abs(same - 1 / len(expected)) < 4 * np.sqrt(0.25 / error.size)


def test_finer_grain_and_other_seeds() -> None:
    values = np.zeros((40, 40))
    accuracy = Accuracy(beta=0.5, grain=0.25)
    every = np.arange(40)
    one, other = (NoisyDisc(Matrix(values), accuracy, "random", seed).errors(every, every) for seed in (1, 2))
    assert set(one.ravel().tolist()) == {-0.5, -0.25, 0.0, 0.25, 0.5}
    assert 0.1 < (one == other).mean() < 0.3


def test_errors_do_not_depend_on_what_is_asked_first_or_together(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, instance in instances(154, 40, n=8, m=7, kinds=("integer",)):
        rng = np.random.default_rng([154, number])
        accuracy = accuracy_of(rng)
        whole = NoisyPool(instance.pool(), accuracy, "random", number)
        with monkeypatch.context() as patch:
            patch.setattr(closed_pool, "KEEP", 0)
            patch.setattr(closed_pool, "BLOCK", 5)
            pieces = NoisyPool(instance.pool(), accuracy, "random", number)
            agents = np.sort(rng.permutation(instance.n)[: int(rng.integers(1, instance.n + 1))])
            some = np.sort(rng.permutation(instance.m)[: int(rng.integers(1, instance.m + 1))])
            assert (whole.utilities(agents, some) == pieces.utilities(agents, some)).all()
            level = float(rng.integers(0, 5))
            assert (whole.support(agents, some, level) == pieces.support(agents, some, level)).all()
            questions = [(float(rng.integers(0, 5)), int(rng.integers(1, 6))) for _ in range(5)]
            questions = list(dict.fromkeys(questions))
            forwards = [whole.best_at_level(agents, *question) for question in questions]
            backwards = [pieces.best_at_level(agents, *question) for question in questions[::-1]]
            assert forwards == backwards[::-1]


def test_fresh_keeps_disc_and_starts_gen_anew() -> None:
    rng = np.random.default_rng(155)
    instance = Instance(
        rng.integers(0, 5, (12, 9)).astype(np.float64), rng.integers(1, 3, 9), np.ones(12, dtype=np.int64), 3
    )
    pool = NoisyPool(instance.pool(), Accuracy(beta=2, gamma=0.3))
    agents = np.arange(12)
    first = [pool.best_at_level(agents, 2.0, 2) for _ in range(20)]
    other = pool.fresh()
    assert [other.best_at_level(agents, 2.0, 2) for _ in range(20)] == first
    assert (pool.questions, other.questions) == (20, 20)
    assert (other.utilities(agents, np.arange(9)) == pool.utilities(agents, np.arange(9))).all()
    equal = pool.fresh(equal_cost=True)
    assert {int(instance.costs[equal.best_at_level(agents, 2.0, 2)[0]]) for _ in range(50)} == {2}


def test_exact_accuracy_is_the_closed_pool_with_ties_at_random() -> None:
    for number, instance in instances(156, 50, n=8, m=6, kinds=("integer",)):
        exact, pool = instance.pool(), NoisyPool(instance.pool(), Accuracy(), "random", number)
        agents, level = np.arange(instance.n), float(number % 5)
        assert (pool.utilities(agents, np.arange(instance.m)) == instance.values).all()
        best, ties = exact.best_at_level(agents, level, 5)
        assert {pool.best_at_level(agents, level, 5)[0] for _ in range(60)} == {best, *ties}
        best, ties = exact.best_at_rank(agents, instance.n)
        reached = exact.reachable(agents, np.arange(instance.m), np.full(instance.m, instance.n))
        answer, none = pool.best_at_rank(agents, instance.n)
        assert none == []
        assert reached[answer] == reached[best]


@pytest.mark.parametrize(
    "options", [{"beta": -1}, {"gamma": 0}, {"gamma": 1.1}, {"mu": 0}, {"delta": -1}, {"beta": 0.5}]
)
def test_accuracies_out_of_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(InputError, match=r"at least 0|multiple"):
        Accuracy(**options)


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(InputError, match=r"'gaussian'.*random, worst"):
        NoisyDisc(Matrix(np.zeros((1, 1))), Accuracy(), "gaussian")


def test_gamma_and_mu_are_the_decimals_they_are_written_as() -> None:
    """0.55 times 100 is 55, although 0.55 * 100 > 55 in binary floating point."""
    assert Accuracy(gamma=0.55).enough(100) == 55
    assert Accuracy(mu=0.55).compared(100) == 55
    assert ceil(0.55 * 100) == 56


def fits(
    instance: Instance, answers: Sequence[measured_accuracy.Answer], gamma: Fraction, delta: float, mu: Fraction
) -> bool:
    """The definition of (gamma, delta, mu)-accurate, for every answer."""
    for answer in answers:
        cap = ceil(mu * answer.max_cost)
        there = [sup(instance, a, answer.agents, answer.level) for a in range(instance.m) if instance.costs[a] <= cap]
        has = 0 if answer.candidate < 0 else sup(instance, answer.candidate, answer.agents, answer.level - delta)
        if has < gamma * max(there, default=0):
            return False
    return True


@pytest.mark.parametrize("model", MODELS)
def test_estimators_find_the_accuracy_and_nothing_better_fits(model: str) -> None:
    """Each estimate alone is what the definition gives by trying: the answers fit it, and no better value."""
    attained = 0
    for number, instance in instances(157, 40, n=8, m=6, kinds=("integer",)):
        rng = np.random.default_rng([157, number])
        accuracy, truth = accuracy_of(rng), instance.pool()
        pool = NoisyPool(truth, accuracy, model, number)
        answers = measured_accuracy.ask(pool, truth, rng, 30, (0.0, 1.0, 2.0, 3.0, 4.0))
        assert measured_accuracy.affordable(answers, truth)

        tiny = Fraction(1, 10**6)
        g, m = Fraction(str(accuracy.gamma)), Fraction(str(accuracy.mu))
        gamma = measured_accuracy.gamma(answers, truth, accuracy.delta, accuracy.mu)
        delta = measured_accuracy.delta(answers, truth, accuracy.gamma, accuracy.mu)
        mu = measured_accuracy.mu(answers, truth, accuracy.gamma, accuracy.delta)
        assert gamma >= g
        assert delta <= accuracy.delta
        assert mu >= m
        assert fits(instance, answers, gamma, accuracy.delta, m)
        assert gamma == 1 or not fits(instance, answers, gamma + tiny, accuracy.delta, m)
        assert fits(instance, answers, g, delta, m)
        assert delta == 0 or not fits(instance, answers, g, delta - 1e-6, m)
        assert mu == 0 or fits(instance, answers, g, accuracy.delta, mu)
        assert mu == 1 or not fits(instance, answers, g, accuracy.delta, mu + tiny)
        attained += delta == accuracy.delta > 0
    assert attained > 3


def crowds(seed: int, count: int) -> Iterator[tuple[int, Instance]]:
    """Four groups with tastes of their own and forty statements: much to get wrong."""
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        n, m = int(rng.integers(12, 40)), 40
        values = np.clip(rng.integers(0, 5, (4, m))[rng.integers(0, 4, n)] + rng.integers(-1, 2, (n, m)), 0, 4)
        costs = rng.integers(1, 4, m)
        yield number, Instance(values * 1.0, costs, np.ones(n, dtype=np.int64), int(rng.integers(4, 13)))


def too_large(
    instance: Instance, own: FloatArray, slack: float, ratio: Fraction, candidates: Collection[int]
) -> list[int]:
    """Statements with a coalition of at least ratio times their need, all better off by more than slack.

    For one statement and one threshold the largest coalition is everyone who fits.
    """
    found = []
    for a in candidates:
        offers = instance.values[:, a]
        sizes = [int(instance.masses[(offers >= t) & (own < t - slack)].sum()) for t in np.unique(offers)]
        if max(sizes) and max(sizes) >= ratio * instance.need(a):
            found.append(a)
    return found


@pytest.mark.parametrize("model", ["worst", pytest.param("random", marks=pytest.mark.long)])
def test_theorem_3_1_fast_is_0_over_gamma_cbjr(model: str) -> None:
    tight = 0
    for number, instance in crowds(158, 80):
        rng = np.random.default_rng([158, number])
        accuracy = Accuracy(gamma=float(rng.choice(RATES)))
        pool = NoisyPool(instance.pool(), accuracy, model, number)
        levels = shared_thresholds(instance.values.ravel())
        for multiset in (False, True):
            problem = Problem(pool, instance.budget, levels=levels, multiset=multiset)
            selection = PROCESSES["democratic-fast"].run(problem, rng)
            own = own_utilities(instance.values, selection.candidates, selection.assignment)
            missed = list(range(instance.m)) if multiset else outside(instance, selection.candidates)
            assert too_large(instance, own, 0, 1 / Fraction(str(accuracy.gamma)), missed) == [], number
            tight += bool(too_large(instance, own, 0, Fraction(1), missed))
    assert tight > 10


@pytest.mark.parametrize("model", ["worst", pytest.param("random", marks=pytest.mark.long)])
def test_theorem_3_2_complex_under_all_errors_at_once(model: str) -> None:
    """(2 beta + delta, 1 / (gamma mu))-cBJR over the levels asked at (all whole numbers the errors can reach)."""
    tight = 0
    for number, instance in crowds(159, 80):
        rng = np.random.default_rng([159, number])
        accuracy = Accuracy(
            int(rng.integers(0, 2)), float(rng.choice(RATES)), float(rng.integers(0, 2)), float(rng.choice(RATES))
        )
        pool = NoisyPool(instance.pool(), accuracy, model, number)
        levels = tuple(float(level) for level in range(6, -8, -1))
        assert all(above == below + 1 for above, below in pairwise(levels))
        problem = Problem(pool, instance.budget, levels=levels, multiset=True)
        selection = democratic(problem, range(instance.budget, 0, -1), from_this_level_up)
        own = own_utilities(instance.values, selection.candidates, selection.assignment)
        ratio = 1 / (Fraction(str(accuracy.gamma)) * Fraction(str(accuracy.mu)))
        slack = 2 * accuracy.beta + accuracy.delta
        assert too_large(instance, own, slack, ratio, range(instance.m)) == [], (number, accuracy)
        tight += bool(too_large(instance, own, 0, Fraction(1), range(instance.m)))
    assert tight > 20


@pytest.mark.parametrize("process", sorted(PROCESSES))
def test_every_process_runs_on_a_noisy_pool(process: str) -> None:
    for number, instance in instances(160, 6, n=7, m=5, kinds=("integer",), unit_cost=True, budget=3):
        pool = NoisyPool(instance.pool(), Accuracy(beta=1, gamma=0.7, delta=1.0, mu=0.7), "random", number)
        selection = PROCESSES[process].run(Problem(pool, instance.budget), np.random.default_rng(0))
        assert len(selection.assignment) == instance.n
        again = PROCESSES[process].run(Problem(pool.fresh(), instance.budget), np.random.default_rng(0))
        assert again.candidates.tolist() == selection.candidates.tolist()


@pytest.mark.parametrize("kind", ["integer", "sixteenths"])
def test_counting_in_bytes_is_counting(kind: str) -> None:
    """Groups that shrink, grow and repeat rows, at levels between and far outside the utilities."""
    for number, instance in instances(161, 35, n=9, m=6, kinds=(kind,)):
        rng, pool = np.random.default_rng([161, number]), instance.pool()
        every = rng.permutation(instance.m)
        agents = np.arange(instance.n)
        for _ in range(12):
            level = float(rng.choice([-200, -1, 0, 0.5, 1, 2, 3, 4, 130, np.inf, -np.inf]))
            expected = [sup(instance, int(a), agents, level) for a in every]
            assert pool.support(agents, every, level).tolist() == expected
            shrink = rng.random() < 0.7 and len(agents) > 1
            agents = np.delete(agents, 0) if shrink else rng.integers(0, instance.n, instance.n)


def test_more_agents_than_a_byte_counts() -> None:
    values = np.random.default_rng(162).integers(0, 3, (1000, 20)).astype(np.float64)
    pool = ClosedPool(Matrix(values), np.arange(20), np.ones(20, dtype=np.int64))
    agents = np.arange(1000)
    assert pool.counts is not None
    for drop in (0, 300, 300, 100):
        agents = agents[drop:]
        for level in (0.0, 1.0, 2.0):
            assert pool.support(agents, np.arange(20), level).tolist() == (values[agents] >= level).sum(axis=0).tolist()
