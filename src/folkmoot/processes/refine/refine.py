"""P6, refinement: the best slate over the same pool, from a first slate and known utilities; no further queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...profile import InputError, IntArray, MissingExtraError
from ...profile.records import to_json
from ...queries.closed_pool import KEEP
from ..baselines import assigned
from ..problem import Problem, Round, Selection
from .bound import ROUNDING, Bound, lagrangian_bound
from .local_search import AssignedSlate, LocalSearch
from .milp import Cut, Limits, Program
from .outcome import NotRefined, Refined
from .standing import STEP, Task

# Most seats (agents times candidates, after presolve) that the integer program is tried with.
CELLS = 8_000
# Up to so many seats the integer program alone is quicker than a search before it.
TINY = 1_500
STEPS = 300
EVALUATIONS = 400


@dataclass(frozen=True, eq=False)
class Refinement:
    """A refined slate.

    Args:
        slate: the slate with its assignment; the start itself where nothing better was found.
        report: the way the slate was reached, and a bound on how much better another could be.
    """

    slate: AssignedSlate
    report: Refined

    def selection(self, task: Task) -> Selection:
        """The slate as a `Selection`: locked-in statements first, then by the mass represented, then in pool order."""
        chosen, place = self.slate.chosen, self.slate.place
        load = np.bincount(place[place >= 0], weights=task.masses[place >= 0], minlength=len(chosen)).astype(np.int64)
        locked = {a: at for at, a in enumerate(task.locked_in)}
        order = sorted(range(len(chosen)), key=lambda at: (locked.get(int(chosen[at]), task.m), -load[at], chosen[at]))
        rounds = [Round(int(chosen[at]), np.flatnonzero(place == at), None, int(load[at])) for at in order]
        return Selection(tuple(rounds), task.n, {"refinement": to_json(self.report)})


def refine(
    task: Task,
    chosen: IntArray,
    place: IntArray,
    *,
    limits: Limits | None = None,
    exact: bool | None = None,
    evaluations: int = EVALUATIONS,
    steps: int = STEPS,
) -> Refinement:
    """The slate and balanced assignment of the largest total utility without a violation of cBJR.

    Order of aims: no violations (on known utilities), floors kept, as few left out as possible, lower bounds of the
    loads kept, largest total utility. The lower bounds are dropped where no slate meets them, and complaints of
    statements the start already violates are put up with where no slate meets them either; the report says so. The
    result is never worse than the start in that order: where the limits leave nothing better, it is the start.

    First a Lagrangian bound and a local search, then, if what can still be better is small enough, the integer
    program over it with violated coalitions added as cuts (Boehmer, Fish, Procaccia 2025, Definition 2.1, by the
    audit's sweep). Totals are of utilities rounded to 1/1024; thresholds are compared as they stand.

    Args:
        task: the pool and what the slate has to keep to.
        chosen: int64 [k] the starting slate.
        place: int64 [n] the assignment of the starting slate, -1 where unassigned.
        limits: when the solver stops; without ``seconds`` no clock is looked at and the result does not depend on the
            machine.
        exact: whether the integer program is run. True: whatever its size; False: never; None: where it is small.
        evaluations: the most slates that the local search assigns.
        steps: the most steps of the Lagrangian bound.

    Raises:
        InputError: the start is not a slate of this task.
        MissingExtraError: ``exact`` is True and scipy is missing.
    """
    chosen, place = np.asarray(chosen, dtype=np.int64), np.asarray(place, dtype=np.int64)
    if not task.fits(chosen):
        raise InputError("the slate to refine breaks the budget, a lock or a pair kept apart; start from one that fits")
    start = AssignedSlate(chosen, place, task.standing(chosen, place))
    work = _Work(task, start, limits or Limits(gap=5e-4), exact)
    size = int(task.seats[:, task.open].sum())
    direct = exact is not False and size <= TINY
    best = work.search(0 if direct else evaluations, min(steps, 10 + size // 10))
    if exact is not False:
        try:
            best = work.solve(best)
        except MissingExtraError:
            if exact:
                raise
            if direct:
                best = work.search(evaluations, steps)
            work.why = "scipy is not installed"
    return Refinement(best, work.report(best))


@dataclass(frozen=True, eq=False)
class Reached:
    """Whether a total can be reached.

    Args:
        slate: the slate of the largest total, None where none gives the goal (or none was reached).
        bound: an upper bound on what any slate gives, unless it gives less than the goal.
        impossible: whether provably no slate gives the goal.
    """

    slate: AssignedSlate | None
    bound: float
    impossible: bool


def reach(task: Task, goal: float, *, limits: Limits | None = None, steps: int = STEPS) -> Reached:
    """Looks for a slate that gives at least ``goal`` in total, or proves that there is none.

    Counted are slates without violations that keep the floors (`Task.at_least`), the locks, the pairs apart and, with
    `Task.balance`, the lower bounds of the loads, and that leave nobody out. What cannot be part of one by the
    Lagrangian bound is left out of the integer program, so a goal near the optimum is a small problem.

    Args:
        task: the pool and what the slate has to keep to.
        goal: the total utility to reach, of utilities rounded to 1/1024.
        limits: when the solver stops.
        steps: the most steps of the Lagrangian bound.

    Raises:
        MissingExtraError: scipy is missing.
    """
    bound = lagrangian_bound(task, goal, 0, steps)
    if bound.total < goal - ROUNDING:
        return Reached(None, bound.total, impossible=True)
    columns = np.union1d(bound.candidates(task, goal), np.array(task.locked_in, dtype=np.int64))
    solved = Program(task, columns, bound.seats(task, goal), limits or Limits()).best(0)
    most = min(bound.total, solved.bound)
    slate = solved.slate if solved.slate is not None and solved.slate.standing.total >= goal else None
    return Reached(slate, most, impossible=solved.infeasible or most < goal)


class _Work:
    def __init__(self, task: Task, start: AssignedSlate, limits: Limits, exact: bool | None) -> None:
        self.task, self.start, self.limits, self.exact = task, start, limits, exact
        self.cuts: dict[tuple[int, float], Cut] = {}
        self.bound: Bound
        self.best_bound = np.inf
        self.balance, self.exempt = task.balance, frozenset[int]()
        self.proven, self.solved, self.why = False, False, ""
        self.rounds = self.solves = self.evaluations = self.candidates = 0
        self.search_used_up = False
        self.idle = start.standing.unassigned

    def search(self, evaluations: int, steps: int) -> AssignedSlate:
        """The best slate of a local search, after a Lagrangian bound."""
        task, best = self.task, self.start
        self.idle = best.standing.unassigned
        search = LocalSearch(task, evaluations)
        self.bound = lagrangian_bound(task, best.standing.total, self.idle, steps)
        best = search.run(best, self.bound)
        if best is not self.start and self.bound.total - best.standing.total > STEP:
            # Steps towards a better total are better steps; and whoever is seated now need not be left out.
            self.idle = best.standing.unassigned
            self.bound = lagrangian_bound(task, best.standing.total, self.idle, steps, self.bound.prices)
            best = search.run(best, self.bound)
        self.evaluations, self.search_used_up = search.done, search.exhausted
        self.best_bound = self.bound.total
        self.candidates = len(task.open)
        return best

    def solve(self, current: AssignedSlate) -> AssignedSlate:
        """Goes from the strictest aims to weaker ones until some slate meets them."""
        hits, _ = self.task.complaints(self.start.chosen, self.task.own(self.start.chosen, self.start.place))
        for exempt in [frozenset[int](), frozenset(hits.tolist())][: 2 if len(hits) else 1]:
            for task, idle in self._aims(exempt):
                best = self._solve(task, idle, exempt, current)
                if self.why:
                    return current
                if best is not None:
                    self.solved, self.balance, self.exempt = True, task.balance, exempt
                    return best if best.standing.beats(current.standing) else current
        return current

    def _aims(self, exempt: frozenset[int]) -> Iterator[tuple[Task, int]]:
        """The task and the mass left out: nobody out and balanced, then as few out as can be, balanced, then not."""
        loose = replace(self.task, balance=False)
        yield self.task, 0
        program = self._program(loose, exempt, None)
        if program is None:
            return
        program.limits = replace(self.limits, gap=0.0)
        left = program.fewest_left_out()
        self._count(program)
        if left.slate is None:
            return
        idle = left.slate.standing.unassigned
        if idle:
            yield self.task, idle
        if self.task.balance:
            yield loose, idle

    def _solve(self, task: Task, idle: int, exempt: frozenset[int], current: AssignedSlate) -> AssignedSlate | None:
        """The best slate that meets these aims; None where there is none, or where the limits leave it open."""
        incumbent = current if self._meets(current, exempt, idle, task.balance) else None
        program = self._program(task, exempt, incumbent)
        if program is None:
            return None
        solved = program.best(idle)
        self._count(program)
        self.candidates = len(program.columns)
        best = incumbent
        if solved.slate is not None and (best is None or solved.slate.standing.total > best.standing.total):
            chosen, place = solved.slate.chosen, solved.slate.place
            best = AssignedSlate(chosen, place, self.task.standing(chosen, place))
        if best is None:
            if not solved.infeasible:
                self.why = "the solver's limits were reached"
            return None
        # What presolve left out cannot beat the incumbent.
        here = best.standing.total if solved.infeasible else max(solved.bound, best.standing.total)
        self.best_bound = min(self.best_bound, here) if idle <= self.idle else here
        self.proven = here <= best.standing.total + abs(here) * self.limits.gap + STEP / 2
        return best

    def _meets(self, slate: AssignedSlate, exempt: frozenset[int], idle: int, balance: bool) -> bool:
        standing = slate.standing
        if standing.broken or standing.unassigned > idle or (balance and not standing.balanced):
            return False
        if idle > self.idle:
            return False  # the Lagrangian bound was not made for so many left out
        hits, _ = self.task.complaints(slate.chosen, self.task.own(slate.chosen, slate.place))
        return exempt.issuperset(hits.tolist())

    def _program(self, task: Task, exempt: frozenset[int], incumbent: AssignedSlate | None) -> Program | None:
        """The program over what may still be better than the incumbent; None where that is too much."""
        seats, columns = task.seats, task.open
        if incumbent is not None:
            goal = incumbent.standing.total + STEP
            seats = self.bound.seats(task, goal)
            columns = np.union1d(self.bound.candidates(task, goal), np.array(task.locked_in, dtype=np.int64))
        if self.exact is None and int(seats[:, columns].sum()) > CELLS:
            self.why = f"more than {CELLS} seats are left"
            return None
        return Program(task, columns, seats, self.limits, exempt, self.cuts)

    def _count(self, program: Program | None) -> None:
        if program is not None:
            self.rounds += program.rounds
            self.solves += program.solves

    def report(self, final: AssignedSlate) -> Refined:
        after = final.standing
        known = np.isfinite(self.best_bound)
        bound = max(self.best_bound, after.total)
        dropped = self.task.balance and not self.balance
        return Refined(
            method="integer program" if self.solved else "local search",
            note=self.why or None,
            improved=final is not self.start,
            before=self.start.standing,
            after=after,
            bound=round(float(bound), 6) if known else None,
            gap=round(float((bound - after.total) / max(abs(bound), STEP)), 6) if known else None,
            proven=self.proven,
            balance="lower bounds dropped: no slate meets them" if dropped else "kept" if self.balance else "off",
            exempt=tuple(sorted(self.exempt)),
            cuts=len(self.cuts),
            rounds=self.rounds,
            solves=self.solves,
            evaluations=self.evaluations,
            evaluations_used_up=self.search_used_up,
            candidates=self.candidates,
        )


def refine_local(
    task: Task, chosen: IntArray, place: IntArray, *, evaluations: int = EVALUATIONS, steps: int = STEPS
) -> Refinement:
    """`refine` by local search alone: for pools too large for a solver, with the bound on the gap in its report."""
    return refine(task, chosen, place, exact=False, evaluations=evaluations, steps=steps)


def refine_selection(problem: Problem, first: Selection, apart: Sequence[tuple[int, int]] = ()) -> Selection:
    """Refines any selection on the problem's own utilities; minimum and first quartile may not fall either.

    Starts from its assignment or from the balanced one of the largest total, whichever is better (`Standing.beats`).
    Multisets are not refined. Needs the whole matrix of utilities in memory.

    Args:
        problem: the problem with the whole pool.
        first: the selection to start from.
        apart: the pairs of candidates that must not both enter (see `queries.texts.near.near_pairs`); pairs that both
            stand in ``first`` already, or are both locked in, are left alone.
    """
    pool = problem.pool
    why = ""
    if problem.multiset:
        why = "multisets are not refined"
    elif pool.n_agents * pool.size > KEEP:
        why = f"more than {KEEP} utilities: too many to hold"
    elif not len(first.rounds):
        why = "nothing was chosen"
    if why:
        return replace(first, parameters={**first.parameters, "refinement": to_json(NotRefined(False, why))})
    chosen = first.candidates
    inside = set(chosen.tolist())
    task = Task(
        pool.utilities(pool.agents, np.arange(pool.size)),
        pool.costs,
        pool.masses,
        problem.budget,
        problem.locked_in,
        problem.locked_out,
        apart=tuple(pair for pair in apart if not inside.issuperset(pair)),
    )
    places = [first.assignment, assigned(problem, chosen.tolist()).assignment]
    standings = [task.standing(chosen, place) for place in places]
    place = places[int(standings[1].beats(standings[0]))]
    result = refine(task.kept(chosen, place), chosen, place)
    selection = result.selection(task)
    return replace(selection, parameters={**first.parameters, **selection.parameters})
