"""Ratings from log-probabilities, and from samples where there are none."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from folkmoot.llm import Answer, Call, Failed, Rating, expected, mean_of, ratings, said_rating
from folkmoot.profile import InputError


def top(**shares: float) -> Answer:
    return Answer("?", tuple((token, math.log(share)) for token, share in shares.items()))


def answer(*pairs: tuple[str, float]) -> Answer:
    return Answer("?", tuple((token, math.log(share)) for token, share in pairs))


@pytest.mark.parametrize(
    ("pairs", "value", "mass"),
    [
        ([("4", 0.5), ("2", 0.5)], 3.0, 1.0),
        ([("4", 0.25), (" 4", 0.25), ("4.", 0.25), ("▁2", 0.25)], 3.5, 1.0),  # merged forms add up
        ([("4", 0.25), ("4", 0.25), ("0", 0.25)], 8 / 3, 0.75),  # the same twice
        ([("I", 0.4), ("3", 0.6)], 3.0, 0.6),  # other tokens are left out
        ([("7", 0.4), ("1", 0.55), ("10", 0.05)], 1.0, 0.55),  # out of the range
        ([("3", 1.0)], 3.0, 1.0),  # one candidate
        ([("³", 0.25), ("٣", 0.25), ("1", 0.5)], 1.0, 0.5),  # digits of other kinds are no labels
    ],
)
def test_expectation(pairs: list[tuple[str, float]], value: float, mass: float) -> None:
    found = expected(answer(*pairs), 0, 4)
    assert found is not None
    assert found.value == pytest.approx(value, abs=1e-12)
    assert found.mass == pytest.approx(mass, abs=1e-12)
    assert (found.source, found.error) == ("logprobs", None)


def test_no_label_is_no_rating() -> None:
    assert expected(answer(("I", 0.9), ("7", 0.1)), 0, 4) is None
    assert expected(Answer("4"), 0, 4) is None
    assert expected(Answer("4", (("4", -math.inf),)), 0, 4) is None
    assert expected(answer(("1", 1.0)), 0, 10) is None  # "1" may be the first half of "10"


def test_the_order_of_candidates_does_not_matter() -> None:
    pairs = [(f"{label}{end}", 0.01 * (7 * label + 1)) for label in range(5) for end in ("", ".", " ")]
    assert expected(answer(*pairs), 0, 4) == expected(answer(*reversed(pairs)), 0, 4)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4", 4), ("Rating: 3.", 3), ("**2**", 2), ("3/4", 3), ("7, no, 1", None), ("four", None), ("2.5", None),
        ("-3", None), ("13", None), ("", None), ("x3", None), ("3x", None),
    ],
)  # fmt: skip
def test_what_the_text_says(text: str, number: int | None) -> None:
    found = said_rating(text, 0, 4)
    assert (found and found[0]) == number


def test_the_standard_error_of_samples() -> None:
    found = mean_of([1, 2, 3, 4])
    assert (found.value, found.source, found.n, found.mass) == (2.5, "samples", 4, None)
    assert found.error == pytest.approx(math.sqrt(5 / 3) / 2)
    assert mean_of([2]).error == math.inf
    with pytest.raises(InputError, match="at least one"):
        mean_of([])


class Scripted:
    """Answers by text of the call and number of the sample; what was asked is kept."""

    def __init__(self, answers: dict[str, list[Answer | Failed]]) -> None:
        self.script, self.asked = answers, list[Call]()

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        self.asked += calls
        return [self.script[call.messages[0][1]][call.sample] for call in calls]


def ask(script: dict[str, list[Answer | Failed]], samples: int = 3) -> tuple[list[Rating | Failed], Scripted]:
    model = Scripted(script)
    calls = [Call("q/1", (("user", name),), {"temperature": 0}) for name in script]
    return ratings(model, calls, 0, 4, retries=1, samples=samples), model


def test_an_unusable_answer_is_asked_again_and_then_reported() -> None:
    no, yes = answer(("no", 1.0)), answer(("2", 1.0))
    found, model = ask({"good": [yes], "late": [no, yes], "never": [no, no], "broken": [Failed("cut")]})
    assert [one.value for one in found if isinstance(one, Rating)] == [2.0, 2.0]
    assert found[2] == Failed("no label from 0 to 4 is likely enough in 2 answers")
    assert found[3] == Failed("cut")
    assert len(model.asked) == 6


def test_without_log_probabilities_samples_are_taken() -> None:
    texts = ["1", "none", "3", "2"]
    found, model = ask({"bare": [Answer(text) for text in texts], "never": [Answer("none")] * 6})
    assert found[0] == mean_of([1, 3, 2])
    assert isinstance(found[1], Failed)
    assert {call.parameters["temperature"] for call in model.asked[2:]} == {1.0}
    with pytest.raises(InputError, match="at least 2 samples"):
        ask({}, samples=1)


def test_nothing_asked_nothing_rated() -> None:
    assert ask({})[0] == []
