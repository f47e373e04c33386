"""What a page for the public may need, counted over everybody."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..audits.public_records import Count, Listed, OpinionGroup, OpinionGroups, Other, Public, Statement
from ..profile import BoolArray, IntArray
from ..queries.completed import GRID
from ..slates.public.groups import with_marks
from ..slates.public.said import AGAINST, FOR, NOTHING, count_of
from .audit import Everybody


@dataclass(frozen=True, eq=False)
class _Counted:
    """Answers by everybody and by group, groups in the order in which they are shown.

    Args:
        answers: int64 [n_statements, 3].
        by_group: int64 [groups, n_statements, 3].
        sizes: int64 [groups].
        people: how many there are.
        outside: of them in no group.
    """

    answers: IntArray
    by_group: IntArray
    sizes: IntArray
    people: int
    outside: int

    def all(self, column: int) -> Count:
        """What everybody said of a statement."""
        return count_of(self.answers[column], self.people)

    def groups(self, column: int) -> tuple[Count, ...]:
        """The same by group."""
        sizes = zip(self.by_group, self.sizes.tolist(), strict=True)
        return tuple(count_of(cells[column], size) for cells, size in sizes)

    def statement(self, e: Everybody, column: int, languages: tuple[str, ...]) -> Statement:
        """What the page may show of a statement."""
        s = e.frame.profile.statements
        return Statement(s.ids[column], s.texts[column], languages[column], self.all(column), self.groups(column))

    def again(self, one: Statement, column: int) -> Statement:
        """A statement as it was shown of some, with everybody's counts."""
        return replace(one, all=self.all(column), groups=self.groups(column))


def public(
    some: Public,
    e: Everybody,
    *,
    unread: int,
    popular: Other | None,
    published: BoolArray,
    languages: tuple[str, ...],
) -> Public:
    """The figures of everybody.

    Args:
        some: the figures of those whom the model was fitted to; texts, reasons and languages are taken from there.
        e: everybody.
        unread: how many entries of the source could not be used.
        popular: the list of the statements with the most support; None: it was not made.
        published: bool [n_statements] what people could see.
        languages: for every statement the language of its text.
    """
    index = {name: column for column, name in enumerate(e.frame.profile.statements.ids)}
    order = np.argsort(-e.counts.sizes[:-1], kind="stable")
    order = order[e.counts.sizes[:-1][order] > 0]
    counted = _Counted(
        e.counts.answers[0], e.counts.by_group[order], e.counts.sizes[:-1][order], e.n, int(e.counts.sizes[-1])
    )
    listed = []
    needs = e.needs(e.plan.chosen)
    for place, one in enumerate(some.statements):
        mine = e.place == place
        kind = e.kinds[mine, place]
        own = Count(*(int((kind == value).sum()) for value in (2, 1, 0, NOTHING)))
        expected = int(e.chances[mine][kind == NOTHING].astype(np.int64).sum()) / GRID
        similar = tuple(counted.again(each, index[each.id]) for each in one.similar)
        new = counted.again(one, index[one.id])
        assert isinstance(new, Listed)
        listed.append(
            replace(
                new,
                need=int(needs[place]),
                people=int(mine.sum()),
                own=own,
                expected=round(expected, 3),
                similar=similar,
            )
        )
    return replace(
        some,
        people=e.n,
        said=int(counted.answers[published].sum()),
        typical=int(_median(e.counts.each)),
        on_none=int((e.kinds == NOTHING).all(axis=1).sum()) if len(e.plan.chosen) else e.n,
        unread=unread,
        statements=tuple(listed),
        left_over=int((e.place < 0).sum()),
        groups=_groups(some, e, counted, published, languages),
        popular=popular,
        divided=_divided(some, e, counted, published, languages),
    )


def _median(counts: IntArray) -> float:
    """The median of whole numbers 0, 1, ... of which there are so many."""
    heaped, total = np.cumsum(counts), int(counts.sum())
    low, high = (int(np.searchsorted(heaped, at, side="right")) for at in ((total - 1) // 2, total // 2))
    return (low + high) / 2


def _groups(
    some: Public, e: Everybody, counted: _Counted, published: BoolArray, languages: tuple[str, ...]
) -> OpinionGroups:
    """The groups that were found among some, with everybody in them."""
    found = some.groups
    if not found.groups:
        return found
    texts = e.frame.profile.statements.texts
    found = replace(found, groups=tuple(OpinionGroup(size) for size in counted.sizes.tolist()), outside=counted.outside)
    shown = [counted.statement(e, j, languages) if published[j] else None for j in range(len(texts))]
    return with_marks(found, shown, counted.by_group, texts)


def _divided(
    some: Public, e: Everybody, counted: _Counted, published: BoolArray, languages: tuple[str, ...]
) -> Statement | None:
    """The published statement with the most votes on both sides, unless it is on the list."""
    both = np.where(published, np.minimum(counted.answers[:, FOR], counted.answers[:, AGAINST]), 0)
    if not len(both) or not both.max():
        return None
    column = int(both.argmax())
    one = counted.statement(e, column, languages)
    return None if one.id in {each.id for each in some.statements} else one
