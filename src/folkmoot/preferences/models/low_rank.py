"""The low-rank logistic model: who takes a side, and which, from a few factors a person and a statement.

``logit P(agree | side) = a_p + b_j + u_p . v_j``, and the same form with its own factors for taking a side at all.
Fitted by `factors.fit_factors`; predictions average over the posterior, so people with few answers stay near the
statement's mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from ...profile import BoolArray, FloatArray, IntArray, Profile, Scale
from ..entries import Entries, completed, side_entries, sided_entries
from ..factors import Factors, Work, fit_factors, sigmoid
from ..held_out import FEWEST, binary_losses, child, holds
from ..products import product
from ..registry import Choice, two_part_model
from ..sides import Side
from ..two_part import SampledParts, TwoPart
from .few_shot import Loadings, located_entries

#: Ranks tried, in this order, each going on from the one before.
AGREE_RANKS = (0, 1, 2, 4, 8)
SIDE_RANKS = (0, 1, 2, 4)
#: A higher rank has to lower the held-out log-loss by this much (nats an answer).
WORTHWHILE = 2e-4
#: Sweeps and tolerance while choosing: losses settle long before parameters do.
_SWEEPS, QUICK = 25, 3e-4
#: exp of twice as much is a number.
LARGEST_LOGIT = 300.0


class LowRank(TwoPart):
    """A fitted low-rank model.

    Args:
        profile: the profile that it was fitted to.
        agree: the factors of agreement among those who take a side.
        side: the factors of taking a side; None on scales without a pass.
        parameters: the choices that were made.
    """

    id = "low-rank"

    def __init__(self, profile: Profile, agree: Factors, side: Factors | None, parameters: dict[str, Any]) -> None:
        super().__init__(profile, parameters)
        self.agree, self.side = agree, side

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        agree = self.agree.probability(agents, statements)
        side = np.ones_like(agree) if self.side is None else self.side.probability(agents, statements)
        return side, agree

    def at(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        agree = self.agree.at(agents, statements)
        side = np.ones_like(agree) if self.side is None else self.side.at(agents, statements)
        return side, agree

    def meet(self, profile: Profile) -> LowRank:
        """See `TwoPart.meet`: people's vectors at the mode of their posteriors, statements as they were fitted."""
        profile = self.met(profile)
        side = None if self.side is None else _met(self.side, side_entries(profile))
        model = LowRank(profile, _met(self.agree, sided_entries(profile)), side, dict(self.parameters))
        model.id = self.id
        return model

    def draw(self, rng: np.random.Generator) -> LowRankDraw:
        agree = self.agree.sample(rng)
        return LowRankDraw(self.scale, self.trials, agree, None if self.side is None else self.side.sample(rng))


class LowRankDraw(SampledParts):
    """Vectors of every person and statement, drawn from the posterior."""

    def __init__(
        self,
        scale: Scale,
        trials: int,
        agree: tuple[FloatArray, FloatArray],
        side: tuple[FloatArray, FloatArray] | None,
    ) -> None:
        super().__init__(scale, trials)
        self._agree, self._side = agree, side
        # Nothing diverged, so that products of odds are numbers.
        self._small = side is not None and max(_longest(agree), _longest(side)) < LARGEST_LOGIT

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        agree = sigmoid(_logits(self._agree, agents, statements).T).T
        if self._side is None:
            return np.ones_like(agree), agree
        return sigmoid(_logits(self._side, agents, statements).T).T, agree

    def answers(self, agents: IntArray, statements: IntArray, uniform: FloatArray) -> FloatArray:
        """See `protocol.Draw`; votes are compared with the uniform numbers on the scale of odds, which is quicker.

        With the odds A to agree and S not to take a side, P(disagree) = 1 / (1 + A)(1 + S) and P(agree) is A times
        that.
        """
        found = self.vote_odds(agents, statements)
        if found is None:
            return super().answers(agents, statements, uniform)
        odds, beyond = found[0].T, found[1].T
        beyond += 1.0
        beyond *= odds + 1.0
        reached = beyond * uniform
        beyond -= odds
        low, high = self.scale.utility_range
        steps = (reached >= 1.0).view(np.int8) + (reached >= beyond)
        votes = np.multiply(steps, (high - low) * 0.5, dtype=np.float64)
        votes += low
        return votes

    def vote_odds(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray] | None:
        """The odds to agree, and those not to take a side, float64 [n_statements, n_agents] each.

        None where there are no votes, or where odds are no numbers.
        """
        if self.scale.kind != "vote" or self._side is None or not self._small:
            return None
        agree, beyond = _logits(self._agree, agents, statements).T, _logits(self._side, agents, statements).T
        np.exp(agree, out=agree)
        np.exp(np.negative(beyond, out=beyond), out=beyond)
        return agree, beyond


def _logits(vectors: tuple[FloatArray, FloatArray], agents: IntArray, statements: IntArray) -> FloatArray:
    """float64 [n_agents, n_statements], statement by statement in memory, as uniform numbers are."""
    return product(vectors[1][statements].T, vectors[0][agents].T).T


def _longest(vectors: tuple[FloatArray, FloatArray]) -> float:
    """No logit is larger: the product of the longest vectors' lengths."""
    return float(np.prod([np.sqrt(np.einsum("nk,nk->n", each, each).max(initial=0.0)) for each in vectors]))


class _Ranked(NamedTuple):
    """A rank that was chosen, the held-out losses that it was chosen by, and the fit to all entries."""

    rank: int
    losses: dict[int, float]
    finish: Callable[[], Factors]


def choose(
    profile: Profile,
    rng: np.random.Generator,
    *,
    rank: int | None = None,
    side_rank: int | None = None,
    splits: Sequence[BoolArray] | None = None,
    tolerance: float = 1e-4,
) -> Choice[LowRank]:
    """The ranks of `fit`, called like it, before they are fitted to all answers."""
    profile = completed(profile)
    own = child(rng)
    if splits is None:
        splits = holds(profile, own)
    sided, sides = sided_entries(profile), side_entries(profile)
    took = profile.answers.value != 0 if sides is not None else np.ones(len(sided), dtype=np.bool_)
    agree = _best(sided, [held[took] for held in splits], AGREE_RANKS, rank, child(own), tolerance)
    parameters: dict[str, Any] = {"rank": agree.rank}
    side = None if sides is None else _best(sides, splits, SIDE_RANKS, side_rank, child(own), tolerance)
    if side is not None:
        parameters["side_rank"] = side.rank
    path = {} if side is None else side.losses
    parameters["held_out"] = {"agree": _rounded(agree.losses), "side": _rounded(path)}
    if agree.losses and (side is None or path):
        held = sum(int(h.sum()) for h in splits)
        among = sum(int((h & took).sum()) for h in splits)
        loss = agree.losses[agree.rank] * among / held + (0.0 if side is None else path[side.rank])
        parameters["held_out_log_loss"] = round(loss, 6)
    return Choice(
        parameters, lambda: LowRank(profile, agree.finish(), None if side is None else side.finish(), parameters)
    )


@two_part_model(
    id="low-rank",
    about="a few factors a person and a statement, logistic",
    keeps=("rank", "side_rank"),
    quick={"tolerance": QUICK},
    meets=True,
    choose=choose,
)
def fit(
    profile: Profile,
    rng: np.random.Generator,
    *,
    rank: int | None = None,
    side_rank: int | None = None,
    splits: Sequence[BoolArray] | None = None,
    tolerance: float = 1e-4,
) -> LowRank:
    """Fits the low-rank model, its ranks chosen by held-out log-loss unless given.

    Args:
        profile: the answers; whatever is missing was not answered. Complete ballots are completed with what they leave
            out.
        rng: the generator for splits and starting directions.
        rank: the number of factors of agreement; None: chosen on held-out answers.
        side_rank: the number of factors of taking a side; None: chosen on held-out answers.
        splits: the answers to hold out when choosing, bool [n_answers] each; drawn from ``rng`` when not given.
        tolerance: the gain of the evidence bound an answer, in nats, below which sweeps stop.
    """
    choice = choose(profile, rng, rank=rank, side_rank=side_rank, splits=splits, tolerance=tolerance)
    return choice.finish()


def _best(
    entries: Entries,
    splits: Sequence[BoolArray],
    ranks: Sequence[int],
    rank: int | None,
    rng: np.random.Generator,
    tolerance: float,
) -> _Ranked:
    """The given rank, or the smallest rank whose held-out loss is the best or not worth beating."""
    splits = [held for held in splits if held.any() and not held.all()]
    if rank is not None or not splits:
        given = rank if rank is not None else 0 if len(entries) < FEWEST else 1
        return _Ranked(given, {}, lambda: fit_factors(entries, given, rng, tolerance=tolerance))
    data = [(Work(_picked(entries, ~held)), _picked(entries, held)) for held in splits]
    fits: list[Factors | None] = [None] * len(data)
    firsts: dict[int, Factors] = {}
    losses: dict[int, float] = {}
    idle = 0
    for d in ranks:
        total = 0.0
        for place, (work, test) in enumerate(data):
            fitted = fit_factors(work, d, rng, start=fits[place], sweeps=_SWEEPS, tolerance=QUICK)
            fits[place] = fitted
            total += float(binary_losses(fitted.at(test.row, test.column), test.y).sum())
            if place == 0:
                firsts[d] = fitted
        best = min(losses.values(), default=np.inf)
        losses[d] = total / sum(len(test) for _, test in data)
        idle = 0 if losses[d] < best - WORTHWHILE else idle + 1
        if idle == 2:
            break
    least = min(losses.values())
    chosen = next(d for d in ranks if losses[d] <= least + WORTHWHILE)
    start = firsts[chosen]
    return _Ranked(chosen, losses, lambda: fit_factors(entries, chosen, rng, start=start, tolerance=tolerance))


def _met(factors: Factors, entries: Entries | None) -> Factors:
    """The same statements with other people."""
    assert entries is not None
    person = located_entries(Loadings.of(factors), entries)
    rows = Side(person.mean, person.cov, factors.rows.prior_mean, factors.rows.prior_cov)
    return Factors(rows, factors.columns, factors.bound, factors.converged)


def _picked(entries: Entries, keep: BoolArray) -> Entries:
    return replace(entries, row=entries.row[keep], column=entries.column[keep], y=entries.y[keep])


def _rounded(path: dict[int, float]) -> dict[str, float]:
    return {str(rank): round(loss, 6) for rank, loss in path.items()}
