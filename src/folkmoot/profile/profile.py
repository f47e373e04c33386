"""The Profile: what people really said, immutable and sparse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arrays import FloatArray, IntArray, frozen
from .content import (
    ACCEPTED,
    KINDS,
    PENDING,
    Agents,
    Answers,
    Comparisons,
    Note,
    Provenance,
    Statements,
    same_length,
    unique,
)
from .errors import InputError
from .shown import counted, line, table

#: A block of answers is filled statement by statement where it has at most one in so many of the statements, and at
#: least one in so many of the people.
FEW = 4


@dataclass(frozen=True, eq=False)
class Profile:
    """What people really said: agents, statements, answers, and notes on what reading changed.

    Args:
        agents: the people.
        statements: the candidates (may be empty, if people only wrote).
        answers: the answers of agents to statements.
        notes: the notes that count what reading changed or dropped.
        topic: the topic of the conversation, as the source states it.
        source: the id of the format that was recognised (``polis``, ``pabulib``, ...).
        facts: what the reader measured (sign test, re-votes, ...), shown by ``folkmoot doctor``.
        comparisons: which of two statements people prefer, beside the answers or instead of them.

    Raises:
        InputError: if ids are duplicate, lengths differ, or answers lie outside the scale or the index range.
    """

    agents: Agents
    statements: Statements
    answers: Answers
    notes: tuple[Note, ...] = ()
    topic: str = ""
    source: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    comparisons: Comparisons = field(default_factory=Comparisons.none)

    def __post_init__(self) -> None:
        unique("participant", self.agents.ids)
        unique("statement", self.statements.ids)
        same_length("participants", self.n_agents, texts=self.agents.texts, **self.agents.groups)
        same_length("statements", self.n_statements, provenance=self.statements.provenance, kinds=self.statements.kinds)
        if unknown := set(self.statements.kinds) - set(KINDS):
            raise InputError(
                f"a statement cannot be of the kind {min(unknown)!r}; choose one of {', '.join(KINDS[1:])}"
            )
        if len(self.statements.texts) != self.n_statements:
            raise InputError(f"{self.n_statements} statement ids but {len(self.statements.texts)} texts")
        masses = self.agents.masses
        if masses is not None and (len(masses) != self.n_agents or (masses <= 0).any()):
            raise InputError("every participant needs one weight, and weights must be positive")
        a = self.answers
        if len(a):
            if a.agent[0] < 0 or a.agent[-1] >= self.n_agents:
                raise InputError("an answer belongs to a participant who is not in the profile")
            if a.statement.min() < 0 or a.statement.max() >= self.n_statements:
                raise InputError("an answer belongs to a statement that is not in the profile")
            if not ((a.value >= a.scale.low) & (a.value <= a.scale.high)).all():
                raise InputError(f"answers must lie between {a.scale.low:g} and {a.scale.high:g}")
        c = self.comparisons
        for rows, size, what in (
            (c.agent, self.n_agents, "participant"),
            (c.winner, self.n_statements, "statement"),
            (c.loser, self.n_statements, "statement"),
        ):
            if len(c) and (rows.min() < 0 or rows.max() >= size):
                raise InputError(f"a comparison names a {what} that is not in the profile")

    def __repr__(self) -> str:
        return line("Profile", self.source, *self._counts)

    def _repr_html_(self) -> str:
        """For notebooks: what was read and taken for what, and how many people answered each statement."""
        often = np.bincount(self.answers.statement, minlength=self.n_statements)
        title = self.topic or "Profile"
        rows = zip(self.statements.texts, (f"{int(count):,}" for count in often), strict=True)
        return table(title, (self.source, *self._counts), ("statement", "answers"), rows, self._taken_for)

    @property
    def _taken_for(self) -> tuple[str, ...]:
        """What reading took for what, dropped and changed, a line each."""
        facts = {"participants": self.facts.get("who"), "direction": self.facts.get("direction")}
        opinions = "; ".join(self.facts.get("opinions", ()))
        said = {"opinions in": opinions, **facts}
        notes = (f"{note.kind}: {note.counted}" for note in self.notes)
        return (*(f"{name}: {words}" for name, words in said.items() if words), *notes)

    @property
    def _counts(self) -> tuple[str, ...]:
        return (
            counted(self.n_agents, "person", "people"),
            counted(self.n_statements, "statement"),
            counted(len(self.answers), "answer"),
            counted(len(self.comparisons), "comparison") if len(self.comparisons) else "",
        )

    @property
    def n_agents(self) -> int:
        return len(self.agents.ids)

    @property
    def n_statements(self) -> int:
        return len(self.statements.ids)

    @cached_property
    def masses(self) -> IntArray:
        """int64 [n_agents]: integer mass of every person, 1 where there are no weights."""
        if self.agents.masses is None:
            return frozen(np.ones(self.n_agents, dtype=np.int64))
        return self.agents.masses

    @property
    def total_mass(self) -> int:
        return int(self.masses.sum())

    @cached_property
    def derived(self) -> dict[str, Any]:
        """Results computed from this profile alone, by name, so that they are computed only once. Never written."""
        return {}

    @cached_property
    def indptr(self) -> IntArray:
        """int64 [n_agents + 1]: answers of agent i are ``[indptr[i], indptr[i + 1])``."""
        return frozen(np.searchsorted(self.answers.agent, np.arange(self.n_agents + 1)).astype(np.int64))

    @cached_property
    def agent_index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.agents.ids)}

    @cached_property
    def statement_index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.statements.ids)}

    def pool(self, strict: bool = False) -> IntArray:
        """Columns of the statements that may be chosen: rejected ones are out, pending ones with ``strict``."""
        moderation = self.statements.moderation
        if moderation is None:
            return np.arange(self.n_statements)
        return np.flatnonzero(moderation >= (ACCEPTED if strict else PENDING))

    def dense(self, statements: IntArray, agents: IntArray | None = None) -> FloatArray:
        """Answers as a float64 block [n_agents, len(statements)], nan where a person said nothing."""
        a = self.answers
        once, back = np.unique(statements, return_inverse=True)
        if len(once) < len(statements):
            return self.dense(once, agents)[:, back]
        if agents is not None and len(agents) == self.n_agents and (agents == np.arange(self.n_agents)).all():
            agents = None
        few = self._few(statements, agents)
        if few is not None:
            return few
        column = np.full(self.n_statements, -1, dtype=np.int64)
        column[statements] = np.arange(len(statements))
        if agents is None:
            rows, picked, n = a.agent, slice(None), self.n_agents
        else:
            start, stop = self.indptr[agents], self.indptr[agents + 1]
            lengths = stop - start
            rows = np.repeat(np.arange(len(agents)), lengths)
            offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
            picked = np.repeat(start, lengths) + offsets
            n = len(agents)
        block = np.full((n, len(statements)), np.nan)
        columns = column[a.statement[picked]]
        inside = columns >= 0
        block[rows[inside], columns[inside]] = a.value[picked][inside]
        return block

    @cached_property
    def _by_statement(self) -> tuple[IntArray, NDArray[np.integer[Any]]]:
        """Where each statement's answers begin in an order that keeps them together, and that order."""
        statement = self.answers.statement
        # Two bytes are sorted by their digits, which is many times quicker than comparing.
        small = statement.astype(np.uint16) if self.n_statements < 2**16 else statement
        order = np.argsort(small, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(statement, minlength=self.n_statements))])
        return frozen(starts), frozen(order.astype(np.int32) if len(order) < 2**31 else order)

    def _few(self, statements: IntArray, agents: IntArray | None) -> FloatArray | None:
        """`dense` from the answers to these statements alone; None where going through the agents' is no longer."""
        a, n = self.answers, self.n_agents if agents is None else len(agents)
        if not len(a) or FEW * len(statements) > self.n_statements:
            return None
        row: IntArray | None = None
        if agents is not None:
            # Of few of the people it is quicker to go through what they said; and a row stands for one person only.
            if FEW * n < self.n_agents or (agents[1:] <= agents[:-1]).any():
                return None
            row = np.full(self.n_agents, -1, dtype=np.int64)
            row[agents] = np.arange(n)
        starts, order = self._by_statement
        block = np.full((n, len(statements)), np.nan)
        for place, statement in enumerate(statements.tolist()):
            at = order[starts[statement] : starts[statement + 1]]
            people, values = a.agent[at], a.value[at]
            if row is not None:
                people = row[people]
                inside = people >= 0
                people, values = people[inside], values[inside]
            block[people, place] = values
        return block

    def with_statements(self, ids: Iterable[str], texts: Iterable[str], provenance: Iterable[Provenance]) -> Profile:
        """The same profile with statements added at the end that nobody has answered."""
        s = self.statements
        new_ids, new_texts, new_provenance = tuple(ids), tuple(texts), tuple(provenance)
        moderation = s.moderation
        if moderation is not None:
            moderation = np.concatenate([moderation, np.full(len(new_ids), ACCEPTED, dtype=np.int8)])
        costs = s.costs
        if costs is not None:
            costs = np.concatenate([costs, np.ones(len(new_ids), dtype=np.int64)])
        old = s.provenance or tuple(Provenance() for _ in s.ids)
        kinds = (*s.kinds, *("" for _ in new_ids)) if s.kinds else ()
        return replace(
            self,
            statements=Statements(s.ids + new_ids, s.texts + new_texts, moderation, costs, old + new_provenance, kinds),
        )
