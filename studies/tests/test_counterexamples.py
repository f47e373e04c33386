"""The lower bounds: whatever a process does with the answers, a coalition is left that complains."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from folkmoot.profile import InputError, IntArray, WorkError
from folkmoot_studies import STUDIES
from folkmoot_studies.bounds import few_agents
from folkmoot_studies.bounds.adversary import Chosen, Oracle, Run, democratic, fans
from folkmoot_studies.bounds.counterexamples import EXAMPLES, run
from folkmoot_studies.bounds.few_agents import Overshadowed, proposition_3, theorem_5
from folkmoot_studies.bounds.inexact import Scarce, Unclear, theorem_3_3, theorem_3_4


def shared_out(n: int, k: int, rng: np.random.Generator) -> IntArray:
    """A random balanced assignment."""
    return rng.permutation(np.arange(n) % k) if k else np.full(n, -1)


def anything(size: int, queries: int, seed: int) -> Run:
    """A process that asks whatever comes to mind and takes any of the answers."""

    def take(oracle: Oracle) -> Chosen:
        rng = np.random.default_rng(seed)
        answers: list[int] = []
        for _ in range(queries):
            asked = rng.choice(oracle.n, int(rng.integers(1, size + 1)), replace=False)
            level = (
                float(rng.integers(1, len(asked) + 1))
                if isinstance(oracle, Overshadowed)
                else float(rng.choice(oracle.levels))
            )
            answers.append(oracle.gen(tuple(sorted(asked.tolist())), level, int(rng.integers(1, oracle.budget + 1))))
            oracle.disc(int(rng.integers(oracle.n)), answers[-1])
        chosen: list[int] = []
        left = oracle.budget
        for a in dict.fromkeys(rng.permutation(answers).tolist()):
            if oracle.cost(a) <= left:
                chosen.append(a)
                left -= oracle.cost(a)
        return Chosen(chosen, shared_out(oracle.n, len(chosen), rng))

    return take


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_command(name: str) -> None:
    (found,) = STUDIES["counterexamples"].run(name)["counterexamples"]
    assert found["answers_within_accuracy"]
    assert found["violated"]
    assert found["witness"]["mass"] >= found["witness"]["need"]
    json.dumps(found, allow_nan=False)


def test_all_at_once() -> None:
    assert len(run()["counterexamples"]) == len(EXAMPLES)
    with pytest.raises(InputError, match=r"'4\.2'.*ng-theorem-3\.3"):
        run("4.2")


@pytest.mark.parametrize("seed", range(10))
def test_whatever_is_asked(seed: int) -> None:
    k = 3 + seed % 4
    found = [
        proposition_3(k, run=anything(k - 1, 10 * k, seed), seed=seed),
        proposition_3(k, 2, run=anything(2 * (k - 1), 10 * k, seed), seed=seed),
        theorem_5(run=anything(60, 40, seed), seed=seed),
        theorem_3_3(beta=seed % 3, delta=(seed // 3) % 3 + 1, budget=8 + seed % 3, run=anything(16, 30, seed)),
        theorem_3_4(Fraction(seed % 3 + 1, 4), Fraction(1, 2 + seed % 2), p=seed, run=anything(8, 30, seed)),
        theorem_3_4(Fraction(1, 3), Fraction(2, 3), scale=6, rounded=True, run=anything(8, 30, seed)),
    ]
    for one in found:
        assert one["answers_within_accuracy"], one["theorem"]
        assert one["violated"], one["theorem"]
        assert one["violated_without_balance"], one["theorem"]


@pytest.mark.parametrize(("gamma", "mu"), [("1/2", "1/2"), ("2/3", "1/2"), ("1/4", "2/3")])
def test_theorem_3_4_reaches_its_bound(gamma: str, mu: str) -> None:
    """Exactly where costs are not rounded; in the limit where they are."""
    found = theorem_3_4(Fraction(gamma), Fraction(mu))
    bound = Fraction(found["instance"]["d_of_the_theorem"])
    assert Fraction(found["d"]) >= bound
    near = [Fraction(theorem_3_4(Fraction(gamma), Fraction(mu), scale=q, rounded=True)["d"]) for q in (1, 4, 16)]
    assert near[0] < near[1] < near[2]
    assert near[2] / bound > Fraction(9, 10)


def test_rounding_up_breaks_the_printed_construction() -> None:
    """With x = b - 1 and ceil(mu x) >= a the cheap statements count, and an answer nobody supports is not accurate."""

    class Printed(Scarce):
        @property
        def cheap(self) -> int:
            return self.mu.numerator * self.scale

    for rounded in (False, True):
        oracle = Printed(Fraction(1, 2), Fraction(1, 2), 1, rounded, (2.0, 1.0))
        oracle.gen((0, 1, 2, 3), 2.0, oracle.dear - 1)
        assert oracle.accurate() == (not rounded)


def test_the_printed_instances_of_gsc() -> None:
    """Sizes as printed: t = n/k (1 - 1/k); k t = n - n/k are served; unpopular statements have n/(2k) supporters."""
    found = proposition_3(5, 3)
    assert (found["instance"]["n"], found["instance"]["query_size"]) == (75, 12)
    assert found["witness"]["mass"] >= found["witness"]["need"] == 15
    assert found["note"] == ""
    oracle = Overshadowed(48, 4, limit=6, size=6)
    small = oracle.gen((7, 9), 2.0, 1)
    assert oracle.supporters[small] == {7, 9, 0, 1, 2, 3}
    assert oracle.best_answers((frozenset(range(48)),))
    # A popular statement that serves a query better would have to be returned.
    large = Overshadowed(48, 4, limit=12, size=6)
    large.gen(tuple(range(12)), 7.0, 1)
    assert large.best_answers((frozenset(range(0, 48, 2)),))
    assert not large.best_answers((frozenset(range(7)),))


def test_small_slack_is_needed() -> None:
    """At b = 2 beta + delta Theorem 3.2 holds: the same instance has no violation."""
    found = theorem_3_3(epsilon=0.0)
    assert not found["violated"]
    assert Fraction(found["d"]) == 0


def test_more_than_the_theorem_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(few_agents, "TRIES", 20)
    oracle = Overshadowed(16, 4, limit=3)
    with pytest.raises(InputError, match="the theorem allows 3"):
        oracle.gen((0, 1, 2, 3), 3.0, 1)

    def greedy(oracle: Oracle) -> Chosen:
        for start in range(oracle.n):
            for other in range(start + 1, oracle.n):
                oracle.gen((start, other), 1.0, 1)
        return Chosen(list(range(8)), shared_out(oracle.n, 8, np.random.default_rng(0)))

    # Every pair asked for is fine as long as the slate's eight leave some pair: those of agent 0 do.
    assert theorem_3_3(run=greedy)["violated"]
    with pytest.raises(InputError, match="at least 8"):
        Unclear(7, 1, 1)
    with pytest.raises(WorkError, match="gave the hidden group away"):
        # Two of 16 agents share a colour whatever the colouring, and one pair too many is asked for.
        theorem_5(16, 8, run=greedy)
    with pytest.raises(InputError, match="even"):
        theorem_5(24, 3)


def test_processes_of_both_papers_run_on_exact_answers() -> None:
    """The processes in the study are the papers': with full-size queries nobody complains."""

    class Plain:
        n, budget = 6, 3
        levels: Sequence[float] = (1.0,)
        sets = ((0, 1), (2, 3), (4, 5), (0, 1, 2))

        def gen(self, agents: tuple[int, ...], level: float, cost: int) -> int:
            return max(range(4), key=lambda a: len(set(self.sets[a]) & set(agents)))

        def disc(self, agent: int, statement: int) -> float:
            return float(agent in self.sets[statement])

        def cost(self, statement: int) -> int:
            return 1

    one, other = democratic(Plain()), fans(Plain(), 6)
    assert sorted(one.statements) == sorted(other.statements)
    assert (np.bincount(one.assignment[one.assignment >= 0]) == 2).all()
