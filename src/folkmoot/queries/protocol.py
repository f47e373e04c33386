"""The two queries of generative social choice, batched, as every implementation has to offer them."""

from __future__ import annotations

from typing import Protocol

from ..profile import BoolArray, FloatArray, IntArray


class Disc(Protocol):
    """The discriminative query: how well does a statement represent an agent?"""

    @property
    def n_agents(self) -> int: ...

    @property
    def n_statements(self) -> int: ...

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """float64 [len(agents), len(statements)]: utilities u_i(a), nan where nothing is known."""
        ...

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """bool, same shape: True where the utility is what the person answered, not a prediction."""
        ...


class Gen(Protocol):
    """The generative query, in both papers' forms. Candidates are numbered by the pool."""

    def best_at_rank(self, agents: IntArray, rank: int) -> tuple[int, list[int]]:
        """Gen(S, r): the candidate with the highest r-th highest utility in S, and those it tied with.

        Fish et al. 2024, section 3.
        """
        ...

    def best_at_level(self, agents: IntArray, level: float, max_cost: int) -> tuple[int, list[int]]:
        """Gen(S, l, x): the candidate of cost <= x approved by the largest mass of S at level l, and its ties.

        Boehmer, Fish, Procaccia 2025, section 2. The candidate is -1 when none costs at most x.
        """
        ...
