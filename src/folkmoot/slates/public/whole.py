"""How everybody may be printed in parts: by what they said of their statement, and by the statement itself.

Both ways to divide everybody share one part: those whom no statement stands for. What one way leaves out the other must
not give away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...audits.public_records import Public
from .safe import FEW_PEOPLE, LEAST, parts, small, withheld


@dataclass(frozen=True)
class Whole:
    """Everybody in parts; None: may not be printed.

    Args:
        agree: how many are for the statement that stands for them, and so on with the next four.
        middle: how many are neither for nor against it.
        against: how many are against it.
        unseen: how many said nothing of it.
        left_over: for how many there is none.
        stands: by the id of each statement for how many it stands.
        lines: ids of the statements of whose people it may be printed how many said what; of the others no count is.
        fewer: whether what ``stands`` withholds may be said to be fewer than five; else only that it is left out.
    """

    agree: int | None
    middle: int | None
    against: int | None
    unseen: int | None
    left_over: int | None
    stands: Mapping[str, int | None]
    lines: frozenset[str] = frozenset()
    fewer: bool = True


def whole(public: Public) -> Whole:
    """Everybody in parts, so that none of one to four people is printed or can be worked out.

    Args:
        public: the figures.
    """
    left, people = public.left_over, [one.people for one in public.statements]
    own = [parts(one.own) for one in public.statements]
    said = [sum(column) for column in zip(*own, strict=True)] if own else [0] * 4
    hidden = False
    while True:
        kept = standing([*people, left], also=len(people) if hidden else None)
        silent = _silent(public, kept)
        rest = [sum(own[at][place] for at in silent) for place in range(4)]
        out = withheld([*rest, left], [*map(small, said), hidden or len(people) in kept])
        if hidden == (4 in out):
            break
        hidden = True
    shown = [None if at in out else n for at, n in enumerate((*said, left))]
    stands = {one.id: None if at in kept else one.people for at, one in enumerate(public.statements)}
    fewer = len(people) not in kept and all(small(people[at]) for at in kept)
    fewer = fewer and _open([*people, left], kept, LEAST - 1, len(people))
    lines = frozenset(one.id for at, one in enumerate(public.statements) if at not in silent)
    agree, middle, against, unseen, left_over = shown
    return Whole(agree, middle, against, unseen, left_over, stands, lines, fewer)


def _silent(public: Public, kept: frozenset[int]) -> frozenset[int]:
    """Places of the statements of whose people no counts may be printed beside the sums over all statements.

    Those with a small count, or with one that leaves a small one of all people who said the same; and as many others,
    fewest people first, as it takes until they are several and have no small count together.
    """
    listed = public.statements
    if public.people < FEW_PEOPLE:
        return frozenset(range(len(listed)))
    own = [parts(one.own) for one in listed]
    wholes = own if public.asked == "comparisons" else [parts(one.all) for one in listed]
    out = {
        at
        for at, (mine, all_) in enumerate(zip(own, wholes, strict=True))
        if at in kept or any(map(small, mine)) or any(small(n - k) for n, k in zip(all_, mine, strict=True))
    }
    rest = sorted((one.people, at) for at, one in enumerate(listed) if one.people and at not in out)
    while out and rest and (len(out) < 2 or any(small(sum(own[at][place] for at in out)) for place in range(4))):
        out.add(rest.pop(0)[1])
    return frozenset(out)


def standing(people: Sequence[int], also: int | None = None) -> frozenset[int]:
    """Places of the numbers of people that may not be printed, where their sum is known.

    The small ones, and as many of the next smallest as it takes until none of them can be worked out: not from the sum,
    and not from the order of the list either, in which nobody comes before who stands for more.

    Args:
        people: how many people each statement stands for, last how many none stands for.
        also: a place that may not be printed for another reason.

    >>> sorted(standing([20, 9, 3, 0])), sorted(standing([20, 9, 6, 0])), sorted(standing([20, 5, 5, 4, 0]))
    ([1, 2], [], [1, 3])
    """
    out = {at for at, n in enumerate(people) if small(n) or (at == also and n)}
    rest = sorted((n, at) for at, n in enumerate(people) if n and at not in out)
    while out and rest and not _open(people, out, max(people), len(people) - 1):
        out.add(rest.pop(0)[1])
    return frozenset(out)


def _open(people: Sequence[int], out: set[int] | frozenset[int], most: int, left: int) -> bool:
    """Whether each of some numbers could be several, by their sum and by what is printed beside them.

    Args:
        people: all numbers.
        out: the places of those that are not printed; each is one or more.
        most: the largest that one of them can be, as far as anybody knows.
        left: the place of those whom no statement stands for; nothing else bounds their number.
    """
    total = sum(people[at] for at in out)
    shown = [n for at, n in enumerate(people) if n and at not in out and at != left]
    cap = min([most, *shown])
    caps = {at: total if at == left else cap for at in out}
    for at in out:
        lowest = max(1, total - sum(caps[other] for other in out if other != at))
        highest = min(caps[at], total - (len(out) - 1))
        if lowest >= highest:
            return False
    return not out or total >= LEAST
