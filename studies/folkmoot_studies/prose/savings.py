"""What a run of PROSE would have cost had it asked less: the live process with recorded scores as answers.

Ways that change what is asked are the process's own (`Way`): exact lazy scoring, agreement first, screening by the
population model, passes without hope skipped. What asking costs is a `Price`: several statements a prompt, shared
prefixes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from folkmoot.processes.prose.decisions import Selection
from folkmoot.processes.prose.prose import prose
from folkmoot.processes.prose.race import Way
from folkmoot.profile import BoolArray, FloatArray, IntArray
from folkmoot.queries.language.protocol import Stage, Wanted

from .data import TOP, Published

AGREEMENT, SPECIFICITY = 0, 1
# Where in between the unknown agreement lies: see `agreements`.
SPLITS = {"least": 0.0, "middle": 0.5, "most": 1.0}


@dataclass(frozen=True)
class Price:
    """The price of asking a model.

    Args:
        per_prompt: the number of statements that one agent is asked about in one prompt, if they are asked about
            together.
        cached: the price of a token of the prefix (instructions, agent's text) after an agent's first call of a kind,
            relative to any other token; 1: prefixes are not shared.
        instructions: the number of tokens of the scale and the instructions.
        a_word: the number of tokens of a word.
    """

    per_prompt: int = 1
    cached: float = 1.0
    instructions: int = 200
    a_word: float = 1.35


@dataclass(frozen=True, eq=False)
class Outcome:
    """The questions of a simulated run, and its slate.

    Args:
        chosen: int64 [k], the statements of the slate.
        place: int64 [n], the place of each agent's statement among them, -1 for none.
        agent, statement, kind, wave: int64 [questions], what was asked; a wave was sent to the model at once.
        passes: bool [rounds], which of the recorded passes took place.
        before: bool [rounds, n], who was unrepresented before the pass.
        accepted: int64 [rounds], the statement that the pass accepted, -1 for none.
        best: int64 [rounds], how many approve the pool's best, as far as is known when a pass begins; everybody, where
            nothing is known.
        missing: the number of questions to which the recorded run has no answer (nobody is asked; they count as no
            approval).
    """

    chosen: IntArray
    place: IntArray
    agent: IntArray
    statement: IntArray
    kind: IntArray
    wave: IntArray
    passes: BoolArray
    before: BoolArray
    accepted: IntArray
    best: IntArray
    missing: int


@dataclass(frozen=True)
class Cost:
    """Args: generations, agreement, specificity: calls; tokens: of all prompts."""

    generations: int
    agreement: int
    specificity: int
    tokens: float

    @property
    def calls(self) -> int:
        return self.generations + self.agreement + self.specificity


def agreements(run: Published, split: float) -> FloatArray:
    """float64 [n, m]: an agreement that fits the recorded utility.

    u = agreement - k (6 - specificity) / 5 with both between 1 and 6, and only u was published: agreement lies between
    max(u, 1) and min(u + k, 6).

    Args:
        run: the recorded run.
        split: 0 for the smallest possible agreement (every statement is as specific as possible), 1 for the largest.
    """
    low = np.maximum(run.scores, 1.0)
    return np.asarray(low + split * np.maximum(np.minimum(run.scores + run.weight, TOP) - low, 0.0))


class Scored:
    """Recorded scores as a `Staged`, with a log of what was asked.

    Args:
        run: the recorded run.
        split: the split of the scores, as in `agreements`.
    """

    def __init__(self, run: Published, split: float = SPLITS["middle"]) -> None:
        self.run = run
        self.n_agents, self.n_statements, self.weight = run.n, run.m, run.weight
        self._agreement = agreements(run, split)
        self._answered = np.isfinite(run.scores)
        self._low, self._high = np.full(run.scores.shape, -np.inf), np.full(run.scores.shape, np.inf)
        self._asked = np.zeros(run.scores.shape, dtype=np.bool_)
        self._log: list[IntArray] = []
        # Questions that the recorded run has no answer to.
        self.missing = 0

    @property
    def log(self) -> IntArray:
        """int64 [4, questions]: agent, statement, kind, wave."""
        return np.concatenate(self._log, axis=1) if self._log else np.zeros((4, 0), dtype=np.int64)

    def bounds(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        """See `Staged.bounds`."""
        block = np.ix_(agents, statements)
        return self._low[block], self._high[block]

    def asked(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Staged.asked`."""
        return self._asked[np.ix_(agents, statements)]

    def ask(self, agents: IntArray, statements: IntArray, stage: Stage) -> None:
        """See `Staged.ask`."""
        known = self._answered[agents, statements]
        gone = agents[~known], statements[~known]
        self.missing += len(gone[0])
        self._asked[gone], self._low[gone], self._high[gone] = True, -np.inf, -np.inf
        pair = agents[known], statements[known]
        kind = np.full(len(pair[0]), AGREEMENT if stage == "agreement" else SPECIFICITY)
        self._log.append(np.stack([*pair, kind, np.full(len(kind), len(self._log))]))
        if stage == "agreement":
            self._asked[pair] = True
            self._high[pair] = self._agreement[pair]
            self._low[pair] = self._agreement[pair] - self.weight
        else:
            self._low[pair] = self._high[pair] = self.run.scores[pair]

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """See `Disc.utilities`."""
        return self.run.scores[np.ix_(agents, statements)]

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Disc.known`."""
        return np.zeros((len(agents), len(statements)), dtype=np.bool_)


class Recorded:
    """A recorded run's statements as a `Writes`: a pass has those that were generated at its level and cost step.

    Where they are used up, or never existed, nothing is written. What a live run would have generated instead
    is not known.

    Args:
        run: the recorded run.
    """

    def __init__(self, run: Published) -> None:
        self.run = run
        self._left = [(level, step, t) for level, step, t in run.passes if t >= 0]
        # By recorded round, the request that its statements answered; None: it never came.
        self.wanted: list[Wanted | None] = [None] * run.rounds

    def propose(self, wanted: Wanted) -> Sequence[int]:
        """See `Writes.propose`."""
        for place, (level, step, t) in enumerate(self._left):
            if (level, step) == (wanted.level, wanted.cost):
                del self._left[place]
                self.wanted[t] = wanted
                return [int(a) for a in np.flatnonzero(self.run.batch == t)]
        return ()

    def cost(self, statement: int) -> int:
        """See `Writes.cost`."""
        return int(self.run.costs[statement])


def simulate(
    run: Published,
    way: Way,
    *,
    split: float = SPLITS["middle"],
    seed: int = 0,
    selection: Selection = "published",
) -> Outcome:
    """Runs the live process over what was recorded.

    Args:
        run: the recorded run.
        way: the way of asking.
        split: the split of the scores, as in `agreements`.
        seed: the seed of the order in which screened agents are asked, and of the model's draws.
        selection: the rule of selection; see `decisions.nominate`.
    """
    disc, gen = Scored(run, split), Recorded(run)
    outcome = prose(
        disc,
        gen,
        run.budget,
        levels=run.grid,
        steps=run.schedule,
        minimum=run.shortest,
        selection=selection,
        way=way,
        rng=np.random.default_rng(seed),
    )
    agent, statement, kind, wave = disc.log
    passes, best = np.zeros(run.rounds, dtype=np.bool_), np.zeros(run.rounds, dtype=np.int64)
    before, accepted = np.zeros((run.rounds, run.n), dtype=np.bool_), np.full(run.rounds, -1)
    for t, wanted in enumerate(gen.wanted):
        if wanted is not None:
            one = outcome.parameters["passes"][wanted.turn]["accepted"]
            passes[t], best[t], accepted[t] = True, len(wanted.approvers), -1 if one is None else one
            before[t, wanted.agents] = True
    return Outcome(
        chosen=outcome.candidates,
        place=outcome.assignment,
        agent=agent,
        statement=statement,
        kind=kind,
        wave=wave,
        passes=passes,
        before=before,
        accepted=accepted,
        best=best,
        missing=disc.missing,
    )


def cost(run: Published, outcome: Outcome, price: Price | None = None) -> Cost:
    """Calls and input tokens of a simulated run.

    A scoring call reads instructions, the agent's text and the statements; a generating call reads instructions and
    the texts of its group (as long as the average text: who was in the group is not published).
    """
    price = price or Price()
    word, many = price.a_word, price.per_prompt
    # What one agent is asked in one wave can share prompts.
    once, size = np.unique(np.stack([outcome.wave, outcome.agent, outcome.kind]), axis=1, return_counts=True)
    _, agent, kind = once
    calls = -(-size // many)
    prefix = price.instructions + word * run.agent_words[agent]
    paid = price.cached * calls * prefix
    first = np.unique(np.stack([agent, kind]), axis=1)[0]
    full = (1.0 - price.cached) * (price.instructions + word * run.agent_words[first])
    scored = float(paid.sum() + full.sum()) + word * float(run.costs[outcome.statement].sum())
    generated = outcome.passes[run.batch]
    group = np.where(run.group < 0, outcome.best[run.batch], run.group)[generated]
    shown = price.instructions * len(group) + word * float(run.agent_words.mean()) * float(group.sum())
    return Cost(
        generations=int(generated.sum()),
        agreement=int(calls[kind == AGREEMENT].sum()),
        specificity=int(calls[kind == SPECIFICITY].sum()),
        tokens=scored + shown,
    )
