"""Priceability, exactly: can people's equal money explain the slate? A linear program solved in integers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..profile import BoolArray, InputError, IntArray
from .registry import ALTERNATIVE, Finding, ballots, exact_audit
from .subject import Subject

# Cells of the integer tableau; 100,000 take some seconds.
CELLS = 100_000
# Pivots without progress after which the rule that cannot cycle takes over.
PATIENCE = 20


@dataclass(frozen=True)
class Prices:
    """A price system: every statement's price is its cost.

    Args:
        money: the money of each unit of mass.
        payments: [g, k], what each approval set pays in all for each statement of ``statements``.
        statements: the slate as a set, in pool order.
        group: int64 [n], the approval set of every agent.
    """

    money: Fraction
    payments: NDArray[Any]
    statements: IntArray
    group: IntArray


@exact_audit(
    id="priceability",
    short="equal money for everybody explains the slate",
    name="priceability",
    says="There are prices: equal money for everybody, everyone pays only for statements of the slate they approve, "
    "each of which is paid exactly its cost, and no other statement's supporters have more than its cost left.",
    complexity="a linear program over approval sets x (statements + candidates), in integers",
    instead="ejr-plus, exact at any size; or pjr, which a slate of equal costs that spends the whole budget and has "
    "prices satisfies.",
    exactness="simplex method in integers (no tolerance)",
    limit=f"{CELLS} cells of the tableau, about 25 distinct approval sets with 10 statements and 50 candidates",
    source="Peters and Skowron 2020; with costs Peters, Pierczynski, Skowron 2021",
)
def priceability(subject: Subject, level: float) -> Finding:
    """Is there a price system: equal money, everyone pays only for approved statements of the slate, each of which is
    paid exactly its price, and no other statement's supporters have more than its price left?

    Args:
        subject: the slate with its pool; the assignment does not matter.
        level: an agent approves what it values at least this much.

    Returns:
        A finding with the price system as witness where there is one; it has no ratio.

    Raises:
        InputError: the instance is too large.
    """
    seen = ballots(subject, level)
    inside = seen.inside
    paying, place = np.nonzero(seen.approve[:, inside])
    groups, k = len(seen.masses), len(inside)
    outside = np.setdiff1d(np.flatnonzero(seen.approve.any(axis=0)), inside)
    rows, columns = groups + k + len(outside), 1 + len(paying)
    if rows * (rows + columns) > CELLS:
        raise InputError(
            f"priceability: {groups} distinct approval sets, {k} statements and {len(outside)} other candidates make a "
            f"program of {rows * (rows + columns)} cells, more than {CELLS}; take a smaller instance. {ALTERNATIVE}"
        )
    # Money b and payments x: to each its budget, to each statement at most its price, and nobody can afford another.
    table = np.zeros((rows, columns), dtype=np.int64)
    table[:groups, 0] = -seen.masses
    table[paying, 1 + np.arange(len(paying))] = 1
    table[groups + place, 1 + np.arange(len(paying))] = 1
    for row, other in enumerate(outside, start=groups + k):
        supporters = seen.approve[:, other]
        table[row, 0] = int(seen.masses[supporters].sum())
        table[row, 1:] = -supporters[paying].astype(np.int64)
    right = np.concatenate([np.zeros(groups, dtype=np.int64), seen.costs[inside], seen.costs[outside]])
    gain = np.append(0, np.ones(len(paying), dtype=np.int64))
    best, x = maximum(table, right, gain)
    if best != int(seen.costs[inside].sum()):
        return Finding(False)
    payments = np.full((groups, k), Fraction(0), dtype=object)
    payments[paying, place] = x[1:]
    return Finding(True, None, Prices(x[0], payments, inside, seen.group))


def maximum(rows: IntArray, right: IntArray, gain: IntArray) -> tuple[Fraction, list[Fraction]]:
    """The largest gain @ x with rows @ x <= right and x >= 0, by Edmonds' integer pivoting; right >= 0, bounded."""
    m, n = rows.shape
    table = np.zeros((m + 1, n + m + 1), dtype=object)
    table[:m, :n], table[:m, n : n + m], table[:m, -1] = rows, np.eye(m, dtype=np.int64), right
    table[m, :n] = -gain
    table += 0
    basis, common, waited = list(range(n, n + m)), 1, 0
    while True:
        falls = np.flatnonzero(np.array(table[m, :-1] < 0, dtype=bool))
        if not len(falls):
            break
        s = int(falls[0] if waited > PATIENCE else falls[np.argmin(table[m, falls])])
        up: BoolArray = np.array(table[:m, s] > 0, dtype=bool)
        r = min(np.flatnonzero(up).tolist(), key=lambda i: (Fraction(int(table[i, -1]), int(table[i, s])), basis[i]))
        waited = waited + 1 if table[r, -1] == 0 else 0
        pivot, row = table[r, s], table[r].copy()
        table = (table * pivot - table[:, [s]] * row) // common
        table[r] = row
        common, basis[r] = pivot, s
    x = [Fraction(0)] * (n + m)
    for at, variable in enumerate(basis):
        x[variable] = Fraction(int(table[at, -1]), int(common))
    return Fraction(int(table[m, -1]), int(common)), x[:n]
