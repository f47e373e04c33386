"""Table 1 of Boehmer, Fish, Procaccia 2025, recomputed from the published utilities."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.audits.sampled_bjr import violating
from folkmoot.profile import FloatArray, IntArray, MissingExtraError

from .data import Published

# Table 1 as printed: mean, p of a Welch t-test against PROSE, first quartile, share of the 100 sampled statements that
# violate cBJR.
Row = tuple[float, float | None, float, float]
PRINTED: dict[str, dict[str, Row]] = {
    "drugs_80": {
        "PROSE": (3.42, None, 3.00, 0.19),
        "PROSE-UnitCost": (3.05, 0.011, 2.06, 0.31),
        "Clustering": (3.14, 0.041, 2.30, 0.30),
        "Zero-Shot": (2.76, 3.7e-06, 2.00, 0.65),
        "Contextless Zero-Shot": (2.58, 3.1e-09, 2.00, 0.68),
    },
    "drugs_80_extreme_middle": {
        "PROSE": (3.87, None, 3.12, 0.14),
        "PROSE-UnitCost": (3.11, 3.1e-07, 2.17, 0.34),
        "Clustering": (3.28, 4.6e-05, 2.80, 0.23),
        "Zero-Shot": (3.10, 1.0e-07, 2.09, 0.36),
        "Contextless Zero-Shot": (2.77, 2.3e-14, 2.01, 0.41),
    },
    "drugs_obesity_80": {
        "PROSE": (3.39, None, 3.00, 0.10),
        "PROSE-UnitCost": (3.20, 0.224, 2.00, 0.20),
        "Clustering": (3.02, 0.016, 2.00, 0.17),
        "Zero-Shot": (2.75, 3.5e-05, 2.00, 0.39),
        "Contextless Zero-Shot": (3.15, 0.053, 2.73, 0.19),
    },
    "bowlinggreen_41": {
        "PROSE": (3.54, None, 3.00, 0.05),
        "PROSE-UnitCost": (2.76, 1.1e-05, 2.02, 0.22),
        "Clustering": (2.79, 4.5e-04, 2.00, 0.37),
        "Zero-Shot": (3.06, 0.023, 2.00, 0.13),
        "Contextless Zero-Shot": (2.54, 1.7e-08, 2.00, 0.32),
    },
}


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
        paper prints), "equal" (which of these figures are equal to the last digit), "bounded" (for PROSE-UnitCost:
        whether the printed share of violations is at least the lower bound)}}.

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
        mean, p, quartile, share = PRINTED[name][method]
        row["printed"] = {"mean": mean, "q1": quartile, "bjr": share} | ({} if p is None else {"p": p})
        row["equal"] = [key for key in row["printed"] if _same_digits(key, row[key], row["printed"][key])]
        if row["logged"] is None:
            # Where a share is a lower bound it is nothing to be equal to.
            del row["printed"]["bjr"]
            row["equal"] = [key for key in row["equal"] if key != "bjr"]
            row["bounded"] = row["bjr"] <= share
        rows[method] = row
    return rows


def _same_digits(key: str, here: float, printed: float) -> bool:
    """Whether a figure rounds to the printed one: two decimals; a p-value two digits, or three decimals above 0.01."""
    if key == "p":
        return float(f"{here:.1e}" if printed < 0.01 else f"{here:.3f}") == printed
    return round(here, 2) == printed


def _utilities(run: Published, method: str) -> FloatArray:
    return np.array([run.slates[method]["cot_utility"][agent] for agent in run.agents])


def _sampled(folder: Path, run: Published) -> tuple[FloatArray, IntArray]:
    with gzip.open(folder / "cot_pool.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pool = np.array([[float(row[agent]) if row[agent] else np.nan for row in rows] for agent in run.agents])
    return pool, np.array([int(row["words"] or -1) for row in rows], dtype=np.int64)
