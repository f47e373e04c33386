"""Several criteria at once: against their definitions written out, and what rounding must not do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from folkmoot.processes.criteria import (
    WEIGHTINGS,
    advantage_combination,
    dvao,
    gdpo,
    mo_grpo,
    reliability_weighted,
    retest_reliability,
    reward_combination,
    score_slates,
)
from folkmoot.profile import InputError


def spelled_out(r: np.ndarray, b: np.ndarray) -> dict[str, list[float]]:
    """One group, one number at a time, as the papers write it."""
    size, k = r.shape
    mean = [sum(r[i, c] for i in range(size)) / size for c in range(k)]
    sigma = [(sum((r[i, c] - mean[c]) ** 2 for i in range(size)) / size) ** 0.5 for c in range(k)]
    total = [sum(b[c] * r[i, c] for c in range(k)) for i in range(size)]
    middle = sum(total) / size
    spread = (sum((t - middle) ** 2 for t in total) / size) ** 0.5
    v = [b[c] * sigma[c] / sum(b[q] * sigma[q] for q in range(k)) for c in range(k)]
    return {
        "reward-combination": [(t - middle) / spread for t in total],
        "advantage-combination": [sum(b[c] * (r[i, c] - mean[c]) / sigma[c] for c in range(k)) for i in range(size)],
        "dvao": [sum(v[c] * (r[i, c] - mean[c]) / sigma[c] for c in range(k)) for i in range(size)],
    }


@pytest.mark.parametrize(("size", "k"), [(2, 1), (3, 2), (16, 4)])
def test_the_definitions(size: int, k: int) -> None:
    rng = np.random.default_rng(size)
    r = rng.normal(size=(5, size, k)) * 10.0 ** rng.uniform(-2, 2, size=k)
    b = rng.dirichlet(np.ones(k))
    for group, whole in enumerate(r):
        for name, wanted in spelled_out(whole, b).items():
            assert WEIGHTINGS[name](r, b)[group] == pytest.approx(wanted, abs=1e-9), name


def test_gdpo_as_its_code_has_it() -> None:
    """Group-wise (r - mean) / (unbiased deviation + 1e-4), summed, then whitened over the batch."""
    rng = np.random.default_rng(1)
    r, b = rng.normal(size=(6, 8, 3)), np.array([0.5, 0.3, 0.2])
    total = np.array(
        [
            [
                sum(b[c] * (g[i, c] - np.mean(g[:, c])) / (np.std(g[:, c], ddof=1) + 1e-4) for c in range(3))
                for i in range(8)
            ]
            for g in r
        ]
    )
    assert gdpo(r, b) == pytest.approx((total - np.mean(total)) / (np.std(total, ddof=1) + 1e-4), abs=1e-12)


groups = arrays(
    np.float64,
    st.tuples(st.integers(1, 6), st.integers(1, 7), st.integers(1, 4)),
    elements=st.one_of(st.sampled_from([0.0, 1.0, 0.1, 0.3]), st.floats(-1e3, 1e3, allow_subnormal=False)),
)


@settings(max_examples=200, deadline=None)
@given(groups, st.integers(0, 2**32))
def test_dvao_keeps_every_sign_and_order_of_the_weighted_sum(r: np.ndarray, seed: int) -> None:
    b = np.random.default_rng(seed).dirichlet(np.ones(r.shape[2]))
    small, plain = dvao(r, b), reward_combination(r, b)
    x = r - r.mean(axis=1, keepdims=True)
    below = (b * x.std(axis=1)).sum(axis=1)[:, None]
    closed = np.divide((x * b).sum(axis=2), below, out=np.zeros(r.shape[:2]), where=below > 1e-9)
    # Where the spread is tiny beside the scores, the closed form itself has no nine digits.
    spread_out = below > 1e-4 * (1 + np.abs(r).max())
    assert np.abs(np.where(spread_out, small - closed, 0.0)).max() <= 1e-9
    assert (np.abs(small) <= np.abs(plain) + 1e-9)[np.broadcast_to((np.abs(plain) > 0), plain.shape)].all()
    assert ((small**2).mean(axis=1) <= 1 + 1e-9).all()
    clear = (np.abs(small) > 1e-9) & (np.abs(plain) > 0)
    assert (np.sign(small) == np.sign(plain))[clear].all()


@settings(max_examples=100, deadline=None)
@given(groups, st.sampled_from(sorted(WEIGHTINGS)))
def test_finite_centred_and_each_group_for_itself(r: np.ndarray, name: str) -> None:
    b = np.full(r.shape[2], 1.0 / r.shape[2])
    found = WEIGHTINGS[name](r, b)
    assert found.shape == r.shape[:2]
    assert np.isfinite(found).all()
    if name != "gdpo":  # which whitens over the batch
        assert np.abs(found.sum(axis=1)).max() < 1e-6
        assert np.array_equal(found[-1:], WEIGHTINGS[name](r[-1:], b))
        assert np.array_equal(found[None], WEIGHTINGS[name](r[None], b))
    if r.shape[1] == 1:
        assert not found.any()


@pytest.mark.parametrize("name", sorted(WEIGHTINGS))
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_what_varies_by_rounding_alone_says_nothing(name: str, kind: Any) -> None:
    # Three times 0.1 does not average to 0.1 in binary; the second criterion decides alone.
    r = np.array([[0.1, 1.0], [0.1, 2.0], [0.1, 4.0]], dtype=kind)[None]
    found = WEIGHTINGS[name](r, np.array([0.9, 0.1]))
    assert found.dtype == kind
    assert (np.diff(found[0]) > 0).all()
    assert not WEIGHTINGS[name](r[..., :1], np.array([1.0])).any()


def test_criteria_that_cancel_give_nothing_and_not_noise() -> None:
    r = np.array([[0.1, 0.7], [0.3, 0.5], [0.7, 0.1]])
    assert not reward_combination(r, np.array([0.5, 0.5])).any()


def test_small_differences_between_large_scores_are_kept() -> None:
    r = np.array([[1.0, 0.0], [2.0, 1.0], [4.0, 0.0]])
    assert advantage_combination(r + 1e9, np.array([0.5, 0.5])) == pytest.approx(
        advantage_combination(r, np.array([0.5, 0.5])), abs=1e-6
    )
    # Squares of these do not fit a double.
    for factor in (1e-200, 1e200):
        assert advantage_combination(r * factor, np.array([0.5, 0.5])) == pytest.approx(
            advantage_combination(r, np.array([0.5, 0.5])), abs=1e-9
        )


def test_mo_grpo_keeps_the_order_of_standardised_criteria() -> None:
    rng = np.random.default_rng(2)
    r, b = rng.normal(size=(50, 9, 3)) * np.array([1.0, 100.0, 0.01]), np.array([0.2, 0.5, 0.3])
    found, plain = mo_grpo(r, b), advantage_combination(r, b)
    assert np.array_equal(found.argsort(axis=1), plain.argsort(axis=1))
    assert found.std(axis=1) == pytest.approx(np.ones(50))


@pytest.mark.parametrize("scale", [0.1, 1.0, 10.0])
def test_only_reliability_finds_the_truth_at_every_scale_of_noise(scale: float) -> None:
    rng = np.random.default_rng(3)

    def measured(truth: np.ndarray) -> np.ndarray:
        noise = rng.normal(size=(2, *truth.shape))
        return np.stack([truth + 0.1 * noise[0], scale * noise[1]], axis=-1)

    trial, truth = rng.normal(size=(500, 16)), rng.normal(size=(500, 16))
    # Advantages say nothing about a whole group, so the truth is compared within groups.
    truth = (truth - truth.mean(axis=1, keepdims=True)) / truth.std(axis=1, keepdims=True)
    rho = retest_reliability(measured(trial), measured(trial))
    r, half = measured(truth), np.array([0.5, 0.5])
    assert np.corrcoef(reliability_weighted(r, half, rho).ravel(), truth.ravel())[0, 1] >= 0.95
    if scale == 10.0:
        assert np.corrcoef(dvao(r, half).ravel(), truth.ravel())[0, 1] < 0.2
        assert rho == pytest.approx([1 / 1.01, 0.0], abs=0.05)


def test_slates_are_scored_by_what_can_be_trusted() -> None:
    # Worst group's utility, share approving, and a language model's mood.
    table = np.array([[0.9, 0.8, 0.0], [0.5, 0.6, 9.0], [0.1, 0.1, 5.0]])
    assert score_slates(table, np.ones(3), np.array([1.0, 1.0, 0.0])).argmax() == 0
    assert score_slates(table, np.array([0.0, 0.0, 1.0])).argmax() == 1
    assert not score_slates(table, np.ones(3), np.zeros(3)).any()
    assert score_slates(table[:1], np.ones(3)).tolist() == [0.0]


@pytest.mark.parametrize(
    ("rewards", "weights", "says"),
    [
        (np.zeros(3), np.ones(3), "two axes"),
        (np.zeros((0, 3)), np.ones(3), "two axes"),
        (np.array([[1.0, np.nan]]), np.ones(2), "not a finite number"),
        (np.zeros((2, 3)), np.ones(2), "3 criteria needs a weight"),
        (np.zeros((2, 2)), np.array([1.0, -1.0]), "none negative"),
        (np.zeros((2, 2)), np.zeros(2), "not all 0"),
    ],
)
def test_what_cannot_be_combined_is_refused(rewards: np.ndarray, weights: np.ndarray, says: str) -> None:
    for weighting in WEIGHTINGS.values():
        with pytest.raises(InputError, match=says):
            weighting(rewards, weights)


def test_reliabilities_and_retests_that_do_not_fit_are_refused() -> None:
    r = np.eye(3)
    for wrong in (np.ones(2), np.array([1.0, 1.0, 1.1]), np.array([1.0, -0.1, 1.0])):
        with pytest.raises(InputError, match="between 0 and 1"):
            reliability_weighted(r, np.ones(3), wrong)
    with pytest.raises(InputError, match="of the same things"):
        retest_reliability(r, np.eye(3)[:2])
    with pytest.raises(InputError, match="a row a slate"):
        score_slates(np.ones((2, 2, 2)), np.ones(2))
