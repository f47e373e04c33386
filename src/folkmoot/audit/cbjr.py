"""Balanced justified representation with costs: frontier, violations, witnesses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..profile import FloatArray, IntArray
from ..queries.coalitions import largest_coalitions, members, possible
from .subject import Subject

Offers = Callable[[IntArray], Iterator[tuple[IntArray, FloatArray]]]


@dataclass(frozen=True)
class Witness:
    """A coalition that wants a statement and lacks it: the evidence behind a number.

    Args:
        candidate: pool number of the statement it wants.
        theta: everyone in it has utility >= theta for the statement, and < theta - slack for their own.
        members: rows of its agents.
        mass: their mass.
        need: mass the statement would have to represent, ceil(c(a) n / B).
        gap: mean of u_i(a) - own_i over its assigned members (nan when all are unassigned).
    """

    candidate: int
    theta: float
    members: IntArray
    mass: int
    need: int
    gap: float

    @property
    def ratio(self) -> float:
        """mass / need; 1 or more is a violation."""
        return self.mass / self.need

    @property
    def violates(self) -> bool:
        """Decided in integers."""
        return self.mass >= self.need


def worst_by_statement(
    subject: Subject, own: FloatArray, offers: Offers, slack: float = 0.0
) -> tuple[IntArray, IntArray, FloatArray]:
    """For every statement outside the slate the largest coalition that could complain.

    Returns:
        (candidates, mass, theta), all [m - k].
    """
    parts = [(part, *largest_coalitions(own, block, subject.masses, slack)) for part, block in offers(subject.outside)]
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, np.zeros(0)
    candidates, mass, theta = zip(*parts, strict=True)
    return np.concatenate(candidates), np.concatenate(mass), np.concatenate(theta)


def witness(subject: Subject, own: FloatArray, offers: Offers, candidate: int, theta: float, slack: float) -> Witness:
    """The coalition behind one number."""
    (_, block), *_ = offers(np.array([candidate]))
    offer = block[:, 0]
    rows = members(own, offer, theta, slack)
    assigned = rows[np.isfinite(own[rows])]
    gap = float((offer[assigned] - own[assigned]).mean()) if len(assigned) else float("nan")
    return Witness(candidate, theta, rows, int(subject.masses[rows].sum()), int(subject.needs[candidate]), gap)


def violations(subject: Subject, own: FloatArray, offers: Offers, slack: float = 0.0) -> list[Witness]:
    """Every statement that enough people want instead of what they have, worst first, each with its witness.

    (b, d)-cBJR with d = 1 (Boehmer, Fish, Procaccia 2025, Definition 2.1); with slack 0 it is cBJR, and with unit
    costs BJR (Fish et al. 2024, Definition 1).
    """
    candidates, mass, theta = worst_by_statement(subject, own, offers, slack)
    hit = np.flatnonzero(mass >= subject.needs[candidates])
    found = [witness(subject, own, offers, int(candidates[at]), float(theta[at]), slack) for at in hit]
    return sorted(found, key=lambda w: (-w.ratio, w.candidate))


def worst(subject: Subject, own: FloatArray, offers: Offers, slack: float = 0.0) -> Witness | None:
    """The coalition that comes closest to (or goes furthest into) a violation; None when nobody wants anything."""
    candidates, mass, theta = worst_by_statement(subject, own, offers, slack)
    if not len(candidates) or mass.max() == 0:
        return None
    at = _largest_ratio(mass, subject.needs[candidates])
    return witness(subject, own, offers, int(candidates[at]), float(theta[at]), slack)


def frontier(subject: Subject, own: FloatArray, offers: Offers, slacks: FloatArray) -> FloatArray:
    """float64 [len(slacks)]: d(b), the largest mass / need of any coalition at slack b; non-increasing in b.

    A violation of (b, d)-cBJR exists iff d <= d(b). Statements whose every interested agent together cannot beat
    the best found so far are skipped.
    """
    found = np.zeros(len(slacks))
    for block_candidates, block in offers(subject.outside):
        needs = subject.needs[block_candidates]
        for place, slack in enumerate(slacks):
            ceiling = possible(own, block, subject.masses, float(slack)) / needs
            hopeful = np.argsort(-ceiling, kind="stable")
            for start in range(0, len(hopeful), 16):
                part = hopeful[start : start + 16]
                part = part[ceiling[part] > found[place]]
                if not len(part):
                    break
                mass, _ = largest_coalitions(own, block[:, part], subject.masses, float(slack))
                found[place] = max(found[place], float((mass / needs[part]).max()))
    return found


def _largest_ratio(mass: IntArray, needs: IntArray) -> int:
    """Index of the largest mass / need, compared as integers; first on ties."""
    best = 0
    for at in range(1, len(mass)):
        if int(mass[at]) * int(needs[best]) > int(mass[best]) * int(needs[at]):
            best = at
    return best
