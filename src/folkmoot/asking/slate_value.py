"""What a question is worth to the slate: the expected change of its welfare and of its certificate.

What is published is the slate, so a question is worth asking where its answer could change the assignment, the slate,
or whether a coalition has a complaint. One answer rarely changes a slate (one step ahead nearly all
questions are worth nothing), many answers to the same question do: so the value of asking it of everybody who has not
answered is computed by the normal approximation of Bayesian experimental design (Raiffa and Schlaifer 1961, linear
loss; Frazier, Powell and Dayanik 2008, knowledge gradient), and shared out in proportion to what each person's answer
adds to its variance. All values are in utilities summed over people (1: one person from the worst to the best), or,
for the certificate, in people who complain or do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import erf, pi, sqrt

import numpy as np

from ..profile import FloatArray, InputError, IntArray
from ..profile.streams import Stream, stream
from .population import UNASKED, Population, normalised

# Numbers of other slates and of coalitions considered, and of people sampled to estimate everybody's variance.
RIVALS, COALITIONS, SAMPLE = 12, 8, 400
_BLOCK = 4_000_000


@dataclass(frozen=True)
class Worth:
    """What asking is worth, float64 [n, m] each; 0 where the question was answered.

    Args:
        seat: the expected gain of the person's own seat: who answers can be assigned better in the slate as it is.
        change: the share in the expected gain from choosing another slate.
        certificate: the share in the expected number of people by which a complaint turns out to have enough people
            after all, or too few.
    """

    seat: FloatArray
    change: FloatArray
    certificate: FloatArray

    @property
    def total(self) -> FloatArray:
        """The sum of the three parts."""
        return self.seat + self.change + self.certificate


@dataclass(frozen=True, eq=False)
class SlateValue:
    """Value of information for one slate, over everybody's answers so far.

    Seats are best statements of the slate (no balance): cheap, and the same order of questions in practice.

    Args:
        population: the classes of people.
        answers: int64 [n, m] everybody's answers.
        chosen: int64 [k] the slate, statements 0..m-1.
        pool: int64 [p] the statements that could be chosen.
        costs: int64 [m] the cost of every statement.
        budget: the budget of a slate.
        seed: the seed that draws the `SAMPLE` people by whom the variance of everybody's answers is estimated.

    Raises:
        InputError: the slate is empty, or costs more than the budget.
    """

    population: Population
    answers: IntArray
    chosen: IntArray
    pool: IntArray
    costs: IntArray
    budget: int
    seed: int = 0

    def __post_init__(self) -> None:
        if not len(self.chosen):
            raise InputError("the slate is empty: there is nothing to ask about; choose a slate first")
        spent = int(self.costs[self.chosen].sum())
        if spent > self.budget:
            raise InputError(f"the slate costs {spent}, more than its budget of {self.budget}; give the budget it has")

    @cached_property
    def utilities(self) -> FloatArray:
        """float64 [n, m] in [0, 1], completed by expectations."""
        return self.population.utilities(self.answers)

    @cached_property
    def rivals(self) -> list[IntArray]:
        """Slates that differ in one statement and come closest in welfare, or exceed it; the best first."""
        own = self.utilities[:, self.chosen]
        others = np.setdiff1d(self.pool, self.chosen)
        left = self.budget - int(self.costs[self.chosen].sum())
        swaps: list[tuple[float, int, int]] = []
        for place in range(len(self.chosen)):
            rest = np.delete(own, place, axis=1).max(axis=1, initial=0.0)
            total = np.maximum(self.utilities[:, others], rest[:, None]).sum(axis=0)
            fits = self.costs[others] <= left + self.costs[self.chosen[place]]
            swaps += [(float(total[at]), place, int(others[at])) for at in np.flatnonzero(fits)]
        swaps.sort(key=lambda entry: (-entry[0], entry[1], entry[2]))
        return [np.append(np.delete(self.chosen, place), other).astype(np.int64) for _, place, other in swaps[:RIVALS]]

    @cached_property
    def coalitions(self) -> list[tuple[int, int, int]]:
        """Statements outside the slate that come closest to a complaint: (statement, level of answers, need).

        People complain who answer the statement at that level or above, and everything in the slate below it; where
        they have not answered, with the probability that they would.
        """
        return [(statement, level, need) for statement, level, need, _ in self._complaints]

    @cached_property
    def _complaints(self) -> list[tuple[int, int, int, float]]:
        """`coalitions` with the expected number of people in them."""
        others = np.setdiff1d(self.pool, self.chosen)
        belief = self.population.belief(self.answers)
        levels_answered = self.answers[:, others]
        mass = np.zeros((self.population.n_answers, len(others)))
        for level in range(1, self.population.n_answers):
            unserved = belief * self._below(self.answers, level).prod(axis=0)
            likely = unserved @ self.population.chance[:, others, level:].sum(axis=2)
            certain = (levels_answered >= level) * unserved.sum(axis=1, keepdims=True)
            mass[level] = np.where(levels_answered == UNASKED, likely, certain).sum(axis=0)
        needs = -(-self.costs[others] * len(belief) // self.budget)
        order = np.argsort(-mass.max(axis=0) / needs, kind="stable")[:COALITIONS]
        levels = mass.argmax(axis=0)
        complaints = [(int(others[j]), int(levels[j]), int(needs[j]), float(mass[:, j].max())) for j in order]
        return [complaint for complaint in complaints if complaint[3] > 0]

    def _below(self, answers: IntArray, level: int) -> FloatArray:
        """float64 [k, b, K]: probability in each class that each statement of the slate is answered below a level."""
        known = answers[:, self.chosen].T[:, :, None]
        chance = self.population.chance[:, self.chosen, :level].sum(axis=2).T[:, None, :]
        return np.where(known == UNASKED, chance, (known < level) * 1.0)

    @cached_property
    def worth(self) -> Worth:
        """The worth of asking everybody about every statement."""
        return self.worth_to(np.arange(len(self.answers)))

    def worth_to(self, people: IntArray) -> Worth:
        """The worth for some people int64 [p] and every statement, float64 [p, m] each."""
        return self.worth_of(self.answers[people])

    def worth_of(self, answers: IntArray) -> Worth:
        """The worth for people with the answers int64 [p, m], float64 [p, m] each.

        They may have answered more since, or be new: the beliefs about everybody else stay as they were.
        """
        open_ = answers == UNASKED
        seat, rival, doubt = self._doubts(answers)
        change = _shared(rival[1], self._everybody[0], self._leads)
        certificate = _shared(doubt[1], self._everybody[1], self._margins)
        return Worth(seat * open_, change * open_, certificate * open_)

    @cached_property
    def _everybody(self) -> tuple[FloatArray, FloatArray]:
        """Shift and variance that everybody's answers to a question have for rivals and coalitions: [2, s, m] each."""
        n = len(self.answers)
        some = np.sort(stream(self.seed, Stream.DEMAND).choice(n, min(n, SAMPLE), replace=False))
        open_ = self.answers[some] == UNASKED
        _, rival, doubt = self._doubts(self.answers[some])
        scale = n / len(some)
        return (rival * open_).sum(axis=2) * scale, (doubt * open_).sum(axis=2) * scale

    @cached_property
    def _leads(self) -> FloatArray:
        totals = np.array([self.utilities[:, slate].max(axis=1).sum() for slate in [self.chosen, *self.rivals]])
        return np.asarray(totals[1:] - totals[0])

    @cached_property
    def _margins(self) -> FloatArray:
        return np.array([mass - need for _, _, need, mass in self._complaints], dtype=np.float64)

    def _doubts(self, answers: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Gain of the seat [p, m], and shift and variance of the answers for rivals and for coalitions [2, s, p, m]."""
        n, m = answers.shape
        slates = [self.chosen, *self.rivals]
        columns = np.array(sorted(set(np.concatenate(slates).tolist())), dtype=np.int64)
        seats = [np.searchsorted(columns, slate) for slate in slates]
        seat = np.zeros((n, m))
        rival, doubt = np.zeros((2, len(self.rivals), n, m)), np.zeros((2, len(self.coalitions), n, m))
        step = max(1, _BLOCK // (m * self.population.n_answers * len(columns)))
        for start in range(0, n, step):
            part, rows = slice(start, start + step), answers[start : start + step]
            share, later = self._after(rows, columns)
            best = np.stack([later[..., place].max(axis=-1) for place in seats])
            now = self.population.utilities(rows)
            seats_now = np.stack([now[:, slate].max(axis=1) for slate in slates])
            seat[part] = np.maximum((share * best[0]).sum(axis=-1) - seats_now[0][:, None], 0.0)
            rival[:, :, part] = _moments(share, best[1:] - best[0], seats_now[1:] - seats_now[0])
            for place, (statement, level, _) in enumerate(self.coalitions):
                doubt[1, place, part] = self._doubtful(rows, share, statement, level)
        return seat, rival, doubt

    def _doubtful(self, answers: IntArray, share: FloatArray, statement: int, level: int) -> FloatArray:
        """float64 [b, m]: variance, over the answers to each question, of the probability that a person complains.

        There is no shift: on average the probability stays the same.
        """
        p = self.population
        belief, below = p.belief(answers), self._below(answers, level)
        own = answers[:, [statement]]
        wants = np.where(own == UNASKED, p.chance[:, statement, level:].sum(axis=1), (own >= level) * 1.0)
        unserved = belief * below.prod(axis=0)
        # [b, m, C]: probability of an answer and a complaint
        both = np.einsum("bk,kmc->bmc", unserved * wants, p.chance)
        both[:, statement] = (unserved @ p.chance[:, statement]) * (np.arange(p.n_answers) >= level)
        for place, column in enumerate(self.chosen):
            rest = belief * wants * np.delete(below, place, axis=0).prod(axis=0)
            both[:, column] = (rest @ p.chance[:, column]) * (np.arange(p.n_answers) < level)
        now = (unserved * wants).sum(axis=1)[:, None, None]
        return np.asarray(((both - share * now) ** 2 / share).sum(axis=2))

    def _after(self, answers: IntArray, columns: IntArray) -> tuple[FloatArray, FloatArray]:
        """Probability [b, m, C] of every answer to every question, and utilities [b, m, C, columns] after it."""
        p = self.population
        belief = p.log_belief(answers)
        # [b, m, C, K]
        logs = belief[:, None, None, :] + np.moveaxis(p.logs[..., : p.n_answers], 0, -1)[None]
        share = np.einsum("bk,kmc->bmc", normalised(belief), p.chance)
        expected = (p.chance @ p.worth)[:, columns]
        later = normalised(logs) @ expected
        known = answers[:, columns]
        later = np.where((known == UNASKED)[:, None, None, :], later, p.worth[np.maximum(known, 0)][:, None, None, :])
        # The answer to the statement that is asked about is known then.
        for at, column in enumerate(columns):
            fresh = known[:, at] == UNASKED
            later[fresh, column, :, at] = p.worth
        return share, later


def _moments(share: FloatArray, values: FloatArray, now: FloatArray) -> FloatArray:
    """float64 [2, s, b, m]: by how much values [s, b, m, C] exceed those of now [s, b] on average, and their variance.

    Utilities are averages, and after an answer they are less so: an assignment by them is better on average.
    """
    mean = (share * values).sum(axis=-1)
    variance = (share * (values - mean[..., None]) ** 2).sum(axis=-1)
    return np.stack([mean - now[..., None], variance])


def _shared(variance: FloatArray, total: FloatArray, lead: FloatArray) -> FloatArray:
    """float64 [p, m]: shares in the expected gain of overturning a decision by asking everybody the same question.

    Args:
        variance: float64 [s, p, m] the variance of some people's answers, for each of s decisions.
        total: float64 [2, s, m] the shift and the variance of everybody's answers.
        lead: float64 [s] by how much each decision favours one side (above or at 0) or the other.
    """
    if not len(lead):
        return np.zeros(variance.shape[1:])
    shift, spread = total
    side = np.where(lead >= 0, 1.0, -1.0)[:, None]
    gain = _linear_loss(side * (lead[:, None] + shift), np.sqrt(spread))
    rate = np.divide(gain, spread, out=np.zeros_like(gain), where=spread > 0)
    return np.asarray((rate[:, None] * variance).max(axis=0))


def _linear_loss(lead: FloatArray, sigma: FloatArray) -> FloatArray:
    """E max(0, sigma Z - lead); 0 where sigma is 0."""
    z = np.divide(lead, sigma, out=np.zeros_like(sigma), where=sigma > 0)
    below = 0.5 * np.array([1.0 - erf(each / sqrt(2.0)) for each in z.ravel()]).reshape(z.shape)
    loss = sigma * np.exp(-z * z / 2) / sqrt(2 * pi) - lead * below
    return np.where(sigma > 0, np.maximum(loss, 0.0), 0.0)
