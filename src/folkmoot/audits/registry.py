"""Exact audits by id, each with what it can decide and up to which size declared beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np

from ..profile import BoolArray, IntArray, Registry
from ..profile.exact import grouped
from .subject import Subject

ALTERNATIVE = "EJR+ and its slack (ejr_plus) are exact at any size and imply EJR, PJR and JR with unit costs"


@dataclass(frozen=True)
class Group:
    """A group of agents that could do better together: the evidence behind a violation.

    Args:
        candidates: what they could pay for, in pool order.
        members: the rows of the agents.
        mass: the mass of the agents.
        need: the mass that pays for the candidates, ceil(c(T) n / B).
        deserved: what every member (PJR: all together; core: the worst-served) would have of ``candidates``.
        has: the most that any member (PJR: all together) has of the slate.
    """

    candidates: tuple[int, ...]
    members: IntArray
    mass: int
    need: int
    deserved: Fraction
    has: Fraction


@dataclass(frozen=True)
class Finding:
    """Result of an exact audit.

    Args:
        holds: whether the axiom holds, proved as the audit's ``exactness`` says.
        ratio: the largest share of the mass it would need that a group reaches; below 1 the axiom holds. None where it
            was not requested, or where the axiom has no such figure.
        witness: the group behind the ratio or the violation; other audits document what they return here.
    """

    holds: bool
    ratio: Fraction | None = None
    witness: Any = None


@dataclass(frozen=True)
class Entry:
    """A registered audit.

    Args:
        id: the name in the registry.
        name: the name that the literature uses.
        says: the axiom in one sentence, as what it rules out.
        approvals: whether the audit looks at approvals at a level.
        exactness: how the answer is proved.
        limit: the size up to which the audit decides; beyond it the audit refuses.
        complexity: the complexity of one check.
        instead: which audit is sound beyond the limit.
        implies: the ids of audits that hold wherever this one does.
        implies_equal: the ids of audits that hold wherever this one does if all statements cost the same.
        source: the paper, and the number of the definition in it.
        check: the function, called with a subject and, where ``approvals``, the approval level.
        slack: whether the ratio is slower to compute than the answer alone, and ``check(..., slack=False)`` leaves it
            out.
        nodes: the most steps that its search takes unless ``check(..., nodes=...)`` says otherwise; 0: it counts no
            steps.
        timed: whether ``check(..., time_limit=...)`` limits its seconds, approximately.
        whole_agents: whether it looks at assignments of whole agents: an agent of weight 2 is not the same as two, who
            could be assigned to different statements. To all others weights mean copies.
        short: the axiom in half a line, for listings; where empty, its name is listed.
    """

    id: str
    name: str
    says: str
    approvals: bool
    exactness: str
    limit: str
    complexity: str
    instead: str
    implies: tuple[str, ...]
    implies_equal: tuple[str, ...]
    source: str
    check: Callable[..., Finding]
    slack: bool = False
    nodes: int = 0
    timed: bool = False
    whole_agents: bool = False
    short: str = ""

    @property
    def about(self) -> str:
        """One line for listings."""
        return self.short or self.name


AUDITS: Registry[Entry] = Registry("audit")
Check = TypeVar("Check", bound=Callable[..., Finding])


def exact_audit(
    *,
    id: str,
    name: str,
    says: str,
    exactness: str,
    limit: str,
    complexity: str,
    source: str,
    instead: str = "",
    implies: tuple[str, ...] = (),
    implies_equal: tuple[str, ...] = (),
    approvals: bool = True,
    slack: bool = False,
    nodes: int = 0,
    timed: bool = False,
    whole_agents: bool = False,
    short: str = "",
) -> Callable[[Check], Check]:
    """Registers a function as an audit; see `Entry` for what it declares.

    Raises:
        InputError: another audit has this id.
    """

    def register(check: Check) -> Check:
        AUDITS.register(
            Entry(
                id=id,
                name=name,
                says=says,
                approvals=approvals,
                exactness=exactness,
                limit=limit,
                complexity=complexity,
                instead=instead,
                implies=implies,
                implies_equal=implies_equal,
                source=source,
                check=check,
                slack=slack,
                nodes=nodes,
                timed=timed,
                whole_agents=whole_agents,
                short=short,
            )
        )
        return check

    return register


def find(id: str) -> Entry:
    """Finds the audit of that id.

    Raises:
        InputError: no audit has this id.
    """
    return AUDITS.find(id)


def implied(id: str, *, equal_costs: bool) -> frozenset[str]:
    """The ids of all audits that hold wherever this one does, by one implication or several.

    >>> from folkmoot.audits import AUDITS
    >>> sorted(implied("fjr", equal_costs=False))
    ['ejr', 'jr', 'pjr']
    """
    followed: set[str] = set()
    left = [id]
    while left:
        entry = find(left.pop())
        further = {*entry.implies, *(entry.implies_equal if equal_costs else ())} - followed
        followed |= further
        left += further
    return frozenset(followed)


@dataclass(frozen=True)
class Ballots:
    """Distinct approval sets over the pool.

    Args:
        approve: bool [g, m], which candidates each approval set contains.
        masses: int64 [g], the mass of each approval set.
        group: int64 [n], the approval set of every agent.
        inside: int64 [k], the slate as a set, in pool order.
        costs: int64 [m], the cost of each candidate.
        total: the mass of all agents.
        budget: the budget of the slate.
    """

    approve: BoolArray
    masses: IntArray
    group: IntArray
    inside: IntArray
    costs: IntArray
    total: int
    budget: int

    @property
    def satisfaction(self) -> IntArray:
        """int64 [g]: number of approved statements of the slate."""
        return np.asarray(self.approve[:, self.inside].sum(axis=1), dtype=np.int64)

    def witness(self, candidates: list[int], groups: IntArray, deserved: int, has: int) -> Group:
        """The group of all agents with these approval sets."""
        members = np.flatnonzero(np.isin(self.group, groups))
        need = -(-int(self.costs[candidates].sum()) * self.total // self.budget)
        mass = int(self.masses[groups].sum())
        return Group(tuple(sorted(candidates)), members, mass, need, Fraction(deserved), Fraction(has))

    @property
    def just_below(self) -> Fraction:
        """A mass per cost that a ratio exceeds exactly if it is at least n / B."""
        return Fraction(self.total, self.budget) - Fraction(1, self.budget * (int(self.costs.sum()) + 1))

    def finding(self, best: Fraction, slack: bool, witness: Group | None) -> Finding:
        """Makes a finding from the largest mass per cost."""
        holds = best * self.budget < self.total
        return Finding(holds, best * self.budget / self.total if slack or not holds else None, witness)


def ballots(subject: Subject, level: float) -> Ballots:
    """Groups the agents by their approvals of the whole pool at a level."""
    pool = subject.pool
    parts = [block >= level for _, block in subject.offers(np.arange(pool.size))]
    approve = np.concatenate(parts, axis=1) if parts else np.zeros((pool.n_agents, 0), dtype=bool)
    distinct, masses, group = grouped(approve, pool.masses)
    inside = np.unique(subject.chosen)
    return Ballots(distinct, masses, group, inside, pool.costs, pool.total_mass, subject.budget)
