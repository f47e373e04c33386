"""Predictors of one of a person's ratings from the person's others and from everybody else's ratings.

Every predictor takes complete ratings int64 [n, m] in [0, categories) and returns, for each of them, a prediction that
does not depend on it. For each person, what is learned from ratings of people is learned from the n - 1 others, and
what is chosen (neighbours, penalties, weights of a mixture) is chosen by predicting those others in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from folkmoot.preferences import MODELS
from folkmoot.preferences.models import graded_response
from folkmoot.profile import Agents, Answers, BoolArray, FloatArray, IntArray, Profile, Progress, Scale, Statements

from ..streams import numbers

#: Item neighbours and how strongly their pull is shrunk; penalties of ridge regression.
NEIGHBOURS, SHRINKS = (1, 2, 3, 4, 5), (0.0, 0.5, 1.0, 2.0)
PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
#: Bandwidths of the kernel between people, in rating steps over all statements in common.
BANDWIDTHS = (1.0, 1.5, 2.0)
#: Answers' worth of the statement's own distribution in what similar people say; smoothing of the distribution itself.
PRIOR, SMOOTH = 1.0, 0.2
#: Parts into which the others are cut to weigh the components of the mixture, and EM steps for the weights.
FOLDS, STEPS = 5, 300

# Told (stage, share done).
# One component: distributions float64 [n_test, m, C] of every rating of the people tested, from their other ratings
# and from the ratings of the people learned from. Called with (learned, tested, categories).
Component = Callable[[IntArray, IntArray, int], FloatArray]


def statement_mean(ratings: IntArray) -> FloatArray:
    """The others' mean, float64 [n, m]."""
    return np.asarray((ratings.sum(axis=0) - ratings) / (len(ratings) - 1.0), dtype=np.float64)


def statement_median(ratings: IntArray) -> FloatArray:
    """The others' median, float64 [n, m]."""
    everyone = np.arange(len(ratings))
    return np.stack([np.median(ratings[everyone != i], axis=0) for i in everyone])


def item_neighbours(ratings: IntArray, categories: int) -> FloatArray:
    """Item-based nearest neighbours with correlations as similarity (Sarwar et al. 2001), float64 [n, m].

    ``mean_j + sum_k s_jk (r_k - mean_k) / (shrink + sum_k |s_jk|)`` over the statements most correlated with j, of
    either sign. Their number and the shrinkage are chosen by absolute error.
    """
    m = ratings.shape[1]
    mean, covariance = _moments(ratings)
    spread = np.sqrt(np.diagonal(covariance, axis1=2, axis2=3))
    similar = covariance / (spread[..., :, None] * spread[..., None, :])
    similar[..., np.arange(m), np.arange(m)] = 0.0
    # rounded: of equally correlated statements the first is nearer
    order = np.argsort(-np.abs(similar).round(12), axis=-1, kind="stable")
    ranked = np.take_along_axis(similar, order, axis=-1)
    apart = np.broadcast_to((ratings - mean)[..., None, :], order.shape)
    pull = np.cumsum(ranked * np.take_along_axis(apart, order, axis=-1), axis=-1)
    size = np.cumsum(np.abs(ranked), axis=-1)
    tried = [
        mean + pull[..., k - 1] / np.maximum(shrink + size[..., k - 1], 1e-12)
        for k in NEIGHBOURS
        if k < m
        for shrink in SHRINKS
    ]
    return _tuned(tried, ratings, categories)


def ridge(ratings: IntArray, categories: int) -> FloatArray:
    """Ridge regression on the person's other ratings, float64 [n, m]; the penalty is chosen by absolute error."""
    n, m = ratings.shape
    mean, covariance = _moments(ratings)
    apart = ratings - mean
    tried = []
    for penalty in PENALTIES:
        predicted = np.empty((n, n, m))
        for j in range(m):
            other = np.arange(m) != j
            square = covariance[..., other, :][..., other] + penalty * np.eye(m - 1)
            slopes = np.linalg.solve(square, covariance[..., other, j][..., None])[..., 0]
            predicted[..., j] = mean[..., j] + (slopes * apart[..., other]).sum(axis=-1)
        tried.append(predicted)
    return _tuned(tried, ratings, categories)


def _moments(ratings: IntArray) -> tuple[FloatArray, FloatArray]:
    """Means [n, n, m] and scatter [n, n, m, m] of everybody except i and p; on the diagonal, except i."""
    n = len(ratings)
    r = ratings.astype(np.float64)
    square = r[:, :, None] * r[:, None, :]
    twice = 1.0 - np.eye(n)
    count = n - 1.0 - twice
    total = r.sum(axis=0) - r[:, None] - twice[..., None] * r
    squares = square.sum(axis=0) - square[:, None] - twice[..., None, None] * square
    mean = total / count[..., None]
    return mean, squares - total[..., :, None] * mean[..., None, :]


def _tuned(tried: Sequence[FloatArray], ratings: IntArray, categories: int) -> FloatArray:
    """For every person i the predictions, of those tried, that have the least absolute error on the others.

    Args:
        tried: the candidates, float64 [n, n, m] each: [i, p] predicts the ratings of p without i's and, of p's, without
            the rating that is predicted; [i, i] predicts those of i.
        ratings: int64 [n, m], the ratings.
        categories: predictions are kept in [0, categories - 1].
    """
    every = np.clip(np.stack(tried), 0.0, categories - 1.0)
    errors = np.abs(every - ratings).sum(axis=-1)
    own = np.diagonal(errors, axis1=1, axis2=2)
    best = (errors.sum(axis=-1) - own).argmin(axis=0)
    people = np.arange(len(ratings))
    return np.asarray(every[best, people, people], dtype=np.float64)


def by_model(name: str, ratings: IntArray, categories: int, seed: int, **options: int) -> FloatArray:
    """Expected ratings of a model of `preferences`, float64 [n, m].

    For each rating of a person it is fitted to the others' ratings and the person's other ones.

    Args:
        name: the model's name in `preferences.MODELS`.
        ratings: int64 [n, m], the ratings.
        categories: the number of categories of a rating.
        seed: the seed of the starting points.
        options: the options of the model. They fix its size, since choosing it anew for everybody would take minutes.
    """
    n, m = ratings.shape
    predicted = np.empty((n, m))
    for i, j in np.ndindex(n, m):
        known = np.ones((n, m), dtype=np.bool_)
        known[i, j] = False
        model = MODELS[name].fit(_profile(ratings, known, categories), numbers(seed, i, j), **options)
        predicted[i, j] = model.utilities(np.array([i]), np.array([j]))[0, 0]
    return predicted


def _profile(ratings: IntArray, known: BoolArray, categories: int) -> Profile:
    """The known ratings as a profile."""
    agent, statement = np.nonzero(known)
    n, m = ratings.shape
    names = tuple(str(j) for j in range(m))
    scale = Scale("rating", 0.0, categories - 1.0)
    answers = Answers.of(agent, statement, ratings[known].astype(np.float64), scale)
    return Profile(Agents(tuple(str(i) for i in range(n))), Statements(names, names), answers)


def statement_shares(learned: IntArray, tested: IntArray, categories: int) -> FloatArray:
    """How often each rating was given to the statement, smoothed; see `Component`."""
    shares = (np.eye(categories)[learned].sum(axis=0) + SMOOTH) / (len(learned) + SMOOTH * categories)
    return np.broadcast_to(shares, (*tested.shape, categories))


def similar_people(bandwidth: float) -> Component:
    """Ratings of people weighted by a Gaussian kernel on the ratings in common; see `Component`."""

    def component(learned: IntArray, tested: IntArray, categories: int) -> FloatArray:
        apart = (tested[:, None] - learned) ** 2
        weight = np.exp(-(apart.sum(axis=-1, keepdims=True) - apart) / (2.0 * bandwidth**2))
        said = np.einsum("tlj,ljc->tjc", weight, np.eye(categories)[learned])
        prior = PRIOR * statement_shares(learned, tested, categories)
        return np.asarray((said + prior) / (weight.sum(axis=1) + PRIOR)[..., None], dtype=np.float64)

    return component


def graded(learned: IntArray, tested: IntArray, categories: int) -> FloatArray:
    """The graded response model's predictive distribution; see `Component`."""
    n, m = learned.shape
    agent, statement = np.divmod(np.arange(n * m), m)
    items = graded_response.fit_items(agent, statement, learned.ravel(), n, m, categories)
    # everyone tested is m people, each of whom lacks one rating
    person, lacks, statement = np.nonzero(np.broadcast_to(~np.eye(m, dtype=np.bool_), (len(tested), m, m)))
    member = graded_response.posterior(
        items, person * m + lacks, statement, tested[person, statement], len(tested) * m
    ).reshape(len(tested), m, -1)
    given = items.probability(graded_response.grid()[0])
    return np.asarray(np.einsum("njt,tjc->njc", member, given), dtype=np.float64)


#: Components of the mixture, by name.
COMPONENTS: dict[str, Component] = {
    "graded response": graded,
    **{f"similar people {bandwidth:g}": similar_people(bandwidth) for bandwidth in BANDWIDTHS},
    "statement": statement_shares,
}


def mixture(
    ratings: IntArray, categories: int, seed: int, components: Sequence[Component] = tuple(COMPONENTS.values())
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The components' distributions, and their mixture with the weights that predict the others' ratings best.

    Stacking of predictive distributions (Yao, Vehtari, Simpson and Gelman 2018): the others are cut into `FOLDS`
    parts, each part is predicted from the rest, and the weights maximise the sum of log-probabilities.

    Args:
        ratings: int64 [n, m], the ratings.
        categories: the number of categories of a rating.
        seed: the seed of the cuts.
        components: the components that are mixed.

    Returns:
        The mixture float64 [n, m, C], weights float64 [n, K], components float64 [K, n, m, C].
    """
    people = np.arange(len(ratings))
    weights, single = [], []
    for i in range(len(ratings)):
        others = numbers(seed, i).permutation(people[people != i])
        logs = []
        for part in np.array_split(others, FOLDS):
            learned, tested = ratings[np.setdiff1d(others, part)], ratings[part]
            every = np.stack([one(learned, tested, categories) for one in components])
            logs.append(np.take_along_axis(every, tested[None, ..., None], axis=-1).reshape(len(every), -1))
        weights.append(_weights(np.concatenate(logs, axis=1)))
        single.append([one(ratings[others], ratings[[i]], categories)[0] for one in components])
    weight, each = np.array(weights), np.array(single).transpose(1, 0, 2, 3)
    return np.einsum("nk,knmc->nmc", weight, each), weight, each


def _weights(likelihood: FloatArray) -> FloatArray:
    """Weights float64 [K] of a mixture with the largest likelihood of observations, float64 [K, n_observations]."""
    weight = np.full(len(likelihood), 1.0 / len(likelihood))
    for _ in range(STEPS):
        share = weight[:, None] * likelihood
        weight = (share / share.sum(axis=0)).mean(axis=1)
    return weight


def mean(distribution: FloatArray) -> FloatArray:
    """Expected ratings of distributions float64 [..., C]; the least squared error is expected of them."""
    return distribution @ np.arange(distribution.shape[-1], dtype=np.float64)


def median(distribution: FloatArray) -> FloatArray:
    """Median ratings of distributions float64 [..., C]; the least absolute error is expected of them."""
    return np.asarray((np.cumsum(distribution, axis=-1) < 0.5).sum(axis=-1), dtype=np.float64)


def predictions(
    ratings: IntArray, categories: int, seed: int, tell: Progress
) -> tuple[dict[str, FloatArray], dict[str, float]]:
    """Every predictor's predictions float64 [n, m] by name, and the mixture's mean weights by component.

    Args:
        ratings: int64 [n, m], the ratings in [0, categories).
        categories: the number of categories of a rating.
        seed: the seed of splits and starting points.
        tell: called with (stage, share done).
    """
    predictors: dict[str, FloatArray] = {
        "statement mean": statement_mean(ratings),
        "statement median": statement_median(ratings),
        "item-kNN": item_neighbours(ratings, categories),
        "ridge": ridge(ratings, categories),
    }
    predictors["item-kNN, rounded"] = np.rint(predictors["item-kNN"])
    tell("fitting low-rank", 0.1)
    predictors["low-rank"] = by_model("low-rank", ratings, categories, seed, rank=1)
    tell("fitting latent-classes", 0.4)
    predictors["latent-classes"] = by_model("latent-classes", ratings, categories, seed, classes=2)
    tell("fitting the mixture", 0.5)
    mixed, weight, each = mixture(ratings, categories, seed)
    for name, distribution in (("graded response", each[0]), ("mixture", mixed)):
        predictors[f"{name}, mean"], predictors[f"{name}, median"] = mean(distribution), median(distribution)
    return predictors, dict(zip(COMPONENTS, weight.mean(axis=0).tolist(), strict=True))
