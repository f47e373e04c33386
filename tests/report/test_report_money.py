"""What is said of a budget of money: one project that eats it up, and much that is left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from folkmoot.profile import Slate
from folkmoot.report import summary
from folkmoot.report.money import money
from folkmoot.report.tasks import tasks
from folkmoot.report.translations import words
from folkmoot.slates.recorded import recorded
from public_slates import chosen


def costing(costs: list[int], budget: int, **fields: object) -> Slate:
    """A slate of projects that cost so much."""
    slate = chosen("budget")
    few = tuple(replace(one, cost=cost) for one, cost in zip(slate.statements, costs, strict=False))
    return replace(slate, statements=few, budget=budget, view=None, **fields)  # type: ignore[arg-type]


def said(slate: Slate, lang: str = "en") -> list[str]:
    audit = recorded(slate).audit
    assert audit is not None
    return money(slate, audit, words(lang))


@pytest.mark.parametrize(("cost", "warned"), [(89, False), (90, True), (100, True)])
def test_a_project_that_eats_the_budget_is_named_with_its_number(cost: int, warned: bool) -> None:
    slate = costing([6, cost], 100 + 6)
    slate = replace(slate, budget=100)
    found = said(slate)
    assert any("alone takes" in one for one in found) is warned
    if warned:
        number = slate.rows()[1]["number"]
        assert found[0].startswith(f"Statement {number} alone takes {cost}% of the budget ({cost} of ")
        assert f"`--lock-out` with its id ({slate.statements[1].id})" in found[0]
        assert found[0] in [one.words for one in tasks(slate)]
        assert "alone takes" in " ".join(summary(slate).split())
        assert said(slate, "de")[0].startswith(f"Aussage {number} allein nimmt {cost}\u202f% des Budgets")


def test_money_that_is_left_is_no_mere_remainder() -> None:
    assert said(costing([30, 25], 100)) == []
    assert [one[:34] for one in said(costing([30, 15], 100))] == ["55% of the budget is not spent (55"]
    # Nobody chose: whoever wrote the list knows what it costs.
    assert said(costing([30, 15], 100, process={})) == []


def test_only_money_is_spent() -> None:
    assert said(replace(costing([95, 1], 100), unit="words")) == []
