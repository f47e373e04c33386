"""What the simulated endpoint makes up besides ratings: objects of the form that a request asks for, and embeddings."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

# Words of a made-up text, which says nothing about anybody.
_WORDS = ("streets", "trees", "buses", "parks", "schools", "rents", "roads", "shops", "paths", "water", "light")


def made_up_object(key: str, form: object) -> str | None:
    """The answer to a request with this ``response_format``; None where it asks for no form.

    A list of labels is drawn around one of them, as answers of one model would be.
    """
    schema = _schema(form)
    if schema is None:
        return None
    entries = schema.get("properties") or {}
    return json.dumps({name: _value(f"{key}/{name}", one) for name, one in entries.items()})


def _schema(form: object) -> Mapping[str, Any] | None:
    if not isinstance(form, Mapping):
        return None
    inner = form.get("json_schema")
    found = inner.get("schema") if isinstance(inner, Mapping) else form.get("schema")
    return found if isinstance(found, Mapping) else None


def _value(key: str, kind: Mapping[str, Any]) -> Any:
    draw = random.Random(key)  # noqa: S311  (data, not a secret)
    if kind.get("type") == "array":
        of = kind.get("items") or {}
        labels = of.get("enum")
        if labels:
            centre = draw.randrange(len(labels))
            near = [min(len(labels) - 1, max(0, centre + draw.choice((-1, 0, 0, 1)))) for _ in range(kind["minItems"])]
            return [labels[at] for at in near]
        return [_value(f"{key}/{k}", of) for k in range(kind.get("minItems", 1))]
    if kind.get("enum"):
        return draw.choice(kind["enum"])
    return f"More {', '.join(draw.sample(_WORDS, 3))} for everybody."


def embedding(model: str, text: str) -> dict[str, Any]:
    """A reply with a vector of 16 numbers that texts with the same words share."""
    vector = [0.0] * 16
    for word in text.lower().split():
        vector[random.Random(word).randrange(16)] += 1.0  # noqa: S311
    data = [{"object": "embedding", "index": 0, "embedding": vector}]
    return {
        "object": "list",
        "data": data,
        "model": model,
        "usage": {"prompt_tokens": len(text) // 4 + 1, "total_tokens": len(text) // 4 + 1},
    }
