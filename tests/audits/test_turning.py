"""How far unseen answers may differ from predictions until the verdict turns, against brute force."""

from __future__ import annotations

import numpy as np
import pytest

from brute_force import outside, own_utilities, worst_ratio
from folkmoot.audits import Subject
from folkmoot.audits.turning import STEPS, Turning, _first_large, turning, turning_in_draws
from folkmoot.preferences.shifted import moved as moved_odds
from folkmoot.profile import Agents, Answers, BoolArray, FloatArray, IntArray, Profile, Statements
from folkmoot.profile.streams import Stream, stream
from folkmoot.queries import ClosedPool, Completed, closed_pool
from folkmoot.queries.beliefs import Posterior
from folkmoot.testing.instances import Instance, instances, some_slate


def violated(instance: Instance, said: BoolArray, subject: Subject, up: float, down: float) -> bool:
    """Whether a group is large enough if unseen answers are better by ``up`` outside and worse by ``down`` inside."""
    values = instance.values.astype(np.float64)
    low, high = values.min(), values.max()
    chosen = np.isin(np.arange(values.shape[1]), subject.chosen)
    moved = np.where(chosen, values - down * (high - low), values + up * (high - low))
    values = np.where(said, values, np.clip(moved, low, high))
    own = own_utilities(values, subject.chosen, subject.assignment)
    held = Instance(values, instance.costs, instance.masses, instance.budget)
    return bool(worst_ratio(held, own, outside(held, subject.chosen)) >= 1)


def check(found: Turning, instance: Instance, said: BoolArray, subject: Subject) -> list[str]:
    """Holds a record against brute force at the shift and one step before it; names what was met."""
    assert found.violated == violated(instance, said, subject, 0, 0)
    sign, met = -1 if found.violated else 1, []
    for name, shift in (("outside", found.outside), ("assigned", found.assigned)):
        before = 1.0 if shift is None else shift - 1 / STEPS
        for by, turned in ((before, False), (shift, True)):
            if by is None:
                continue
            moved = (sign * by, 0) if name == "outside" else (0, sign * by)
            assert violated(instance, said, subject, *moved) == (found.violated ^ turned), (name, by)
        kind = "never" if shift is None else "turns"
        met.append(f"{'mended' if found.violated else 'broken'} {name} {kind}")
    return met


@pytest.mark.parametrize("block", [closed_pool.BLOCK, 7])
def test_the_verdict_turns_there_and_not_one_step_before(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    """All kinds are met: it holds or not, and turns or never does; whatever the size of a block of utilities."""
    monkeypatch.setattr(closed_pool, "BLOCK", block)
    met: dict[str, int] = {}
    for number, instance in instances(71, 150, n=6, kinds=("integer",), weighted=True):
        rng = np.random.default_rng([71, number])
        said = rng.random(instance.values.shape) < 0.15
        chosen, assignment = some_slate(rng, instance)
        subject = Subject(instance.pool(said), chosen, assignment, instance.budget)
        low, high = float(instance.values.min()), float(instance.values.max())
        if low == high:
            continue
        for kind in check(turning(subject, low, high), instance, said, subject):
            met[kind] = met.get(kind, 0) + 1
    assert len(met) == 8, met
    assert min(met.values()) >= 3, met


def test_every_larger_shift_has_turned_the_verdict() -> None:
    for number, instance in instances(72, 20, n=5, kinds=("integer",)):
        rng = np.random.default_rng([72, number])
        said = rng.random(instance.values.shape) < 0.4
        chosen, assignment = some_slate(rng, instance)
        subject = Subject(instance.pool(said), chosen, assignment, instance.budget)
        low, high = float(instance.values.min()), float(instance.values.max())
        if low == high:
            continue
        found = turning(subject, low, high)
        sign = -1 if found.violated else 1
        for step in range(0, STEPS + 1, 64):
            by = sign * step / STEPS
            for shift, moved in ((found.outside, (by, 0)), (found.assigned, (0, by))):
                turned = shift is not None and step / STEPS >= shift
                assert violated(instance, said, subject, *moved) == (found.violated ^ turned), number


def test_with_every_answer_known_nothing_turns() -> None:
    for number, instance in instances(73, 30, n=6, kinds=("integer",)):
        chosen, assignment = some_slate(np.random.default_rng([73, number]), instance)
        subject = Subject(instance.pool(), chosen, assignment, instance.budget)
        found = turning(subject, float(instance.values.min()), float(instance.values.max()))
        assert (found.outside, found.assigned) == (None, None)


def test_by_hand() -> None:
    """Four people; two seats; an unseen statement outside is expected to be worth .5, their own .75."""
    values = np.array([[0.75, 1.0, 0.5], [0.75, 1.0, 0.5], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
    said = np.array([[False, True, False]] * 2 + [[True, True, True]] * 2)
    instance = Instance(values, np.ones(3, dtype=np.int64), np.ones(4, dtype=np.int64), 2)
    subject = Subject(instance.pool(said), np.array([0, 1]), np.array([0, 0, 1, 1]), 2)
    # A group of two is large enough: it is there once .5 + x exceeds .75, or .5 exceeds .75 - x.
    assert turning(subject, 0.0, 1.0) == Turning(violated=False, outside=257 / 1024, assigned=257 / 1024)
    # Had the first answered, and approved, one alone could not object whatever the other thinks.
    said[0, 0], values[0, 0] = True, 1.0
    subject = Subject(instance.pool(said), np.array([0, 1]), np.array([0, 0, 1, 1]), 2)
    assert turning(subject, 0.0, 1.0) == Turning(violated=False, outside=None, assigned=None)


class Coins:
    """A model that expects every answer with its own chance to agree; nobody passes."""

    id = "coins"

    def __init__(self, chances: FloatArray) -> None:
        self.chances = chances
        self.parameters: dict[str, object] = {}

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        return self.chances[np.ix_(agents, statements)]

    def draw(self, rng: np.random.Generator) -> Coins:
        return self

    def answers(self, agents: IntArray, statements: IntArray, uniform: FloatArray) -> FloatArray:
        return (uniform < self.chances[np.ix_(agents, statements)]).astype(np.float64)


def town(seed: int, likely: float) -> tuple[Completed, Subject]:
    """Eight people and six statements; a third of the votes cast."""
    rng = np.random.default_rng([74, seed])
    n, m = 8, 6
    rows, columns = np.nonzero(rng.random((n, m)) < 0.3)
    profile = Profile(
        Agents(tuple(f"p{i}" for i in range(n)), masses=rng.integers(1, 3, n)),
        Statements(tuple(f"s{a}" for a in range(m)), tuple(f"text {a}" for a in range(m))),
        Answers.of(rows, columns, rng.choice([-1.0, 1.0], len(rows))),
    )
    chances = np.round(rng.random((n, m)) * likely * 1024) / 1024
    completed = Completed(profile, Coins(chances))
    pool = ClosedPool(completed, np.arange(m), np.ones(m, dtype=np.int64), profile.masses)
    return completed, Subject(pool, np.array([1, 4]), rng.integers(0, 2, n), 2)


@pytest.mark.long
def test_draws_turn_there_by_brute_force() -> None:
    """Half of the draws hold a large enough group at the shift, fewer before it; people agree first at random."""
    draws, met = 7, {"never": 0, "turns": 0, "at once": 0}
    for seed in range(60):
        completed, subject = town(seed, (0.9, 0.3, 0.05)[seed % 3])
        found, log_odds = turning_in_draws(subject, completed, seed, draws)
        beliefs = Posterior(completed, seed, completed.profile.answers.scale.approval)
        everybody, out = subject.pool.agents, subject.outside
        chances, known = beliefs.chances(everybody, out), completed.known(everybody, out)

        def violated_draws(
            shift: float,
            odds: float = 0.0,
            subject: Subject = subject,
            completed: Completed = completed,
            chances: FloatArray = chances,
            known: BoolArray = known,
            seed: int = seed,
        ) -> int:
            count = 0
            for number in range(draws):
                values = completed.draw(seed, number).utilities(subject.pool.agents, np.arange(6))
                own = own_utilities(values, subject.chosen, subject.assignment)
                rows = np.flatnonzero(own < 1)
                order = np.ones((len(values), len(subject.outside)))
                order[rows] = stream(seed, Stream.TURNING, number).random((len(rows), len(subject.outside)))
                raised = moved_odds(np.clip(chances, 1e-9, 1 - 1e-9), odds) - chances if odds else shift
                agrees = ((1 - chances) * order <= raised) & ~known & (own < 1)[:, None]
                values[:, subject.outside] = np.where(agrees & (shift + odds > 0), 1.0, values[:, subject.outside])
                held = Instance(values, subject.pool.costs, subject.masses, subject.budget)
                count += worst_ratio(held, own, outside(held, subject.chosen)) >= 1
            return count

        if found is None:
            met["never"] += 1
            assert 2 * violated_draws(1.0) < draws
        else:
            met["turns" if found else "at once"] += 1
            assert 2 * violated_draws(found + 1e-6 if found else 0.0) >= draws, seed
            assert not found or 2 * violated_draws(found - 1e-6) < draws, seed
        assert (found is None) == (log_odds is None)
        if log_odds:
            assert 2 * violated_draws(0.0, log_odds + 1e-5) >= draws, seed
            assert 2 * violated_draws(0.0, log_odds - 1e-5) < draws, seed
    assert min(met.values()) >= 3, met


@pytest.mark.parametrize("n", [0, 1, 20])
def test_the_first_large_group_of_people_and_of_masses(n: int) -> None:
    rng = np.random.default_rng(n)
    for _ in range(20):
        shift, needs = rng.integers(0, 6, (n, 7)) / 5, rng.integers(1, 23, 7)
        ones = np.ones(n, dtype=np.int64)
        by_hand = [float(np.sort(shift[:, a])[needs[a] - 1]) for a in range(7) if needs[a] <= n]
        assert _first_large(shift, ones, needs) == min(by_hand, default=np.inf)
        assert _first_large(shift, 3 * ones, 3 * needs) == min(by_hand, default=np.inf)
