"""What choosing and auditing begin with: the source, the engine, its pool of candidates, and what may be chosen.

`Case.begin` makes that ready; `Found.of` begins in the same way and finds a slate in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..audits import Subject
from ..audits.declared import LEAST, partition
from ..engines import Candidates, Engine, Prepared, Task, WeighedEngine
from ..engines import find as find_engine
from ..processes import Problem, balanced_assignment, capacities
from ..profile import (
    LARGEST,
    FloatArray,
    InputError,
    IntArray,
    Options,
    Profile,
    Progress,
    Slate,
    locate,
    recorded_assignment,
    silent,
)
from ..profile import costs as costs_of
from ..profile.pairs import refuse_pooling
from ..profile.sentences import noted
from ..queries import ClosedPool
from ..queries.beliefs import Posterior
from .eligible import Eligible
from .weighing import Given, check_given, plain_pool, refuse_others, repeated

if TYPE_CHECKING:
    from ..llm import Model


@dataclass(frozen=True)
class Case:
    """A source with an engine: what can be chosen, and what it is worth to everybody.

    Args:
        source: what people said, as it was read.
        task: the task of the engine.
        unit: the unit of the costs.
        engine: the engine that answers, with a layer around it where answers are weighed.
        candidates: the candidates that the engine brought.
        prepared: the same with utilities, and with the statements that only the slate has.
        pool: the candidates with their costs.
        columns: int64 [k] statements of the slate that is audited, in its order; empty while one is chosen.
        new: how many of them the source does not have.
    """

    source: Profile
    task: Task
    unit: str
    engine: Engine
    candidates: Candidates
    prepared: Prepared
    pool: ClosedPool
    columns: IntArray
    new: int = 0

    @classmethod
    def begin(
        cls, source: Profile, task: Task, *, unit: str, repeats: Given | None = None, slate: Slate | None = None
    ) -> Case:
        """Finds the engine, its candidates and their utilities, and what may be chosen.

        Args:
            source: what people said.
            task: the task of the engine.
            unit: the unit of the costs.
            repeats: the repeated answers by which all answers are weighed; None: they are not weighed.
            slate: the slate that is audited; its statements are candidates whatever moderation said. None: one is to be
                chosen, so a process that there is not is refused before any work.

        Raises:
            InputError: an option that does not fit the source, or a slate that is none of it.
        """
        refuse_pooling(source)
        engine = _engine(source, task, repeats)
        if slate is None:
            _ = engine.process
        candidates = engine.candidates(source)
        profile, columns, new = candidates.profile, np.empty(0, dtype=np.int64), 0
        if slate is not None:
            profile, columns, new = locate(profile, slate)
        prepared = candidates.prepare(profile)
        pool = pool_of(prepared, unit, task.options.strict, columns)
        return cls(source, task, unit, engine, candidates, prepared, pool, columns, new)

    @property
    def options(self) -> Options:
        """The options of the slate."""
        return self.task.options

    @cached_property
    def eligible(self) -> Eligible:
        """Which candidates may be chosen."""
        weighing = self.prepared.weighing
        return Eligible(
            self.prepared.profile,
            self.pool,
            self.options,
            self.task.budget,
            self.unit,
            judged=self.prepared.source is not None,
            unformed=None if weighing is None else weighing.unformed,
        )

    @property
    def problem(self) -> Problem:
        """What a process is given."""
        found = self.eligible.problem(self.task.budget)
        profile = self.prepared.profile
        said = len(profile.answers) + len(profile.comparisons) > 0
        groups = self._memberships if said else None
        if self.options.calibrate_to:
            groups = self._calibrated_to()
        return replace(found, beliefs=self.beliefs, parameters=self._parameters(), groups=groups)

    @property
    def groups(self) -> tuple[FloatArray, str] | None:
        """Opinion groups by what a slate is held against, and how they were found; None where nobody said anything.

        They depend on the source and on the rules of what may be chosen, never on a slate.
        """
        return self.prepared.groups(self.pool.statements[self.eligible.counted])

    def _calibrated_to(self) -> Callable[[], FloatArray]:
        """Memberships of the groups of the column that the slate is calibrated to.

        Raises:
            InputError: the process does not calibrate, or the source has no such column with two large enough groups.
        """
        column, columns = self.options.calibrate_to, self.source.agents.groups
        if self.options.process.partition(":")[0] != "calibrated":
            raise InputError("`calibrate_to` is for `process='calibrated'`; take that, or leave it")
        if column not in columns:
            known = f"it has {', '.join(map(repr, columns))}" if columns else "it has none"
            raise InputError(f"the source has no column of groups {column!r} ({known}); keep one with `group_columns`")
        found = partition(column, columns[column])
        if found is None:
            raise InputError(
                f"column {column!r} does not divide people into two groups of at least {LEAST}; calibrate to another, "
                "or leave `calibrate_to`"
            )
        return lambda: found.member

    def _memberships(self) -> FloatArray:
        found = self.groups
        return np.ones((self.pool.n_agents, 1)) if found is None else found[0]

    @property
    def beliefs(self) -> Posterior | None:
        """What is believed about answers nobody gave; None where nothing is unknown, or nobody answered."""
        profile, disc = self.prepared.profile, self.prepared.disc
        if disc.model is None or not len(profile.answers) + len(profile.comparisons):
            return None
        return Posterior(disc, self.task.seed, profile.answers.scale.approval)

    @property
    def fills(self) -> bool:
        """Whether the whole budget is spent although the process would stop before."""
        complete = self.prepared.profile.answers.scale.complete
        return self.options.fill or not (self.options.no_fill or complete or self.prepared.source is not None)

    def held(self, subject: Subject) -> Subject:
        """A slate over what it is held against: what may be chosen, where near-duplicates of its own count as chosen.

        Args:
            subject: the slate over the whole pool.
        """
        pool, verdicts = self.pool, self.eligible.verdicts
        own = pool.statements[subject.chosen]
        near = np.unique(np.concatenate([own, *(verdicts.same_group(int(column)) for column in own)]))
        kept = np.setdiff1d(self.eligible.counted, np.flatnonzero(np.isin(pool.statements, near)))
        kept = np.union1d(kept, subject.chosen)
        if len(kept) == pool.size:
            return subject
        part = ClosedPool(pool.disc, pool.statements[kept], pool.costs[kept], pool.masses)
        return Subject(part, np.searchsorted(kept, subject.chosen), subject.assignment, subject.budget)

    def barred(self, subject: Subject) -> Subject:
        """The same slate over what a rule bars, except for other wordings of what may be chosen.

        Args:
            subject: the slate over the whole pool.
        """
        pool, verdicts = self.pool, self.eligible.verdicts
        reasons = np.array(verdicts.reasons, dtype=object)[pool.statements]
        kept = np.flatnonzero((reasons != "") & (reasons != "said_better_elsewhere"))
        kept = np.union1d(kept, subject.chosen)
        part = ClosedPool(pool.disc, pool.statements[kept], pool.costs[kept], pool.masses)
        return Subject(part, np.searchsorted(kept, subject.chosen), subject.assignment, subject.budget)

    def _parameters(self) -> dict[str, float]:
        """What the options tell the process.

        Raises:
            InputError: the process takes no such parameter.
        """
        usual = Options().consensus
        if self.options.consensus == usual:
            return {}
        takes = getattr(self.engine.process, "parameters", {})
        if "consensus" not in takes:
            raise InputError(f"process {self.options.process!r} has no use for `consensus`; leave it")
        return {"consensus": self.options.consensus}

    @property
    def unweighed(self) -> Case | None:
        """The same with every answer counting in full; None: it does."""
        weighing = self.prepared.weighing
        if weighing is None:
            return None
        return replace(self, prepared=weighing.plain, pool=plain_pool(weighing, self.pool))


def _engine(source: Profile, task: Task, repeats: Given | None) -> Engine:
    """The engine, with a layer around it where answers are weighed."""
    entry = find_engine(task.options.engine)
    if repeats is None:
        return entry.make(task)
    refuse_others(entry.id)
    again = repeated(source, repeats)
    return WeighedEngine(entry.make(task), again, task)


def pool_of(prepared: Prepared, unit: str, strict: bool, extra: IntArray | None = None) -> ClosedPool:
    """What may be chosen, with costs.

    Args:
        prepared: the profile with its utilities.
        unit: the unit of the costs.
        strict: whether only statements that moderation accepted may be chosen.
        extra: the columns of statements that are in the pool whatever moderation said.

    Raises:
        InputError: nothing is left, a statement of ``extra`` costs nothing, or numbers are too large to be exact.
    """
    profile = prepared.profile
    costs = costs_of(profile, unit)
    columns = profile.pool(strict)
    # A statement without a word says nothing and would cost nothing.
    columns = columns[costs[columns] > 0]
    if extra is not None and len(extra):
        columns = np.union1d(columns, extra)
    if (costs[columns] < 1).any():
        empty = profile.statements.ids[int(columns[costs[columns] < 1][0])]
        raise InputError(f"statement {empty!r} has no words, so it cannot stand in a slate counted in words")
    largest = max(LARGEST, int(costs[columns].sum()) if len(columns) else 0)
    if profile.total_mass * largest >= 2**63:
        raise InputError(
            "weights and costs are too large to be multiplied exactly; divide the weights by a power of ten"
        )
    if not len(columns):
        raise InputError(_nothing_left(profile, strict))
    return ClosedPool(prepared.disc, columns, costs[columns], profile.masses)


def _nothing_left(profile: Profile, strict: bool) -> str:
    """Why there is nothing to choose from: what moderation left out, or what reading and cutting texts left over."""
    if profile.n_statements and not len(profile.pool()):
        return "no statement is left to choose from: moderation rejected all of them; check the moderation states"
    if profile.n_statements and strict:
        return "no statement is left to choose from: moderation has accepted none; check its states, or drop `strict`"
    left = [note.counted for note in profile.notes if note.kind in ("dropped", "unused")]
    why = f" ({'; '.join(left[:3])})" if left else ""
    return f"no statement is left to choose from{why}; a statement is a sentence, so longer texts are needed"


@dataclass(frozen=True)
class Found:
    """A slate located in its source, ready to be audited.

    Args:
        case: the source, with the statements that only the slate has.
        slate: the slate as it was given.
        subject: the same slate over the pool, with an assignment.
        notes: what had to be assumed.
    """

    case: Case
    slate: Slate
    subject: Subject
    notes: tuple[str, ...]

    @classmethod
    def of(
        cls,
        profile: Profile,
        slate: Slate,
        *,
        progress: Progress = silent,
        model: Model | None = None,
        repeats: Given | None = None,
    ) -> Found:
        """Finds a slate in its source; one that a language model wrote needs the model, or the ledger of its run,
        one with weights the repeated answers.

        Raises:
            InputError: as `folkmoot.audited`.
        """
        options = Options.of(slate)
        options = replace(options, engine=str(slate.engine.get("name", options.engine)))
        check_given(slate, repeats)
        task = Task(options, slate.budget, slate.unit, slate.seed, model, progress)
        unit = slate.unit or _usual_unit(profile)
        case = Case.begin(profile, task, unit=unit, repeats=repeats, slate=slate)
        pool, notes = case.pool, _notes_on(case)
        place_of = {int(column): place for place, column in enumerate(pool.statements)}
        chosen = np.array([place_of[int(column)] for column in case.columns], dtype=np.int64)
        spent = int(pool.costs[chosen].sum())
        budget = slate.budget
        if not budget:
            budget, whose = _usual_budget(profile, unit, spent)
            notes.append(noted(f"The slate names no budget; {whose} is taken as the budget."))
        if spent > budget:
            raise InputError(f"the slate costs {spent} {unit}, more than its budget of {budget}; correct one of them")
        assignment = recorded_assignment(case.prepared.profile, slate)
        if assignment is None:
            notes.append(
                noted("The slate names no agents; it is given the balanced assignment with the largest total utility.")
            )
            lower, upper = capacities(pool.costs[chosen], pool.total_mass, budget)
            assignment = balanced_assignment(pool.utilities(pool.agents, chosen), lower, upper, pool.masses)
        return cls(case, slate, Subject(pool, chosen, assignment, budget), tuple(notes))


def _usual_unit(profile: Profile) -> str:
    """What a slate is counted in that does not say: names of candidates are not to be counted in words."""
    if profile.statements.costs is not None:
        return "cost"
    return "statements" if profile.answers.scale.complete else "words"


def _usual_budget(profile: Profile, unit: str, spent: int) -> tuple[int, str]:
    """The budget of a slate that does not say, and whose it is: the source's, or what the slate costs."""
    stated = profile.facts.get("budget") if unit == "cost" else None
    if isinstance(stated, int | float) and stated == int(stated) and spent <= stated <= LARGEST:
        return int(stated), noted(f"the source's, {int(stated):,},")
    if unit == "cost":
        return spent, noted(f"its own cost, {spent},")
    return spent, noted(f"its own cost, {spent} words," if unit == "words" else f"its own cost, {spent} statements,")


def _notes_on(case: Case) -> list[str]:
    """What has to be said of statements that the source does not have, or that moderation rejected."""
    notes = []
    if case.new:
        notes.append(
            noted(
                f"{case.new} statement(s) of the slate are not in the source: nobody answered them, their utilities "
                "rest on the model alone."
            )
        )
    rejected = np.setdiff1d(case.columns, case.prepared.profile.pool(case.options.strict))
    if len(rejected):
        notes.append(
            noted(
                f"{len(rejected)} statement(s) of the slate were rejected by moderation, and are audited all the same."
            )
        )
    return notes
