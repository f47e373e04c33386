"""The budget on the command line: one number, a range to compare, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from ..profile import InputError
from ..profile.costs import Unit
from ..profile.declared import Option
from ..profile.options import BASICS, Goal, LengthOption, SeedOption, UnitOption, counted_in
from ..report.words import count, percent

if TYPE_CHECKING:
    from ..slates.sweep import BudgetFigures


@dataclass(frozen=True)
class WantedGoal:
    """How large a slate may be, or which sizes to compare."""

    budget: Annotated[
        str | None,
        Option(
            "What the slate may cost, counted in `unit`; none: 10 to 15 statements, or the budget that an election "
            "states. A range such as 6..24 compares budgets in a table and writes nothing.",
            BASICS,
            metavar="N",
        ),
    ] = None
    unit: UnitOption = "words"
    seed: SeedOption = 0
    length: LengthOption = None

    @property
    def range(self) -> tuple[int, int] | None:
        """The lowest and the highest budget to compare; None: one slate is wanted.

        Raises:
            InputError: the budget is neither a number nor a range.
        """
        if self.budget is None or ".." not in self.budget:
            return None
        low, _, high = self.budget.partition("..")
        return _number(low, self.budget), _number(high, self.budget)

    @property
    def counts(self) -> Unit:
        """What the budget counts.

        Raises:
            InputError: unit and length exclude each other.
        """
        return counted_in(self.unit, self.length)

    @property
    def goal(self) -> Goal:
        """The goal of one slate.

        Raises:
            InputError: the budget is no number, or one that it cannot be.
        """
        budget = None if self.budget is None else _number(self.budget, self.budget)
        return Goal(budget, self.unit, self.seed, self.length)


def _number(text: str, given: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InputError(f"--budget {given!r} is no whole number and no range; write it like 12, or 6..24") from None


def refuse_with_range(edit: object, out: object, repeats: object) -> None:
    """Refuses options that a comparison of budgets has no use for.

    Raises:
        InputError: one of them was given.
    """
    for flag, value in (("--edit", edit), ("--out", out), ("--repeats", repeats)):
        if value is not None:
            raise InputError(f"a range of budgets has no use for {flag}; leave it, or give one budget")


def table(rows: Sequence["BudgetFigures"], unit: str, wanted: tuple[int, int]) -> str:
    """Budgets and what each buys, as text of at most 80 columns.

    Args:
        rows: the figures for each budget.
        unit: what the budgets count.
        wanted: the range that was given.
    """
    head = f"{'budget':>8}{'statements':>12}{'agree':>10}{'expected':>10}{'worst':>10}{'draws':>10}{'left':>8}"
    second = f"{unit:>8}{'':>12}{'(voted)':>10}{'':>10}{'group':>10}{'violated':>10}{'over':>8}"
    lines = [head, second]
    for row in rows:
        shares = (row.agree, row.expected, row.worst_group, row.violated)
        cells = "".join(f"{'–' if share is None else percent(share):>10}" for share in shares)
        lines.append(f"{count(row.budget):>8}{count(row.statements):>12}{cells}{count(row.left_over):>8}")
    low, high = wanted
    if len(rows) < high - low + 1:
        lines += [
            "",
            f"Shown are {len(rows)} of the {count(high - low + 1)} budgets from {count(low)} to {count(high)}.",
        ]
    lines += [
        "",
        "agree: of the people who voted on the statement they are assigned to, those who",
        "agree.",
        "expected: of all people, those who agree with theirs or are expected to.",
        "worst group: the same in the opinion group where it is lowest.",
        "draws violated: draws of the unknown votes in which a large enough group would",
        "rather have a statement that was left out.",
        "left over: people whom no statement represents.",
        "Nothing was written; choose with --budget N.",
    ]
    return "\n".join(lines)
