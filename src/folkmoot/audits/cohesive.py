"""PJR and EJR, exactly: a branch-and-bound over what a group could agree on, in integers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..profile import BoolArray, InputError, IntArray, WorkError
from .registry import ALTERNATIVE, Ballots, Finding, ballots, exact_audit
from .subject import Subject

# The number of sets of candidates looked at before giving up; about 10 microseconds each.
NODES = 1_000_000
# The most sets of slate statements that some group together approves.
UNIONS = 65_536
EXACTNESS = "branch-and-bound over sets of candidates with mass bounds, integers only"
COHESIVE = (
    "ejr-plus, exact at any size: with equal costs it implies EJR, PJR and JR, and where it holds for a smaller quota "
    "so do they."
)


@exact_audit(
    id="ejr",
    short="in every group that agrees somebody has enough",
    name="EJR",
    says="No group that pays for statements T all of which all of it approves, mass(S) B >= c(T) n, may have only "
    "members who approve fewer than |T| statements of the slate.",
    exactness=EXACTNESS,
    limit=f"{NODES} sets of candidates that enough agents agree on; coNP-complete in general",
    complexity="coNP-complete; one step for every set of candidates that enough agents agree on",
    instead=COHESIVE,
    implies=("pjr",),
    source="Aziz et al. 2017; with costs Peters, Pierczynski, Skowron 2021 on approvals",
    slack=True,
    nodes=NODES,
)
def ejr(subject: Subject, level: float, *, slack: bool = True, nodes: int = NODES) -> Finding:
    """Extended justified representation.

    Violated by a set T of candidates and a group whose share of the budget pays for it, mass(S) B >= c(T) n, all of
    whom approve all of T, and each of whom approves fewer than \\|T\\| statements of the slate.

    Args:
        subject: the slate with its pool; the assignment does not matter.
        level: an agent approves what it values at least this much.
        slack: whether to find the largest ratio (slower than the answer alone).
        nodes: the number of sets of candidates to look at before giving up.

    Raises:
        WorkError: there are more sets than that.
    """
    seen = ballots(subject, level)
    search = _Search(seen, slack, nodes, "EJR")
    has = seen.satisfaction
    for size in range(1, len(seen.costs) + 1):
        if search.hopeless(seen.total, size):
            break
        search.deeper(np.flatnonzero(has < size), size, [])
    if search.witness is None:
        return seen.finding(Fraction(0), slack, None)
    candidates, groups = search.witness
    most = int(has[groups].max())
    return seen.finding(search.best, slack, seen.witness(candidates, groups, len(candidates), most))


@exact_audit(
    id="pjr",
    short="every group that agrees has enough together",
    name="PJR",
    says="No group that pays for statements T all of which all of it approves, mass(S) B >= c(T) n, may approve fewer "
    "than |T| statements of the slate among all of its members together.",
    exactness=EXACTNESS,
    limit=f"{UNIONS} sets of slate statements approved by some group, {NODES} sets of candidates; coNP-complete",
    complexity="coNP-complete; as EJR for every set of slate statements that some group approves",
    instead=COHESIVE,
    implies=("jr",),
    source="Sanchez-Fernandez et al. 2017",
    slack=True,
    nodes=NODES,
)
def pjr(subject: Subject, level: float, *, slack: bool = True, nodes: int = NODES) -> Finding:
    """Proportional justified representation.

    Violated by a set T of candidates and a group whose share of the budget pays for it, all of whom approve all of T,
    if fewer than \\|T\\| statements of the slate are approved by anyone in the group.

    Args and errors as `ejr`.

    Raises:
        InputError: the slate is approved in too many ways.
    """
    seen = ballots(subject, level)
    patterns = seen.approve[:, seen.inside]
    search = _Search(seen, slack, nodes, "PJR")
    for union in _unions(patterns):
        # A group that together approves no more than this, and could have one statement more.
        groups = np.flatnonzero(~(patterns & ~union).any(axis=1))
        size = int(union.sum()) + 1
        if size > len(seen.costs) or search.hopeless(int(seen.masses[groups].sum()), size):
            continue
        search.deeper(groups, size, [])
    if search.witness is None:
        return seen.finding(Fraction(0), slack, None)
    candidates, groups = search.witness
    together = int(patterns[groups].any(axis=0).sum())
    return seen.finding(search.best, slack, seen.witness(candidates, groups, len(candidates), together))


def _unions(patterns: BoolArray) -> list[BoolArray]:
    """Every union of rows, smallest first (the empty one too)."""
    width = patterns.shape[1]
    words = {int("".join("1" if x else "0" for x in row) or "0", 2) for row in patterns}
    unions = {0}
    for word in sorted(words):
        unions |= {word | other for other in unions}
        if len(unions) > UNIONS:
            raise InputError(
                f"PJR: groups approve the slate in more than {UNIONS} ways; exact checks need a smaller slate. "
                + ALTERNATIVE
            )
    order = sorted(unions, key=lambda word: (word.bit_count(), -word))
    return [np.array([word >> (width - 1 - at) & 1 for at in range(width)], dtype=bool) for word in order]


class _Search:
    """Sets T of a given size that all of a group approve, by the largest mass per cost."""

    def __init__(self, seen: Ballots, slack: bool, nodes: int, name: str) -> None:
        self.seen, self.nodes, self.name = seen, nodes, name
        self.best = Fraction(0) if slack else seen.just_below
        self.witness: tuple[list[int], IntArray] | None = None
        # Cheapest total cost of any number of candidates from a place on is bounded by the cheapest ones overall.
        self.cheapest = np.concatenate([[0], np.cumsum(np.sort(seen.costs))])

    def hopeless(self, mass: int, size: int) -> bool:
        """Whether no group of that mass can do better with that many candidates."""
        return Fraction(mass, int(self.cheapest[size])) <= self.best

    def deeper(self, groups: IntArray, wanted: int, chosen: list[int]) -> None:
        seen = self.seen
        self.nodes -= 1
        if self.nodes < 0:
            raise WorkError(
                f"{self.name}: too many sets of candidates that enough people agree on; exact checks are for small "
                f"instances. {ALTERNATIVE}"
            )
        start = chosen[-1] + 1 if chosen else 0
        mass = seen.masses[groups] @ seen.approve[groups, start:]
        spent = int(seen.costs[chosen].sum()) if chosen else 0
        cost = spent + seen.costs[start:] + int(self.cheapest[wanted - 1])
        for step in np.flatnonzero(mass * self.best.denominator > cost * self.best.numerator).tolist():
            # The best may have grown since.
            if int(mass[step]) * self.best.denominator <= int(cost[step]) * self.best.numerator:
                continue
            candidate = start + step
            left = groups[seen.approve[groups, candidate]]
            if wanted == 1:
                self.best = Fraction(int(mass[step]), int(cost[step]))
                self.witness = ([*chosen, candidate], left)
            elif len(seen.costs) - candidate > wanted - 1:
                self.deeper(left, wanted - 1, [*chosen, candidate])
