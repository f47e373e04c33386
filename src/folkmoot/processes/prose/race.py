"""Which statement most approve, asking as little as is needed to be certain of it, and much at once.

Every statement has bounds of the mass that approves it: those who surely do, and those who may by what was asked.
A statement that cannot win by these bounds is not asked about any more; the winner is never one of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...profile import BoolArray, IntArray
from ...queries.language.protocol import Stage
from . import screen
from .pool import Pool


@dataclass(frozen=True)
class Way:
    """Which questions a run asks; ``Way()`` asks everything, as the published runs did.

    Args:
        lazy: whether a candidate is scored only while it can still win, or, in the pass that accepts it, still be
            approved by as many as it needs; exact.
        agreement_first: whether specificity is asked for only where agreement leaves the decision open; exact.
        screen: whether candidates are dropped for this pass after a few answers where the population model, fitted to
            the answers so far, gives them no hope.
        skip: whether passes without hope are left out before the last level; exact only if they would have been in
            vain.
        reach, margin: a statement still to be written is hoped to be approved by up to ``reach`` times as many as
            approve the best one so far and ``margin`` people.
        doubt: the share of draws from the model; a candidate is dropped if no more of them have it approved by its
            need.
        previous_best: whether the pool's most approved statement is found out with its approvers before every pass,
            since writers may be shown them; else they are shown what is known (`Pool.approvers`).
        batch: the fewest questions that are handed over together before bounds are looked at again; 0: all.
    """

    lazy: bool = False
    agreement_first: bool = False
    screen: bool = False
    skip: bool = False
    reach: float = 1.5
    margin: float = 2.0
    doubt: float = 0.0
    previous_best: bool = False
    batch: int = 0


def race(pool: Pool, columns: IntArray, need: IntArray, level: float, way: Way, rng: np.random.Generator) -> int:
    """Asks until it is certain which of these statements most approve among those approved by their need.

    Args:
        pool: the pool, into which answers are entered.
        columns: int64 [c] the statements, in pool order.
        need: int64 [c] the mass without which a statement cannot win.
        level: the approval level.
        way: which questions are asked.
        rng: the generator for the order in which screened agents are asked, and for the model's draws.

    Returns:
        The number of statements that the model gave no hope.
    """
    dropped = 0
    if way.screen:
        # At random, so that those who were asked stand for those who were not.
        order = rng.permutation(pool.unmet)
        for probes in screen.PROBES:
            _ask(pool, order, columns, need, level, "agreement", way, probes)
            keep = screen.hopeful(pool, columns, need, level, way.doubt, rng)
            dropped += int((~keep).sum())
            columns, need = columns[keep], need[keep]
    else:
        order = _doubters_first(pool, level)
    _ask(pool, order, columns, need, level, "agreement", way)
    _ask(pool, order, columns, need, level, "specificity", way)
    return dropped


def alive(surely: IntArray, maybe: IntArray, need: IntArray) -> BoolArray:
    """bool [c]: which statements can still win, by bounds of their coverage; the winner is one of them.

    >>> alive(np.array([3, 0, 0]), np.array([3, 3, 4]), np.array([2, 2, 2])).tolist()  # the second can only draw
    [True, False, True]
    """
    sure = np.where(surely >= need, surely, -1)
    first = int(np.argmax(sure))
    ahead = np.arange(len(need)) <= first
    return np.asarray((maybe >= need) & ((maybe > sure[first]) | ((maybe == sure[first]) & ahead)))


def in_any_case(surely: IntArray, maybe: IntArray, need: IntArray) -> IntArray:
    """int64 [c]: mass of answers on each statement before any of them can drop out: so many can be asked at once.

    It drops out when too few may approve it, or when another one is sure to be approved by more; either way so many
    answers have to be against it, or for the other.

    The arguments are those of statements that are alive, at least one.

    >>> in_any_case(np.array([0, 0]), np.array([80, 80]), np.array([8, 40])).tolist()  # half of the people, or 41
    [40, 40]
    >>> in_any_case(np.array([0]), np.array([80]), np.array([8])).tolist()
    [73]
    """
    ample = int(maybe.max()) + 1
    short = np.where(surely >= need, ample, maybe - need + 1)
    if len(need) == 1:
        return np.asarray(short, dtype=np.int64)
    first = int(np.argmax(surely))
    rival = np.full(len(need), surely[first])
    rival[first] = np.delete(surely, first).max()
    ahead = max(int(np.maximum(need - surely, 0).min()), int((-((rival - maybe) // 2)).min()))
    return np.asarray(np.minimum(short, ahead), dtype=np.int64)


def _doubters_first(pool: Pool, level: float) -> IntArray:
    """The unrepresented, starting with those who approve least: what cannot win shows sooner."""
    answered = ~np.isnan(pool.agreement[pool.unmet])
    approve = np.count_nonzero((pool.high[pool.unmet] >= level) & answered, axis=1)
    return pool.unmet[np.argsort((approve + 1) / (answered.sum(axis=1) + 2), kind="stable")]


def _ask(
    pool: Pool,
    order: IntArray,
    columns: IntArray,
    need: IntArray,
    level: float,
    stage: Stage,
    way: Way,
    most: int | None = None,
) -> None:
    """Asks wave after wave, in this order of agents, until nothing is open about statements that can still win.

    Args:
        most: the largest number of agents that are asked about each statement.
    """
    if not len(columns):
        return
    masses, block = pool.masses[order], np.ix_(order, columns)
    while True:
        likes, may_like = pool.low[block] >= level, pool.high[block] >= level
        todo = np.isnan(pool.agreement[block]) if stage == "agreement" else may_like & ~likes
        if most is not None:
            todo &= np.cumsum(todo, axis=0) <= most - np.count_nonzero(~np.isnan(pool.agreement[block]), axis=0)
        if way.lazy:
            surely, maybe = masses @ likes, masses @ may_like
            left = alive(surely, maybe, need)
            todo &= left
            if way.batch and todo.any():
                anyway = np.zeros(len(columns), dtype=np.int64)
                anyway[left] = in_any_case(surely[left], maybe[left], need[left])
                heaped = np.cumsum(todo * masses[:, None], axis=0) - masses[:, None]
                each = -(-way.batch // int(todo.any(axis=0).sum()))
                todo &= (np.cumsum(todo, axis=0) <= each) | (heaped < anyway)
        row, column = np.nonzero(todo)
        if not len(row):
            return
        pool.ask(order[row], columns[column], stage)
