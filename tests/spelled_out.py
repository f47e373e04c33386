"""Everything a record holds, as text: what must not be kept of a source is not in it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def spelled_out(value: Any) -> str:
    """Records, mappings, tuples and arrays down to their last entry."""
    if is_dataclass(value) and not isinstance(value, type):
        return " ".join(f"{one.name} {spelled_out(getattr(value, one.name))}" for one in fields(value))
    if isinstance(value, dict):
        return " ".join(f"{spelled_out(name)} {spelled_out(entry)}" for name, entry in value.items())
    if isinstance(value, np.ndarray):
        return spelled_out(value.tolist())
    if isinstance(value, tuple | list | set | frozenset):
        return " ".join(map(spelled_out, value))
    return str(value)
