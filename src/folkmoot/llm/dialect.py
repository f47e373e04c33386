"""How a request has to be put for one endpoint, and what an endpoint's refusal teaches of that.

A call says what is wanted (`Call`); endpoints differ in how they take it: another name of the limit, no temperature,
no log-probabilities, no system role, a least limit. All of that can be set; what an endpoint refuses by name is left
out from then on, and the run says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from ..profile import InputError
from .calls import Call

LIMITS = ("max_tokens", "max_completion_tokens")
_ROOM = 16  # tokens in which a number comes, whatever a model puts before it
_LONG = 64  # tokens of an answer for which a local endpoint takes its time
SCHEMAS = ("json_schema", "json_object", "none")
_ROLES = ("system", "developer", "user")
# What an answer may still need where its limit is raised anyway; a thinking model ends its answer by itself.
_REFUSES = re.compile(
    r"unsupported|not (?:currently )?support|n't support|unrecogni|unknown|unexpected|extra (?:inputs|fields)"
    r"|not (?:permitted|allowed|enabled|available|accepted|valid)|invalid|cannot|deprecated|removed|only the default"
    r"|must be|must alternate|\buse ['\"`]|greater than max|not compatible|incompatible|no longer",
    re.IGNORECASE,
)
_OF_ROLES = re.compile(
    r"\b(?:system|developer)\W{0,3} (?:role|message|prompt|instruction)"
    r"|\broles?\b.{0,60}\b(?:system|developer|alternate)\b"
)
_AT_LEAST = re.compile(
    r"(?:>=|≥|at least|minimum(?: value)?(?: is| of|:)?|greater than or equal to|no less than)\D{0,12}(\d{1,5})", re.I
)
_ABOVE = re.compile(r"(?:greater than|more than|above|>)\s*(\d{1,5})", re.I)
_AT_MOST = re.compile(
    r"(?:max(?:imum)?(?: allowed| of| is)?:?|<=|≤|at most|less than or equal to|between 0 and|\[0, ?)\s*(\d{1,2})\b",
    re.I,
)


@dataclass(frozen=True)
class Dialect:
    """How requests are put.

    Args:
        max_tokens_name: the name of the limit of an answer: ``max_tokens`` or ``max_completion_tokens``.
        least_tokens: the least limit that the endpoint takes, at least 1.
        thinking: how many tokens a model may think before each answer, which are added to every limit.
        drop: parameters that are not sent, e.g. ``temperature``, ``seed`` or the limit itself.
        system_role: the role of the instructions: ``system``, ``developer``, or ``user`` (before the first message).
        logprobs: whether log-probabilities are asked for; without them every rating is asked for several times.
        top_logprobs: the most candidates that the endpoint gives, at least 2.
        extra: anything else to send with every request, JSON values by name.
        headers: further headers of every request, e.g. for a gateway.
        query: what the URL of every request ends in, e.g. ``api-version`` on Azure.
        key_header: the header of the key; empty: ``Authorization: Bearer``.
        stream: whether replies come in pieces, so that a time-out counts from the last one: ``always``, ``never``, or
            ``auto``: long answers of endpoints on this machine.
        answers: what a run asks for where it does not say: ``plain``, or ``structured``, for endpoints without
            log-probabilities: JSON by a schema, a rating as a list of ratings.
        schema: the form in which a schema is sent: ``json_schema``, ``json_object`` (with the schema beside it, as
            llama-cpp-python has it), or ``none``.

    Raises:
        InputError: if a value is out of its range.
    """

    max_tokens_name: str = "max_tokens"
    least_tokens: int = 1
    thinking: int = 0
    drop: tuple[str, ...] = ()
    system_role: str = "system"
    logprobs: bool = True
    top_logprobs: int = 20
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict)
    key_header: str = ""
    stream: str = "auto"
    answers: Literal["plain", "structured"] = "plain"
    schema: str = "json_schema"

    def __post_init__(self) -> None:
        if self.max_tokens_name not in LIMITS:
            raise InputError(f"max_tokens_name must be {' or '.join(LIMITS)}, not {self.max_tokens_name!r}")
        if self.system_role not in _ROLES:
            raise InputError(f"system_role must be {', '.join(_ROLES[:2])} or user, not {self.system_role!r}")
        if self.stream not in ("auto", "always", "never"):
            raise InputError(f"stream must be auto, always or never, not {self.stream!r}")
        if self.answers not in ("plain", "structured"):
            raise InputError(f"answers must be plain or structured, not {self.answers!r}")
        if self.schema not in SCHEMAS:
            raise InputError(f"schema must be {', '.join(SCHEMAS[:2])} or none, not {self.schema!r}")
        if self.least_tokens < 1 or self.thinking < 0 or self.top_logprobs < 2:
            raise InputError("least_tokens must be at least 1, thinking at least 0 and top_logprobs at least 2")

    def limit(self, most: int) -> int:
        """The limit that is sent for an answer of at most so many tokens."""
        return max(most, self.least_tokens) + self.thinking

    def as_asked(self, call: Call) -> Call:
        """The call with the limit that is sent, for reckoning what it may take."""
        limits = {name: most for name in LIMITS if isinstance(most := call.parameters.get(name), int) and most > 0}
        if not limits or all(self.limit(most) == most for most in limits.values()):
            return call
        raised = {name: self.limit(most) for name, most in limits.items()}
        asked = replace(call, parameters={**call.parameters, **raised})
        vars(asked)["key"] = call.key  # the ledger has it under what was wanted
        return asked

    def body(self, call: Call, model: str, local: bool = False) -> dict[str, Any]:
        """The JSON object to send; ``local``: to an endpoint on this machine."""
        parameters = dict(call.parameters)
        seed = parameters.get("seed")
        if isinstance(seed, int):
            parameters["seed"] = seed + call.sample  # the same seed would give the same answer again
        limits = [parameters.pop(name, None) for name in LIMITS]
        for most in limits:
            if isinstance(most, int):
                parameters[self.max_tokens_name] = self.limit(most)
        if self.logprobs and isinstance(top := parameters.get("top_logprobs"), int):
            parameters.setdefault("logprobs", True)
            parameters["top_logprobs"] = min(top, self.top_logprobs)
        elif not self.logprobs:
            parameters.pop("logprobs", None)
            parameters.pop("top_logprobs", None)
        if isinstance(form := parameters.get("response_format"), Mapping):
            parameters.pop("response_format")
            if self.schema != "none":
                parameters["response_format"] = self._form(form)
        if self._streams(call, local):
            parameters |= {"stream": True, "stream_options": {"include_usage": True}}
        parameters = {name: value for name, value in (parameters | dict(self.extra)).items() if name not in self.drop}
        return {"model": model, "messages": self._messages(call.messages)} | parameters

    def _form(self, form: Mapping[str, Any]) -> Mapping[str, Any]:
        inner = form.get("json_schema")
        if self.schema == "json_object" and isinstance(inner, Mapping) and "schema" in inner:
            return {"type": "json_object", "schema": inner["schema"]}
        return form

    def _streams(self, call: Call, local: bool) -> bool:
        if self.stream != "auto":
            return self.stream == "always"
        most = next((most for name in LIMITS if isinstance(most := call.parameters.get(name), int)), _LONG)
        return local and self.limit(most) >= _LONG and not call.parameters.get("top_logprobs")

    def _messages(self, messages: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
        kept = [(self.system_role if role == "system" else role, clean(content)) for role, content in messages]
        if self.system_role == "user":
            before: list[str] = []
            while len(kept) > 1 and kept[0][0] == kept[1][0] == "user":
                before.append(kept.pop(0)[1])
            if before:
                kept[0] = ("user", "\n\n".join([*before, kept[0][1]]))
        return [{"role": role, "content": content} for role, content in kept]


# The names of the settings, in their order.
SETTINGS = tuple(one.name for one in fields(Dialect))


def setting(name: str, value: object, file: Path | None = None) -> Any:
    """A setting of a `Dialect` as its field's type; values of environment variables are texts.

    Raises:
        InputError: if it is of another type.
    """
    default = getattr(Dialect(), name)
    if isinstance(default, bool):
        text = str(value).strip().lower()
        if text in ("true", "1", "yes", "on", "false", "0", "no", "off"):
            return text in ("true", "1", "yes", "on")
        raise InputError(f"{name} must be true or false, not {value!r}", file=file)
    if isinstance(default, int):
        if not isinstance(value, bool) and re.fullmatch(r"\d{1,9}", str(value).strip()):
            return int(str(value))
        raise InputError(f"{name} must be a whole number, not {value!r}", file=file)
    if isinstance(default, tuple):
        parts = value.split(",") if isinstance(value, str) else value
        if isinstance(parts, list | tuple) and all(isinstance(part, str) for part in parts):
            return tuple(part.strip() for part in parts if part.strip())
        raise InputError(f'{name} must be a list of names, as {name} = ["temperature"]', file=file)
    if isinstance(default, Mapping):
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                value = None
        if isinstance(value, Mapping):
            texts = name != "extra"
            return {str(key): str(one) if texts else plain(one) for key, one in value.items()}
        raise InputError(f'{name} must be a table, as {name} = {{ name = "value" }}', file=file)
    if isinstance(value, str):
        return value.strip()
    raise InputError(f"{name} must be a text: put it in quotes", file=file)


def plain(value: object) -> Any:
    """A value of a TOML file as JSON has it: its decimal numbers are numbers."""
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return float(value) if isinstance(value, Decimal) else value


def clean(text: str) -> str:
    """The text without halves of surrogate pairs, which neither UTF-8 nor SQLite can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def longer(dialect: Dialect) -> tuple[Dialect, str] | None:
    """The same with room for what some models put before a number: a blank, marks, a few words; None: there is room."""
    if dialect.least_tokens >= _ROOM:
        return None
    return replace(dialect, least_tokens=_ROOM), f"least_tokens = {_ROOM}"


def learned(dialect: Dialect, words: str, sent: Mapping[str, Any]) -> tuple[Dialect, str] | None:
    """What a refusal teaches: the dialect to ask in from now on, and the line of settings that says so.

    None where the refusal names nothing that was sent and can be put otherwise.

    Args:
        dialect: how the request was put.
        words: the endpoint's own words, with the names of the error.
        sent: the request.
    """
    text = words.lower()
    limit = dialect.max_tokens_name
    if limit in sent and "max_" in text:
        above, least = _ABOVE.search(words), _AT_LEAST.search(words)
        number = int(least[1]) if least else int(above[1]) + 1 if above else 0
        if sent[limit] < number <= 4096:
            return replace(dialect, least_tokens=number), f"least_tokens = {number}"
    if not _REFUSES.search(words):
        return None
    other = LIMITS[1 - LIMITS.index(limit)]
    if limit in sent and other not in dialect.drop and re.search(rf"\b{limit}\b", text):
        if other in text or "context" not in text:
            return replace(dialect, max_tokens_name=other, drop=(*dialect.drop, limit)), f'max_tokens_name = "{other}"'
        return None
    if "logprobs" in text and ("logprobs" in sent or "top_logprobs" in sent):
        most = _AT_MOST.search(words)
        if most and 2 <= int(most[1]) < int(sent.get("top_logprobs", 0)):
            return replace(dialect, top_logprobs=int(most[1])), f"top_logprobs = {most[1]}"
        return replace(dialect, logprobs=False), "logprobs = false"
    if "response_format" in sent and ("response_format" in text or "json_schema" in text or "json_object" in text):
        if dialect.schema == "json_schema" and "json_schema" in text and "json_object" in text:
            return replace(dialect, schema="json_object"), 'schema = "json_object"'
        return replace(dialect, schema="none"), 'schema = "none"'
    for name in sent:
        if name not in ("model", "messages", "stream", limit) and re.search(rf"\b{re.escape(name.lower())}\b", text):
            return replace(dialect, drop=(*dialect.drop, name)), f'drop = ["{name}"]'
    roles = {message["role"] for message in sent["messages"]}
    if dialect.system_role in roles and _OF_ROLES.search(text):
        if dialect.system_role == "system" and "developer" in text and "not enabled" not in text:
            return replace(dialect, system_role="developer"), 'system_role = "developer"'
        if dialect.system_role != "user":
            return replace(dialect, system_role="user"), 'system_role = "user"'
    return None
