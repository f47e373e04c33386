"""Questions of a run with votes and texts (`pool="both"`), with the recorded scores of Bowling Green, by votes given.

    FOLKMOOT_SHARED=... python benchmarks/votes_and_recorded_scores.py

The 41 people of the published run (folder ``data/prose/bowlinggreen_41``), whose votes the bundled conversation has.
The live process runs over what was recorded: statements as the language model wrote them, with its scores; people's own
statements stand on votes, and on what a model of these people's votes predicts of the rest, and nobody is asked about
them. Of the votes a share is kept. Where the run asks for statements at a level and step that the recorded run never
wrote for, nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

import folkmoot as fm
from folkmoot.engines.embedded import prepare
from folkmoot.processes.prose.prose import SPARING, prose
from folkmoot.profile import Agents, Answers, BoolArray, FloatArray, IntArray, Profile, words
from folkmoot.queries.language.disc import HIGH, LOW
from folkmoot.queries.language.protocol import Stage, Wanted
from folkmoot_studies.bounds import refine
from folkmoot_studies.prose.data import Published, read
from folkmoot_studies.prose.savings import Recorded, Scored

RUN = "bowlinggreen_41"
SHARES = (1.0, 0.75, 0.5, 0.25, 0.1)
PER_PROMPT = 8


class Both:
    """People's own statements, which are settled, before the recorded ones (a `Staged`)."""

    def __init__(self, run: Published, own: FloatArray) -> None:
        self.recorded, self.own, self.first = Scored(run), own, own.shape[1]
        self.n_agents, self.n_statements, self.weight = run.n, self.first + run.m, run.weight

    def bounds(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        """See `Staged.bounds`."""
        low, high = np.empty((2, len(agents), len(statements)))
        mine = statements < self.first
        low[:, mine] = high[:, mine] = self.own[np.ix_(agents, statements[mine])]
        low[:, ~mine], high[:, ~mine] = self.recorded.bounds(agents, statements[~mine] - self.first)
        return low, high

    def asked(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Staged.asked`."""
        mine = statements < self.first
        there = np.ones((len(agents), len(statements)), dtype=np.bool_)
        there[:, ~mine] = self.recorded.asked(agents, statements[~mine] - self.first)
        return there

    def ask(self, agents: IntArray, statements: IntArray, stage: Stage) -> None:
        """See `Staged.ask`; nobody is asked about people's own statements."""
        assert (statements >= self.first).all()
        self.recorded.ask(agents, statements - self.first, stage)

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """See `Disc.utilities`."""
        return self.bounds(agents, statements)[0]

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Disc.known`."""
        return np.zeros((len(agents), len(statements)), dtype=np.bool_)


class Behind(Recorded):
    """The recorded statements, numbered behind people's own."""

    def __init__(self, run: Published, texts: Sequence[str]) -> None:
        super().__init__(run)
        self.own, self.passes, self.empty = [words(text) for text in texts], 0, 0

    def propose(self, wanted: Wanted) -> Sequence[int]:
        """See `Writes.propose`."""
        found = super().propose(wanted)
        self.passes += 1
        self.empty += not found
        return [len(self.own) + a for a in found]

    def cost(self, statement: int) -> int:
        """See `Writes.cost`."""
        return self.own[statement] if statement < len(self.own) else super().cost(statement - len(self.own))


def people(run: Published) -> Profile:
    """The people of the run, with their votes on the conversation's statements that moderation did not reject."""
    whole = fm.example()
    rows = np.array([whole.agent_index[name] for name in run.agents])
    place = np.full(whole.n_agents, -1)
    place[rows] = np.arange(len(rows))
    a, columns = whole.answers, whole.pool()
    kept = (place[a.agent] >= 0) & np.isin(a.statement, columns)
    texts = tuple(whole.agents.texts[row] for row in rows)
    answers = Answers.of(place[a.agent[kept]], a.statement[kept], a.value[kept], a.scale)
    return replace(whole, agents=Agents(run.agents, texts), answers=answers, notes=())


def measured(run: Published, profile: Profile, share: float) -> str:
    """One line: votes, questions, and whose words the slate has."""
    a = profile.answers
    kept = np.sort(np.random.default_rng(0).permutation(len(a))[: int(share * len(a))])
    profile = replace(profile, answers=Answers.of(a.agent[kept], a.statement[kept], a.value[kept], a.scale))
    columns = profile.pool()
    columns = columns[np.isin(columns, np.unique(profile.answers.statement))]
    low, high = profile.answers.scale.utility_range
    shares = (prepare(profile, "auto", seed=0).disc.utilities(np.arange(run.n), columns) - low) / (high - low)
    disc = Both(run, LOW + (HIGH - LOW) * np.clip(shares, 0.0, 1.0))
    gen = Behind(run, [profile.statements.texts[at] for at in columns])
    start = range(disc.first)
    found = prose(
        disc,
        gen,
        run.budget,
        levels=run.grid,
        steps=run.schedule,
        minimum=run.shortest,
        start=start,
        look_first=True,
        way=SPARING,
    )
    own = sum(one.candidate < disc.first for one in found.rounds)
    seated = [one.agents for one in found.rounds if one.candidate < disc.first]
    return (
        f"{len(kept) / run.n:6.1f} votes a person: {_told(disc.recorded, gen, run)}; {own} of {len(found.rounds)} "
        f"statements are people's own, for {sum(map(len, seated))} of {run.n}"
    )


def _told(disc: Scored, gen: Behind | Recorded, run: Published) -> str:
    agent, _, kind, wave = disc.log
    _, count = np.unique(np.stack([wave, agent, kind]), axis=1, return_counts=True)
    calls = int((-(-count // PER_PROMPT)).sum())
    wrote = f", {gen.passes} steps of writing ({gen.empty} without a record)" if isinstance(gen, Behind) else ""
    return f"{len(agent) / run.n:6.1f} questions a person in {calls / run.n:5.1f} calls{wrote}"


def main() -> None:
    """Prints a line for every share of the votes, and one for the run without votes."""
    run = read(refine.data_folder() / RUN)
    disc, gen = Scored(run), Recorded(run)
    prose(disc, gen, run.budget, levels=run.grid, steps=run.schedule, minimum=run.shortest, way=SPARING)
    print(f"{RUN}: {run.n} people, {run.budget} words, {PER_PROMPT} statements a call")
    print(f"written only:          {_told(disc, gen, run)}")
    profile = people(run)
    for share in SHARES:
        print(measured(run, profile, share))


if __name__ == "__main__":
    main()
