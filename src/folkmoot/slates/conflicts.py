"""Which of people's own answers conflict with a statement of a slate; the call is `conflicts`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..audits import Subject
from ..audits.reconcile import require
from ..audits.together import Conflict, conflict_of, rare_pairs
from ..profile import FloatArray, InputError, IntArray, MissingExtraError, Profile, Slate, locate, recorded_assignment
from ..profile.records import from_json, to_json

# Statements that pairs of answers are mined from, those with most answers first, and cells of their matrix.
STATEMENTS = 300
CELLS = 20_000_000


#: An answer to a statement: ``agree`` or ``disagree``, and the id of the statement.
SidedAnswer = tuple[str, str]


@dataclass(frozen=True)
class RarePair:
    """Two answers that rarely go together in the population.

    Args:
        one: the first answer.
        other: the second answer.
        both: how many people gave both.
        of_one: how many people gave the first and took a side on the statement of the second.
    """

    one: SidedAnswer
    other: SidedAnswer
    both: int
    of_one: int


@dataclass(frozen=True)
class AgainstStatement:
    """A smallest set of a person's answers that rarely go together with agreeing with the statement.

    Args:
        answers: the answers.
        steps: the pairs that lead from the statement to them.
    """

    answers: tuple[SidedAnswer, ...]
    steps: tuple[RarePair, ...]


@dataclass(frozen=True)
class PersonConflicts:
    """Which of one person's answers conflict with the statement that represents them.

    Args:
        statement: the id of the statement.
        outcome: ``agrees``, ``agree to disagree``, ``conflict`` or ``no conflict``.
        conflicts: the smallest sets of answers against the statement.
        gives_up: a smallest set of answers without which nothing conflicts.
        broken: how many of the population's rare pairs the person's own answers break already.
    """

    statement: str
    outcome: str
    conflicts: tuple[AgainstStatement, ...]
    gives_up: tuple[SidedAnswer, ...]
    broken: int

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON has it."""
        record: dict[str, Any] = to_json(self)
        return record

    @classmethod
    def read(cls, recorded: Mapping[str, Any]) -> PersonConflicts:
        """The record from what `as_dict` made.

        Args:
            recorded: the record as JSON has it.

        Raises:
            InputError: it is no such record.
        """
        return from_json(cls, recorded, "conflicts")


def conflicts(profile: Profile, slate: Slate, people: Sequence[str] | None = None) -> dict[str, PersonConflicts]:
    """Which of people's own answers conflict with the statement that represents them.

    A conflict is a smallest set of answers that, in this population, rarely go together with agreeing with the
    statement (`folkmoot.audits.together` says when). It is a fact about the population, not a contradiction.

    >>> import folkmoot as fm
    >>> p = fm.read("conversation/")                     # doctest: +SKIP
    >>> fm.conflicts(p, fm.slate(p, 164), ["17"])        # doctest: +SKIP

    Args:
        profile: what people said.
        slate: the slate of a run, or one by hand with the people whom each statement represents.
        people: the ids of the people; None: everybody whom a statement represents.

    Returns:
        The conflicts of every person by their id; `PersonConflicts.as_dict` gives them as JSON has them.

    Raises:
        InputError: a person who is not in the source or whom no statement represents, or a slate that does not fit.
        MissingExtraError: the ``sat`` extra is not installed.
    """
    profile, columns, _ = locate(profile, slate)
    place = recorded_assignment(profile, slate)
    if place is None:
        raise InputError("the slate does not say whom its statements represent; audit it first (folkmoot audit)")
    names = [profile.agents.ids[row] for row in np.flatnonzero(place >= 0)] if people is None else list(people)
    rows = []
    for name in names:
        row = profile.agent_index.get(name)
        if row is None or place[row] < 0:
            why = "is not in the source" if row is None else "is represented by no statement"
            raise InputError(f"participant {name!r} {why}; name somebody whom the slate represents")
        rows.append(row)
    at = np.array(rows, dtype=np.int64)
    return _found(profile, at, columns[place[at]], columns)


def of_the_least(profile: Profile, subject: Subject, least: Sequence[str]) -> dict[str, PersonConflicts] | None:
    """The same for the least well represented; those without a statement are held against their favourite of the slate.

    None where it cannot be said: nobody voted, or the ``sat`` extra is not installed.
    """
    if not len(profile.answers) or not len(subject.chosen):
        return None
    rows = np.array([profile.agent_index[name] for name in least], dtype=np.int64)
    place = subject.assignment[rows]
    place = np.where(place >= 0, place, subject.slate[rows].argmax(axis=1))
    columns = subject.pool.statements[subject.chosen]
    try:
        return _found(profile, rows, columns[place], columns)
    except MissingExtraError:
        return None


def _found(profile: Profile, rows: IntArray, statements: IntArray, slate: IntArray) -> dict[str, PersonConflicts]:
    require()
    columns = _columns(profile, slate)
    value = _signs(profile, columns)
    rare = rare_pairs(value > 0, value < 0)
    number = {int(column): at for at, column in enumerate(columns)}
    found = {}
    for row, column in zip(rows.tolist(), statements.tolist(), strict=True):
        sides = np.flatnonzero(value[row])
        answers = [int(value[row, at]) * (int(at) + 1) for at in sides]
        said = conflict_of(answers, number[column] + 1, rare)
        found[profile.agents.ids[row]] = _record(profile, columns, column, said)
    return found


def _columns(profile: Profile, slate: IntArray) -> IntArray:
    """The slate's statements and those with most answers, in the source's order."""
    pool = profile.pool()
    most = max(1, min(STATEMENTS, CELLS // max(1, profile.n_agents)))
    answered = np.bincount(profile.answers.statement, minlength=profile.n_statements)[pool]
    return np.union1d(pool[np.argsort(-answered, kind="stable")[:most]], slate)


def _signs(profile: Profile, columns: IntArray) -> FloatArray:
    """float64 [n, c]: 1 above the middle of the scale, -1 below, 0 on it or unsaid."""
    scale = profile.answers.scale
    utility = scale.utility(profile.dense(columns))
    if scale.default_utility is not None:
        utility[np.isnan(utility)] = scale.default_utility
    return np.nan_to_num(np.sign(utility - scale.midpoint))


def _record(profile: Profile, columns: IntArray, column: int, found: Conflict) -> PersonConflicts:
    ids = profile.statements.ids

    def answer(literal: int) -> SidedAnswer:
        return "agree" if literal > 0 else "disagree", ids[int(columns[abs(literal) - 1])]

    return PersonConflicts(
        statement=ids[column],
        outcome=found.outcome,
        conflicts=tuple(
            AgainstStatement(
                answers=tuple(answer(x) for x in answers),
                steps=tuple(RarePair(answer(s.one), answer(s.other), s.both, s.of_one) for s in steps),
            )
            for answers, steps in found.conflicts
        ),
        gives_up=tuple(answer(x) for x in found.gives_up),
        broken=found.broken,
    )
