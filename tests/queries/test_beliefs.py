"""Beliefs about answers nobody gave: chances, and draws that leave known answers alone."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.preferences import fit
from folkmoot.profile import Agents, Answers, Profile, Statements
from folkmoot.profile.scale import Scale
from folkmoot.queries import Completed
from folkmoot.queries.beliefs import FIRST, Posterior


def profile(scale: Scale, seed: int = 0) -> Profile:
    rng = np.random.default_rng(seed)
    n, m = 60, 8
    said = rng.random((n, m)) < 0.6
    rows, columns = np.nonzero(said)
    values = rng.integers(int(scale.low), int(scale.high) + 1, len(rows)).astype(np.float64)
    agents = Agents(tuple(f"p{i}" for i in range(n)), tuple(() for _ in range(n)))
    statements = Statements(tuple(f"s{j}" for j in range(m)), tuple(f"Statement number {j}" for j in range(m)))
    return Profile(agents, statements, Answers.of(rows, columns, values, scale), (), source="test")


def beliefs(scale: Scale) -> tuple[Completed, Posterior]:
    people = profile(scale)
    completed = Completed(people, fit(people, np.random.default_rng(0), "statement-mean"))
    return completed, Posterior(completed, 3, scale.approval)


def test_chances_are_what_draws_come_to() -> None:
    for scale in (Scale("vote", -1, 1), Scale("rating", 0, 4)):
        completed, posterior = beliefs(scale)
        rows, columns = np.arange(60), np.arange(8)
        chances = posterior.chances(rows, columns)
        approved = np.mean([x.utilities >= scale.approval for x in posterior.draws(rows, columns, 400)], axis=0)
        assert np.abs(chances - approved).max() < 0.15
        assert abs(float((chances - approved).mean())) < 0.01
        known = completed.known(rows, columns)
        assert (chances[known] == (completed.utilities(rows, columns)[known] >= scale.approval)).all()


def test_known_answers_stay_and_draws_repeat() -> None:
    completed, posterior = beliefs(Scale("vote", -1, 1))
    rows, columns = np.arange(60), np.arange(8)
    known, utilities = completed.known(rows, columns), completed.utilities(rows, columns)
    first = [block.utilities for block in posterior.draws(rows, columns, 3)]
    for one, again in zip(first, posterior.draws(rows, columns, 3), strict=True):
        assert (one[known] == utilities[known]).all()
        assert (one == again.utilities).all()
    # What else is asked for changes nothing.
    few = next(iter(posterior.draws(rows, columns[2:5], 1))).utilities
    assert (few == first[0][:, 2:5]).all()
    assert not (first[0] == first[1]).all()


@pytest.mark.parametrize("cached", [1, 24, 100_000])
def test_draws_are_those_of_the_completed_profile_however_many_agents_at_once(
    cached: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("folkmoot.queries.drawn.CACHED", cached)
    rows, columns = np.arange(60), np.arange(8)
    for model in ("statement-mean", "low-rank"):
        people = profile(Scale("vote", -1, 1))
        completed = Completed(people, fit(people, np.random.default_rng(0), model))
        posterior = Posterior(completed, 3, 0.75)
        for number, found in enumerate(posterior.draws(rows, columns, 2)):
            assert (found.utilities == completed.draw(3, FIRST + number).utilities(rows, columns)).all()
