"""What the calls of the house begin with: the engine, its pool of candidates, and a slate found in its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ..audits import Subject
from ..engines.embedded import Embedded, Engine, Report
from ..processes import balanced_assignment, capacities
from ..profile import LARGEST, InputError, IntArray, Options, Profile, Slate, locate, recorded_assignment
from ..profile import costs as costs_of
from ..queries import ClosedPool
from .weighing import Given, Weighing, weighed

if TYPE_CHECKING:
    from ..engines.llm import Wrote
    from ..llm import Model

ENGINES = ("embedded", "llm")


class Answering(Protocol):
    """An engine: brings something to choose from, and what it is worth to everybody."""

    @property
    def wrote(self) -> Wrote | None:
        """The run that wrote the candidates and chose among them; None: they were there."""

    def candidates(self, profile: Profile) -> Profile:
        """The profile with the statements that can be chosen."""

    def prepare(self, profile: Profile, *, seed: int, strict: bool, report: Report | None) -> Engine:
        """Utilities for everybody and every statement of such a profile."""


def find_engine(
    name: str,
    asked: Options,
    *,
    model: Model | None = None,
    budget: int = 0,
    unit: str = "",
    seed: int = 0,
    report: Report | None = None,
) -> Answering:
    """The engine of that name.

    Args:
        name: one of `ENGINES`.
        asked: the options.
        model: for ``llm``, as the rest: see `language.Language`.
        budget: of the slate.
        unit: of the budget.
        seed: of every random choice.
        report: told (stage, share done).

    Raises:
        InputError: there is none, or it needs a language model.
    """
    if name == "embedded":
        return Embedded(asked.predict)
    if name != "llm":
        raise InputError(f"unknown engine {name!r}; choose one of {', '.join(ENGINES)}")
    if model is None:
        raise InputError(
            "engine 'llm' needs a language model: name one with --model, or for a slate of an earlier run its ledger"
            " with --ledger (in Python: model=folkmoot.llm.Client(...))"
        )
    # Late: only who asks a language model needs all that.
    from ..engines.llm import Language

    return Language(model, budget, unit, seed, asked, report)


def pool_of(prepared: Engine, unit: str, strict: bool, extra: IntArray | None = None) -> ClosedPool:
    """What may be chosen, with costs.

    Args:
        prepared: the profile with its utilities.
        unit: of the costs.
        strict: only statements that moderation accepted.
        extra: columns of statements that are in the pool whatever moderation said.

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
        raise InputError("no statement is left to choose from; check the moderation states (or drop --strict)")
    return ClosedPool(prepared.disc, columns, costs[columns], profile.masses)


@dataclass(frozen=True)
class Case:
    """A slate found in its source, ready to be audited.

    Args:
        asked: options the slate records.
        prepared: the profile with its utilities.
        profile: the source, with the statements that only the slate has.
        subject: what is audited.
        unit: costs are counted in it.
        notes: what had to be assumed.
        weighing: of the answers, None without.
    """

    asked: Options
    prepared: Engine
    profile: Profile
    subject: Subject
    unit: str
    notes: tuple[str, ...]
    weighing: Weighing | None = None

    @classmethod
    def of(
        cls,
        profile: Profile,
        slate: Slate,
        report: Report | None,
        model: Model | None = None,
        repeats: Given | None = None,
    ) -> Case:
        """Finds a slate in its source; one that a language model wrote needs the model, or the ledger of its run,
        one with weights the repeated answers.

        Raises:
            InputError: as `api.audited`.
        """
        asked = Options.of(slate)
        engine = find_engine(
            str(slate.engine.get("name", asked.engine)),
            asked,
            model=model,
            budget=slate.budget,
            unit=slate.unit,
            seed=slate.seed,
            report=report,
        )
        extended, columns, new = locate(engine.candidates(profile), slate)
        prepared = engine.prepare(extended, seed=slate.seed, strict=asked.strict, report=report)
        weighing = weighed(profile, slate, prepared, repeats, report)
        prepared = prepared if weighing is None else weighing.engine
        notes = _notes_on_new(new)
        extra = np.setdiff1d(columns, extended.pool(asked.strict))
        if len(extra):
            notes.append(
                f"{len(extra)} statement(s) of the slate were rejected by moderation, and are audited all the same."
            )
        unit = slate.unit or _usual_unit(profile)
        pool = pool_of(prepared, unit, asked.strict, extra)
        place_of = {int(column): place for place, column in enumerate(pool.statements)}
        chosen = np.array([place_of[int(column)] for column in columns], dtype=np.int64)
        spent = int(pool.costs[chosen].sum())
        budget = slate.budget
        if not budget:
            stated = profile.facts.get("budget") if unit == "cost" else None
            whole = isinstance(stated, int | float) and stated == int(stated) and spent <= stated <= LARGEST
            budget = int(stated) if whole and stated is not None else spent
            whose = f"the source's, {budget:,}," if whole else f"its own cost, {budget} {unit},"
            notes.append(f"The slate names no budget; {whose} is taken as the budget.")
        if spent > budget:
            raise InputError(f"the slate costs {spent} {unit}, more than its budget of {budget}; correct one of them")
        assignment = recorded_assignment(extended, slate)
        if assignment is None:
            notes.append(
                "The slate names no agents; it is given the balanced assignment with the largest total utility."
            )
            lower, upper = capacities(pool.costs[chosen], pool.total_mass, budget)
            assignment = balanced_assignment(pool.utilities(pool.agents, chosen), lower, upper, pool.masses)
        return cls(asked, prepared, extended, Subject(pool, chosen, assignment, budget), unit, tuple(notes), weighing)


def _usual_unit(profile: Profile) -> str:
    """What a slate is counted in that does not say: names of candidates are not to be counted in words."""
    if profile.statements.costs is not None:
        return "cost"
    return "statements" if profile.answers.scale.complete else "words"


def _notes_on_new(new: int) -> list[str]:
    if not new:
        return []
    return [
        f"{new} statement(s) of the slate are not in the source: nobody answered them, their utilities rest on the "
        "model alone."
    ]


def silent(stage: str, share: float) -> None:
    """Tells nobody."""
