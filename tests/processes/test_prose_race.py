"""Bounds of coverage: who can still win, and how much can be asked before that changes."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.processes.prose.pool import Pool
from folkmoot.processes.prose.race import Way, alive, in_any_case, race
from folkmoot.processes.prose.screen import hopeful, hopeless
from folkmoot.profile import BoolArray, FloatArray, IntArray


class Votes:
    """A Disc of approvals, which also writes: all of its statements at once, costing 1."""

    def __init__(self, table: FloatArray) -> None:
        self.table = table
        self.n_agents, self.n_statements = table.shape
        self.questions = 0

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        self.questions += len(agents) * len(statements)
        return self.table[np.ix_(agents, statements)]

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        return np.zeros((len(agents), len(statements)), dtype=bool)

    def propose(self, wanted: object) -> range:
        return range(self.n_statements)

    def cost(self, statement: int) -> int:
        return 1


def winner(found: list[int], need: list[int]) -> int | None:
    valid = [a for a, many in enumerate(found) if many >= need[a]]
    return max(valid, key=lambda a: found[a]) if valid else None


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_alive_are_those_who_win_in_some_completion(seed: int) -> None:
    """Against all completions of the bounds, one by one."""
    rng = np.random.default_rng(seed)
    c = int(rng.integers(1, 5))
    surely = rng.integers(0, 4, c)
    maybe, need = surely + rng.integers(0, 3, c), rng.integers(0, 6, c)
    ranges = [range(low, high + 1) for low, high in zip(surely.tolist(), maybe.tolist(), strict=True)]
    winners = {winner(list(found), need.tolist()) for found in product(*ranges)} - {None}
    assert np.flatnonzero(alive(surely, maybe, need)).tolist() == sorted(winners)  # type: ignore[type-var]


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_nothing_drops_out_before_so_many_have_answered(seed: int) -> None:
    """Fewer answers than `in_any_case` on each, whatever they are, leave everything in the race."""
    rng = np.random.default_rng(seed)
    c = int(rng.integers(1, 4))
    surely = rng.integers(0, 4, c)
    maybe, need = surely + rng.integers(0, 5, c), rng.integers(0, 7, c)
    keep = alive(surely, maybe, need)
    surely, maybe, need = surely[keep], maybe[keep], need[keep]
    if not len(need):
        return
    many = in_any_case(surely, maybe, need)
    # Of q answers, at most as many as are open, p are approvals.
    answers = [
        [(p, q - p) for q in range(max(1, min(int(most), high - low + 1))) for p in range(q + 1)]
        for low, high, most in zip(surely.tolist(), maybe.tolist(), many.tolist(), strict=True)
    ]
    for each in product(*answers):
        yes, no = np.array(each).T
        assert alive(surely + yes, maybe - no, need).all()


def test_where_one_is_left_it_is_asked_until_it_lacks_people() -> None:
    assert in_any_case(np.array([2]), np.array([10]), np.array([5])).tolist() == [6]
    # It has them: nothing can end that, so everybody.
    assert in_any_case(np.array([5]), np.array([10]), np.array([5])).tolist() == [11]


@given(st.integers(0, 2**32 - 1), st.sampled_from([0, 1, 3, 10]))
@settings(deadline=None)
def test_the_certified_winner_is_the_winner(seed: int, batch: int) -> None:
    """With everything known; bounds still hold for everything that was not asked."""
    rng = np.random.default_rng(seed)
    n, c = int(rng.integers(1, 12)), int(rng.integers(1, 6))
    table, masses = rng.integers(0, 2, (n, c)).astype(float), rng.integers(1, 3, n)
    votes, need = Votes(table), rng.integers(0, n + 2, c)
    pool = Pool(votes, votes, masses, apart=True)
    columns = pool.add(votes.propose(None))
    assert race(pool, columns, need, 1.0, Way(lazy=True, batch=batch), rng) == 0
    surely, maybe = masses @ (pool.low >= 1), masses @ (pool.high >= 1)
    assert (surely <= masses @ (table >= 1)).all()
    assert (maybe >= masses @ (table >= 1)).all()
    expected = winner((masses @ (table >= 1)).tolist(), need.tolist())
    left = alive(surely, maybe, need)
    assert np.flatnonzero(left).tolist() == ([] if expected is None else [expected])
    assert expected is None or surely[expected] == maybe[expected]
    assert votes.questions == pool.questions["agreement"] <= n * c
    assert pool.waves <= votes.questions


@pytest.mark.parametrize("mass", [1, 3])
def test_hope_by_hand(mass: int) -> None:
    """Of 10 people 2 approve the best: hope is for half as many again as 4."""
    table = np.zeros((10, 3))
    table[:2, 0] = table[5, 1] = 1.0
    votes = Votes(table)
    pool = Pool(votes, votes, np.full(10, mass))
    assert not hopeless(pool, 1.0, 100, 1.5, 2.0)
    pool.ask_all(pool.add(votes.propose(None)))
    assert not hopeless(pool, 1.0, 6 * mass, 1.5, 2.0)
    assert hopeless(pool, 1.0, 6 * mass + 1, 1.5, 2.0)
    # What is in the slate gives no hope.
    pool.free[0] = False
    assert hopeless(pool, 1.0, 5 * mass, 1.5, 2.0)


def test_the_model_sees_what_a_few_answers_show() -> None:
    """Two camps of 30; of each, 8 were asked about a statement of their own camp and one of the other's."""
    table = np.zeros((60, 20))
    table[:30, ::2] = table[30:, 1::2] = 1.0
    votes = Votes(table)
    pool = Pool(votes, votes, np.ones(60, dtype=np.int64), apart=True)
    columns = pool.add(votes.propose(None))
    some = np.r_[0:8, 30:38]
    pool.ask(np.repeat(np.arange(60), 18), np.tile(columns[:18], 60), "agreement")
    pool.ask(np.repeat(some, 2), np.tile(columns[18:], 16), "agreement")
    keep = hopeful(pool, np.array([18, 19, 0, 1]), np.array([22, 45, 30, 31]), 1.0, 0.0, np.random.default_rng(0))
    assert keep.tolist() == [True, False, True, False]


def test_what_cannot_win_is_left_alone_and_batches_are_as_large_as_is_said() -> None:
    """One statement that everybody approves, seven that nobody does, of 100 people: half of them decide."""
    table = np.zeros((100, 8))
    table[:, 0] = 1.0
    spent = {}
    for batch in (0, 1, 400):
        votes = Votes(table)
        pool = Pool(votes, votes, np.ones(100, dtype=np.int64), apart=True)
        columns = pool.add(votes.propose(None))
        race(pool, columns, np.full(8, 30), 1.0, Way(lazy=True, batch=batch), np.random.default_rng(0))
        spent[batch] = votes.questions, pool.waves
    assert spent[0] == (800, 1)
    # 50 answers show that nobody catches up (an equal one comes later in the pool); the winner is asked of all.
    assert spent[1][0] == 100 + 7 * 50
    assert spent[400][0] == 100 + 7 * 50
    assert spent[400][1] <= spent[1][1] <= 3


def test_who_approves_the_best_so_far_as_far_as_can_be_told() -> None:
    """Agreement alone is known of the second statement; on the first, specificity took away a whole point."""

    class Halves(Votes):
        weight = 2.0
        low, high = np.full((4, 2), -np.inf), np.full((4, 2), np.inf)

        def bounds(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
            return self.low[np.ix_(agents, statements)], self.high[np.ix_(agents, statements)]

        def asked(self, agents: IntArray, statements: IntArray) -> BoolArray:
            return np.asarray(self.high[np.ix_(agents, statements)] < np.inf)

        def ask(self, agents: IntArray, statements: IntArray, stage: str) -> None:
            agreement = self.table[agents, statements]
            exact = stage == "specificity"
            self.high[agents, statements] = agreement - exact
            self.low[agents, statements] = agreement - (1 if exact else 2)

    disc = Halves(np.array([[5.0, 5.0], [4.0, 5.0], [3.0, 5.0], [5.0, 4.0]]))
    pool = Pool(disc, disc, np.ones(4, dtype=np.int64), apart=True)
    everybody, first, second = np.arange(4), np.zeros(4, dtype=np.int64), np.ones(4, dtype=np.int64)
    assert pool.approvers(4.0).tolist() == [0, 1, 2, 3]
    pool.add(disc.propose(None))
    pool.ask(everybody, first, "agreement")
    pool.ask(everybody, first, "specificity")
    pool.ask(everybody[:3], second[:3], "agreement")
    assert pool.approvers(4.0).tolist() == [0, 1, 2]
    assert pool.approvers(4.0, certain=True).tolist() == [0, 3]
    assert pool.approvers(5.5).tolist() == [0, 1, 2, 3]
