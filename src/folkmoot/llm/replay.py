"""A run answered from its ledger alone, and a run that ends where its client stops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..profile import Unfinished
from .calls import Answer, Call, Failed
from .expected import Then
from .ledger import Ledger

if TYPE_CHECKING:
    from .client import Client


class Halting:
    """A client whose batches are answered whole or not at all (a `folkmoot.llm.Model`).

    A batch in which calls were not sent, because the client stopped, ends the run; calls that were tried and given up
    do not. A replay of the ledger ends at the same batch.

    Args:
        client: the client that answers.
    """

    def __init__(self, client: Client) -> None:
        self.client = client

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        """See `Model.answers`.

        Raises:
            Unfinished: if some of the calls were not sent.
            FolkmootError: for the same reasons as `Client.answers`.
        """
        answers = self.client.answers(calls)
        stopped = self.client.stopped
        if stopped is not None and any(isinstance(one, Failed) and one.reason == stopped for one in answers):
            self.client.ledger.note(stopped=stopped)
            raise Unfinished(stopped)
        return answers

    def in_vain(self, query: str) -> None:
        """See `Client.in_vain`."""
        self.client.in_vain(query)

    @property
    def ahead(self) -> int:
        """See `Expects.ahead`."""
        return self.client.ahead

    def expect(self, slot: str, calls: Sequence[Call], then: Then | None = None, most: int | None = None) -> None:
        """See `Client.expect`."""
        self.client.expect(slot, calls, then, most)

    def answered(self, calls: Sequence[Call]) -> dict[str, Answer]:
        """See `Expects.answered`."""
        return self.client.answered(calls)


class Replay:
    """Answers from a ledger and never from anywhere else (a `folkmoot.llm.Model`); writes nothing.

    Args:
        ledger: the ledger of the run.
        model: the name of the model whose answers are returned.
    """

    def __init__(self, ledger: Ledger, model: str) -> None:
        self.ledger, self.model = ledger, model
        self._given_up = ledger.given_up(model)
        self._stopped = str(ledger.noted().get("stopped") or "the ledger does not hold the next answer")

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        """See `Model.answers`; what the run gave up has failed, for the same reason.

        Raises:
            Unfinished: if the run ended before these calls.
        """
        known = self.ledger.find(self.model, list({call.key: None for call in calls}))
        if any(call.key not in known and call.key not in self._given_up for call in calls):
            raise Unfinished(self._stopped)
        return [known[call.key] if call.key in known else self._given_up[call.key] for call in calls]
