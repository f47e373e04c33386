"""A statement and those it speaks for: the votes of each wording, shown side by side, never merged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .eligibility import Eligibility


@dataclass(frozen=True)
class Wording:
    """One of several statements that say nearly the same.

    Args:
        column: of the statement in the profile.
        id: of the statement.
        text: as written.
        answers: how many people gave which answer, on the answers' own scale, smallest value first.
    """

    column: int
    id: str
    text: str
    answers: dict[float, int]

    @property
    def total(self) -> int:
        """People who answered this wording."""
        return sum(self.answers.values())


def wordings(eligibility: Eligibility, column: int) -> tuple[Wording, ...]:
    """A statement, then those it speaks for, most answers first.

    Their answers stay apart: a choice and its audit use those of the statement itself, and who answered two wordings is
    not counted twice. `people` says how many answered any.

    Args:
        eligibility: of the profile.
        column: of a statement.
    """
    answers, s = eligibility.profile.answers, eligibility.profile.statements
    found = []
    for each in (column, *eligibility.also(column).tolist()):
        values, counts = np.unique(answers.value[answers.statement == each], return_counts=True)
        found.append(
            Wording(each, s.ids[each], s.texts[each], dict(zip(values.tolist(), counts.tolist(), strict=True)))
        )
    return tuple(found)


def people(eligibility: Eligibility, column: int) -> int:
    """How many people answered a statement or one that it speaks for, each once.

    Args:
        eligibility: of the profile.
        column: of a statement.
    """
    answers = eligibility.profile.answers
    group = np.append(eligibility.also(column), column)
    return len(np.unique(answers.agent[np.isin(answers.statement, group)]))


def authors(eligibility: Eligibility, column: int) -> tuple[str, ...]:
    """Ids of the people whose words a statement and those it speaks for are, its own author first, each once.

    Args:
        eligibility: of the profile.
        column: of a statement.
    """
    provenance = eligibility.profile.statements.provenance
    if not provenance:
        return ()
    return tuple(
        dict.fromkeys(name for j in (column, *eligibility.also(column).tolist()) for name in provenance[j].agents)
    )
