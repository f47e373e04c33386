"""What a run of PROSE would have cost had it asked less: simulated on recorded scores, which stand in for calls.

Ways that change what is asked (`Way`): exact lazy scoring, agreement first, screening by the population model, passes
without hope skipped. Ways that change what asking costs (`Price`): several statements a prompt, shared prefixes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..preferences.entries import Entries
from ..preferences.factors import fit_factors, sigmoid
from ..processes.prose_rules import cover, coverage, eligible, may_run, next_smaller
from ..profile import BoolArray, FloatArray, IntArray, needs
from .prose_data import TOP, Published

AGREEMENT, SPECIFICITY = 0, 1
# Where in between the unknown agreement lies: see `agreements`.
SPLITS = {"least": 0.0, "middle": 0.5, "most": 1.0}
PROBES = (8, 20)
RANK, SWEEPS, DRAWS = 2, 12, 100


@dataclass(frozen=True)
class Way:
    """What is asked.

    Args:
        lazy: a candidate is scored only while it can still win, or, in the pass that accepts it, still be approved by
            as many as it needs; exact.
        agreement_first: specificity is asked for only where agreement leaves the decision open; exact.
        screen: after a few answers candidates are dropped for this pass that the population model, fitted to what was
            asked so far, gives no hope.
        skip: passes without hope do not take place; exact only if they would have been in vain.
        reach: a statement still to be generated is hoped to be approved by up to this many times as many as approve
            the best one so far.
        doubt: a candidate is dropped if no more than this share of draws from the model has it approved by its need.
        previous_best: the pool's most approved statement is found out with its approvers before every pass, since two
            of the eight generators are shown them.
    """

    lazy: bool = False
    agreement_first: bool = False
    screen: bool = False
    skip: bool = False
    reach: float = 2.0
    doubt: float = 0.0
    previous_best: bool = False


@dataclass(frozen=True)
class Price:
    """What asking costs.

    Args:
        per_prompt: statements that one agent is asked about in one prompt, if they are asked about together.
        cached: price of a token of the prefix (instructions, agent's text) after an agent's first call of a kind,
            relative to any other token; 1: prefixes are not shared.
        instructions: tokens of the scale and the instructions.
        a_word: tokens.
    """

    per_prompt: int = 1
    cached: float = 1.0
    instructions: int = 200
    a_word: float = 1.35


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a simulated run asked, and its slate.

    Args:
        chosen: int64 [k] statements.
        place: int64 [n] the agents' statement among them, -1 none.
        agent, statement, kind, wave: int64 [questions] what was asked; equal waves could have been one prompt.
        passes: bool [rounds] which of the recorded passes generated.
        best: int64 [rounds] how many approve the pool's best when a pass begins; everybody, where there is no pool.
        missing: questions that the recorded run has no answer to (asked of nobody, counted as no approval).
    """

    chosen: IntArray
    place: IntArray
    agent: IntArray
    statement: IntArray
    kind: IntArray
    wave: IntArray
    passes: BoolArray
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
        run: the run.
        split: 0: as small as can be (everything is as specific as can be), 1: as large as can be.
    """
    low = np.maximum(run.scores, 1.0)
    return np.asarray(low + split * np.maximum(np.minimum(run.scores + run.weight, TOP) - low, 0.0))


def simulate(run: Published, way: Way, *, split: float = SPLITS["middle"], seed: int = 0) -> Outcome:
    """Follows the recorded passes and asks only what the way asks.

    The statements a pass generated are those it generated in the recorded run. Where another statement is accepted
    than was recorded, the run goes on from its own state: after an acceptance that was not recorded the pass is
    repeated without new statements, and a pass that was not recorded takes place without new statements. What a live
    run would have generated instead is not known.

    Args:
        run: the recorded run.
        way: what is asked.
        split: see `agreements`.
        seed: of the order in which agents are asked, and of the model's starting directions.
    """
    return _Simulation(run, way, agreements(run, split), np.random.default_rng(seed)).outcome()


@dataclass(eq=False)
class _Simulation:
    run: Published
    way: Way
    agreement: FloatArray
    rng: np.random.Generator
    # Bounds of every utility from what was asked so far.
    low: FloatArray = field(init=False)
    high: FloatArray = field(init=False)
    agreed: BoolArray = field(init=False)

    def __post_init__(self) -> None:
        run = self.run
        shape = run.scores.shape
        self.low, self.high = np.full(shape, -np.inf), np.full(shape, np.inf)
        self.agreed, self.exact = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
        self.need = needs(run.costs, run.n, run.budget)
        self.free = np.ones(run.m, dtype=np.bool_)
        self.here = np.zeros(run.m, dtype=np.bool_)
        self.rows = np.arange(run.n)
        self.log: list[IntArray] = []
        self.wave = self.missing = 0
        self.order = self.rng.permutation(run.n)

    def outcome(self) -> Outcome:
        run = self.run
        chosen: list[int] = []
        place = np.full(run.n, -1, dtype=np.int64)
        passes, best = np.zeros(run.rounds, dtype=np.bool_), np.zeros(run.rounds, dtype=np.int64)
        left = run.budget
        made = run.passes
        for at, (level, step, t) in enumerate(made):
            smaller = next_smaller(run.schedule, step)
            again = made[at + 1 : at + 2] != [] and made[at + 1][:2] == (level, step)
            enough = step >= run.shortest or level == run.grid[-1]
            first = True
            while may_run(step, left, len(self.rows), run.n, run.budget, long_enough=enough):
                if first and self.way.skip and self.hopeless(level, smaller):
                    break
                if first and t >= 0:
                    best[t] = self.best(level)
                    self.generate(t)
                    passes[t] = True
                winner = self.settle(level, step, smaller)
                if winner is None:
                    break
                # Utilities of the winner are known by now, or cannot be.
                gone = self.rows[cover(self.low[self.rows, winner], int(self.need[winner]))]
                place[gone] = len(chosen)
                chosen.append(winner)
                left -= int(run.costs[winner])
                self.free[winner] = False
                self.rows = np.setdiff1d(self.rows, gone)
                if again:
                    break
                first = False
        log = np.concatenate(self.log, axis=1) if self.log else np.zeros((4, 0), dtype=np.int64)
        agent, statement, kind, wave = log
        return Outcome(
            chosen=np.array(chosen, dtype=np.int64),
            place=place,
            agent=agent,
            statement=statement,
            kind=kind,
            wave=wave,
            passes=passes,
            best=best,
            missing=self.missing,
        )

    def generate(self, t: int) -> None:
        new = np.flatnonzero(self.run.batch == t)
        self.here[new] = True
        if not self.way.lazy and not self.way.screen:
            for i in self.rows.tolist():
                self.ask(i, new, AGREEMENT)

    def best(self, level: float) -> int:
        """Approvers of the pool's most approved statement; asks for them with `Way.previous_best`."""
        open_ = np.flatnonzero(self.here & self.free)
        if not len(open_):
            return len(self.rows)
        if self.way.previous_best:
            self.race(open_, np.zeros(len(open_), dtype=np.int64), level)
        return int(coverage(np.nan_to_num(self.run.scores[np.ix_(self.rows, open_)], nan=-np.inf), level).max())

    def hopeless(self, level: float, smaller: int) -> bool:
        """Whether what is asked of a longer statement than ``smaller`` is out of reach, by all statements so far.

        Coverage of what was scored in part is taken in proportion.
        """
        open_ = np.flatnonzero(self.here & self.free)
        likely, asked = self.approvals(level)
        many, found = asked[:, open_].sum(axis=0), likely[:, open_].sum(axis=0)
        if not many.any():
            return False
        # What few were asked about is drawn towards the others, by how few they were.
        weight = PROBES[0] * (1.0 - many / len(self.rows))
        share = (found + weight * found.sum() / many.sum()) / (many + weight)
        least = int(needs(np.array([smaller + 1]), self.run.n, self.run.budget)[0])
        return bool(self.way.reach * share[many > 0].max() * len(self.rows) < least)

    def approvals(self, level: float) -> tuple[FloatArray, BoolArray]:
        """float64 and bool [s, m]: the unsatisfied agents' chance of approving what they were asked about, 0 else.

        Where only agreement is known it may leave approval open; then the chance is how often such agreement turned
        out to be approval so far.
        """
        asked = self.agreed[self.rows]
        surely, maybe = (self.low[self.rows] >= level) & asked, (self.high[self.rows] >= level) & asked
        settled = self.exact & (self.agreement >= level)
        rate = (np.count_nonzero(settled & (self.low >= level)) + 1) / (np.count_nonzero(settled) + 2)
        return np.where(surely, 1.0, np.where(maybe, rate, 0.0)), asked

    def settle(self, level: float, step: int, smaller: int) -> int | None:
        """The statement that the pass accepts, None: none; what decides it is asked."""
        run = self.run
        may = self.here & self.free & eligible(run.costs, step, smaller) & (self.need <= len(self.rows))
        open_ = np.flatnonzero(may)
        self.race(open_, self.need[open_], level)
        found = np.count_nonzero(self.low[np.ix_(self.rows, open_)] >= level, axis=0)
        valid = found >= self.need[open_]
        if not valid.any():
            return None
        winner = int(open_[np.argmax(np.where(valid, found, -1))])
        # Who of its approvers like it most: exact utilities.
        for i in self.rows.tolist():
            if self.high[i, winner] >= level:
                self.ask(i, np.array([winner]), AGREEMENT)
                self.ask(i, np.array([winner]), SPECIFICITY)
        return winner

    def race(self, open_: IntArray, need: IntArray, level: float) -> None:
        """Asks until it is certain which of these statements most approve among those approved by their need."""
        order = self.order[np.isin(self.order, self.rows)]
        if self.way.screen:
            # At random, so that those who were asked stand for those who were not.
            for probes in PROBES:
                probed = self.agreed[np.ix_(self.rows, open_)].sum(axis=0)
                self.waves(order, open_, need, level, AGREEMENT, lazy=self.way.lazy, most=probes - probed)
                keep = self.hopeful(open_, need, level)
                open_, need = open_[keep], need[keep]
        else:
            # Whoever approves least comes first: what cannot win shows sooner.
            asked = self.agreed[order]
            approve = np.count_nonzero((self.high[order] >= level) & asked, axis=1)
            order = order[np.argsort((approve + 1) / (asked.sum(axis=1) + 2), kind="stable")]
        self.waves(order, open_, need, level, AGREEMENT, lazy=self.way.lazy)
        if self.way.agreement_first:
            self.waves(order, open_, need, level, SPECIFICITY, lazy=self.way.lazy)

    def waves(
        self,
        order: IntArray,
        open_: IntArray,
        need: IntArray,
        level: float,
        kind: int,
        *,
        lazy: bool,
        most: IntArray | None = None,
    ) -> None:
        """One agent after the other is asked about all statements that can still win.

        Args:
            order: agents.
            open_: int64 [c] statements.
            need: int64 [c] approvers without whom a statement cannot win.
            level: approval level.
            kind: what is asked for.
            lazy: whether statements that cannot win are left alone.
            most: int64 [c] so many agents at most are asked about each.
        """
        if not len(open_):
            return
        block = np.ix_(self.rows, open_)
        surely = np.count_nonzero(self.low[block] >= level, axis=0)
        maybe = np.count_nonzero(self.high[block] >= level, axis=0)
        alive = np.ones(len(open_), dtype=np.bool_)
        left = np.full(len(open_), len(order)) if most is None else most.copy()
        for i in order.tolist():
            if lazy:
                alive = _alive(surely, maybe, need)
                if not alive.any():
                    return
            low, high = self.low[i, open_], self.high[i, open_]
            todo = ~self.agreed[i, open_] if kind == AGREEMENT else (low < level) & (level <= high)
            todo &= alive & (left > 0)
            if not todo.any():
                continue
            self.ask(i, open_[todo], kind)
            left[todo] -= 1
            surely += (self.low[i, open_] >= level).astype(np.int64) - (low >= level)
            maybe += (self.high[i, open_] >= level).astype(np.int64) - (high >= level)

    def hopeful(self, open_: IntArray, need: IntArray, level: float) -> BoolArray:
        """bool [c]: statements that the population model gives hope of being approved by their need.

        The model (logistic factors of rank `RANK`) is fitted to the approvals, at this level, of everything the
        unsatisfied agents were asked so far; the chance is over draws from its posterior.
        """
        likely, asked = self.approvals(level)
        row, column = np.nonzero(asked)
        block, here = likely[:, open_], asked[:, open_]
        if here.all() or not len(row):
            return np.asarray(np.count_nonzero(block, axis=0) >= need)
        entries = Entries(row, column, likely[row, column], 1, len(self.rows), self.run.m)
        model = fit_factors(entries, RANK, np.random.default_rng(0), sweeps=SWEEPS, tolerance=1e-4)
        reached = np.zeros(len(open_), dtype=np.int64)
        for _ in range(DRAWS):
            left, right = model.sample(self.rng)
            chance = np.where(here, block, sigmoid(left @ right[open_].T))
            reached += np.count_nonzero(self.rng.random(chance.shape) < chance, axis=0) >= need
        return np.asarray(reached > self.way.doubt * DRAWS)

    def ask(self, i: int, statements: IntArray, kind: int) -> None:
        """Asks one agent about statements; without `Way.agreement_first` both questions at once."""
        known = np.isfinite(self.run.scores[i, statements])
        old = self.agreed[i, statements] if kind == AGREEMENT else self.exact[i, statements]
        for a in statements[~known & ~old]:
            self.missing += 1
            self.agreed[i, a] = self.exact[i, a] = True
            self.low[i, a] = self.high[i, a] = -np.inf
        todo = statements[known & ~old]
        if not len(todo):
            return
        if kind == AGREEMENT:
            self._note(i, todo, AGREEMENT)
            self.agreed[i, todo] = True
            self.high[i, todo] = self.agreement[i, todo]
            self.low[i, todo] = self.agreement[i, todo] - self.run.weight
            if self.way.agreement_first:
                return
        self._note(i, todo, SPECIFICITY)
        self.exact[i, todo] = True
        self.low[i, todo] = self.high[i, todo] = self.run.scores[i, todo]

    def _note(self, i: int, statements: IntArray, kind: int) -> None:
        self.wave += 1
        many = len(statements)
        self.log.append(np.stack([np.full(many, i), statements, np.full(many, kind), np.full(many, self.wave)]))


def _alive(surely: IntArray, maybe: IntArray, need: IntArray) -> BoolArray:
    """bool [c]: statements that can still win, by bounds of their coverage; the winner is one of them.

    >>> _alive(np.array([3, 0, 0]), np.array([3, 3, 4]), np.array([2, 2, 2])).tolist()  # the second can only draw
    [True, False, True]
    """
    sure = np.where(surely >= need, surely, -1)
    first = int(np.argmax(sure))
    ahead = np.arange(len(need)) <= first
    return np.asarray((maybe >= need) & ((maybe > sure[first]) | ((maybe == sure[first]) & ahead)))


def cost(run: Published, outcome: Outcome, price: Price | None = None) -> Cost:
    """Calls and input tokens of a simulated run.

    A scoring call reads instructions, the agent's text and the statements; a generating call reads instructions and
    the texts of its group (as long as the average text: who was in the group is not published).
    """
    price = price or Price()
    word, many = price.a_word, price.per_prompt
    # Questions of one wave come one after the other: the waves are in order.
    _, start, size = np.unique(outcome.wave, return_index=True, return_counts=True)
    calls = -(-size // many)
    agent, kind = outcome.agent[start], outcome.kind[start]
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
