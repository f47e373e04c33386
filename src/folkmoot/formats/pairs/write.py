"""Preference data written back with labels, as JSON lines that trainers read (TRL: prompt, chosen, rejected)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ...profile import FloatArray, IntArray
from .read import Preferences

#: What is added to every row; a column of the source with such a name is kept with a mark before it.
ADDED = ("kind", "p_chosen", "weight")


def labelled_lines(
    preferences: Preferences, kind: IntArray | None, p_chosen: FloatArray, weight: FloatArray
) -> Iterator[str]:
    """One line a judged pair: everything the source says in its row, with ``kind``, ``p_chosen`` and ``weight``.

    Where a row of the source is no pair (ratings, rankings, several annotators), ``prompt``, ``chosen`` and
    ``rejected`` are those of the pair. Ties are left out: trainers know none.

    Args:
        preferences: the data as they were read.
        kind: int64 [n] the kind of every annotator, from 0; None: none were found.
        p_chosen: float64 [s] the chance of every judgement as it was given.
        weight: float64 [s] how much each should count.
    """
    pairs = preferences.pairs
    whole = pairs.shape == "pairs" and {"chosen", "rejected"} <= pairs.columns.keys()
    for at in range(len(pairs)):
        if pairs.tied[at]:
            continue
        record = preferences.records[int(pairs.record[at])]
        row: dict[str, Any] = {(f"source_{name}" if name in ADDED else name): value for name, value in record.items()}
        if whole:
            # Messages and implicit prompts stay as the trainer knows them, under the names it asks for.
            for role in ("prompt", "chosen", "rejected"):
                column = pairs.columns.get(role)
                if column is not None and column != role:
                    row[role] = record[column]
        else:
            row |= {
                "prompt": pairs.prompts[int(pairs.prompt[pairs.chosen[at]])],
                "chosen": pairs.responses[int(pairs.chosen[at])],
                "rejected": pairs.responses[int(pairs.rejected[at])],
            }
        row["kind"] = None if kind is None else int(kind[pairs.annotator[at]]) + 1
        row["p_chosen"], row["weight"] = round(float(p_chosen[at]), 4), round(float(weight[at]), 4)
        yield json.dumps(row, ensure_ascii=False, default=str) + "\n"
