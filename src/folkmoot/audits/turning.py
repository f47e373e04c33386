"""How far unseen answers would have to differ from their predictions for the verdict on the slate to turn.

What is predicted takes for granted that people skip at random, given what they answered. Here the unseen answers to the
statements that were left out, or those to the statements that people are assigned to, are all shifted by the same
amount, within the ends of the scale, and the exact check is made again. Answers that people gave stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from ..profile.records import OMITTED
from ..profile.streams import Stream, stream
from ..queries import BLOCK, Completed
from ..queries.beliefs import Posterior
from ..queries.coalitions import largest_coalitions, possible
from ..queries.completed import KEPT, block_of
from .subject import Subject, own

#: Shifts are looked at in so many steps over the range of the scale.
STEPS = 1024
#: More than any shift.
NEVER = 2.0
#: Draws that the shift in draws is found on.
DRAWS = 20

Moved = Callable[[int, FloatArray, BoolArray], tuple[FloatArray, FloatArray]]


@dataclass(frozen=True)
class Turning:
    """The smallest shift of unseen answers at which the verdict on completed utilities turns.

    Where no group is large enough, answers are shifted against the slate, and a group becomes large enough; where
    there is one, they are shifted in its favour, and there is none any more. Shifts are shares of the scale's range,
    in steps of 1/1024 of it: at a smaller one the verdict stands, at this one and at every larger one it has turned.

    Args:
        violated: whether there is a large enough group as predicted.
        outside: the shift of the unseen answers to all statements that were left out; None: no shift turns the verdict.
        assigned: the same of the unseen answers to the statements that people are assigned to.
        drawn: the smallest shift of the chance to agree with what was left out at which there is such a group in half
            of the random draws; None: no shift leads there.
        draws: on how many draws that was found; 0: it was not looked for.
        log_odds: the same shift as of the log-odds to agree, which moves chances of 1 in 2 most and none beyond 0 or 1;
            None: no shift leads there, or it was not looked for.
    """

    violated: bool
    outside: float | None
    assigned: float | None
    drawn: float | None = None
    draws: int = 0
    log_odds: float | None = field(default=None, metadata=OMITTED)


def turns(subject: Subject, completed: Completed, seed: int, draws: int) -> Turning:
    """Everything about where the verdict turns.

    Args:
        subject: the slate over its pool.
        completed: known answers and the model that the unknown ones are predicted by.
        seed: the seed of the draws.
        draws: the number of draws of the certificate; fewer are looked at. They are of votes and approvals that count
            in full: on other scales there is no single chance to agree.
    """
    scale = completed.profile.answers.scale
    found = turning(subject, *scale.utility_range)
    count = min(draws, DRAWS)
    if not count or scale.kind not in ("vote", "approval") or completed.said is not completed:
        return found
    chance, log_odds = turning_in_draws(subject, completed, seed, count)
    return replace(found, drawn=chance, draws=count, log_odds=log_odds)


def turning(subject: Subject, low: float, high: float) -> Turning:
    """Finds the smallest shifts at which the verdict turns, by bisection with the exact check.

    Raising what people think of a statement that was left out, or lowering what they think of their own, only ever
    adds members to a coalition, so that every larger shift turns the verdict too.

    Args:
        subject: the slate over its pool.
        low: the lowest utility an answer can have.
        high: the highest utility an answer can have.
    """
    violated = subject.violates_cbjr
    sign = -1 if violated else 1
    # Unassigned people have no statement of their own that they could think less of.
    settled = ~np.isposinf(subject.own_known)

    def shifted(values: FloatArray, known: BoolArray, steps: int) -> FloatArray:
        return np.where(known, values, np.clip(values + steps * (high - low) / STEPS, low, high))

    def of_outside(steps: int, block: FloatArray, known: BoolArray) -> tuple[FloatArray, FloatArray]:
        return subject.own, shifted(block, known, sign * steps)

    def of_assigned(steps: int, block: FloatArray, known: BoolArray) -> tuple[FloatArray, FloatArray]:
        return shifted(subject.own, settled, -sign * steps), block

    search = _steps_to_none if violated else _steps_to_one
    outside, assigned = search(subject, of_outside), search(subject, of_assigned)
    return Turning(violated, _share(outside), _share(assigned))


def _share(steps: int | None) -> float | None:
    return None if steps is None else steps / STEPS


def turning_in_draws(
    subject: Subject, completed: Completed, seed: int, draws: int
) -> tuple[float | None, float | None]:
    """The smallest shift of chances, and of log-odds, at which there is a large enough group in half of the draws.

    At a shift x everybody agrees with what they have not answered and is not in the slate with a chance that is x
    higher than predicted, at most 1; at every draw the same people agree first. So every larger shift has at least as
    many draws with such a group.

    Args:
        subject: the slate over its pool.
        completed: known answers and the model that the unknown ones are drawn from; of votes or approvals.
        seed: the seed of the draws.
        draws: the number of draws; they are the first ones of the certificate's.

    Returns:
        Both shifts, 0 where there is such a group as predicted; None where no shift leads to it.
    """
    scale = completed.profile.answers.scale
    beliefs = Posterior(completed, seed, scale.approval)
    predicted = _Predicted(subject, beliefs)
    needed = [_needed(subject, completed, predicted, seed, number) for number in range(draws)]
    # The middle one, and of two the lower: half of the draws have turned there.
    chance, log_odds = (sorted(each)[(draws - 1) // 2] for each in zip(*needed, strict=True))
    return None if chance > 1 else round(chance, 6), None if np.isinf(log_odds) else round(log_odds, 6)


class _Predicted:
    """Chances to agree with what was left out, and who answered it: looked up once where there are not too many.

    Args:
        subject: the slate over its pool.
        beliefs: the chances.
    """

    def __init__(self, subject: Subject, beliefs: Posterior) -> None:
        self.pool, self.beliefs, self.outside = subject.pool, beliefs, subject.outside
        everybody = self.pool.agents
        self._kept: tuple[FloatArray, BoolArray] | None = None
        if len(everybody) * len(self.outside) <= KEPT:
            self._kept = self._asked(everybody, slice(None))

    def of(self, rows: IntArray, part: slice) -> tuple[FloatArray, BoolArray]:
        """float64 and bool [n_rows, n_part] for some people and some of the statements outside."""
        if self._kept is None:
            return self._asked(rows, part)
        chance, known = self._kept
        return chance[:, part].take(rows, axis=0), known[:, part].take(rows, axis=0)

    def _asked(self, rows: IntArray, part: slice) -> tuple[FloatArray, BoolArray]:
        columns = self.outside[part]
        chance = self.beliefs.chances(rows, self.pool.statements[columns])
        return chance, np.ascontiguousarray(self.pool.known(rows, columns))


def _needed(
    subject: Subject, completed: Completed, predicted: _Predicted, seed: int, number: int
) -> tuple[float, float]:
    """The shifts of chances and of log-odds from which one draw holds a large enough group; 2 and inf where none do."""
    pool, high = subject.pool, completed.profile.answers.scale.utility_range[1]
    drawn, rng = completed.draw(seed, number), stream(seed, Stream.TURNING, number)
    mine = own(drawn.utilities(pool.agents, pool.statements[subject.chosen]), subject.assignment)
    rows = np.flatnonzero(mine < high)
    least = [NEVER, np.inf]
    width = max(1, BLOCK // max(1, len(rows)))
    for start in range(0, len(subject.outside), width):
        part = subject.outside[start : start + width]
        offers = block_of(drawn, rows, pool.statements[part])
        chance, known = predicted.of(rows, slice(start, start + width))
        raised = (1.0 - chance) * rng.random((len(rows), len(part)))
        # The same people agree first on either scale.
        agrees_from = [raised, _logit(chance + raised) - _logit(chance)]
        for each, never in zip(agrees_from, (NEVER, np.inf), strict=True):
            each[known] = never
        for theta in np.unique(np.append(offers.values, high)):
            lacking = mine[rows] < theta
            masses, needs = pool.masses[rows[lacking]], subject.needs[part]
            reached = offers.reaching(theta).T[lacking]
            for scale, each in enumerate(agrees_from):
                shift = np.where(reached, 0.0, each[lacking])
                # Only statements that have the mass below the smallest shift so far can have a smaller one.
                sooner = np.flatnonzero(masses @ (shift < least[scale]) >= needs)
                least[scale] = min(least[scale], _first_large(shift[:, sooner], masses, needs[sooner]))
    return least[0], least[1]


def _logit(chance: FloatArray) -> FloatArray:
    """Log-odds, those of 0 and 1 as of a chance of one in a thousand million."""
    inside = np.clip(chance, 1e-9, 1.0 - 1e-9)
    return np.asarray(np.log(inside) - np.log1p(-inside), dtype=np.float64)


def _first_large(shift: FloatArray, masses: IntArray, needs: IntArray) -> float:
    """The smallest shift at which some statement has the mass it needs, float64 [n, m] shifts of its people."""
    if not len(masses):
        return np.inf
    if bool((masses == 1).all()):
        # As many people as it needs: the last of them, where there are so many.
        columns = np.flatnonzero(needs <= len(masses))
        ascending = np.sort(shift[:, columns], axis=0)
        return float(ascending[needs[columns] - 1, np.arange(len(columns))].min(initial=np.inf))
    order = np.argsort(shift, axis=0, kind="stable")
    enough = np.cumsum(masses[order], axis=0) >= needs
    columns = np.flatnonzero(enough[-1])
    found = shift[order[enough.argmax(axis=0)[columns], columns], columns]
    return float(found.min(initial=np.inf))


def _steps_to_one(subject: Subject, moved: Moved) -> int | None:
    """The fewest steps at which some statement has a large enough group; none has one without any."""
    fewest = STEPS + 1
    for part, block in subject.offers(subject.outside):
        known = subject.pool.known(subject.pool.agents, part)
        large, wanted = _large(subject, part, *moved(fewest - 1, block, known))
        if not large:
            continue
        without, fewest = 0, fewest - 1
        part, block, known = part[wanted], block[:, wanted], known[:, wanted]
        while fewest - without > 1:
            middle = (without + fewest) // 2
            large, wanted = _large(subject, part, *moved(middle, block, known))
            if large:
                # What too few want here, too few want at fewer steps.
                fewest, part, block, known = middle, part[wanted], block[:, wanted], known[:, wanted]
            else:
                without = middle
    return None if fewest > STEPS else fewest


def _steps_to_none(subject: Subject, moved: Moved) -> int | None:
    """The fewest steps at which no statement has a large enough group any more."""
    fewest = 0
    for part, block in subject.offers(subject.outside):
        known = subject.pool.known(subject.pool.agents, part)
        large, wanted = _large(subject, part, *moved(fewest, block, known))
        if not large:
            continue
        # What too few want here, too few want at more steps.
        part, block, known = part[wanted], block[:, wanted], known[:, wanted]
        if _large(subject, part, *moved(STEPS, block, known))[0]:
            return None
        still, fewest = fewest, STEPS
        while fewest - still > 1:
            middle = (still + fewest) // 2
            large, wanted = _large(subject, part, *moved(middle, block, known))
            if large:
                still, part, block, known = middle, part[wanted], block[:, wanted], known[:, wanted]
            else:
                fewest = middle
    return fewest


def _large(subject: Subject, part: IntArray, own: FloatArray, offers: FloatArray) -> tuple[bool, IntArray]:
    """Whether one of these statements has a large enough group, decided in integers, and int64 those it may be."""
    needs = subject.needs[part]
    wanted = np.flatnonzero(possible(own, offers, subject.masses) >= needs)
    for at in wanted:
        mass, _ = largest_coalitions(own, offers[:, at : at + 1], subject.masses)
        if mass[0] >= needs[at]:
            return True, wanted
    return False, wanted
