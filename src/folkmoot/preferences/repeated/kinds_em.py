"""The mixture behind `answer_kinds`: EM on cells, many fits at once.

Every array has a first axis of fits (starts, bootstrap samples, folds) that share the cells and differ in how often
each cell occurs or where the fit begins, so a bootstrap costs one run of array code.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from ...profile import FloatArray
from .conditions import Cells

#: Kinds of answers, in the order of every axis of kinds.
KINDS = ("genuine", "constructed", "non-attitude", "artefact")
#: A genuine answer slips at most this often, one that follows a cue at most that often: beyond, kinds change names.
MOST_SLIPS, MOST_CUE_SLIPS, LEAST_SLIPS = 0.3, 0.35, 1e-3
#: Pseudo-answers on either side of a statement's rate and guess rate, and pseudo-pairs on every kind.
PRIOR_RATE, PRIOR_GUESS, PRIOR_SHARE = 1.0, 3.0, 1.0
#: Pairs' worth of the common shares in every statement's own.
STRENGTH = 2.0


@dataclass(frozen=True)
class Parameters:
    """Parameters of f fits.

    Args:
        share: float64 [f, m or 1, k] the shares of the kinds, each statement's or common.
        rate: float64 [f, m] the share that agrees among genuine holders.
        guess: float64 [f, m] the probability that a non-attitude answers by agreeing.
        slip: float64 [f] the probability that a genuine answer slips.
        cue_slip: float64 [f] the probability that a constructed answer goes against the cue.
        order_slip: float64 [f] the probability that an artefact goes against the side offered first.
    """

    share: FloatArray
    rate: FloatArray
    guess: FloatArray
    slip: FloatArray
    cue_slip: FloatArray
    order_slip: FloatArray

    def pick(self, fit: int) -> Parameters:
        """One of the fits, its first axis kept."""
        return Parameters(**{f.name: getattr(self, f.name)[fit : fit + 1] for f in fields(self)})

    def tiled(self, fits: int) -> Parameters:
        """The first fit so many times."""
        return Parameters(**{f.name: np.repeat(getattr(self, f.name)[:1], fits, axis=0) for f in fields(self)})


@dataclass(frozen=True)
class Setting:
    """What is fitted.

    Args:
        artefact: whether the fourth kind is fitted.
        by_statement: whether the shares of the kinds are each statement's own instead of common ones.
        free_guess: whether guess rates are each statement's own instead of 1/2.
    """

    artefact: bool = False
    by_statement: bool = False
    free_guess: bool = True

    @property
    def n_kinds(self) -> int:
        """The number of kinds: three or four."""
        return 3 + self.artefact

    def n_parameters(self, m: int) -> int:
        """The number of free parameters with m statements."""
        shares = (self.n_kinds - 1) * (m if self.by_statement else 1)
        return shares + m * (1 + self.free_guess) + 2 + self.artefact


class KindsEM:
    """The EM steps on some cells."""

    def __init__(self, cells: Cells, setting: Setting) -> None:
        self.cells, self.setting = cells, setting
        self.m = cells.n_statements
        here, self.starts = np.unique(cells.statement, return_index=True)
        self.here = here
        self.n, self.a = cells.n.astype(float), cells.agree.astype(float)
        self.nc, self.t = cells.cued.astype(float), cells.on_cue.astype(float)
        self.no, self.u = cells.ordered.astype(float), cells.on_first.astype(float)
        self.b = self.n - self.a
        self.everywhere = len(here) == self.m

    def begin(self, rng: np.random.Generator, fits: int) -> Parameters:
        """The starts: the first in the middle, the others at random."""
        k, m = self.setting.n_kinds, self.m
        columns = m if self.setting.by_statement else 1
        agreed = np.bincount(self.cells.statement, self.cells.count * self.a, m)
        answered = np.bincount(self.cells.statement, self.cells.count * self.n, m)
        mean = (agreed + 1.0) / (answered + 2.0)
        share = rng.dirichlet(np.full(k, 2.0), size=(fits, 1))
        share[0] = 1.0 / k
        spread = rng.uniform(-0.25, 0.25, size=(2, fits, m))
        spread[:, 0] = 0.0
        guess = np.clip(mean + spread[1], 0.05, 0.95) if self.setting.free_guess else np.full((fits, m), 0.5)
        slip = rng.uniform(0.02, 0.25, size=(3, fits))
        slip[:, 0] = 0.1
        return Parameters(
            np.repeat(share, columns, axis=1), np.clip(mean + spread[0], 0.05, 0.95), guess, slip[0], slip[1], slip[2]
        )

    def parts(self, p: Parameters) -> FloatArray:
        """float64 [k + 1, f, u]: log of share times likelihood; the two sides of a genuine answer first."""
        at = self.cells.statement
        # Logarithms of the parameters before they are spread over the cells, of which there are far more.
        share = np.moveaxis(np.log(p.share), 2, 0)
        if p.share.shape[1] > 1:
            share = share[:, :, at]
        slip, cue, order = (each[:, None] for each in (p.slip, p.cue_slip, p.order_slip))
        kept, slipped = np.log1p(-slip), np.log(slip)
        a, b = self.a, self.b
        logs = np.empty((4 + self.setting.artefact, len(p.share), len(at)))
        logs[0] = share[0] + np.log(p.rate)[:, at] + a * kept + b * slipped
        logs[1] = share[0] + np.log1p(-p.rate)[:, at] + a * slipped + b * kept
        logs[2] = share[1] + _follows(self.t, self.nc, self.n, cue)
        logs[3] = share[2] + a * np.log(p.guess)[:, at] + b * np.log1p(-p.guess)[:, at]
        if self.setting.artefact:
            logs[4] = share[3] + _follows(self.u, self.no, self.n, order)
        return logs

    def expect(self, p: Parameters) -> tuple[FloatArray, FloatArray]:
        """Posterior of the parts, float64 [k + 1, f, u], and every cell's log-likelihood, float64 [f, u]."""
        logs = self.parts(p)
        top = logs.max(axis=0)
        logs -= top
        np.exp(logs, out=logs)
        total = logs.sum(axis=0)
        logs /= total
        return logs, top + np.log(total)

    def maximise(self, posterior: FloatArray, count: FloatArray, p: Parameters) -> Parameters:
        """Parameters at the mode given the posterior of the parts and the number of each cell, float64 [f, u]."""
        r = posterior * count
        yes, no, constructed, guessed = r[0], r[1], r[2], r[3]
        kinds = np.stack([yes + no, *r[2:]])
        common = kinds.sum(axis=2).T + PRIOR_SHARE
        common /= common.sum(axis=1, keepdims=True)
        share = common[:, None]
        if self.setting.by_statement:
            own = np.moveaxis(self.by_statement(kinds), 0, 2) + STRENGTH * share
            share = own / own.sum(axis=2, keepdims=True)
        held, other = self.by_statement(r[:2])
        rate = (held + PRIOR_RATE) / (held + other + 2 * PRIOR_RATE)
        guess = p.guess
        if self.setting.free_guess:
            answered, agreed = self.by_statement(np.stack([guessed * self.n, guessed * self.a]))
            guess = (agreed + PRIOR_GUESS) / (answered + 2 * PRIOR_GUESS)
        b = self.b
        slip = _ratio(yes @ b + no @ self.a, (yes + no) @ self.n, MOST_SLIPS)
        cue = _ratio(constructed @ (self.nc - self.t), constructed @ self.nc, MOST_CUE_SLIPS)
        order = p.order_slip
        if self.setting.artefact:
            order = _ratio(r[4] @ (self.no - self.u), r[4] @ self.no, MOST_CUE_SLIPS)
        return Parameters(share, rate, guess, slip, cue, order)

    def run(
        self, count: FloatArray, p: Parameters, rounds: int = 1_000, tolerance: float = 1e-7
    ) -> tuple[Parameters, FloatArray]:
        """Fits until no log-likelihood moves by more than ``tolerance`` a pair; also every cell's log-likelihood."""
        size = np.maximum(count.sum(axis=1), 1.0)
        before = np.full(len(count), -np.inf)
        for _ in range(rounds):
            posterior, cells = self.expect(p)
            now = (count * cells).sum(axis=1) / size
            p = self.maximise(posterior, count, p)
            if (np.abs(now - before) < tolerance).all():
                break
            before = now
        return p, self.expect(p)[1]

    def penalty(self, p: Parameters) -> FloatArray:
        """float64 [f]: log prior density, up to a constant, at which the M-step is exact."""
        density = PRIOR_RATE * (np.log(p.rate) + np.log1p(-p.rate)).sum(axis=1)
        if self.setting.free_guess:
            density += PRIOR_GUESS * (np.log(p.guess) + np.log1p(-p.guess)).sum(axis=1)
        return np.asarray(density + PRIOR_SHARE * np.log(p.share).mean(axis=1).sum(axis=1))

    def best(self, rng: np.random.Generator, starts: int) -> tuple[Parameters, float]:
        """The best of several starts, and its log-likelihood (without the prior)."""
        count = np.broadcast_to(self.cells.count.astype(float), (starts, len(self.cells.count)))
        p, cells = self.run(count, self.begin(rng, starts))
        plain = (count * cells).sum(axis=1)
        chosen = int(np.argmax(plain + self.penalty(p)))
        return p.pick(chosen), float(plain[chosen])

    def again(self, count: FloatArray, p: Parameters, rounds: int = 300) -> Parameters:
        """Fits to other numbers of the same cells, each beginning at the given fit."""
        return self.run(count, p.tiled(len(count)), rounds, 1e-6)[0]

    def shares_of(self, count: FloatArray, p: Parameters, rounds: int = 500) -> FloatArray:
        """float64 [f, k]: shares of the kinds for other numbers of the same cells, everything else as in one fit.

        The mean posterior of a group's answers is drawn towards the shares of everybody; this is not.
        """
        whole = np.broadcast_to(p.share, (1, self.m, self.setting.n_kinds))[0, self.cells.statement].T
        parts = np.exp(self.parts(p)[:, 0])
        likelihood = np.stack([parts[0] + parts[1], *parts[2:]]) / whole
        share = np.full((len(count), self.setting.n_kinds), 1.0 / self.setting.n_kinds)
        for _ in range(rounds):
            joint = share[..., None] * likelihood
            joint *= (count / joint.sum(axis=1))[:, None]
            new = joint.sum(axis=2) / np.maximum(count.sum(axis=1, keepdims=True), 1e-300)
            done = np.abs(new - share).max(initial=0.0) < 1e-6
            share = new
            if done:
                break
        return share

    def by_statement(self, values: FloatArray) -> FloatArray:
        """Sums over the cells of each statement: [..., u] to [..., m]."""
        if self.everywhere:
            return np.asarray(np.add.reduceat(values, self.starts, axis=-1))
        sums = np.zeros((*values.shape[:-1], self.m))
        sums[..., self.here] = np.add.reduceat(values, self.starts, axis=-1)
        return sums


def _follows(followed: FloatArray, could: FloatArray, n: FloatArray, slip: FloatArray) -> FloatArray:
    """Log-likelihood of answers that follow a side that is shown, and are coin tosses where none is."""
    likelihood: FloatArray = followed * np.log1p(-slip) + (could - followed) * np.log(slip) + (n - could) * np.log(0.5)
    return likelihood


def _ratio(slips: FloatArray, of: FloatArray, most: float) -> FloatArray:
    ratio: FloatArray = np.minimum(np.maximum(slips / np.maximum(of, 1e-12), LEAST_SLIPS), most)
    return ratio
