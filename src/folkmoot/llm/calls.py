"""One call to a language model and its answer: the types that everything which asks a model uses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from .thinking import answer_span

# Candidates of one token with their log-probabilities, most probable first.
Top = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Call:
    """One request.

    Args:
        query: the name of the prompt with its version, e.g. ``agreement/1``.
        messages: the (role, content) pairs in order; a role is ``system``, ``user`` or ``assistant``.
        parameters: the parameters of sampling, JSON values by name: ``temperature``, ``max_tokens``, ``top_logprobs``,
            ...
        sample: the number, 0, 1, ..., of an independent answer to the same request.
        about: what the call is for, JSON values by name (agent, statement, group): for the ledger, never sent.
    """

    query: str
    messages: tuple[tuple[str, str], ...]
    parameters: Mapping[str, object] = field(default_factory=dict)
    sample: int = 0
    about: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """SHA-256 of everything that decides the answer (not of ``about``); the ledger adds the model's name."""
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
        text: the text of the message.
        top: the log-probabilities of the candidates of the answer's first token as the endpoint returned them, (token,
            logprob), most probable first; None where it returned none, or none of the text's tokens. There may be fewer
            than were requested. What a model thinks before it answers is not the answer.
        input_tokens: the number of tokens of the prompt.
        output_tokens: the number of tokens of the answer.
        cached_tokens: the number of tokens of the prompt that the endpoint says it had cached.
        finish: why the answer ended, e.g. ``stop`` or ``length``.
        tokens: the tokens of the answer, each with its candidates, position by position, where the call wants them
            (`Call.positions`) or more than one came, and the endpoint returned them; else None. A token that cannot be
            read is U+FFFD.
    """

    text: str
    top: Top | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    finish: str = "stop"
    tokens: tuple[tuple[str, Top], ...] | None = None

    @cached_property
    def said(self) -> str:
        """The text's answer, without what the model thought before it; empty where there is none."""
        span = answer_span(self.text)
        return "" if span is None else self.text[span[0] : span[1]]


@dataclass(frozen=True)
class Failed:
    """A call that has no answer after all retries.

    Args:
        reason: why there is no answer, one sentence without secrets.
        kind: the kind of the last attempt's failure (`folkmoot.llm.ledger.Fault`); empty: not known.
    """

    reason: str
    kind: str = ""


class Model(Protocol):
    """Anything that answers calls: an endpoint with its ledger, a recorded run, a made-up model in a test."""

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        """One result for every call, in the order of the calls, whatever order they came back in."""
