"""A conformance suite: checks that every entry of one registry has to pass, yours as well as folkmoot's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from ..profile.docs import first_sentence
from ..profile.registry import HasId

Entry = TypeVar("Entry", bound=HasId)
Check = Callable[[Entry], None]


@dataclass(frozen=True)
class Case:
    """One check of one entry; called, it raises an AssertionError that says what is not as it was declared.

    Args:
        id: of the entry, and the name of the check.
        says: what is checked, one sentence.
        run: the check of the entry.
    """

    id: str
    says: str
    run: Callable[[], None]

    def __call__(self) -> None:
        self.run()

    def __str__(self) -> str:
        return self.id


class Suite(Generic[Entry]):
    """The checks of one kind of entry, in the order in which failures say most.

    Call it with an entry to run all of them. Where pytest is to show each by itself::

        @pytest.mark.parametrize("case", check_process.cases(PROCESSES["first-come"]), ids=str)
        def test_conformance(case):
            case()

    Args:
        checks: functions of an entry that raise an AssertionError, each with one sentence that says what it holds to.
    """

    def __init__(self, *checks: Check[Entry]) -> None:
        self.checks = checks

    def __call__(self, entry: Entry) -> None:
        """Runs every check.

        Raises:
            AssertionError: the first that fails, with the entry and the check named.
        """
        for case in self.cases(entry):
            try:
                case()
            except AssertionError as error:
                error.add_note(f"{case.id}: {case.says}")
                raise

    def cases(self, *entries: Entry) -> list[Case]:
        """Every check of every entry, for `pytest.mark.parametrize` with ``ids=str``."""
        return [
            Case(f"{entry.id}-{check.__name__}", first_sentence(check), partial(check, entry))
            for entry in entries
            for check in self.checks
        ]
