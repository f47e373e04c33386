"""A survey in a file asks what the survey asks, and is known by its source."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import folkmoot as fm
from conversations import write_conversation
from folkmoot.asking import Interview, Survey, verify
from folkmoot.profile import InputError


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    source = write_conversation(tmp_path_factory.mktemp("c") / "conversation")
    return Survey.of(fm.read(source), slate=("0", "2"), budget=2, unit="statements", seed=3)


@pytest.fixture(scope="module")
def again(survey: Survey, tmp_path_factory: pytest.TempPathFactory) -> Survey:
    file = tmp_path_factory.mktemp("s") / "survey.npz"
    survey.save(file)
    return Survey.load(file, survey.profile)


@pytest.mark.parametrize("policy", ["slate", "rollout-0", "rollout-2", "information", "entropy", "priority", "random"])
def test_it_asks_what_the_survey_asks(survey: Survey, again: Survey, policy: str) -> None:
    for agent in ("new", survey.profile.agents.ids[5]):
        first, second = (Interview(each, agent, policy=policy, at_most=2, at_least=2) for each in (survey, again))
        while (question := first.next()) is not None:
            assert second.next() == question
            first.answer(1)
            second.answer(1)
        assert second.state() == first.state()
        assert second.completed() == first.completed()
        # one can be taken up and checked with the other
        state = json.loads(json.dumps(first.state()))
        assert verify(again, state) is None
        assert Interview.resume(again, state).state() == state


def test_what_it_holds(survey: Survey, again: Survey) -> None:
    assert again.fingerprint == survey.fingerprint
    assert (again.answers == survey.answers).all()
    assert (again.counts == survey.counts).all()
    assert again.slate_value._complaints == survey.slate_value._complaints
    with pytest.raises(InputError, match="has no low-rank model"):
        Interview(again, "new", policy="design").next()


def test_a_file_of_something_else(survey: Survey, tmp_path: Path) -> None:
    file = tmp_path / "survey.npz"
    file.write_bytes(b"nothing")
    with pytest.raises(InputError, match="is no saved survey"):
        Survey.load(file)
    survey.save(file)
    with pytest.raises(InputError, match="was learned from another source"):
        Survey.load(file, "another")
    with np.load(file) as found:
        arrays = {name: found[name] for name in found.files}
    about = json.loads(bytes(arrays["about"]).decode())
    for change, said in (({"schema": 9}, "a survey of version 9"), ({"scale": None}, "is a damaged survey")):
        arrays["about"] = np.frombuffer(json.dumps({**about, **change}).encode(), dtype=np.uint8)
        np.savez(file, **arrays)
        with pytest.raises(InputError, match=said):
            Survey.load(file)
    with pytest.raises(InputError, match="cannot be written"):
        survey.save(tmp_path / "nowhere" / "survey.npz")
