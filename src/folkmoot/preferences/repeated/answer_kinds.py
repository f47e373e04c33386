"""Is it an opinion? What repeated answers say about each: genuine, constructed, non-attitude or artefact.

A genuine opinion is held before the question comes, and given again with an occasional slip; a constructed one follows
the wording's cue; a non-attitude is drawn anew each time, with a guess rate of the statement's own; an artefact follows
whichever side is offered first. The four kinds are those of Ghafouri, Choi, Dey and Ferrara 2026 (arXiv 2604.03238),
who give no estimator; the mixture is in the line of Converse 1964 (black and white) and Hill and Kriesi 2001.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from ...profile import BoolArray, FloatArray, InputError, IntArray, Profile, Repeats
from .answer_weights import AnswerWeights, averages, coverage
from .conditions import Cells
from .kinds_em import KINDS, KindsEM, Parameters, Setting
from .latent_attitude import AttitudeEM

#: Conditions that a pair of person and statement needs for a guess rate of the statement's own, and without one.
CONDITIONS, FEWEST_CONDITIONS = 4, 2
#: Such pairs that are needed in all; a statement with fewer than `THIN` of them is named.
FEWEST, THIN = 30, 10
#: A smaller share of genuine answers: "opinion not formed" (spec of the survey; Converse's items lie between).
NOT_FORMED = 0.3
STARTS = 8

Shares = Literal["auto", "common", "statement"]


@dataclass(frozen=True, eq=False)
class Spread:
    """Estimates over resampled people.

    Args:
        genuine: float64 [2, m] the lower and upper ends of the genuine share of each statement; nan: not asked again.
        support: float64 [2, m] the lower and upper ends of the support.
        shares: float64 [2, k] the lower and upper ends of the shares of the kinds over all repeated answers.
        error: float64 [k] the standard errors of these shares.
    """

    genuine: FloatArray
    support: FloatArray
    shares: FloatArray
    error: FloatArray


@dataclass(frozen=True, eq=False)
class AnswerKinds:
    """The fitted mixture.

    Args:
        repeats: the repeated presentations.
        cells: the presentations counted by pattern.
        setting: the setting that was fitted.
        parameters: the fitted parameters, with a first axis of one.
        log_likelihood: the log-likelihood of the answers.
        thin: the statements whose guess rate rests on fewer than `THIN` people with enough conditions.
        em: the EM steps, for fitting again.
    """

    repeats: Repeats
    cells: Cells
    setting: Setting
    parameters: Parameters
    log_likelihood: float
    thin: tuple[int, ...]
    em: KindsEM

    @property
    def kinds(self) -> tuple[str, ...]:
        """The names of the kinds in the fit."""
        return KINDS[: self.setting.n_kinds]

    @property
    def bic(self) -> float:
        """Schwarz's criterion over pairs of person and statement; lower is better."""
        return _bic(self.log_likelihood, self.setting.n_parameters(len(self.em.here)), len(self.cells.pair_cell))

    @property
    def aic(self) -> float:
        """Akaike's criterion; lower is better."""
        return 2 * (self.setting.n_parameters(len(self.em.here)) - self.log_likelihood)

    @cached_property
    def _repeated(self) -> IntArray:
        """int64: the pair of every presentation, as one number."""
        return np.asarray(self.repeats.agent * self.cells.n_statements + self.repeats.statement)

    @cached_property
    def _cell_posterior(self) -> FloatArray:
        return np.asarray(self.em.expect(self.parameters)[0][:, 0])

    @cached_property
    def probability(self) -> FloatArray:
        """float64 [pairs, kinds]: posterior of the kind of every pair in ``cells``."""
        r = self._cell_posterior
        return np.asarray(np.column_stack([r[0] + r[1], *r[2:]])[self.cells.pair_cell])

    @cached_property
    def agree(self) -> FloatArray:
        """float64 [pairs]: probability that the opinion agrees, if it is a genuine one."""
        yes, no = self._cell_posterior[:2]
        return np.asarray((yes / (yes + no))[self.cells.pair_cell])

    @property
    def genuine(self) -> FloatArray:
        """float64 [m]: share of genuine answers to each statement; nan where nobody was asked again."""
        return self._mean_by_statement(self.probability[:, 0], np.ones(len(self.agree)))

    @property
    def support(self) -> FloatArray:
        """float64 [m]: estimated agreement among genuine holders, sum w z / sum w; nan where nobody was asked again."""
        return self._mean_by_statement(self.agree, self.probability[:, 0])

    @property
    def not_formed(self) -> BoolArray:
        """bool [m]: "opinion not formed", fewer than `NOT_FORMED` of the answers are genuine."""
        return self.genuine < NOT_FORMED

    def interval(
        self, rng: np.random.Generator, samples: int = 100, level: float = 0.95
    ) -> tuple[FloatArray, FloatArray]:
        """Intervals of the genuine share and of the support; see `spread`.

        Returns:
            float64 [2, m] each: the lower and upper ends of `genuine` and of `support`.
        """
        spread = self.spread(rng, samples, level)
        return spread.genuine, spread.support

    def spread(self, rng: np.random.Generator, samples: int = 100, level: float = 0.95) -> Spread:
        """How far the estimates would differ with other people: resamples whole people and fits again.

        Args:
            rng: the generator that resamples.
            samples: the number of samples.
            level: the level of the intervals.
        """
        n = self.cells.n_agents
        drawn = rng.multinomial(n, np.full(n, 1.0 / n), size=samples).astype(float)
        count = self.cells.weighted(drawn)
        r = self.em.expect(self.em.again(count, self.parameters))[0] * count
        by = self.em.by_statement
        held = by(r[0] + r[1])
        ends = [(1 - level) / 2, (1 + level) / 2]
        with np.errstate(invalid="ignore"):
            genuine, support = held / by(count), by(r[0]) / held
        repeated = np.isin(np.arange(self.em.m), self.em.here)
        intervals = np.full((2, 2, self.em.m), np.nan)
        intervals[0][:, repeated] = np.nanquantile(genuine[:, repeated], ends, axis=0)
        intervals[1][:, repeated] = np.nanquantile(support[:, repeated], ends, axis=0)
        shares = np.stack([r[0] + r[1], *r[2:]]).sum(axis=2) / count.sum(axis=1)
        return Spread(intervals[0], intervals[1], np.quantile(shares, ends, axis=1), shares.std(axis=1, ddof=1))

    def weigh(self, profile: Profile) -> AnswerWeights:
        """A weight for every answer of a profile: the probability that it is genuine.

        Answers that were asked for again have their posterior, and stand at their mean over the conditions, so that
        wording and order cancel. Answers given once have the posterior of that one answer under the fitted parameters
        (a statement nobody was asked about again: with the common shares and rates). Answers that take no side keep
        the weight 1.

        Args:
            profile: the profile with the people and statements of the repeats.

        Raises:
            InputError: the profile has other people or statements.
        """
        cells = self.cells
        if (profile.n_agents, profile.n_statements) != (cells.n_agents, cells.n_statements):
            raise InputError(
                f"the repeated answers are of {cells.n_agents} people and {cells.n_statements} statements, the profile "
                f"has {profile.n_agents} and {profile.n_statements}; read both from the same source"
            )
        a = profile.answers
        scale = a.scale
        utility = np.array(scale.utility(a.value))
        side = np.sign(utility - scale.midpoint)
        once = self._single()
        weight = np.where(side > 0, once[1, a.statement], np.where(side < 0, once[0, a.statement], 1.0))
        key = a.agent * profile.n_statements + a.statement
        pair = cells.pair_agent * profile.n_statements + cells.pair_statement
        place = np.searchsorted(key, pair)
        there = (place < len(key)) & (key[np.minimum(place, max(len(key) - 1, 0))] == pair) if len(key) else place < 0
        weight[place[there]] = self.probability[there, 0]
        # The mean over a pair's presentations: answers that took no side pull it to the middle.
        again = np.searchsorted(pair, self._repeated)
        ours = (again < len(pair)) & (pair[np.minimum(again, len(pair) - 1)] == self._repeated)
        mean = averages(again[ours], scale.utility(self.repeats.value[ours]), np.ones(int(ours.sum())), len(pair))
        utility[place[there]] = mean[there]
        return AnswerWeights(a.agent, a.statement, weight, utility, scale.utility_range, int((~there).sum()))

    def effective(self) -> FloatArray:
        """float64 [m]: (sum w)^2 / sum w^2, how many people the estimate of the support rests on."""
        w, at, m = self.probability[:, 0], self.cells.pair_statement, self.cells.n_statements
        return np.asarray(np.bincount(at, w, m) ** 2 / np.maximum(np.bincount(at, w * w, m), 1e-300))

    def coverage(self) -> FloatArray:
        """float64 [n]: mean weight of each person's repeated answers; nan: nothing was asked again."""
        return coverage(self.cells.pair_agent, self.probability[:, 0], self.cells.n_agents)

    def group_shares(self, labels: Sequence[str]) -> dict[str, dict[str, float]]:
        """Shares of the kinds among each group's repeated answers, estimated for the group alone; for reporting.

        `coverage` is a mean of posteriors, which are drawn towards everybody's shares, so it shows less than the whole
        difference between groups; this shows the difference.

        Args:
            labels: the group of every person.

        Raises:
            InputError: there is not one label for each person.
        """
        if len(labels) != self.cells.n_agents:
            raise InputError(f"{len(labels)} group labels for {self.cells.n_agents} people; there must be one each")
        names, group = np.unique(np.asarray(labels), return_inverse=True)
        count = self.cells.weighted((group == np.arange(len(names))[:, None]).astype(float))
        repeated = np.flatnonzero(count.sum(axis=1) > 0)
        shares = self.em.shares_of(count[repeated], self.parameters)
        return {
            str(names[at]): dict(zip(self.kinds, map(float, row), strict=True))
            for at, row in zip(repeated, shares, strict=True)
        }

    def compare(self, rng: np.random.Generator, folds: int = 5) -> dict[str, Any]:
        """How the kinds fit against continuous attitudes (`latent_attitude`), on the same answers.

        Args:
            rng: the generator that picks which people are held out together.
            folds: the number of folds.

        Returns:
            JSON-ready: for ``kinds`` and ``attitude`` the ``log_likelihood``, number of ``parameters``, ``bic``, and
            ``held_out`` log-likelihood a presentation over people left out; ``preferred`` by the last.
        """
        cells, pairs = self.cells, len(self.cells.pair_cell)
        fold = np.arange(cells.n_agents) % folds
        rng.shuffle(fold)
        tested = cells.weighted((fold == np.arange(folds)[:, None]).astype(float))
        trained = cells.count - tested
        presentations = float(cells.count @ cells.n)
        other = AttitudeEM(cells)
        attitude, whole = other.run(cells.count[None].astype(float), other.begin(1))
        likelihood = float((cells.count * whole[0]).sum())
        held = {
            "kinds": self.em.expect(self.em.again(trained, self.parameters))[1],
            "attitude": other.run(trained, other.begin(folds))[1],
        }
        scores = {name: float((tested * values).sum() / presentations) for name, values in held.items()}
        parameters = {"kinds": self.setting.n_parameters(len(self.em.here)), "attitude": attitude.n_parameters}
        likelihoods = {"kinds": self.log_likelihood, "attitude": likelihood}
        return {
            **{
                name: {
                    "log_likelihood": likelihoods[name],
                    "parameters": parameters[name],
                    "bic": _bic(likelihoods[name], parameters[name], pairs),
                    "held_out": scores[name],
                }
                for name in held
            },
            "preferred": max(scores, key=lambda name: scores[name]),
        }

    def as_dict(self, profile: Profile) -> dict[str, Any]:
        """Shares and labels of every statement that was asked about again, JSON-ready."""
        p, genuine, support = self.parameters, self.genuine, self.support
        people = np.bincount(self.cells.pair_statement, minlength=self.em.m)
        effective, unformed = self.effective(), self.not_formed
        return {
            "kinds": list(self.kinds),
            "shares": dict(zip(self.kinds, (round(x, 6) for x in self.probability.mean(axis=0).tolist()), strict=True)),
            "slip": round(float(p.slip[0]), 6),
            "cue_slip": round(float(p.cue_slip[0]), 6),
            "bic": round(self.bic, 3),
            "sideless": self.cells.sideless,
            "statements": [
                {
                    "id": profile.statements.ids[j],
                    "people": int(people[j]),
                    "genuine": round(float(genuine[j]), 6),
                    "support": round(float(support[j]), 6),
                    "guess": round(float(p.guess[0, j]), 6),
                    "effective": round(float(effective[j]), 3),
                    "label": "opinion not formed" if unformed[j] else "",
                    "thin": j in self.thin,
                }
                for j in self.em.here.tolist()
            ],
        }

    def _single(self) -> FloatArray:
        """float64 [2, m]: probability that one disagreeing, one agreeing answer is genuine."""
        p, repeated = self.parameters, np.isin(np.arange(self.em.m), self.em.here)
        share = np.broadcast_to(p.share[0], (self.em.m, self.setting.n_kinds)).copy()
        rate, guess = p.rate[0].copy(), p.guess[0].copy()
        people = np.bincount(self.cells.pair_statement, minlength=self.em.m)[repeated]
        for each in (share, rate, guess):
            each[~repeated] = np.average(each[repeated], axis=0, weights=people)
        slip = p.slip[0]
        yes = rate * (1 - slip) + (1 - rate) * slip
        genuine = []
        for held, guessed in ((1 - yes, 1 - guess), (yes, guess)):
            others = share[:, 2] * guessed + (share[:, 1] + share[:, 3:].sum(axis=1)) / 2
            genuine.append(share[:, 0] * held / (share[:, 0] * held + others))
        return np.stack(genuine)

    def _mean_by_statement(self, values: FloatArray, weights: FloatArray) -> FloatArray:
        return averages(self.cells.pair_statement, values, weights, self.cells.n_statements)


def answer_kinds(
    repeats: Repeats,
    rng: np.random.Generator,
    *,
    shares: Shares = "auto",
    free_guess: bool = True,
    artefact: bool | None = None,
    starts: int = STARTS,
) -> AnswerKinds:
    """Fits the mixture of kinds to repeated answers.

    Args:
        repeats: the repeated presentations; answers that take no side are left out and counted.
        rng: the generator for the starts.
        shares: which shares of the kinds are fitted: ``common`` to all statements, of each ``statement`` (drawn towards
            the common ones), or whichever has the lower AIC (BIC shuns shares by statement where held-out likelihood
            wants them).
        free_guess: whether non-attitudes agree with a rate of the statement's own (they follow the climate of opinion);
            False: they toss a coin.
        artefact: whether the fourth kind is fitted; None: where the order varies enough to identify it.
        starts: the number of starts to fit from; the best fit is kept.

    Raises:
        InputError: the design cannot separate the kinds: too few conditions, wording or order that never varies, or
            wording and order that always move together.
    """
    cells = Cells.of(repeats)
    _refuse_unidentified(cells, free_guess)
    identifiable = _enough(cells, cells.both_orders & ~cells.tied)
    if artefact and not identifiable:
        raise InputError(
            "effects of order cannot be estimated: either side must come first for the same person, and not always "
            "with the same wording; leave the artefact out, or vary the order"
        )
    with_order = identifiable if artefact is None else artefact
    tried = {"auto": (False, True), "common": (False,), "statement": (True,)}[shares]
    fits = []
    for by_statement in tried:
        em = KindsEM(cells, Setting(with_order, by_statement, free_guess))
        p, likelihood = em.best(rng, starts)
        fits.append(AnswerKinds(repeats, cells, em.setting, p, likelihood, _thin(cells) if free_guess else (), em))
    return min(fits, key=lambda fit: fit.aic)


def two_waves(repeats: Repeats) -> dict[str, float]:
    """A check by moments that needs no mixture: how often two answers of a person to a statement are the same.

    Without constructed answers, slips and a climate of opinion, P(same) = g + (1 - g) / 2 for a genuine share g. A
    constructed answer is the same under the same wording and the opposite under the opposite one, so the two estimates
    enclose the genuine share from above and below (slips lower both).

    Args:
        repeats: the presentations; the first two of each wording are compared.

    Returns:
        ``same_wording`` and ``opposite_wording``: 2 P(same) - 1, nan where no pair has it; ``pairs_same`` and
        ``pairs_opposite``: how many pairs.
    """
    sided = np.flatnonzero(repeats.side != 0)
    pair = repeats.agent[sided] * repeats.n_statements + repeats.statement[sided]
    side, cue = repeats.side[sided], repeats.cue[sided].astype(np.int64)
    agreement: dict[str, float] = {}
    for name, key in (("same", pair * 3 + cue + 1), ("opposite", pair)):
        order = np.argsort(key, kind="stable")
        k, s, c = key[order], side[order], cue[order]
        begins = np.flatnonzero(np.r_[True, k[1:] != k[:-1]]) if len(k) else np.zeros(0, dtype=np.int64)
        # With opposite wordings: the first answer, and the next that was worded the other way.
        other = np.r_[k[1:] == k[:-1], False]
        hits = begins[other[begins]]
        if name == "opposite":
            hits = hits[(c[hits] * c[hits + 1]) == -1]
        same = s[hits] == s[np.minimum(hits + 1, max(len(s) - 1, 0))] if len(hits) else np.zeros(0)
        agreement[f"{name}_wording"] = float(2 * same.mean() - 1) if len(hits) else float("nan")
        agreement[f"pairs_{name}"] = len(hits)
    return agreement


def _refuse_unidentified(cells: Cells, free_guess: bool) -> None:
    needed = CONDITIONS if free_guess else FEWEST_CONDITIONS
    enough = int(cells.count[cells.n >= needed].sum())
    if enough < FEWEST:
        most = int(cells.n.max(initial=0))
        hint = (
            "two conditions do no better than asking once; ask under four, use the moment check `two_waves`, or assume "
            "that non-attitudes toss a coin (free_guess=False)"
            if free_guess
            else "ask more people again"
        )
        raise InputError(
            f"{enough} pairs of person and statement have {needed} conditions or more (at most {most}); at least "
            f"{FEWEST} are needed to tell the kinds of answers apart. {hint[0].upper()}{hint[1:]}"
        )
    if not _enough(cells, cells.both_cues):
        raise InputError(
            "the wording hardly ever leans both ways for the same person and statement, so an answer that follows it "
            "looks like an opinion; vary the cue"
        )


def _enough(cells: Cells, those: BoolArray) -> bool:
    return int(cells.count[those].sum()) >= FEWEST


def _thin(cells: Cells) -> tuple[int, ...]:
    enough = np.bincount(cells.statement, cells.count * (cells.n >= CONDITIONS), cells.n_statements)
    return tuple(j for j in np.unique(cells.statement).tolist() if enough[j] < THIN)


def _bic(log_likelihood: float, parameters: int, n: int) -> float:
    return float(parameters * np.log(max(n, 1)) - 2 * log_likelihood)
