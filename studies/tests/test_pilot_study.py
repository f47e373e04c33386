"""The pilot: the matching, the listed errors, and that no prediction knows what it predicts."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from folkmoot.preferences.held_out import spearman
from folkmoot.profile import InputError, IntArray
from folkmoot_studies import STUDIES
from folkmoot_studies.pilot.predictors import (
    COMPONENTS,
    NEIGHBOURS,
    SHRINKS,
    graded,
    item_neighbours,
    median,
    mixture,
    predictions,
    ridge,
    similar_people,
    statement_shares,
)
from folkmoot_studies.pilot.study import AGAINST, GOAL, LISTED, OWN, draw, matching, paired, run, table


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    found = shared / "chatbot_pilot"
    if not found.is_dir():
        pytest.skip(f"{found} is not here: the pilot's answers may not be in the repository")
    return found


@cache
def result(folder: Path) -> dict[str, Any]:
    return run(folder)


def made_up(n: int = 14, m: int = 4, seed: int = 0) -> IntArray:
    rng = np.random.default_rng(seed)
    sign = np.array([1.0, 1.0, -1.0, 0.5])[:m]
    opinion = rng.normal(size=(n, 1)) * sign + 0.7 * rng.normal(size=(n, m))
    return np.asarray(np.clip(np.rint(2.0 + opinion), 0.0, 4.0).astype(np.int64))


def test_the_matching(folder: Path) -> None:
    found = result(folder)["matching"]
    assert found["total"] == 366
    assert found["assigned"] == [1, 0, 6, 18, 75]
    assert found["loads"] == [20] * 5
    assert found["prefer_another"] == 0


def test_the_counts_of_section_5_3_and_the_diagonal_of_figure_5(folder: Path) -> None:
    found = result(folder)
    assert found["themes"] == {
        "privacy and data security": 61,
        "user control": 38,
        "truthfulness": 48,
        "harm": 35,
        "privacy or control": 72,
        "truthfulness and one of these": 32,
    }
    assert found["matching"]["groups"]["own_first"] == 5
    assert "5 of 5 groups rate their own statement highest" in table(found)


def test_the_listed_errors(folder: Path) -> None:
    found = result(folder)["predictors"]
    assert round(found["statement mean"]["mae"], 3) == LISTED["statement mean"][0]
    # of these the exact form is not known: chosen within the folds, and with this model's own priors
    assert found["item-kNN"]["mae"] == pytest.approx(0.885, abs=0.0015)
    assert found["graded response, mean"]["mae"] == pytest.approx(0.891, abs=0.004)
    assert found["graded response, mean"]["spearman"] == pytest.approx(0.584, abs=0.011)


def test_the_own_predictor_reaches_the_goal(folder: Path) -> None:
    found = result(folder)
    assert found["reached"]
    assert found["predictors"][OWN]["mae"] <= GOAL
    assert round(found["predictors"]["graded response, median"]["mae"], 3) == 0.867
    against = found["paired"]["item-kNN"]
    assert against["gain"] > 0.03
    assert max(against["sign_flip"], against["wilcoxon"]) < 0.05
    assert set(found["paired"]) == set(AGAINST)
    assert sum(found["weights"].values()) == pytest.approx(1.0)


def test_json_table_and_picture(folder: Path) -> None:
    found = result(folder)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    printed = table(found)
    assert "18 rated it 3, 75 rated it 4; 0 rated another statement higher" in printed
    assert f"Own predictor: {OWN}; MAE at most 0.885: yes" in printed
    pytest.importorskip("altair")
    assert list(draw(found)) == ["errors"]
    ET.fromstring(draw(found)["errors"])
    assert STUDIES["pilot"].run is run


@pytest.mark.replication
def test_no_prediction_knows_what_it_predicts() -> None:
    ratings = made_up()
    before, _ = predictions(ratings, 5, 0, lambda stage, share: None)
    assert len(before) == 11
    for i, j in ((0, 0), (5, 2), (13, 3)):
        other = ratings.copy()
        other[i, j] = (other[i, j] + 3) % 5
        after, _ = predictions(other, 5, 0, lambda stage, share: None)
        for name, predicted in before.items():
            assert after[name][i, j] == pytest.approx(predicted[i, j], abs=1e-9), name
        assert not np.allclose(after["ridge"], before["ridge"])


def test_item_neighbours_and_ridge_by_hand() -> None:
    """Everybody's options are those that do best for the others, each predicted without themselves."""
    ratings = made_up(9)
    n, m = ratings.shape

    def neighbour(learned: IntArray, own: IntArray, j: int, k: int, shrink: float) -> float:
        mean, similar = learned.mean(axis=0), np.asarray(np.corrcoef(learned.T))[j]
        near = sorted((o for o in range(m) if o != j), key=lambda o: -round(abs(similar[o]), 12))[:k]
        size = sum(abs(similar[o]) for o in near)
        return float(mean[j] + sum(similar[o] * (own[o] - mean[o]) for o in near) / (shrink + size))

    def regressed(learned: IntArray, own: IntArray, j: int, penalty: float) -> float:
        mean = learned.mean(axis=0)
        other = np.arange(m) != j
        x, y = (learned - mean)[:, other], (learned - mean)[:, j]
        slopes = np.linalg.solve(x.T @ x + penalty * np.eye(m - 1), x.T @ y)
        return float(mean[j] + (own - mean)[other] @ slopes)

    options = [(k, shrink) for k in NEIGHBOURS if k < m for shrink in SHRINKS]
    for found, predict, tried in (
        (item_neighbours(ratings, 5), neighbour, options),
        (ridge(ratings, 5), regressed, [(p,) for p in (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)]),
    ):
        for i in range(n):
            others = np.delete(np.arange(n), i)

            def row(learned: IntArray, p: int, option: Any, predict: Any = predict) -> list[float]:
                return [np.clip(predict(learned, ratings[p], j, *option), 0.0, 4.0) for j in range(m)]

            def error(option: Any, others: IntArray = others, row: Any = row) -> float:
                apart = [row(ratings[others[others != p]], p, option) - ratings[p] for p in others]
                return float(np.abs(apart).sum())

            losses = [error(option) for option in tried]
            near = [option for option, loss in zip(tried, losses, strict=True) if loss < min(losses) + 1e-9]
            assert any(np.allclose(found[i], row(ratings[others], i, option)) for option in near)


@pytest.mark.parametrize("name", list(COMPONENTS))
def test_components_are_distributions(name: str) -> None:
    ratings = made_up(20)
    found = COMPONENTS[name](ratings[:15], ratings[15:], 5)
    assert found.shape == (5, 4, 5)
    np.testing.assert_allclose(found.sum(axis=-1), 1.0, atol=1e-9)
    assert (found > 0.0).all()


def test_similar_people_by_hand() -> None:
    learned, tested = np.array([[0, 1], [4, 1]]), np.array([[0, 4]])
    found = similar_people(2.0)(learned, tested, 5)[0, 1]
    weight = np.exp(-np.array([0.0, 16.0]) / 8.0)
    expected = statement_shares(learned, tested, 5)[0, 1] + weight.sum() * np.eye(5)[1]
    np.testing.assert_allclose(found, expected / (1.0 + weight.sum()))


@pytest.mark.replication
def test_the_mixture_leans_on_what_predicts() -> None:
    """One trait behind all ratings: the graded response model is right, and the statements' shares are not."""
    ratings = made_up(60, seed=3)
    mixed, weight, each = mixture(ratings, 5, 0, (graded, statement_shares))
    assert (weight[:, 0] > 0.6).all()
    np.testing.assert_allclose(weight.sum(axis=1), 1.0)
    np.testing.assert_allclose(mixed, np.einsum("nk,knmc->nmc", weight, each))
    assert median(np.array([[0.2, 0.2, 0.2, 0.4], [0.6, 0.4, 0.0, 0.0]])).tolist() == [2.0, 0.0]


def test_tests_against_scipy() -> None:
    rng = np.random.default_rng(4)
    gain = np.round(rng.normal(0.1, 0.4, 60), 1)
    signs = rng.choice(np.array([-1.0, 1.0]), size=(20_000, 60))
    found = paired(gain, signs, rng.multinomial(60, np.full(60, 1 / 60), size=200))
    assert found["better"] + found["worse"] == (gain != 0).sum()
    assert found["gain"] == pytest.approx(gain.mean())
    ranks = stats.wilcoxon(gain, zero_method="wilcox", correction=False, method="approx").pvalue
    assert found["wilcoxon"] == pytest.approx(ranks, abs=0.015)
    assert found["sign_flip"] == pytest.approx(stats.ttest_1samp(gain, 0.0).pvalue, abs=0.015)
    x, y, count = rng.integers(0, 5, 40), rng.integers(0, 4, 40), rng.integers(0, 4, 40)
    again = stats.spearmanr(np.repeat(x, count), np.repeat(y, count)).statistic
    assert spearman(x, y, count.astype(np.float64)) == pytest.approx(again)
    assert spearman(x, np.ones(40), count.astype(np.float64)) == 0.0


def test_a_matching_that_leaves_somebody_wanting() -> None:
    assert matching(np.array([[4, 0], [4, 1], [4, 2], [4, 3]])) == {
        "total": 13,
        "assigned": [0, 0, 1, 1, 2],
        "loads": [2, 2],
        "prefer_another": 2,
        "groups": {"means": [[4.0, 0.5], [4.0, 2.5]], "own_first": 1},
    }


def test_no_data_says_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no ratings of the pilot"):
        run(tmp_path)
    for name in ("validation_ratings.csv", "generation_ratings.csv"):
        (tmp_path / name).write_text("participant,statement_id,rating\n1,a,4\n1,b,3\n2,a,0\n", encoding="utf-8")
    with pytest.raises(InputError, match="must have rated every statement"):
        run(tmp_path)
