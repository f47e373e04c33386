"""Agents who are split between statements, made whole again: no load moves by more than the heaviest agent."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..profile import BoolArray, IntArray


def whole(rows: IntArray, places: IntArray, masses: IntArray, shape: tuple[int, int]) -> IntArray:
    """int64 [n]: places of whole agents, those that are split where `unsplit` puts them.

    Args:
        rows: int64 [p] the agent of every parcel; every agent has at least one.
        places: int64 [p] the statement of every parcel.
        masses: int64 [p] the mass of every parcel, positive.
        shape: the numbers of agents and statements.
    """
    n, k = shape
    place = np.zeros(n, dtype=np.int64)
    place[rows] = places
    if len(rows) > n:
        split = np.flatnonzero(np.bincount(rows, minlength=n) > 1)
        which = np.isin(rows, split)
        parts = np.zeros((len(split), k), dtype=np.int64)
        np.add.at(parts, (np.searchsorted(split, rows[which]), places[which]), masses[which])
        place[split] = unsplit(forest(parts))
    return place


def forest(parts: IntArray) -> IntArray:
    """The same loads at the same value without cycles of split agents, so that fewer than k agents are split.

    All parts of an agent are where it likes best at the final prices: shifting mass along a cycle costs nothing.

    Args:
        parts: int64 [r, k] the mass of every agent at every statement.
    """
    parts = parts.copy()
    while cycle := _cycle(parts > 0):
        rows, columns = np.array(cycle).T
        amount = parts[rows[1::2], columns[1::2]].min()
        parts[rows[::2], columns[::2]] += amount
        parts[rows[1::2], columns[1::2]] -= amount
    return parts


def _cycle(linked: BoolArray) -> list[tuple[int, int]]:
    """The links between rows and columns along one cycle; empty where there is none."""
    inside = linked.copy()
    while (ends := inside & ((inside.sum(axis=1, keepdims=True) == 1) | (inside.sum(axis=0) == 1))).any():
        inside &= ~ends
    if not inside.any():
        return []
    # Everything left has at least two links: walk on, from columns to rows and back, until something is met again.
    walk = [int(np.flatnonzero(inside.any(axis=0))[0])]
    while True:
        side = len(walk) % 2
        linked_to = np.flatnonzero(inside[:, walk[-1]] if side else inside[walk[-1]])
        ahead = int(linked_to[0] if len(walk) == 1 or linked_to[0] != walk[-2] else linked_to[1])
        if ahead in walk[side::2]:
            start = 2 * walk[side::2].index(ahead) + side
            steps = enumerate(pairwise([*walk[start:], ahead]), start)
            return [(here, there) if place % 2 else (there, here) for place, (here, there) in steps]
        walk.append(ahead)


def unsplit(parts: IntArray) -> IntArray:
    """Seats whole agents so that no load moves by more than the heaviest agent.

    The split agents of a vertex link the statements to a forest. From each root on, a statement that has lost
    mass so far takes the next agent it shares, and otherwise leaves it to the other statement of the two.

    Args:
        parts: int64 [r, k] the mass of every agent at every statement, without cycles (`forest`).
    """
    place: IntArray = np.argmax(parts, axis=1)
    split = {int(i): np.flatnonzero(parts[i]) for i in np.flatnonzero((parts > 0).sum(axis=1) > 1)}
    drift = np.zeros(parts.shape[1], dtype=np.int64)
    waiting = list(range(len(drift)))[::-1]
    while waiting:
        node = waiting.pop()
        for agent in [i for i, places in split.items() if node in places]:
            places = split.pop(agent)
            others = [int(s) for s in places if s != node]
            place[agent] = node if drift[node] < 0 else max(others, key=lambda s: int(parts[agent, s]))
            drift[places] -= parts[agent, places]
            drift[place[agent]] += parts[agent].sum()
            waiting.extend(others)
    return place
