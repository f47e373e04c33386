"""What every discriminative query promises (`folkmoot.queries.Disc`)."""

from __future__ import annotations

import numpy as np

from ..queries import ClosedPool, Disc


def check_query(query: Disc) -> None:
    """Checks a query against the protocol: its blocks agree with each other, and a closed pool can be made of it.

    Args:
        query: the query, over at least one agent and one statement, all of whose utilities are known or predicted.

    Raises:
        AssertionError: if the query differs from the protocol.
    """
    n, m = query.n_agents, query.n_statements
    agents, statements = np.arange(n), np.arange(m)
    whole, known = query.utilities(agents, statements), query.known(agents, statements)
    assert whole.shape == known.shape == (n, m), f"blocks of {whole.shape} and {known.shape}, not {(n, m)}"
    assert whole.dtype == np.float64, f"utilities are {whole.dtype}, not float64"
    assert known.dtype == np.bool_, f"`known` is {known.dtype}, not bool"
    assert np.array_equal(whole, query.utilities(agents, statements), equal_nan=True), "other utilities the second time"
    rng = np.random.default_rng(0)
    for _ in range(20):
        rows = rng.permutation(n)[: rng.integers(0, n + 1)]
        columns = rng.permutation(m)[: rng.integers(0, m + 1)]
        cut = np.ix_(rows, columns)
        assert np.array_equal(query.utilities(rows, columns), whole[cut], equal_nan=True), "a block has other utilities"
        assert np.array_equal(query.known(rows, columns), known[cut]), "a block has other known answers"
    pool = ClosedPool(query, statements, np.ones(m, dtype=np.int64))
    best, _ = pool.best_at_rank(agents, n)
    lowest = np.where(np.isnan(whole), -np.inf, whole).min(axis=0)
    assert lowest[best] == lowest.max(), f"the statement whose worst-off agent is happiest is not {best}"
