"""A model in this very process, asked like an endpoint: ledger first, limits kept, every answer written down.

So a run with such a model is replayed, resumed and audited like any other, without a network and without the SDK.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ..profile import Unfinished
from .budget import Budget, LimitReached, Limits, Spend
from .calls import Answer, Call, Failed, Model
from .estimate import input_tokens
from .ledger import Answered, Ledger
from .settings import Endpoint

DEMO = "demo"
"""The name of the model that comes with the package (`folkmoot.queries.language.demo`)."""

BLOCK = 256
"""Answers that are written down together."""


class Local:
    """Answers calls from the ledger, and those that it does not hold from a model in this process (a `Model`).

    Tokens are counted by the rule of `folkmoot.llm.estimate`, for nothing else counts them.

    Args:
        model: the model that answers.
        endpoint: its name and its prices, usually 0.
        ledger: the ledger of the run; this client is its only user.
        limits: the limits of the run, over all its resumptions.
    """

    def __init__(self, model: Model, endpoint: Endpoint, ledger: Ledger, limits: Limits | None = None) -> None:
        self.model, self.endpoint, self.ledger = model, endpoint, ledger
        self._budget = Budget(limits or Limits(), ledger.spent())

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        """See `Model.answers`; equal calls are asked once.

        Raises:
            Unfinished: if the next call might go beyond a limit; what was answered is in the ledger.
            WorkError: if the ledger cannot be written.
        """
        name = self.endpoint.model
        results: dict[str, Answer | Failed] = {**self.ledger.find(name, list({call.key: None for call in calls}))}
        missing = list({call.key: call for call in calls if call.key not in results}.values())
        for start in range(0, len(missing), BLOCK):
            results |= self._asked(missing[start : start + BLOCK])
        times = Counter(call.key for call in calls)
        new = {call.key for call in missing}
        again = {key: n - (key in new) for key, n in times.items() if isinstance(results[key], Answer)}
        self.ledger.hit(name, again)
        return [results[call.key] for call in calls]

    def _asked(self, calls: Sequence[Call]) -> dict[str, Answer | Failed]:
        started, clock = time.time(), time.perf_counter()
        answers = self.model.answers(calls)
        seconds = (time.perf_counter() - clock) / len(calls)
        kept: list[Answered] = []
        results: dict[str, Answer | Failed] = {}
        stop: str | None = None
        for call, answer in zip(calls, answers, strict=True):
            if isinstance(answer, Failed):
                self.ledger.give_up(self.endpoint.model, call, answer.reason)
                results[call.key] = answer
                continue
            counted = replace(answer, input_tokens=input_tokens(call), output_tokens=-(-len(answer.text.encode()) // 4))
            cost = self.endpoint.cost(counted.input_tokens, counted.output_tokens)
            spent = Spend(1, counted.input_tokens + counted.output_tokens, cost or 0)
            try:
                self._budget.reserve(spent)
            except LimitReached as error:
                stop = str(error)
                break
            self._budget.settle(spent, spent)
            kept.append(Answered(call, counted, cost, 1, started, seconds))
            results[call.key] = counted
        self.ledger.add(self.endpoint.model, kept)
        if stop is not None:
            self.ledger.note(stopped=stop)
            raise Unfinished(stop)
        return results
