"""The continuous alternative to kinds of answers: everybody has an attitude, more or less strong, and answers by it.

``logit P(agree) = theta + beta_j cue + gamma_j order`` with ``theta ~ N(mu_j, tau_j)`` for every person and statement
j: weak attitudes look like non-attitudes, and the wording moves everybody alike, at each statement as much as it does
there (``beta_j ~ N(beta, 1)``, so that a statement with few answers follows the others). With one effect for all
statements, a wording that moves people more at one statement than at another would look like kinds of answers. Fitted
by EM on a grid of attitudes. Re-analyses of panel data that do not recode the answers prefer such models to black and
white (latent-class test, AJS, doi 10.1086/227870), so the fit of both is reported (`compare`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...profile import FloatArray
from ..products import product
from .conditions import CUES, ORDERS, Cells

#: Attitudes of the grid, in logits, and the narrowest distribution that it can hold.
GRID = np.linspace(-7.0, 7.0, 57)
NARROWEST = 0.3
#: Standard deviation of a statement's effect of the wording around the others', and of theirs around none, in logits.
EFFECTS = 1.0


@dataclass(frozen=True)
class Attitude:
    """Parameters of f fits.

    Args:
        centre: float64 [f, m] the mean attitude towards each statement.
        spread: float64 [f, m] the standard deviation of the attitudes.
        effects: float64 [f, 2, m] the effects of the cue and of the order at every statement.
        varies: whether each of the two effects is free.
    """

    centre: FloatArray
    spread: FloatArray
    effects: FloatArray
    varies: tuple[bool, bool]

    @property
    def n_parameters(self) -> int:
        """The number of free parameters of one fit."""
        return int(self.centre.shape[1]) * (2 + sum(self.varies))


class AttitudeEM:
    """The EM steps on some cells; the first axis of every array is one of fits."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.m = cells.n_statements
        self.here, self.starts = np.unique(cells.statement, return_index=True)
        ends = [*self.starts[1:].tolist(), len(cells.statement)]
        self.blocks = [
            (int(j), slice(int(start), end)) for j, start, end in zip(self.here, self.starts, ends, strict=True)
        ]
        self.a = cells.agree.astype(float)
        # Conditions under which nobody was asked say nothing.
        met = cells.design.any(axis=0)
        self.design = np.ascontiguousarray(cells.design[:, met].astype(float))
        # Sums of the answers that agree, signed by the cue and by the order.
        cue = cells.on_cue - cells.design[:, CUES == -1].sum(axis=1)
        order = cells.on_first - cells.design[:, ORDERS == -1].sum(axis=1)
        self.signed = np.stack([cue, order]).astype(float)
        self.sides = np.stack([CUES, ORDERS])[:, met].astype(float)
        self.varies = (bool(cells.both_cues.any()), bool(cells.both_orders.any() and not cells.tied.all()))

    def begin(self, fits: int) -> Attitude:
        """The start: no effects, attitudes around the statement's share of agreement."""
        agreed = np.bincount(self.cells.statement, self.cells.count * self.a, self.m) + 1.0
        answered = np.bincount(self.cells.statement, self.cells.count * self.cells.n, self.m) + 2.0
        centre = np.log(agreed / (answered - agreed)) * 1.5
        return Attitude(
            np.tile(centre, (fits, 1)), np.full((fits, self.m), 1.5), np.zeros((fits, 2, self.m)), self.varies
        )

    def expect(self, p: Attitude) -> tuple[FloatArray, FloatArray]:
        """Posterior over the grid, float64 [f, u, g], and every cell's log-likelihood, float64 [f, u]."""
        z = (GRID - p.centre[..., None]) / p.spread[..., None]
        prior = -0.5 * z * z
        prior -= np.log(np.exp(prior).sum(axis=2, keepdims=True))
        logs = prior[:, self.cells.statement]
        logs += self.a[:, None] * GRID
        logs += np.einsum("feu,eu->fu", p.effects[:, :, self.cells.statement], self.signed)[..., None]
        for j, inside in self.blocks:
            tilt = np.logaddexp(0.0, self._logits(p, j))
            each = product(self.design[inside].T, tilt.reshape(-1, tilt.shape[2]).T)
            logs[:, inside] -= np.moveaxis(each.reshape(len(each), *tilt.shape[:2]), 0, 1)
        top = logs.max(axis=2, keepdims=True)
        np.exp(logs - top, out=logs)
        total = logs.sum(axis=2, keepdims=True)
        logs /= total
        return logs, (top + np.log(total))[..., 0]

    def maximise(self, posterior: FloatArray, count: FloatArray, p: Attitude) -> Attitude:
        """Moments of the attitudes, and a Newton step for the effects at every statement."""
        first, second = posterior @ GRID, posterior @ GRID**2
        mass = self._by_statement(count) + 1.0
        # One pseudo-pair at the present values keeps a statement that nobody is asked about where it is.
        centre = (self._by_statement(count * first) + p.centre) / mass
        square = (self._by_statement(count * second) + p.centre**2 + p.spread**2) / mass
        spread = np.sqrt(np.maximum(square - centre**2, NARROWEST**2))
        mean = p.effects[:, :, self.here].sum(axis=2) / (len(self.here) + EFFECTS**2)
        effects = np.tile(mean[..., None], self.m)
        for j, inside in self.blocks:
            logits = self._logits(p, j)
            chance = 1.0 / (1.0 + np.exp(-logits))
            weighed = count[:, inside]
            placed = posterior[:, inside] * weighed[..., None]
            presented = np.stack([product(one, self.design[inside]) for one in placed])
            gap = weighed @ self.signed[:, inside].T - np.einsum("fgd,fgd,ed->fe", presented, chance, self.sides)
            curve = np.einsum("fgd,fgd,ed,cd->fec", presented, chance * (1.0 - chance), self.sides, self.sides)
            gap -= (p.effects[:, :, j] - mean) / EFFECTS**2
            curve += np.eye(2) / EFFECTS**2
            step = np.linalg.solve(curve, gap[..., None])[..., 0] * np.array(self.varies)
            effects[:, :, j] = p.effects[:, :, j] + np.clip(step, -0.5, 0.5)
        return replace(p, centre=centre, spread=spread, effects=effects)

    def _logits(self, p: Attitude, j: int) -> FloatArray:
        """float64 [f, g, c]: logits of every attitude under every condition that was met, at a statement."""
        return np.asarray(GRID[None, :, None] + (p.effects[:, :, j] @ self.sides)[:, None, :], dtype=np.float64)

    def run(
        self, count: FloatArray, p: Attitude, rounds: int = 300, tolerance: float = 1e-6
    ) -> tuple[Attitude, FloatArray]:
        """Fits until no log-likelihood moves by more than ``tolerance`` a pair; also every cell's log-likelihood."""
        size = np.maximum(count.sum(axis=1), 1.0)
        before = np.full(len(count), -np.inf)
        for _ in range(rounds):
            posterior, cells = self.expect(p)
            now = (count * cells).sum(axis=1) / size
            if (np.abs(now - before) < tolerance).all():
                break
            before = now
            p = self.maximise(posterior, count, p)
        return p, self.expect(p)[1]

    def _by_statement(self, values: FloatArray) -> FloatArray:
        sums = np.zeros((*values.shape[:-1], self.m))
        sums[..., self.here] = np.add.reduceat(values, self.starts, axis=-1)
        return sums
