"""What an engine is: it brings the statements that can be chosen, and what each of them is worth to everybody.

An `Engine` is made for one `Task`. Asked for candidates it hands over `Candidates`; these prepare utilities, and are
chosen from. Whether statements lay there or were written by a language model is the engine's own affair. A new engine
is one file, and one function registered with ``@engine``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ..processes import Problem, Selection
from ..profile import BoolArray, FloatArray, IntArray, Options, Profile, Progress, Registry, silent
from ..queries.completed import Completed

if TYPE_CHECKING:
    from ..llm import Model
    from ..preferences import AnswerKinds, AnswerWeights

NOTHING_ASKED = {"calls": 0, "input_tokens": 0, "output_tokens": 0, "cached": 0}


@dataclass(frozen=True)
class Task:
    """What an engine is needed for.

    Args:
        options: of the slate.
        budget: of the slate.
        unit: of the budget.
        seed: of every random choice.
        model: the language model that answers, for engines that ask one.
        progress: called with (stage, share done).
    """

    options: Options
    budget: int = 0
    unit: str = ""
    seed: int = 0
    model: Model | None = None
    progress: Progress = silent


@dataclass(frozen=True)
class Prepared:
    """Statements with what they are worth to everybody.

    Args:
        profile: the profile, with extracted or written statements where there are some.
        disc: utilities, known and predicted.
        description: engine, model and parameters, JSON-ready (``slate.json`` "engine").
        reliability: the accuracy of predictions on held-out answers; None where nothing is held out or predicted.
        notes: remarks on these utilities that every reader needs.
        source: the people's own profile, where the answers in ``profile`` are a language model's.
        ledger: the calls of a language model (`folkmoot.llm.account.Account.as_dict`).
        weighing: the layer that weighs people's answers; None: they count in full.
    """

    profile: Profile
    disc: Completed
    description: Mapping[str, Any]
    reliability: Mapping[str, Any] | None
    notes: tuple[str, ...] = ()
    source: Profile | None = None
    ledger: Mapping[str, Any] = field(default_factory=lambda: dict(NOTHING_ASKED))
    weighing: Weighing | None = None
    _groups: dict[bytes, tuple[FloatArray, str]] = field(init=False, default_factory=dict, compare=False, repr=False)

    def positions(self, statements: IntArray) -> FloatArray:
        """float64 [n_agents, 2]: where people stand on a map of opinions, from their utilities of the statements."""
        from ..preferences import positions

        return positions(self.disc.model or self.disc, self.profile, statements)

    def groups(self, statements: IntArray) -> tuple[FloatArray, str] | None:
        """Opinion groups, float64 [n_agents, n_groups], and how they were found; None where nobody said what they want.

        Args:
            statements: the columns that count.
        """
        from ..preferences import memberships

        if not len(self.profile.answers) + len(self.profile.comparisons):
            return None
        key = statements.tobytes()
        if key not in self._groups:
            self._groups[key] = memberships(self.disc, self.disc.model, self.profile, statements)
        return self._groups[key]

    def vectors(self, statements: IntArray) -> FloatArray | None:
        """Vectors of the statements' texts, where the engine compares texts; else None."""
        from ..preferences.models.text_similarity import TextSimilarity

        return self.disc.model.vectors(statements) if isinstance(self.disc.model, TextSimilarity) else None


@dataclass(frozen=True, eq=False)
class Weighing:
    """What weighed the answers, and what the engine prepared before.

    Args:
        source: the profile as read.
        kinds: the fitted mixture.
        weights: of the source's answers.
        plain: the engine's utilities with every answer counting in full.
        seed: of every random choice.
    """

    source: Profile
    kinds: AnswerKinds
    weights: AnswerWeights
    plain: Prepared
    seed: int

    @property
    def unformed(self) -> BoolArray:
        """bool [n_statements]: "opinion not formed", so not to be chosen."""
        unformed = np.zeros(self.plain.profile.n_statements, dtype=bool)
        unformed[: len(self.kinds.not_formed)] = self.kinds.not_formed
        return unformed


class Candidates(Protocol):
    """What an engine brought to choose from."""

    @property
    def profile(self) -> Profile:
        """The people with the statements that can be chosen."""

    def prepare(self, profile: Profile) -> Prepared:
        """Utilities for everybody and every statement.

        Args:
            profile: that of these candidates, with statements that were added at its end, perhaps.
        """

    def choose(self, problem: Problem, rng: np.random.Generator) -> Selection:
        """What the process of the task chooses among them."""


class ProcessEntry(Protocol):
    """What both kinds of processes declare (`folkmoot.processes.Process`, `folkmoot.processes.WrittenProcess`)."""

    @property
    def source(self) -> str:
        """Paper and number."""

    @property
    def assigns(self) -> bool:
        """It says whom each statement represents."""

    @property
    def keeps_assignment(self) -> bool:
        """Its own assignment is part of what it chooses."""

    @property
    def approvals(self) -> bool:
        """It looks only at who approves what."""


class Engine(Protocol):
    """Answers the queries of one task for everybody."""

    @property
    def process(self) -> ProcessEntry:
        """The process of the task, as far as this engine can run it.

        Raises:
            InputError: it cannot.
        """

    def candidates(self, profile: Profile) -> Candidates:
        """Something to choose from.

        Args:
            profile: the profile as read.

        Raises:
            InputError: there is nobody, or nothing to choose from.
        """


Make = Callable[[Task], Engine]
# The process of an engine that has its statements written, where none is named.
USUALLY_WRITTEN = "prose"


@dataclass(frozen=True)
class EngineEntry:
    """An engine of the registry.

    Args:
        id: registry name.
        about: its description, in one clause.
        judges: it says what people think in their place; answers they gave themselves are not its own.
        usual: the id of the process that it takes for a source where none is named.
        make: the engine for a task; raises an `InputError` where the task lacks something that it needs.
    """

    id: str
    about: str
    judges: bool
    usual: Callable[[Profile], str]
    make: Make


ENGINES: Registry[EngineEntry] = Registry("engine")


def engine(*, id: str, about: str, usual: Callable[[Profile], str], judges: bool = False) -> Callable[[Make], Make]:
    """Registers a function (or a class) that makes an engine for a task."""

    def register(make: Make) -> Make:
        ENGINES.register(EngineEntry(id, about, judges, usual, make))
        return make

    return register


def find(id: str) -> EngineEntry:
    """The engine of that id.

    Raises:
        InputError: there is none.
    """
    return ENGINES.find(id)
