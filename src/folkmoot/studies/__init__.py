"""Studies: each paper's experiments by name, as data. A new one is one file and one line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import counterexamples, refine, synthetic

STUDIES: dict[str, Callable[..., dict[str, Any]]] = {
    "counterexamples": counterexamples.run,
    "refine": refine.run,
    "synthetic": synthetic.run,
}

__all__ = ["STUDIES", "counterexamples", "refine", "synthetic"]
