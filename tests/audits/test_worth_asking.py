"""What is worth asking about: in the order of what one answer may be worth, never junk of one vote first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import folkmoot as fm
from brute_force import own_utilities
from folkmoot.audits import Subject
from folkmoot.audits.barred import worth_asking
from folkmoot.profile import Agents, Answers, BoolArray, FloatArray, IntArray, Profile, Statements
from folkmoot.queries import ClosedPool, Completed
from folkmoot.slates.familiar import familiar
from folkmoot.slates.recorded import recorded
from folkmoot.testing.instances import Instance

DRAWS = 20


class Known:
    """A model whose draws are the given matrices, in turn."""

    id = "known"

    def __init__(self, draws: FloatArray) -> None:
        self.draws, self.number = draws, 0
        self.parameters: dict[str, object] = {}

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        return np.asarray(self.draws.mean(axis=0)[np.ix_(agents, statements)])

    def draw(self, rng: np.random.Generator) -> Known:
        drawn = Known(self.draws[self.number % len(self.draws)][None])
        self.number += 1
        return drawn

    def answers(self, agents: IntArray, statements: IntArray, uniform: FloatArray) -> FloatArray:
        return np.asarray(self.draws[0][np.ix_(agents, statements)])


def found(
    answers: IntArray, *, sense: FloatArray | None = None, waiting: BoolArray | None = None, seed: int = 0
) -> tuple[int, int, list[tuple[str, float, float]], FloatArray]:
    """Six people, one statement chosen, four that lack answers; what is listed, and the draws."""
    rng = np.random.default_rng([75, seed])
    n, m = 6, 5
    draws = rng.integers(0, 3, (DRAWS, n, m)) / 2
    profile = Profile(
        Agents(tuple(f"p{i}" for i in range(n))),
        Statements(tuple(f"s{a}" for a in range(m)), tuple(f"text {a}" for a in range(m))),
        Answers.none(),
    )
    completed = Completed(profile, Known(draws))
    subject = Subject(
        ClosedPool(completed, np.arange(m), np.ones(m, dtype=np.int64)), np.array([0]), np.zeros(n, dtype=np.int64), 3
    )
    large, unseen, listed = worth_asking(
        profile,
        completed,
        subject,
        np.append([9], answers),
        0,
        DRAWS,
        askable=np.ones(m, dtype=bool),
        waiting=np.zeros(m, dtype=bool) if waiting is None else waiting,
        enough=10,
        sense=np.ones(m) if sense is None else sense,
    )
    entries = [(one.id, one.chance or 0.0, -1.0 if one.value is None else one.value) for one in listed]
    return large, unseen, entries, draws


def test_values_are_what_brute_force_finds() -> None:
    """The value is the mass in a large enough group, over draws, for each answer that is missing."""
    answers = np.array([1, 9, 5, 12])
    for seed in range(20):
        _, _, listed, draws = found(answers, seed=seed)
        values = {name: (chance, value) for name, chance, value in listed}
        assert [value for _, _, value in listed] == sorted((value for _, _, value in listed), reverse=True)
        for a in range(1, 5):
            masses = []
            for matrix in draws:
                own = own_utilities(matrix, [0], np.zeros(6, dtype=np.int64))
                masses.append(max(int(((matrix[:, a] >= t) & (own < t)).sum()) for t in (0.0, 0.5, 1.0)))
            need = Instance(draws[0], np.ones(5, dtype=np.int64), np.ones(6, dtype=np.int64), 3).need(a)
            large = [mass for mass in masses if mass >= need]
            if 100 * len(large) < 5 * DRAWS:
                assert f"s{a}" not in values
                continue
            chance, value = values[f"s{a}"]
            assert chance == pytest.approx(len(large) / DRAWS)
            assert value == pytest.approx(sum(large) / DRAWS / max(1, 10 - int(answers[a - 1])), abs=1e-6)


def test_of_equal_chances_the_one_with_more_answers_stands_first() -> None:
    for seed in range(10):
        _, _, same, _ = found(np.array([3, 3, 3, 3]), seed=seed)
        name = same[-1][0]
        answers = np.array([3, 3, 3, 3])
        answers[int(name[1:]) - 1] = 9
        _, _, listed, _ = found(answers, seed=seed)
        assert listed[0][0] == name


def test_what_is_about_nothing_stands_last_and_what_nobody_sees_is_not_listed() -> None:
    sense, waiting = np.ones(5), np.zeros(5, dtype=bool)
    large, unseen, listed, _ = found(np.array([3, 3, 3, 3]))
    first, second = listed[0][0], listed[1][0]
    sense[int(first[1:])], waiting[int(second[1:])] = 0.0, True
    again, held_back, fewer, _ = found(np.array([3, 3, 3, 3]), sense=sense, waiting=waiting)
    assert (again, unseen, held_back) == (large, 0, 1)
    assert fewer[-1] == (first, listed[0][1], 0.0)
    assert second not in [name for name, _, _ in fewer]


def test_words_that_others_use_too() -> None:
    texts = ["Safer helmets for all players", "Players need helmets", "hallo dies ist ein tset", "of the and", ""]
    among = np.array([True, True, False, False, False])
    shares = familiar(texts, among)
    assert shares[1] > 0.5
    assert shares[2] == shares[4] == 0
    # A word that only the text itself uses is no sign.
    assert familiar(["Zebras", "Zebras"], np.array([True, False])).tolist() == [0.0, 1.0]


@pytest.mark.parametrize("moderated", [True, False])
def test_junk_of_one_vote_does_not_stand_first(moderated: bool, shared: Path) -> None:
    """A conversation with a hundred unmoderated texts of one vote each, tests and greetings among them."""
    profile = fm.read(shared / "polis" / "football-concussions")
    s = profile.statements
    assert s.moderation is not None
    if not moderated:
        nobody = np.where(s.moderation < 0, -1, 0).astype(np.int8)
        profile = replace(profile, statements=replace(s, moderation=nobody))
    audit = recorded(fm.slate(profile, 10, unit="statements", process="popular", draws=40)).audit
    assert audit is not None
    assert audit.barred is not None
    asked = [one.text.casefold() for one in audit.barred.ask]
    assert asked
    assert not any(junk in text for text in asked[:10] for junk in ("test", "hello", "je nz sais", "homie", "sadf"))
    assert (audit.barred.waiting > 30) == moderated
    if moderated:
        waiting = {name for name, state in zip(s.ids, s.moderation, strict=True) if state == 0}
        assert not waiting & {one.id for one in audit.barred.ask}
