"""Who would be represented by which statement of a slate: quickly and nearly, by prices of the seats."""

from __future__ import annotations

import numpy as np

from ...profile import FloatArray, IntArray
from ...profile.compiled import kernels

UNASSIGNED = -1
# Rounds of prices: from nothing, and from prices of a slate that shares most statements.
PASSES, AGAIN = 5, 2


def seat(
    wish: FloatArray,
    lower: IntArray,
    upper: IntArray,
    masses: IntArray | None,
    price: FloatArray,
    order: IntArray,
    passes: int,
) -> tuple[IntArray, FloatArray]:
    """A balanced assignment within a few thousandths of the best, by coordinate descent of its dual.

    Statement by statement the price is set at which it is sought by no more than it may represent and no less than it
    has to; then seats are given out, those who lose most by losing theirs first.

    Args:
        wish: float64 [k, n] utilities, without ties.
        lower: int64 [k] least mass of a statement.
        upper: int64 [k] most mass.
        masses: int64 [n]; None: all 1.
        price: float64 [k] to begin with.
        order: int64 [k] in which statements are priced.
        passes: rounds.

    Returns:
        int64 [n] places, -1 where there is no room; float64 [k] prices.
    """
    k, n = wish.shape
    if not k:
        return np.full(n, UNASSIGNED, dtype=np.int64), price
    price = price.copy()
    if masses is None and (compiled := kernels()) is not None:
        place = np.empty(n, dtype=np.int64)
        # What is compiled reads bytes: of another type they would be other numbers.
        whole = np.ascontiguousarray(wish, dtype=np.float64)
        least, most, turns = (np.ascontiguousarray(each, dtype=np.int64) for each in (lower, upper, order))
        price = np.ascontiguousarray(price, dtype=np.float64)
        compiled.seats(whole, least, most, price, turns, passes, place)
        return place, price
    net = wish - price[:, None]
    if k > 1:
        for _ in range(passes):
            # The best of all others: of those priced in this round, and of those that are still to come.
            coming = [net[order[-1]].copy()]
            for s in order[-2:0:-1]:
                coming.append(np.maximum(coming[-1], net[s]))
            priced = np.full(n, -np.inf)
            for s in order:
                keen = net[s] - (np.maximum(priced, coming.pop()) if coming else priced)
                low, high = _between(keen, int(lower[s]), int(upper[s]), masses)
                change = min(max(-price[s], low), high)
                price[s] += change
                net[s] -= change
                np.maximum(priced, net[s], out=priced)
    return _given(net, upper, masses), price


def _between(keen: FloatArray, lower: int, upper: int, masses: IntArray | None) -> tuple[float, float]:
    """Between them at most ``upper`` mass is keener than the price, and at least ``lower`` as keen."""
    if masses is None:
        last, beyond = lower - 1, upper
        top = len(keen) - 1
        keen.partition((max(0, top - beyond), top - max(last, 0)))
        ranked = keen[::-1]
    else:
        order = np.argsort(-keen, kind="stable")
        heaped = np.cumsum(masses[order])
        last, beyond = int(np.searchsorted(heaped, lower)), int(np.searchsorted(heaped, upper, side="right"))
        ranked = keen[order]
    low = float(ranked[beyond]) if beyond < len(keen) else -np.inf
    high = float(ranked[min(last, len(keen) - 1)]) if lower else np.inf
    return low, high


def _given(net: FloatArray, upper: IntArray, masses: IntArray | None) -> IntArray:
    """Seats for as many as there is room for; who leads the second choice by most is seated first."""
    place = np.full(net.shape[1], UNASSIGNED, dtype=np.int64)
    room = upper.copy()
    # The statements that have room, the people who wait, and their part of ``net``.
    open_, waiting = np.flatnonzero(room > 0), np.arange(net.shape[1])
    part = net if len(open_) == len(net) else net[open_]
    while len(waiting) and len(open_):
        best = part.argmax(axis=0)
        wanted = np.bincount(best, None if masses is None else masses[waiting], minlength=len(open_)).astype(np.int64)
        late = np.zeros(len(waiting), dtype=bool)
        for j in np.flatnonzero(wanted > room[open_]):
            crowd = np.flatnonzero(best == j)
            lead = part[j, crowd]
            if len(open_) > 1:
                others = part.take(crowd, axis=1)
                others[j] = -np.inf
                lead -= others.max(axis=0)
            crowd = crowd[np.argsort(-lead, kind="stable")]
            heaped = np.arange(1, len(crowd) + 1) if masses is None else np.cumsum(masses[waiting[crowd]])
            late[crowd[heaped > room[open_[j]]]] = True
        place[waiting] = np.where(late, UNASSIGNED, open_[best])
        # With masses a seat may be left that is too small for whoever waits for it: what overflows is full.
        room[open_] -= np.minimum(wanted, room[open_])
        still, left = np.flatnonzero(late), np.flatnonzero(room[open_] > 0)
        open_, waiting = open_[left], waiting[still]
        part = part[left].take(still, axis=1)
    return place
