"""The mixture as a model of a profile: votes, ratings, rankings and comparisons on one set of utilities a kind.

See `mixture_em` for what is fitted and what can be learned, and `likelihoods` for the likelihoods. A vote's pass has
parameters of its own: whether a kind takes a side on a statement at all. On rankings and comparisons a kind's predicted
utility of a statement is how many of the other statements (comparisons: which share) it is expected to be preferred to,
which is ``sum_j sigma(r_i - r_j)`` exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...profile import BoolArray, FloatArray, InputError, IntArray, Profile
from ..entries import Entries, completed, side_entries, sided_entries, weights_of
from ..factors import sigmoid
from ..held_out import child
from ..registry import two_part_model
from ..two_part import SampledParts, TwoPart
from .likelihoods import Compared, Evidence, Judged, Ranked
from .mixture_em import STARTS, Block, Mixture, fewest_classes, fit_mixture, held_out_per_person, responsibilities

#: Numbers of kinds tried, in this order.
CLASSES = (1, 2, 3, 4, 6, 8)
#: A larger number has to raise the held-out log-likelihood by this much (nats a person).
WORTHWHILE = 0.02
#: Precision of a kind's utilities around those of everybody together, and of those around their mean.
RIDGE, POOLED = 1.0, 0.5
_CELLS = 2_000_000


class MixtureModel(TwoPart):
    """A fitted mixture of preferences.

    Args:
        profile: the profile that it was fitted to, or one of other people met since.
        learned: the evidence that the kinds were learned from (utilities, and on votes the taking of sides), and how
            much each of those people, float64 [n, K], counts for each kind.
        mixture: the kinds.
        parameters: the choices that were made.
        features: float64 [m, d] the features of the statements; None: every statement has its own utility.
    """

    id = "mixture"

    def __init__(
        self,
        profile: Profile,
        learned: tuple[tuple[Block, ...], FloatArray],
        mixture: Mixture,
        parameters: dict[str, Any],
        features: FloatArray | None = None,
    ) -> None:
        super().__init__(profile, parameters)
        self.learned, self.mixture, self.features = learned, mixture, features
        self.member = mixture.member
        self.side, self.agree = self.of_kinds(mixture.theta)

    def of_kinds(self, theta: Sequence[FloatArray]) -> tuple[FloatArray, FloatArray]:
        """P(side) and expected agreement of every kind, two float64 [K, m]."""
        r = theta[0] if self.features is None else np.einsum("kd,md->km", theta[0], self.features)
        agree = _preferred(r) if self.scale.kind in ("ranking", "comparison") else sigmoid(r)
        return sigmoid(theta[1]) if len(theta) > 1 else np.ones_like(agree), agree

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        member, takes = self.member[agents], self.side[:, statements]
        # K is small: einsum without BLAS adds in a fixed order whatever the number of threads
        side = np.einsum("nk,km->nm", member, takes)
        return side, np.einsum("nk,km->nm", member, takes * self.agree[:, statements]) / side

    def at(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        side, agree = np.zeros(len(agents)), np.zeros(len(agents))
        for weight, takes, agrees in zip(self.member.T, self.side, self.agree, strict=True):
            side += weight[agents] * takes[statements]
            agree += weight[agents] * takes[statements] * agrees[statements]
        return side, agree / side

    def prefers(self, agents: IntArray, winners: IntArray, losers: IntArray) -> FloatArray:
        """P(agent prefers winner to loser) at single triples, float64 [n_triples]."""
        theta = self.mixture.theta[0]
        r = theta if self.features is None else np.einsum("kd,md->km", theta, self.features)
        each = sigmoid(r[:, winners] - r[:, losers])
        return np.asarray(np.einsum("nk,kn->n", self.member[agents], each), dtype=np.float64)

    def meet(self, profile: Profile) -> MixtureModel:
        """See `TwoPart.meet`: responsibilities from people's own answers."""
        profile = self.met(profile)
        blocks = _blocks(profile, self.features, [block.centre for block in self.learned[0]])
        m = self.mixture
        member = responsibilities(blocks, m.weight, m.theta)
        met = Mixture(m.weight, m.theta, member, weights_of(profile), m.bound)
        return MixtureModel(profile, self.learned, met, dict(self.parameters), self.features)

    def draw(self, rng: np.random.Generator) -> MixtureDraw:
        return MixtureDraw(self, rng)


class MixtureDraw(SampledParts):
    """One kind a person from their responsibilities, and the kinds' parameters from their Laplace posteriors."""

    def __init__(self, model: MixtureModel, rng: np.random.Generator) -> None:
        super().__init__(model.scale, model.trials)
        uniform = rng.random((len(model.member), 1))
        self._label = np.minimum((np.cumsum(model.member, axis=1) <= uniform).sum(axis=1), model.member.shape[1] - 1)
        blocks, weight = model.learned
        theta = [
            np.array([block.spread(kind, part, rng) for kind, part in zip(kinds, weight.T, strict=True)])
            for block, kinds in zip(blocks, model.mixture.theta, strict=True)
        ]
        self._side, self._agree = model.of_kinds(theta)

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        label = self._label[agents]
        return self._side[:, statements][label], self._agree[:, statements][label]


@two_part_model(
    id="mixture",
    about="kinds of people; reads comparisons and rankings as such",
    undercovers="90 % intervals hold 77 to 80 of 100 people's totals on votes: people of a kind are not alike",
    keeps=("classes",),
    compares=True,
    meets=True,
)
def fit(
    profile: Profile,
    rng: np.random.Generator,
    *,
    classes: int | None = None,
    hard: bool = False,
    starts: int = STARTS,
    features: FloatArray | None = None,
    splits: Sequence[BoolArray] | None = None,
) -> MixtureModel:
    """Fits a mixture of preferences, the number of kinds chosen by held-out log-likelihood a person unless given.

    Args:
        profile: the answers, comparisons, or both. Complete ballots are completed with what they leave out (rankings:
            the rest shares the last place).
        rng: the generator that picks who is held out, and the starts.
        classes: the number of kinds; None: chosen by held-out log-likelihood.
        hard: whether everybody is wholly in one kind while fitting (for comparison); needs ``classes``.
        starts: the number of starts of the fit.
        features: float64 [m, d] the features of the statements: utilities are linear in them. None: one utility a
            statement.
        splits: not used: people are held out here, not answers.

    Raises:
        InputError: ``hard`` is set without ``classes``, or features are of other statements.
    """
    if hard and classes is None:
        raise InputError("hard assignment needs the number of classes; it has no likelihood to choose by")
    if features is not None and len(features) != profile.n_statements:
        raise InputError(f"features of {len(features)} statements, but the profile has {profile.n_statements}")
    profile = completed(profile)
    own = child(rng)
    masses = weights_of(profile)
    free = _blocks(profile, features, None)
    pooled = [block.mode(block.mean, masses) for block in free]
    blocks = _blocks(profile, features, pooled)
    parameters: dict[str, Any] = {}
    if classes is None:
        held = held_out_per_person(blocks, CLASSES, child(own), masses=masses, worthwhile=WORTHWHILE)
        classes = fewest_classes(held, WORTHWHILE) if held else 1
        parameters["held_out_per_person"] = {str(k): round(likelihood, 6) for k, likelihood in held.items()}
    mixture = fit_mixture(blocks, classes, child(own), masses=masses, hard=hard, starts=starts)
    parameters = {"classes": classes, "ridge": RIDGE, **({"hard": True} if hard else {}), **parameters}
    return MixtureModel(profile, (blocks, masses[:, None] * mixture.member), mixture, parameters, features)


def _blocks(
    profile: Profile, features: FloatArray | None, centres: Sequence[FloatArray | None] | None
) -> tuple[Block, ...]:
    """The evidence of a profile; without centres, with the weak prior of everybody together."""
    n, m = profile.n_agents, profile.n_statements
    answers: list[Evidence] = []
    kind = profile.answers.scale.kind
    about = np.zeros(m if features is None else features.shape[1])
    if kind == "ranking":
        answers.append(_rankings(profile, features))
    elif kind != "comparison" or not len(profile.comparisons):
        sided = sided_entries(profile)
        answers.append(_judged(sided, features))
        if features is None:
            about += _logit(sided)
    c = profile.comparisons
    if len(c):
        answers.append(Compared(n, c.agent, c.winner, c.loser, m, features))
    evidence: list[tuple[tuple[Evidence, ...], FloatArray]] = [(tuple(answers), about)]
    sides = side_entries(profile)
    if sides is not None:
        evidence.append(((_judged(sides, None),), np.full(m, _logit(sides))))
    if centres is None:
        return tuple(Block(each, POOLED, mean) for each, mean in evidence)
    return tuple(Block(each, RIDGE, mean) for (each, _), mean in zip(evidence, centres, strict=True))


def _judged(entries: Entries, features: FloatArray | None) -> Judged:
    return Judged(entries.n_rows, entries.row, entries.column, entries.y, entries.trials, entries.n_columns, features)


def _logit(entries: Entries) -> float:
    """The logit of the mean, with one answer in the middle added."""
    mean = (float(entries.y.sum()) + 0.5) / (len(entries) + 1.0)
    return float(np.log(mean) - np.log1p(-mean))


def _rankings(profile: Profile, features: FloatArray | None) -> Ranked:
    """Everybody's ranking as one row, best first."""
    a, n = profile.answers, profile.n_agents
    order = np.lexsort((a.statement, a.value, a.agent))
    counts = np.diff(profile.indptr)
    width = int(counts.max(initial=0))
    column = np.arange(len(a)) - np.repeat(profile.indptr[:-1], counts)
    items, places = np.full((n, width), -1, dtype=np.int64), np.zeros((n, width), dtype=np.int64)
    items[a.agent, column] = a.statement[order]
    # equal places are equal whatever they are: their rank among the profile's values
    places[a.agent, column] = np.unique(a.value, return_inverse=True)[1][order]
    return Ranked(n, np.arange(n), items, places, profile.n_statements, features)


def _preferred(r: FloatArray) -> FloatArray:
    """The share of the other statements each is expected to be preferred to, float64 [K, m]."""
    k, m = r.shape
    above = np.empty((k, m))
    height = max(1, _CELLS // max(m, 1))
    for start in range(0, m, height):
        part = slice(start, start + height)
        above[:, part] = sigmoid(r[:, part, None] - r[:, None, :]).sum(axis=2)
    return (above - 0.5) / (m - 1) if m > 1 else np.full((k, m), 0.5)
