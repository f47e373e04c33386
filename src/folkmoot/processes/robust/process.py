"""The process ``robust``: expected utility, agreement and complaints over what people might yet answer."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np

from ...profile import InputError, IntArray
from ...profile.sentences import noted
from ...profile.streams import Stream, stream
from ..democratic.democratic import democratic_fast
from ..problem import Problem, Round, Selection
from ..registry import process
from .anneal import anneal
from .climb import climb, perturbed
from .elites import ExactEvaluator, ExactlyEvaluated
from .evaluator import Evaluated, Evaluator
from .instance import SearchInstance
from .references import held_to
from .starts import starts
from .weights import FREE, Effort, Weights

# Of perturbations, annealing and ties: fixed, so that only the draws depend on the run's seed.
SEED = 5
# Starts that are climbed from; people x candidates beyond which fewer slates are evaluated; evaluations for each
# candidate where there are few candidates.
CLIMBING, LARGE, EVALUATIONS = 3, 400_000, 8
MOST_PERTURBATIONS = 40
# Cost of one statement too many about a subject, and where all statements cost the same: there are fewer then, and so
# few of a kind (docs/studies/heldout.md).
CROWDED, CROWDED_EQUAL = 0.3, 0.1
# What somebody left over costs, for all people together, where a statement too many costs more.
LEFT = 20.0
SOURCE = noted("this project's own: utility, coverage and expected complaints, over draws of unknown answers")


@process(
    id="robust",
    name="usual for conversations with gaps",
    guarantee=("cbjr",),
    complexity="NP-hard; about 900 evaluations of O(k n) prices and O(draws x m n / 64) counts",
    source=SOURCE,
    # Who is assigned where decides, and whoever weighs more is assigned as a whole.
    overshoots=True,
    keeps_assignment=True,
    parameters={
        "consensus": "weight of statements that many agree with (1; 0: large divided groups get their own)",
        "crowded": "cost of every statement too many about its subject (0.3; 0.1 where all cost the same)",
        "held": "1: held to what lists of popular statements reach (usual where all cost the same); 0: it is not",
    },
)
def robust(problem: Problem, rng: np.random.Generator) -> Selection:
    """The slate of the largest objective that the search meets among those that keep the hard conditions.

    Hard, in this order and in integers: no coalition over what may be chosen has what it needs, on people's own
    answers and on posterior means; as few left over as can be. Then the objective: expected utility of the assigned
    statement, chances to agree, the worst opinion group, the lowest quarter, less expected complaints, less
    ``crowded`` for every third statement about one subject (`Problem.kindred`; above `CROWDED_EQUAL` only as far as no
    more draws are violated), and, where ``held`` is 1, less what the slate falls short of two lists of statements that
    many agree with (`Bounds`). Ties: pool order, counted. Locked-in candidates stand first, then those that represent
    most. Candidates are chosen once, also where they could be chosen
    again. No choice depends on ``rng``: the only randomness that matters is that of the draws.

    Source: this project's own (P7).

    Raises:
        InputError: a negative ``consensus`` or ``crowded``, or a ``held`` that is neither 0 nor 1.
    """
    consensus = float(problem.parameters.get("consensus", 1.0))
    if consensus < 0:
        raise InputError(f"consensus is {consensus:g}; it must be at least 0")
    equal = len(np.unique(problem.pool.costs)) == 1
    crowded = float(problem.parameters.get("crowded", CROWDED_EQUAL if equal else CROWDED))
    if crowded < 0:
        raise InputError(f"crowded is {crowded:g}; it must be at least 0")
    held = float(problem.parameters.get("held", equal))
    if held not in (0.0, 1.0):
        raise InputError(f"held is {held:g}; it must be 0 or 1")
    instance = SearchInstance.of(problem)
    if not instance.m:
        return Selection((), problem.pool.n_agents, {"evaluations": 0})
    weights = Weights().adjusted(consensus, min(crowded, CROWDED_EQUAL))
    begun = starts(instance, problem)
    bounds = held_to(instance, weights, begun) if held and consensus else FREE
    evaluator = Evaluator(instance, weights, bounds)
    exact = ExactEvaluator(problem, evaluator)
    best, close = exact.best_of(_searched(evaluator, begun))
    evaluations = evaluator.done
    if crowded > CROWDED_EQUAL and best.parts.crowded:
        judge, varied = _varied(exact, best, crowded, begun)
        evaluations += judge.evaluator.done
        if varied:
            exact, (best, close) = judge, judge.best_of([best.chosen, *(one.chosen for one in varied)])
    if best.means.violated:
        best = _promised(problem, exact, best)
    compared = {name: exact.evaluate(begun[name]) for name in ("popular", "democratic-fast") if len(begun[name])}
    record = {
        "evaluations": evaluations,
        "exact_evaluations": exact.done,
        "draws": instance.samples.count,
        "people_looked_at": instance.n,
        "objective_weights": asdict(exact.evaluator.weights),
        "consensus": consensus,
        "held_to": bounds.as_dict(),
        "search_seed": SEED,
        "about_as_good": close,
        "objective": {"slate": _figures(best)} | {name: _figures(one) for name, one in compared.items()},
    }
    return _selection(problem, instance, best, record)


def _varied(
    exact: ExactEvaluator, best: ExactlyEvaluated, crowded: float, begun: dict[str, IntArray]
) -> tuple[ExactEvaluator, list[ExactlyEvaluated]]:
    """Slates with fewer statements too many about a subject than ``best``, in no more violated draws, from a search.

    That search alone, where they cost so much, often ends where many draws are violated, or where people are left over
    rather than a third of a kind is given up: slates without three of a kind lie far apart. So somebody left over costs
    more there, and nothing is taken that does worse than the best slate of the usual search.
    """
    usual = exact.evaluator
    evaluator = Evaluator(exact.instance, replace(usual.weights, crowded=crowded, left=LEFT), usual.bounds)
    evaluated = ExactEvaluator(exact.problem, evaluator)
    found = [evaluated.evaluate(slate) for slate in _searched(evaluator, begun)]
    return evaluated, [
        one
        for one in found
        if one.parts.crowded < best.parts.crowded
        and one.parts.violated <= best.parts.violated
        and one.faults <= best.faults
    ]


def _searched(evaluator: Evaluator, begun: dict[str, IntArray]) -> list[IntArray]:
    """The best distinct slates of a whole search, best first."""
    instance = evaluator.instance
    effort = Effort().scaled(
        min(1.0, EVALUATIONS * instance.m / Effort().anneal, 0.65 if instance.n * instance.m > LARGE else 1.0)
    )
    evaluated = [evaluator.evaluate(chosen) for chosen in begun.values()]
    slates = sorted((one for one in evaluated if one is not None), key=_first)
    if not slates:
        return [np.array(instance.locked, dtype=np.int64)]
    end = evaluator.done + effort.climb
    climbed: list[Evaluated] = []
    for one in slates[:CLIMBING]:
        climbed.append(climb(evaluator, one, (end - evaluator.done) // (CLIMBING + 1 - len(climbed))))
    best = min(climbed, key=_first)
    rng = stream(SEED, Stream.KICKS)
    for _ in range(MOST_PERTURBATIONS):
        if evaluator.done >= end:
            break
        start = perturbed(evaluator, best, rng)
        if start is not None:
            best = min(best, climb(evaluator, start, min(60, end - evaluator.done)), key=_first)
    best = min(best, anneal(evaluator, best, effort.anneal, stream(SEED, Stream.ANNEALING)), key=_first)
    climb(evaluator, best, effort.last)
    return evaluator.best(effort.elites)


def _first(slate: Evaluated) -> tuple[float, tuple[int, ...]]:
    return -slate.value, tuple(slate.chosen.tolist())


def _promised(problem: Problem, exact: ExactEvaluator, best: ExactlyEvaluated) -> ExactlyEvaluated:
    """Where all evaluated slates are violated: that of ``democratic-fast``, which with exact queries never is."""
    instance = exact.instance
    selection = democratic_fast(problem, np.random.default_rng(0))
    place = {int(a): at for at, a in enumerate(instance.candidates)}
    chosen = np.array([place[int(a)] for a in selection.candidates], dtype=np.int64)
    if not len(chosen):
        return best
    safe = exact.with_assignment(chosen, selection.assignment)
    return safe if safe.faults < best.faults else best


def _figures(one: ExactlyEvaluated) -> dict[str, Any]:
    return {
        **one.parts.as_dict(),
        "left": one.left,
        "largest_complaint_own_answers": round(one.answers.largest, 6),
        "largest_complaint_means": round(one.means.largest, 6),
    }


def _selection(problem: Problem, instance: SearchInstance, best: ExactlyEvaluated, record: dict[str, Any]) -> Selection:
    pool = problem.pool
    numbers = instance.candidates[best.chosen]
    rounds = []
    for at, candidate in enumerate(numbers.tolist()):
        agents = np.flatnonzero(best.place == at)
        rounds.append(Round(candidate, agents, None, int(pool.masses[agents].sum())))
    locked = {a: at for at, a in enumerate(problem.locked_in)}
    rounds.sort(key=lambda one: (locked.get(one.candidate, len(locked)), -one.support, one.candidate))
    return Selection(tuple(rounds), pool.n_agents, record)
