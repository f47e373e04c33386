"""A value that is not the usual one, for every option of a slate."""

from __future__ import annotations

from typing import Any

OTHERWISE: dict[str, Any] = {
    "process": "bjr",
    "engine": "llm",
    "strict": True,
    "min_length": 3,
    "max_length": 30,
    "min_answers": 2,
    "locked_in": ("4", "a b"),
    "locked_out": ("7",),
    "levels": (3.5, 2.0),
    "cost_step": 5,
    "assignment": "process",
    "draws": 0,
    "refine": True,
    "predict": "low-rank",
    "topic": "buses; trains",
    "scoring": "full",
    "specificity": 0.5,
    "per_prompt": 1,
    "validate": 0,
}
