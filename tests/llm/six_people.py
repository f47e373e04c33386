"""Six people of the bundled conversation, with what they wrote and how they voted, for a model that is slow.

    python six_people.py FOLDER

writes them as a Polis export. The conversation is Polis' "American Assembly, Bowling Green" (CC BY 4.0, see NOTICE).
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from folkmoot.formats import write
from folkmoot.formats.example import example
from folkmoot.profile import Agents, Answers, Profile, Statements

PEOPLE, LEAST, OTHERS = 6, 5, 24
# Words that somebody wrote, from which there is something to go by and not too much to read.
SHORT, LONG = 15, 60


def six_people() -> Profile:
    """The first six who wrote a little and gave the most votes of both kinds, with the statements that they share."""
    whole = example()
    a = whole.answers
    words = np.array([sum(len(text.split()) for text in texts) for texts in whole.agents.texts])
    sides = np.minimum(*(np.bincount(a.agent[a.value == side], minlength=whole.n_agents) for side in (1, -1)))
    fit = np.flatnonzero((words >= SHORT) & (words <= LONG) & (sides >= LEAST))
    rows = np.sort(fit[np.argsort(-sides[fit], kind="stable")][:PEOPLE])
    names = {whole.agents.ids[row] for row in rows.tolist()}
    own = [at for at, origin in enumerate(whole.statements.provenance) if set(origin.agents) & names]
    votes = np.bincount(a.statement[np.isin(a.agent, rows)], minlength=whole.n_statements)
    others = [int(at) for at in np.argsort(-votes, kind="stable") if at not in own][:OTHERS]
    columns = np.array(sorted({*own, *others}))
    kept = np.isin(a.agent, rows) & np.isin(a.statement, columns)
    s = whole.statements
    return replace(
        whole,
        agents=Agents(
            tuple(whole.agents.ids[row] for row in rows.tolist()),
            tuple(whole.agents.texts[row] for row in rows.tolist()),
        ),
        statements=Statements(
            tuple(s.ids[at] for at in columns.tolist()),
            tuple(s.texts[at] for at in columns.tolist()),
            None if s.moderation is None else s.moderation[columns],
            provenance=tuple(s.provenance[at] for at in columns.tolist()),
        ),
        answers=Answers.of(
            np.searchsorted(rows, a.agent[kept]), np.searchsorted(columns, a.statement[kept]), a.value[kept], a.scale
        ),
        notes=(),
    )


if __name__ == "__main__":
    write(six_people(), Path(sys.argv[1]), "polis")
