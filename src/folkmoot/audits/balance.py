"""Is the assignment balanced?"""

from __future__ import annotations

import numpy as np

from ..profile import floors
from .subject import Subject


def is_balanced(subject: Subject) -> bool:
    """Every statement represents floor or ceil of c(a) n / B, up to the heaviest agent's weight (exact with weight 1).

    Fish et al. 2024, section 2; with costs Boehmer, Fish, Procaccia 2025, section 2.
    """
    pool = subject.pool
    places = subject.assignment[subject.assignment >= 0]
    masses = pool.masses[subject.assignment >= 0]
    loads = np.bincount(places, weights=masses, minlength=len(subject.chosen)).astype(np.int64)
    slack = int(pool.masses.max()) - 1 if pool.n_agents else 0
    costs = pool.costs[subject.chosen]
    lower = floors(costs, pool.total_mass, subject.budget) - slack
    return bool(((loads >= lower) & (loads <= subject.needs[subject.chosen] + slack)).all())
