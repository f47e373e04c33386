"""What every model has to beat: the statement's mean, user and statement biases, and nearest neighbours.

They follow the same protocol and are tuned on held-out answers like the models, so that a comparison is fair.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...profile import BoolArray, FloatArray, InputError, IntArray, Profile
from ..entries import Entries, completed, side_entries, sided_entries, with_answers
from ..held_out import binary_losses, child, holds
from ..protocol import Draw
from ..registry import two_part_model
from ..two_part import PartsFixed, SampledParts, TwoPart
from . import low_rank
from .low_rank import LowRank

#: Nearest neighbours compare everyone with everyone; more people than this are refused.
MOST_PEOPLE = 6000


class StatementMean(TwoPart):
    """Everyone answers like the average answerer of the statement, drawn a little towards the overall mean."""

    id = "statement-mean"

    def __init__(self, profile: Profile, strength: float) -> None:
        super().__init__(profile, {"strength": strength})
        self._agree = _posterior(sided_entries(profile), strength)
        sides = side_entries(profile)
        self._side = None if sides is None else _posterior(sides, strength)

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        side, agree = self.at(agents, statements)
        shape = (len(agents), len(statements))
        return np.broadcast_to(side, shape).copy(), np.broadcast_to(agree, shape).copy()

    def at(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        agree = _mean(self._agree)[statements]
        return np.ones_like(agree) if self._side is None else _mean(self._side)[statements], agree

    def meet(self, profile: Profile) -> StatementMean:
        """See `TwoPart.meet`: they answer like everybody else."""
        self.met(profile)
        return self

    def draw(self, rng: np.random.Generator) -> StatementMeanDraw:
        agree = rng.beta(*self._agree)
        return StatementMeanDraw(self, agree, np.ones_like(agree) if self._side is None else rng.beta(*self._side))


class StatementMeanDraw(SampledParts):
    """Statement means drawn from their Beta posteriors."""

    def __init__(self, model: StatementMean, agree: FloatArray, side: FloatArray) -> None:
        super().__init__(model.scale, model.trials)
        self._agree, self._side = agree, side

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        shape = (len(agents), len(statements))
        return np.broadcast_to(self._side[statements], shape), np.broadcast_to(self._agree[statements], shape)


def _posterior(entries: Entries, strength: float) -> tuple[FloatArray, FloatArray]:
    """Beta parameters of every statement: its counts plus ``strength`` answers' worth of the overall mean."""
    heavy = entries.trials * entries.weights[entries.row]
    ones = np.bincount(entries.column, heavy * entries.y, entries.n_columns)
    total = np.bincount(entries.column, heavy, entries.n_columns)
    mean = (ones.sum() + 0.5) / (total.sum() + 1.0)
    return ones + strength * mean, total - ones + strength * (1.0 - mean)


def _mean(beta: tuple[FloatArray, FloatArray]) -> FloatArray:
    return beta[0] / (beta[0] + beta[1])


@two_part_model(
    id="statement-mean",
    about="everybody answers like the average of those who answered",
    undercovers="90 % intervals hold 60 to 80 of 100 people's totals: it knows no difference between people",
    keeps=("strength",),
    meets=True,
)
def fit_statement_mean(
    profile: Profile,
    rng: np.random.Generator,
    *,
    strength: float | None = None,
    splits: Sequence[BoolArray] | None = None,
) -> StatementMean:
    """Statement means, the strength of their smoothing chosen on held-out answers unless given.

    Complete ballots are completed where that is affordable (`entries.MAX_CELLS`); larger ones take the mean over what
    is listed, and nothing of theirs is missing to be predicted.
    """
    try:
        profile = completed(profile)
    except InputError:
        return StatementMean(profile, 1.0)
    if strength is None:
        strength = 2.0
        least = np.inf
        splits = holds(profile, child(rng)) if splits is None else splits
        for candidate in (0.5, 1.0, 2.0, 4.0, 8.0) if splits else ():
            loss = 0.0
            for held in splits:
                model = StatementMean(with_answers(profile, ~held), candidate)
                test = sided_entries(with_answers(profile, held))
                loss += float(binary_losses(model.at(test.row, test.column)[1], test.y).sum())
            if loss < least:
                strength, least = candidate, loss
    return StatementMean(profile, strength)


@two_part_model(id="bias", about="how agreeable a person is, and how agreeable a statement", meets=True)
def fit_bias(profile: Profile, rng: np.random.Generator, **_: Any) -> LowRank:
    """User and statement biases: the low-rank model of rank 0, logit p = a_p + b_j."""
    model = low_rank.fit(profile, rng, rank=0, side_rank=0, splits=[])
    model.id = "bias"
    return model


class Neighbours(TwoPart):
    """Similar people's residuals around a base prediction.

    ``p = base_ij + sum_n s_in (y_nj - base_nj) / (shrink + sum_n s_in)`` over the k most similar people n who took a
    side on j (Koren 2010, "Factor in the neighbors", with a shrunk denominator). Similarity of two people is the
    cosine of their residuals on statements both took a side on, times ``n_common / (n_common + damp)``; negative
    similarity counts for nothing. Passes are predicted by the biases.
    """

    id = "k-nn"

    def __init__(self, profile: Profile, base: TwoPart, bias: TwoPart, options: dict[str, Any]) -> None:
        super().__init__(profile, options)
        entries = sided_entries(profile)
        self._base, self._bias = base, bias
        known = base.at(entries.row, entries.column)[1]
        self._residual = np.zeros((profile.n_agents, profile.n_statements))
        self._residual[entries.row, entries.column] = entries.y - known
        answered = np.zeros_like(self._residual)
        answered[entries.row, entries.column] = 1.0
        self._voters = [np.flatnonzero(answered[:, j]) for j in range(profile.n_statements)]
        common = answered @ answered.T
        square = self._residual**2 @ answered.T
        cosine = (self._residual @ self._residual.T) / np.sqrt(np.maximum(square * square.T, 1e-12))
        np.fill_diagonal(cosine, 0.0)
        self._cosine, self._common = np.maximum(cosine, 0.0), common
        self.damp(float(options["damp"]))

    def damp(self, damp: float) -> None:
        """Sets how many statements in common it takes to be believed half."""
        self.similarity = self._cosine * self._common / (self._common + damp)

    def ranked(self, agents: IntArray, statement: int, most: int) -> tuple[FloatArray, FloatArray]:
        """Similarities of the nearest who took a side, best first, and their residuals times similarity."""
        voters = self._voters[statement]
        near = self.similarity[np.ix_(agents, voters)]
        order = np.argsort(-near, axis=1, kind="stable")[:, :most]
        near = np.take_along_axis(near, order, axis=1)
        return near, near * self._residual[voters, statement][order]

    def _shifts(self, agents: IntArray, statement: int) -> FloatArray:
        near, pull = self.ranked(agents, statement, int(self.parameters["k"]))
        return np.asarray(pull.sum(axis=1) / (self.parameters["shrink"] + near.sum(axis=1)), dtype=np.float64)

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        shift = np.column_stack([self._shifts(agents, int(j)) for j in statements])
        agree = self._base.parts(agents, statements)[1] + shift.reshape(len(agents), len(statements))
        return self._bias.parts(agents, statements)[0], np.clip(agree, _EDGE, 1.0 - _EDGE)

    def at(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        agree = self._base.at(agents, statements)[1]
        for j in np.unique(statements):
            places = np.flatnonzero(statements == j)
            agree[places] += self._shifts(agents[places], int(j))
        return self._bias.at(agents, statements)[0], np.clip(agree, _EDGE, 1.0 - _EDGE)

    def draw(self, rng: np.random.Generator) -> Draw:
        return PartsFixed(self)


#: Neighbour predictions stay this far off 0 and 1.
_EDGE = 0.01
_KS = (5, 10, 20, 40, 80, 160)
_SHRINKS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
_DAMPS = (2.0, 8.0, 32.0)


# The k nearest are k people, whatever they weigh: a person of weight two would be their own nearest neighbour.
@two_part_model(
    id="k-nn",
    about="people who answered alike so far (for up to a few thousand)",
    undercovers="90 % intervals hold 84 to 87 of 100 people's totals: it has no uncertainty of its own",
    keeps=("base", "k", "shrink", "damp"),
    weighs=False,
)
def fit_neighbours(
    profile: Profile, rng: np.random.Generator, *, splits: Sequence[BoolArray] | None = None, **chosen: Any
) -> Neighbours:
    """k nearest neighbours; base, k, shrinkage and damping chosen on held-out answers, unless given all together.

    Raises:
        InputError: there are more than `MOST_PEOPLE` people.
    """
    profile = completed(profile)
    if profile.n_agents > MOST_PEOPLE:
        raise InputError(f"nearest neighbours compare all pairs; {profile.n_agents} people are too many, use low-rank")
    splits = [] if chosen else holds(profile, child(rng)) if splits is None else splits
    best = {"base": "bias", "k": 40, "shrink": 2.0, "damp": 8.0, **chosen}
    least = np.inf
    # one split is enough to tune four numbers, and the comparison of all pairs is what costs
    for held in splits[:1]:
        train, test = with_answers(profile, ~held), sided_entries(with_answers(profile, held))
        bias = fit_bias(train, rng)
        for name, base in (("statement-mean", fit_statement_mean(train, rng, strength=2.0)), ("bias", bias)):
            known = base.at(test.row, test.column)[1]
            model = Neighbours(train, base, bias, {"damp": _DAMPS[0]})
            for damp in _DAMPS:
                model.damp(damp)
                for (k, shrink), loss in _grid_losses(model, test, known).items():
                    if loss < least:
                        best, least = {"base": name, "k": k, "shrink": shrink, "damp": damp}, loss
    bias = fit_bias(profile, rng)
    base = bias if best["base"] == "bias" else fit_statement_mean(profile, rng, strength=2.0)
    return Neighbours(profile, base, bias, best)


def _grid_losses(model: Neighbours, test: Entries, known: FloatArray) -> dict[tuple[int, float], float]:
    """Summed log-loss of every (k, shrink) at once: sums over the nearest k are running sums over the ranked."""
    losses = {(k, shrink): 0.0 for k in _KS for shrink in _SHRINKS}
    for j in np.unique(test.column):
        places = np.flatnonzero(test.column == j)
        near, pull = (np.cumsum(x, axis=1) for x in model.ranked(test.row[places], int(j), _KS[-1]))
        for k in _KS:
            last = min(k, near.shape[1]) - 1
            for shrink in _SHRINKS:
                shift = pull[:, last] / (shrink + near[:, last]) if last >= 0 else 0.0
                p = np.clip(known[places] + shift, _EDGE, 1.0 - _EDGE)
                losses[k, shrink] += float(binary_losses(p, test.y[places]).sum())
    return losses
