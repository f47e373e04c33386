"""First and second derivatives of a log-likelihood, and the systems that Newton's method solves with them.

Comparisons of thousands of statements have a Hessian of millions of cells of which nearly all are 0. It is kept as the
pairs that were compared, and systems are solved by conjugate gradients: without a matrix, and without BLAS, whose
threads make small products many times slower on a busy machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...profile import FloatArray, IntArray

#: Conjugate gradients: how much smaller what is left becomes, and the most steps.
_CLOSE, _MOST = 1e-9, 400


@dataclass(frozen=True)
class Slope:
    """First and second derivatives of a log-likelihood.

    Args:
        gradient: float64 [d] the first derivatives.
        diagonal: float64 [d] the diagonal of minus the Hessian, without what is in ``dense`` and ``links``.
        dense: float64 [d, d] the rest of minus the Hessian; None where there is none.
        links: parts of minus the Hessian that are sums over pairs of parameters, kept as pairs: thousands of
            statements have millions of pairs that nobody compared.
    """

    gradient: FloatArray
    diagonal: FloatArray
    dense: FloatArray | None
    links: tuple[Links, ...] = ()

    def __add__(self, other: Slope) -> Slope:
        parts = [part for part in (self.dense, other.dense) if part is not None]
        dense = None if not parts else np.add(*parts) if len(parts) == 2 else parts[0]
        links = self.links + other.links
        return Slope(self.gradient + other.gradient, self.diagonal + other.diagonal, dense, links)

    def matrix(self) -> FloatArray:
        """All of minus the Hessian, float64 [d, d]; only for few parameters."""
        whole = np.diag(self.diagonal)
        if self.dense is not None:
            whole = whole + self.dense
        for link in self.links:
            np.add.at(whole, (link.a, link.a), link.curve)
            np.add.at(whole, (link.b, link.b), link.curve)
            np.add.at(whole, (link.a, link.b), -link.curve)
            np.add.at(whole, (link.b, link.a), -link.curve)
        return np.asarray(whole, dtype=np.float64)

    def solved(self, right: FloatArray) -> FloatArray:
        """The x for which minus the Hessian times x is ``right``, float64 [d]; by conjugate gradients with links."""
        if not self.links:
            if self.dense is None:
                return np.asarray(right / self.diagonal, dtype=np.float64)
            return np.asarray(np.linalg.solve(self.dense + np.diag(self.diagonal), right), dtype=np.float64)
        return self._iterated(right)

    def _iterated(self, right: FloatArray) -> FloatArray:
        """`solved` by conjugate gradients, scaled by the diagonal; no matrix, so no BLAS that threads would slow."""
        scale = self.diagonal + sum(link.diagonal(len(right)) for link in self.links)
        if self.dense is not None:
            scale = scale + np.diagonal(self.dense)
        x, left = np.zeros(len(right)), right.astype(np.float64)
        near = left / scale
        way, size = near, float((left * near).sum())
        enough = _CLOSE**2 * size
        for _ in range(_MOST):
            if size <= enough:
                break
            turned = self.diagonal * way + sum(link.times(way) for link in self.links)
            if self.dense is not None:
                turned = turned + np.einsum("de,e->d", self.dense, way)
            step = size / float((way * turned).sum())
            x, left = x + step * way, left - step * turned
            near = left / scale
            size, before = float((left * near).sum()), size
            way = near + (size / before) * way
        return np.asarray(x, dtype=np.float64)

    def drawn(self, rng: np.random.Generator) -> FloatArray:
        """A draw with mean 0 whose precision is minus the Hessian, float64 [d].

        With links: noise of exactly that precision, then one system to solve; no root of a matrix is needed.
        """
        noise = rng.standard_normal(len(self.gradient))
        if not self.links and self.dense is None:
            return np.asarray(noise / np.sqrt(self.diagonal), dtype=np.float64)
        if not self.links:
            assert self.dense is not None
            root = np.linalg.cholesky(self.dense + np.diag(self.diagonal))
            return np.asarray(np.linalg.solve(root.T, noise), dtype=np.float64)
        right = np.sqrt(self.diagonal) * noise
        if self.dense is not None:
            values, vectors = np.linalg.eigh(self.dense)
            root = vectors * np.sqrt(np.maximum(values, 0.0))
            right = right + np.einsum("de,e->d", root, rng.standard_normal(len(values)))
        for link in self.links:
            right = right + link.spread(np.sqrt(link.curve) * rng.standard_normal(len(link.curve)), len(right))
        return self.solved(right)


@dataclass(frozen=True, eq=False)
class Links:
    """The sum over pairs (a, b) of parameters of curve times (e_a - e_b)(e_a - e_b)'.

    Args:
        a: int64 [s] the first parameter of every pair.
        b: int64 [s] the second.
        curve: float64 [s] how much each pair counts, not negative.
    """

    a: IntArray
    b: IntArray
    curve: FloatArray

    def spread(self, values: FloatArray, size: int) -> FloatArray:
        """The sum over pairs of a value times (e_a - e_b), float64 [size]."""
        return np.asarray(np.bincount(self.a, values, size) - np.bincount(self.b, values, size), dtype=np.float64)

    def times(self, vector: FloatArray) -> FloatArray:
        """The product with a vector, float64 [d]."""
        return self.spread(self.curve * (vector[self.a] - vector[self.b]), len(vector))

    def diagonal(self, size: int) -> FloatArray:
        """The diagonal, float64 [size]."""
        both = np.bincount(self.a, self.curve, size) + np.bincount(self.b, self.curve, size)
        return np.asarray(both, dtype=np.float64)
