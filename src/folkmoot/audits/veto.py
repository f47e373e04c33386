"""The proportional veto core: could a group that is large enough strike the slate out for many better statements?"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..profile import BoolArray, FloatArray, InputError, IntArray, MissingExtraError
from ..profile.exact import grouped
from .registry import Finding, exact_audit
from .subject import Subject

# Distinct agents x statements of the network whose flow is computed, and the largest flow it can hold.
CELLS = 4_000_000
MOST = 2**31 - 1


@dataclass(frozen=True)
class Veto:
    """A group that may strike the slate out: it likes each of many statements better than all of the slate.

    Args:
        candidates: the statements, in pool order.
        members: the rows of the agents.
        mass: the mass of the agents.
        total: the mass of all agents.
        eligible: how many statements there are to choose among.
        excess: the share of the agents and the share of the statements, together, less 1; above 0.
    """

    candidates: tuple[int, ...]
    members: IntArray
    mass: int
    total: int
    eligible: int
    excess: Fraction

    def __str__(self) -> str:
        return (
            f"{self.mass} of {self.total} like each of {len(self.candidates)} of {self.eligible} statements better "
            f"than everything in the slate: together {float(self.excess):.1%} more than all"
        )


@exact_audit(
    id="veto-core",
    short="no group may strike the slate out for many statements it likes better",
    name="proportional veto core",
    says="No group of more than a share 1 - x of the mass may all prefer each of a share x of the statements that the "
    "budget could buy alone to every statement of the slate.",
    exactness="a maximum flow in integers",
    limit=f"{CELLS} distinct agents x statements",
    complexity="a maximum flow through distinct agents x statements",
    instead="a random sample of the people and statements: what is in the core of the sample is nearly in the core of "
    "all (Chooi, Gölz, Procaccia, Schiffer, Zhang 2026).",
    source="Moulin 1981; Ianovski and Kondratev 2021; Chooi, Gölz, Procaccia, Schiffer, Zhang 2026 (Finding Common "
    "Ground in a Sea of Alternatives)",
    approvals=False,
)
def veto_core(subject: Subject) -> Finding:
    """Is the slate in the proportional veto core? Made for slates of one statement.

    A slate stands for what each agent likes best in it. A group T vetoes it with statements B if all of T strictly
    prefer every one of B to it, and |T| / n + |B| / m > 1. The pair with the largest sum is a heaviest independent set
    of a bipartite graph, so a minimum cut decides.

    Args:
        subject: the slate with its pool; the assignment does not matter. Candidates are those that cost no more than
            the budget.

    Returns:
        A finding without a ratio, and with a `Veto` of the largest excess as witness where it does not hold.

    Raises:
        InputError: there are too many distinct agents.
        MissingExtraError: scipy is not installed.
    """
    eligible = np.flatnonzero(subject.pool.costs <= subject.budget)
    parts = [block > subject.best[:, None] for _, block in subject.offers(eligible)] if len(eligible) else []
    prefers = np.concatenate(parts, axis=1) if parts else np.zeros((subject.pool.n_agents, 0), dtype=bool)
    distinct, masses, group = grouped(prefers, subject.masses)
    strong, wanted, excess = heaviest(distinct, masses)
    if not excess:
        return Finding(True)
    members = np.flatnonzero(np.isin(group, np.flatnonzero(strong)))
    mass = int(masses[strong].sum())
    chosen = tuple(int(a) for a in eligible[wanted])
    return Finding(False, None, Veto(chosen, members, mass, int(masses.sum()), len(eligible), excess))


def excess(values: FloatArray, chosen: int, masses: IntArray) -> Fraction:
    """By how much one statement misses the core: the largest |T| / n + |B| / m - 1 of any veto, 0 inside.

    Args:
        values: float64 [n, m], the utilities.
        chosen: the column of the statement.
        masses: int64 [n].
    """
    distinct, weights, _ = grouped(values > values[:, [chosen]], masses)
    return heaviest(distinct, weights)[2]


def heaviest(prefers: BoolArray, masses: IntArray) -> tuple[BoolArray, BoolArray, Fraction]:
    """The rows and columns that are all 1 where they cross, with the largest share of rows plus share of columns.

    Args:
        prefers: bool [g, m].
        masses: int64 [g], the mass of each row.

    Returns:
        The rows, the columns, and the sum of their shares less 1 (0: no pair has more, and then rows or columns are
        all or none).

    Raises:
        InputError: the network is too large.
        MissingExtraError: scipy is not installed.
    """
    g, m = prefers.shape
    total = int(masses.sum())
    if g * m > CELLS or total * m > MOST:
        raise InputError(
            f"{g} distinct agents and {m} statements are too many for the veto core; take a sample of them"
        )
    try:
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import breadth_first_order, maximum_flow
    except ImportError:
        raise MissingExtraError("the veto core needs scipy; pip install 'folkmoot[exact]'") from None
    row, column = np.nonzero(~prefers)
    source, sink = g + m, g + m + 1
    tails = np.concatenate([np.full(g, source), row, g + np.arange(m)])
    heads = np.concatenate([np.arange(g), g + column, np.full(m, sink)])
    # In units of 1 / (n m) of the whole: what an agent and what a statement weigh.
    weights = np.concatenate([masses * m, np.full(len(row), total * m), np.full(m, total)]).astype(np.int32)
    network = csr_matrix((weights, (tails, heads)), shape=(sink + 1, sink + 1))
    flow = maximum_flow(network, source, sink)
    missing = total * m - int(flow.flow_value)
    residual = network - flow.flow
    residual.data = np.maximum(residual.data, 0)
    residual.eliminate_zeros()
    reached = np.zeros(sink + 1, dtype=bool)
    reached[breadth_first_order(residual, source, return_predecessors=False)] = True
    share = Fraction(missing, total * m) if total * m else Fraction(0)
    return reached[:g], ~reached[g : g + m], share
