"""Everything a slate is chosen with besides its source, budget, unit and seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import inf, isfinite
from typing import Any

from .errors import InputError
from .slate import LARGEST, Slate

# The process an engine takes where none is named.
USUAL = {"embedded": "democratic-fast", "llm": "prose"}
_OPTION_NAMES = {"locked_in": "lock-in", "locked_out": "lock-out"}


@dataclass(frozen=True)
class Options:
    """Everything a slate is chosen with besides its source, budget, unit and seed.

    Args:
        process: registry id, e.g. ``democratic-fast`` or ``bjr``; empty: the engine's usual one.
        engine: what answers the queries.
        strict: leave statements out that moderation has not accepted yet.
        min_length: statements with fewer words cannot be chosen; the audit still holds the slate against them.
        max_length: the same for statements with more words; 0: no limit.
        min_answers: the same for statements that fewer people answered.
        locked_in: ids of statements that must be in.
        locked_out: ids of statements that must not be in; the audit still holds the slate against them.
        levels: approval levels, highest first; empty: as the process sees fit (every distinct utility).
        cost_step: the one cost of ``democratic-uniform``; 0: the dearest.
        assignment: ``process`` (who was removed in which round), ``max-utility`` (the balanced assignment with the
            largest total utility, whatever the audit says of it), or ``best``: max-utility unless it breaks cBJR
            where the process's own keeps it.
        draws: posterior draws of the unknown answers for the certificate; 0 leaves them out.
        refine: look for a better slate from the one that was chosen (`processes.refine.refine_selection`); its own
            assignment stands unless ``max-utility`` is asked for.
        predict: preference model that predicts what people did not answer (or a language model was not asked), by its
            name in `preferences.MODELS`; ``auto``: the one that does best on held-out answers.
        topic: what the conversation is about, for a language model; empty: as the source has it.
        scoring: what a language model is asked, ``full`` (everything), ``exact`` (what decides, with the same slate),
            ``sparing`` (that, and nothing in passes without hope) or ``screened`` (less: slates may differ).
        specificity: weight of specificity beside agreement, where a language model is asked; at least 0.
        per_prompt: most statements that a language model is asked about in one question; 1: as published.
        validate: people whose held-out answers a language model's scores are checked with; 0 leaves the check out.
    """

    process: str = ""
    engine: str = "embedded"
    strict: bool = False
    min_length: int = 0
    max_length: int = 0
    min_answers: int = 0
    locked_in: tuple[str, ...] = ()
    locked_out: tuple[str, ...] = ()
    levels: tuple[float, ...] = ()
    cost_step: int = 0
    assignment: str = "best"
    draws: int = 100
    refine: bool = False
    predict: str = "auto"
    topic: str = ""
    scoring: str = "sparing"
    specificity: float = 1.0
    per_prompt: int = 8
    validate: int = 25

    def __post_init__(self) -> None:
        if not self.process:
            object.__setattr__(self, "process", USUAL.get(self.engine, USUAL["embedded"]))
        if self.assignment not in ("best", "process", "max-utility"):
            raise InputError(f"unknown assignment {self.assignment!r}; choose best, process or max-utility")
        if self.scoring not in ("full", "exact", "sparing", "screened"):
            raise InputError(f"unknown scoring {self.scoring!r}; choose full, exact, sparing or screened")
        for name in ("locked_in", "locked_out", "levels"):
            value = getattr(self, name)
            if isinstance(value, str):
                raise InputError(f"{name} must be a list, not the text {value!r}")
            object.__setattr__(self, name, tuple(value))
        if not isinstance(self.refine, bool):
            raise InputError(f"refine must be True or False, not {self.refine!r}")
        for name in ("min_length", "max_length", "min_answers", "cost_step", "draws", "validate", "per_prompt"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
                raise InputError(f"{name} must be a whole number of at least 0, not {value!r}")
        if not all(isinstance(level, int | float) and isfinite(level) for level in self.levels):
            raise InputError("levels must be numbers")
        if not isinstance(self.specificity, int | float) or not 0 <= self.specificity < inf:
            raise InputError(f"specificity must be a number of at least 0, not {self.specificity!r}")

    @property
    def given(self) -> dict[str, Any]:
        """By name, as `api.slate` takes them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def check_written(self) -> None:
        """Whether these options go with an engine that writes statements.

        Raises:
            InputError: an option that chooses among given statements.
        """
        usual = Options(engine=self.engine)
        for name in ("strict", "max_length", "min_answers", "locked_in", "locked_out", "cost_step"):
            if getattr(self, name) != getattr(usual, name):
                option = _OPTION_NAMES.get(name, name).replace("_", "-")
                raise InputError(f"--{option} chooses among given statements, but this engine writes its own: leave it")

    @classmethod
    def of(cls, slate: Slate) -> Options:
        """The options a slate records.

        Raises:
            InputError: an option has a value it cannot have.
        """
        recorded = slate.process.get("options", {})
        if not isinstance(recorded, Mapping):
            raise InputError("process.options must be an object")
        known = {field.name: type(field.default) for field in fields(cls)}
        given = {name: value for name, value in recorded.items() if name in known}
        for name, value in given.items():
            wanted = {tuple: list, float: float | int}.get(known[name], known[name])
            if not isinstance(value, wanted | tuple):
                raise InputError(f"process.options: {name} cannot be {value!r}")
        return cls(**given)

    def words(self) -> list[str]:
        """The options that are not as usual, as words of a command."""
        usual = Options(engine=self.engine)
        found: list[str] = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value == (field.default if field.name == "engine" else getattr(usual, field.name)):
                continue
            option = "--" + _OPTION_NAMES.get(field.name, field.name).replace("_", "-")
            if field.name == "levels":
                found += [option, ",".join(f"{level!r}" for level in value)]
            elif isinstance(value, tuple):
                for part in value:
                    found += [option, str(part)]
            else:
                found += [option] if value is True else [option, str(value)]
        return found
