"""Exact numbers and integer programs: decisions are made in integers, whatever a solver's tolerances are."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arrays import BoolArray, FloatArray, IntArray
from .errors import MissingExtraError, WorkError

# Sums of integers up to this are exact in float64, which is what a solver computes in.
SAFE = 2**52
# How many doublings are tried to turn utilities (halves, sixteenths, ...) into int64, before Python's integers.
DOUBLINGS = 20


def in_integers(values: FloatArray) -> tuple[NDArray[Any], int]:
    """Finite floats as integers over a common denominator, exactly.

    Returns:
        The integers in the same shape (int64 where they and their sums are small, else Python's), and the denominator,
        a power of two: values == integers / denominator.
    """
    for doublings in range(DOUBLINGS + 1):
        scaled = values * 2.0**doublings
        if np.abs(scaled).sum(dtype=np.float64) > SAFE:
            break
        if (scaled == np.rint(scaled)).all():
            return scaled.astype(np.int64), 2**doublings
    ratios = [Fraction(float(v)) for v in values.ravel()]
    denominator = max((r.denominator for r in ratios), default=1)
    whole = np.empty(values.size, dtype=object)
    whole[:] = [r.numerator * (denominator // r.denominator) for r in ratios]
    return whole.reshape(values.shape), denominator


def grouped(rows: NDArray[Any], masses: IntArray) -> tuple[NDArray[Any], IntArray, IntArray]:
    """Groups identical rows, in order of first appearance.

    Returns:
        The distinct rows [g, ...], their masses int64 [g], and int64 [n]: the group of every row.
    """
    if rows.dtype == object:  # which numpy cannot compare row by row
        numbers: dict[tuple[Any, ...], int] = {}
        group = np.array([numbers.setdefault(tuple(row), len(numbers)) for row in rows], dtype=np.int64)
        mass = np.zeros(len(numbers), dtype=np.int64)
        np.add.at(mass, group, masses)
        return rows[[int(np.argmax(group == g)) for g in range(len(numbers))]], mass, group
    distinct, first, group = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    group = rank[group.reshape(-1)]
    mass = np.zeros(len(order), dtype=np.int64)
    np.add.at(mass, group, masses)
    return distinct[order], mass, group


class Clock:
    """A time limit in seconds of wall time, and what is left of it."""

    def __init__(self, limit: float) -> None:
        self.limit, self.end = limit, time.monotonic() + limit

    @property
    def left(self) -> float:
        return self.end - time.monotonic()


@dataclass
class Program:
    """A mixed-integer program to maximise: objective @ x, low <= rows @ x <= high, least <= x <= most.

    Args:
        objective: the coefficients of the objective, float64 [v].
        rows: the coefficients of the constraints, sparse or dense [r, v].
        low, high: the bounds of the constraints, float64 [r].
        least, most: the bounds of the variables, float64 [v].
        integral: which variables are whole numbers, bool [v].
    """

    objective: FloatArray
    rows: Any
    low: FloatArray
    high: FloatArray
    least: FloatArray
    most: FloatArray
    integral: BoolArray

    def with_rows(self, rows: Sequence[tuple[FloatArray, float, float]]) -> Program:
        """The same program with further constraints (coefficients, low, high)."""
        if not rows:
            return self
        coefficients, low, high = zip(*rows, strict=True)
        return Program(
            self.objective,
            _sparse().vstack([self.rows, _sparse().csr_array(np.array(coefficients))]),
            np.append(self.low, low),
            np.append(self.high, high),
            self.least,
            self.most,
            self.integral,
        )


@dataclass(frozen=True)
class Solved:
    """The best point that the solver reached, and its proof.

    Args:
        x: the point, float64 [v].
        bound: the value that the objective of no point exceeds (up to the solver's tolerance).
    """

    x: FloatArray
    bound: float


def maximise(program: Program, clock: Clock, what: str, gap: float = 0.0) -> Solved | None:
    """Solves a program with HiGHS; None when no point fulfils it.

    Args:
        program: the program to solve.
        clock: the time limit, which stops the solver.
        what: the name of the problem in messages.
        gap: the relative gap at which the solver may stop.

    Raises:
        WorkError: if optimality is not proved within the time.
        MissingExtraError: if scipy is not installed.
    """
    try:
        from scipy.optimize import Bounds, LinearConstraint, milp
    except ImportError:
        raise MissingExtraError(f"{what} needs scipy; pip install 'folkmoot[exact]'") from None
    left = clock.left
    if left > 0:
        solved = milp(
            -program.objective,
            constraints=LinearConstraint(program.rows, program.low, program.high) if program.rows.shape[0] else None,
            bounds=Bounds(program.least, program.most),
            integrality=program.integral.astype(np.int64),
            options={"time_limit": left, "mip_rel_gap": gap},
        )
        if solved.status == 2:
            return None
        if solved.status == 0:
            bound = solved.mip_dual_bound
            return Solved(solved.x, -float(solved.fun if bound is None else bound))
        if solved.status != 1:
            raise WorkError(f"{what}: the solver gave up ({solved.message})")
    raise WorkError(f"{what}: not proved within {clock.limit:g} seconds; allow more time or take a smaller pool")


def sparse(data: Sequence[float] | NDArray[Any], row: Any, column: Any, shape: tuple[int, int]) -> Any:
    """A sparse matrix from (value, row, column)."""
    return _sparse().csr_array((np.asarray(data, dtype=np.float64), (row, column)), shape=shape)


def stacked(*parts: Any) -> Any:
    """Sparse matrices, one below the other."""
    return _sparse().vstack(parts)


def _sparse() -> Any:
    try:
        import scipy.sparse
    except ImportError:
        raise MissingExtraError("integer programs need scipy; pip install 'folkmoot[exact]'") from None
    return scipy.sparse
