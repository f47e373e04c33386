"""Which candidates may be chosen, and why the others may not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..processes import Problem
from ..profile import BoolArray, InputError, IntArray, Options, Profile
from ..profile import costs as costs_of
from ..queries import ClosedPool


@dataclass(frozen=True)
class Eligible:
    """Which candidates may be chosen, and why the others may not.

    Args:
        profile: with the candidates.
        pool: of them.
        options: of the run.
        unformed: bool [n_statements] statements that no opinion is formed of; None: that is not known.
    """

    profile: Profile
    pool: ClosedPool
    options: Options
    unformed: BoolArray | None = None

    def __post_init__(self) -> None:
        names = self.options.locked_in
        for name in names:
            if name in self.options.locked_out:
                raise InputError(f"statement {name!r} is locked in and locked out; choose one")
            if names.count(name) > 1:
                raise InputError(f"statement {name!r} is locked in twice; name it once")

    @property
    def locked_in(self) -> tuple[int, ...]:
        return tuple(self._place(name) for name in self.options.locked_in)

    @property
    def locked_out(self) -> tuple[int, ...]:
        """By name, or by length and number of answers; what is locked in by name stays in."""
        barred = np.logical_or.reduce([*self._barred().values()])
        rejected = set(self.profile.statements.ids) - {self.profile.statements.ids[a] for a in self.pool.statements}
        named = {self._place(name) for name in self.options.locked_out if name not in rejected}
        return tuple(sorted({int(a) for a in np.flatnonzero(barred)} - set(self.locked_in) | named))

    def problem(self, budget: int) -> Problem:
        """What a process is given."""
        return Problem(
            self.pool,
            budget,
            locked_in=self.locked_in,
            locked_out=self.locked_out,
            levels=self.options.levels or None,
            cost_step=self.options.cost_step or None,
            approval=self.profile.answers.scale.approval,
        )

    def excluded(self, unit: str) -> dict[str, int]:
        """How many were left out for what reason."""
        columns = self.profile.pool(self.options.strict)
        return {
            "without_words": int((costs_of(self.profile, unit)[columns] < 1).sum()),
            "locked_out": len(set(self.options.locked_out)),
            **{name: int(np.delete(barred, self.locked_in).sum()) for name, barred in self._barred().items()},
        }

    def _barred(self) -> dict[str, BoolArray]:
        lengths = costs_of(self.profile, "words")[self.pool.statements]
        longest = self.options.max_length or int(lengths.max())
        return {
            "too_short": lengths < self.options.min_length,
            "too_long": lengths > longest,
            "too_few_answers": answered(self.profile)[self.pool.statements] < self.options.min_answers,
            **({} if self.unformed is None else {"not_formed": self.unformed[self.pool.statements]}),
        }

    def _place(self, name: str) -> int:
        column = self.profile.statement_index.get(name)
        if column is None:
            raise InputError(f"the source has no statement {name!r}; lock statements by the ids of the source")
        found = np.flatnonzero(self.pool.statements == column)
        if not len(found):
            raise InputError(f"statement {name!r} was rejected by moderation and is not in the pool")
        return int(found[0])


def nothing_chosen(problem: Problem) -> str:
    """Why a process chose nothing, and what to do."""
    eligible = np.setdiff1d(np.arange(problem.pool.size), problem.locked_out)
    if not len(eligible):
        return "no statement is eligible; relax --min-length, --max-length, --min-answers or --lock-out"
    cheapest = int(problem.pool.costs[eligible].min())
    if cheapest > problem.budget:
        return f"the cheapest eligible statement costs {cheapest}, more than the budget of {problem.budget}; raise it"
    return "no statement could be chosen with these options; try --process democratic-fast without --levels"


def answered(profile: Profile) -> IntArray:
    """int64 [n_statements]: how many people answered each statement (everybody, on complete ballots)."""
    if profile.answers.scale.complete:
        return np.full(profile.n_statements, profile.n_agents, dtype=np.int64)
    return np.bincount(profile.answers.statement, minlength=profile.n_statements).astype(np.int64)
