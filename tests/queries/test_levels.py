"""Blocks of drawn answers: bytes say what numbers say."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.preferences import fit
from folkmoot.profile import VOTE, Agents, Answers, Profile, Scale, Statements
from folkmoot.queries import Completed
from folkmoot.queries.completed import VOTES, block_of
from folkmoot.queries.levels import UNKNOWN, Block, Levels, Numbers


def profile(scale: Scale, values: list[float]) -> Profile:
    rng = np.random.default_rng(5)
    agent, statement = np.nonzero(rng.random((40, 7)) < 0.5)
    people = Agents(tuple(f"p{i}" for i in range(40)))
    statements = Statements(tuple(f"s{i}" for i in range(7)), tuple(f"Statement {i}" for i in range(7)))
    return Profile(people, statements, Answers.of(agent, statement, rng.choice(values, len(agent)), scale))


@pytest.mark.parametrize("theta", [-np.inf, 0.0, 0.25, 0.5, 0.75, 1.0, 1.5])
def test_bytes_and_numbers_say_the_same(theta: float) -> None:
    places = np.random.default_rng(0).integers(0, 3, (4, 9)).astype(np.uint8)
    blocks: tuple[Block, ...] = Levels(VOTES, places), Numbers(VOTES[places].T)
    few, plain = blocks
    assert (few.utilities == plain.utilities).all()
    assert few.utilities.shape == (9, 4)
    assert (few.reaching(theta) == plain.reaching(theta)).all()
    assert few.reaching(theta).shape == (4, 9)
    assert few.values.tolist() == plain.values.tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("kept", [0, 10**6])
def test_votes_are_drawn_as_bytes_and_what_was_said_stays(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("folkmoot.queries.completed.KEPT", kept)
    people = profile(VOTE, [-1.0, 0.0, 1.0])
    completed = Completed(people, fit(people, np.random.default_rng(0), "low-rank"))
    agents, statements = np.array([3, 1, 30]), np.array([6, 2])
    drawn = completed.draw(1, 2)
    block = block_of(drawn, agents, statements)
    assert isinstance(block, Levels)
    assert block.places.max() <= 2
    assert (block.utilities == drawn.utilities(np.arange(40), np.arange(7))[np.ix_(agents, statements)]).all()
    said = completed.said_votes(agents, statements)
    assert said is not None
    known = said.T != UNKNOWN
    assert (known == completed.known(agents, statements)).all()
    assert (block.utilities[known] == completed.utilities(agents, statements)[known]).all()


@pytest.mark.parametrize(("scale", "values"), [(Scale("rating", 0, 4), [0.0, 1.0, 4.0]), (VOTE, [-1.0, 0.25, 1.0])])
def test_other_answers_are_drawn_as_numbers(scale: Scale, values: list[float]) -> None:
    people = profile(scale, values)
    completed = Completed(people, fit(people, np.random.default_rng(0), "statement-mean"))
    assert completed.said_votes(np.arange(40), np.arange(7)) is None
    block = block_of(completed.draw(1, 2), np.arange(40), np.arange(7))
    assert isinstance(block, Numbers)
    known = completed.known(np.arange(40), np.arange(7))
    assert (block.utilities[known] == completed.utilities(np.arange(40), np.arange(7))[known]).all()
