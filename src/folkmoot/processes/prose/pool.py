"""The statements that were written, and bounds of their utilities from the answers so far: what a run decides by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeGuard

import numpy as np

from ...profile import BoolArray, FloatArray, IntArray
from ...queries.language.protocol import Stage, Staged, Writes
from ...queries.protocol import Disc
from ..problem import Round
from . import decisions

STAGES: tuple[Stage, ...] = ("agreement", "specificity")


class Pool:
    """The pool of a run, and who is still unrepresented. Columns are in the order in which statements were written.

    Args:
        disc: the query for utilities.
        gen: the query that writes statements and knows their costs.
        masses: int64 [n] the agents' masses.
        apart: whether specificity is asked only where it is needed; else both questions are put together.
    """

    def __init__(self, disc: Disc | Staged, gen: Writes, masses: IntArray, *, apart: bool = False) -> None:
        self.disc: Staged = disc if _staged(disc) else _Whole(disc)
        self.gen, self.masses, self.apart = gen, masses, apart
        n = disc.n_agents
        self.numbers: IntArray = np.empty(0, dtype=np.int64)
        self.costs: IntArray = np.empty(0, dtype=np.int64)
        self.free: BoolArray = np.empty(0, dtype=np.bool_)
        self.low: FloatArray = np.empty((n, 0))
        self.high: FloatArray = np.empty((n, 0))
        # Of pairs that were asked about; nan elsewhere, -inf where the answer could not be read.
        self.agreement: FloatArray = np.empty((n, 0))
        self.unmet: IntArray = np.arange(n)
        self.questions: Counter[Stage] = Counter()
        self.waves = 0
        # Called before every wave: what comes after the wave can be under way already.
        self.before_wave: Callable[[], None] | None = None

    @property
    def mass(self) -> int:
        """The mass of those who are unrepresented."""
        return int(self.masses[self.unmet].sum())

    def add(self, numbers: Sequence[int]) -> IntArray:
        """Adds statements and returns the columns of those that are new; asks nothing."""
        here = set(self.numbers.tolist())
        new = np.array([int(a) for a in dict.fromkeys(numbers) if a not in here], dtype=np.int64)
        if not len(new):
            return new
        everybody = np.arange(len(self.masses))
        low, high = self.disc.bounds(everybody, new)
        agreement = np.where(self.disc.asked(everybody, new), high, np.nan)
        self.low, self.high = np.hstack([self.low, low]), np.hstack([self.high, high])
        self.agreement = np.hstack([self.agreement, agreement])
        self.numbers = np.append(self.numbers, new)
        self.costs = np.append(self.costs, [self.gen.cost(a) for a in new.tolist()]).astype(np.int64)
        self.free = np.append(self.free, np.ones(len(new), dtype=np.bool_))
        return np.arange(len(self.numbers) - len(new), len(self.numbers))

    def ask(self, agents: IntArray, columns: IntArray, stage: Stage) -> None:
        """Asks pairs in one wave for what is not known of them.

        Args:
            agents: int64 [pairs] the rows of the agents.
            columns: int64 [pairs] the columns of the statements.
            stage: the question to ask; agreement brings specificity along unless they are asked apart.
        """
        if stage == "agreement":
            self._wave(agents, columns, "agreement", np.isnan(self.agreement[agents, columns]))
        if stage == "specificity" or not self.apart:
            self._wave(agents, columns, "specificity", self.low[agents, columns] < self.high[agents, columns])

    def ask_all(self, columns: IntArray) -> None:
        """Asks all who are unrepresented about these statements."""
        self.ask(np.repeat(self.unmet, len(columns)), np.tile(columns, len(self.unmet)), "agreement")

    def confirm(self, column: int, level: float) -> bool:
        """Asks for the utility of everybody unrepresented who may approve the statement at this level.

        Returns:
            Whether those who surely approved it still do: an answer can turn out to be unreadable.
        """
        surely = self.unmet[self.low[self.unmet, column] >= level]
        for stage in STAGES:
            maybe = self.unmet[self.high[self.unmet, column] >= level]
            self.ask(maybe, np.full(len(maybe), column), stage)
        return bool((self.low[surely, column] >= level).all())

    def approvers(self, level: float, *, certain: bool = False) -> IntArray:
        """The unrepresented who approve the statement that most of them approve; all where nobody approves anything.

        Args:
            level: the approval level.
            certain: whether only known approvals count; else, where only agreement is known, specificity is taken to be
                what it was on average. Nothing is asked.
        """
        if not self.free.any():
            return self.unmet
        known = self.low[self.unmet] if certain else self._likely()
        best = decisions.most_approved(known, level, self.free, self.masses[self.unmet])
        approving = self.unmet[known[:, best] >= level]
        return approving if len(approving) else self.unmet

    def _likely(self) -> FloatArray:
        """float64 [s, m]: utilities of the unrepresented as far as something was asked, -inf elsewhere."""
        exact = (self.low == self.high) & np.isfinite(self.low) & np.isfinite(self.agreement)
        # Half of the weight before anything is known.
        total = float((self.agreement[exact] - self.low[exact]).sum()) + self.disc.weight / 2
        missing = total / (np.count_nonzero(exact) + 1)
        low, high = self.low[self.unmet], self.high[self.unmet]
        guess = np.where(low == high, high, np.maximum(low, high - missing))
        return np.where(np.isnan(self.agreement[self.unmet]), -np.inf, guess)

    def take(self, chosen: int, need: int, level: float, support: int, ties: Sequence[int]) -> Round:
        """The statement represents those of the unrepresented who like it most, and leaves the pool."""
        liked = self.low[self.unmet, chosen]
        rows = decisions.cover(liked, need, self.masses[self.unmet])
        cut = int((np.delete(liked, rows) == liked[rows[-1]]).sum()) if len(rows) else 0
        agents = np.sort(self.unmet[rows])
        self.unmet = np.delete(self.unmet, rows)
        self.free[chosen] = False
        tied = tuple(int(self.numbers[a]) for a in ties)
        return Round(int(self.numbers[chosen]), agents, level, support, tied, cut)

    def _wave(self, agents: IntArray, columns: IntArray, stage: Stage, todo: BoolArray) -> None:
        agents, columns = agents[todo], columns[todo]
        if not len(agents):
            return
        if self.before_wave is not None:
            self.before_wave()
        self.disc.ask(agents, self.numbers[columns], stage)
        self.waves += 1
        self.questions[stage] += len(agents)
        rows, row = np.unique(agents, return_inverse=True)
        wide, column = np.unique(columns, return_inverse=True)
        low, high = self.disc.bounds(rows, self.numbers[wide])
        self.low[agents, columns], self.high[agents, columns] = low[row, column], high[row, column]
        if stage == "agreement":
            self.agreement[agents, columns] = self.high[agents, columns]


class _Whole:
    """Makes any `Disc` a `Staged` one: its utilities come at once."""

    weight = 0.0

    def __init__(self, disc: Disc) -> None:
        self.disc = disc
        self.n_agents = disc.n_agents
        self.utilities, self.known = disc.utilities, disc.known
        self._low: dict[int, FloatArray] = {}
        self._high: dict[int, FloatArray] = {}

    @property
    def n_statements(self) -> int:
        return self.disc.n_statements

    def bounds(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        """See `Staged.bounds`."""
        shape = (len(agents), len(statements))
        low, high = np.full(shape, -np.inf), np.full(shape, np.inf)
        for place, a in enumerate(statements.tolist()):
            if a in self._low:
                low[:, place], high[:, place] = self._low[a][agents], self._high[a][agents]
        return low, high

    def asked(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Staged.asked`."""
        return np.asarray(self.bounds(agents, statements)[1] < np.inf)

    def ask(self, agents: IntArray, statements: IntArray, stage: Stage) -> None:
        """See `Staged.ask`; statements about which the same people are asked go together."""
        together: dict[bytes, list[int]] = {}
        for a in np.unique(statements).tolist():
            together.setdefault(np.unique(agents[statements == a]).tobytes(), []).append(a)
        for who, many in together.items():
            rows = np.frombuffer(who, dtype=np.int64)
            utilities = np.nan_to_num(self.disc.utilities(rows, np.array(many, dtype=np.int64)), nan=-np.inf)
            for place, a in enumerate(many):
                low = self._low.setdefault(a, np.full(self.n_agents, -np.inf))
                high = self._high.setdefault(a, np.full(self.n_agents, np.inf))
                low[rows] = high[rows] = utilities[:, place]


def _staged(disc: Disc | Staged) -> TypeGuard[Staged]:
    return hasattr(disc, "bounds") and hasattr(disc, "ask")
