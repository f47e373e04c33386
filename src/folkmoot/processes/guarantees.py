"""What processes promise, by id: in words, and as the definition itself, which tries every group of agents.

The conformance suite (`folkmoot.testing`) holds every process to each guarantee that it declares, on small random
instances; the pages of the documentation say it in these words. A new guarantee is one entry here.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray, Registry
from .problem import UNASSIGNED, Problem, Selection

# Sums of utilities are floats; what they decide must be decided by more than this.
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Guarantee:
    """An axiom that a process can promise.

    Args:
        id: the id by which `Process.guarantee` names it.
        meaning: its meaning to people, in one clause.
        holds: whether a selection keeps it, by the definition; takes time exponential in the number of agents.
    """

    id: str
    meaning: str
    holds: Callable[[Problem, Selection], bool]

    @property
    def about(self) -> str:
        """One line for listings."""
        return self.meaning


GUARANTEES: Registry[Guarantee] = Registry("guarantee")


class _Outcome:
    """A selection with the utilities it is judged by."""

    def __init__(self, problem: Problem, selection: Selection) -> None:
        self.problem, self.selection, self.pool = problem, selection, problem.pool
        self.chosen = selection.candidates
        self.outside = np.setdiff1d(np.arange(self.pool.size), self.chosen)
        self.costs: IntArray = self.pool.costs

    @cached_property
    def values(self) -> FloatArray:
        """float64 [n, m]: the utilities."""
        return self.pool.utilities(self.pool.agents, np.arange(self.pool.size))

    @cached_property
    def groups(self) -> BoolArray:
        """bool [2^n - 1, n]: every group of agents."""
        return np.array(list(itertools.product([False, True], repeat=self.pool.n_agents))[1:], dtype=bool)

    @cached_property
    def masses(self) -> IntArray:
        """int64 [2^n - 1]: the masses of the groups."""
        return np.asarray(self.groups @ self.pool.masses, dtype=np.int64)

    @property
    def own(self) -> FloatArray:
        """float64 [n]: utility of the statement that stands for the agent, -inf for the unassigned."""
        place = self.selection.assignment
        agents = np.flatnonzero(place != UNASSIGNED)
        own = np.full(len(place), -np.inf)
        own[agents] = self.values[agents, self.chosen[place[agents]]]
        return own

    @property
    def best(self) -> FloatArray:
        """float64 [n]: utility of the statement of the slate that the agent likes best, -inf without any."""
        return np.asarray(self.values[:, self.chosen].max(axis=1, initial=-np.inf))

    def pays(self, costs: IntArray | int) -> BoolArray:
        """Whether each group's share of the budget pays these costs."""
        return np.asarray(self.masses * self.problem.budget >= costs * self.pool.total_mass)

    def unanimous(self, agents: BoolArray) -> BoolArray:
        """bool [2^n - 1, ...]: for each group, whether this is so of all its members."""
        return np.asarray(self.groups.astype(np.int64) @ ~agents == 0)

    def content(self, have: FloatArray, levels: Iterable[float] | None = None) -> bool:
        """No group that could pay for a statement outside values it at some level at which none of them has any."""
        at = np.unique(self.values) if levels is None else np.array(sorted(levels), dtype=np.float64)
        lacks = have[:, None] < at
        return not any(
            (self.unanimous((self.values[:, a, None] >= at) & lacks) & self.pays(int(self.costs[a]))[:, None]).any()
            for a in self.outside
        )


def _cbjr(problem: Problem, selection: Selection) -> bool:
    outcome = _Outcome(problem, selection)
    return outcome.content(outcome.own)


def _cbjr_levels(problem: Problem, selection: Selection) -> bool:
    outcome = _Outcome(problem, selection)
    return outcome.content(outcome.own, selection.parameters["levels"])


def _cjr(problem: Problem, selection: Selection) -> bool:
    outcome = _Outcome(problem, selection)
    return outcome.content(outcome.best)


def _jr(problem: Problem, selection: Selection) -> bool:
    outcome = _Outcome(problem, selection)
    return outcome.content(outcome.best, [problem.approval])


def _ejr_plus(problem: Problem, selection: Selection) -> bool:
    """EJR+ up to any statement: no group could pay for a on top of what any one member approves in the slate."""
    outcome = _Outcome(problem, selection)
    approve = outcome.values >= problem.approval
    has = approve[:, outcome.chosen] @ outcome.costs[outcome.chosen]
    most = np.where(outcome.groups, has, 0).max(axis=1)
    return not any(
        (outcome.unanimous(approve[:, a]) & outcome.pays(most + int(outcome.costs[a]))).any() for a in outcome.outside
    )


def _pjr_plus(problem: Problem, selection: Selection) -> bool:
    """PJR+ up to any statement: no group could pay for a on top of all that its members approve in the slate."""
    outcome = _Outcome(problem, selection)
    approve = outcome.values >= problem.approval
    together = (outcome.groups.astype(np.int64) @ approve[:, outcome.chosen]) > 0
    has = together @ outcome.costs[outcome.chosen]
    return not any(
        (outcome.unanimous(approve[:, a]) & outcome.pays(has + int(outcome.costs[a]))).any() for a in outcome.outside
    )


def _ejr_up_to_one(problem: Problem, selection: Selection) -> bool:
    """Peters, Pierczynski, Skowron 2021, Definition 4: a group S that could pay for statements T has a member who
    gets as much from the slate as from T by S's lowest utilities, or would get more with one statement of T."""
    outcome = _Outcome(problem, selection)
    gain = np.maximum(outcome.values, 0.0)
    size = outcome.pool.size
    have = gain[:, outcome.chosen].sum(axis=1)
    lowest = np.array([gain[group].min(axis=0) for group in outcome.groups])
    for picked in itertools.product([False, True], repeat=size):
        t = np.array(picked)
        if not t.any():
            continue
        more = have + np.where(t & ~np.isin(np.arange(size), outcome.chosen), gain, 0.0).max(axis=1)
        worth = lowest[:, t].sum(axis=1)[:, None]
        content = ((have >= worth - _ROUNDING) | (more > worth - _ROUNDING)) & outcome.groups
        if (outcome.pays(int(outcome.costs[t].sum())) & ~content.any(axis=1)).any():
            return False
    return True


def _veto_core(problem: Problem, selection: Selection) -> bool:
    """No group prefers each of so many statements to the slate that its share and theirs are more than 1."""
    outcome = _Outcome(problem, selection)
    eligible = outcome.costs <= problem.budget
    eligible[list(problem.locked_out)] = False
    better = outcome.unanimous(outcome.values[:, eligible] > outcome.best[:, None]).sum(axis=1)
    total, m = outcome.pool.total_mass, int(eligible.sum())
    return not (outcome.masses * m + better * total > total * m).any()


def _at_unit_cost(holds: Callable[[Problem, Selection], bool]) -> Callable[[Problem, Selection], bool]:
    """Makes a guarantee that is promised only where every statement costs 1."""

    def check(problem: Problem, selection: Selection) -> bool:
        return bool((problem.pool.costs > 1).any()) or holds(problem, selection)

    return check


for _guarantee in (
    Guarantee("bjr", "balanced justified representation (BJR)", _cbjr),
    Guarantee("cbjr", "balanced justified representation with costs (cBJR), at every threshold", _cbjr),
    Guarantee("cbjr-levels", "cBJR at the approval levels it is run with", _cbjr_levels),
    Guarantee("cjr", "justified representation with costs (cJR), at every threshold", _cjr),
    Guarantee("jr", "justified representation (JR) on approvals", _jr),
    Guarantee("jr_unit", "JR on approvals, where every statement costs 1", _at_unit_cost(_jr)),
    Guarantee("ejr_plus", "EJR+ up to any statement, on approvals (EJR+ itself with equal costs)", _ejr_plus),
    Guarantee("ejr_plus_unit", "EJR+ on approvals, where every statement costs 1", _at_unit_cost(_ejr_plus)),
    Guarantee("pjr_plus", "PJR+ on approvals", _pjr_plus),
    Guarantee("veto_core", "the proportional veto core", _veto_core),
    Guarantee("ejr_up_to_one", "EJR up to one statement, on utilities", _ejr_up_to_one),
):
    GUARANTEES.register(_guarantee)
