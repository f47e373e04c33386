"""P5 PROSE, and P1, over statements written while they run, with any Disc and any generative query (`Writes`).

Nothing here knows of a network. The pool's order is that in which statements were asked for, whatever came back first.
What is asked, and in which batches, is a `Way`: see `race`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from ...profile import BoolArray, FloatArray, InputError, IntArray, Unfinished, need, needs
from ...queries.language.protocol import ExpectsToWrite, Staged, Wanted, Writes
from ...queries.protocol import Disc
from ..problem import Round, Selection
from . import decisions
from .foresight import following, requests
from .pool import Pool
from .race import Way, race
from .screen import hopeless

# Boehmer, Fish, Procaccia 2025 (The Next Generation), Appendix D: of utilities in [0, 6].
LEVELS = (5.5, 5.0, 4.5, 4.0, 3.5, 3.0, 2.0, 1.0, 0.0)
# Shortest statement that is written for before the last level, in words (Appendix D.3): 8 in the published run of
# Bowling Green, 10 in those of drug reviews.
MINIMUM = 8
# From this group size down every size has its step.
EVERY = 9
# Ask less. `EXACT` chooses the same, `SPARING` did on the four published runs (docs/studies/prose.md). Batches of 256
# keep sixteen requests in flight through sixteen rounds before a wave is waited for.
EXACT = Way(lazy=True, agreement_first=True, batch=256)
SPARING = replace(EXACT, skip=True)
# What PROSE asks, by the name of the option: everything, as published; what decides, with the same slate for certain;
# that without passes that have no hope (the same slates as measured); and less by a model of the answers so far (some
# slates differ).
SCORING = {"full": Way(), "exact": EXACT, "sparing": SPARING, "screened": replace(SPARING, screen=True)}


def prose(
    disc: Disc | Staged,
    gen: Writes,
    budget: int,
    *,
    levels: Sequence[float] = LEVELS,
    steps: Sequence[int] | None = None,
    minimum: int = MINIMUM,
    selection: decisions.Selection = "published",
    start: Sequence[int] = (),
    look_first: bool = False,
    masses: IntArray | None = None,
    way: Way | None = None,
    rng: np.random.Generator | None = None,
) -> Selection:
    """The democratic process with a language model's queries.

    Levels from the highest to the lowest, at each the cost steps b from the largest. While b fits what is left and at
    least floor(b n/B) people are unrepresented (and b is at least the minimum, before the last level): statements are
    written for groups of floor(b n/B), scored for the unrepresented as far as that decides anything, and one of the
    whole pool is nominated (`decisions.nominate`). Accepted, it represents its highest scorers, as many as it costs;
    else the next step. Boehmer, Fish, Procaccia 2025 (The Next Generation), section 4.1 and Appendix D; see spec P5.

    Args:
        disc: the query for utilities; nan is unknown and approves nothing (where questions come apart: once the
            question that has no readable answer had to be asked).
        gen: the query that writes statements, numbered as in ``disc``. It is shown who approves the statement that most
            approve, as far as that is known (`Pool.approvers`), unless `Way.previous_best` finds it out first.
        budget: the budget B, in the unit of ``gen.cost``.
        levels: the approval levels, highest first.
        steps: the cost steps, largest first; None: those of `cost_steps`.
        minimum: the shortest length before the last level (see above); 1 where costs are not words.
        selection: the rule for the accepted statement. ``published``: from the pool, what is longer than the next
            step and has the people it needs; ``paper``: what costs at most b, if it has them.
        start: the statements that are in the pool from the beginning; they come first where statements tie.
        look_first: whether statements are written in a pass only if none that is there already is accepted.
        masses: int64 [n] the agents' masses, at least 1; n above is their sum, and the last agent represented may
            overshoot what a statement has to represent. None: 1 each. Groups to write for are so many people, whatever
            their mass.
        way: which questions are asked; None: `SPARING`. `EXACT` skips no pass, ``Way()`` asks everything.
        rng: the generator for ways that screen: for the order of probes and draws of the model. None: seed 0.

    Returns:
        Rounds with statements as numbered in ``disc``; people nobody speaks for are unassigned. Statements a round
        tied with are those known to have. Parameters hold levels, steps, every pass with what it asked, the passes
        that were skipped, and why the run is ``unfinished`` if it was stopped: then the rounds are those before.

    Raises:
        InputError: there is no budget, levels or steps are in another order, masses do not fit, or there is nobody.
    """
    n = disc.n_agents
    masses = _masses(n, masses)
    total = int(masses.sum())
    _check(n, budget, levels, (1,) if steps is None else list(steps))
    steps = cost_steps(total, budget) if steps is None else list(steps)
    way, rng = SPARING if way is None else way, np.random.default_rng(0) if rng is None else rng
    pool = Pool(disc, gen, masses, apart=way.agreement_first)
    rounds: list[Round] = []
    passes: list[dict[str, Any]] = []
    skipped: list[dict[str, Any]] = []
    plan = [(level, step) for level in levels for step in steps]
    settings = {"levels": list(levels), "steps": list(steps), "minimum": minimum, "selection": selection}
    parameters = {**settings, "way": asdict(way), "passes": passes, "skipped": skipped}
    left = budget
    try:
        _score(pool, pool.add(start), way)
        for place, (level, step) in enumerate(plan):
            smaller = decisions.next_smaller(steps, step)
            long_enough = level == levels[-1] or step >= minimum
            while decisions.may_run(step, left, pool.mass, total, budget, long_enough=long_enough):
                record: dict[str, Any] = {"level": level, "step": step, "unrepresented": len(pool.unmet)}
                if (
                    way.skip
                    and level != levels[-1]
                    and hopeless(pool, level, need(smaller + 1, total, budget), way.reach, way.margin)
                ):
                    skipped.append(record)
                    break
                before = pool.questions.copy(), pool.waves
                record["screened"] = 0
                if way.previous_best:
                    free = np.flatnonzero(pool.free)
                    record["screened"] += race(pool, free, np.zeros_like(free), level, way, rng)
                chosen, new = None, np.empty(0, dtype=np.int64)
                if look_first:
                    # What people wrote is as long as it is: nothing makes it fill a step.
                    chosen, running, dropped = _decide(pool, level, step, smaller, total, budget, "paper", way, rng)
                    record["screened"] += dropped
                if chosen is None:
                    size = min(max(1, step * n // budget), len(pool.unmet))
                    wanted = Wanted(
                        pool.unmet, size, step, level, pool.approvers(level, certain=way.previous_best), len(passes)
                    )
                    new = pool.add(gen.propose(wanted))
                    if isinstance(gen, ExpectsToWrite) and gen.ahead:
                        later = following(pool, plan, place, left, total, budget, minimum, way)
                        gen.expect(requests(pool, later, gen.ahead, budget, len(passes) + 1))
                        pool.before_wave = gen.foresee
                    _score(pool, new, way)
                    chosen, running, dropped = _decide(pool, level, step, smaller, total, budget, selection, way, rng)
                    record["screened"] += dropped
                record |= {
                    "written": pool.numbers[new].tolist(),
                    "accepted": None if chosen is None else int(pool.numbers[chosen]),
                    "asked": dict(sorted((pool.questions - before[0]).items())),
                    "waves": pool.waves - before[1],
                }
                passes.append(record)
                if chosen is None:
                    break
                covered = decisions.coverage(pool.low[pool.unmet], level, masses[pool.unmet])
                needed = needs(pool.costs, total, budget)
                tied = np.flatnonzero(running & (covered == covered[chosen]) & (needed <= covered))
                ties = [int(a) for a in tied if a != chosen]
                rounds.append(pool.take(chosen, int(needed[chosen]), level, int(covered[chosen]), ties))
                left -= int(pool.costs[chosen])
    except Unfinished as stopped:
        parameters["unfinished"] = str(stopped)
    return Selection(tuple(rounds), n, parameters)


def bjr_written(
    disc: Disc | Staged,
    gen: Writes,
    k: int,
    *,
    cost: int = 1,
    start: Sequence[int] = (),
    masses: IntArray | None = None,
) -> Selection:
    """P1 with statements that are written: k rounds, the statement whose r-th biggest fan is happiest.

    r is ceil(n/k), or everybody left where they are fewer; the pool is kept from round to round. Fish et al. 2024
    (Generative Social Choice), Process 1.

    Args:
        disc: the query for utilities; nan is unknown and below every other.
        gen: the query that writes statements, numbered as in ``disc``; every one counts as 1.
        k: the number of statements in the slate.
        cost: the most that a statement may cost, handed on to ``gen``.
        start: the statements that are in the pool from the beginning.
        masses: int64 [n] the agents' masses, as in `prose`: r and n are mass.

    Returns:
        A selection as in `prose`. A round in which nothing is known of r people's utility of any statement ends the
        slate.

    Raises:
        InputError: k is below 1, masses do not fit, or there is nobody.
    """
    n = disc.n_agents
    masses = _masses(n, masses)
    _check(n, k, LEVELS, (1,))
    larger = -(-int(masses.sum()) // k)
    pool = Pool(disc, gen, masses)
    rounds: list[Round] = []
    parameters: dict[str, Any] = {}
    try:
        pool.ask_all(pool.add(start))
        for turn in range(k):
            unmet = pool.unmet
            if not len(unmet):
                break
            rank = min(larger, pool.mass)
            size = min(-(-n // k), len(unmet))
            approvers = pool.approvers(float(rounds[-1].level or 0)) if rounds else unmet
            pool.ask_all(pool.add(gen.propose(Wanted(unmet, size, cost, None, approvers, turn))))
            if not pool.free.any():
                break
            ranked = np.where(pool.free, _at_rank(pool.low[unmet], masses[unmet], rank), -np.inf)
            chosen = int(ranked.argmax())
            best = float(ranked[chosen])
            if not np.isfinite(best):
                break
            # n - k floor(n/k) times the larger share, then the smaller; with masses, what overshot is made up for.
            share = min(rank, -(-pool.mass // (k - turn)))
            support = int(decisions.coverage(pool.low[unmet][:, [chosen]], best, masses[unmet])[0])
            ties = [int(a) for a in np.flatnonzero(ranked == best) if a != chosen]
            rounds.append(pool.take(chosen, share, best, support, ties))
    except Unfinished as stopped:
        parameters["unfinished"] = str(stopped)
    return Selection(tuple(rounds), n, {"written": pool.numbers.tolist(), **parameters})


def cost_steps(n: int, budget: int) -> list[int]:
    """Costs of statements that speak for half of the people, three eighths, a quarter, ever less, and 9, 8, ..., 1.

    floor(j B/n) for those numbers j of people, largest first, each once; below a quarter every number is four fifths
    of the one before it. The published runs' steps, for the same n and B, are these (41 people) or twice as dense.

    >>> cost_steps(41, 164)
    [80, 60, 40, 36, 32, 28, 24, 20, 16, 12, 8, 4]
    """
    sizes = {n // 2, 3 * n // 8, size := n // 4} | set(range(1, EVERY + 1))
    while size > EVERY + 1:
        size = 4 * size // 5
        sizes.add(size)
    costs = {size * budget // n for size in sizes if size <= n}
    return sorted(costs - {0}, reverse=True) or [budget]


def _decide(
    pool: Pool,
    level: float,
    step: int,
    smaller: int,
    total: int,
    budget: int,
    selection: decisions.Selection,
    way: Way,
    rng: np.random.Generator,
) -> tuple[int | None, BoolArray, int]:
    """The column of the accepted statement, if any; which ran for it; how many the model gave no hope.

    The utility of the accepted statement is known for everybody who approves it.
    """
    needed = needs(pool.costs, total, budget)
    running = pool.free & decisions.eligible(pool.costs, step, smaller, selection)
    least = np.zeros_like(needed)
    if selection == "published":
        running, least = running & (needed <= pool.mass), needed
    open_, masses, dropped = np.flatnonzero(running), pool.masses[pool.unmet], 0
    while True:
        dropped += race(pool, open_, least[open_], level, way, rng)
        known = pool.low[pool.unmet]
        chosen = decisions.nominate(
            known, pool.costs, level, step, smaller, total, budget, selection=selection, free=pool.free, masses=masses
        )
        if chosen is None or pool.confirm(chosen, level):
            return chosen, running, dropped


def _score(pool: Pool, new: IntArray, way: Way) -> None:
    """Scores new statements for all who are unrepresented at once, where nothing is left out."""
    if not way.lazy and not way.screen:
        pool.ask_all(new)


def _at_rank(scores: FloatArray, masses: IntArray, rank: int) -> FloatArray:
    """float64 [m]: the highest level at which ``rank`` mass approve each statement."""
    order = np.argsort(-scores, axis=0, kind="stable")
    depth = np.count_nonzero(np.cumsum(masses[order], axis=0) < rank, axis=0)
    columns = np.arange(scores.shape[1])
    return np.asarray(scores[order[depth, columns], columns])


def _masses(n: int, masses: IntArray | None) -> IntArray:
    if masses is None:
        return np.ones(n, dtype=np.int64)
    if np.shape(masses) != (n,) or not np.issubdtype(np.asarray(masses).dtype, np.integer) or (masses < 1).any():
        raise InputError(f"masses must be whole numbers of at least 1, one for each of the {n} participants")
    return np.asarray(masses, dtype=np.int64)


def _check(n: int, budget: int, levels: Sequence[float], steps: Sequence[int]) -> None:
    if n < 1:
        raise InputError("the source has no participants; nobody can be represented")
    if budget < 1:
        raise InputError(f"the budget is {budget}; it must be at least 1")
    if not levels or sorted(set(levels), reverse=True) != list(levels):
        raise InputError("approval levels must stand highest first, each once")
    if not steps or sorted(set(steps), reverse=True) != list(steps) or min(steps) < 1:
        raise InputError("cost steps must be at least 1 and stand largest first, each once")
