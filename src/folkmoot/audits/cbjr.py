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
class Complaint:
    """A coalition that wants a statement and lacks it, its members not listed.

    Args:
        candidate: the pool number of the statement the coalition wants.
        theta: every member has utility >= theta for the statement, and < theta - slack for their own.
        mass: the mass of its members.
        need: the mass the statement would have to represent, ceil(c(a) n / B).
    """

    candidate: int
    theta: float
    mass: int
    need: int

    @property
    def ratio(self) -> float:
        """mass / need; 1 or more is a violation."""
        return self.mass / self.need

    @property
    def violates(self) -> bool:
        """Whether the coalition has the mass it needs, decided in integers."""
        return self.mass >= self.need

    def exceeds(self, other: Complaint | None) -> bool:
        """Whether it has a larger share of its need, decided in integers; ties go to the first in pool order."""
        if other is None:
            return True
        share, others = self.mass * other.need, other.mass * self.need
        return share > others or (share == others and self.candidate < other.candidate)


@dataclass(frozen=True)
class Witness(Complaint):
    """A complaint with its members: the evidence behind a number.

    Args:
        members: the rows of its agents.
        gap: the mean of u_i(a) - own_i over its assigned members (nan when all are unassigned).
    """

    members: IntArray
    gap: float


@dataclass(frozen=True)
class Sweep:
    """The result of one pass over every statement outside the slate.

    Args:
        worst: for every slack, the coalition that comes closest to (or goes furthest into) a violation; None where
            nobody prefers anything by more than the slack.
        violations: at the first slack, every statement's coalition that has what it needs, worst first.
    """

    worst: tuple[Complaint | None, ...]
    violations: tuple[Complaint, ...]

    @property
    def frontier(self) -> FloatArray:
        """float64 [s]: d(b), the largest mass / need of any coalition at each slack b; non-increasing in b."""
        return np.array([c.ratio if c else 0.0 for c in self.worst])


def sweep(subject: Subject, own: FloatArray, offers: Offers, slacks: FloatArray, *, every: bool = False) -> Sweep:
    """Looks at every statement outside the slate once, for all slacks.

    Statements whose every interested agent together cannot match the worst found so far are passed over: few are
    looked at closely.

    Args:
        subject: the slate with its pool.
        own: float64 [n], the utility each agent has now, as in `largest_coalitions`.
        offers: gives the utilities of candidates, in blocks.
        slacks: float64 [s], the values of b in (b, d)-cBJR, each >= 0.
        every: whether to list all violations at the first slack, not only the worst.
    """
    worst: list[Complaint | None] = [None] * len(slacks)
    violations: list[Complaint] = []
    for part, block in offers(subject.outside):
        needs = subject.needs[part]
        ceilings = possible(own, block, subject.masses, slacks) / needs
        for place, (slack, ceiling) in enumerate(zip(slacks, ceilings, strict=True)):
            listed = every and place == 0
            for at in np.argsort(-ceiling, kind="stable"):
                before = worst[place]
                bar = before.ratio if before else 0.0
                if ceiling[at] == 0 or ceiling[at] < (min(bar, 1.0) if listed else bar):
                    break
                mass, theta = largest_coalitions(own, block[:, at : at + 1], subject.masses, float(slack))
                complaint = Complaint(int(part[at]), float(theta[0]), int(mass[0]), int(needs[at]))
                if listed and complaint.violates:
                    violations.append(complaint)
                if complaint.exceeds(before):
                    worst[place] = complaint
    return Sweep(tuple(worst), tuple(sorted(violations, key=lambda c: (-c.ratio, c.candidate))))


def witness(subject: Subject, own: FloatArray, offers: Offers, complaint: Complaint, slack: float = 0.0) -> Witness:
    """The coalition behind one number."""
    (_, block), *_ = offers(np.array([complaint.candidate]))
    offer = block[:, 0]
    rows = members(own, offer, complaint.theta, slack)
    assigned = rows[np.isfinite(own[rows])]
    gap = float((offer[assigned] - own[assigned]).mean()) if len(assigned) else float("nan")
    return Witness(**vars(complaint), members=rows, gap=gap)


def violations(subject: Subject, own: FloatArray, offers: Offers, slack: float = 0.0) -> list[Witness]:
    """Every statement that enough people want instead of what they have, worst first, each with its witness.

    (b, d)-cBJR with d = 1 (Boehmer, Fish, Procaccia 2025, Definition 2.1); with slack 0 it is cBJR, and with unit
    costs BJR (Fish et al. 2024, Definition 1).
    """
    swept = sweep(subject, own, offers, np.array([slack]), every=True)
    return [witness(subject, own, offers, complaint, slack) for complaint in swept.violations]


def worst(subject: Subject, own: FloatArray, offers: Offers, slack: float = 0.0) -> Witness | None:
    """The coalition that comes closest to (or goes furthest into) a violation; None when nobody wants anything."""
    (closest,) = sweep(subject, own, offers, np.array([slack])).worst
    return witness(subject, own, offers, closest, slack) if closest else None


def frontier(subject: Subject, own: FloatArray, offers: Offers, slacks: FloatArray) -> FloatArray:
    """float64 [s]: d(b) at every slack b. A violation of (b, d)-cBJR exists iff d <= d(b)."""
    return sweep(subject, own, offers, slacks).frontier
