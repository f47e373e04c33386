"""What a run keeps in its ledger about the endpoint: which models answered, what refusals taught, what was in vain."""

from __future__ import annotations

from collections import Counter

from .calls import Failed
from .ledger import Ledger
from .settings import Endpoint
from .trouble import ANSWERED_IN_VAIN, short
from .wire import used_tokens


class Told:
    """Facts about an endpoint, over all resumptions of a run.

    Args:
        endpoint: the endpoint.
        ledger: the ledger of the run.
    """

    def __init__(self, endpoint: Endpoint, ledger: Ledger) -> None:
        self._endpoint, self._ledger = endpoint, ledger
        noted = ledger.noted()
        self.models: Counter[str] = Counter(noted.get("models") or {})  # answers by the model that they say they are of
        self.estimated = int(noted.get("estimated") or 0)  # answers without a bill
        self.learned: dict[str, str] = {}  # the endpoint's words by the setting that they taught
        self._kept = self._news
        self.known_to_fail = self._known_to_fail(noted.get("asked_as"), noted.get("in_vain") or ())

    @property
    def _news(self) -> tuple[int, int, bool]:
        return len(self.models), len(self.learned), bool(self.estimated)

    def reply(self, document: object) -> None:
        """Counts which model a reply says it is from, and whether it has no bill."""
        reply = document if isinstance(document, dict) else {}
        if isinstance(reply.get("model"), str) and reply["model"]:
            self.models[short(reply["model"], self._endpoint, 100)] += 1
        self.estimated += used_tokens(reply.get("usage")) is None

    def keep(self, always: bool = False) -> None:
        """Writes it to the ledger, where there is something new.

        Raises:
            WorkError: if the file cannot be written.
        """
        if always or self._news != self._kept:
            self._kept = self._news
            self._ledger.note(models=dict(self.models), estimated=self.estimated, learned=self.learned)

    def in_vain(self, query: str) -> None:
        """Notes that a run ends as no answer to a query can be used; the next asks anew: things may have changed."""
        self._ledger.note(in_vain=sorted({*(self._ledger.noted().get("in_vain") or ()), query}))

    def _known_to_fail(self, before: object, in_vain: list[str] | tuple[str, ...]) -> dict[str, Failed]:
        """The calls that were answered in vain before; asked in the same way, they would be again."""
        model, asked = self._endpoint.model, repr(self._endpoint.dialect)
        for query in in_vain:
            self._ledger.discard(model, query)
        self._ledger.note(asked_as=asked, in_vain=[])
        given_up = self._ledger.given_up(model) if before == asked and not in_vain else {}
        return {key: failed for key, failed in given_up.items() if failed.kind in ANSWERED_IN_VAIN}
