"""The calls, tokens and cost of a run, counted from its answers: the same for a run and for its replay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from .calls import Answer, Call, Failed, Model
from .expected import Then, expecting
from .settings import PICOS, Endpoint

Tell = Callable[["Account"], None]


class Account:
    """Passes calls to a model and counts the answers, every call once (a `folkmoot.llm.Model`).

    Args:
        model: the model that answers.
        endpoint: the endpoint, for its prices; None: the prices are unknown.
        tell: the function that is called after every batch.
    """

    def __init__(self, model: Model, endpoint: Endpoint | None = None, tell: Tell | None = None) -> None:
        self.model, self.endpoint, self._tell = model, endpoint, tell
        self._seen: set[str] = set()
        self._queries: dict[str, dict[str, int]] = defaultdict(
            lambda: {"calls": 0, "input_tokens": 0, "output_tokens": 0, "cached": 0, "failed": 0}
        )
        self._cost: int | None = 0

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        """See `Model.answers`."""
        answers = self.model.answers(calls)
        for call, answer in zip(calls, answers, strict=True):
            if call.key in self._seen:
                continue
            self._seen.add(call.key)
            counts = self._queries[call.query]
            if isinstance(answer, Failed):
                counts["failed"] += 1
                continue
            counts["calls"] += 1
            counts["input_tokens"] += answer.input_tokens
            counts["output_tokens"] += answer.output_tokens
            counts["cached"] += answer.cached_tokens
            self._cost = self._with(answer)
        if self._tell is not None:
            self._tell(self)
        return answers

    def in_vain(self, query: str) -> None:
        """See `Client.in_vain`; models that keep nothing need not know."""
        tell: Callable[[str], None] | None = getattr(self.model, "in_vain", None)
        if tell is not None:
            tell(query)

    @property
    def ahead(self) -> int:
        """See `Expects.ahead`; 0 of models that cannot be told."""
        return 0 if expecting(self.model) is None else int(getattr(self.model, "ahead", 0))

    def expect(self, slot: str, calls: Sequence[Call], then: Then | None = None, most: int | None = None) -> None:
        """See `Client.expect`. Nothing of it is counted before it is asked for."""
        if (told := expecting(self.model)) is not None:
            told.expect(slot, calls, then, most)

    def answered(self, calls: Sequence[Call]) -> dict[str, Answer]:
        """See `Expects.answered`."""
        told = expecting(self.model)
        return {} if told is None else told.answered(calls)

    @property
    def calls(self) -> int:
        """The number of answers so far."""
        return sum(counts["calls"] for counts in self._queries.values())

    @property
    def cost(self) -> Decimal | None:
        """The cost of all answers, in the currency of the prices; None where these are unknown."""
        return None if self._cost is None else Decimal(self._cost) / PICOS

    def as_dict(self) -> dict[str, Any]:
        """``calls``, ``input_tokens``, ``output_tokens``, ``cached`` (tokens of prompts that the endpoint had cached),
        ``failed``, ``cost`` (a decimal number as text; None: prices unknown) and the same by ``queries``; JSON-ready.
        """
        queries = {name: dict(counts) for name, counts in sorted(self._queries.items())}
        names = ("calls", "input_tokens", "output_tokens", "cached", "failed")
        totals = {name: sum(counts[name] for counts in queries.values()) for name in names}
        return {**totals, "cost": None if self.cost is None else f"{self.cost:f}", "queries": queries}

    def _with(self, answer: Answer) -> int | None:
        if self._cost is None or self.endpoint is None:
            return None
        one = self.endpoint.cost(answer.input_tokens, answer.output_tokens, answer.cached_tokens)
        return None if one is None else self._cost + one
