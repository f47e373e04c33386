"""What the certificate rests on, against matrices that are known entry by entry."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from brute_force import outside, own_utilities, worst_ratio
from folkmoot.audits import Subject, certificate
from folkmoot.audits.cbjr import violations, worst
from folkmoot.audits.certificate import over_draws, worst_case
from folkmoot.profile import Agents, Answers, FloatArray, IntArray, Profile, Statements
from folkmoot.queries import ClosedPool, Completed
from folkmoot.testing.instances import Instance, instances, some_slate


@dataclass
class Answered:
    """A draw: what everybody would answer, settled beforehand."""

    values: FloatArray

    def answers(self, agents: IntArray, statements: IntArray, uniform: FloatArray) -> FloatArray:
        assert uniform.shape == (len(agents), len(statements))
        return self.values[np.ix_(agents, statements)]


@dataclass
class FakeModel:
    """A preference model that keeps every draw it gave away."""

    n: int
    m: int
    id: str = "fake"
    drawn: list[FloatArray] = field(default_factory=list)

    @property
    def parameters(self) -> Mapping[str, Any]:
        return {}

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        return np.full((len(agents), len(statements)), 0.4)

    def draw(self, rng: np.random.Generator) -> Answered:
        self.drawn.append(rng.integers(0, 3, (self.n, self.m)) / 2)
        return Answered(self.drawn[-1])


def votes(seed: int, n: int, m: int, share: float, weighted: bool = False) -> Profile:
    """Votes of which about ``share`` were cast."""
    rng = np.random.default_rng(seed)
    cast = rng.random((n, m)) < share
    rows, columns = np.nonzero(cast)
    return Profile(
        Agents(tuple(f"p{i}" for i in range(n)), masses=rng.integers(1, 4, n) if weighted else None),
        Statements(tuple(f"s{a}" for a in range(m)), tuple(f"text {a}" for a in range(m))),
        Answers.of(rows, columns, rng.choice([-1.0, 0.0, 1.0], len(rows))),
    )


def setting(
    seed: int, n: int = 6, m: int = 5, share: float = 0.5, weighted: bool = True
) -> tuple[Completed, list[Subject]]:
    profile = votes(seed, n, m, share, weighted)
    completed = Completed(profile, FakeModel(n, m))
    rng = np.random.default_rng([seed, 1])
    costs, budget = rng.integers(1, 4, m), int(rng.integers(3, 9))
    pool = ClosedPool(completed, np.arange(m), costs, profile.masses)
    instance = Instance(np.zeros((n, m)), costs, profile.masses, budget)
    return completed, [Subject(pool, *some_slate(rng, instance), budget) for _ in range(3)]


def on(subject: Subject, values: FloatArray) -> float:
    """d of one slate on one full matrix, by brute force."""
    instance = Instance(values, subject.pool.costs, subject.masses, subject.budget)
    own = own_utilities(values, subject.chosen, subject.assignment)
    return float(worst_ratio(instance, own, outside(instance, subject.chosen)))


def filled(completed: Completed, values: FloatArray) -> FloatArray:
    """A matrix in which what people answered stands and everything else is as given."""
    found = values.copy()
    answers = completed.profile.answers
    for i, a, vote in zip(answers.agent, answers.statement, answers.value, strict=True):
        found[i, a] = (vote + 1) / 2
    return found


def test_draws_are_what_brute_force_finds_on_each_drawn_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate, "WORKERS", 1)  # the fake model records its draws in order
    draws = 12
    for seed in range(15):
        completed, subjects = setting(seed)
        kinds = ["slate", "other", "other"]
        found = over_draws(list(zip(kinds, subjects, strict=True)), completed, seed, draws)
        assert isinstance(completed.model, FakeModel)
        assert len(completed.model.drawn) == draws
        assert len({values.tobytes() for values in completed.model.drawn}) == draws
        ratios = np.array([[on(s, filled(completed, drawn)) for s in subjects] for drawn in completed.model.drawn])
        assert list(found) == ["slate", "other"]
        for kind, columns in (("slate", [0]), ("other", [1, 2])):
            # Several slates of one kind take turns, one a draw.
            flat = np.array([ratios[number, columns[number % len(columns)]] for number in range(draws)])
            spread = found[kind]
            assert (spread.draws, spread.slates) == (draws, len(columns))
            assert spread.median == float(np.median(flat)), seed
            assert spread.p95 == pytest.approx(float(np.quantile(flat, 0.95))), seed
            assert spread.violated == pytest.approx(sum(d >= 1 for d in flat) / len(flat)), seed


def test_the_number_of_threads_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    completed, subjects = setting(3, n=9, m=7)
    found = []
    for workers in (1, 4):
        monkeypatch.setattr(certificate, "WORKERS", workers)
        shares: list[float] = []
        found.append(over_draws([("slate", subjects[0])], completed, 5, 20, shares.append))
        assert shares == [number / 20 for number in range(1, 21)]
    assert found[0] == found[1]
    assert over_draws([("slate", subjects[0])], completed, 6, 20) != found[0]


def completions(completed: Completed) -> list[FloatArray]:
    """Every way in which the unanswered questions could be answered on the scale of votes."""
    profile = completed.profile
    known = (profile.dense(np.arange(profile.n_statements)) + 1) / 2
    gaps = np.argwhere(np.isnan(known))
    found = []
    for answers in itertools.product([0.0, 0.5, 1.0], repeat=len(gaps)):
        values = known.copy()
        values[tuple(gaps.T)] = answers
        found.append(values)
    return found


def test_the_worst_case_is_the_worst_of_all_completions() -> None:
    tight = 0
    for seed in range(30):
        completed, subjects = setting(seed, n=4, m=3, share=0.7)
        if len(completed.profile.answers) < 12 - 6:
            continue
        every = completions(completed)
        for subject in subjects:
            assert worst_case(subject, 0.0, 1.0) == max(on(subject, values) for values in every), seed
            tight += 1
    assert tight > 40


@pytest.mark.long
def test_no_draw_is_worse_than_the_worst_case() -> None:
    for seed in range(30):
        completed, subjects = setting(seed, share=0.6)
        for subject in subjects:
            spread = over_draws([("slate", subject)], completed, seed, 10)["slate"]
            assert isinstance(completed.model, FakeModel)
            most = worst_case(subject, 0.0, 1.0)
            assert all(on(subject, filled(completed, drawn)) <= most for drawn in completed.model.drawn), seed
            assert spread.p95 <= most, seed
            assert most <= worst_case(subject, -np.inf, np.inf), seed


def test_with_every_answer_known_the_worst_case_is_the_case() -> None:
    for seed in range(60):
        _, subjects = setting(seed, share=1.1)
        for subject in subjects:
            found = worst(subject, subject.own, subject.offers)
            assert worst_case(subject, 0.0, 1.0) == (found.ratio if found else 0.0), seed


def test_the_known_certificate_counts_no_unanswered_pair() -> None:
    """Whatever is filled in for what people did not say, the certificate on their own answers stays the same, and
    it is what brute force finds among the pairs (own statement, offer) that were both answered."""
    hits = 0
    for number, instance in instances(41, 400, n=6, kinds=("integer",), weighted=True):
        rng = np.random.default_rng([41, number])
        said = rng.random(instance.values.shape) < 0.6
        chosen, assignment = some_slate(rng, instance)
        reports = []
        for filled in (instance.values, np.where(said, instance.values, rng.integers(-9, 9, instance.values.shape))):
            held = Instance(filled, instance.costs, instance.masses, instance.budget)
            subject = Subject(held.pool(said), chosen, assignment, instance.budget)
            found = violations(subject, subject.own_known, subject.offers_known)
            reports.append([(w.candidate, w.theta, w.members.tolist(), w.mass) for w in found])
            for w in found:
                for i in w.members:
                    assert said[i, w.candidate], number
                    assert assignment[i] < 0 or said[i, chosen[assignment[i]]], number
        assert reports[0] == reports[1], number
        expected = []
        own = own_utilities(instance.values, chosen, assignment)
        own_said = np.array([p < 0 or said[i, chosen[p]] for i, p in enumerate(assignment)])
        for a in outside(instance, chosen):
            # Only those who answered both questions are there at all.
            here = own_said & said[:, a]
            thetas = np.unique(instance.values[here, a])
            mass = [int(instance.masses[here & (instance.values[:, a] >= t) & (own < t)].sum()) for t in thetas]
            if max(mass, default=0) >= instance.need(a):
                expected.append(a)
        assert sorted(candidate for candidate, *_ in reports[0]) == expected, number
        hits += len(expected)
    assert hits > 50


@pytest.mark.parametrize("weighted", [False, True])
def test_sorting_and_counting_find_the_same_on_draws(monkeypatch: pytest.MonkeyPatch, weighted: bool) -> None:
    profile = votes(5, 40, 7, 0.5, weighted)
    pool = ClosedPool(Completed(profile, FakeModel(40, 7)), np.arange(7), np.ones(7, dtype=np.int64), profile.masses)
    subject = Subject(pool, np.array([1, 4]), np.arange(40) % 3 - 1, 3)
    found = []
    for few in (certificate.FEW_VALUES, 0):
        monkeypatch.setattr(certificate, "FEW_VALUES", few)
        model = FakeModel(40, 7)
        found.append(over_draws([("slate", subject)], Completed(profile, model), 3, 8))
    assert found[0] == found[1]
    assert found[0]["slate"].median > 0
