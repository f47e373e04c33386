"""Which answers to ask for again, and how: the survey design behind `folkmoot.preferences.repeated.answer_kinds`.

Every person is asked a few statements, chosen at random, under several conditions: the wording leans to agreeing or to
disagreeing, either side is offered first, and each presentation belongs to a wave of its own. Between waves lie other
statements that are asked once (a distractor block); a day between waves does as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..profile import InputError, IntArray

#: Default share of the statements that a person is asked again; 10 to 20 % is usual.
SHARE = 0.15
#: Fewer conditions cannot tell the kinds of answers apart where guess rates differ by statement.
LEAST_CONDITIONS = 4


@dataclass(frozen=True, eq=False)
class RepeatDesign:
    """Which questions each person is asked, when, and under which condition.

    Args:
        items: int64 [n, r] the statements that each person is asked again.
        cue: int8 [n, r, c] the side to which the wording leans at each presentation; it alternates.
        order: int8 [n, r, c] the side that is offered first; every pair of cue and order occurs c/4 times, rounded up
            or down.
        place: int64 [n, c, r] the order of the items within each wave.
        others: int64 [n, m - r] the other statements in their order, asked once, without a cue.
        other_order: int8 [n, m - r] the side that is offered first with those.
    """

    items: IntArray
    cue: NDArray[np.int8]
    order: NDArray[np.int8]
    place: IntArray
    others: IntArray
    other_order: NDArray[np.int8]

    @property
    def n_agents(self) -> int:
        return len(self.items)

    @property
    def n_statements(self) -> int:
        return int(self.items.shape[1] + self.others.shape[1])

    @property
    def waves(self) -> int:
        """Number of presentations of every item that is asked again."""
        return int(self.cue.shape[2])

    def person(self, row: int) -> list[dict[str, Any]]:
        """The whole questionnaire of a person in order: JSON-ready steps.

        Returns:
            Steps with ``statement`` (column), ``cue`` and ``order`` (1, -1, 0), ``wave`` from 1, and ``repeat`` (True:
            the statement is asked again; False: it is a distractor, whose wave is the one it follows).
        """
        steps = []
        blocks = np.array_split(np.arange(self.others.shape[1]), self.waves - 1)
        for wave in range(self.waves):
            for at in self.place[row, wave].tolist():
                cue, order = int(self.cue[row, at, wave]), int(self.order[row, at, wave])
                steps.append(_step(self.items[row, at], cue, order, wave, True))
            for at in blocks[wave].tolist() if wave < len(blocks) else ():
                steps.append(_step(self.others[row, at], 0, int(self.other_order[row, at]), wave, False))
        return steps

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; `of_dict` reads it."""
        return {each.name: getattr(self, each.name).tolist() for each in fields(self)}

    @classmethod
    def of_dict(cls, record: Mapping[str, Any]) -> RepeatDesign:
        """The design that `as_dict` wrote.

        Raises:
            InputError: the record is no design.
        """
        try:
            return cls(
                items=np.array(record["items"], dtype=np.int64),
                cue=np.array(record["cue"], dtype=np.int8),
                order=np.array(record["order"], dtype=np.int8),
                place=np.array(record["place"], dtype=np.int64),
                others=np.array(record["others"], dtype=np.int64),
                other_order=np.array(record["other_order"], dtype=np.int8),
            )
        except InputError:
            raise
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"this is no design of repeated questions ({error}); make one with repeat_design"
            ) from None


def repeat_design(
    n_agents: int,
    n_statements: int,
    rng: np.random.Generator,
    *,
    share: float = SHARE,
    conditions: int = LEAST_CONDITIONS,
) -> RepeatDesign:
    """A randomised design: everybody is asked equally many statements again, every statement equally often (+-1).

    The same wording of a statement never comes twice in a row, each wording comes first for half of those who are asked
    it again, and at least one other statement lies between two waves.

    Args:
        n_agents: the number of people.
        n_statements: the number of statements, all of which everybody is asked at least once.
        rng: the generator of every random choice.
        share: the share of the statements that each person is asked again, 0 < share <= 1/2, rounded to whole
            statements (at least one, at most half).
        conditions: the number of presentations of each of them, even, at least 4.

    Raises:
        InputError: numbers are out of range, or too few other statements to lie between the waves.
    """
    if n_agents < 1 or n_statements < 2:
        raise InputError("a design needs people and at least two statements")
    if conditions < LEAST_CONDITIONS or conditions % 2:
        raise InputError(
            f"{conditions} conditions: ask under an even number, at least {LEAST_CONDITIONS}; with fewer the kinds of "
            "answers cannot be told apart"
        )
    if not 0 < share <= 0.5:
        raise InputError(f"a share of {share:g} of the statements cannot be asked again; choose one up to 0.5")
    again = min(max(1, round(share * n_statements)), n_statements // 2)
    if n_statements - again < conditions - 1:
        raise InputError(
            f"{n_statements - again} statements are asked once, and {conditions - 1} gaps between waves need one each; "
            "ask fewer again or add statements"
        )
    items = _dealt(n_agents, n_statements, again, rng)
    start = _halved(items, rng)
    waves = np.arange(conditions)
    cue = np.where((waves % 2 == 0) == start[..., None], 1, -1).astype(np.int8)
    others = _rest(items, n_statements, rng)
    return RepeatDesign(
        items,
        cue,
        _orders(cue.shape, rng),
        np.argsort(rng.random((n_agents, conditions, again)), axis=2),
        others,
        _signs(rng, others.shape),
    )


def _dealt(n: int, m: int, r: int, rng: np.random.Generator) -> IntArray:
    """int64 [n, r]: r distinct items for everybody, every item equally often up to one, random otherwise.

    Decks of all items are shuffled one after the other and dealt out, r to a person. Whoever gets the end of one deck
    and the beginning of the next might get an item twice: at the beginning of each deck those items go to the back,
    but not into the r last cards, so that what one deck does never reaches the next. (r <= m / 2.)
    """
    decks = np.argsort(rng.random((-(-n * r // m), m)), axis=1)
    later = np.arange(1, len(decks))
    held = (later * m) % r  # cards that the person at the boundary already has of the deck before
    tail = np.arange(m) >= m - held[:, None]
    taken = np.zeros((len(later), m), dtype=bool)
    row, place = np.nonzero(tail)
    taken[row, decks[row, place]] = True
    front = decks[1:, : m - r]
    clash = np.take_along_axis(taken, front, axis=1)
    decks[1:, : m - r] = np.take_along_axis(front, np.argsort(clash, axis=1, kind="stable"), axis=1)
    return np.asarray(decks.ravel()[: n * r].reshape(n, r))


def _halved(items: IntArray, rng: np.random.Generator) -> NDArray[np.bool_]:
    """bool like ``items``: True for half of the occurrences of every item, at random."""
    flat = items.ravel()
    by = np.lexsort((rng.random(len(flat)), flat))
    sorted_ = flat[by]
    rank = np.arange(len(flat)) - np.searchsorted(sorted_, sorted_)
    first = np.empty(len(flat), dtype=bool)
    # Which half is the larger one, where the number is odd, is drawn for each item.
    first[by] = (rank + rng.integers(2, size=int(flat.max()) + 1)[sorted_]) % 2 == 0
    return first.reshape(items.shape)


def _orders(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.int8]:
    """int8 [n, r, c]: random orders; half of the presentations with one cue (every second) offer agreeing first."""
    n, r, c = shape
    orders = np.empty(shape, dtype=np.int8)
    for cue in (0, 1):
        half = np.tile(np.array([1, -1], dtype=np.int8), -(-(c // 2) // 2))[: c // 2] * _signs(rng, (n, r, 1))
        orders[..., cue::2] = rng.permuted(half, axis=2)
    return orders


def _rest(items: IntArray, m: int, rng: np.random.Generator) -> IntArray:
    """int64 [n, m - r]: the statements that are not among a person's items, in random order."""
    key = rng.random((len(items), m))
    np.put_along_axis(key, items, 2.0, axis=1)
    return np.asarray(np.argsort(key, axis=1)[:, : m - items.shape[1]])


def _signs(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.int8]:
    return np.asarray(2 * rng.integers(2, size=shape, dtype=np.int8) - 1, dtype=np.int8)


def _step(statement: int, cue: int, order: int, wave: int, repeat: bool) -> dict[str, Any]:
    return {"statement": int(statement), "cue": cue, "order": order, "wave": wave + 1, "repeat": repeat}
