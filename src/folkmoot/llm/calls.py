"""One call to a language model and what came back: what everything that asks a model speaks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

# Candidates of one token with their log-probabilities, most probable first.
Top = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Call:
    """One request.

    Args:
        query: name of the prompt with its version, e.g. ``agreement/1``.
        messages: (role, content) pairs in order; role is ``system``, ``user`` or ``assistant``.
        parameters: of sampling, JSON values by name: ``temperature``, ``max_tokens``, ``top_logprobs``, ...
        sample: 0, 1, ... for independent answers to the same request.
        about: what the call is for, JSON values by name (agent, statement, group): for the ledger, never sent.
    """

    query: str
    messages: tuple[tuple[str, str], ...]
    parameters: Mapping[str, object] = field(default_factory=dict)
    sample: int = 0
    about: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """SHA-256 of what decides the answer (not of ``about``); the model's name is added by the ledger."""
        body = [self.query, self.messages, dict(sorted(self.parameters.items())), self.sample]
        return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def positions(self) -> bool:
        """Whether log-probabilities are wanted of every token of the answer, not of the first one alone."""
        most = self.parameters.get("max_completion_tokens", self.parameters.get("max_tokens"))
        return bool(self.parameters.get("top_logprobs")) and most != 1


@dataclass(frozen=True)
class Answer:
    """What a model answered.

    Args:
        text: of the message.
        top: log-probabilities of the first token's candidates as the endpoint gave them, (token, logprob), most
            probable first; None where it gave none. There may be fewer than were asked for.
        input_tokens: of the prompt.
        output_tokens: of the answer.
        cached_tokens: of the prompt, as far as the endpoint says it had them cached.
        finish: why it ended, e.g. ``stop`` or ``length``.
        tokens: of the answer, each with its candidates, position by position, where the call wants them
            (`Call.positions`) and the endpoint gave them; else None. A token that cannot be read is U+FFFD.
    """

    text: str
    top: Top | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    finish: str = "stop"
    tokens: tuple[tuple[str, Top], ...] | None = None


@dataclass(frozen=True)
class Failed:
    """A call that has no answer after all retries.

    Args:
        reason: one sentence, free of secrets.
    """

    reason: str


class Model(Protocol):
    """Answers calls, whatever is behind it: an endpoint with its ledger, a recorded run, a made-up model in a test."""

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        """One result for every call, in the order of the calls, whatever order they came back in."""
