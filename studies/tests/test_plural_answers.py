"""The parts on reliability of answers and on criteria: the made-up world is what it says, small runs of both."""

from __future__ import annotations

import json

import numpy as np
import pytest

from folkmoot.asking import repeat_design
from folkmoot_studies.plural import answers as plural_answers
from folkmoot_studies.plural import criteria as plural_criteria
from folkmoot_studies.plural.answer_world import CUE_SLIP, SLIP, AnswerWorld
from folkmoot_studies.plural.claims import Figure


def world(shares: tuple[float, ...], n: int = 3000) -> AnswerWorld:
    return AnswerWorld.of(np.random.default_rng(0), shares, np.array([0.2, 0.7]), n=n, climate=True)


@pytest.mark.parametrize("kind", range(4))
def test_every_kind_answers_as_it_is_defined(kind: int) -> None:
    made = world(tuple(float(k == kind) for k in range(4)))
    assert (made.kind == kind).all()
    asked = made.under_all(4, np.random.default_rng(1))
    agrees = (asked.value > 0).reshape(3000, 2, 4)
    cue, order = (each.reshape(3000, 2, 4) for each in (asked.cue, asked.order))
    assert (cue[..., 1:] == -cue[..., :-1]).all()
    by = {
        0: (agrees == made.opinion[..., None]).mean(),
        1: (agrees == (cue > 0)).mean(),
        2: agrees.mean(),
        3: (agrees == (order > 0)).mean(),
    }[kind]
    wanted = {0: 1 - SLIP, 1: 1 - CUE_SLIP, 2: 0.45, 3: 1 - CUE_SLIP}[kind]
    assert by == pytest.approx(wanted, abs=0.02)
    if kind == 2:
        assert agrees.mean(axis=(0, 2)) == pytest.approx([0.2, 0.7], abs=0.02)


def test_a_survey_brings_home_what_its_design_asks() -> None:
    rng = np.random.default_rng(2)
    made = AnswerWorld.of(rng, (0.6, 0.1, 0.3), rng.uniform(0.2, 0.8, 20), n=50, climate=False)
    design = repeat_design(50, 20, rng)
    profile, repeats = made.surveyed(design, rng)
    assert len(profile.answers) == 50 * 20
    assert len(repeats) == 50 * 3 * 4
    assert (np.sort(repeats.statement[repeats.first].reshape(50, 3)) == np.sort(design.items)).all()
    dense = profile.dense(np.arange(20))
    first = repeats.first
    assert (dense[repeats.agent[first], repeats.statement[first]] == repeats.value[first]).all()


@pytest.mark.replication
def test_small_runs_give_every_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plural_answers, "SEEDS", 1)
    monkeypatch.setattr(plural_answers, "P", 100)
    monkeypatch.setattr(plural_answers, "SAID", {4: plural_answers.SAID[4]})
    monkeypatch.setattr(plural_criteria, "GROUPS", 2000)
    monkeypatch.setattr(plural_criteria, "SEEDS", 2)
    monkeypatch.setattr(plural_criteria, "RETESTS", 5)
    for part in (plural_answers.PART, plural_criteria.PART):
        figures = part.run(0, None)
        assert figures == part.run(0, None) if part.name == "criteria" else figures
        assert all(isinstance(figure, Figure) for figure in figures)
        assert len({figure.claim for figure in figures}) == len(figures)
        assert all((figure.wanted == "") == (figure.passes is None) for figure in figures)
        json.dumps([figure.as_dict() for figure in figures], allow_nan=False)
    # What holds by algebra holds in a small run as well.
    assert all(figure.passes for figure in figures if figure.passes is not None)
