"""Which of people's own answers conflict with a statement of a slate; the call is `conflicts`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..audits import Subject
from ..audits.reconcile import require
from ..audits.together import Conflict, conflict_of, rare_pairs
from ..profile import FloatArray, InputError, IntArray, MissingExtraError, Profile, Slate, locate, recorded_assignment

# Statements that pairs of answers are mined from, those with most answers first, and cells of their matrix.
STATEMENTS = 300
CELLS = 20_000_000


def conflicts(profile: Profile, slate: Slate, people: Sequence[str] | None = None) -> dict[str, dict[str, Any]]:
    """Which of people's own answers conflict with the statement that represents them.

    A conflict is a smallest set of answers that, in this population, rarely go together with agreeing with the
    statement (`folkmoot.audits.together` says when). It is a fact about the population, not a contradiction.

    >>> import folkmoot as fm
    >>> p = fm.read("conversation/")                     # doctest: +SKIP
    >>> fm.conflicts(p, fm.slate(p, 164), ["17"])        # doctest: +SKIP

    Args:
        profile: what people said.
        slate: of a run, or by hand with the people each statement represents.
        people: ids; None: everybody whom a statement represents.

    Returns:
        By person: ``statement``, ``outcome`` (``agrees``, ``agree to disagree``, ``conflict``, ``no conflict``),
        ``conflicts`` (``answers`` and the ``steps`` that lead from the statement to them), ``gives_up`` (a smallest set
        of answers without which nothing conflicts) and ``broken`` (pairs their answers break already).

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


def of_the_least(profile: Profile, subject: Subject, least: Sequence[str]) -> dict[str, dict[str, Any]] | None:
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


def _found(profile: Profile, rows: IntArray, statements: IntArray, slate: IntArray) -> dict[str, dict[str, Any]]:
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
        found[profile.agents.ids[row]] = _json(profile, columns, column, said)
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


def _json(profile: Profile, columns: IntArray, column: int, found: Conflict) -> dict[str, Any]:
    ids = profile.statements.ids

    def answer(literal: int) -> list[str]:
        return ["agree" if literal > 0 else "disagree", ids[int(columns[abs(literal) - 1])]]

    return {
        "statement": ids[column],
        "outcome": found.outcome,
        "conflicts": [
            {
                "answers": [answer(x) for x in answers],
                "steps": [
                    {"one": answer(s.one), "other": answer(s.other), "both": s.both, "of_one": s.of_one} for s in steps
                ],
            }
            for answers, steps in found.conflicts
        ],
        "gives_up": [answer(x) for x in found.gives_up],
        "broken": found.broken,
    }
