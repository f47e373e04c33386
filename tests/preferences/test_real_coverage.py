"""Intervals of every model on real conversations: 85 to 95 of 100 totals, or the registry says that it is less."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from folkmoot.formats import read
from folkmoot.preferences import MODELS
from folkmoot.preferences.registry import Model
from folkmoot.profile import Profile
from folkmoot.testing.coverage import coverage
from folkmoot.testing.planted import voted

CONVERSATIONS = ("canadian-electoral-reform", "scoop-hivemind.biodiversity")
#: Too slow for the second conversation.
SLOW = {"k-nn"}
#: A model that is said to cover too little does so on at least one of them.
SAID = 0.87

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def conversations(real: Callable[[str], Path]) -> list[Profile]:
    return [read(real(f"polis/{name}")) for name in CONVERSATIONS]


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.id)
def test_intervals_on_real_conversations_are_right_or_said_to_be_too_narrow(
    model: Model, conversations: list[Profile]
) -> None:
    some = conversations[:1] if model.id in SLOW else conversations
    found = [coverage(model, profile, np.random.default_rng(0), draws=60) for profile in some]
    # Over both: of one, a few hundred totals say too little.
    shares = {of: sum(each[of][0] for each in found) / sum(each[of][1] for each in found) for of in found[0]}
    if model.undercovers:
        assert min(shares.values()) < SAID, f"take it off: {shares}"
        return
    assert min(shares.values()) >= 0.85, shares
    assert max(shares.values()) <= 0.95, shares


def test_coverage_is_right_where_the_model_is_and_not_where_it_is_not() -> None:
    """People differ in how agreeable they are, which one model knows and the other does not."""
    rng = np.random.default_rng(0)
    logit = rng.normal(0.0, 1.5, (150, 1)) + rng.normal(size=30)
    profile = voted(np.full((150, 30), 0.95), 1 / (1 + np.exp(-logit)), 0.7, rng)
    right = coverage(MODELS["bias"], profile, np.random.default_rng(1), draws=50)["people"]
    wrong = coverage(MODELS["statement-mean"], profile, np.random.default_rng(1), draws=50)["people"]
    assert right[0] > 0.83 * right[1]
    assert wrong[0] < 0.7 * wrong[1]
