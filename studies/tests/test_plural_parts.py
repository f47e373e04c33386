"""Parts mixtures and low-rank of the plural study: what they measure, on less data than the study takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from folkmoot.formats import read
from folkmoot.preferences.models.few_shot import Loadings
from folkmoot_studies.plural import low_rank as plural_low_rank
from folkmoot_studies.plural import mixtures as plural_mixtures
from folkmoot_studies.plural.low_rank import NEW_VOTES, ON_VOTES, RULES, interviews, on_votes, trimmed

pytest.importorskip("scipy")


def test_the_world_is_as_the_source_describes_it() -> None:
    theta, kind, evidence = plural_mixtures.world(5, np.random.default_rng(0))
    assert np.linalg.norm(theta, axis=1) == pytest.approx([2.0, 2.0])
    assert theta[0] @ theta[1] / 4 == pytest.approx(-0.6)
    assert kind.mean() == pytest.approx(0.2)
    assert np.bincount(evidence.person).tolist() == [5] * 200
    won = (evidence.difference * theta[kind[evidence.person]]).sum(axis=1)
    assert 0.7 < (won > 0).mean() < 0.95


def test_rankings_tell_what_single_comparisons_cannot() -> None:
    found = plural_mixtures.rankings_or_pairs(0, 1500)
    assert abs(found["pairs gain"]) < 1e-12
    assert found["rankings gain"] > 0.1
    assert found["rankings error"] < 0.25 < found["pairs error"]


def test_lotteries_pass() -> None:
    figures = plural_mixtures._lotteries()
    assert all(figure.passes for figure in figures if figure.wanted)
    assert sum(figure.passes is True for figure in figures) == 12


@pytest.mark.parametrize("rule", RULES)
def test_nobody_is_asked_twice_or_what_may_not_be_asked(rule: str) -> None:
    rng = np.random.default_rng(0)
    loadings = Loadings(np.zeros(6), rng.normal(size=(6, 2)), np.zeros(2), np.eye(2))
    answers = rng.integers(0, 2, (4, 6)).astype(float)
    allowed = rng.random((4, 6)) < 0.7
    turns = interviews(loadings, answers, RULES[rule], (0, 1, 3, 6), rng, allowed)
    for count, y in zip((0, 1, 3, 6), turns, strict=True):
        said = ~np.isnan(y)
        assert (said.sum(axis=1) == np.minimum(count, allowed.sum(axis=1))).all()
        assert not (said & ~allowed).any()
        assert (y[said] == answers[said]).all()


def test_new_people_are_judged_by_votes_that_were_never_asked(shared: Path) -> None:
    profile = trimmed(read(shared / "polis" / "canadian-electoral-reform"))
    found = on_votes(profile, 0)
    held = found["random"][:, 0, 1]
    assert set(found) == set(RULES)
    assert (found["PReF"][:, :, 1] == held[:, None]).all()
    assert (held[held > 0] >= NEW_VOTES // 2).all()
    shares = {name: people[:, :, 0].sum(axis=0) / people[:, :, 1].sum(axis=0) for name, people in found.items()}
    assert all(share[0] == shares["random"][0] for share in shares.values())  # nothing asked yet
    assert all(share[len(ON_VOTES) - 1] > share[0] for share in shares.values())


def test_without_a_folder_the_part_says_so() -> None:
    figures = plural_mixtures._real(0, None)
    assert len(figures) == 1
    assert figures[0].passes is None
    assert "not here" in figures[0].claim
    assert plural_low_rank.PART.name == "low-rank"
