"""The shortest statement that is written for: 8 words up to the last level as published, or what is asked for."""

from __future__ import annotations

import pytest

import folkmoot as fm
from folkmoot.profile import InputError
from language_model import TEXTS, Obedient, profile_of

pytest.importorskip("wordllama")


@pytest.mark.parametrize(("given", "least"), [(None, 8), (0, 1), (10, 10)])
def test_steps_before_the_last_level_are_as_long_as_asked_for(given: int | None, least: int) -> None:
    slate = fm.slate(
        profile_of(TEXTS[:6]), 24, engine="llm", model=Obedient(), draws=0, validate=0, min_length=given,
        levels=(6.0, 5.9, 0.0), scoring="exact",
    )  # fmt: skip
    steps = [one["step"] for one in slate.process["passes"] if one["level"] > 0]
    assert min(steps) >= least
    assert (min(steps) < 8) == (given == 0)
    assert slate.process["minimum"] == least


@pytest.mark.parametrize("process", ["prose", "bjr"])
def test_a_length_is_refused_where_nothing_is_written_to_one(process: str) -> None:
    with pytest.raises(InputError, match="`min_length` has no use here"):
        fm.slate(profile_of(), 3, unit="statements", engine="llm", process=process, model=Obedient(), min_length=5)
    with pytest.raises(InputError, match="`min_length` has no use here"):
        fm.slate(profile_of(), 60, engine="llm", process="clustering", model=Obedient(), min_length=5)
