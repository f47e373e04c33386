"""Table 1 of Boehmer, Fish, Procaccia 2025, recomputed from the published utilities."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.profile import FloatArray, IntArray, MissingExtraError

from .data import Published

# What the paper prints for PROSE: mean, first quartile, share of the 100 sampled statements that violate cBJR.
PRINTED = {
    "drugs_80": (3.417, 3.000, 0.19),
    "drugs_80_extreme_middle": (3.870, 3.119, 0.14),
    "drugs_obesity_80": (3.394, 2.998, 0.10),
    "bowlinggreen_41": (3.540, 3.003, 0.05),
}
CENT = 100


def table_one(run: Published, folder: Path, name: str) -> dict[str, Any]:
    """A run's rows of Table 1.

    Args:
        run: the run, with the methods' slates.
        folder: the folder of the run, for the utilities of the 100 statements sampled from the pool.
        name: the name of the run.

    Returns:
        {method: {"mean", "q1" (linear percentile), "p" (two-sided Welch t-test against PROSE, None for PROSE),
        "bjr" (share of the 100 that violate; for PROSE-UnitCost, where it was not published, a lower bound),
        "violating" (how many, recomputed), "logged" (whether exactly these were logged; None: not published),
        "sampled_with_words" (of the 100, those whose length is known: a complaint needs it), "printed" (what the
        paper prints, as far as it is known here: PROSE), "agrees" (with it, to every digit)}}.

    Raises:
        MissingExtraError: scipy is not installed.
    """
    try:
        from scipy.stats import ttest_ind
    except ImportError:
        raise MissingExtraError("Welch's t-test needs scipy; pip install 'folkmoot[exact]'") from None
    pool, lengths = _sampled(folder, run)
    base = _utilities(run, "PROSE")
    rows: dict[str, Any] = {}
    for method, slate in run.slates.items():
        own = _utilities(run, method)
        hits = violating(pool, lengths, own, run.n, run.budget)
        logged = slate["bjr_violating_pool_idx"]
        row: dict[str, Any] = {
            "mean": float(own.mean()),
            "q1": float(np.quantile(own, 0.25)),
            "p": None if method == "PROSE" else float(ttest_ind(base, own, equal_var=False).pvalue),
            "bjr": len(hits) / pool.shape[1],
            "violating": len(hits),
            "logged": None if logged is None else hits.tolist() == sorted(logged),
            "sampled_with_words": int((lengths >= 0).sum()),
        }
        if method == "PROSE":
            printed = PRINTED[name]
            row["printed"] = list(printed)
            row["agrees"] = (round(row["mean"], 3), round(row["q1"], 3), round(row["bjr"], 2)) == printed
        rows[method] = row
    return rows


def violating(pool: FloatArray, lengths: IntArray, own: FloatArray, n: int, budget: int) -> IntArray:
    """Sampled statements that violate cBJR, as the paper counts.

    Utilities are floored to 0.01, cutoffs are the midpoints of consecutive distinct values, and a statement violates if
    at some cutoff at least c n / B agents have it above and their own statement below.

    Args:
        pool: float64 [n, s], utilities, nan where they were not published.
        lengths: int64 [s], words of each statement, -1 where unknown (such a statement never counts).
        own: float64 [n], the utility of the assigned statement.
        n: the number of agents.
        budget: the budget of the slate.
    """
    wanted, has = _cents(pool), _cents(own)
    hits = []
    for a in np.flatnonzero(lengths >= 0):
        known = ~np.isnan(pool[:, a])
        values = np.unique(np.concatenate([wanted[known, a], has]))
        cutoffs = (values[1:] + values[:-1]) / 2
        above, below = wanted[known, a] >= cutoffs[:, None], has[known] < cutoffs[:, None]
        if int((above & below).sum(axis=1).max(initial=0)) * budget >= int(lengths[a]) * n:
            hits.append(int(a))
    return np.array(hits, dtype=np.int64)


def _cents(values: FloatArray) -> FloatArray:
    """Floored to 0.01, in hundredths; what was floored already stays where it is."""
    return np.asarray(np.floor(values * CENT + 1e-6))


def _utilities(run: Published, method: str) -> FloatArray:
    return np.array([run.slates[method]["cot_utility"][agent] for agent in run.agents])


def _sampled(folder: Path, run: Published) -> tuple[FloatArray, IntArray]:
    with gzip.open(folder / "cot_pool.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pool = np.array([[float(row[agent]) if row[agent] else np.nan for row in rows] for agent in run.agents])
    return pool, np.array([int(row["words"] or -1) for row in rows], dtype=np.int64)
