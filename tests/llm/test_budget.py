"""Limits hold whatever is under way at once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.llm import Call, Endpoint, LimitReached, Limits, Spend, estimate
from folkmoot.llm.budget import Budget
from folkmoot.llm.estimate import shared
from folkmoot.profile import InputError


def test_what_is_under_way_is_reserved() -> None:
    budget = Budget(Limits(tokens=100), Spend(tokens=30))
    assert budget.reserve(Spend(1, 50))
    assert not budget.reserve(Spend(1, 50))
    budget.settle(Spend(1, 50), Spend(1, 10))
    assert budget.reserve(Spend(1, 60))
    budget.settle(Spend(1, 60), Spend(1, 60))
    with pytest.raises(LimitReached, match="limit in tokens reached: 100 allowed, 100 spent, up to 1 for the next"):
        budget.reserve(Spend(1, 1))


def test_money_is_shown_as_money() -> None:
    budget = Budget(Limits(cost=Decimal("1.50")), Spend(cost=1_000_000_000_000))
    with pytest.raises(LimitReached, match=r"limit in cost reached: 1.5 allowed, 1 spent, up to 0.75 for"):
        budget.reserve(Spend(1, 1, 750_000_000_000))


@given(st.lists(st.tuples(st.integers(0, 20), st.floats(0, 1), st.booleans())), st.integers(0, 100))
def test_no_limit_is_ever_overshot(steps: list[tuple[int, float, bool]], limit: int) -> None:
    budget, under_way = Budget(Limits(tokens=limit), Spend()), []
    for most, share, first in steps:
        need = Spend(1, most)
        try:
            if budget.reserve(need):
                under_way.append((need, Spend(1, int(most * share))))
        except LimitReached:
            assert not under_way
        if under_way and first:
            budget.settle(*under_way.pop(0))
        assert budget.spent.tokens + budget.reserved.tokens <= limit
    for pair in under_way:
        budget.settle(*pair)
    assert budget.reserved == Spend()


def test_limits_are_not_negative() -> None:
    with pytest.raises(InputError, match="limit in calls"):
        Limits(calls=-1)


def test_a_dry_run_states_calls_tokens_and_price() -> None:
    calls = [Call("q/1", (("user", "x" * 10),), {"max_tokens": 2}), Call("q/1", (("user", "y"),))]
    priced = Endpoint("m", input_price=Decimal(1), output_price=Decimal(2))
    plan = estimate([*calls, calls[0]], priced)
    assert (plan.calls, plan.cached, plan.unbounded) == (2, 1, 1)
    assert (plan.input_tokens, plan.output_tokens) == (3 + 4 + 1 + 4, 2 + 1024)
    assert plan.cost == Decimal(12 + 2 * 1026) / 10**6
    assert "2 calls to send" in str(plan)
    assert "price 0.0021" in str(plan)
    assert "price unknown" in str(estimate(calls, Endpoint("m")))


def test_shared_beginnings_are_those_with_the_last_call_that_begins_with_the_same_message() -> None:
    def call(system: str, user: str) -> Call:
        return Call("q/1", (("system", system), ("user", user)), {"max_tokens": 1})

    calls = [call("s" * 40, "ä" * 30 + "x"), call("t" * 40, "ä" * 30), call("s" * 40, "ä" * 30 + "y")]
    # 40 bytes and 30 of two bytes each with the first; nothing with the second, whose system message is another.
    assert shared(calls) == [0, 0, 100]
    assert shared([calls[0], calls[0]]) == [0, 101]
    assert shared([Call("q/1", ()), call("a", "b")]) == [0, 0]
    plan = estimate(calls, Endpoint("m"))
    assert plan.shared_tokens == 25
    assert "25% of the tokens in are beginnings that a call before has" in str(plan)
    assert "beginnings" not in str(estimate(calls[:2], Endpoint("m")))
