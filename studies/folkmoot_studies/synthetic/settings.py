"""What is run in the synthetic environment: the published settings, any registered process, and both refined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from folkmoot.processes import Problem, Selection, find
from folkmoot.processes.democratic.democratic import Ask, democratic, from_this_level_up, this_level
from folkmoot.processes.refine.refine import refine
from folkmoot.processes.refine.standing import Task
from folkmoot.profile import BoolArray, FloatArray, InputError, IntArray
from folkmoot.queries import Accuracy, ClosedPool, NoisyPool

from .world import ISSUES, MOST, Crowd, Universe

BUDGET = 15
LEVELS = tuple(float(level) for level in range(MOST, -1, -1))
STEPS = ("published", "printed")
REFINED, ASKED = "+refine", "+ask+refine"
# A refinement looks at no more pairs of agent and statement than this (but at ENOUGH statements in any case).
PAIRS, ENOUGH = 240_000, 60
# Effort of its search: slates assigned, and steps of its bound.
EVALUATIONS, BOUND_STEPS = 60, 60


class Paid(NoisyPool):
    """A noisy pool that records what a run has paid for; every run begins with a `fresh` one.

    ``returned``: the answers of Gen, in order; ``paid``: bool [m, n], which values of Disc were asked for.
    """

    returned: list[int]
    paid: BoolArray

    def fresh(self, equal_cost: bool = False) -> Paid:
        """See `NoisyPool.fresh`; nothing is paid for yet."""
        other = super().fresh(equal_cost)
        assert isinstance(other, Paid)
        other.returned, other.paid = [], np.zeros((self.size, self.n_agents), dtype=bool)
        return other

    def best_at_level(
        self, agents: IntArray, level: float, max_cost: int, candidates: IntArray | None = None
    ) -> tuple[int, list[int]]:
        """See `NoisyPool.best_at_level`."""
        best, ties = super().best_at_level(agents, level, max_cost, candidates)
        self.returned += [best] if best >= 0 else []
        return best, ties

    def utilities(self, agents: IntArray, candidates: IntArray) -> FloatArray:
        """See `ClosedPool.utilities`."""
        for candidate in candidates:
            self.paid[candidate, agents] = True
        return super().utilities(agents, candidates)


class Instance:
    """One drawn population with its queries at one accuracy.

    Args:
        universe: the statements.
        truth: the exact queries over all of them.
        accuracy: the accuracy of the queries.
        model: the model of their errors.
        seed: the seed of their errors.
        steps: the cost steps, ``published`` or ``printed``.
    """

    def __init__(
        self, universe: Universe, truth: Crowd, accuracy: Accuracy, model: str, seed: int, steps: str = "published"
    ) -> None:
        self.universe, self.truth, self.accuracy, self.steps = universe, truth, accuracy, steps
        self._model, self._seed = model, seed
        self._noisy = Paid(truth, accuracy, model, seed)
        self._done: dict[str, tuple[Chosen, Paid]] = {}

    def problem(self, equal_cost: bool = False) -> tuple[Problem, Paid]:
        """The problem as a process gets it, and its pool."""
        pool = self._noisy.fresh(equal_cost)
        return Problem(pool, BUDGET, levels=LEVELS, multiset=True, parameters=self._parameters), pool

    def problem_of_full(self) -> tuple[Problem, Paid]:
        """The same with the statements on every issue only, each costing 1; errors of Disc are the same."""
        pool = Paid(self.truth.full, self.accuracy, self._model, self._seed).fresh()
        k = BUDGET // ISSUES
        return Problem(pool, k, levels=LEVELS, multiset=True, parameters=self._parameters), pool

    def first(self, name: str) -> tuple[Chosen, Paid]:
        """What a setting of Algorithm 1 chose, with its pool; run once, however often it is asked for."""
        if name not in self._done:
            self._done[name] = DEMOCRATIC[name](self)
        return self._done[name]

    @property
    def _parameters(self) -> Mapping[str, float]:
        return {"gamma": self.accuracy.gamma, "mu": self.accuracy.mu}


@dataclass(frozen=True)
class Chosen:
    """The result of a process on an instance.

    Args:
        statements: int64 [k], numbers in the universe.
        assignment: int64 [n], the place in the slate, -1 where nothing represents the agent.
        questions: the number of generative queries it made.
        pairs: the number of pairs of agent and statement for which it made the discriminative query.
    """

    statements: IntArray
    assignment: IntArray
    questions: int
    pairs: int


Setting = Callable[[Instance], Chosen]


def _chosen(selection: Selection, pool: Paid, columns: IntArray | None = None) -> Chosen:
    picked = selection.candidates if columns is None else columns[selection.candidates]
    return Chosen(picked, selection.assignment, pool.questions, int(np.count_nonzero(pool.paid)))


def _uniform(instance: Instance) -> tuple[Chosen, Paid]:
    problem, pool = instance.problem(equal_cost=True)
    return _chosen(democratic(problem, [ISSUES], this_level), pool), pool


def _fast(instance: Instance) -> tuple[Chosen, Paid]:
    n = instance.truth.n_agents
    steps = [j * BUDGET // n for j in range(ISSUES * n // BUDGET, 0, -1)]
    return _any_cost(instance, [step for step in steps if step], this_level)


def _complex(instance: Instance) -> tuple[Chosen, Paid]:
    return _any_cost(instance, range(ISSUES, 0, -1), from_this_level_up)


def _any_cost(instance: Instance, published: Sequence[int], ask: Ask) -> tuple[Chosen, Paid]:
    problem, pool = instance.problem()
    steps = published if instance.steps == "published" else range(BUDGET, 0, -1)
    return _chosen(democratic(problem, steps, ask), pool), pool


DEMOCRATIC: dict[str, Callable[[Instance], tuple[Chosen, Paid]]] = {
    "uniform": _uniform,
    "fast": _fast,
    "complex": _complex,
}


def _uniform_approx(instance: Instance) -> Chosen:
    problem, pool = instance.problem_of_full()
    selection = find("uniform-approx").run(problem, np.random.default_rng(0))
    return _chosen(selection, pool, instance.universe.full)


def _plain(name: str, instance: Instance) -> Chosen:
    return instance.first(name)[0]


def _refined(name: str, ask: bool, instance: Instance) -> Chosen:
    return refined(*instance.first(name), ask=ask)


# What `synthetic.run` calls a process by; any other name is looked up in the registry (see `registered`).
SETTINGS: dict[str, Setting] = {
    **{name: partial(_plain, name) for name in DEMOCRATIC},
    "uniform-approx": _uniform_approx,
    **{name + REFINED: partial(_refined, name, False) for name in DEMOCRATIC},
    **{name + ASKED: partial(_refined, name, True) for name in DEMOCRATIC},
}


def plain_name(name: str) -> str:
    """The setting that a refined one refines; empty for any other.

    >>> plain_name("fast+refine"), plain_name("fast+ask+refine"), plain_name("fast")
    ('fast', 'fast', '')
    """
    return next((name.removesuffix(ending) for ending in (ASKED, REFINED) if name.endswith(ending)), "")


def registered(name: str) -> Setting:
    """A process of the registry as a setting, on statements of one cost where it needs that.

    Raises:
        InputError: no process has that name.
    """
    if name.endswith(REFINED):
        raise InputError(f"{name!r} cannot be run; refined are {', '.join(DEMOCRATIC)}, as in {'fast' + REFINED!r}")
    entry = find(name)

    def choose(instance: Instance) -> Chosen:
        problem, pool = instance.problem_of_full() if entry.unit_cost else instance.problem()
        selection = entry.run(problem, np.random.default_rng(0))
        return _chosen(selection, pool, instance.universe.full if entry.unit_cost else None)

    return choose


@dataclass(frozen=True, eq=False)
class Bill:
    """What a run has paid for, as a pool to refine over.

    Args:
        task: candidates are copies of statements. A slate of this environment may hold a statement several times, and
            a statement it holds can be asked for again; a refinement's slate is a set, and so is what may be asked
            for. So each statement stands there as often as the run's slate holds it and once more, and once locked
            out, for whoever would ask for it again.
        statements: int64 [candidates], the number of each candidate in the pool.
        chosen: int64 [k], the run's slate, as candidates.
        extra: the number of pairs asked for in addition to those of the run.
    """

    task: Task
    statements: IntArray
    chosen: IntArray
    extra: int


def bill(first: Chosen, pool: Paid, ask: bool = False) -> Bill:
    """The pool of a refinement: the statements Gen returned, with the noisy values of Disc that the run asked for.

    Unknown, as a value that was never asked for, are values below the lowest level, 0: the process would not
    represent anyone by such a statement either, for whom the empty statement (utility 0) is better.
    Where that is too much to search (`PAIRS`), the statements of each cost that those they need like best are kept.

    Args:
        first: the run's result.
        pool: the pool of that run, which is not changed.
        ask: whether to make the discriminative query for all agents and all statements that are kept.
    """
    held = Counter(first.statements.tolist())
    kept = _promising(np.unique([*pool.returned, *held]).astype(np.int64), pool, frozenset(held))
    copies = [min(held[a] + 1, BUDGET // int(pool.costs[a])) for a in kept.tolist()]
    statements = np.concatenate([np.repeat(kept, copies), kept])
    unpaid = ~pool.paid[kept]
    values = ClosedPool.utilities(pool, pool.agents, kept)
    if not ask:
        values[unpaid.T] = np.nan
    values[values < LEVELS[-1]] = np.nan
    back = np.concatenate([np.repeat(np.arange(len(kept)), copies), np.arange(len(kept))])
    task = Task(
        values[:, back],
        pool.costs[statements],
        pool.masses,
        BUDGET,
        locked_out=tuple(range(len(statements) - len(kept), len(statements))),
    )
    starts = dict(zip(kept.tolist(), (np.cumsum(copies) - copies).tolist(), strict=True))
    seen: Counter[int] = Counter()
    chosen = []
    for a in first.statements.tolist():
        chosen.append(starts[a] + seen[a])
        seen[a] += 1
    return Bill(task, statements, np.array(chosen, dtype=np.int64), int(np.count_nonzero(unpaid)) if ask else 0)


def _promising(statements: IntArray, pool: Paid, held: frozenset[int]) -> IntArray:
    """As many as can be searched: those of the slate, then of each cost in turn the one with the best supporters."""
    most = max(ENOUGH, PAIRS // pool.n_agents)
    if len(statements) <= most:
        return statements
    needs = -(-pool.costs[statements] * pool.total_mass // BUDGET)
    score = np.empty(len(statements))
    for at, (a, need) in enumerate(zip(statements, needs, strict=True)):
        agents = np.flatnonzero(pool.paid[a])
        liked = np.maximum(ClosedPool.utilities(pool, agents, np.array([a]))[:, 0], 0.0)
        score[at] = np.sort(liked)[::-1][:need].sum() / need
    rank = np.empty(len(statements))
    for cost in np.unique(pool.costs[statements]):
        among = np.flatnonzero(pool.costs[statements] == cost)
        rank[among[np.argsort(-score[among], kind="stable")]] = np.arange(len(among))
    rank[np.isin(statements, sorted(held))] = -1
    return np.sort(statements[np.argsort(rank, kind="stable")[:most]])


def refined(first: Chosen, pool: Paid, ask: bool = False) -> Chosen:
    """P6 after a run, on what it has paid for (see `bill`): no further query is made, unless ``ask``, and then of Disc.

    As the registered ``refine`` does: no statement of the bill may violate cBJR on the noisy values that are known;
    then as few as possible stay unrepresented, with balanced shares and the largest noisy total; neither the minimum
    nor the first quartile of the noisy utilities may fall. By local search.
    """
    if not len(first.statements):
        return first
    paid = bill(first, pool, ask)
    places = [first.assignment, paid.task.assigned(paid.chosen)]
    standings = [paid.task.standing(paid.chosen, place) for place in places]
    place = places[int(standings[1].beats(standings[0]))]
    solution = refine(
        paid.task.kept(paid.chosen, place),
        paid.chosen,
        place,
        exact=False,
        evaluations=EVALUATIONS,
        steps=BOUND_STEPS,
    ).slate
    return Chosen(paid.statements[solution.chosen], solution.place, first.questions, first.pairs + paid.extra)
