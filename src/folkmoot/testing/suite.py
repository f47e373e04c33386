"""A conformance suite: checks that every entry of a registry has to pass, folkmoot's own and those of plugins."""

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
    """One check of one entry; calling it raises an AssertionError if the entry differs from its declaration.

    Args:
        id: the id of the entry and the name of the check.
        says: a description of the check, one sentence.
        run: the function that checks the entry.
    """

    id: str
    says: str
    run: Callable[[], None]

    def __call__(self) -> None:
        self.run()

    def __str__(self) -> str:
        return self.id


class Suite(Generic[Entry]):
    """The checks of one kind of entry, in the order in which failures are most informative.

    Call it with an entry to run all of them. To make each a test of its own in pytest::

        @pytest.mark.parametrize("case", check_process.cases(PROCESSES["first-come"]), ids=str)
        def test_conformance(case):
            case()

    Args:
        checks: the functions that check an entry and raise an AssertionError; each docstring is one sentence that
            says what it checks.
    """

    def __init__(self, *checks: Check[Entry]) -> None:
        self.checks = checks

    def __call__(self, entry: Entry) -> None:
        """Runs every check.

        Raises:
            AssertionError: if a check fails; the error names the entry and the check.
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
