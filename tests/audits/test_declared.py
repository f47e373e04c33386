"""Groups of the source: no part of fewer than five people, alone or by subtraction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.audits.declared import LEAST, MOST, DeclaredGroups, partition, publishable


@settings(max_examples=60, deadline=None)
@given(labels=st.lists(st.sampled_from(["", "a", "b", "c", "d"]), max_size=40))
def test_every_person_is_in_a_part_of_at_least_five(labels: list[str]) -> None:
    found = partition("x", labels)
    if found is None:
        return
    assert sum(found.people) == len(labels)
    assert min(found.people) >= LEAST
    assert list(found.people) == sorted(found.people, reverse=True)
    assert found.member.sum(axis=1) == pytest.approx(1.0)
    for row, label in enumerate(labels):
        own = found.labels[found.part[row]]
        assert own == label or found.part[row] == found.others
    rare = {label for label in labels if not label or labels.count(label) < LEAST}
    assert (found.others >= 0) == bool(rare)


def test_a_column_that_does_not_divide_people_is_none() -> None:
    assert partition("x", ["a"] * 30) is None
    assert partition("x", ["a"] * 30 + ["b"] * 4) is None
    assert partition("x", [str(n) for n in range(30)]) is None
    found = partition("x", [str(n // 6) for n in range(6 * 20)])
    assert found is not None
    assert len(found.labels) == MOST
    assert found.labels[found.others] == ""


def column(name: str, *sizes: int) -> DeclaredGroups:
    found = partition(name, [chr(97 + at) for at, size in enumerate(sizes) for _ in range(size)])
    assert found is not None
    return found


def test_columns_whose_difference_is_a_few_people_are_not_published_together() -> None:
    region, nested, crossed = column("region", 20, 20), column("nested", 17, 23), column("crossed", 10, 10, 20)
    assert publishable([region, crossed]) == (region, crossed)
    assert publishable([region, nested, crossed]) == (region, crossed)
    # 20 people are 8 and 9 and three more, who are in a part with others.
    union = partition("union", ["a"] * 8 + ["b"] * 9 + ["c"] * 23)
    assert union is not None
    assert publishable([region, union]) == (region,)
    assert publishable([union, region]) == (union,)
    assert np.array_equal(publishable([region])[0].part, region.part)
