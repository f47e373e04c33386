"""Social Poisson factorization: the bound, planted copying, plain cases, and the influence audit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import gamma, poisson

from folkmoot.preferences import fit
from folkmoot.preferences.memo import MEMO
from folkmoot.preferences.models.gamma_poisson import SHAPE, TAU_RATE, TAU_SHAPE, Counts, anything, factorize
from folkmoot.preferences.models.social_poisson import SocialPoisson
from folkmoot.profile import InputError, Profile, Scale
from folkmoot.testing.planted import profile_of, voted


def everything(profile: Profile) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(profile.n_agents), np.arange(profile.n_statements)


def copying(
    rng: np.random.Generator, n: int = 120, m: int = 80, friends: int = 3, level: float = 0.05
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts [n, m], follows, tau: everybody copies people drawn among those who spoke before."""
    rate = rng.gamma(0.3, 1 / 0.3, (n, 4)) @ rng.gamma(0.3, 1 / 0.3, (m, 4)).T
    r = rng.poisson(level * rate / rate.mean())
    pairs = [(u, v) for u in range(friends, n) for v in rng.choice(u, friends, replace=False)]
    tau = rng.gamma(2, 0.2, len(pairs))
    for (u, v), strength in zip(pairs, tau, strict=True):
        r[u] += rng.poisson(strength * r[v])
    return r, np.array(pairs), tau


def counted(r: np.ndarray, follows: np.ndarray, whole: bool, seen: np.ndarray | None = None) -> Counts:
    row, column = np.nonzero(r if whole else np.ones_like(r) if seen is None else seen)
    return Counts(row, column, r[row, column].astype(float), len(r), r.shape[1], follows, whole)


@pytest.mark.parametrize("learn", [False, True])
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("factors", [0, 3])
@pytest.mark.parametrize("trials", [0, 1, 4])
def test_the_bound_never_falls(whole: bool, learn: bool, factors: int, trials: int) -> None:
    rng = np.random.default_rng(1)
    r, follows, _ = copying(rng, 40, 25)
    seen = rng.random(r.shape) < 0.6
    counts = counted(np.minimum(r, trials) / trials if trials else r, follows, whole, seen)
    counts = replace(counts, trials=trials, weight=rng.integers(1, 4, len(r)) / 2.0 if trials else None)
    found = factorize(counts, rng, factors, learn=learn, iterations=60, tolerance=0.0)
    steps = np.diff(found.bound)
    assert (steps > -1e-8 * abs(found.bound[-1])).all()
    # The check can tell: the bound still moved.
    assert steps[0] > 1e-3


def test_the_bound_is_below_the_evidence_and_close_to_it() -> None:
    """One person follows another who said 3 and 0 (observed); copying alone: the evidence is one integral."""
    r = np.array([[2, 1], [3, 0]])
    counts = Counts(np.array([0, 0]), np.array([0, 1]), np.array([2.0, 0.0]), 2, 2, np.array([[0, 1]]), whole=False)
    alone = factorize(counts, np.random.default_rng(0), 0)
    assert alone.bound[-1] < -100  # two agreements out of nothing: the followed person's counts are not observed
    counts = counted(r * [[1, 0], [1, 0]], np.array([[0, 1]]), whole=True)
    found = factorize(counts, np.random.default_rng(0), 0)

    def likely(tau: float) -> float:
        return float(poisson.pmf(2, 3 * tau) * gamma.pdf(tau, TAU_SHAPE, scale=1 / TAU_RATE))

    # The other person's own 3 has no explanation without factors; its term is the same constant for every tau.
    constant = 3 * np.log(1e-300) - np.log(6)
    evidence = np.log(quad(likely, 0, 10)[0])
    assert found.bound[-1] == pytest.approx(evidence + constant, abs=1e-6)  # one parameter: the posterior is exact
    np.testing.assert_allclose([found.tau.shape[0], found.tau.rate[0]], [TAU_SHAPE + 2, TAU_RATE + 3])


def test_the_bound_of_yes_and_no_is_below_the_evidence_and_close_to_it() -> None:
    """Somebody agrees with two of the three statements that the one they follow agreed with; copying alone."""
    r = np.array([[1, 1, 0], [1, 1, 1]])
    counts = replace(counted(r, np.array([[0, 1]]), whole=True), trials=1)
    found = factorize(counts, np.random.default_rng(0), 0, iterations=500, tolerance=1e-12)

    def likely(tau: float) -> float:
        return float((1 - np.exp(-tau)) ** 2 * np.exp(-tau) * gamma.pdf(tau, TAU_SHAPE, scale=1 / TAU_RATE))

    constant = 3 * np.log(1e-300)  # the other person's own agreements have no explanation without factors
    evidence = np.log(quad(likely, 0, 10)[0]) + constant
    assert evidence - 0.1 < found.bound[-1] < evidence


def test_people_who_weigh_two_are_there_twice() -> None:
    r, *_ = copying(np.random.default_rng(3), 30, 20, level=0.5)
    twice = np.arange(30) % 3 == 0
    nobody = np.zeros((0, 2), dtype=np.int64)
    weighted = replace(counted(r, nobody, False), weight=np.where(twice, 2.0, 1.0))
    copies = counted(np.concatenate([r, r[twice]]), nobody, False)
    one, other = (factorize(c, np.random.default_rng(0), 2, iterations=40) for c in (weighted, copies))
    np.testing.assert_allclose(one.beta.mean, other.beta.mean, rtol=1e-6)
    np.testing.assert_allclose(one.theta.mean, other.theta.mean[:, :30], rtol=1e-6)
    np.testing.assert_allclose(one.bound, other.bound, rtol=1e-9)


def test_updates_are_those_written_down_with_loops() -> None:
    """One sweep over tau and theta from the fixed point leaves it in place, computed entry by entry."""
    rng = np.random.default_rng(4)
    r, follows, _ = copying(rng, 12, 10, 2, level=0.5)
    found = factorize(counted(r, follows, True), rng, 2, learn=False, iterations=3000, tolerance=1e-15)
    geo = [np.exp(part.log_mean) for part in (found.theta, found.beta, found.tau)]
    shape_theta, shape_tau = np.full((2, 12), SHAPE), np.full(len(follows), TAU_SHAPE)
    for u in range(12):
        for i in range(10):
            parts = [geo[0][k, u] * geo[1][k, i] for k in range(2)]
            edges = [e for e in range(len(follows)) if follows[e, 0] == u]
            social = [geo[2][e] * r[follows[e, 1], i] for e in edges]
            total = sum(parts) + sum(social)
            for k in range(2):
                shape_theta[k, u] += r[u, i] * parts[k] / total
            for e, part in zip(edges, social, strict=True):
                shape_tau[e] += r[u, i] * part / total
    np.testing.assert_allclose(found.theta.shape, shape_theta, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(found.tau.shape, shape_tau, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(found.tau.rate, [TAU_RATE + r[v].sum() for _, v in follows])


def test_planted_copying_is_found() -> None:
    r, follows, tau = copying(np.random.default_rng(2), level=0.2)
    found = factorize(counted(r, follows, True), np.random.default_rng(0), 4, learn=False)
    assert np.corrcoef(found.tau.mean, tau)[0, 1] > 0.5
    shuffled = np.column_stack([follows[:, 0], np.random.default_rng(1).permutation(follows[:, 1])])
    shuffled = shuffled[shuffled[:, 0] != shuffled[:, 1]]
    other = factorize(counted(r, np.unique(shuffled, axis=0), True), np.random.default_rng(0), 4, learn=False)
    assert other.bound[-1] < found.bound[-1]


def test_the_chance_of_anything_is_the_integral() -> None:
    mean, variance = np.array([0.2, 0.9, 3.0, 0.0]), np.array([0.01, 0.5, 0.3, 0.0])
    expected = [
        quad(lambda x, m=m, v=v: (1 - np.exp(-x)) * gamma.pdf(x, m * m / v, scale=v / m), 0, 30, limit=500)[0]
        for m, v in zip(mean[:3], variance[:3], strict=True)
    ]
    np.testing.assert_allclose(anything(mean, variance), [*expected, 0.0], atol=1e-6)
    assert float(anything(np.array([0.7]), np.array([0.0]))[0]) == pytest.approx(1 - np.exp(-0.7), abs=1e-4)


@pytest.fixture(scope="module")
def followed() -> tuple[Profile, np.ndarray, SocialPoisson]:
    """Votes; people 40..59 repeat what 0..19 said, most of the time."""
    rng = np.random.default_rng(7)
    agree = (rng.random((60, 30)) < 0.4).astype(float)
    agree[40:] = np.where(rng.random((20, 30)) < 0.95, agree[:20], 0.0)
    profile = voted(np.full((60, 30), 0.95), agree, 0.8, rng)
    follows = np.column_stack([np.arange(40, 60), np.arange(20)])
    found = fit(profile, np.random.default_rng(0), "social-poisson", follows=follows)
    assert isinstance(found, SocialPoisson)
    return profile, follows, found


def test_the_audit_says_who_was_copied(followed: tuple[Profile, np.ndarray, SocialPoisson]) -> None:
    profile, _, found = followed
    audit = found.influence(*everything(profile))
    assert ((audit.own >= 0) & (audit.own <= 1)).all()
    assert (audit.whom[:40] == -1).all()
    np.testing.assert_array_equal(audit.own[:40], 1.0)
    np.testing.assert_allclose(audit.own + audit.most, 1.0)  # everybody follows one person at most
    said = profile.dense(np.arange(30))
    copied = audit.whom[40:] >= 0
    np.testing.assert_array_equal(copied, said[:20] == 1)  # only agreement can be copied
    assert (audit.whom[40:][copied] == np.repeat(np.arange(20), copied.sum(axis=1))).all()
    assert audit.most[40:][copied].mean() > 0.5
    some = found.influence(np.array([59, 3, 41]), np.array([8, 2]))
    np.testing.assert_array_equal(some.whom, audit.whom[[59, 3, 41]][:, [8, 2]])
    np.testing.assert_allclose(some.own, audit.own[[59, 3, 41]][:, [8, 2]])


def test_blocks_and_pairs_agree_and_draws_average(followed: tuple[Profile, np.ndarray, SocialPoisson]) -> None:
    profile, _, found = followed
    agents, statements = everything(profile)
    whole = found.parts(agents, statements)[1]
    order = np.random.default_rng(0).permutation(1800)
    np.testing.assert_allclose(found.at(*(x[order] for x in np.divmod(np.arange(1800), 30)))[1], whole.ravel()[order])
    np.testing.assert_allclose(found.parts(agents[::-1], statements[:4])[1], whole[::-1, :4])
    rng = np.random.default_rng(1)
    mean = np.mean([found.draw(rng).answers(agents, statements, rng.random((60, 30))) for _ in range(200)], axis=0)
    assert abs((mean - found.utilities(agents, statements)).mean()) < 0.02


def test_what_is_no_graph_is_refused(followed: tuple[Profile, np.ndarray, SocialPoisson]) -> None:
    profile = followed[0]
    for wrong, said in (
        (np.array([0, 1]), "pairs of rows"),
        (np.array([[0.5, 1.0]]), "pairs of rows"),
        (np.array([[0, 60]]), "not in the profile"),
        (np.array([[3, 3]]), "themselves"),
        (np.array([[3, 4], [3, 4]]), "twice"),
    ):
        with pytest.raises(InputError, match=said):
            fit(profile, np.random.default_rng(0), "social-poisson", follows=wrong)


@pytest.mark.parametrize("model", [pytest.param("personas", marks=pytest.mark.long), "social-poisson"])
def test_what_every_model_keeps(model: str) -> None:
    """Within the scale, never nan, the same by seed; who said nothing is everybody's average."""
    rng = np.random.default_rng(9)
    for scale, values in (
        (Scale("rating", 1.0, 5.0), [1.0, 2.0, 3.0, 4.0, 5.0]),
        (Scale("points", 0.0, 100.0), [0.0, 100.0]),
        (Scale("approval", 0.0, 1.0, complete=True), [1.0]),
        (Scale("vote", -1.0, 1.0), [-1.0, 0.0, 1.0]),
    ):
        rows, columns = np.nonzero(rng.random((40, 8)) < 0.6)
        keep = (rows > 1) & (columns < 7) | (scale.complete)
        rows, columns = rows[keep], columns[keep]
        place = rng.binomial(len(values) - 1, 0.15 + 0.1 * columns)  # statements differ
        given = np.array(values)[place]
        profile = profile_of(rows, columns, given, 40, 8, scale)
        one = fit(profile, np.random.default_rng(5), model)
        MEMO.clear()
        two = fit(profile, np.random.default_rng(5), model)
        utilities = one.utilities(*everything(profile))
        np.testing.assert_array_equal(utilities, two.utilities(*everything(profile)))
        low, high = scale.utility_range
        assert ((utilities >= low) & (utilities <= high)).all()
        answers = one.draw(rng).answers(*everything(profile), rng.random((40, 8)))
        assert ((answers >= low) & (answers <= high)).all()
        if not scale.complete:
            np.testing.assert_allclose(utilities[0], utilities[1])
            means = np.array([scale.utility(given[columns == j]).mean() for j in range(7)])
            assert np.corrcoef(utilities[0, :7], means)[0, 1] > 0.8
            assert np.abs(utilities[0, :7] - means).mean() < 0.15 * (high - low)
    for empty in ([], [0.0] * 6, [1.0] * 6, [-1.0] * 6):
        rows, columns = np.divmod(np.arange(len(empty)), 3)
        profile = profile_of(rows, columns, np.array(empty), 3, 4)
        utilities = fit(profile, rng, model).utilities(*everything(profile))
        assert ((utilities >= 0) & (utilities <= 1)).all()
