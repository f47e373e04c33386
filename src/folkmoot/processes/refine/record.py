"""What is recorded of a refinement (``slate.json`` "process", "refinement")."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...profile.records import OMITTED
from .standing import Standing


@dataclass(frozen=True, kw_only=True)
class Refined:
    """A refinement that was tried.

    Args:
        method: ``integer program`` or ``local search``.
        note: why it was not the integer program; None: it was.
        improved: a better slate was found.
        before: what the first slate is worth.
        after: what the slate is worth.
        bound: on the total of any slate with as few left out and the same balance; None: not known.
        gap: relative to the bound.
        proven: optimal within the solver's relative gap.
        balance: ``kept``, ``lower bounds dropped: ...``, or ``off``.
        exempt: statements whose complaints no slate could meet (numbers of candidates; ids in ``slate.json``).
        cuts: added to the integer program; this and the next four count work.
        rounds: of cuts.
        solves: of integer programs.
        evaluations: slates that the local search assigned.
        evaluations_used_up: it was stopped by their number.
        candidates: left after presolve.
    """

    method: str
    note: str | None = field(default=None, metadata=OMITTED)
    improved: bool
    before: Standing
    after: Standing
    bound: float | None
    gap: float | None
    proven: bool
    balance: str
    exempt: tuple[int | str, ...]
    cuts: int
    rounds: int
    solves: int
    evaluations: int
    evaluations_used_up: bool
    candidates: int


@dataclass(frozen=True)
class NotRefined:
    """A refinement that was not tried, and why."""

    improved: bool
    note: str
