"""Reward features: utilities linear in features of the statements, with a weight vector for each person.

``logit P(agree | side) = b_j + phi_j . w_p``, w_p Gaussian with a mean and covariance learned from everybody (empirical
Bayes). With given features this is the model of Barreto et al. 2025 (arXiv 2503.17338) without its network; without,
the features are those that reward factorization begins with (Shenfeld et al. 2025, arXiv 2503.06358): people x
statements with gaps at 1/2, filled in by ten rounds of singular value decomposition. Unlike `low_rank`, the features
stay where they are, so that a statement nobody has answered can be predicted from what it is like.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...profile import BoolArray, FloatArray, InputError, IntArray, Profile
from ..entries import MAX_CELLS, completed, sided_entries, weights_of
from ..factors import sigmoid
from ..held_out import child
from ..products import product
from ..registry import two_part_model
from ..two_part import SampledParts, TwoPart
from . import baselines
from .baselines import StatementMean
from .few_shot import Loadings, Person, fitted_prior, located_entries, predicted

#: Features where none are given, and rounds of filling in (both as in the code released with PReF).
RANK, ROUNDS = 5, 10


class RewardFeatures(TwoPart):
    """A fitted model.

    Args:
        profile: the profile that it was fitted to, or one of other people met since.
        loadings: the statements with the population's mean and covariance of w.
        person: the posterior of everybody's w.
        base: the model that predicts who takes a side at all.
        parameters: the choices that were made.
    """

    id = "reward-features"

    def __init__(
        self,
        profile: Profile,
        loadings: Loadings,
        person: Person,
        base: StatementMean,
        parameters: dict[str, Any],
    ) -> None:
        super().__init__(profile, parameters)
        self.loadings, self.person, self.base = loadings, person, base

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        some = Person(self.person.mean[agents], self.person.cov[agents])
        agree = predicted(self.loadings.over(statements), some)[0]
        return self.base.parts(agents, statements)[0], agree

    def at(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        agree = np.empty(len(agents))
        once, row = np.unique(agents, return_inverse=True)
        columns, column = np.unique(statements, return_inverse=True)
        height = max(1, MAX_CELLS // max(len(columns), 1))
        for start in range(0, len(once), height):
            inside = (row >= start) & (row < start + height)
            block = self.parts(once[start : start + height], columns)[1]
            agree[inside] = block[row[inside] - start, column[inside]]
        return self.base.at(agents, statements)[0], agree

    def meet(self, profile: Profile) -> RewardFeatures:
        """See `TwoPart.meet`."""
        profile = self.met(profile)
        person = located_entries(self.loadings, sided_entries(profile))
        return RewardFeatures(profile, self.loadings, person, self.base, dict(self.parameters))

    def draw(self, rng: np.random.Generator) -> RewardDraw:
        return RewardDraw(self, rng)


class RewardDraw(SampledParts):
    """Everybody's vector from its posterior; statements' offsets and features stay."""

    def __init__(self, model: RewardFeatures, rng: np.random.Generator) -> None:
        super().__init__(model.scale, model.trials)
        noise = rng.standard_normal(model.person.mean.shape)
        self._w = model.person.mean + np.einsum("nij,nj->ni", np.linalg.cholesky(model.person.cov), noise)
        self._loadings, self._base = model.loadings, model.base.draw(rng)

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        some = self._loadings.over(statements)
        agree = sigmoid(some.offset + product(self._w[agents].T, some.x.T))
        return self._base.parts(agents, statements)[0], agree


@two_part_model(
    id="reward-features",
    about="a weight for every feature of the statements, for each person",
    undercovers="90 % intervals hold 83 to 86 of 100 people's totals: features and offsets count as known",
    keeps=("rank",),
    meets=True,
)
def fit(
    profile: Profile,
    rng: np.random.Generator,
    *,
    features: FloatArray | None = None,
    rank: int = RANK,
    splits: Sequence[BoolArray] | None = None,
) -> RewardFeatures:
    """Fits the model.

    Args:
        profile: the answers; whatever is missing was not answered. Complete ballots are completed with what they leave
            out.
        rng: the generator for the starting directions of the decomposition.
        features: float64 [m, d] the features of the statements; None: from the answers.
        rank: the number of features that are taken from answers.
        splits: not used: nothing is chosen on held-out answers.

    Raises:
        InputError: features are of other statements, or there are too many people and statements to write out.
    """
    profile = completed(profile)
    n, m = profile.n_agents, profile.n_statements
    entries = sided_entries(profile)
    base = baselines.fit_statement_mean(profile, child(rng), strength=2.0)
    mean = np.clip(base.at(np.zeros(m, dtype=np.int64), np.arange(m))[1], 1e-6, 1.0 - 1e-6)
    supplied = features is not None
    if features is None:
        if n * m > MAX_CELLS:
            raise InputError(
                f"features from {n} x {m} answers need all of them at once; give features, or use low-rank"
            )
        block = np.full((n, m), np.nan)
        block[entries.row, entries.column] = entries.y
        features = _from_answers(block, weights_of(profile), min(rank, m), child(rng))
    elif len(features) != m:
        raise InputError(f"features of {len(features)} statements, but the profile has {m}")
    scale = np.sqrt(np.square(features).sum(axis=1).mean())
    # a constant feature is a person's readiness to agree with anything
    x = np.hstack([np.ones((m, 1)), features / (scale if scale > 0 else 1.0)])
    loadings = fitted_prior(np.log(mean) - np.log1p(-mean), x, entries)
    chosen = {"features": "given"} if supplied else {"features": "from the answers", "rank": rank}
    return RewardFeatures(profile, loadings, located_entries(loadings, entries), base, chosen)


def _from_answers(block: FloatArray, weight: FloatArray, rank: int, rng: np.random.Generator) -> FloatArray:
    """The right singular vectors times the roots of their values, float64 [m, rank].

    Subspace iteration that goes on from round to round; a person counts by the root of their weight in each sum.
    """
    observed = ~np.isnan(block)
    filled = np.where(observed, block, 0.5) - 0.5
    if not block.size:
        return np.zeros((block.shape[1], rank))
    right = np.linalg.qr(rng.standard_normal((block.shape[1], rank)))[0]
    values = np.zeros(rank)
    for _ in range(ROUNDS):
        for _ in range(4):
            left = np.einsum("nm,mr->nr", filled, right)
            across = np.einsum("nm,nr->mr", filled, left * weight[:, None])
            right, triangle = np.linalg.qr(across)
            values = np.abs(np.diagonal(triangle))
        fitted = np.einsum("nr,mr->nm", np.einsum("nm,mr->nr", filled, right), right)
        filled = np.where(observed, filled, np.clip(fitted, -0.5, 0.5))
    # values are squares of the singular values
    return np.asarray(right * values**0.25, dtype=np.float64)
