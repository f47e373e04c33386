"""The audit of everybody: counts of all shards, put into the same records as an audit in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..audits import Audit
from ..audits.agreement import DIGITS, Agreement
from ..audits.audit import FRONTIER_STEPS, NAMED
from ..audits.balance import is_balanced
from ..audits.cbjr import Complaint
from ..audits.records import (
    Axiom,
    Cbjr,
    Coalition,
    CompletedAnswers,
    KnownAnswers,
    LeastRepresented,
    StatementFigures,
    WorstCase,
)
from ..audits.subject import Subject
from ..audits.welfare import welfare
from ..profile import FloatArray, IntArray, needs
from ..queries.completed import GRID
from .blocks import Frame, Levels
from .counts import Counts, Plan
from .verdicts import Approval, approval, share, swept
from .witnesses import LISTED, Asked, Found

Ask = Callable[[Sequence[Asked]], list[Found]]
Names = Callable[[IntArray], list[str]]


@dataclass(frozen=True, eq=False)
class Everybody:
    """A slate with everybody, ready for its figures.

    Args:
        frame: of the run.
        plan: the slate.
        counts: over all shards.
        levels: uint16 [n, k] of the slate's statements.
        kinds: int8 [n, k] answers to them: 0 against, 1 neither, 2 for, -1 not answered.
        chances: uint16 [n]: chance of approving one's own statement, in levels of 1/1024; 0 without one.
        place: int64 [n].
        budget: of the slate.
        ask: finds groups of people.
        names: the ids of people.
    """

    frame: Frame
    plan: Plan
    counts: Counts
    levels: Levels
    kinds: NDArray[np.int8]
    chances: NDArray[np.uint16]
    place: IntArray
    budget: int
    ask: Ask
    names: Names

    @property
    def n(self) -> int:
        """How many people."""
        return len(self.place)

    def needs(self, candidates: IntArray) -> IntArray:
        """int64: the mass that each candidate needs."""
        return needs(self.plan.costs[candidates], self.n, self.budget)

    @property
    def violated(self) -> bool:
        """Some large enough group prefers a statement outside."""
        return bool(swept(self.counts.completed[0], self.plan.outside, self.needs(self.plan.outside)).violations)

    @property
    def own(self) -> FloatArray:
        """float64 [n]: utility of everybody's own statement, -inf without one."""
        rows = np.flatnonzero(self.place >= 0)
        found = np.full(self.n, -np.inf)
        found[rows] = self.frame.utility(self.levels[rows, self.place[rows]])
        return found

    @property
    def best(self) -> FloatArray:
        """float64 [n]: utility of everybody's favourite of the slate."""
        return self.frame.utility(self.levels.max(axis=1))


class _Light:
    """As much of an `audits.Subject` as welfare and balance look at."""

    def __init__(self, e: Everybody) -> None:
        self.own, self.best, self.assignment = e.own, e.best, e.place
        self.masses = np.ones(e.n, dtype=np.int64)
        self.chosen, self.budget = np.arange(len(e.plan.chosen)), e.budget
        self.needs = e.needs(e.plan.chosen)
        self.pool = _LightPool(e.n, e.plan.costs[e.plan.chosen], self.masses)


@dataclass(frozen=True, eq=False)
class _LightPool:
    total_mass: int
    costs: IntArray
    masses: IntArray

    @property
    def n_agents(self) -> int:
        return self.total_mass


def audited(some: Audit, e: Everybody) -> Audit:
    """The audit of everybody.

    Args:
        some: the audit of the same statements among those whom the model was fitted to; what is worked out for them
            alone (draws, plural figures, what may not be chosen) stays as it is there.
        e: everybody.
    """
    plan, counts, outside = e.plan, e.counts, e.plan.outside
    need = e.needs(outside)
    low, high = e.frame.profile.answers.scale.utility_range
    completed, known = swept(counts.completed[0], outside, need), swept(counts.known, outside, need)
    unbalanced = swept(counts.best, outside, need).worst
    costs, total = plan.costs[outside], e.n
    jr, jr_known = (approval({0: counts.approved[row]}, outside, costs, e.budget, total) for row in (0, 1))
    ejr, ejr_known = (approval(counts.kinds[row], outside, costs, e.budget, total) for row in (0, 1))
    book = _Book(e)
    book.look_up(("completed", [*completed.violations, completed.worst]), ("known", [*known.violations, known.worst]))
    book.look_up(("best", [unbalanced]), approvals=[("approve", jr), ("approve", ejr)])
    book.look_up(approvals=[("approve-known", jr_known), ("approve-known", ejr_known)])
    book.find()
    violations = book.coalitions("completed", completed.violations)
    worst = book.coalition("completed", completed.worst)
    slacks = np.linspace(0.0, high - low, FRONTIER_STEPS + 1)
    shares = [share(each, need) for each in counts.completed]
    light: Subject = _Light(e)  # type: ignore[assignment]
    seated = np.flatnonzero(e.place >= 0)
    own_kind = e.kinds[seated, e.place[seated]]
    happy = (own_kind >= 0) & (e.levels[seated, e.place[seated]] >= e.frame.approval)
    pool = len(outside) + len(plan.chosen)
    certificate = replace(
        some.certificate,
        known=KnownAnswers(
            violations=book.coalitions("known", known.violations),
            d=known.d,
            worst=book.coalition("known", known.worst),
            answered=counts.answered / (e.n * pool) if pool else 0.0,
            own_statement_answered=int((own_kind >= 0).sum()),
            own_statement_approved=int(happy.sum()),
            jr=book.axiom("approve-known", jr_known),
            ejr_plus=book.axiom("approve-known", ejr_known),
        ),
        completed=CompletedAnswers(len(violations), shares[0]),
        worst_case=WorstCase(share(counts.against, need)),
    )
    agreement, expected = _agreement(e)
    figures = [replace(one, expected=mass) for one, mass in zip(_per_statement(e), expected, strict=True)]
    return replace(
        some,
        cbjr=Cbjr(
            violated=bool(violations),
            violations=violations,
            frontier=tuple((float(b), d) for b, d in zip(slacks, shares, strict=True)),
            pool_size=pool,
            worst=worst,
        ),
        bjr=not violations if some.bjr is not None else None,
        cjr=Axiom(
            holds=unbalanced is None or not unbalanced.violates,
            ratio=unbalanced.ratio if unbalanced else 0.0,
            witness=book.coalition("best", unbalanced),
        ),
        jr=book.axiom("approve", jr),
        ejr_plus=book.axiom("approve", ejr),
        utility=welfare(light, low, high),
        balanced=is_balanced(light),
        certificate=certificate,
        per_statement=tuple(figures),
        least=_least(e),
        agreement=agreement,
    )


class _Book:
    """Groups of people as records, with their members where these are listed."""

    def __init__(self, e: Everybody) -> None:
        self.e = e
        self.asked: list[Asked] = []
        self.found: dict[Asked, Found] = {}

    def look_up(
        self,
        *groups: tuple[str, Sequence[Complaint | None]],
        approvals: Sequence[tuple[str, Approval]] = (),
    ) -> None:
        """Notes whom `find` looks for."""
        self.asked += [self._asked(among, one) for among, several in groups for one in several if one is not None]
        self.asked += [self._approving(among, one) for among, one in approvals if one.candidate >= 0]

    def find(self) -> None:
        """Looks for all of them in one pass over everybody."""
        asked = list(dict.fromkeys(self.asked))
        self.found = dict(zip(asked, self.e.ask(asked), strict=True)) if asked else {}

    def _asked(self, among: str, one: Complaint) -> Asked:
        return Asked(among, one.candidate, int(one.theta))  # type: ignore[arg-type]

    def _approving(self, among: str, one: Approval) -> Asked:
        return Asked(among, one.candidate, self.e.frame.approval, one.spent)  # type: ignore[arg-type]

    def coalitions(self, among: str, complaints: Sequence[Complaint]) -> tuple[Coalition, ...]:
        """Records of several; the first few with their members."""
        return tuple(
            self._record(
                one.candidate,
                self._utility(one.theta),
                self.found[self._asked(among, one)],
                one.need,
                one.ratio,
                at < NAMED,
            )
            for at, one in enumerate(complaints)
        )

    def coalition(self, among: str, complaint: Complaint | None) -> Coalition | None:
        """The record of one, with its members."""
        return None if complaint is None else self.coalitions(among, [complaint])[0]

    def axiom(self, among: str, result: Approval) -> Axiom:
        """The record of an approval axiom."""
        e = self.e
        if result.candidate < 0:
            return Axiom(result.holds, result.ratio, result.spent, None)
        level = e.frame.profile.answers.scale.approval
        gone = replace(self.found[self._approving(among, result)], assigned=0)
        witness = self._record(result.candidate, level, gone, result.need, result.ratio, True)
        return Axiom(result.holds, result.ratio, result.spent, witness)

    def _utility(self, level: float) -> float:
        return float(self.e.frame.utility(np.array([int(level)]))[0])

    def _record(self, candidate: int, theta: float, people: Found, need: int, ratio: float, named: bool) -> Coalition:
        e, s = self.e, self.e.frame.profile.statements
        column = int(e.frame.columns[candidate])
        return Coalition(
            statement=s.ids[column],
            text=s.texts[column],
            cost=int(e.plan.costs[candidate]),
            threshold=theta,
            mass=people.mass,
            need=need,
            ratio=ratio,
            gap=people.gained / GRID / people.assigned if people.assigned else None,
            agents=tuple(e.names(people.rows)) if named and e.n <= LISTED else None,
        )


def _per_statement(e: Everybody) -> list[StatementFigures]:
    figures, approval_level = [], e.frame.approval
    for place in range(len(e.plan.chosen)):
        mine, worth, kind = e.place == place, e.levels[:, place], e.kinds[:, place]
        approves, answered = worth >= approval_level, kind >= 0
        own = worth[mine].astype(np.int64)
        low = e.frame.profile.answers.scale.utility_range[0]
        figures.append(
            StatementFigures(
                mass=len(own),
                people=len(own),
                mean=low + int(own.sum()) / GRID / len(own) if len(own) else None,
                min=float(e.frame.utility(own.min())) if len(own) else None,
                answered=int((mine & answered).sum()),
                approve=int((mine & answered & approves).sum()),
                all_answered=int(answered.sum()),
                all_approve=int((answered & approves).sum()),
                all_reject=int((answered & ~approves & (worth < approval_level - 1)).sum()),
                all_predicted_approve=int(approves.sum()),
            )
        )
    return figures


def _agreement(e: Everybody) -> tuple[Agreement, tuple[float, ...]]:
    """How many agree with the statement that they are assigned to, altogether and by statement."""
    rows = np.flatnonzero(e.place >= 0)
    places = e.place[rows]
    known = e.kinds[rows, places] >= 0
    agrees = e.levels[rows, places] >= e.frame.approval
    sums = np.bincount(places, e.chances[rows].astype(np.float64), len(e.plan.chosen)) / GRID
    return Agreement(
        assigned=len(rows),
        voted=int(known.sum()),
        agreed=int((known & agrees).sum()),
        expected=round(float(sums.sum()), DIGITS),
    ), tuple(round(float(one), DIGITS) for one in sums)


def _least(e: Everybody, most: int = 10) -> tuple[LeastRepresented, ...]:
    own = e.own
    # The first of them in the source's order, without sorting everybody.
    bar = np.partition(own, min(most, e.n) - 1)[min(most, e.n) - 1]
    near = np.flatnonzero(own <= bar)
    rows = near[np.argsort(own[near], kind="stable")][:most]
    names, records = dict(zip(np.sort(rows).tolist(), e.names(np.sort(rows)), strict=True)), []
    for row in rows.tolist():
        place = int(e.place[row])
        column = int(e.frame.columns[e.plan.chosen[place]])
        records.append(
            LeastRepresented(
                agent=names[row],
                utility=float(own[row]) if place >= 0 else None,
                statement=e.frame.profile.statements.ids[column] if place >= 0 else None,
                best_in_slate=float(e.frame.utility(e.levels[row].max())),
            )
        )
    return tuple(records)
