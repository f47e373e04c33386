"""Opinion groups: planted camps, the groups that Polis itself found, and what must not change them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from folkmoot.formats import read
from folkmoot.preferences import memberships
from folkmoot.preferences.models import latent_classes, low_rank, mixture
from folkmoot.preferences.opinion_groups import CLUSTERS, KINDS, _large, least, opinion_groups
from folkmoot.profile import COMPARISON, Agents, Answers, Comparisons, Profile, Statements
from folkmoot.queries import Completed
from folkmoot.report.translations import Words


def camps(share: float, n: int = 120, m: int = 30) -> tuple[Profile, np.ndarray]:
    rng = np.random.default_rng(1)
    camp = np.arange(n) < share * n
    likes = ((np.arange(m) % 2 == 0) == camp[:, None]) ^ (rng.random((n, m)) < 0.1)
    row, column = np.nonzero(rng.random((n, m)) < 0.6)
    people, statements = tuple(f"p{i}" for i in range(n)), tuple(f"s{j}" for j in range(m))
    answers = Answers.of(row, column, np.where(likes[row, column], 1.0, -1.0))
    return Profile(Agents(people), Statements(statements, statements), answers), camp


@pytest.mark.parametrize("classes", [False, True])
def test_planted_camps_come_back_the_larger_one_first_whatever_the_model(classes: bool) -> None:
    profile, camp = camps(0.3)
    rng = np.random.default_rng(0)
    model = latent_classes.fit(profile, rng, classes=2) if classes else low_rank.fit(profile, rng, rank=2, side_rank=0)
    member, how = memberships(Completed(profile, model), model, profile)
    assert how == CLUSTERS
    assert member.shape == (120, 2)
    assert member.sum(axis=1) == pytest.approx(np.ones(120))
    assert (member.argmax(axis=1) == camp).mean() > 0.97


def clouds(sizes: list[int], seed: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """People around so many middles, in eight statements, and whose they are."""
    rng = np.random.default_rng(seed)
    middles = np.eye(len(sizes), 8)
    label = np.repeat(np.arange(len(sizes)), sizes)
    return np.clip(middles[label] + 0.1 * rng.standard_normal((len(label), 8)), 0.0, 1.0), label


@pytest.mark.parametrize("sizes", [[30, 25], [40, 30, 20], [30, 28, 26, 24], [30, 28, 26, 24, 22]])
def test_well_apart_clouds_are_counted(sizes: list[int]) -> None:
    values, label = clouds(sizes)
    np.testing.assert_array_equal(opinion_groups(values), label)


def test_neither_the_order_of_people_nor_that_of_statements_matters() -> None:
    rng = np.random.default_rng(4)
    # Few distinct values, so that there are ties everywhere.
    values = rng.integers(0, 3, (90, 6)) / 2.0
    label = opinion_groups(values)
    assert len(np.unique(label)) > 1
    for _ in range(10):
        people, statements = rng.permutation(90), rng.permutation(6)
        mixed = np.empty(90, dtype=np.int64)
        mixed[people] = opinion_groups(values[np.ix_(people, statements)])
        np.testing.assert_array_equal(mixed, label)


def test_no_group_is_smaller_than_five_people_or_one_in_a_hundred() -> None:
    assert (least(12), least(500), least(501), least(2031)) == (5, 5, 6, 21)
    values, _ = clouds([60, 40, 3])
    found = np.bincount(opinion_groups(values))
    assert len(found) == 2
    assert found.min() >= 40
    many, _ = clouds([600, 400, 9])
    assert np.bincount(opinion_groups(many)).min() > 100
    # A person who stands for enough others is a group.
    assert len(np.bincount(opinion_groups(np.eye(2), np.array([7, 5])))) == 2
    assert len(np.bincount(opinion_groups(np.eye(2), np.array([7, 4])))) == 1


def test_people_who_do_not_differ_are_one_group() -> None:
    assert opinion_groups(np.zeros((9, 2))).tolist() == [0] * 9
    assert opinion_groups(np.zeros((0, 2))).tolist() == []
    assert opinion_groups(np.zeros((6, 0))).tolist() == [0] * 6


def test_of_very_many_people_some_form_the_groups_and_all_are_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    profile, camp = camps(0.3)
    completed = Completed(profile, low_rank.fit(profile, np.random.default_rng(0), rank=2, side_rank=0))
    whole = memberships(completed, completed.model, profile)[0]
    monkeypatch.setattr("folkmoot.preferences.opinion_groups.LARGEST", 40 * 30)
    some = memberships(completed, completed.model, profile)[0]
    assert some.shape == whole.shape
    assert (some.argmax(axis=1) == camp).mean() > 0.95


def test_where_people_compared_the_groups_are_the_mixture_s_kinds() -> None:
    rng = np.random.default_rng(0)
    person = np.repeat(np.arange(30), 8)
    a, b = np.array([rng.permutation(4)[:2] for _ in person]).T
    first = (a < b) == (person < 20)
    names = tuple("abcd")
    compared = Comparisons.of(person, np.where(first, a, b), np.where(first, b, a))
    profile = Profile(
        Agents(tuple(map(str, range(30)))), Statements(names, names), Answers.none(COMPARISON), comparisons=compared
    )
    model = mixture.fit(profile, np.random.default_rng(0), classes=2)
    member, how = memberships(Completed(profile, model), model, profile)
    assert how == KINDS
    assert (member.argmax(axis=1) == (np.arange(30) >= 20)).all()


def test_kinds_that_are_too_small_are_no_groups() -> None:
    member = np.repeat(np.array([[0.0, 1.0, 0.0], [0.9, 0.0, 0.1], [0.0, 0.0, 1.0]]), [20, 9, 2], axis=0)
    found = _large(member, np.ones(31, dtype=np.int64))
    assert found.shape == (31, 2)
    assert found.sum(axis=1) == pytest.approx(np.ones(31))
    assert found[0].tolist() == [1.0, 0.0]
    assert found[25].tolist() == [0.0, 1.0]


def test_how_they_were_found_is_said_in_the_language_of_the_page() -> None:
    for how in (CLUSTERS, KINDS):
        assert Words("en").recorded(how) == how
        assert Words("de").recorded(how) != how


def test_polis_own_groups_are_nearly_these(bowling_green: Path) -> None:
    profile = read(bowling_green)
    model = low_rank.fit(profile, np.random.default_rng(0), rank=2, side_rank=0)
    label = memberships(Completed(profile, model), model, profile)[0].argmax(axis=1)
    theirs = np.array(profile.agents.groups["group"])
    grouped = theirs != ""
    same = (label[grouped] == (theirs[grouped] == "1")).mean()
    assert max(same, 1 - same) > 0.7


def test_remembered_groups_are_nobody_elses_to_change() -> None:
    values = np.array([[0.0, 1.0]] * 6 + [[1.0, 0.0]] * 7)
    first = opinion_groups(values)
    expected = first.copy()
    first[:] = 9
    assert (opinion_groups(values) == expected).all()
    # Other utilities, masses or numbers of groups are other groups.
    assert (opinion_groups(values, count=1) == 0).all()
    assert (opinion_groups(values, np.array([9] * 6 + [1] * 7)) == 1 - expected).all()
    assert (opinion_groups(np.zeros_like(values)) == 0).all()
