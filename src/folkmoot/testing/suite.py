"""A conformance suite: checks that every entry of one registry has to pass, yours as well as folkmoot's own."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from ..profile.registry import HasId

Entry = TypeVar("Entry", bound=HasId)
Check = Callable[[Entry], None]


@dataclass(frozen=True)
class Case(Generic[Entry]):
    """One check of one entry.

    Args:
        check: raises an AssertionError that says what is not as it was declared.
        entry: of a registry.
    """

    check: Check[Entry]
    entry: Entry

    def __call__(self) -> None:
        self.check(self.entry)

    def __str__(self) -> str:
        return f"{self.entry.id}-{self.check.__name__}"


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
                says = inspect.cleandoc(case.check.__doc__ or "").splitlines()
                error.add_note(f"{entry.id}: {case.check.__name__}: {says[0] if says else ''}")
                raise

    def cases(self, *entries: Entry) -> list[Case[Entry]]:
        """Every check of every entry, for `pytest.mark.parametrize` with ``ids=str``."""
        return [Case(check, entry) for entry in entries for check in self.checks]


def first(values: Iterable[object], most: int = 3) -> str:
    """A few of them, for messages."""
    shown = list(values)
    return ", ".join(map(str, shown[:most])) + (", ..." if len(shown) > most else "")
