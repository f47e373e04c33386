"""The audit as a whole: every figure it reports can be re-derived from what people said, by brute force."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from brute_force import ejr_plus_up_to_any_violated, jr_violated, outside, own_utilities, violators, worst_ratio
from folkmoot.audits import Audit, Subject, audit
from folkmoot.audits.records import Coalition, CompletedAnswers
from folkmoot.profile import Agents, Answers, FloatArray, IntArray, Profile, Scale, Statements
from folkmoot.queries import ClosedPool, Completed, closed_pool
from folkmoot.testing.instances import Instance, instances, some_slate

RATING = Scale("rating", 0.0, 4.0)
# Above the middle of the scale is approval: on whole ratings, 3 or more.
APPROVES = 3.0


def profile_of(instance: Instance) -> Profile:
    """Everybody rated everything."""
    rows, columns = np.indices(instance.values.shape).reshape(2, -1)
    return Profile(
        Agents(tuple(f"agent {i}" for i in range(instance.n)), masses=instance.masses),
        Statements(tuple(f"statement {a}" for a in range(instance.m)), tuple(f"t {a}" for a in range(instance.m))),
        Answers.of(rows, columns, instance.values.ravel(), RATING),
    )


def audited(seed: int, count: int) -> Iterator[tuple[Instance, Subject, FloatArray, Audit]]:
    for number, instance in instances(seed, count, n=6, kinds=("integer",), weighted=True):
        profile = profile_of(instance)
        completed = Completed(profile)
        pool = ClosedPool(completed, np.arange(instance.m), instance.costs, instance.masses)
        chosen, assignment = some_slate(np.random.default_rng([seed, number]), instance)
        subject = Subject(pool, chosen, assignment, instance.budget)
        own = own_utilities(instance.values, chosen, assignment)
        yield instance, subject, own, audit(profile, completed, subject)


def is_evidence(instance: Instance, own: FloatArray, w: Coalition) -> None:
    """Whoever reads the witness can check it with nothing but the ratings."""
    a = int(w.statement.removeprefix("statement "))
    rows = [int(name.removeprefix("agent ")) for name in w.agents or ()]
    assert w.cost == instance.costs[a]
    assert w.text == f"t {a}"
    assert all(instance.values[i, a] >= w.threshold > own[i] for i in rows)
    assert w.mass == sum(int(instance.masses[i]) for i in rows)
    assert w.need == instance.need(a)
    assert w.ratio == pytest.approx(w.mass / w.need)


@pytest.mark.long
def test_every_figure() -> None:
    violated = 0
    for instance, subject, own, found in audited(111, 250):
        others = outside(instance, subject.chosen)
        bad = violators(instance, own, others)
        assert found.violated == bool(bad)
        assert sorted(int(w.statement.removeprefix("statement ")) for w in found.violations) == bad
        for w in found.violations:
            is_evidence(instance, own, w)
        violated += len(bad)

        steps = [b for b, _ in found.frontier]
        assert steps == [4 * j / 16 for j in range(17)]
        assert [d for _, d in found.frontier] == [float(worst_ratio(instance, own, others, b)) for b in steps]
        d = float(worst_ratio(instance, own, others))
        assert found.certificate.completed == CompletedAnswers(len(bad), d)
        if found.worst is not None:
            is_evidence(instance, own, found.worst)
            assert found.worst.ratio == d

        best = np.array([max((row[a] for a in subject.chosen), default=-np.inf) for row in instance.values])
        assert found.cjr.holds == (not violators(instance, best, others))
        assert found.cjr.ratio == float(worst_ratio(instance, best, others))
        assert found.jr.holds == (not jr_violated(instance, subject.chosen, APPROVES))
        assert found.ejr_plus.holds == (not ejr_plus_up_to_any_violated(instance, subject.chosen, APPROVES))
    assert violated > 100


def test_when_everything_was_answered_the_certificates_agree() -> None:
    for _, _, _, found in audited(112, 100):
        known, completed = found.certificate.known, found.certificate.completed
        assert known.d == completed.d == found.certificate.worst_case.d
        assert known.violations == found.violations
        assert known.answered == 1.0
        assert found.certificate.draws is None


def test_figures_about_statements_and_people() -> None:
    for instance, subject, own, found in audited(113, 150):
        for place, (a, figures) in enumerate(zip(subject.chosen, found.per_statement, strict=True)):
            mine = [i for i in range(instance.n) if subject.assignment[i] == place]
            ratings = instance.values[:, a]
            assert figures.people == figures.answered == len(mine)
            assert figures.mass == sum(int(instance.masses[i]) for i in mine)
            assert figures.approve == sum(ratings[i] >= APPROVES for i in mine)
            assert figures.all_answered == instance.n
            assert figures.all_approve == figures.all_predicted_approve == int((ratings >= 3).sum())
            assert figures.all_reject == int((ratings <= 1).sum())
            if mine:
                mass = Fraction(sum(int(instance.masses[i]) for i in mine))
                total = sum(int(instance.masses[i]) * int(ratings[i]) for i in mine)
                assert figures.mean == pytest.approx(float(total / mass))
                assert figures.min == min(ratings[i] for i in mine)
        order = sorted(range(instance.n), key=lambda i: (own[i], i))[:10]
        assert [entry.agent for entry in found.least] == [f"agent {i}" for i in order]


def test_the_audit_is_json() -> None:
    """No infinity, no nan, no array: what a browser can read."""
    for _, _, _, found in audited(114, 100):
        text = json.dumps(found.as_dict(), allow_nan=False)
        assert json.loads(text)["cbjr"]["violated"] == found.violated


def test_a_pool_that_is_asked_in_blocks_is_audited_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing needs the whole matrix: with a few entries at a time every figure stays, also over draws."""
    for seed in range(20):
        found = []
        for keep, block in ((closed_pool.KEEP, closed_pool.BLOCK), (0, 7)):
            monkeypatch.setattr(closed_pool, "KEEP", keep)
            monkeypatch.setattr(closed_pool, "BLOCK", block)
            rng = np.random.default_rng([115, seed])
            values, costs = rng.integers(0, 5, (6, 7)).astype(np.float64), rng.integers(1, 4, 7)
            instance = Instance(values, costs, rng.integers(1, 4, 6), 9)
            full = profile_of(instance)
            answered = np.flatnonzero(rng.random(len(full.answers)) < 0.7)
            a = full.answers
            profile = replace(
                full, answers=Answers.of(a.agent[answered], a.statement[answered], a.value[answered], RATING)
            )
            completed = Completed(profile, Guess())
            pool = ClosedPool(completed, np.arange(7), costs, instance.masses)
            subject = Subject(pool, *some_slate(rng, instance), 9)
            found.append(audit(profile, completed, subject, seed=seed, draws=5, compared=[("same", subject)]).as_dict())
        assert found[0] == found[1], seed
        draws = found[0]["certificate"]["draws"]
        assert {**draws["slate"]} == {**draws["same"]}
        assert draws["slate"]["p95"] <= found[0]["certificate"]["worst_case"]["d"]


@dataclass
class Guess:
    """Predicts 2, and draws a rating for every number."""

    id: str = "guess"

    @property
    def parameters(self) -> Mapping[str, Any]:
        return {}

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        return np.full((len(agents), len(statements)), 2.0)

    def draw(self, rng: np.random.Generator) -> Guess:
        return self

    def answers(self, agents: IntArray, statements: IntArray, uniform: FloatArray) -> FloatArray:
        return np.floor(uniform * 5)
