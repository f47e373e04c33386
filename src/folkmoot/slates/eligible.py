"""Which candidates may be chosen, and what a process is given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..processes import Problem
from ..profile import BoolArray, InputError, IntArray, Options, Profile
from ..profile import costs as costs_of
from ..profile.declared import either
from ..queries import ClosedPool
from .eligibility import Eligibility, eligible
from .rules import Rules

OFTEN = "democratic-fast"
"""A process that finds something more often than others."""


@dataclass(frozen=True)
class Eligible:
    """Which candidates of a pool may be chosen: by the rules, and by what the organiser wants.

    Args:
        profile: the people with the candidates.
        pool: the candidates with their costs.
        options: the options of the run, with what the source decides (`usual.settled`).
        budget: the budget of the slate; 0: none is known, so the floor of answers is never lowered.
        unit: what the budget counts.
        judged: whether the answers are a language model's scores, so that no rule about answers or texts fits.
        unformed: bool [n_statements] statements that no opinion is formed of; None: that is not known.
    """

    profile: Profile
    pool: ClosedPool
    options: Options
    budget: int = 0
    unit: str = "words"
    judged: bool = False
    unformed: BoolArray | None = None

    def __post_init__(self) -> None:
        names = self.options.locked_in
        for name in names:
            if name in self.options.locked_out:
                raise InputError(f"statement {name!r} is locked in and locked out; choose one")
            if names.count(name) > 1:
                raise InputError(f"statement {name!r} is locked in twice; name it once")

    @property
    def rules(self) -> Rules:
        """What a statement has to be so that it may be chosen."""
        o = self.options
        if self.judged or o.all_eligible:
            return Rules(
                o.min_answers or 0,
                o.min_length or 0 if not self.judged else 0,
                about_the_speaker=False,
                metadata=False,
                duplicates=False,
                evidence_for_pending=False,
                strict=o.strict,
                names_too=True,
            )
        usual = Rules()
        return Rules(
            usual.min_answers if o.min_answers is None else o.min_answers,
            usual.min_words if o.min_length is None else o.min_length,
            about_the_speaker=not o.keep_self_descriptions,
            metadata=not o.keep_metadata,
            duplicates=not o.keep_duplicates,
            strict=o.strict,
            names_too=o.min_length is not None,
        )

    @cached_property
    def verdicts(self) -> Eligibility:
        """What the rules say of every statement of the profile."""
        for name in (*self.options.locked_in, *self.options.locked_out):
            self._column(name)
        for name in self.options.locked_in:
            self._place(name)
        return eligible(
            self.profile,
            self.rules,
            keep=self.options.locked_in,
            avoid=self.options.locked_out,
            # A number of answers that somebody asked for is not lowered.
            budget=self.budget or None if self.options.min_answers is None else None,
            unit=self.unit,
        )

    @property
    def locked_in(self) -> tuple[int, ...]:
        """Pool numbers of what must be in."""
        return tuple(self._place(name) for name in self.options.locked_in)

    @property
    def locked_out(self) -> tuple[int, ...]:
        """Pool numbers of what may not be chosen: by rule, by name, or by another option; what is locked in may."""
        barred = ~self.verdicts.may_be_chosen[self.pool.statements]
        for one in self._by_option().values():
            barred = barred | one
        return tuple(sorted(({int(a) for a in np.flatnonzero(barred)} - set(self.locked_in)) | self._named_out()))

    @property
    def counted(self) -> IntArray:
        """int64: pool numbers of what a slate is held against: all but what a rule bars.

        An organiser's wish is not evidence, so what is locked out by name or by length counts.
        """
        return np.flatnonzero(self.verdicts.may_be_chosen[self.pool.statements])

    def problem(self, budget: int) -> Problem:
        """What a process is given.

        Args:
            budget: the budget of the slate.
        """
        return Problem(
            self.pool,
            budget,
            locked_in=self.locked_in,
            locked_out=self.locked_out,
            levels=self.options.levels or None,
            cost_step=self.options.cost_step or None,
            approval=self.profile.answers.scale.approval,
            kindred=self._kindred(),
        )

    def excluded(self, unit: str) -> dict[str, int]:
        """How many statements could not be chosen, by reason.

        Args:
            unit: what costs are counted in.
        """
        columns = self.profile.pool(self.options.strict)
        by_rule = {name: n for name, n in self.verdicts.counts.items() if name not in ("rejected", "not_accepted")}
        return {
            "without_words": int((costs_of(self.profile, unit)[columns] < 1).sum()),
            "locked_out": len(set(self.options.locked_out)),
            **by_rule,
            **{name: int(np.delete(barred, self.locked_in).sum()) for name, barred in self._by_option().items()},
        }

    def reasons(self, unit: str) -> tuple[str, ...]:
        """For every statement of the profile the one reason why it could not be chosen; empty: it could.

        Args:
            unit: what costs are counted in.
        """
        found = list(self.verdicts.reasons)
        columns = self.pool.statements
        wordless = np.flatnonzero(costs_of(self.profile, unit) < 1).tolist()
        by_name = columns[sorted(self._named_out())].tolist() if self.options.locked_out else []
        by_option = [(name, columns[np.flatnonzero(barred)].tolist()) for name, barred in self._by_option().items()]
        for name, places in (("without_words", wordless), ("locked_out", by_name), *by_option):
            for column in places:
                found[column] = found[column] or name
        for column in columns[list(self.locked_in)].tolist():
            found[column] = ""
        return tuple(found)

    def _kindred(self) -> tuple[tuple[int, int], ...]:
        """Pairs of pool numbers of statements about the same subject."""
        place = {int(column): at for at, column in enumerate(self.pool.statements)}
        pairs = self.verdicts.same_subject
        return tuple((place[one], place[other]) for one, other in pairs if one in place and other in place)

    def _by_option(self) -> dict[str, BoolArray]:
        lengths = costs_of(self.profile, "words")[self.pool.statements]
        longest = self.options.max_length or int(lengths.max())
        return {
            "too_long": lengths > longest,
            **({} if self.unformed is None else {"not_formed": self.unformed[self.pool.statements]}),
        }

    def _named_out(self) -> set[int]:
        """Pool numbers of what is locked out by name; what moderation rejected is out anyway."""
        columns = {self._column(name) for name in self.options.locked_out}
        return set(np.flatnonzero(np.isin(self.pool.statements, sorted(columns))).tolist())

    def _column(self, name: str) -> int:
        column = self.profile.statement_index.get(name)
        if column is None:
            raise InputError(f"the source has no statement {name!r}; lock statements by the ids of the source")
        return column

    def _place(self, name: str) -> int:
        places = np.flatnonzero(self.pool.statements == self._column(name))
        if not len(places):
            raise InputError(f"statement {name!r} was rejected by moderation and is not in the pool")
        return int(places[0])


def nothing_chosen(problem: Problem, process: str, levels: bool) -> str:
    """Why a process chose nothing, and what to do.

    Args:
        problem: what it chose from.
        process: the id of the process.
        levels: whether approval levels were given.
    """
    eligible = np.setdiff1d(np.arange(problem.pool.size), problem.locked_out)
    if not len(eligible):
        return (
            "no statement is eligible; relax `min_length`, `max_length`, `min_answers` or `locked_out`, "
            "or take `all_eligible=True`"
        )
    cheapest = int(problem.pool.costs[eligible].min())
    if cheapest > problem.budget:
        return f"the cheapest eligible statement costs {cheapest}, more than the budget of {problem.budget}; raise it"
    remedies = ["raise `budget`"]
    if process != OFTEN:
        remedies.append(f"take another process, like `process='{OFTEN}'`")
    if levels:
        remedies.append("leave `levels`")
    return (
        f"process {process!r} buys nothing: no statement has enough people behind it for its share of the budget of "
        f"{problem.budget:,}; {either(remedies)}"
    )
