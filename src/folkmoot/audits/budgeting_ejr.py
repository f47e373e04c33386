"""EJR for participatory budgeting with additive utilities, exactly where small."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..profile import InputError, IntArray, WorkError
from ..profile.exact import in_integers
from .registry import Finding, Group, exact_audit
from .subject import Subject

NODES = 200_000


@exact_audit(
    id="budgeting-ejr",
    short="EJR for additive utilities",
    name="EJR for additive utilities",
    says="No group may pay for statements T, mass(S) B >= c(T) n, whose utilities, each taken as the lowest in the "
    "group, sum to more than any of its members has from the slate.",
    complexity="coNP-hard; one step for every set of candidates and every level that a large enough group agrees on",
    instead="cbjr over a pool that holds every union of its statements, which implies it (Boehmer, Fish, Procaccia "
    "2025, Lemma A.2); or ejr-plus on approvals.",
    exactness="branch-and-bound over sets of candidates with utilities, integers only",
    limit=f"{NODES} sets; coNP-hard",
    source="Peters, Pierczynski, Skowron 2021; Boehmer, Fish, Procaccia 2025, Definition A.1",
    approvals=False,
    slack=True,
    nodes=NODES,
)
def budgeting_ejr(subject: Subject, *, slack: bool = True, nodes: int = NODES) -> Finding:
    """Extended justified representation for additive utilities.

    Violated by S and T with mass(S) B >= c(T) n and sum over a in T of min_{j in S} u_j(a) > sum over a in W of u_i(a)
    for every i in S. cBJR implies it where the universe is closed under unions (NG Lemma A.2).

    Args:
        subject: the slate with its pool; the assignment does not matter.
        slack: whether to find the largest ratio (slower than the answer alone).
        nodes: the number of sets to look at before giving up.

    Raises:
        InputError: a utility is below 0 (the definition then lets a group ask for nothing at all).
        WorkError: there are more sets than that.
    """
    pool = subject.pool
    whole, denominator = in_integers(pool.utilities(pool.agents, np.arange(pool.size)))
    if whole.size and whole.min() < 0:
        raise InputError("EJR for budgeting is defined for utilities of at least 0; shift the scale first")
    search = _Search(whole.astype(object), subject, slack, nodes)
    search.deeper(np.arange(pool.n_agents), 0, [], 0)
    total, budget = pool.total_mass, subject.budget
    holds = search.best * budget < total
    ratio = search.best * budget / total if slack or not holds else None
    if search.witness is None:
        return Finding(holds, Fraction(0) if slack else None)
    candidates, members, value = search.witness
    cost = int(pool.costs[candidates].sum())
    evidence = Group(
        tuple(candidates),
        np.sort(members),
        int(pool.masses[members].sum()),
        -(-cost * total // budget),
        Fraction(value, denominator),
        Fraction(int(search.has[members].max()), denominator),
    )
    return Finding(holds, ratio, evidence)


class _Search:
    """Sets T with the least utility the group has of each, by the largest mass per cost of those who have less now."""

    def __init__(self, values: IntArray, subject: Subject, slack: bool, nodes: int) -> None:
        self.values, self.nodes = values, nodes
        self.masses, self.costs = subject.masses, subject.pool.costs
        self.has = values[:, np.unique(subject.chosen)].sum(axis=1)
        total, budget = subject.pool.total_mass, subject.budget
        below = Fraction(total, budget) - Fraction(1, budget * (int(self.costs.sum()) + 1))
        self.best = Fraction(0) if slack else below
        self.witness: tuple[list[int], IntArray, int] | None = None
        # What an agent could at most have of the candidates from each place on.
        self.later = np.zeros((values.shape[0], values.shape[1] + 1), dtype=object)
        for place in range(values.shape[1] - 1, -1, -1):
            self.later[:, place] = self.later[:, place + 1] + values[:, place]

    def deeper(self, rows: IntArray, value: int, chosen: list[int], cost: int) -> None:
        self.nodes -= 1
        if self.nodes < 0:
            raise WorkError(
                "EJR for budgeting: too many sets of candidates; the exact check is for small instances. "
                "cBJR over a pool closed under unions implies it at any size"
            )
        start = chosen[-1] + 1 if chosen else 0
        for candidate in range(start, len(self.costs)):
            dearer = cost + int(self.costs[candidate])
            # The agents who can still get more than they have now.
            able = rows[np.array(self.has[rows] < value + self.later[rows, candidate], dtype=bool)]
            if Fraction(int(self.masses[able].sum()), dearer) <= self.best:
                continue
            liked = self.values[able, candidate]
            for least in sorted({int(v) for v in liked if v > 0}, reverse=True):
                those = able[np.array(liked >= least, dtype=bool)]
                if Fraction(int(self.masses[those].sum()), dearer) <= self.best:
                    continue
                less = those[np.array(self.has[those] < value + least, dtype=bool)]
                ratio = Fraction(int(self.masses[less].sum()), dearer)
                if ratio > self.best:
                    self.best, self.witness = ratio, ([*chosen, candidate], less, value + least)
                self.deeper(those, value + least, [*chosen, candidate], dearer)
