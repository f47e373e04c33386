"""A made-up survey in files: everybody's answers, and a table of those that were asked for again."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from folkmoot.asking import repeat_design
from folkmoot_studies.plural.answer_world import AnswerWorld

#: Planted: hardly anybody has an opinion of every fourth statement, and whoever has none says yes.
PEOPLE, STATEMENTS = 150, 8
HOLLOW = frozenset(f"s{j}" for j in range(STATEMENTS) if j % 4 == 3)
HEAD = ["agent", "statement", "answer", "cue", "order", "wave", "statement-text", "region"]


def write_survey(folder: Path, seed: int = 4, conditions: int = 4) -> tuple[Path, Path]:
    """Writes a survey, whose table is a source of its own, and beside it the same as plain votes.

    Returns:
        The table of all presentations, and the votes: everybody's first answers.
    """
    rng = np.random.default_rng(seed)
    hollow = np.arange(STATEMENTS) % 4 == 3
    share = np.where(hollow, 0.02, 0.75)
    shares = np.column_stack([share, 0.3 * (1 - share), 0.7 * (1 - share)])

    rate = np.where(hollow, 0.72, rng.uniform(0.3, 0.5, STATEMENTS))
    design = repeat_design(PEOPLE, STATEMENTS, rng, share=0.5, conditions=4)
    world = AnswerWorld.of(rng, shares, rate, n=PEOPLE, climate=True)
    steps = [(row, step) for row in range(PEOPLE) for step in design.person(row) if step["wave"] <= conditions]
    column = {name: np.array([step[name] for _, step in steps]) for name in ("statement", "cue", "order")}
    who = np.array([row for row, _ in steps])
    agrees = world.answers(who, column["statement"], column["cue"], column["order"], rng)
    rows = [
        [
            f"p{row}",
            f"s{step['statement']}",
            1 if yes else -1,
            step["cue"],
            step["order"],
            step["wave"],
            f"Statement number {step['statement']} of the survey",
            "north" if row % 3 else "south",
        ]
        for (row, step), yes in zip(steps, agrees, strict=True)
    ]
    table, votes = folder / "asked-again.csv", folder / "votes.csv"
    _write(table, HEAD, rows)
    first = {(row[0], row[1]): [row[0], row[1], row[2], row[6]] for row in reversed(rows)}
    _write(votes, ["participant", "statement_id", "vote", "statement_text"], list(reversed(first.values())))
    return table, votes


def _write(path: Path, head: list[str], rows: list[list[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(head)
        out.writerows(rows)
