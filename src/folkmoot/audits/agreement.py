"""Who agrees with the statement they are assigned to: by their own vote, or as the model expects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..profile import Scale
from ..queries.beliefs import Beliefs
from .subject import Subject

DIGITS = 6
#: A statement divides people if at least one in so many of those who answered it are for it, and as many against.
DIVIDED = 3
#: Scales on which a low answer is none against a statement.
NOBODY_AGAINST = ("approval", "points")


@dataclass(frozen=True)
class Agreement:
    """How many agree with the statement that they are assigned to, in mass.

    Args:
        assigned: the mass that is assigned to a statement.
        voted: the mass that answered the statement it is assigned to.
        agreed: the mass that answered and agreed.
        expected: the mass that agrees by its own answer or, weighted by its chance, as the model expects.
    """

    assigned: int
    voted: int
    agreed: int
    expected: float


@dataclass(frozen=True)
class Divisive:
    """Statements that a large enough group wants and many others do not, and that are not in the slate.

    Args:
        count: how many there are.
        id: the id of the one that most people are expected to agree with; empty if there is none.
        text: that statement as it was written.
        agree: the share of the people who are expected to agree with it.
    """

    count: int
    id: str = ""
    text: str = ""
    agree: float = 0.0


def agreement(subject: Subject, beliefs: Beliefs | None, approval: float) -> Agreement:
    """How many agree with theirs.

    Args:
        subject: the slate with its assignment.
        beliefs: what is believed about answers nobody gave; None: utilities are taken for answers.
        approval: the utility from which somebody agrees.
    """
    pool = subject.pool
    rows = np.flatnonzero(subject.assignment >= 0)
    places = subject.assignment[rows]
    masses = pool.masses[rows]
    known = pool.known(pool.agents, subject.chosen)[rows, places]
    agrees = subject.slate[rows, places] >= approval
    if beliefs is None:
        chances = agrees.astype(np.float64)
    else:
        chances = beliefs.chances(pool.agents, pool.statements[subject.chosen])[rows, places]
    return Agreement(
        assigned=int(masses.sum()),
        voted=int(masses[known].sum()),
        agreed=int(masses[known & agrees].sum()),
        expected=round(float((masses * np.where(known, agrees, chances)).sum()), DIGITS),
    )


def expected_by_statement(subject: Subject, beliefs: Beliefs | None, approval: float) -> tuple[float, ...]:
    """For every statement of the slate the mass assigned to it that agrees or is expected to.

    Args:
        subject: the slate with its assignment.
        beliefs: as in `agreement`.
        approval: as in `agreement`.
    """
    pool = subject.pool
    known = pool.known(pool.agents, subject.chosen)
    agrees = subject.slate >= approval
    chances = agrees if beliefs is None else beliefs.chances(pool.agents, pool.statements[subject.chosen])
    share = np.where(known, agrees, chances)
    sums = [
        float((pool.masses * share[:, place])[subject.assignment == place].sum())
        for place in range(len(subject.chosen))
    ]
    return tuple(round(total, DIGITS) for total in sums)


def divisive(
    subject: Subject, beliefs: Beliefs | None, scale: Scale, ids: tuple[str, ...], texts: tuple[str, ...]
) -> Divisive:
    """Statements outside the slate that divide people although a large enough group wants them.

    Args:
        subject: the slate over what could be chosen.
        beliefs: as in `agreement`.
        scale: the scale of the answers: who is below its middle is against; on one of `NOBODY_AGAINST` nobody is.
        ids: the ids of the profile's statements.
        texts: their texts.
    """
    if scale.kind in NOBODY_AGAINST:
        return Divisive(0)
    pool, middle = subject.pool, sum(scale.utility_range) / 2
    count, best, most = 0, -1, 0.0
    for part, block in pool.blocks(pool.agents, subject.outside):
        columns, known = pool.statements[part], pool.known(pool.agents, part)
        for_it = pool.masses @ (known & (block >= scale.approval))
        against = pool.masses @ (known & (block < middle))
        answered = pool.masses @ known
        chances = (block >= scale.approval) if beliefs is None else beliefs.chances(pool.agents, columns)
        agree = np.round(np.einsum("n,nm->m", pool.masses, np.asarray(chances, dtype=np.float64)), DIGITS)
        divided = (DIVIDED * for_it >= answered) & (DIVIDED * against >= answered) & (answered > 0)
        divided &= agree >= subject.needs[part]
        count += int(divided.sum())
        for at in np.flatnonzero(divided).tolist():
            if agree[at] > most:
                best, most = int(columns[at]), float(agree[at])
    if best < 0:
        return Divisive(0)
    return Divisive(count, ids[best], texts[best], round(most / pool.total_mass, DIGITS))
