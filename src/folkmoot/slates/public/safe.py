"""What may be printed: no count of one to four people, nor one that two printed counts would give away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ...audits.public_records import Count, Public, Statement

#: The fewest people that a count may speak of, besides none.
LEAST = 5
#: Below so many people a list may have to stand alone.
FEW_PEOPLE = 40


def small(number: int) -> bool:
    """Whether a count speaks of too few people.

    >>> [small(n) for n in (0, 1, 4, 5)]
    [False, True, True, False]
    """
    return 0 < number < LEAST


def alone(public: Public) -> bool:
    """Whether so few took part that most figures may not be printed: then the list stands alone, without any.

    Args:
        public: the figures.
    """
    if public.people >= FEW_PEOPLE:
        return False
    if public.people < LEAST or small(public.left_over) or any(small(one.people) for one in public.statements):
        return True  # of so few too many numbers would be left out beside it for the rest to say anything
    blank = sum(1 for one in public.statements if small(one.all.voted))
    return 2 * blank > len(public.statements)


def withheld(parts: Sequence[int], also: Sequence[bool] = ()) -> frozenset[int]:
    """Places of the parts of a whole that may not be printed beside it.

    The small ones, and as many of the next smallest as it takes until all that is withheld is not small together, nor
    one part alone: else it could be worked out from the whole. Where that does not suffice, as where one part is all
    there is, every part is withheld: beside zeros it would be the whole.

    Args:
        parts: the parts; the whole is printed.
        also: for each part whether it may not be printed for another reason.

    >>> sorted(withheld([302, 0, 0, 8])), sorted(withheld([132, 0, 0, 4])), sorted(withheld([90, 3, 2, 5]))
    ([], [0, 3], [1, 2])
    >>> sorted(withheld([34, 0, 14, 0], [False, False, True, False])), sorted(withheld([0, 3, 0]))
    ([0, 2], [0, 1, 2])
    """
    also = also or [False] * len(parts)
    out = {at for at, n in enumerate(parts) if small(n) or (also[at] and n)}
    # The first part is those who are for it: it is what a reader looks for, so it goes last.
    rest = sorted((at == 0, n, at) for at, n in enumerate(parts) if n and at not in out)
    # One alone could be worked out whatever its size.
    while out and rest and (len(out) < 2 or sum(parts[at] for at in out) < LEAST):
        out.add(rest.pop(0)[2])
    if out and (len(out) < 2 or sum(parts[at] for at in out) < LEAST):
        out = set(range(len(parts)))
    return frozenset(out)


@dataclass(frozen=True)
class Cells:
    """Counts of one statement as they may be printed; None: too few people to say.

    Args:
        agree: as in `Count`, like the next three.
        middle: how many are neither.
        against: how many are against it.
        unseen: how many said nothing.
        together: how many the withheld ones are together.
    """

    agree: int | None
    middle: int | None
    against: int | None
    unseen: int | None
    together: int = 0

    @property
    def all(self) -> bool:
        """Whether every count may be printed."""
        return None not in (self.agree, self.middle, self.against, self.unseen)


def cells(count: Count) -> Cells:
    """The counts of one statement as they may be printed.

    Args:
        count: the counts.
    """
    each = parts(count)
    out = withheld(each)
    together = sum(each[at] for at in out)
    agree, middle, against, unseen = (None if at in out else n for at, n in enumerate(each))
    return Cells(agree, middle, against, unseen, together)


def parts(count: Count) -> tuple[int, int, int, int]:
    """The four counts in order."""
    return count.agree, count.middle, count.against, count.unseen


@dataclass(frozen=True)
class Share:
    """The share of those who said something and are for a statement, as it may be printed.

    Args:
        kind: ``exact``; ``under`` or ``over`` where the exact one would give away a small count; ``none``: too few
            said something, or the bound would tell nothing.
        part: how many are for it, or the bound.
        whole: how many said something.
        of: whether ``whole`` may be printed.
    """

    kind: Literal["exact", "under", "over", "none"]
    part: int
    whole: int
    of: bool = True


def share(count: Count) -> Share:
    """The share of those who said something and are for a statement.

    >>> share(Count(667, 229, 171, 964)).kind, share(Count(98, 1, 1, 50)), share(Count(3, 0, 0, 9)).kind
    ('exact', Share(kind='over', part=95, whole=100, of=True), 'none')
    >>> share(Count(3, 0, 2, 9)).kind  # "under 100%" would tell nothing
    'none'
    """
    voted = count.voted
    if voted < LEAST:
        return Share("none", 0, voted, False)
    if voted == LEAST and small(count.agree):
        return Share("none", 0, voted, False)
    of = not small(count.unseen)
    if small(count.agree):
        return Share("under", LEAST, voted, of)
    if small(voted - count.agree):
        return Share("over", voted - LEAST, voted, of)
    return Share("exact", count.agree, voted, of)


def group_shares(one: Statement) -> tuple[Share, ...]:
    """The shares in every group of opinion; what the groups leave over must not be small either.

    Args:
        one: the statement with its counts.
    """
    found = [share(group) for group in one.groups]
    shown = {at for at, entry in enumerate(found) if entry.kind == "exact" and entry.of}
    while shown:
        rest = (
            one.all.voted - sum(one.groups[at].voted for at in shown),
            one.all.agree - sum(one.groups[at].agree for at in shown),
        )
        if not any(map(small, (*rest, rest[0] - rest[1]))):
            break
        shown.remove(min(shown, key=lambda at: (one.groups[at].voted, at)))
    return tuple(
        entry if at in shown or not entry.of else Share(entry.kind, entry.part, entry.whole, False)
        for at, entry in enumerate(found)
    )


def about(expected: float, silent: int) -> int:
    """An expected number as it may be printed: in tens from 50 people, in fives from 20.

    >>> about(98.6, 122), about(22.4, 41), about(6.2, 12)
    (100, 20, 6)
    """
    step = 10 if silent >= 50 else 5 if silent >= 20 else 1
    return min(silent, step * int((expected + step / 2) // step))
