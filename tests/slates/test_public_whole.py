"""No number of one to four people can be worked out from all that the public files print of the same people."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from folkmoot.audits.public_records import Count, Listed, Public
from folkmoot.report.public.entries import stands
from folkmoot.report.public.kinds import kind_of
from folkmoot.report.translations import words
from folkmoot.slates.public.safe import alone, small
from folkmoot.slates.public.whole import standing, whole

VOTES = kind_of(Public("votes"), words("en"), "words")
PARTS = ("agree", "middle", "against", "unseen")
numbers = st.integers(0, 7)
#: Many people, so that the list does not stand alone.
large = st.integers(15, 40)
counts = st.builds(Count, st.one_of(numbers, large), numbers, numbers, st.one_of(numbers, large))


def public_of(own: list[Count], left: int) -> Public:
    everybody = Count(*(sum(getattr(one, part) for one in own) for part in PARTS))
    listed = [
        Listed(f"s{at}", "", "", everybody, need=at, people=one.voted + one.unseen, own=one)
        for at, one in enumerate(own)
    ]
    people = sum(one.people for one in listed) + left
    return Public("votes", people=people, statements=tuple(listed), left_over=left)


class Known:
    """What a reader knows: linear conditions on the counts of each statement's people, and on who has none."""

    def __init__(self, statements: int) -> None:
        self.size = 4 * statements + 1
        self.rows: list[np.ndarray] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def of(self, *places: int) -> np.ndarray:
        row = np.zeros(self.size)
        row[list(places)] = 1
        return row

    def add(self, row: np.ndarray, low: float, high: float = np.inf) -> None:
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def range(self, row: np.ndarray) -> tuple[int, int]:
        """The smallest and the largest that a sum of counts can be, in whole people."""
        found = []
        for sign in (1, -1):
            answer = milp(
                sign * row,
                integrality=np.ones(self.size),
                bounds=Bounds(0, np.inf),
                constraints=LinearConstraint(np.array(self.rows), self.low, self.high),
            )
            assert answer.success
            found.append(round(sign * answer.fun))
        return found[0], found[1]


def known(public: Public) -> Known:
    """Everything that the page says in numbers, and the bounds that stand in place of the first figure."""
    shown, listed = whole(public), public.statements
    hidden = frozenset(name for name, n in shown.stands.items() if n is None)
    facts, k = Known(len(listed)), len(listed)
    everybody = facts.of(*range(facts.size))
    facts.add(everybody, public.people, public.people)
    for at, one in enumerate(listed):
        its = facts.of(*range(4 * at, 4 * at + 4))
        if one.id in hidden:
            facts.add(its, 1, 4 if shown.fewer else np.inf)
            continue
        facts.add(its, one.people, one.people)
        _row(facts, at, one, one.id in shown.lines)
    for place, part in enumerate(PARTS):
        n = getattr(shown, part)
        column = facts.of(*(4 * at + place for at in range(k)))
        if n is not None:
            facts.add(column, n, n)
        elif part == "agree" and (small(public.people - _sum(public, part)) or small(_sum(public, part))):
            # "over 95%" and "under 5%" are bounds.
            low = 1 if small(_sum(public, part)) else public.people - 4
            facts.add(column, low, low + 3)
        else:
            facts.add(column, 1)
    facts.add(facts.of(facts.size - 1), *((1, np.inf) if shown.left_over is None else (shown.left_over,) * 2))
    return facts


def _row(facts: Known, at: int, one: Listed, told: bool) -> None:
    """What the line of a statement says of its people, in numbers or in words."""
    line, own = str(stands(one, told, VOTES)).partition(":")[2], one.own
    if told:
        for place, part in enumerate(PARTS):
            count = getattr(own, part)
            assert not small(count)
            facts.add(facts.of(4 * at + place), count, count)
    elif own.agree == 0 and line:
        facts.add(facts.of(4 * at), 0, 0)
    # Other words ("most", "nearly all") are no numbers, and are said of ten people or more only.


def _sum(public: Public, part: str) -> int:
    return sum(getattr(one.own, part) for one in public.statements)


def secrets(public: Public, facts: Known) -> Iterator[tuple[str, np.ndarray, int]]:
    """Every true number of one to four people, with what it is the sum of."""
    for at, one in enumerate(public.statements):
        yield f"people of {at}", facts.of(*range(4 * at, 4 * at + 4)), one.people
        for place, part in enumerate(PARTS):
            yield f"{part} of {at}", facts.of(4 * at + place), getattr(one.own, part)
    for place, part in enumerate(PARTS):
        places = (4 * at + place for at in range(len(public.statements)))
        yield part, facts.of(*places), _sum(public, part)
    yield "left over", facts.of(facts.size - 1), public.left_over


@pytest.mark.long
@settings(max_examples=150)
@given(st.lists(counts, min_size=2, max_size=4), numbers)
@example([Count(30, 0, 0, 10), Count(20, 0, 0, 0), Count(3, 0, 0, 0)], 0)
@example([Count(30, 0, 0, 10), Count(6, 0, 0, 0), Count(5, 0, 0, 0)], 3)
@example([Count(40, 2, 7, 2), Count(20, 0, 0, 0)], 0)
def test_no_small_number_of_people_can_be_worked_out(own: list[Count], left: int) -> None:
    public = public_of(own, left)
    if alone(public):
        return
    facts = known(public)
    for name, row, n in secrets(public, facts):
        if small(n):
            low, high = facts.range(row)
            assert low <= n <= high
            assert low < high, f"{name} is {n}"


def test_one_small_number_beside_the_total_takes_another_with_it() -> None:
    public = public_of([Count(30, 0, 0, 10), Count(20, 0, 0, 0), Count(3, 0, 0, 0)], 0)
    shown = whole(public)
    assert shown.stands == {"s0": 40, "s1": None, "s2": None}
    assert not shown.fewer
    # Two small ones are enough for each other, and may be called small.
    several = whole(public_of([Count(30, 0, 0, 10), Count(3, 0, 0, 0), Count(4, 0, 0, 0)], 0))
    assert several.stands == {"s0": 40, "s1": None, "s2": None}
    assert several.fewer


def test_few_who_are_left_over_cannot_be_worked_out_from_the_statements() -> None:
    shown = whole(public_of([Count(30, 0, 0, 10), Count(20, 0, 0, 0)], 3))
    assert shown.left_over is None
    assert shown.stands == {"s0": 40, "s1": None}
    shown = whole(public_of([Count(30, 0, 0, 10), Count(20, 0, 0, 0)], 9))
    assert (shown.left_over, dict(shown.stands)) == (9, {"s0": 40, "s1": 20})


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8), st.one_of(st.none(), st.integers(0, 8)))
def test_nothing_small_is_printed_and_nothing_is_left_out_without_need(people: list[int], also: int | None) -> None:
    out = standing(people, also if also is not None and also < len(people) else None)
    assert not any(small(n) for at, n in enumerate(people) if at not in out)
    assert not any(people[at] == 0 for at in out)
    if not any(map(small, people)) and also is None:
        assert not out
