"""Own taste or copied from whom: social Poisson factorization (`gamma_poisson`) behind the preference-model protocol.

A Poisson rate is no probability: agreeing is what happens unless nothing is counted, P(agree) = 1 - exp(-rate), in the
fit and, averaged over the rate's posterior, in predictions. On scales other than votes that is so for each of the
scale's steps, of which the rescaled utility is the share. A pass is neither agreement nor disagreement, and taking a
side at all is predicted by person and statement biases. What nobody answered is not observed, and counts for nothing;
complete ballots are observed everywhere. Without follows it is plain Poisson factorization. People without answers
who follow nobody are predicted as the (weighted) average of those who answered, and drawn as one of them: the prior has
a long tail, and its average is nobody's.

A deliberation seldom has a follow graph. Where there is one, what is worth having is the audit: how much of an answer
is the person's own, and who the rest was copied from. Agreement with people one follows is not yet copying: friends
who think alike (homophily) look the same to this model.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from ...profile import BoolArray, FloatArray, IntArray, Profile
from ..entries import completed, sided_entries
from ..held_out import child
from ..registry import two_part_model
from ..two_part import SampledParts, TwoPart
from .baselines import fit_bias
from .gamma_poisson import Counts, Fitted, Gamma, anything, factorize, tasted
from .low_rank import LowRank

FACTORS = 4
#: Gamma shape of tastes and statements. Of .3 (published, for counts), .7, 1, 1.5, 2, 3 and 10 tried on held-out
#: answers of made-up worlds and four conversations, .7 to 1.5 did best; with .3 predictions are too sure.
SHAPE = 1.0
#: People times statements of a block.
_CELLS = 200_000


class Influence(NamedTuple):
    """The sources of expected agreement.

    Args:
        own: float64 [n_agents, n_statements] the share of the person's own factors, 0..1.
        whom: int64 [n_agents, n_statements] the row of the followed person most was copied from; -1 where nobody.
        most: float64 [n_agents, n_statements] that person's share.
    """

    own: FloatArray
    whom: IntArray
    most: FloatArray


class SocialPoisson(TwoPart):
    """A fitted model.

    Args:
        profile: the profile that it was fitted to.
        counts: the observed counts, with the graph.
        fitted: the fitted posteriors.
        bias: the model that predicts taking a side.
        parameters: the choices that were made.
        learned: the model it was learned as, where these are people met since; None: itself.
    """

    id = "social-poisson"

    def __init__(
        self,
        profile: Profile,
        counts: Counts,
        fitted: Fitted,
        bias: LowRank,
        parameters: dict[str, Any],
        learned: SocialPoisson | None = None,
    ) -> None:
        super().__init__(profile, parameters)
        self.counts, self.fitted, self.bias = counts, fitted, bias
        self.learned = self if learned is None else learned

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        agree = self._agree(agents, statements)
        new = self.unknown[agents]
        if new.any():
            agree[new] = self.learned._average[statements]
        return self.bias.parts(agents, statements)[0], agree

    def at(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        f = self.fitted
        mean = (f.theta.mean[:, agents] * f.beta.mean[:, statements]).sum(axis=0)
        spread = (f.theta.square[:, agents] * f.beta.square[:, statements]).sum(axis=0)
        spread -= np.square(f.theta.mean[:, agents] * f.beta.mean[:, statements]).sum(axis=0)
        order = np.lexsort((statements, agents))
        pair, edge, values = self.counts.heard(agents[order], statements[order])
        mean[order] += np.bincount(pair, f.tau.mean[edge] * values, len(agents))
        spread[order] += np.bincount(pair, (f.tau.shape / f.tau.rate**2)[edge] * values**2, len(agents))
        agree = anything(mean, spread)
        new = self.unknown[agents]
        if new.any():
            agree[new] = self.learned._average[statements[new]]
        return self.bias.at(agents, statements)[0], agree

    @cached_property
    def unknown(self) -> BoolArray:
        """bool [n]: who gave no answer and follows nobody."""
        silent: BoolArray = np.bincount(self.counts.row, minlength=self.counts.n) == 0
        silent[self.counts.follows[:, 0]] = False
        return silent

    @cached_property
    def known(self) -> IntArray:
        """Rows of those who answered."""
        return np.unique(self.counts.row)

    @cached_property
    def _average(self) -> FloatArray:
        """float64 [m]: weighted mean prediction over those who answered; the middle where nobody did."""
        m, weight = self.counts.m, self.counts.weights[self.known]
        if not float(weight.sum()):
            return np.full(m, 0.5)
        total, everything = np.zeros(m), np.arange(m)
        for part in np.array_split(np.arange(len(weight)), max(1, len(weight) * m // _CELLS)):
            total += np.einsum("n,nm->m", weight[part], self._agree(self.known[part], everything))
        return total / float(weight.sum())

    def _agree(self, agents: IntArray, statements: IntArray) -> FloatArray:
        f = self.fitted
        own, square, again = (
            np.einsum("kn,km->nm", of_theta[:, agents], of_beta[:, statements])
            for of_theta, of_beta in (
                (f.theta.mean, f.beta.mean),
                (f.theta.square, f.beta.square),
                (f.theta.mean**2, f.beta.mean**2),
            )
        )
        mean = own + copied(self.counts, f.tau.mean, agents, statements)
        spread = square - again + copied(self.counts, f.tau.shape / f.tau.rate**2, agents, statements, power=2)
        return anything(mean, spread)

    def meet(self, profile: Profile) -> SocialPoisson:
        """See `TwoPart.meet`: tastes from people's own answers. They follow nobody: with new edges fit again."""
        profile = self.met(profile)
        counts = _counted(profile, np.zeros((0, 2), dtype=np.int64))
        tau = Gamma(np.zeros(0), np.zeros(0))
        fitted = replace(self.fitted, theta=tasted(counts, self.fitted, SHAPE), tau=tau)
        return SocialPoisson(profile, counts, fitted, self.bias.meet(profile), dict(self.parameters), self.learned)

    def draw(self, rng: np.random.Generator) -> SocialDraw:
        return SocialDraw(self, rng)

    def influence(self, agents: IntArray, statements: IntArray) -> Influence:
        """The influence audit of a block: own factors, or copied from whom. Ties: the first in ``follows``."""
        agents, statements = np.asarray(agents), np.asarray(statements)
        own = np.einsum("kn,km->nm", self.fitted.theta.mean[:, agents], self.fitted.beta.mean[:, statements])
        rows, columns, pair, edge, values = _heard(self.counts, agents, statements)
        shape = (int(rows.max(initial=-1)) + 1, int(columns.max(initial=-1)) + 1)
        part = self.fitted.tau.mean[edge] * values
        order = np.lexsort((edge, -part, pair))
        first = order[np.flatnonzero(np.diff(pair[order], prepend=-1))]
        whom, most = np.full(shape[0] * shape[1], -1, dtype=np.int64), np.zeros(shape[0] * shape[1])
        whom[pair[first]] = self.counts.follows[edge[first], 1]
        most[pair[first]] = part[first]
        block = np.ix_(rows, columns)
        total = own + np.bincount(pair, part, shape[0] * shape[1]).reshape(shape)[block]
        positive = np.maximum(total, 1e-300)
        return Influence(own / positive, whom.reshape(shape)[block], most.reshape(shape)[block] / positive)


class SocialDraw(SampledParts):
    """Factors and copying drawn from their Gamma posteriors."""

    def __init__(self, model: SocialPoisson, rng: np.random.Generator) -> None:
        super().__init__(model.scale, model.trials)
        self._counts = model.counts
        self._theta = model.fitted.theta.sample(rng)
        self._beta = model.fitted.beta.sample(rng)
        known, among = model.learned.known, model.learned.fitted.theta
        weight = model.learned.counts.weights[known]
        if float(weight.sum()):
            like = rng.choice(known, int(model.unknown.sum()), p=weight / weight.sum())
            self._theta[:, model.unknown] = Gamma(among.shape[:, like], among.rate[:, like]).sample(rng)
        self._tau = model.fitted.tau.sample(rng)
        self._side = model.bias.draw(rng)

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        own = np.einsum("kn,km->nm", self._theta[:, agents], self._beta[:, statements])
        expected = own + copied(self._counts, self._tau, agents, statements)
        return self._side.parts(agents, statements)[0], -np.expm1(-expected)


def copied(counts: Counts, tau: FloatArray, agents: IntArray, statements: IntArray, power: int = 1) -> FloatArray:
    """Sums over followed people of tau r^power, float64 [n_agents, n_statements]: with 1 the rate that is copied."""
    rows, columns, pair, edge, values = _heard(counts, agents, statements)
    shape = (int(rows.max(initial=-1)) + 1, int(columns.max(initial=-1)) + 1)
    sums = np.bincount(pair, tau[edge] * values**power, shape[0] * shape[1]).reshape(shape)
    return np.asarray(sums[np.ix_(rows, columns)], dtype=np.float64)


def _heard(
    counts: Counts, agents: IntArray, statements: IntArray
) -> tuple[IntArray, IntArray, IntArray, IntArray, FloatArray]:
    """The places of a block's rows and columns among its distinct ones, and the followed people's counts there."""
    people, rows = np.unique(agents, return_inverse=True)
    things, columns = np.unique(statements, return_inverse=True)
    row, column = np.repeat(people, len(things)), np.tile(things, len(people))
    return rows.reshape(-1), columns.reshape(-1), *counts.heard(row, column)


def _follows(profile: Profile) -> IntArray:
    """The pairs of the profile's facts whose people are there, as rows."""
    index = profile.agent_index
    pairs = [(index[a], index[b]) for a, b in profile.facts.get("follows", ()) if a in index and b in index]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _counted(profile: Profile, follows: IntArray) -> Counts:
    e = sided_entries(profile)
    return Counts(e.row, e.column, e.y, e.n_rows, e.n_columns, follows, trials=e.trials, weight=e.weights)


@two_part_model(
    id="social-poisson",
    extra="exact",
    about="own taste, or copied; research, no better than low-rank",
    undercovers="90 % intervals hold 83 to 88 of 100 totals to statements: rates of statements count as nearly known",
    keeps=("factors",),
    meets=True,
)
def fit(
    profile: Profile,
    rng: np.random.Generator,
    *,
    follows: IntArray | None = None,
    factors: int = FACTORS,
    **_: Any,
) -> SocialPoisson:
    """Fits social Poisson factorization to votes or ratings.

    Args:
        profile: the answers; whatever is missing was not answered. Complete ballots are completed with what they leave
            out.
        rng: the generator for the starting point.
        follows: int64 [n_edges, 2] the rows of follower and followed; None: as the profile's fact ``follows`` has it
            by ids, and without one nobody follows anybody.
        factors: the number of factors of people's own taste; 0: copying alone.

    Raises:
        InputError: follows are not pairs of the profile's people.
        MissingExtraError: scipy is not installed.
    """
    profile = completed(profile)
    own = child(rng)
    edges = _follows(profile) if follows is None else np.asarray(follows)
    counts = _counted(profile, edges)
    fitted = factorize(counts, child(own), factors, shape=SHAPE)
    chosen = {"factors": factors, "follows": len(edges), "iterations": len(fitted.bound)}
    return SocialPoisson(profile, counts, fitted, fit_bias(profile, own), chosen)
