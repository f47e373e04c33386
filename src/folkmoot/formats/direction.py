"""Does +1 mean agree? Totals that lie beside the votes can say so."""

from __future__ import annotations

import numpy as np

from ..profile import FloatArray, InputError, IntArray
from ..profile.sentences import noted
from .base import Source
from .columns import STATEMENT
from .numbers import to_number

_AGREES = ("agrees", "agree", "n-agree", "agree-count", "total-agrees", "yes")
_DISAGREES = ("disagrees", "disagree", "n-disagree", "disagree-count", "total-disagrees", "no")


_AUTHORS = ("author-id", "author", "participant-id", "pid")

FEWEST_OWN = 10
"""How many votes by authors on their own statements are needed before these decide about the direction."""


def confirmed(
    source: Source,
    ids: tuple[str, ...],
    people: tuple[str, ...],
    agent: IntArray,
    statement: IntArray,
    votes: FloatArray,
    assumed: str,
) -> str:
    """The sentence on the direction of votes, after the totals or the authors in a table beside, if there is one.

    Args:
        source: the votes' source; other files of its folder may hold totals.
        ids: the statements.
        people: the participants.
        agent: the participant of each vote.
        statement: the statement of each vote.
        votes: the votes, -1, 0 or 1.
        assumed: the sentence if nothing confirms the direction.

    Raises:
        InputError: if the totals, or what authors vote on their own statements, say that -1 means agree.
    """
    own = _by_authors(source, ids, people, agent, statement, votes)
    if own is not None:
        return own
    for head in source.beside:
        table = head.table
        if head.path == source.file or not {*table.names} & {*_AGREES} or not {*table.names} & {*_DISAGREES}:
            continue
        key, agrees, disagrees = table.find(*STATEMENT), table.find(*_AGREES), table.find(*_DISAGREES)
        if key is None or agrees is None or disagrees is None:
            continue
        at = {name: j for j, name in enumerate(ids)}
        totals = np.zeros((len(ids), 2))
        for _, cells in head.open().rows():
            j = at.get(cells[key].strip())
            if j is not None:
                totals[j] = to_number(cells[agrees]) or 0.0, to_number(cells[disagrees]) or 0.0
        cast = np.stack([np.bincount(statement[votes == v], minlength=len(ids)) for v in (1, -1)], axis=1)
        right, wrong = (float(np.abs(cast - t).sum()) for t in (totals, totals[:, ::-1]))
        if right < wrong:
            return noted(f"+1 is read as agree, as the totals in {head.path.name} confirm")
        if wrong < right:
            raise InputError(
                f"the votes are inverted: the agrees in {head.path.name} are the votes of -1; read them with "
                "`flip=True`",
                file=source.file,
            )
    return assumed


def _by_authors(
    source: Source,
    ids: tuple[str, ...],
    people: tuple[str, ...],
    agent: IntArray,
    statement: IntArray,
    votes: FloatArray,
) -> str | None:
    """What authors' votes on their own statements say; None: too few, or divided."""
    for head in source.beside:
        table = head.table
        key, author = table.find(*STATEMENT), table.find(*_AUTHORS)
        if head.path == source.file or key is None or author is None or table.find("vote", "rating") is not None:
            continue
        number = {name: i for i, name in enumerate(people)}
        wrote = {cells[key].strip(): number.get(cells[author].strip(), -1) for _, cells in head.open().rows()}
        writer = np.array([wrote.get(name, -1) for name in ids], dtype=np.int64)
        own = votes[writer[statement] == agent]
        agree, disagree = int((own == 1).sum()), int((own == -1).sum())
        if agree + disagree < FEWEST_OWN:
            continue
        if agree >= 0.9 * (agree + disagree):
            return noted(
                f"+1 is read as agree, as {agree} of {agree + disagree} votes of authors on their own statements say"
            )
        if disagree >= 0.9 * (agree + disagree):
            raise InputError(
                f"the votes are inverted: authors vote -1 on {disagree} of {agree + disagree} statements of their own; "
                "read them with `flip=True`",
                file=source.file,
            )
    return None
