"""Embeddings by an endpoint (``/embeddings``): calls like others, so limits, ledger, retries and masking are the same.

The answer of such a call is the vector as a JSON list, so that it lies in the ledger and a replay has it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from ..profile import InputError
from .calls import Answer, Call
from .dialect import clean
from .estimate import input_tokens
from .settings import Endpoint
from .trouble import Trouble, own_words, short
from .wire import Unusable

QUERY = "embedding/1"
PATH = "/embeddings"
_NAME = "embedding_model"


def embedding_call(text: str, model: str, about: Mapping[str, object] | None = None) -> Call:
    """The call for the embedding of a text by the model of this name; its answer has at most a token of its own."""
    return Call(QUERY, (("user", text),), {_NAME: model, "max_tokens": 1}, 0, dict(about or {}))


def request(call: Call) -> dict[str, Any]:
    """The JSON object to send."""
    return {"model": call.parameters[_NAME], "input": clean(call.messages[0][1])}


def parse_embedding(reply: object, call: Call) -> Answer:
    """The vector in a reply, as the answer's text.

    Raises:
        Unusable: the reply holds no vector of finite numbers.
    """
    entries = reply.get("data") if isinstance(reply, Mapping) else None
    first = entries[0] if isinstance(entries, list) and entries else None
    found = first.get("embedding") if isinstance(first, Mapping) else None
    usage = reply.get("usage") if isinstance(reply, Mapping) else None
    used = usage.get("prompt_tokens", usage.get("total_tokens")) if isinstance(usage, Mapping) else None
    counted = int(used) if isinstance(used, int | float) and used >= 0 else input_tokens(call)
    if not isinstance(found, list) or not found or not all(_finite(one) for one in found):
        raise Unusable("garbage", "the reply holds no embedding", (counted, 0, 0))
    return Answer(json.dumps(found), None, counted, 0)


def refused(code: int, reply: bytes, call: Call, endpoint: Endpoint) -> Trouble | None:
    """What it means that a request for an embedding was refused; None: what it would mean of any request."""
    if code not in (400, 404, 405, 415, 422, 501):
        return None
    said = own_words(reply, endpoint)
    reason = (
        f"{endpoint.base_url} gives no embeddings with {call.parameters[_NAME]} ({code}){f': {said}' if said else ''}; "
        "leave embedding_model out of the settings (the bundled embedding then does), or name one that it has"
    )
    reason = short(reason, endpoint, 600)
    return Trouble("refused", reason, stop=InputError(reason))


def _finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
