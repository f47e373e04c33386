"""Calls of a run with votes and texts (`pool="both"`), by how many of people's votes there are.

    python benchmarks/votes_and_texts.py

People of the bundled conversation who wrote something and voted most; of their votes a share is kept. The model is the
simulated one of the tests, which goes by words, so that calls are counted and no quality is claimed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import folkmoot as fm
from folkmoot.profile import Agents, Answers, Profile, Statements
from folkmoot.queries.language.obedient import Obedient

PEOPLE, STATEMENTS, BUDGET = 24, 40, 96
SHARES = (1.0, 0.5, 0.25, 0.1)


def people() -> Profile:
    """Those who wrote and voted most, with the statements that they voted on most."""
    whole = fm.example()
    a = whole.answers
    wrote = np.array([any(text.strip() for text in texts) for texts in whole.agents.texts])
    votes = np.bincount(a.agent, minlength=whole.n_agents) * wrote
    rows = np.sort(np.argsort(-votes, kind="stable")[:PEOPLE])
    mine = np.isin(a.agent, rows)
    of = np.bincount(a.statement[mine], minlength=whole.n_statements)
    columns = np.sort(np.argsort(-of, kind="stable")[:STATEMENTS])
    kept = mine & np.isin(a.statement, columns)
    s = whole.statements
    return replace(
        whole,
        agents=Agents(tuple(whole.agents.ids[row] for row in rows), tuple(whole.agents.texts[row] for row in rows)),
        statements=Statements(tuple(s.ids[at] for at in columns), tuple(s.texts[at] for at in columns)),
        answers=Answers.of(
            np.searchsorted(rows, a.agent[kept]), np.searchsorted(columns, a.statement[kept]), a.value[kept], a.scale
        ),
        notes=(),
    )


def calls(profile: Profile, pool: str) -> tuple[int, int]:
    """Different calls of a run, and how many statements of the slate people wrote themselves."""
    model = Obedient()
    slate = fm.slate(profile, BUDGET, engine="llm", model=model, draws=0, validate=0, pool=pool)  # type: ignore[arg-type]
    return len({call.key for call in model.calls}), sum(one.provenance.kind != "generated" for one in slate.statements)


def main() -> None:
    """Prints a line for every share of the votes."""
    profile = people()
    written, _ = calls(profile, "written")
    print(f"{PEOPLE} people, {STATEMENTS} statements, {BUDGET} words")
    print(f"written only: {written:,} calls, {written / PEOPLE:.1f} a person")
    order = np.random.default_rng(0).permutation(len(profile.answers))
    a = profile.answers
    for share in SHARES:
        kept = np.sort(order[: int(share * len(a))])
        some = replace(profile, answers=Answers.of(a.agent[kept], a.statement[kept], a.value[kept], a.scale))
        asked, own = calls(some, "both")
        each = f"{len(kept) / PEOPLE:5.1f} votes a person: {asked:,} calls, {asked / PEOPLE:.1f} a person"
        print(f"{each}; {own} of people's own")


if __name__ == "__main__":
    main()
