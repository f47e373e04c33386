"""The opinion groups of a pool, for whoever has a pool alone; `preferences.opinion_groups` says what they are."""

from __future__ import annotations

import numpy as np

from ..profile import IntArray
from .closed_pool import ClosedPool


def opinion_groups(pool: ClosedPool, count: int | None = None) -> IntArray:
    """Everybody's group by the utilities of the whole pool, int64 [n] from 0, the largest group first.

    Args:
        pool: the candidates and the agents.
        count: the largest number of groups; None: it is chosen.

    Raises:
        InputError: ``count`` is below 1.
    """
    # The models that come with this import are not needed by whoever only reads or audits.
    from ..preferences.opinion_groups import opinion_groups as groups_of

    return groups_of(pool.utilities(pool.agents, np.arange(pool.size)), pool.masses, count)
