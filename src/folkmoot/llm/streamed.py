"""A reply that comes in pieces, put together to the reply that it would have been."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


class Streamed:
    """The pieces of one reply (server-sent events), as they come."""

    def __init__(self) -> None:
        self.ended = False  # whether the endpoint said that there is no more
        self.pieces = 0
        self._texts: dict[str, list[str]] = {"content": [], "reasoning_content": [], "refusal": []}
        self._logprobs: list[Any] = []
        self._finish: Any = None
        self._rest: dict[str, Any] = {}
        self._error: Any = None

    def line(self, line: str) -> None:
        """Takes one line of the stream; what is no data is left out."""
        name, _, value = line.partition(":")
        if name.strip() != "data":
            return
        value = value.strip()
        if value == "[DONE]":
            self.ended = True
            return
        try:
            piece = json.loads(value)
        except (ValueError, RecursionError):
            return
        if not isinstance(piece, Mapping):
            return
        self.pieces += 1
        if piece.get("error"):
            self._error = piece["error"]
        for entry in ("model", "usage", "id"):
            if piece.get(entry):
                self._rest[entry] = piece[entry]
        choices = piece.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if isinstance(choice, Mapping):
            self._take(choice)

    def _take(self, choice: Mapping[str, Any]) -> None:
        delta = choice.get("delta", choice.get("message"))
        for name, texts in self._texts.items():
            names = (name, "reasoning", "thinking") if name == "reasoning_content" else (name,)
            part = next((delta[one] for one in names if isinstance(delta.get(one), str)), "") if (
                isinstance(delta, Mapping)
            ) else ""  # fmt: skip
            texts.append(part)
        logprobs = choice.get("logprobs")
        if isinstance(logprobs, Mapping) and isinstance(logprobs.get("content"), list):
            self._logprobs += logprobs["content"]
        if choice.get("finish_reason"):
            self._finish, self.ended = choice["finish_reason"], True
        if choice.get("error"):
            self._error = choice["error"]

    @property
    def document(self) -> dict[str, Any]:
        """The whole reply."""
        if self._error is not None and not any(self._texts["content"]):
            return {"error": self._error} | ({"usage": self._rest["usage"]} if "usage" in self._rest else {})
        message = {name: "".join(texts) for name, texts in self._texts.items() if any(texts)}
        choice: dict[str, Any] = {"message": {"role": "assistant", "content": None} | message}
        choice |= {"finish_reason": self._finish, "logprobs": {"content": self._logprobs} if self._logprobs else None}
        if self._error is not None:
            choice["error"] = self._error
        return {"choices": [choice]} | self._rest
