"""FJR and the core, exactly: can a group deviate to candidates that its share of the budget pays for?"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..profile import BoolArray, InputError, IntArray, WorkError
from ..profile.exact import Clock, Program, maximise, sparse
from .registry import ALTERNATIVE, Ballots, Finding, ballots, exact_audit
from .subject import Subject

# Up to this many candidates every set of them is tried, in integers.
EVERY = 12
# The most distinct approval sets times candidates for which the integer program is solved.
CELLS = 100_000
TIME_LIMIT = 60.0
EXACTNESS = f"all sets of up to {EVERY} candidates in integers; beyond, integer programs proved by HiGHS and recomputed"
LIMIT = f"{CELLS} distinct approval sets x candidates, {TIME_LIMIT:g} s; coNP-hard"
COMPLEXITY = f"coNP-hard; 2^m sets of up to {EVERY} candidates, then an integer program for every step to the ratio"
INSTEAD = (
    "jr and, where it is small enough, ejr, whose violations are violations of FJR and of the core as well; nothing "
    "that can be checked at any size implies either."
)


@exact_audit(
    id="core",
    short="no group can pay for what all of it likes better",
    name="core",
    says="No group may pay for statements T, mass(S) B >= c(T) n, of which each of its members approves more than of "
    "the slate.",
    exactness=EXACTNESS,
    limit=LIMIT,
    complexity=COMPLEXITY,
    instead=INSTEAD,
    implies=("fjr",),
    source="Aziz et al. 2017, section 5.2",
    slack=True,
    timed=True,
)
def core(
    subject: Subject, level: float, *, slack: bool = True, time_limit: float = TIME_LIMIT, every: int = EVERY
) -> Finding:
    """The core: no group could pay for candidates of which every member approves more than of the slate.

    Violated by T and S with mass(S) B >= c(T) n and \\|A_i in T\\| > \\|A_i in W\\| for every i in S.

    Args:
        subject: the slate with its pool; the assignment does not matter.
        level: an agent approves what it values at least this much.
        slack: whether to find the largest ratio (slower than the answer alone).
        time_limit: the limit in seconds, for pools that are too large to try every set.
        every: try every set of candidates while there are at most this many candidates.

    Raises:
        InputError: there are too many distinct approval sets.
        WorkError: nothing was proved within the time.
    """
    seen = ballots(subject, level)
    search = _Search(seen, slack, time_limit, every, "core")
    search.look(seen.satisfaction + 1)
    return search.finding()


@exact_audit(
    id="fjr",
    short="no group can pay for a level that none of it has",
    name="FJR",
    says="No group may pay for statements T, mass(S) B >= c(T) n, of which each of its members approves at least beta, "
    "while each approves fewer than beta statements of the slate.",
    exactness=EXACTNESS,
    limit=LIMIT,
    complexity=COMPLEXITY,
    instead=INSTEAD,
    implies=("ejr",),
    source="Peters, Pierczynski, Skowron 2021",
    slack=True,
    timed=True,
)
def fjr(
    subject: Subject, level: float, *, slack: bool = True, time_limit: float = TIME_LIMIT, every: int = EVERY
) -> Finding:
    """Fully justified representation.

    Violated by T, S and beta with mass(S) B >= c(T) n, every i in S approving at least beta of T and fewer than beta
    statements of the slate.

    Args and errors as `core`.
    """
    seen = ballots(subject, level)
    search = _Search(seen, slack, time_limit, every, "FJR")
    has = seen.satisfaction
    for beta in range(1, int(seen.approve.sum(axis=1).max(initial=0)) + 1):
        search.look(np.where(has < beta, beta, np.iinfo(np.int64).max))
    return search.finding()


class _Search:
    """Sets T by the largest mass per cost of the groups that approve at least so many of them."""

    def __init__(self, seen: Ballots, slack: bool, time_limit: float, every: int, name: str) -> None:
        self.seen, self.slack, self.name, self.clock = seen, slack, name, Clock(time_limit)
        self.best = Fraction(0) if slack else seen.just_below
        self.witness: tuple[list[int], IntArray] | None = None
        groups, m = seen.approve.shape
        self.sets: BoolArray | None = None
        if m <= every:
            self.sets = (np.arange(1, 2**m)[:, None] >> np.arange(m) & 1).astype(bool)
            self.set_costs = self.sets @ seen.costs
            self.counts = self.sets.astype(np.int64) @ seen.approve.T.astype(np.int64)
        elif groups * m > CELLS:
            raise InputError(
                f"{self.name}: {groups} distinct approval sets over {m} candidates are too many for an exact check "
                f"(at most {CELLS} together). {ALTERNATIVE}"
            )

    def look(self, wanted: IntArray) -> None:
        """Records the best T when a group counts as soon as it approves ``wanted`` of T."""
        if self.sets is None:
            try:
                while self._improved(wanted):
                    pass
            except WorkError as error:
                raise WorkError(f"{error}. {ALTERNATIVE}") from None
            return
        mass = (self.counts >= wanted) @ self.seen.masses
        order = np.lexsort((-mass, self.set_costs))
        cost = self.set_costs[order]
        for at in order[np.append(True, cost[1:] != cost[:-1])] if len(order) else []:
            ratio = Fraction(int(mass[at]), int(self.set_costs[at]))
            if ratio > self.best:
                self._note(self.sets[at], wanted)

    def _note(self, members: BoolArray, wanted: IntArray) -> None:
        """Recomputes the ratio of a set of candidates in integers and records it if it is the best."""
        counts = self.seen.approve[:, members].sum(axis=1)
        groups = np.flatnonzero(counts >= wanted)
        ratio = Fraction(int(self.seen.masses[groups].sum()), int(self.seen.costs[members].sum()))
        if ratio > self.best:
            self.best, self.witness = ratio, (np.flatnonzero(members).tolist(), groups)

    def _improved(self, wanted: IntArray) -> bool:
        """Dinkelbach's step: is there a T with mass(T) q - c(T) p > 0 for the best ratio p / q so far?"""
        seen = self.seen
        able = np.flatnonzero(wanted <= seen.approve.sum(axis=1))
        m, g = len(seen.costs), len(able)
        if not g:
            return False
        row, column = np.nonzero(seen.approve[able])
        rows = sparse(
            np.concatenate([wanted[able].astype(np.float64), -np.ones(len(row)), np.ones(m)]),
            np.concatenate([np.arange(g), row, np.full(m, g)]),
            np.concatenate([m + np.arange(g), column, np.arange(m)]),
            (g + 1, m + g),
        )
        p, q = self.best.numerator, self.best.denominator
        size = max(p * int(seen.costs.max()), q * int(seen.masses.max()))
        scale = max(1.0, size / 10**6)
        if scale > 10**5:
            raise WorkError(f"{self.name}: masses or costs are too large for an exact integer program")
        solved = maximise(
            Program(
                np.concatenate([-seen.costs * p, seen.masses[able] * q]) / scale,
                rows,
                np.append(np.full(g, -np.inf), 1.0),
                np.append(np.zeros(g), np.inf),
                np.zeros(m + g),
                np.ones(m + g),
                np.ones(m + g, dtype=bool),
            ),
            self.clock,
            self.name,
        )
        if solved is None or solved.bound * scale < 0.5:
            return False
        before = self.best
        self._note(solved.x[:m] > 0.5, wanted)
        if self.best <= before:
            raise WorkError(f"{self.name}: the solver's tolerance is too coarse for these numbers")
        return True

    def finding(self) -> Finding:
        if self.witness is None:
            return self.seen.finding(Fraction(0), self.slack, None)
        candidates, groups = self.witness
        counts = self.seen.approve[:, candidates].sum(axis=1)
        has = int(self.seen.satisfaction[groups].max(initial=0))
        group = self.seen.witness(candidates, groups, int(counts[groups].min(initial=len(candidates))), has)
        return self.seen.finding(self.best, self.slack, group)
