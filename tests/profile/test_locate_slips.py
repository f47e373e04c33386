"""A slip in a slate written by hand is named, with what may have been meant and a remedy that works."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from folkmoot.profile import Agents, Answers, InputError, Profile, Slate, Statements
from folkmoot.profile.locate import locate

TEXTS = ("More buses in the evening, please.", "A library that is open on Sundays", "Rejected words of somebody")
PROFILE = Profile(
    Agents(("a",)),
    Statements(("21", "210", "47"), TEXTS, moderation=np.array([1, 1, -1], dtype=np.int8)),
    Answers.none(),
)


def found(*entries: object) -> list[int]:
    _, columns, _ = locate(PROFILE, Slate.from_json(json.dumps(entries)))
    return [int(column) for column in columns]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("212", "no statement '212'; its ids that look alike: '21', '210'"),
        ("nope", "no statement 'nope'; its ids are like '21', '210', '47'"),
        ({"id": "2100"}, "no statement '2100', and no text is given; its ids that look alike: '210', '21'"),
        ("More buses in the evening please", "statement '21' looks alike, 'More buses in the evening, please.'"),
    ],
)
def test_a_slip_is_named_with_what_looks_alike(entry: object, says: str) -> None:
    with pytest.raises(InputError, match=re.escape(says)) as caught:
        found("210", entry)
    assert "statement 2" in str(caught.value)
    assert TEXTS[2] not in str(caught.value), "moderation rejected it"


@pytest.mark.parametrize("entry", ["nope", "More buses in the evening please"])
def test_the_remedy_works(entry: str) -> None:
    with pytest.raises(InputError) as caught:
        found(entry)
    remedy = re.search(r"\{.*\}", str(caught.value))
    assert remedy is not None
    assert found(json.loads(remedy.group())) == [3]


def test_what_is_there_is_found_and_what_is_new_is_new() -> None:
    assert found("21", TEXTS[1].upper()) == [0, 1]
    assert found("21", "Something quite different that nobody said") == [0, 3]


def test_a_list_that_is_no_json_says_how_to_write_one() -> None:
    with pytest.raises(InputError, match=re.escape('a list of ids like ["3", "7"]')):
        Slate.from_json("21\n10\n")
