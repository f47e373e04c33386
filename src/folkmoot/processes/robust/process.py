"""The process ``robust``: expected utility, agreement and complaints over what people might yet answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from ...profile import InputError, IntArray
from ...profile.streams import Stream, stream
from ..democratic.democratic import democratic_fast
from ..problem import Problem, Round, Selection
from ..registry import process
from .anneal import anneal
from .climb import climb, kicked
from .elites import Judged, Jury
from .look import Looking, Slate
from .scene import Scene
from .starts import starts
from .weights import Effort, Weights

# Of kicks, annealing and ties: fixed, so that only the draws depend on the run's seed.
SEED = 5
# Starts that climb; with more people x candidates than this less is looked at; looks for each candidate.
CLIMBING, LARGE, LOOKS = 3, 600_000, 8
MOST_KICKS = 40
# Cost of one too many about a subject where all statements cost the same.
EVEN = 0.1
SOURCE = "this project's own: utility, coverage and expected complaints, over draws of unknown answers"


@process(
    id="robust",
    guarantee=("cbjr",),
    complexity="NP-hard; about 900 looks of O(k n) prices and O(draws x m n / 64) counts",
    source=SOURCE,
    # Who is assigned where decides, and whoever weighs more is assigned as a whole.
    overshoots=True,
    keeps_assignment=True,
    parameters={
        "consensus": "weight of statements that many agree with (1; 0: large divided groups get their own)",
        "crowded": "cost of every statement too many about its subject (0.1 where all cost the same, else 0)",
    },
)
def robust(problem: Problem, rng: np.random.Generator) -> Selection:
    """The slate of the largest objective that was found among those that keep the hard conditions.

    Hard, in this order and in integers: no coalition over what may be chosen has what it needs, on people's own
    answers and on posterior means; as few left over as can be. Then the objective: expected utility of the assigned
    statement, chances to agree, the worst opinion group, the lowest quarter, less expected complaints, and less
    ``crowded`` for every third statement about one subject (`Problem.kindred`). Ties: pool order, counted. Locked-in
    candidates stand first, then those that represent most. Candidates are chosen once, also where they could be chosen
    again. No choice looks at ``rng``: the only randomness that matters is that of the draws.

    Source: this project's own (P7).

    Raises:
        InputError: a negative ``consensus`` or ``crowded``.
    """
    consensus = float(problem.parameters.get("consensus", 1.0))
    if consensus < 0:
        raise InputError(f"consensus is {consensus:g}; it must be at least 0")
    crowded = float(problem.parameters.get("crowded", _usual_cost(problem)))
    if crowded < 0:
        raise InputError(f"crowded is {crowded:g}; it must be at least 0")
    scene = Scene.of(problem)
    if not scene.m:
        return Selection((), problem.pool.n_agents, {"evaluations": 0})
    weights = Weights().told(consensus, crowded)
    looking = Looking(scene, weights)
    begun = starts(scene, problem)
    found = _searched(looking, begun)
    jury = Jury(problem, looking)
    best, close = jury.winner(found)
    if best.verdict.violated:
        best = _promised(problem, jury, best)
    compared = {name: jury.judged(begun[name]) for name in ("popular", "democratic-fast") if len(begun[name])}
    record = {
        "evaluations": looking.done,
        "exact_evaluations": jury.done,
        "draws": scene.samples.count,
        "people_looked_at": scene.n,
        "objective_weights": asdict(weights),
        "consensus": consensus,
        "search_seed": SEED,
        "about_as_good": close,
        "objective": {"slate": _figures(best)} | {name: _figures(one) for name, one in compared.items()},
    }
    return _selection(problem, scene, best, record)


def _usual_cost(problem: Problem) -> float:
    """What one too many of a kind costs; nothing where statements differ in length.

    Of so many statements a varied slate agrees with as many people and leaves the worst group better off; within a
    number of words it costs more agreement than is known for certain (see docs/studies/heldout.md).
    """
    return EVEN if len(np.unique(problem.pool.costs)) == 1 else Weights().crowded


def _searched(looking: Looking, begun: dict[str, IntArray]) -> list[IntArray]:
    """The best distinct slates of a whole search, best first."""
    scene = looking.scene
    effort = Effort().times(min(1.0, LOOKS * scene.m / Effort().anneal, 0.65 if scene.n * scene.m > LARGE else 1.0))
    looks = [looking.at(chosen) for chosen in begun.values()]
    slates = sorted((one for one in looks if one is not None), key=_first)
    if not slates:
        return [np.array(scene.locked, dtype=np.int64)]
    end = looking.done + effort.climb
    climbed: list[Slate] = []
    for one in slates[:CLIMBING]:
        climbed.append(climb(looking, one, (end - looking.done) // (CLIMBING + 1 - len(climbed))))
    best = min(climbed, key=_first)
    rng = stream(SEED, Stream.KICKS)
    for _ in range(MOST_KICKS):
        if looking.done >= end:
            break
        start = kicked(looking, best, rng)
        if start is not None:
            best = min(best, climb(looking, start, min(60, end - looking.done)), key=_first)
    best = min(best, anneal(looking, best, effort.anneal, stream(SEED, Stream.ANNEALING)), key=_first)
    climb(looking, best, effort.last)
    return looking.best(effort.elites)


def _first(slate: Slate) -> tuple[float, tuple[int, ...]]:
    return -slate.value, tuple(slate.chosen.tolist())


def _promised(problem: Problem, jury: Jury, best: Judged) -> Judged:
    """Where every slate found is violated: the one of ``democratic-fast``, which with exact queries never is."""
    scene = jury.scene
    selection = democratic_fast(problem, np.random.default_rng(0))
    place = {int(a): at for at, a in enumerate(scene.candidates)}
    chosen = np.array([place[int(a)] for a in selection.candidates], dtype=np.int64)
    if not len(chosen):
        return best
    safe = jury.placed(chosen, selection.assignment)
    return safe if safe.faults < best.faults else best


def _figures(one: Judged) -> dict[str, Any]:
    return {
        **one.parts.as_dict(),
        "left": one.verdict.left,
        "largest_complaint_own_answers": round(one.verdict.known, 6),
        "largest_complaint_means": round(one.verdict.means, 6),
    }


def _selection(problem: Problem, scene: Scene, best: Judged, record: dict[str, Any]) -> Selection:
    pool = problem.pool
    numbers = scene.candidates[best.chosen]
    rounds = []
    for at, candidate in enumerate(numbers.tolist()):
        agents = np.flatnonzero(best.place == at)
        rounds.append(Round(candidate, agents, None, int(pool.masses[agents].sum())))
    locked = {a: at for at, a in enumerate(problem.locked_in)}
    rounds.sort(key=lambda one: (locked.get(one.candidate, len(locked)), -one.support, one.candidate))
    return Selection(tuple(rounds), pool.n_agents, record)
