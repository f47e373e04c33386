"""One slate that a language model writes for each of several budgets, and what a larger budget buys for what it costs.

All slates have one model behind them, and one ledger: what was answered for one budget is not paid for another. Tags,
and whatever else does not depend on the budget, are therefore paid once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from ..llm import Answer, Call, Failed, Model
from ..llm.account import Account
from ..profile import InputError, Options, Profile, Progress, Unfinished, WorkError, silent
from ..profile.costs import Unit

if TYPE_CHECKING:
    from ..engines.written import Written

#: The most budgets of a range.
ROWS = 5
DIGITS = 6


@dataclass(frozen=True)
class WrittenFigures:
    """What a budget buys with a language model. Utilities are the model's own scores of its statements.

    Args:
        budget: the budget.
        spent: what the slate costs.
        statements: how many statements it has; 0: none came of it.
        mean: the mean utility of the statement that represents a person, over all people; who has none, or is silent,
            counts with the lowest.
        q1: the first quartile of the same.
        left_over: how many people no statement represents.
        calls: how many answers this slate alone takes.
        tokens: their tokens, in and out.
        new_calls: how many of them no budget before took.
        new_tokens: the tokens of these.
        cost: what the new ones cost; None: prices are not known.
    """

    budget: int
    spent: int
    statements: int
    mean: float | None
    q1: float | None
    left_over: int
    calls: int
    tokens: int
    new_calls: int
    new_tokens: int
    cost: str | None


class _Once:
    """Counts the answers that none of the runs before had (a `folkmoot.llm.Model`)."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.endpoint = model.endpoint if isinstance(model, Account) else None
        self._seen: set[str] = set()
        self.calls = self.tokens = 0

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        """See `Model.answers`."""
        answers = self.model.answers(calls)
        for call, answer in zip(calls, answers, strict=True):
            if call.key not in self._seen and isinstance(answer, Answer):
                self._seen.add(call.key)
                self.calls += 1
                self.tokens += answer.input_tokens + answer.output_tokens
        return answers


def written_sweep(
    profile: Profile,
    budgets: Sequence[int],
    model: Model,
    *,
    unit: Unit = "words",
    seed: int = 0,
    options: Options | None = None,
    report: Progress | None = None,
) -> tuple[WrittenFigures, ...]:
    """Has a slate written for each budget, the smallest first.

    Args:
        profile: the profile as read.
        budgets: the budgets, counted in ``unit``.
        model: the model that answers; with a ledger, answers are paid for once.
        unit: what the budgets count: words or statements.
        seed: seed of every random choice, as for `slate`: the slates are those that it chooses.
        options: the other options of `slate`; none: the usual ones with the engine ``llm``.
        report: called with (stage, share done).

    Returns:
        Figures for each budget, in rising order.

    Raises:
        InputError: there are no budgets, or an option does not fit.
        Unfinished: a limit was reached, or the model stopped answering; what was answered is in the ledger.
    """
    from ..engines.protocol import Task
    from ..engines.written import write

    progress, options = report or silent, options or Options(engine="llm")
    if not budgets:
        raise InputError("name at least one budget")
    # How the scores do on held-out answers has nothing to do with the budget.
    options = replace(options, validate=0)
    once, found = _Once(model), []
    whole = model if isinstance(model, Account) else None
    paid = Decimal(0) if whole is None else whole.cost
    for number, budget in enumerate(sorted(set(budgets))):
        progress("comparing budgets", number / len(budgets))
        account = Account(once, once.endpoint)
        before = once.calls, once.tokens
        try:
            written = write(profile, Task(options, budget, unit, seed), account)
            if unfinished := written.selection.parameters.get("unfinished"):
                raise Unfinished(f"budget {budget:,} is not finished: {unfinished}")
        except Unfinished:
            raise
        except WorkError:
            written = None  # nothing could be chosen, which is a result: the budget is too small
        now = None if whole is None else whole.cost
        cost = None if now is None or paid is None else f"{now - paid:f}"
        paid = now
        told = account.as_dict()
        taken = told["calls"], told["input_tokens"] + told["output_tokens"]
        new = once.calls - before[0], once.tokens - before[1]
        found.append(_figures(profile, budget, written, taken, new, cost))
    return tuple(found)


def _figures(
    profile: Profile,
    budget: int,
    written: Written | None,
    taken: tuple[int, int],
    new: tuple[int, int],
    cost: str | None,
) -> WrittenFigures:
    if written is None:
        return WrittenFigures(budget, 0, 0, None, None, profile.n_agents, *taken, *new, cost)
    rounds, writer = written.selection.rounds, written.queries.writer
    first = written.queries.disc.n_statements - written.profile.n_statements
    scores = written.queries.disc.so_far
    own = np.full(profile.n_agents, np.nan)
    for one in rounds:
        own[one.agents] = scores[one.agents, one.candidate + first]
    seated = np.unique(np.concatenate([one.agents for one in rounds])) if rounds else np.empty(0, dtype=np.int64)
    worth = np.where(np.isnan(own), written.queries.disc.range[0], own)
    masses = profile.masses
    mean = float(np.average(worth, weights=masses))
    quartile = float(np.quantile(np.repeat(worth, masses), 0.25))
    return WrittenFigures(
        budget,
        sum(writer.cost(one.candidate + first) for one in rounds),
        len(rounds),
        round(mean, DIGITS),
        round(quartile, DIGITS),
        profile.n_agents - len(seated),
        *taken,
        *new,
        cost,
    )
