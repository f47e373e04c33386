"""What every asking policy promises, tried on a made-up panel whose interviews are under way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..asking.policies import Panel, Policy
from ..asking.population import UNASKED, Population
from ..asking.slate_value import SlateValue
from ..preferences.models import low_rank
from .planted import profile_of
from .suite import Suite

N, M = 12, 9


def panel(seed: int = 0) -> Panel:
    """Twelve people of three classes, nine statements, some answers; some questions may not be put, one person none."""
    rng = np.random.default_rng(seed)
    chance = rng.dirichlet(np.full(3, 0.6), (3, M)) * 0.94 + 0.02
    population = Population(np.array([0.5, 0.3, 0.2]), chance, np.array([0.0, 0.5, 1.0]), np.eye(3))
    answers = rng.integers(-1, 3, (N, M))
    answers[0] = UNASKED
    allowed = (answers == UNASKED) & (rng.random((N, M)) < 0.7)
    allowed[1] = False
    earlier = profile_of(*np.divmod(np.arange(40 * M), M), rng.integers(-1, 2, 40 * M).astype(float), 40, M)
    value = SlateValue(population, answers, np.array([0, 4]), np.arange(M), np.ones(M, dtype=np.int64), 2)
    return Panel(
        population,
        answers,
        allowed,
        np.tile(np.arange(M)[::-1].astype(float), (N, 1)),
        rng.integers(0, 20, (M, 3)),
        low_rank.fit(earlier, np.random.default_rng(0), rank=1, side_rank=0).agree,
        lambda rows: value.worth_of(rows).total,
        np.random.default_rng(seed),
    )


def declares_itself(policy: Policy) -> None:
    """It describes which questions it asks."""
    assert policy.about, "the function of the policy has no docstring"


def scores_every_question(policy: Policy) -> None:
    """A number for every question that may be put to every person, and the same for the same seed."""
    before = panel()
    scores = np.asarray(policy.score(before))
    assert scores.shape == (N, M), f"scores of shape {scores.shape}, not people x statements {(N, M)}"
    assert np.issubdtype(scores.dtype, np.floating), f"scores are {scores.dtype}, not floating-point numbers"
    assert not np.isnan(scores[before.allowed]).any(), "a question that may be put has no score"
    assert np.array_equal(scores, policy.score(panel()), equal_nan=True), "other scores for the same seed"


def leaves_the_panel_alone(policy: Policy) -> None:
    """It does not change the panel that it is passed."""
    before, after = panel(), panel()
    policy.score(after)
    for name in ("answers", "allowed", "shown", "counts"):
        assert np.array_equal(getattr(before, name), getattr(after, name)), f"it changes `{name}` of the panel"


def needs_a_model_where_it_says_so(policy: Policy) -> None:
    """Without a low-rank model it works, unless it declares that it needs one."""
    if not policy.low_rank:
        policy.score(replace(panel(), factors=None))


check_policy: Suite[Policy] = Suite(
    declares_itself, scores_every_question, leaves_the_panel_alone, needs_a_model_where_it_says_so
)
"""Checks an asking policy against its declaration (`folkmoot.asking.policies.Policy`)."""
