"""51 against 49: figures that can be worked out by hand."""

from __future__ import annotations

import json
import math

import pytest

from folkmoot.profile import InputError
from folkmoot_studies import STUDIES
from folkmoot_studies.bounds import fifty_one

pytest.importorskip("scipy")


@pytest.mark.parametrize(("people", "majority"), [(100, 51), (10, 7)])
def test_one_answer_a_lottery_and_two_answers(people: int, majority: int) -> None:
    found = STUDIES["fifty-one"].run(people=people, majority=majority)
    share = majority / people
    assert found["pooled"]["difference"] == pytest.approx(math.log(share / (1 - share)), abs=1e-5)
    assert found["pooled"]["chosen"] == "A"
    assert found["pooled"]["unhappy"] == pytest.approx(1 - share)
    assert found["pooled"]["groups"] == [1.0, 0.0]
    assert max(found["lotteries"]["worst_group"]) == 0.5
    assert found["lotteries"]["best_worst_group"] == pytest.approx(0.5)
    assert found["compromise"]["worst_group"] == pytest.approx(0.7)
    assert found["proportional"]["shares"] == pytest.approx([share, 1 - share])
    assert found["proportional"]["three_groups"] == pytest.approx([6 / 11, 4 / 11, 1 / 11])
    assert len(found["slates"]) == 5
    for slate in found["slates"]:
        assert sorted(slate["slate"]) == ["A", "B"]
        assert slate["groups"] == [1.0, 1.0]
        assert slate["worst_group"] == 1.0
    json.dumps(found, allow_nan=False)
    shown = STUDIES["fifty-one"].table(found)
    assert f"{1 - share:.0%} are left unhappy, always" in shown
    assert len({len(line) for line in shown.splitlines()[2:] if line and not line.startswith("   ")} - {0}) == 1


def test_a_majority_is_more_than_half_and_not_all() -> None:
    for majority in (50, 100):
        with pytest.raises(InputError, match="no majority with a minority"):
            fifty_one.run(people=100, majority=majority)
