"""Values that are not the usual ones, for every option of a slate."""

from __future__ import annotations

from typing import Any

#: All but ``fill``, which ``no_fill`` excludes.
OTHERWISE: dict[str, Any] = {
    "process": "bjr",
    "engine": "llm",
    "strict": True,
    "min_length": 3,
    "max_length": 30,
    "min_answers": 2,
    "keep_self_descriptions": True,
    "keep_metadata": True,
    "keep_duplicates": True,
    "all_eligible": True,
    "locked_in": ("4", "a b"),
    "locked_out": ("7",),
    "consensus": 0.5,
    "calibrate_to": "region",
    "no_fill": True,
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
    "pool": "both",
    "answers": "structured",
    "validate": 0,
}
