"""Is +1 agree? Two tests: the comments file's own sums, and what authors vote on what they wrote."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...profile import InputError, IntArray
from ...profile.sentences import noted
from ..base import Notes, ReadOptions
from .convention import Convention
from .files import Comment, Files

FEWEST_OWN = 10
NOT_CONFIRMED = "sign of the votes not confirmed"
"""How a note begins that leaves open whether -1 means agree."""
"""How many votes by authors on their own statements are needed before these decide about the sign."""


def sign_test(
    files: Files,
    rows: list[Comment],
    people: dict[str, int],
    cast: tuple[int, int],
    final: tuple[IntArray, IntArray, IntArray],
    exact: bool,
    convention: Convention | None,
    options: ReadOptions,
    notes: Notes,
    facts: dict[str, Any],
) -> None:
    """Tests the sign twice: by the comments file's own sums, and by what authors vote on what they wrote.

    The second one finds what the first cannot: an export that turned the sums with the votes (October 2024).

    Args:
        files: the files of the conversation, for messages.
        rows: the statements.
        people: the number of each participant, by id.
        cast: how many votes of +1 and of -1 were cast, including re-votes if there is an event log.
        final: the person, statement and value of the final votes.
        exact: whether there is an event log, so that the sums must agree exactly.
        convention: what the export declares about its votes; a declared -1 for agree has been turned by now.
        options: the reading options; with ``flip`` nothing is refused.
        notes: the notes to which is added what could not be confirmed.
        facts: the facts to which ``sign_test`` is added.

    Raises:
        InputError: if the votes are inverted beyond doubt, or not as declared.
    """
    agrees, disagrees = sum(c.agrees for c in rows), sum(c.disagrees for c in rows)
    plus, minus = cast
    own_yes, own_no = _own(rows, people, final)
    own = own_yes + own_no
    own_inverted = own >= FEWEST_OWN and own_no >= 0.9 * own
    own_right = own >= FEWEST_OWN and own_yes >= 0.9 * own
    to_agrees, to_disagrees = (abs(plus - a) + abs(minus - b) for a, b in ((agrees, disagrees), (disagrees, agrees)))
    if agrees == disagrees:
        result = noted("undecided: as many agrees as disagrees")
    elif plus == agrees:
        result = noted("right: votes of +1 are exactly the agrees")
    elif plus == disagrees:
        result = noted("inverted: votes of +1 are exactly the disagrees")
    elif exact:
        result = noted("undecided: votes of +1 are neither the agrees nor the disagrees")
    elif to_agrees < to_disagrees:
        result = noted("right: votes of +1 are closer to the agrees (no event log to count exactly)")
    else:
        result = noted("inverted: votes of +1 are closer to the disagrees (no event log to count exactly)")
    facts["sign_test"] = {
        "result": result + (f"; {convention}" if convention is not None else ""),
        "plus_votes": plus,
        "minus_votes": minus,
        "agrees": agrees,
        "disagrees": disagrees,
        "own_agrees": own_yes,
        "own_disagrees": own_no,
        "flipped": options.flip,
    }
    votes = files.votes if exact else files.matrix
    if options.flip:
        return
    if result.startswith("inverted: votes of +1 are exactly") and own_right:
        raise InputError(
            f"agrees and disagrees are exchanged: {plus} votes are +1 and the disagrees add up to {disagrees}, yet "
            "authors agree with their own statements; exchange these two columns",
            file=files.comments.path if files.comments is not None else None,
            column="agrees",
        )
    # Without an event log re-votes blur the sums: then inverted means five times as close to the disagrees.
    by_sums = result.startswith("inverted") and (to_disagrees == 0 or plus == disagrees or 5 * to_disagrees < to_agrees)
    if by_sums or own_inverted:
        sign = 1 if convention is None else convention.agree
        why = (
            f"{plus} votes are {sign:+d}, which fits the sum of the disagrees ({disagrees}), not of the agrees "
            f"({agrees})"
            if by_sums
            else f"authors vote {-sign:+d} on {own_no} of {own} statements of their own"
        )
        what = f"the votes are inverted: {why}; read them with `flip=True`"
        if sign < 0:
            what = (
                f"{convention}, but that does not fit: {why}; correct the declaration or take it out (`flip=True` "
                "would read -1 as agree all the same)"
            )
        elif convention is not None:
            what = f"{convention}, but {what} if it is the declaration that is wrong"
        raise InputError(
            what,
            file=votes.path if votes is not None else None,
            column="vote",
        )
    if not result.startswith("right") and convention is not None:
        notes.add("seen", f"the sums do not confirm the sign of the votes ({result}): read as declared")
    elif not result.startswith("right"):
        notes.add("seen", f"{NOT_CONFIRMED} ({result}); if -1 means agree here, use --flip-votes")
    if facts["unquoted_comment_bodies"] and not own_right:
        notes.add("seen", "texts without quotes, as in the export of October 2024, whose votes were inverted: check")


def _own(rows: list[Comment], people: dict[str, int], final: tuple[IntArray, IntArray, IntArray]) -> tuple[int, int]:
    agent, statement, value = final
    author = np.array([people.get(c.author, -1) if c.author else -1 for c in rows], dtype=np.int64)
    own = value[author[statement] == agent] if len(value) else value
    return int((own == 1).sum()), int((own == -1).sum())
