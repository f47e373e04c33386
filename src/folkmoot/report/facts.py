"""Looks up what a view holds: no figure is computed here, only looked up, counted or named."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from ..audits import Audit
from ..audits.answer_records import Counted
from ..profile import BoolArray, FloatArray, IntArray, SlateStatement
from ..slates.public.order import places
from ..slates.recorded import Recorded, recorded
from ..slates.view import View
from .measured import Measured, measured
from .numbers import ENGLISH
from .terms import Terms, terms
from .translations import Words


class Facts:
    """A view with its look-ups.

    Args:
        view: the view that is reported.
        w: the language of the reader.
    """

    def __init__(self, view: View, w: Words = ENGLISH) -> None:
        self.view, self.profile, self.slate, self.w = view, view.profile, view.slate, w

    @property
    def recorded(self) -> Recorded:
        """The slate's record."""
        return recorded(self.slate)

    @property
    def audit(self) -> Audit | None:
        """The audit's figures; None before an audit."""
        return self.recorded.audit

    @cached_property
    def terms(self) -> Terms:
        return terms(self.profile, self.w)

    @cached_property
    def measured(self) -> Measured:
        """What was measured of people."""
        return measured(self.slate, self.profile)

    @cached_property
    def weighted(self) -> bool:
        return self.profile.agents.masses is not None

    @cached_property
    def unassigned(self) -> int:
        return len(self.slate.unassigned)

    @cached_property
    def columns(self) -> IntArray:
        """int64 [k]: column of every statement of the slate in the profile, -1 where it has none."""
        return np.array([self._column(s) for s in self.slate.statements], dtype=np.int64)

    def _column(self, statement: SlateStatement) -> int:
        column = self.profile.statement_index.get(statement.id)
        if column is not None:
            return column
        texts = self.profile.statements.texts
        return texts.index(statement.text) if statement.text in texts else -1

    @cached_property
    def place(self) -> IntArray:
        """int64 [n_agents]: place in the slate of everybody's statement, -1 where unassigned."""
        places = np.full(self.profile.n_agents, -1, dtype=np.int64)
        for place, statement in enumerate(self.slate.statements):
            rows = [self.profile.agent_index[name] for name in statement.agents if name in self.profile.agent_index]
            places[rows] = place
        return places

    @cached_property
    def answered(self) -> BoolArray:
        """bool [n_agents]: whether the person answered their own statement (otherwise their utility is predicted)."""
        own_answered = np.zeros(self.profile.n_agents, dtype=bool)
        if self.profile.answers.scale.complete:
            return self.place >= 0
        for place, column in enumerate(self.columns):
            if column >= 0:
                rows = self.profile.answers.agent[self.profile.answers.statement == column]
                own_answered[rows[self.place[rows] == place]] = True
        return own_answered

    @cached_property
    def cautions(self) -> tuple[str, ...]:
        """Warnings at the top of the report: most people are against their own statement."""
        own, scale = self.view.own, self.profile.answers.scale
        represented = np.isfinite(own)
        if not self.terms.votes:
            return ()
        # With points any at all is support; everywhere else the middle divides.
        against = represented & ((own <= scale.utility_range[0]) if scale.kind == "points" else (own < scale.midpoint))
        number, people = int(against.sum()), int(represented.sum())
        if 2 * number <= people:
            return ()
        predicted = bool((against & ~self.answered).any())
        weighed = self.audit is not None and self.audit.answers is not None
        return (_mostly_against(self.w, scale.kind, number, people, predicted=predicted, weighed=weighed),)

    @cached_property
    def rejected(self) -> frozenset[str]:
        """Texts that moderation rejected: they are not printed anywhere."""
        s = self.profile.statements
        if s.moderation is None:
            return frozenset()
        return frozenset(text for text, state in zip(s.texts, s.moderation, strict=True) if state < 0)

    @cached_property
    def unaccepted(self) -> frozenset[str]:
        """Ids of statements that moderation has not accepted where it accepted others.

        Those that could not be chosen are named on the page without their texts. Where it accepted nothing, nobody
        moderated, and that it did not accept a statement says nothing.
        """
        s = self.profile.statements
        if s.moderation is None or not (s.moderation > 0).any():
            return frozenset()
        return frozenset(name for name, state in zip(s.ids, s.moderation, strict=True) if state == 0)

    def sides(self, utility: FloatArray) -> tuple[BoolArray, BoolArray]:
        """Which answers are for a statement and which against it: with points any at all is for it."""
        scale = self.profile.answers.scale
        above: BoolArray = utility >= scale.approval
        below: BoolArray = ~above if scale.kind == "points" else utility < scale.midpoint
        return above, below

    def number(self, statement: str | None) -> int | None:
        """Number of a statement on every page, from 1."""
        for number, place in enumerate(places(self.slate), start=1):
            if self.slate.statements[place].id == statement:
                return number
        return None

    def text(self, statement: str) -> str:
        """Text of a statement by id; empty where there is none (or moderation rejected it)."""
        column = self.profile.statement_index.get(statement)
        text = "" if column is None else self.profile.statements.texts[column]
        return "" if text in self.rejected else text

    def answers(self, row: int) -> list[tuple[int, float]]:
        """One person's answers as pairs (column, utility), in the source's order."""
        start, stop = int(self.profile.indptr[row]), int(self.profile.indptr[row + 1])
        a = self.profile.answers
        utilities = a.scale.utility(a.value[start:stop])
        return [(int(c), float(u)) for c, u in zip(a.statement[start:stop], utilities, strict=True)]


def left_out(notes: Sequence[Counted]) -> list[Counted]:
    """Notes on what is not in the profile at all."""
    return [note for note in notes if note.kind == "dropped" and note.count > 0]


def _mostly_against(w: Words, kind: str, n: int, people: int, *, predicted: bool, weighed: bool) -> str:
    """That most people are against the statement they are assigned to."""
    if weighed:
        return w.gettext(
            "%(n)s of the %(people)s assigned people have a weighted utility below the middle of the scale for the "
            "statement they are assigned to.",
            n=n,
            people=people,
        )
    if kind == "approval":
        found = w.gettext(
            "%(n)s of the %(people)s assigned people do not approve the statement they are assigned to.",
            n=n,
            people=people,
        )
    elif kind == "points":
        found = w.gettext(
            "%(n)s of the %(people)s assigned people gave no points to the statement they are assigned to.",
            n=n,
            people=people,
        )
    elif kind == "comparison":
        found = w.gettext(
            "%(n)s of the %(people)s assigned people prefer most other statements to the one they are assigned to.",
            n=n,
            people=people,
        )
    elif kind == "vote":
        found = w.gettext(
            "%(n)s of the %(people)s assigned people reject the statement they are assigned to.", n=n, people=people
        )
    else:
        found = w.gettext(
            "%(n)s of the %(people)s assigned people put the statement they are assigned to below the middle of the "
            "scale.",
            n=n,
            people=people,
        )
    if predicted:
        found += " " + w.gettext("Some of this is predicted: not all of them answered it.")
    return found
