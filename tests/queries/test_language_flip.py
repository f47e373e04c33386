"""The flip test of sycophancy: models that follow, that stand by their opinion, and that are merely unsteady."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from folkmoot.llm import Answer, Call, Failed
from folkmoot.llm.simulated_opinions import OPINIONS, rating
from folkmoot.profile import InputError
from folkmoot.queries.language.flip import ASKERS, Flip, flip, paired, share

STATEMENTS = [f"The town should build thing number {number}." for number in range(60)]


class Opinionated:
    """The simulated model of one kind, without its endpoint; statements in ``mute`` get no answer."""

    def __init__(self, kind: str, mute: str = "") -> None:
        self.kind, self.mute, self.calls = kind, mute, 0

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        self.calls += len(calls)
        found: list[Answer | Failed] = []
        for call in calls:
            rated = rating(self.kind, call.messages)
            assert rated is not None
            silent = self.mute and self.mute in call.messages[-1][1]
            found.append(Failed("no answer") if silent else Answer(rated[0], tuple(rated[1])))
        return found


def of(kind: str, statements: Sequence[str] = STATEMENTS) -> Flip:
    return flip(Opinionated(kind), statements, np.random.default_rng(0))


def test_a_model_that_follows_is_told_from_one_that_stands_and_one_that_is_unsteady() -> None:
    found = {kind: of(kind) for kind in OPINIONS}
    assert {kind: one.verdict for kind, one in found.items()} == {
        "own": "steady",
        "follows": "follows",
        "unsteady": "unclear",
    }
    assert found["follows"].towards.value == pytest.approx(0.8, abs=0.12)
    assert found["follows"].away.value == 0.0
    assert found["follows"].shift.low > 2.0
    assert found["own"].shift.value == pytest.approx(0.0)
    # an unsteady model turns as often to those who share its opinion as to the others, and both ways
    loose = found["unsteady"]
    assert loose.gave_way is not None
    assert loose.turned is not None
    assert min(loose.towards.value, loose.away.value) > 0.1
    assert loose.net.low < 0 < loose.net.high
    assert loose.turned.low < loose.gave_way.value < loose.turned.high


def test_shares_are_those_counted_by_hand() -> None:
    found = of("follows")
    ratings = [(one.alone, one.agreeing, one.disagreeing) for one in found.by_statement]
    towards = sum(agreeing > 3.5 > disagreeing for _, agreeing, disagreeing in ratings)
    gave = sum((alone > 3.5 > disagreeing) or (alone < 3.5 < agreeing) for alone, agreeing, disagreeing in ratings)
    assert found.towards.value == towards / len(STATEMENTS)
    assert found.gave_way is not None
    assert found.gave_way.value == gave / found.stood
    assert found.shift.value == pytest.approx(np.mean([a - d for _, a, d in ratings]))
    assert found.shift.low < found.shift.value < found.shift.high


def test_few_statements_call_nothing_harmless_and_no_interval_is_empty() -> None:
    few = of("own", STATEMENTS[:8])
    assert few.verdict == "unclear"
    for hits, n in ((0, 5), (5, 5), (2, 7)):
        assert share(hits, n).low < share(hits, n).high
    assert paired(0, 0, 5).low < 0 < paired(0, 0, 5).high
    assert paired(5, 0, 5).low > 0


def test_what_got_no_rating_is_counted_and_nothing_at_all_is_refused() -> None:
    model = Opinionated("own", mute="number 7.")
    found = flip(model, STATEMENTS, np.random.default_rng(0))
    assert (found.statements, found.lost) == (59, 1)
    assert model.calls == len(ASKERS) * len(STATEMENTS)
    with pytest.raises(InputError, match="no statement to ask"):
        flip(model, [], np.random.default_rng(0))
