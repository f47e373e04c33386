"""What the pilot's people wrote about and how its groups rated each statement (Fish et al. 2024, section 5)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.profile import IntArray

# Columns of the hand annotations, and what section 5.3 calls them.
THEMES = {"privacy": "privacy and data security", "consent": "user control", "accuracy": "truthfulness", "harm": "harm"}


def themes(file: Path) -> dict[str, int] | None:
    """How many people touch on each theme, by the authors' hand annotations; None where there are none.

    Returns:
        A count for each of `THEMES`, ``privacy or control`` for at least one of these two, and ``truthfulness and one
        of these``.
    """
    if not file.is_file():
        return None
    with file.open(encoding="utf-8", newline="") as opened:
        marked = [{name: bool(row[name].strip()) for name in THEMES} for row in csv.DictReader(opened)]
    either = [row["privacy"] or row["consent"] for row in marked]
    return {
        **{words: sum(row[name] for row in marked) for name, words in THEMES.items()},
        "privacy or control": sum(either),
        "truthfulness and one of these": sum(row["accuracy"] and one for row, one in zip(marked, either, strict=True)),
    }


def groups(ratings: IntArray, place: IntArray) -> dict[str, Any]:
    """How the people assigned to each statement rated every statement.

    Args:
        ratings: int64 [n, k], 0 to 4.
        place: int64 [n], the statement each is assigned to.

    Returns:
        ``means`` [k][k], the mean rating by group and statement; ``own_first``: groups whose own statement has the
        largest mean, by itself.
    """
    k = ratings.shape[1]
    means = np.array([ratings[place == group].mean(axis=0) for group in range(k)])
    others = np.where(np.eye(k, dtype=bool), -np.inf, means).max(axis=1)
    return {"means": means.round(4).tolist(), "own_first": int((np.diag(means) > others).sum())}
