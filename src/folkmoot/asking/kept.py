"""What a survey keeps in a file: arrays and a description, told apart by the source they were learned from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..profile import InputError, IntArray
from .population import Population
from .slate_value import SlateValue

SCHEMA = 1
# Everything that a file holds.
Kept = tuple[dict[str, Any], dict[str, Any]]


def write(file: Path, about: Mapping[str, Any], arrays: Mapping[str, Any]) -> None:
    """Writes a description (JSON-ready) and arrays.

    Raises:
        InputError: the file cannot be written.
    """
    text = np.frombuffer(json.dumps({"schema": SCHEMA, **about}).encode("utf-8"), dtype=np.uint8)
    try:
        with file.open("wb") as target:
            np.savez_compressed(target, about=text, **arrays)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror}); name another file", file=file) from None


def read(file: Path, source: str | None) -> Kept:
    """Description and arrays of a file; see `Survey.load`.

    Raises:
        InputError: the file is none, is of another version, or of another source.
    """
    try:
        with np.load(file, allow_pickle=False) as found:
            arrays = {name: found[name] for name in found.files}
        about = json.loads(bytes(arrays.pop("about")).decode("utf-8"))
        version = about["schema"]
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(
            "is no saved survey; name a file that there is not yet, or one that a survey was saved to", file=file
        ) from None
    if version != SCHEMA:
        raise InputError(f"is a survey of version {version!r}, this program reads {SCHEMA}; delete it", file=file)
    if source is not None and about.get("source") != source:
        raise InputError("was learned from another source, or from this one as it was before; delete it", file=file)
    return about, arrays


def packed(value: SlateValue) -> Kept:
    """What questions are worth to a slate, with what is computed once."""
    arrays = {
        "chosen": value.chosen,
        "costs": value.costs,
        "slate_pool": value.pool,
        "leads": value._leads,
        "margins": value._margins,
        "rival_totals": value._everybody[0],
        "doubt_totals": value._everybody[1],
        "rivals": np.array(value.rivals, dtype=np.int64).reshape(len(value.rivals), -1),
    }
    return {"complaints": [list(each) for each in value._complaints]}, arrays


def unpacked(kept: Kept, population: Population, answers: IntArray, budget: int, seed: int) -> SlateValue:
    """The other way round."""
    about, arrays = kept
    chosen, pool, costs = arrays["chosen"], arrays["slate_pool"], arrays["costs"]
    value = SlateValue(population, answers, chosen, pool, costs, budget, seed)
    value.__dict__.update(
        rivals=list(arrays["rivals"]),
        _complaints=[(int(s), int(level), int(need), float(mass)) for s, level, need, mass in about["complaints"]],
        _everybody=(arrays["rival_totals"], arrays["doubt_totals"]),
        _leads=arrays["leads"],
        _margins=arrays["margins"],
    )
    return value
