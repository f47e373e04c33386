"""Nothing that is printed speaks of one to four people, nor can it be worked out from two printed numbers."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from folkmoot.audits.public_records import Count, Statement
from folkmoot.slates.public.safe import about, cells, group_shares, share, small, withheld

numbers = st.integers(0, 12)
counts = st.builds(Count, numbers, numbers, numbers, numbers)


@given(st.lists(numbers, min_size=2, max_size=5))
@example([132, 0, 0, 4])
@example([0, 3, 0])
def test_parts_that_are_withheld_cannot_be_worked_out_from_the_whole(parts: list[int]) -> None:
    out = withheld(parts)
    assert not any(small(n) for at, n in enumerate(parts) if at not in out)
    rest = sum(parts[at] for at in out)
    # Where everything is withheld there is nothing to take from the whole.
    assert not small(rest) or all(at in out for at, n in enumerate(parts) if n)
    assert len(out) != 1 or all(at in out for at, n in enumerate(parts) if n)


def test_nothing_is_withheld_without_need() -> None:
    assert withheld([302, 12, 0, 8]) == frozenset()
    # The first part goes last: it is what a reader looks for.
    assert withheld([6, 3, 9, 0]) == {1, 2}


@given(counts)
def test_counts_of_a_statement(count: Count) -> None:
    printed = cells(count)
    shown = [n for n in (printed.agree, printed.middle, printed.against, printed.unseen) if n is not None]
    assert not any(map(small, shown))
    everybody = count.voted + count.unseen
    assert printed.together == everybody - sum(shown)
    assert not small(printed.together) or not any(shown)


@given(counts)
def test_a_share_says_no_small_number(count: Count) -> None:
    found = share(count)
    voted = count.voted
    if voted < 5 or (voted == 5 and small(count.agree)):
        assert found.kind == "none"
        return
    assert found.kind == "exact" or 0 < found.part < found.whole, "a bound of 0 or 100% tells nothing"
    assert found.of != small(count.unseen)
    if found.kind == "exact":
        assert not small(found.part)
        assert not small(voted - found.part)
    elif found.kind == "under":
        assert count.agree < found.part
    else:
        assert found.kind == "over"
        assert count.agree > found.part


@given(st.lists(counts, min_size=2, max_size=3), counts)
def test_groups_leave_nobody_alone(groups: list[Count], outside: Count) -> None:
    every = [*groups, outside]
    names = ("agree", "middle", "against", "unseen")
    whole = Count(*(sum(getattr(one, name) for one in every) for name in names))
    found = group_shares(Statement("s", "", "", whole, tuple(groups)))
    shown = [at for at, one in enumerate(found) if one.kind == "exact" and one.of]
    if shown:
        voted = whole.voted - sum(found[at].whole for at in shown)
        agree = whole.agree - sum(found[at].part for at in shown)
        assert not any(map(small, (voted, agree, voted - agree)))
    for at, one in enumerate(found):
        assert one.kind == share(groups[at]).kind


@given(st.integers(1, 500), st.floats(0, 1))
def test_what_is_expected_is_rounded(silent: int, chance: float) -> None:
    n = about(silent * chance, silent)
    step = 10 if silent >= 50 else 5 if silent >= 20 else 1
    assert n % step == 0 or n == silent
    assert abs(n - silent * chance) <= step / 2 + 1e-6 or n == silent
    assert 0 <= n <= silent
