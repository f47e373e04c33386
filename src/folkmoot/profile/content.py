"""What a Profile is made of: people, statements, what they answered, and what reading noted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .arrays import FloatArray, IntArray, frozen
from .counting import with_count
from .errors import InputError
from .scale import VOTE, Scale
from .shown import counted, line

REJECTED, PENDING, ACCEPTED = -1, 0, 1
KINDS = ("", "opinion", "about the speaker", "metadata")
"""The kinds of statements that a source can name; empty: the source does not say."""


@dataclass(frozen=True)
class Note:
    """Something that reading changed, dropped or noticed, counted.

    Args:
        kind: the kind of note: ``dropped`` (something people said or did is not in the Profile), ``changed`` (in it,
            but not as it stood), ``unused`` (columns that are not read, among them personal ones) or ``seen`` (worth
            knowing).
        what: one clause that a reader understands, e.g. ``"re-votes: only the last of each pair counts"``.
        count: how many rows, votes or people it concerns.
        where: up to a handful of places, e.g. ``"votes.csv row 17"``.
    """

    kind: Literal["dropped", "changed", "unused", "seen"]
    what: str
    count: int
    where: tuple[str, ...] = ()

    @property
    def counted(self) -> str:
        """The note as a clause with its count."""
        return with_count(self.what, self.count)


@dataclass(frozen=True)
class Provenance:
    """Where a statement comes from.

    Args:
        kind: the kind of origin: ``submitted`` (by a participant), ``listed`` (in the source, author unknown),
            ``extracted`` (a clause of participants' own texts), ``generated`` (by a query) or ``by hand``.
        agents: the ids of the participants whose words these are.
        detail: anything more that helps to find the statement again.
    """

    kind: str = "listed"
    agents: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True)
class Agents:
    """The people, in the source's order.

    Args:
        ids: the unique ids of the people.
        texts: what each person wrote, one tuple of texts a person.
        masses: the weight of each person as an integer mass, int64 [n]; None when everyone counts the same.
            Thresholds are decided in these integers; `masses_of` makes them from decimal weights.
        groups: the label of every person per grouping, for reporting only.
        extra: the columns that the caller named to be kept, as they stand.
    """

    ids: tuple[str, ...]
    texts: tuple[tuple[str, ...], ...] = ()
    masses: IntArray | None = None
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __repr__(self) -> str:
        written = sum(map(len, self.texts))
        return line(
            "Agents",
            counted(len(self.ids), "person", "people"),
            counted(written, "text") if written else "",
            "" if self.masses is None else "weighted",
            counted(len(self.groups), "grouping") if self.groups else "",
        )


@dataclass(frozen=True)
class Statements:
    """The candidates, in the source's order.

    Args:
        ids: the unique ids of the statements.
        texts: the texts as written.
        moderation: the state of moderation, int8 [m]: -1 rejected, 0 pending, 1 accepted; None: nothing was moderated.
        costs: the costs, int64 [m], where the source states costs (participatory budgeting), else None.
        provenance: the origin of each statement; empty: all are ``listed``.
        kinds: the kind of each statement according to the source, one of `KINDS`; empty: the source names none.
    """

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    moderation: NDArray[np.int8] | None = None
    costs: IntArray | None = None
    provenance: tuple[Provenance, ...] = ()
    kinds: tuple[str, ...] = ()

    def __repr__(self) -> str:
        rejected = 0 if self.moderation is None else int((self.moderation == REJECTED).sum())
        return line(
            "Statements",
            counted(len(self.ids), "statement"),
            f"{rejected:,} rejected" if rejected else "",
            "" if self.costs is None else "with costs",
        )


@dataclass(frozen=True)
class Answers:
    """Sparse agent x statement answers, sorted by agent, then statement, each pair at most once.

    Args:
        agent: the row of the agent, int64 [n_answers].
        statement: the column of the statement, int64 [n_answers].
        value: the answer on ``scale``, float64 [n_answers].
        scale: the scale, which says what the values mean.
    """

    agent: IntArray
    statement: IntArray
    value: FloatArray
    scale: Scale = VOTE

    @classmethod
    def of(
        cls,
        agent: Sequence[int] | IntArray,
        statement: Sequence[int] | IntArray,
        value: Sequence[float] | FloatArray,
        scale: Scale = VOTE,
    ) -> Answers:
        """Answers in any order, sorted and frozen.

        Raises:
            InputError: if a pair occurs twice.
        """
        rows = np.asarray(agent, dtype=np.int64).ravel()
        columns = np.asarray(statement, dtype=np.int64).ravel()
        values = np.asarray(value, dtype=np.float64).ravel()
        same_row = rows[1:] == rows[:-1]
        if ((rows[1:] > rows[:-1]) | (same_row & (columns[1:] >= columns[:-1]))).all():
            # They are frozen below, and whoever passes arrays may go on writing to theirs.
            rows, columns, values = rows.copy(), columns.copy(), values.copy()
        else:
            order = np.lexsort((columns, rows))
            rows, columns, values = rows[order], columns[order], values[order]
            same_row = rows[1:] == rows[:-1]
        same = same_row & (columns[1:] == columns[:-1])
        if same.any():
            at = int(np.flatnonzero(same)[0])
            raise InputError(f"agent {rows[at]} answers statement {columns[at]} twice; keep one answer per pair")
        return cls(frozen(rows), frozen(columns), frozen(values), scale)

    @classmethod
    def none(cls, scale: Scale = VOTE) -> Answers:
        """No answers at all (people wrote, nobody voted)."""
        return cls.of([], [], [], scale)

    def __len__(self) -> int:
        return len(self.value)

    def __repr__(self) -> str:
        return line("Answers", counted(len(self), "answer"), self.scale.kind)


@dataclass(frozen=True)
class Comparisons:
    """Which of two statements people prefer, sorted by agent; the same pair may be put to somebody more than once.

    Args:
        agent: the row of the agent, int64 [n_comparisons].
        winner: the column of the preferred statement, int64 [n_comparisons].
        loser: the column of the other statement, int64 [n_comparisons].
    """

    agent: IntArray
    winner: IntArray
    loser: IntArray

    @classmethod
    def of(
        cls, agent: Sequence[int] | IntArray, winner: Sequence[int] | IntArray, loser: Sequence[int] | IntArray
    ) -> Comparisons:
        """Comparisons in any order, sorted and frozen.

        Raises:
            InputError: if a statement is compared with itself.
        """
        who, better, worse = (np.asarray(part, dtype=np.int64).ravel() for part in (agent, winner, loser))
        if (better == worse).any():
            at = int(np.argmax(better == worse))
            raise InputError(f"agent {who[at]} compares statement {better[at]} with itself; leave such pairs out")
        order = np.lexsort((worse, better, who))
        return cls(frozen(who[order]), frozen(better[order]), frozen(worse[order]))

    @classmethod
    def none(cls) -> Comparisons:
        """Nobody compared anything."""
        return cls.of([], [], [])

    def __len__(self) -> int:
        return len(self.agent)

    def __repr__(self) -> str:
        return line("Comparisons", counted(len(self), "comparison"))


def masses_of(weights: Sequence[float] | FloatArray, decimals: int = 6) -> IntArray:
    """Decimal weights as the smallest integers in the same ratio (weights are read to ``decimals`` places).

    >>> masses_of([0.5, 1.0, 1.5]).tolist()
    [1, 2, 3]

    Raises:
        InputError: if a weight is not a positive number.
    """
    array = np.asarray(weights, dtype=np.float64)
    if not np.isfinite(array).all() or (array <= 0).any():
        raise InputError("weights must be positive numbers; leave people who do not count out of the source")
    scaled = np.rint(array * 10**decimals).astype(np.int64)
    if (scaled <= 0).any():
        raise InputError(f"a weight is smaller than 1e-{decimals}; scale the weights up")
    return frozen(scaled // np.gcd.reduce(scaled)) if len(scaled) else scaled


def unique(what: str, ids: tuple[str, ...]) -> None:
    """Refuses ids that occur twice.

    Raises:
        InputError: one does.
    """
    if len(set(ids)) != len(ids):
        seen: set[str] = set()
        twice = next(name for name in ids if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise InputError(f"{what} id {twice!r} occurs twice; ids must be unique")


def same_length(what: str, n: int, **columns: Sequence[object]) -> None:
    """Refuses columns that are neither empty nor as long as there are entries.

    Raises:
        InputError: one is not.
    """
    for name, column in columns.items():
        if len(column) not in (0, n):
            raise InputError(f"{n} {what} but {len(column)} entries in {name}")
