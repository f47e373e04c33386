"""The process ``robust``: what it promises, on small worlds of votes of which half are unknown."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from threading import Thread

import numpy as np
import pytest
from robust_worlds import world

from brute_force import outside, own_utilities, violators
from folkmoot.audits import Subject
from folkmoot.processes import Problem, Selection, find
from folkmoot.processes.robust.elites import ExactEvaluator
from folkmoot.processes.robust.evaluator import Evaluator
from folkmoot.processes.robust.instance import SearchInstance
from folkmoot.processes.robust.objective import parts
from folkmoot.processes.robust.offered import offered
from folkmoot.processes.robust.references import held_to
from folkmoot.processes.robust.starts import starts
from folkmoot.processes.robust.weights import Bounds, Weights, softened
from folkmoot.profile import InputError
from folkmoot.testing.instances import Instance


def chosen(problem: Problem) -> Selection:
    return find("robust").run(problem, np.random.default_rng(0))


def instance(problem: Problem) -> Instance:
    pool = problem.pool
    values = pool.utilities(pool.agents, np.arange(pool.size))
    return Instance(np.ascontiguousarray(values), pool.costs, pool.masses, problem.budget)


@pytest.mark.parametrize("words", [False, pytest.param(True, marks=pytest.mark.long)])
def test_no_coalition_has_what_it_needs_and_nobody_is_left_over(words: bool) -> None:
    for seed in range(6):
        problem = world(seed, n=11, m=9, words=words)
        selection = chosen(problem)
        here = instance(problem)
        own = own_utilities(here.values, selection.candidates, selection.assignment)
        assert not violators(here, own, outside(here, selection.candidates)), seed
        record = selection.parameters["objective"]["slate"]
        assert record["largest_complaint_means"] < 1
        assert record["largest_complaint_own_answers"] <= record["largest_complaint_means"]
        room = sum(here.need(int(a)) for a in selection.candidates)
        assert record["left"] == int((selection.assignment < 0).sum()) == max(0, here.total - room), seed


@pytest.mark.parametrize("words", [False, pytest.param(True, marks=pytest.mark.long)])
def test_people_are_balanced(words: bool) -> None:
    for seed in range(6):
        problem = world(seed, words=words)
        selection = chosen(problem)
        for one in selection.rounds:
            assert one.support <= problem.need(one.candidate), seed
        if not words:
            assert len(selection.rounds) == problem.budget
            assert {one.support for one in selection.rounds} == {15}


@pytest.mark.long
def test_on_small_problems_it_finds_the_best_slate_there_is() -> None:
    """Every slate, each with its exact assignment, judged by the same objective."""
    best = near = 0
    for seed in range(10):
        problem = world(seed, n=40, m=8, words=False, budget=3)
        selection = chosen(problem)
        scene = SearchInstance.of(problem)
        bounds = held_to(scene, Weights(), starts(scene, problem))
        assert selection.parameters["held_to"] == bounds.as_dict()
        exact = ExactEvaluator(problem, Evaluator(scene, Weights(), bounds))
        every = [exact.evaluate(np.array(slate)) for slate in combinations(range(scene.m), 3)]
        allowed = [one.parts.value for one in every if not one.means.violated]
        found = selection.parameters["objective"]["slate"]["value"]
        best += found >= max(allowed) - 1e-6
        near += found >= max(allowed) - 0.02
    assert best >= 7
    assert near == 10


def test_the_record_says_what_was_traded() -> None:
    problem = world(3)
    record = chosen(problem).parameters
    figures = record["objective"]
    assert list(figures) == ["slate", "popular", "democratic-fast"]
    assert figures["slate"]["value"] >= figures["popular"]["value"]
    for one in figures.values():
        assert {"utility", "coverage", "worst_group", "quartile", "complaint", "left", "voted"} <= one.keys()
    assert record["evaluations"] > 20
    assert record["draws"] == 128


def test_own_votes_are_counted_as_recorded() -> None:
    problem = world(4)
    selection = chosen(problem)
    values = problem.pool.utilities(problem.pool.agents, selection.candidates)
    known = problem.pool.known(problem.pool.agents, selection.candidates)
    place = selection.assignment
    rows = np.flatnonzero(place >= 0)
    voted = int((known[rows, place[rows]] & (values[rows, place[rows]] > 0.5)).sum())
    assert selection.parameters["objective"]["slate"]["voted"] == voted


def test_the_same_slate_every_time_and_in_every_thread() -> None:
    found: list[Selection] = []
    workers = [Thread(target=lambda: found.append(chosen(world(5)))) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(found) == 3
    for one in found:
        assert one.candidates.tolist() == found[0].candidates.tolist()
        assert one.assignment.tolist() == found[0].assignment.tolist()
        assert one.parameters == found[0].parameters


def test_locks_hold() -> None:
    free = chosen(world(6)).candidates.tolist()
    never = next(a for a in range(14) if a not in free)
    locked = chosen(world(6, locked_in=(never,), locked_out=(free[0],))).candidates.tolist()
    assert locked[0] == never
    assert free[0] not in locked


def test_weights_are_copies_where_nothing_is_unknown() -> None:
    """Equal weights change nothing at all."""
    problem = replace(world(7), beliefs=None)
    pool = problem.pool
    doubled = type(pool)(pool.disc, pool.statements, pool.costs, 3 * pool.masses)
    assert chosen(problem).candidates.tolist() == chosen(replace(problem, pool=doubled)).candidates.tolist()


def test_weighted_people_are_represented_by_their_weight() -> None:
    for seed in range(4):
        problem = world(seed, weighted=True)
        selection = chosen(problem)
        heaviest = int(problem.pool.masses.max())
        for one in selection.rounds:
            assert one.support <= problem.need(one.candidate) + heaviest
        assert selection.parameters["objective"]["slate"]["left"] == int(
            problem.pool.masses[selection.assignment < 0].sum()
        )


def test_ratings_have_more_levels_than_approval() -> None:
    rng = np.random.default_rng(8)
    values = rng.integers(0, 5, (50, 10)).astype(np.float64)
    here = Instance(values, rng.integers(3, 9, 10), np.ones(50, dtype=np.int64), 25)
    problem = Problem(here.pool(), here.budget, approval=3.0)
    assert len(SearchInstance.of(problem).samples.thresholds) == 4
    selection = chosen(problem)
    assert selection.parameters["draws"] == 1
    assert selection.parameters["objective"]["slate"]["violated"] == 0


def test_a_sample_of_the_people_is_searched_and_everybody_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("folkmoot.processes.robust.instance.LARGEST", 14 * 40)
    problem = world(9, n=300)
    selection = chosen(problem)
    assert selection.parameters["people_looked_at"] == 40
    assert len(selection.assignment) == 300
    assert selection.parameters["objective"]["slate"]["largest_complaint_means"] < 1


def test_consensus_is_told_and_cannot_be_negative() -> None:
    problem = world(2)
    plain = find("robust:consensus=0").run(problem, np.random.default_rng(0))
    assert plain.parameters["objective_weights"]["coverage"] == 0
    assert plain.parameters["objective_weights"]["quartile"] == 0
    much = find("robust:consensus=4").run(problem, np.random.default_rng(0)).parameters["objective"]["slate"]
    assert much["coverage"] >= plain.parameters["objective"]["slate"]["coverage"]
    with pytest.raises(InputError, match="consensus"):
        find("robust:consensus=-1").run(problem, np.random.default_rng(0))


def test_what_a_slate_is_held_to() -> None:
    """Agreement of the popular list, its complaints, and the worst group of the consensus list: bounds that cost."""
    problem = world(3, words=False)
    instance = SearchInstance.of(problem)
    lists = starts(instance, problem)
    bounds = held_to(instance, Weights(), lists)
    popular, consensus = (offered(instance, lists[name]).covered for name in ("popular", "consensus"))
    assert bounds.coverage == pytest.approx(popular.mean() - 0.012)
    assert bounds.worst_group == pytest.approx(min(consensus[group].mean() for group in instance.groups) - 0.02)
    place = np.arange(instance.n) % problem.budget
    slate = np.arange(problem.budget)
    free = parts(instance, Weights(), slate, place)
    ratios = instance.samples.ratios(instance.samples.content(slate, place), slate)
    share = float(softened(ratios.max(axis=1)).mean())
    strict = Bounds(free.coverage + 0.1, free.worst_group, share / 2)
    least = min(float(offered(instance, slate).covered[group].mean()) for group in instance.groups)
    lost = Weights().short * (0.1 + free.worst_group - least) + Weights().excess * share / 2
    assert parts(instance, Weights(), slate, place, strict).value == pytest.approx(free.value - lost, abs=1e-6)
    # What the bounds allow costs nothing.
    assert parts(instance, Weights(), slate, place, Bounds(free.coverage, least, share)).value == free.value


@pytest.mark.parametrize(("words", "consensus"), [(False, 1.0), (True, 1.0), (False, 0.0)])
def test_who_is_held_to_it(words: bool, consensus: float) -> None:
    """Usually where all statements cost the same; never where consensus counts for nothing."""
    problem = replace(world(2, words=words), parameters={"consensus": consensus})
    free = {"coverage": 0.0, "worst_group": 0.0, "violated": 1.0}
    assert (chosen(problem).parameters["held_to"] == free) == (words or not consensus)
    told = replace(problem, parameters={"consensus": consensus, "held": 0.0 if not words else 1.0})
    assert (chosen(told).parameters["held_to"] == free) == (not words or not consensus)


def test_held_is_a_switch() -> None:
    with pytest.raises(InputError, match="held is 2; it must be 0 or 1"):
        find("robust:held=2").run(world(2), np.random.default_rng(0))


def test_of_very_many_candidates_the_promising_ones_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = world(4, m=30, words=False, locked_in=(29,))
    whole = SearchInstance.of(problem)
    monkeypatch.setattr("folkmoot.processes.robust.instance.CONSIDERED", 10)
    part = SearchInstance.of(problem)
    assert whole.eligible.tolist() == part.eligible.tolist() == list(range(30))
    assert whole.m == 30
    assert part.m < 20
    best = np.argsort(-whole.mean_chance, kind="stable")[:5]
    assert set(best.tolist()) <= set(part.candidates.tolist())
    assert 29 in part.candidates
    # All candidates are audited: no coalition has what it needs for one that the search left aside.
    selection = chosen(problem)
    assert selection.parameters["objective"]["slate"]["largest_complaint_means"] < 1
    assert not Subject(problem.pool, selection.candidates, selection.assignment, problem.budget).violates_cbjr
