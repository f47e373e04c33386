"""What it means to check a claim of a paper: cases are counted, and the counts decide the claim's status.

A claim is checked over a grid; where it fails, the smallest case that was searched and fails is its witness, and where
there is an exact form, that is checked over a grid too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Tally:
    """How many cases were checked, and how many of them fail."""

    checked: int = 0
    failed: int = 0

    def add(self, holds: bool) -> bool:
        """Counts one case and returns it."""
        self.checked += 1
        self.failed += not holds
        return holds

    def all(self, cases: Iterable[bool]) -> Tally:
        """Counts them all."""
        for holds in cases:
            self.add(bool(holds))
        return self


@dataclass(frozen=True)
class Finding:
    """The result of checking a claim.

    Args:
        printed: the tally of the claim as it is printed.
        witness: the numbers that show the result, as a sentence.
        values: the same numbers, JSON-ready.
        corrected: the tally of the exact form, where the printed one fails or is not sharp.
    """

    printed: Tally
    witness: str
    values: dict[str, Any] = field(default_factory=dict)
    corrected: Tally | None = None

    @property
    def status(self) -> str:
        """``verified``: no case fails; ``corrected``: some do, but none of the exact form; ``refuted``: some do."""
        if not self.printed.failed:
            return "verified" if self.corrected is None or not self.corrected.failed else "refuted"
        return "corrected" if self.corrected is not None and not self.corrected.failed else "refuted"


@dataclass(frozen=True)
class Claim:
    """One claim.

    Args:
        name: the name of the claim: Lemma 7, ..., or the slip's number.
        says: the claim, in our words.
        reading: the exact form, or the reading that gives the paper's numbers.
        check: the function that checks the claim; None where the claim concerns wording alone.
    """

    name: str
    says: str
    reading: str
    check: Callable[[], Finding] | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, checked now."""
        outcome = self.check() if self.check else None
        return {
            "name": self.name,
            "says": self.says,
            "reading": self.reading,
            "status": outcome.status if outcome else "wording",
            "checked": outcome.printed.checked if outcome else 0,
            "failed": outcome.printed.failed if outcome else 0,
            "checked_exact_form": outcome.corrected.checked if outcome and outcome.corrected else 0,
            "failed_exact_form": outcome.corrected.failed if outcome and outcome.corrected else 0,
            "witness": outcome.witness if outcome else "",
            "values": outcome.values if outcome else {},
        }


class Claims(list[Claim]):
    """Claims in the order in which they are written down, each above its check."""

    def check(self, name: str, says: str, reading: str) -> Callable[[Callable[[], Finding]], Callable[[], Finding]]:
        """Adds a `Claim` that the function below checks."""

        def add(check: Callable[[], Finding]) -> Callable[[], Finding]:
            self.append(Claim(name, says, reading, check))
            return check

        return add

    def wording(self, name: str, says: str, reading: str) -> None:
        """Adds a `Claim` that concerns wording alone."""
        self.append(Claim(name, says, reading))
