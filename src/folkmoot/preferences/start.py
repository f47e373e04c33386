"""Where a fit starts: from what people and statements are like, not from their row or column.

Models whose likelihood has many modes need a start that separates people and factors. Random numbers by row would
make the mode that is reached depend on the order in which people came. Here chance enters through a few maps that are
the same for everybody: people's and statements' coordinates are a basis of the leading singular subspace of the
residuals, found by subspace iteration from random waves over what is known of each statement. The basis is made
orthonormal by Cholesky factors, which move little when the residuals move little: no sign and no order of nearly equal
singular values is ever decided.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..profile import FloatArray, IntArray
from .entries import Grouping

#: Coordinates of every person and statement, and rounds of subspace iteration.
COORDINATES, _ROUNDS = 8, 6


@dataclass(frozen=True)
class Start:
    """Coordinates of people and statements.

    Args:
        people: float64 [L, n] people's coordinates, 0 for those without answers; mean squares are 1.
        statements: float64 [L, m] the statements' coordinates, likewise.
        scale: float64 [L] the numbers by which people's sums were divided.
    """

    people: FloatArray
    statements: FloatArray
    scale: FloatArray

    @classmethod
    def of(
        cls,
        row: IntArray,
        column: IntArray,
        residual: FloatArray,
        weight: FloatArray,
        m: int,
        rng: np.random.Generator,
    ) -> Start:
        """Coordinates from residuals.

        Args:
            row: int64 [n_entries] the people, sorted.
            column: int64 [n_entries] the statements.
            residual: float64 [n_entries] the answers less what is expected of the statement.
            weight: float64 [n] how much each person counts.
            m: the number of statements.
            rng: the generator of the waves.
        """
        n = len(weight)
        by_row, by_column = Grouping(row, n), Grouping(column, m)
        other = row if by_column.order is None else row[by_column.order]
        heavy = weight[row]
        answered = np.bincount(column, heavy, m)
        some = np.maximum(answered, 1e-12)
        known = np.stack(
            [
                answered / max(float(answered.mean()), 1e-12) if m else answered,
                np.bincount(column, heavy * residual, m) / some,
                np.bincount(column, heavy * np.abs(residual), m) / some,
            ]
        )
        wave, phase = 5.0 * rng.standard_normal((COORDINATES, 3)), 2.0 * np.pi * rng.random((COORDINATES, 1))
        basis = np.cos(np.einsum("ls,sm->lm", wave, known) + phase)
        arranged = by_column.arrange(heavy * residual)
        for _ in range(_ROUNDS):
            sums = by_row.sum(residual, basis, column)
            basis = _orthonormal(by_column.sum(arranged, sums, other))
        basis *= np.sqrt(max(m, 1))
        sums = _sums(by_row, residual, basis, column)
        scale = np.sqrt(np.maximum((weight * sums**2).sum(axis=1) / max(float(weight.sum()), 1e-12), 1e-12))
        return cls(sums / scale[:, None], basis, scale)

    def others(self, row: IntArray, column: IntArray, residual: FloatArray, n: int) -> FloatArray:
        """Coordinates of n other people from their residuals, float64 [L, n]."""
        return _sums(Grouping(row, n), residual, self.statements, column) / self.scale[:, None]


def mixtures(shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
    """Random weights of coordinates, float64 [*shape, L]; mixtures of them have a variance of about 1."""
    return np.asarray(rng.standard_normal((*shape, COORDINATES)) / np.sqrt(COORDINATES), dtype=np.float64)


def mixed(weights: FloatArray, coordinates: FloatArray) -> FloatArray:
    """Mixtures of coordinates [L, n], float64 [*shape, n]."""
    return np.asarray(np.einsum("...l,ln->...n", weights, coordinates), dtype=np.float64)


def _sums(by_row: Grouping, residual: FloatArray, basis: FloatArray, column: IntArray) -> FloatArray:
    """Sums over a person's answers, divided by the root of how many there are."""
    ones = by_row.sum(np.ones(len(column)), np.ones((1, basis.shape[1])), column)
    return by_row.sum(residual, basis, column) / np.sqrt(np.maximum(ones, 1.0))


def _orthonormal(vectors: FloatArray) -> FloatArray:
    """Rows made orthonormal, one after the other (by the Cholesky factor of their Gram matrix)."""
    size = np.sqrt(np.einsum("in,in->i", vectors, vectors))[:, None]
    vectors = vectors / np.maximum(size, 1e-300)
    gram = np.einsum("in,jn->ij", vectors, vectors) + 1e-9 * np.eye(len(vectors))
    return np.asarray(np.einsum("ij,jn->in", np.linalg.inv(np.linalg.cholesky(gram)), vectors), dtype=np.float64)
