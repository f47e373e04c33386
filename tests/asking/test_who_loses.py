"""What asking brings to whom in the exact model, and its parameters from answers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from folkmoot.asking import Situation, optimum
from folkmoot.asking.two_clusters import two_clusters
from folkmoot.profile import VOTE, Agents, Answers, FloatArray, InputError, Profile, Scale, Statements


def test_a_minority_gets_nothing_unless_somebody_asks() -> None:
    found = optimum(Situation(30, 0.9, 0.0), 0.0)
    assert found.per_k[0].clusters == (30.0, 0.0)
    assert found.per_k[1].clusters == (29.0, 29.0)
    assert found.per_k[0].gini == pytest.approx(0.1)
    assert found.per_k[1].gini == pytest.approx(0.0, abs=1e-12)
    assert np.isnan(found.per_k[30].gini)  # everybody has 0
    assert np.isnan(found.per_k[30].atkinson)


@pytest.mark.parametrize("gamma", [0.0, 2.0, 8.0])
def test_against_every_person_there_can_be(gamma: float) -> None:
    n, alpha, p, cost, k = 6, 0.7, 0.2, 0.5, 2
    after = optimum(Situation(n, alpha, p, cost), gamma).per_k[k]
    worth, share, cluster = [], [], []
    for side, wants in itertools.product((0, 1), itertools.product((0, 1), repeat=n)):
        one = p if side == 0 else 1 - p
        probability = (alpha, 1 - alpha)[side] * np.prod([one if x else 1 - one for x in wants])
        ones = int(after.fewest[sum(wants[:k])])
        # which of the open features are ones does not matter on average: all choices are equally good
        for places in itertools.combinations(range(k, n), ones):
            right = sum((j in places) == bool(wants[j]) for j in range(k, n))
            worth.append(right + k - cost * k)
            share.append(probability / len(list(itertools.combinations(range(k, n), ones))))
            cluster.append(side)
    u, w, side_of = np.array(worth), np.array(share), np.array(cluster)
    assert w @ u == pytest.approx(after.eu)
    for side in (0, 1):
        here = side_of == side
        assert w[here] @ u[here] / w[here].sum() == pytest.approx(after.clusters[side])
    apart = (w[:, None] * w * np.abs(u[:, None] - u)).sum()
    assert after.gini == pytest.approx(apart / 2 / (w @ u))
    assert after.atkinson == pytest.approx(1 - after.ce / after.eu if gamma else 0.0, abs=1e-9)
    assert after.utilities.sum() == pytest.approx(1.0)


def drawn(n: int, m: int, alpha: float, p: float, turned: int = 0, missing: float = 0.0) -> Profile:
    rng = np.random.default_rng(4)
    ones = rng.random((n, m)) < np.where(rng.random(n) < alpha, p, 1 - p)[:, None]
    ones[:, :turned] = ~ones[:, :turned]
    values: FloatArray = np.where(ones, 1.0, -1.0)
    values[rng.random((n, m)) < missing] = np.nan
    rows, columns = np.nonzero(~np.isnan(values))
    names = tuple(map(str, range(m)))
    return Profile(
        Agents(tuple(map(str, range(n)))), Statements(names, names), Answers.of(rows, columns, values[rows, columns])
    )


@pytest.mark.parametrize(("alpha", "p"), [(0.7, 0.2), (0.9, 0.35), (0.6, 0.05)])
def test_parameters_come_back(alpha: float, p: float) -> None:
    for turned, missing in ((0, 0.0), (4, 0.0), (3, 0.3)):
        found = two_clusters(drawn(4000, 10, alpha, p, turned, missing), np.random.default_rng(0))
        assert found.alpha == pytest.approx(alpha, abs=0.03)
        assert found.p == pytest.approx(p, abs=0.015)
        assert found.alpha_interval[0] < found.alpha < found.alpha_interval[1]
        assert found.p_interval[0] < found.p < found.p_interval[1]
        assert found.p_interval[1] - found.p_interval[0] < 0.05
        assert (found.n, found.people) == (10, 4000)


def test_where_nothing_goes_together_an_answer_says_nothing() -> None:
    found = two_clusters(drawn(2000, 8, 0.5, 0.499), np.random.default_rng(0))
    assert found.p > 0.4
    one = Profile(Agents(("a", "b")), Statements(("s",), ("s",)), Answers.of([0, 1], [0, 0], [1.0, -1.0], VOTE))
    with pytest.raises(InputError, match="fewer than two statements"):
        two_clusters(one, np.random.default_rng(0))
    ranks = Profile(
        Agents(("a",)), Statements(("s", "t"), ("s", "t")), Answers.of([0, 0], [0, 1], [1, 2], Scale("ranking", 1, 2))
    )
    with pytest.raises(InputError, match="votes, approvals and ratings"):
        two_clusters(ranks, np.random.default_rng(0))
