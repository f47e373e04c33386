"""Questionnaires that ask some things again: a survey design written down for the people and statements of a source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..asking import RepeatDesign, repeat_design
from ..formats.csv_write import check_ids
from ..formats.writing import csv_text
from ..profile import InputError, IntArray, Profile

#: Columns of the table, as `folkmoot.formats.repeats` reads them; ``answer`` is to be filled in.
HEAD = ("agent", "statement", "answer", "cue", "order", "wave", "step", "statement-text")


@dataclass(frozen=True, eq=False)
class Questionnaires:
    """Who is asked what, in which order and how.

    Args:
        profile: people and statements.
        columns: int64 [m] statements that may be asked.
        design: over those people and statements.
    """

    profile: Profile
    columns: IntArray
    design: RepeatDesign

    @classmethod
    def of(cls, profile: Profile, *, share: float, conditions: int, seed: int, strict: bool = False) -> Questionnaires:
        """Draws a design; see `repeat_design`.

        Args:
            profile: with everybody who is to be asked; moderation's rejected statements are not asked.
            share: of the statements that each person is asked again.
            conditions: presentations of each of them.
            seed: of the design.
            strict: ask only statements that moderation accepted.

        Raises:
            InputError: as `repeat_design`, or ids that a table cannot hold.
        """
        if not profile.n_agents:
            raise InputError("the source has no participants; a design is for people who can be asked")
        check_ids(profile)
        columns = profile.pool(strict)
        rng = np.random.default_rng([seed, 33])
        return cls(
            profile,
            columns,
            repeat_design(profile.n_agents, len(columns), rng, share=share, conditions=conditions),
        )

    @property
    def again(self) -> int:
        """Statements that each person is asked again."""
        return int(self.design.items.shape[1])

    @property
    def questions(self) -> int:
        """Questions to each person."""
        return self.again * self.design.waves + int(self.design.others.shape[1])

    def steps(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """Everybody's row and questions in order, each with the ``statement``'s id; see `RepeatDesign.person`."""
        ids = [self.profile.statements.ids[int(column)] for column in self.columns]
        for row in range(self.profile.n_agents):
            yield row, [{**step, "statement": ids[step["statement"]]} for step in self.design.person(row)]

    def table(self) -> str:
        """CSV with a row a question; with ``answer`` filled in it is a source of its own."""
        agents, texts = self.profile.agents, self.profile.statements.texts
        index = self.profile.statement_index
        groups = {name: labels for name, labels in agents.groups.items() if name.lower() not in HEAD}
        rows: list[list[str]] = [[*HEAD, *groups]]
        for row, steps in self.steps():
            labels = [each[row] for each in groups.values()]
            for number, step in enumerate(steps, start=1):
                name = step["statement"]
                asked = [_side(step["cue"]), _side(step["order"]), str(step["wave"]), str(number)]
                rows.append([agents.ids[row], name, "", *asked, texts[index[name]], *labels])
        return csv_text(rows)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        people = self.profile.agents.ids
        return {
            "people": self.profile.n_agents,
            "statements": len(self.columns),
            "asked_again": self.again,
            "conditions": self.design.waves,
            "questions": self.questions,
            "agents": [{"agent": people[row], "steps": steps} for row, steps in self.steps()],
        }


def _side(side: int) -> str:
    return str(side) if side else ""
