"""Latent classes: everyone belongs to one of K classes, and classes differ in how they answer each statement.

``P(answer c | class k, statement j) = theta[k, j, c]`` with categories disagree, pass, agree for votes, and low, high
counts of a binomial on other scales. EM for the posterior mode under Dirichlet priors that draw every class towards
the statement's mean (Dempster, Laird and Rubin 1977; Goodman 1974); what is missing is left out of the likelihood.
Membership stays soft: predictions average over a person's posterior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...profile import BoolArray, FloatArray, IntArray, Profile
from ..crossing import Crossing
from ..entries import completed, share, steps, weights_of, with_answers
from ..held_out import binary_losses, child, holds, vote_losses
from ..registry import Choice, two_part_model
from ..two_part import SampledParts, TwoPart

#: Numbers of classes tried, in this order.
CLASSES = (1, 2, 3, 4, 6, 8, 12)
#: A larger number of classes has to lower the held-out log-loss by this much (nats an answer).
WORTHWHILE = 5e-4
#: Answers' worth of the statement's mean in every class.
STRENGTH = 2.0
_STARTS, _SHORT, _LONG, _TOLERANCE = 3, 12, 150, 1e-5
#: Runs with more numbers than this to each person and answer are made one after the other: memory.
_TOGETHER = 4_000_000


@dataclass(frozen=True)
class Classes:
    """A fitted mixture.

    Args:
        weight: float64 [K] the class sizes.
        theta: float64 [K, m, C] the answer probabilities.
        member: float64 [n, K] the posterior memberships.
        counts: float64 [K, m, C] the Dirichlet parameters of ``theta`` given the memberships.
        bound: the penalised log-likelihood at every iteration, never falling.
    """

    weight: FloatArray
    theta: FloatArray
    member: FloatArray
    counts: FloatArray
    bound: tuple[float, ...]


class LatentClasses(TwoPart):
    """A fitted latent class model."""

    id = "latent-classes"

    def __init__(self, profile: Profile, classes: Classes, parameters: dict[str, Any]) -> None:
        super().__init__(profile, parameters)
        self.classes = classes

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        return _parts(self.classes.member[agents], self.classes.theta[:, statements])

    def at(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        side = np.zeros(len(agents))
        agree = np.zeros(len(agents))
        for member, theta in zip(self.classes.member.T, self.classes.theta, strict=True):
            weight = member[agents]
            agree += weight * theta[statements, -1]
            side += weight * (theta[statements, 0] + theta[statements, -1])
        return side, agree / side

    def meet(self, profile: Profile) -> LatentClasses:
        """See `TwoPart.meet`: class probabilities from people's own answers."""
        profile = self.met(profile)
        c = self.classes
        member = ClassEM(profile).expect(c.weight, c.theta)[0]
        return LatentClasses(profile, Classes(c.weight, c.theta, member, c.counts, c.bound), dict(self.parameters))

    def draw(self, rng: np.random.Generator) -> LatentClassDraw:
        return LatentClassDraw(self, rng)


class LatentClassDraw(SampledParts):
    """One class a person from its posterior, and class probabilities from their Dirichlet posterior."""

    def __init__(self, model: LatentClasses, rng: np.random.Generator) -> None:
        super().__init__(model.scale, model.trials)
        c = model.classes
        uniform = rng.random((len(c.member), 1))
        self._label = np.minimum((np.cumsum(c.member, axis=1) <= uniform).sum(axis=1), c.member.shape[1] - 1)
        gamma = np.maximum(rng.standard_gamma(c.counts), 1e-300)
        self._theta = gamma / gamma.sum(axis=2, keepdims=True)

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        theta = self._theta[:, statements]
        side = theta[..., 0] + theta[..., -1]
        agree = theta[..., -1] / np.maximum(side, 1e-300)
        label = self._label[agents]
        return side[label], agree[label]


def _parts(member: FloatArray, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
    # K is small: einsum without BLAS adds in a fixed order whatever the number of threads
    agree = np.einsum("nk,km->nm", member, theta[..., -1])
    side = np.einsum("nk,km->nm", member, theta[..., 0] + theta[..., -1])
    return side, agree / side


class ClassEM:
    """The answers as (agent, statement x category) counts in both orders, and the EM steps on them."""

    def __init__(self, profile: Profile, strength: float = STRENGTH) -> None:
        a = profile.answers
        self.n, self.m = profile.n_agents, profile.n_statements
        self.mass = weights_of(profile)
        if a.scale.kind == "vote":
            self.categories = 3
            row, cell, count = a.agent, a.statement * 3 + (a.value + 1.0).astype(np.int64), np.ones(len(a))
        else:
            self.categories = 2
            y, trials = share(profile), steps(profile)
            row = np.repeat(a.agent, 2)
            cell = (a.statement[:, None] * 2 + np.arange(2)).ravel()
            count = (trials * np.column_stack([1.0 - y, y])).ravel()
        self.row, self.cell, self.count = row, cell, count
        self.crossing = Crossing(row, cell, self.n, self.m * self.categories)
        self.heavy = heavy = count * self.mass[row]
        total = np.bincount(cell, heavy, self.m * self.categories).reshape(self.m, self.categories)
        overall = (total.sum(axis=0) + 1.0) / (total.sum() + self.categories)
        mean = (total + STRENGTH * overall) / (total.sum(axis=1, keepdims=True) + STRENGTH)
        self.prior = strength * mean

    def expect(self, weight: FloatArray, theta: FloatArray) -> tuple[FloatArray, float]:
        """Memberships, and the penalised log-likelihood at these parameters."""
        return self._expect([(weight, theta)])[0]

    def _expect(self, points: Sequence[tuple[FloatArray, FloatArray]]) -> list[tuple[FloatArray, float]]:
        """`expect` at several points, whose sums are made in one pass over the answers."""
        logs = [np.log(theta) for _, theta in points]
        sums = self.crossing.each_of_rows(self.count, [log.reshape(len(log), -1) for log in logs])
        found = []
        for (weight, _), log, own in zip(points, logs, sums, strict=True):
            scores = own.T + np.log(weight)
            top = scores.max(axis=1, keepdims=True)
            member = np.exp(scores - top)
            total = member.sum(axis=1, keepdims=True)
            likelihood = float((self.mass[:, None] * (top + np.log(total))).sum())
            penalty = float((self.prior * log).sum() + np.log(weight).sum())
            found.append((member / total, likelihood + penalty))
        return found

    def _maximise(self, members: Sequence[FloatArray]) -> list[tuple[FloatArray, FloatArray, FloatArray]]:
        """Class sizes, answer probabilities and their Dirichlet parameters at each of several memberships."""
        sums = self.crossing.each_of_columns(self.heavy, [member.T for member in members])
        found = []
        for member, own in zip(members, sums, strict=True):
            counts = own.reshape(len(own), self.m, self.categories) + self.prior
            theta = counts / counts.sum(axis=2, keepdims=True)
            weight = ((self.mass[:, None] * member).sum(axis=0) + 1.0) / (self.mass.sum() + member.shape[1])
            found.append((weight, theta, counts))
        return found

    def run(self, weight: FloatArray, theta: FloatArray, iterations: int, tolerance: float = _TOLERANCE) -> Classes:
        """EM from the given parameters, until an iteration gains less than the tolerance times the answers."""
        return self.runs([(weight, theta)], iterations, tolerance)[0]

    def runs(self, starts: Sequence[tuple[FloatArray, FloatArray]], iterations: int, tolerance: float) -> list[Classes]:
        """`run` from each of several parameters.

        Each is what it is alone: they only go over the answers together, which takes hardly longer than for one.
        """
        points = dict(enumerate(starts))
        bounds: list[list[float]] = [[] for _ in starts]
        done: dict[int, Classes] = {}
        while points:
            expected = dict(zip(points, self._expect(list(points.values())), strict=True))
            best = self._maximise([member for member, _ in expected.values()])
            for (which, (member, value)), (weight, theta, counts) in zip(expected.items(), best, strict=True):
                bound = bounds[which]
                bound.append(value)
                points[which] = weight, theta
                settled = len(bound) > 1 and bound[-1] - bound[-2] < tolerance * len(self.row)
                if settled or len(bound) >= iterations:
                    done[which] = Classes(weight, theta, member, counts, tuple(bound))
                    del points[which]
        return [done[which] for which in range(len(starts))]

    def fit(self, classes: int, rng: np.random.Generator, starts: int = _STARTS, long: int = _LONG) -> Classes:
        """The best of several short runs from random starts, continued."""
        mean = self.prior / self.prior.sum(axis=1, keepdims=True)
        begun = []
        for _ in range(starts if classes > 1 else 1):
            noise = np.exp(0.7 * rng.standard_normal((classes, *mean.shape)))
            theta = mean * noise
            theta /= theta.sum(axis=2, keepdims=True)
            begun.append((np.full(classes, 1.0 / classes), theta))
        together = len(begun) if len(begun) * classes * (self.n + mean.size) <= _TOGETHER else 1
        short = [
            one
            for first in range(0, len(begun), together)
            for one in self.runs(begun[first : first + together], _SHORT, 1e-4)
        ]
        best = max(short, key=lambda one: one.bound[-1])  # of equal ones the first
        more = self.run(best.weight, best.theta, long)
        return Classes(more.weight, more.theta, more.member, more.counts, best.bound + more.bound)


def choose(
    profile: Profile,
    rng: np.random.Generator,
    *,
    classes: int | None = None,
    splits: Sequence[BoolArray] | None = None,
) -> Choice[LatentClasses]:
    """The number of classes of `fit`, called like it, before they are fitted to all answers."""
    profile = completed(profile)
    own = child(rng)
    if splits is None:
        splits = holds(profile, own)
    held_out: dict[str, Any] = {}
    if classes is None:
        classes, losses = _choose(profile, splits, child(own))
        held_out["held_out"] = {str(k): round(loss, 6) for k, loss in losses.items()}
        if losses:
            held_out["held_out_log_loss"] = round(losses[classes], 6)
    parameters, number, last = {"classes": classes, **held_out}, classes, child(own)
    return Choice(parameters, lambda: LatentClasses(profile, ClassEM(profile).fit(number, last), parameters))


@two_part_model(
    id="latent-classes",
    about="a few classes of people, who differ in how they answer",
    keeps=("classes",),
    meets=True,
    undercovers="90 % intervals hold 78 to 80 of 100 people's totals: people of a class are not alike",
    choose=choose,
)
def fit(
    profile: Profile,
    rng: np.random.Generator,
    *,
    classes: int | None = None,
    splits: Sequence[BoolArray] | None = None,
) -> LatentClasses:
    """Fits latent classes, their number chosen by held-out log-loss unless given.

    Args:
        profile: the answers; whatever is missing was not answered. Complete ballots are completed with what they leave
            out.
        rng: the generator for splits and starting points.
        classes: the number of classes; None: chosen on held-out answers.
        splits: the answers to hold out when choosing, bool [n_answers] each; drawn from ``rng`` when not given.
    """
    return choose(profile, rng, classes=classes, splits=splits).finish()


def _choose(profile: Profile, splits: Sequence[BoolArray], rng: np.random.Generator) -> tuple[int, dict[int, float]]:
    splits = [held for held in splits if held.any() and not held.all()]
    if not splits:
        return 1, {}
    a = profile.answers
    y = share(profile)
    trained = [with_answers(profile, ~held) for held in splits]
    ems = [ClassEM(train) for train in trained]
    losses: dict[int, float] = {}
    idle = 0
    for k in CLASSES:
        total = 0.0
        for train, em, held in zip(trained, ems, splits, strict=True):
            model = LatentClasses(train, em.fit(k, rng, starts=2, long=40), {})
            side, agree = model.at(a.agent[held], a.statement[held])
            if a.scale.kind == "vote":
                total += float(vote_losses(side, agree, a.value[held]).sum())
            else:
                total += float(binary_losses(agree, y[held]).sum())
        best = min(losses.values(), default=np.inf)
        losses[k] = total / sum(int(held.sum()) for held in splits)
        idle = 0 if losses[k] < best - WORTHWHILE else idle + 1
        if idle == 2:
            break
    least = min(losses.values())
    return next(k for k in CLASSES if losses[k] <= least + WORTHWHILE), losses
