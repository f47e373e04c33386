"""Models that may be told what they will be asked next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from .calls import Answer, Call, Model

# From a call and its answer: what will be asked next because of it.
Then = Callable[[Call, Answer], Sequence[Call]]


@runtime_checkable
class Expects(Protocol):
    """A model that may be told what it will be asked."""

    @property
    def ahead(self) -> int:
        """How many steps of writing it is to be told ahead; 0: nothing."""
        ...

    def expect(self, slot: str, calls: Sequence[Call], then: Then | None = None, most: int | None = None) -> None:
        """See `folkmoot.llm.early.Early.expect`; ``most`` is how many that were not answered yet are taken."""
        ...

    def answered(self, calls: Sequence[Call]) -> dict[str, Answer]:
        """The answers that are there already, by key; asks nothing, and counts nothing."""
        ...


def expecting(model: Model) -> Expects | None:
    """The model, if it wants to be told what it will be asked; None: it does not."""
    return model if isinstance(model, Expects) and model.ahead else None
