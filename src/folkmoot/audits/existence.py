"""Is there any balanced assignment under which a slate meets cBJR? An integer program, coalitions added as needed."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..profile import FloatArray, InputError, IntArray, floors
from ..profile.exact import Clock, Program, grouped, maximise, sparse
from ..queries.coalitions import largest_coalitions
from .registry import Finding, exact_audit
from .subject import Subject, own

CELLS = 200_000
TIME_LIMIT = 60.0


@exact_audit(
    id="cbjr-exists",
    short="cBJR for some balanced assignment",
    name="cBJR for some balanced assignment",
    says="Some balanced assignment of people to the slate's statements has no violation of cBJR.",
    complexity="NP-hard; integer programs over distinct agents x statements, with coalitions added as they are found",
    instead="cbjr, which looks at the slate's own assignment: where that is balanced and cBJR holds, one exists.",
    implies=("alpha-jr",),
    exactness="integer program with lazily added coalitions; an assignment is verified in integers, "
    "that none exists is proved by HiGHS",
    limit=f"{CELLS} distinct agents x statements, {TIME_LIMIT:g} s",
    source="Fish et al. 2024, Definition 1; Boehmer, Fish, Procaccia 2025, Definition 2.1",
    approvals=False,
    timed=True,
    whole_agents=True,
)
def exists(
    subject: Subject, *, slack: float = 0.0, factor: Fraction | int = 1, time_limit: float = TIME_LIMIT
) -> Finding:
    """Looks for a balanced assignment of the slate without a violation of (b, d)-cBJR.

    Balanced: every statement represents floor or ceil of c(a) n / B, up to the heaviest agent's weight
    (`balance.is_balanced`); agents are unassigned only as far as the shares of all statements are used up.

    Args:
        subject: the slate with its pool; its own assignment does not matter.
        slack: the b of (b, d)-cBJR.
        factor: the d of (b, d)-cBJR.
        time_limit: the limit in seconds.

    Returns:
        A finding that holds, with the assignment (int64 [n]) as witness, or one that does not: no assignment exists.

    Raises:
        InputError: there are too many distinct agents.
        WorkError: an assignment was neither found nor refuted within the time.
        MissingExtraError: scipy is not installed.
    """
    k = len(subject.chosen)
    rows, group, masses, count = _alike(subject)
    g = len(rows)
    if g * (k + 1) > CELLS:
        raise InputError(f"{g} distinct agents and {k} statements are too many for an exact search (at most {CELLS})")
    factor = Fraction(factor)
    # Places 0..k-1 are the slate's statements, k is none.
    own_values = np.concatenate([rows[:, subject.chosen], np.full((g, 1), -np.inf)], axis=1)
    program = _balanced(subject, masses, count, own_values)
    clock = Clock(time_limit)
    cuts: list[tuple[FloatArray, float, float]] = []
    while True:
        solved = maximise(program.with_rows(cuts), clock, "a balanced assignment without violation", gap=0.01)
        if solved is None:
            return Finding(False)
        assignment = _assigned(np.rint(solved.x).astype(np.int64).reshape(g, k + 1), group, k)
        have = own(subject.slate, assignment)
        violated = False
        for part, block in subject.offers(subject.outside):
            mass, theta = largest_coalitions(have, block, subject.masses, slack)
            for at in range(len(part)):
                most = -(-factor * int(subject.needs[part[at]]) // 1) - 1
                if mass[at] > most:
                    violated = True
                    wants = rows[:, part[at]] >= theta[at]
                    lacks = own_values + slack < theta[at]
                    cuts.append(
                        ((masses[:, None] * (wants[:, None] & lacks)).ravel().astype(float), -np.inf, float(most))
                    )
        if not violated:
            return Finding(True, None, assignment)


def _alike(subject: Subject) -> tuple[FloatArray, IntArray, IntArray, IntArray]:
    """Distinct (utilities, mass): rows, the one of every agent, mass of each, and how many agents there are."""
    pool = subject.pool
    values = pool.utilities(pool.agents, np.arange(pool.size))
    both = np.concatenate([values, pool.masses[:, None].astype(np.float64)], axis=1)
    distinct, count, group = grouped(both, np.ones(pool.n_agents, dtype=np.int64))
    return distinct[:, :-1], group, distinct[:, -1].astype(np.int64), count


def _balanced(subject: Subject, masses: IntArray, count: IntArray, values: FloatArray) -> Program:
    pool, k, g = subject.pool, len(subject.chosen), len(masses)
    over = int(pool.masses.max()) - 1 if pool.n_agents else 0
    lower = np.maximum(floors(pool.costs[subject.chosen], pool.total_mass, subject.budget) - over, 0)
    upper = subject.needs[subject.chosen]
    idle = max(pool.total_mass - int(upper.sum()), 0)
    agent, place = np.repeat(np.arange(g), k + 1), np.tile(np.arange(k + 1), g)
    cells = np.arange(g * (k + 1))
    load = g + place
    finite = np.where(np.isfinite(values), values, values[:, :k].min() if k and g else 0.0)
    spread = float(np.abs(finite).max()) if finite.size else 0.0
    return Program(
        (finite * masses[:, None]).ravel() / (max(pool.total_mass, 1) * (spread or 1.0)),
        sparse(
            np.concatenate([np.ones(len(cells)), masses[agent]]),
            np.concatenate([agent, load]),
            np.concatenate([cells, cells]),
            (g + k + 1, len(cells)),
        ),
        np.concatenate([count, lower, [0]]).astype(np.float64),
        np.concatenate([count, upper + over, [idle + over if idle else 0]]).astype(np.float64),
        np.zeros(len(cells)),
        np.repeat(count, k + 1).astype(np.float64),
        np.ones(len(cells), dtype=bool),
    )


def _assigned(number: IntArray, group: IntArray, k: int) -> IntArray:
    """Assigns the agents of a kind, in the source's order, to the places in slate order."""
    assignment = np.full(len(group), -1, dtype=np.int64)
    for kind, row in enumerate(number):
        places = np.repeat(np.arange(k + 1), row)
        assignment[np.flatnonzero(group == kind)] = np.where(places == k, -1, places)
    return assignment
