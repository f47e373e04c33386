"""Opinion groups: planted camps, and the groups that Polis itself found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from folkmoot.formats import read
from folkmoot.preferences import memberships
from folkmoot.preferences.membership import clustered
from folkmoot.preferences.models import latent_classes, low_rank
from folkmoot.profile import Agents, Answers, Profile, Statements


def camps(share: float, n: int = 120, m: int = 30) -> tuple[Profile, np.ndarray]:
    rng = np.random.default_rng(1)
    camp = np.arange(n) < share * n
    likes = ((np.arange(m) % 2 == 0) == camp[:, None]) ^ (rng.random((n, m)) < 0.1)
    row, column = np.nonzero(rng.random((n, m)) < 0.6)
    people, statements = tuple(f"p{i}" for i in range(n)), tuple(f"s{j}" for j in range(m))
    answers = Answers.of(row, column, np.where(likes[row, column], 1.0, -1.0))
    return Profile(Agents(people), Statements(statements, statements), answers), camp


@pytest.mark.parametrize("classes", [False, True])
def test_planted_camps_come_back_the_larger_one_first(classes: bool) -> None:
    profile, camp = camps(0.3)
    rng = np.random.default_rng(0)
    model = latent_classes.fit(profile, rng, classes=2) if classes else low_rank.fit(profile, rng, rank=2, side_rank=0)
    member, how = memberships(model, profile)
    assert how == ("latent classes" if classes else "clusters of the opinion map")
    assert member.shape == (120, 2)
    assert member.sum(axis=1) == pytest.approx(np.ones(120))
    assert (member.argmax(axis=1) == camp).mean() > 0.97


def test_people_who_do_not_differ_are_one_group() -> None:
    assert clustered(np.zeros((7, 2)))[0].tolist() == [0] * 7
    assert sorted(np.bincount(clustered(np.array([[0.0, 0], [0, 0], [1, 1]]))[0])) == [1, 2]


def test_well_apart_clouds_are_counted() -> None:
    rng = np.random.default_rng(2)
    for k in (2, 3, 4, 5):
        centres = 10 * np.stack([np.cos(2 * np.pi * np.arange(k) / k), np.sin(2 * np.pi * np.arange(k) / k)], axis=1)
        points = np.vstack([c + rng.standard_normal((20 + 5 * i, 2)) for i, c in enumerate(centres)])
        label, apart = clustered(points)
        assert apart > 0.8
        assert np.bincount(label).tolist() == sorted((20 + 5 * i for i in range(k)), reverse=True)


def test_polis_own_groups_are_nearly_these(bowling_green: Path) -> None:
    profile = read(bowling_green)
    model = low_rank.fit(profile, np.random.default_rng(0), rank=2, side_rank=0)
    label = memberships(model, profile)[0].argmax(axis=1)
    theirs = np.array(profile.agents.groups["group"])
    grouped = theirs != ""
    same = (label[grouped] == (theirs[grouped] == "1")).mean()
    assert max(same, 1 - same) > 0.8
