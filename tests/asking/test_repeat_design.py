"""The design of repeated questions: what it promises, on random surveys."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from folkmoot.asking import RepeatDesign, repeat_design
from folkmoot.profile import InputError


@st.composite
def designs(draw: st.DrawFn) -> RepeatDesign:
    n, m = draw(st.integers(1, 40)), draw(st.integers(5, 40))
    share, conditions = draw(st.sampled_from([0.1, 0.15, 0.2, 0.5])), draw(st.sampled_from([4, 6, 8]))
    assume(m - min(max(1, round(share * m)), m // 2) >= conditions - 1)
    return repeat_design(n, m, np.random.default_rng(draw(st.integers(0, 2**32))), share=share, conditions=conditions)


@settings(max_examples=80, deadline=None)
@given(designs())
def test_every_questionnaire_asks_everything_and_keeps_the_rules(design: RepeatDesign) -> None:
    everything = set(range(design.n_statements))
    for row in range(design.n_agents):
        steps = design.person(row)
        assert {step["statement"] for step in steps} == everything
        asked: dict[int, list[dict[str, int]]] = {}
        for step in steps:
            asked.setdefault(step["statement"], []).append(step)
        for statement, times in asked.items():
            if statement not in design.items[row]:
                assert [(t["cue"], t["repeat"]) for t in times] == [(0, False)]
                continue
            assert [t["wave"] for t in times] == list(range(1, design.waves + 1))
            assert all(a["cue"] == -b["cue"] != 0 for a, b in pairwise(times))
            cells = [sum((t["cue"], t["order"]) == (c, o) for t in times) for c in (1, -1) for o in (1, -1)]
            assert max(cells) - min(cells) <= (design.waves % 4 != 0)
        # Between two waves lies another statement.
        for before, after in pairwise(steps):
            assert not (before["repeat"] and after["repeat"] and before["wave"] != after["wave"])


@settings(max_examples=80, deadline=None)
@given(designs())
def test_balance_over_people_statements_and_first_wordings(design: RepeatDesign) -> None:
    assert all(len(set(items)) == len(items) for items in design.items.tolist())
    times = np.bincount(design.items.ravel(), minlength=design.n_statements)
    assert times.max() - times.min() <= 1
    agreeing = np.bincount(design.items.ravel(), design.cue[..., 0].ravel() == 1, design.n_statements)
    assert (np.abs(2 * agreeing - times) <= 1).all()


@pytest.mark.parametrize("m", range(5, 60))
def test_the_usual_share_is_ten_to_twenty_percent(m: int) -> None:
    again = repeat_design(2, m, np.random.default_rng(0)).items.shape[1]
    assert 0.1 <= again / m <= 0.2


def test_who_is_asked_what_is_random_and_every_order_occurs() -> None:
    design = repeat_design(4000, 12, np.random.default_rng(3), share=0.25)
    # Pairs of items that go together: 4000 people with 3 of 12 items make 12000 pairs over 66 kinds.
    together = np.zeros((12, 12), dtype=int)
    for a, b in ((0, 1), (0, 2), (1, 2)):
        np.add.at(together, (design.items[:, a], design.items[:, b]), 1)
    pairs = (together + together.T)[np.triu_indices(12, 1)]
    expected = 12000 / 66
    assert ((pairs - expected) ** 2 / expected).sum() < 120  # chi-square with about 65 degrees of freedom: p ~ 1e-5
    codes = (design.order.reshape(-1, 4) == 1) @ np.array([8, 4, 2, 1])
    seen, often = np.unique(codes, return_counts=True)
    # Either order once with each wording: presentations 1 and 3 differ, 2 and 4 differ.
    assert seen.tolist() == [3, 6, 9, 12]
    assert often.min() > 0.23 * often.sum()


def test_the_same_seed_the_same_design_and_through_json() -> None:
    one, two = (repeat_design(30, 20, np.random.default_rng(5)) for _ in range(2))
    again = RepeatDesign.of_dict(json.loads(json.dumps(one.as_dict())))
    assert one.as_dict() == two.as_dict() == again.as_dict()
    assert again.person(7) == one.person(7)
    assert json.loads(json.dumps(one.person(7))) == one.person(7)
    assert again.cue.dtype == np.int8
    assert repeat_design(30, 20, np.random.default_rng(6)).as_dict() != one.as_dict()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"conditions": 2}, "at least 4"),
        ({"conditions": 5}, "even number"),
        ({"share": 0.6}, "up to 0.5"),
        ({"share": 0.0}, "up to 0.5"),
        ({"n_statements": 4, "share": 0.5}, "3 gaps between waves"),
        ({"n_agents": 0}, "needs people"),
    ],
)
def test_what_cannot_be_designed_is_refused(changed: dict[str, float], says: str) -> None:
    wanted = {"n_agents": 10, "n_statements": 20, **changed}
    n, m = int(wanted.pop("n_agents")), int(wanted.pop("n_statements"))
    with pytest.raises(InputError, match=says):
        repeat_design(n, m, np.random.default_rng(0), **wanted)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="is no design of repeated"):
        RepeatDesign.of_dict({"items": [[0]]})
