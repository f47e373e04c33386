"""The budget on the command line: one number, a range to compare, or none."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..llm.account import Account
from ..profile import InputError, Options
from ..profile.costs import Unit
from ..profile.declared import Option
from ..profile.options import BASICS, Goal, LengthOption, SeedOption, UnitOption, counted_in
from ..report.numbers import percent
from ..report.text import wrap
from ..report.words import count, plain, some
from ..slates.run import LEDGER
from .llm import ModelOptions, agreed, answering
from .parts import Progress, Reader

if TYPE_CHECKING:
    from ..report.translations import Words
    from ..slates.sweep import BudgetFigures
    from ..slates.written_sweep import WrittenFigures


@dataclass(frozen=True)
class WantedGoal:
    """How large a slate may be, or which sizes to compare."""

    budget: Annotated[
        str | None,
        Option(
            "What the slate may cost, counted in `unit`; none: 10 to 15 statements, or the budget that an election "
            "states. A range such as 6..24 compares budgets in a table and writes no slate.",
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


def table(rows: Sequence["BudgetFigures"], unit: str, wanted: tuple[int, int], w: "Words") -> str:
    """Budgets and what each buys, as text of at most 80 columns.

    Args:
        rows: the figures for each budget.
        unit: what the budgets count.
        wanted: the range that was given.
        w: the language.
    """
    units = {
        "words": w.gettext("words"),
        "characters": w.gettext("characters"),
        "statements": w.gettext("statements"),
        "cost": w.gettext("cost"),
    }
    heads = [
        (w.gettext("budget"), units.get(unit, unit)),
        (w.gettext("statements"), ""),
        (w.gettext("agree"), w.gettext("(voted)")),
        (w.gettext("expected"), ""),
        (w.gettext("worst"), w.gettext("group")),
        (w.gettext("draws"), w.gettext("violated")),
        (w.gettext("left"), w.gettext("over")),
    ]
    least = (8, 12, 10, 10, 10, 10, 8)
    widths = [max(at, *(len(part) + 2 for part in head)) for at, head in zip(least, heads, strict=True)]
    cells: list[Sequence[str]] = [[first for first, _ in heads], [second for _, second in heads]]
    for row in rows:
        shares = (row.agree, row.expected, row.worst_group, row.violated)
        shown = ("–" if share is None else percent(w, share) for share in shares)
        cells.append([w.count(row.budget), w.count(row.statements), *shown, w.count(row.left_over)])
    lines = ["".join(f"{cell:>{wide}}" for cell, wide in zip(line, widths, strict=True)).rstrip() for line in cells]
    low, high = wanted
    if len(rows) < high - low + 1:
        few = w.gettext(
            "Shown are %(n)s of the %(all)s budgets from %(low)s to %(high)s.",
            n=len(rows),
            all=high - low + 1,
            low=low,
            high=high,
        )
        lines += ["", few]
    lines.append("")
    for words in (
        w.gettext("agree: of the people who voted on the statement they are assigned to, those who agree."),
        w.gettext("expected: of all people, those who agree with theirs or are expected to."),
        w.gettext("worst group: the same in the opinion group where it is lowest."),
        w.gettext(
            "draws violated: draws of the unknown votes in which a large enough group would rather have a statement "
            "that was left out."
        ),
        w.gettext("left over: people whom no statement represents."),
        w.gettext("Nothing was written; choose with --budget N."),
    ):
        lines += wrap(words, "", 80)
    return "\n".join(lines)


def written_table(rows: Sequence["WrittenFigures"], unit: str, kept: str) -> str:
    """Budgets, what each reaches with a language model, and what that takes, as text of at most 80 columns.

    Args:
        rows: the figures for each budget.
        unit: what the budgets count.
        kept: where the answers are kept.
    """
    lines = [
        f"{'budget':>8}{'state-':>8}{'mean':>8}{'first':>8}{'left':>6}{'calls':>9}{'tokens':>12}{'new':>8}{'new':>12}",
        f"{unit[:8]:>8}{'ments':>8}{'utility':>8}{'quart.':>8}{'over':>6}{'':>9}{'':>12}{'calls':>8}{'tokens':>12}",
    ]
    for row in rows:
        figures = "".join(f"{'–' if value is None else f'{value:.2f}':>8}" for value in (row.mean, row.q1))
        taken = f"{count(row.calls):>9}{count(row.tokens):>12}{count(row.new_calls):>8}{count(row.new_tokens):>12}"
        lines.append(f"{count(row.budget):>8}{count(row.statements):>8}{figures}{count(row.left_over):>6}{taken}")
    known = [row for row in rows if row.mean is not None and row.new_tokens]
    lines += ["", "What a larger budget buys, by the model's own scores:"]
    for below, row in pairwise(known):
        gain = (row.mean or 0.0) - (below.mean or 0.0)
        each = 1e5 * gain / row.new_tokens
        lines.append(
            f"  {count(below.budget)} to {count(row.budget)}: {gain:+.2f} utility for {some(row.new_calls, 'call')} "
            f"and {count(row.new_tokens)} tokens, {each:+.3f} per 100,000"
        )
    if len(known) < 2:
        lines.append("  nothing can be compared: fewer than two budgets led to a slate")
    if all(row.cost is not None for row in rows):
        total = sum((Decimal(row.cost or 0) for row in rows), Decimal(0))
        lines.append(f"cost of all of them: {total:,.4f}")
    lines += [
        "",
        "utility: of everybody's statement, as the language model scores it; who has",
        "none counts with the lowest. new: answers that no budget above took.",
        f"No slate was written; the answers are kept in {kept}.",
    ]
    return "\n".join(lines)


def sweep_written(
    reader: Reader, goal: WantedGoal, ends: tuple[int, int], options: Options, wanted: ModelOptions, *, as_json: bool
) -> None:
    """Prints what each budget of a range buys with a language model, and what it takes.

    Args:
        reader: the source.
        goal: the unit and the seed.
        ends: the lowest and the highest budget.
        options: the other options of a slate.
        wanted: the options of the model.
        as_json: whether to print JSON.
    """
    from ..formats.writing import writable
    from ..slates.sweep import steps
    from ..slates.written_sweep import ROWS, written_sweep

    budgets = steps(*ends, rows=ROWS)
    with Progress(quiet=as_json) as progress:
        progress("reading", 0.0)
        profile, options = reader.read(), wanted.fitting(options)
        folder = Path("folkmoot-out") / f"{reader.source.resolve().name.split('.')[0] or 'slate'}-budgets"
        ledger = folder / LEDGER

        def ask(model: Account) -> tuple["WrittenFigures", ...]:
            return written_sweep(profile, budgets, model, unit=goal.counts, seed=goal.seed, options=options)

        estimate = agreed(wanted, profile.n_agents, ask, ledger, progress)
        if wanted.dry_run:
            if as_json:
                typer.echo(json.dumps(asdict(estimate) if estimate else {}, default=str))
            return
        writable(folder)
        progress("comparing budgets", 0.0)
        with answering(wanted, ledger, progress) as (account, _):
            rows = ask(account)
    if as_json:
        typer.echo(json.dumps({"unit": goal.counts, "budgets": [asdict(row) for row in rows]}))
        return
    typer.echo(written_table(rows, goal.counts, plain(str(ledger))))
