"""What is recorded of a refinement (``slate.json`` "process", "refinement")."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...profile.records import OMITTED
from .standing import Standing


@dataclass(frozen=True, kw_only=True)
class Refined:
    """A refinement that was tried.

    Args:
        method: the method of the result, ``integer program`` or ``local search``.
        note: why it was not the integer program; None: it was.
        improved: whether a better slate was found.
        before: the value of the first slate.
        after: the value of the slate in the end.
        bound: an upper bound on the total of any slate with as few left out and the same balance; None: not known.
        gap: the distance to the bound, relative to the bound.
        proven: whether the slate is optimal within the solver's relative gap.
        balance: what became of the lower bounds of loads: ``kept``, ``lower bounds dropped: ...``, or ``off``.
        exempt: the statements whose complaints no slate could meet (numbers of candidates; ids in ``slate.json``).
        cuts: the number of cuts added to the integer program; this and the next four count work.
        rounds: the number of rounds of cuts.
        solves: the number of integer programs solved.
        evaluations: the number of slates that the local search assigned.
        evaluations_used_up: whether the local search was stopped by that number.
        candidates: the number of candidates left after presolve.
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
