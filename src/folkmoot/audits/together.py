"""Which of a person's own answers rarely go together with a statement, in this population.

Answers are literals: agreeing with statement j is ``j + 1``, disagreeing with it ``-(j + 1)``. Two literals rarely go
together if that is so among those who gave the one, among those who gave the other, and beside what chance would give;
each such pair is a clause "not both". A person's answers, these clauses and "agrees with the statement" make a
knowledge base; a smallest unsatisfiable subset of it is a conflict, read off by a SAT solver (`reconcile`).

That people rarely hold two answers together does not make them contradictory: it is a fact about this population.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..profile import BoolArray, InputError, IntArray
from .reconcile import Clause, correction, unsatisfiable_core

#: The fewest people who took a side on both statements and have the one literal.
CASES = 20
#: Of those who have the one literal, at most one in so many has the other too.
RARE = 10
#: Of those that chance would give both, at most one in so many has both.
BELOW = 2
#: Conflicts listed for one person, and pairs that may lead from the statement to an answer: exceptions multiply.
MOST = 3
LONGEST = 2

NO_CONFLICT, CONFLICT, AGREES = "no conflict", "conflict", "agrees"
AGREE_TO_DISAGREE = "agree to disagree"


@dataclass(frozen=True)
class Rare:
    """Pairs of answers that rarely go together; int64 arrays of one length.

    Args:
        one: the first literal.
        other: the other literal, of a later statement.
        both: the number of people with both.
        of_one: the number of people with ``one`` who took a side on the other statement.
        of_other: the number of people with ``other`` who took a side on the first statement.
    """

    one: IntArray
    other: IntArray
    both: IntArray
    of_one: IntArray
    of_other: IntArray

    def __len__(self) -> int:
        return len(self.one)

    @property
    def clauses(self) -> list[Clause]:
        """ "Not both" of every pair."""
        return [(-int(one), -int(other)) for one, other in zip(self.one, self.other, strict=True)]


def rare_pairs(agree: BoolArray, disagree: BoolArray, cases: int = CASES, rare: int = RARE, below: int = BELOW) -> Rare:
    """Mines the pairs; every threshold is decided in whole numbers.

    Args:
        agree: bool [n, m], who agrees with what.
        disagree: bool [n, m], who disagrees with what; people who do neither passed or did not answer.
        cases: the fewest people with a literal (among those with a side on both statements) that a pair rests on.
        rare: the factor in both <= of_one / rare and both <= of_other / rare.
        below: the factor in both <= of_one * of_other / N / below, N with a side on both statements.

    Raises:
        InputError: there are 2**24 people or more.
    """
    # Sums of zeros and ones are exact in float32 up to 2**24 people, and quick.
    if len(agree) >= 2**24:
        raise InputError("too many people to count pairs of answers; 16 million is the most")
    sides = {1: agree.astype(np.float32), -1: disagree.astype(np.float32)}
    whole = {(s, t): np.rint(sides[s].T @ sides[t]).astype(np.int64) for s in (1, -1) for t in (1, -1) if s >= t}
    whole[-1, 1] = whole[1, -1].T
    total = sum(whole.values())
    blocks: list[tuple[IntArray, ...]] = []
    upper = np.triu(np.ones((agree.shape[1],) * 2, dtype=bool), 1)
    for s in (1, -1):
        for t in (1, -1):
            both = whole[s, t]
            of_one, of_other = both + whole[s, -t], both + whole[-s, t]
            kept = upper & (of_one >= cases) & (of_other >= cases)
            kept &= (rare * both <= of_one) & (rare * both <= of_other) & (below * both * total <= of_one * of_other)
            i, j = np.nonzero(kept)
            blocks.append((s * (i + 1), t * (j + 1), both[i, j], of_one[i, j], of_other[i, j]))
    columns = [np.concatenate(parts).astype(np.int64) for parts in zip(*blocks, strict=True)]
    order = np.lexsort((columns[1], columns[0], np.abs(columns[1]), np.abs(columns[0])))
    return Rare(*(column[order] for column in columns))


@dataclass(frozen=True)
class Step:
    """One pair a conflict rests on: who has ``one`` rarely has ``other``.

    Args:
        one: the first literal.
        other: the other literal.
        both: the number of people with both.
        of_one: the number of people with ``one`` and a side on the other.
    """

    one: int
    other: int
    both: int
    of_one: int


@dataclass(frozen=True)
class Conflict:
    """A person's answers against a statement.

    Args:
        outcome: one of ``agrees`` (they answered so), ``agree to disagree`` (they disagreed with the statement itself:
            no answer can be given up that would change that), ``conflict``, ``no conflict``.
        conflicts: the smallest sets of answers (literals) that rarely go together with agreeing, each with its steps.
        gives_up: a minimal set of answers whose absence leaves no conflict.
        broken: the number of the population's pairs that the person's own answers break already; these are ignored.
    """

    outcome: str
    conflicts: tuple[tuple[tuple[int, ...], tuple[Step, ...]], ...] = ()
    gives_up: tuple[int, ...] = ()
    broken: int = 0


def conflict_of(answers: Sequence[int], statement: int, rare: Rare, most: int = MOST) -> Conflict:
    """Finds out which of a person's answers conflict with agreeing with a statement.

    Args:
        answers: literals of everything the person took a side on.
        statement: the literal of agreeing with it.
        rare: the rare pairs of the population.
        most: the most conflicts to list, no answer in two of them.

    Raises:
        MissingExtraError: the ``sat`` extra is not installed.
    """
    if statement in answers:
        return Conflict(AGREES)
    own_clauses = [(int(x),) for x in answers if x != -statement]
    pairs = rare.clauses
    # People are living counter-examples to what is rare: what their own answers break does not bind them.
    gone = set(correction(pairs, own_clauses))
    rules = [at for at in range(len(pairs)) if at not in gone]
    stands = [(statement,)]
    conflicts: list[tuple[tuple[int, ...], tuple[Step, ...]]] = []
    left = list(own_clauses)
    while len(conflicts) < most:
        core = unsatisfiable_core([*left, *(pairs[at] for at in rules)], stands, smallest=True)
        if core is None:
            break
        mine = [left[at] for at in core if at < len(left)]
        used = [rules[at - len(left)] for at in core if at >= len(left)]
        if len(used) > LONGEST:  # what is left is farther still
            break
        steps = _steps(statement, used, rare)
        conflicts.append((tuple(x for (x,) in mine), steps))
        if not mine:  # nobody at all goes together with it; no answer of theirs is to blame
            break
        left = [clause for clause in left if clause not in mine]
    gives_up: tuple[int, ...] = ()
    if conflicts and all(mine for mine, _ in conflicts):
        held = [clause for clause in own_clauses if clause in {(x,) for mine, _ in conflicts for x in mine}]
        gives_up = tuple(held[at][0] for at in correction(held, [*(pairs[at] for at in rules), *stands]))
    outcome = AGREE_TO_DISAGREE if -statement in answers else CONFLICT if conflicts else NO_CONFLICT
    return Conflict(outcome, tuple(conflicts), gives_up, len(gone))


def _steps(statement: int, used: Sequence[int], rare: Rare) -> tuple[Step, ...]:
    """The pairs in the order in which they lead away from the statement."""
    steps, at, left = [], statement, list(used)
    while left:
        place = next((i for i in left if at in (int(rare.one[i]), int(rare.other[i]))), left[0])
        left.remove(place)
        one, other = int(rare.one[place]), int(rare.other[place])
        counts = (int(rare.of_one[place]), int(rare.of_other[place]))
        if at == other:
            one, other, counts = other, one, counts[::-1]
        steps.append(Step(one, other, int(rare.both[place]), counts[0]))
        at = -other
    return tuple(steps)
