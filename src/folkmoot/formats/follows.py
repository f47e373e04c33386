"""Who follows whom: from a table of its own, with any format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..profile import InputError, Note, Profile
from ..profile.sentences import noted
from .base import Head
from .table import listed

FOLLOWER, FOLLOWED = ("follower", "from", "source", "who"), ("followed", "follows", "to", "target", "whom")


def follows_in(head: Head) -> list[tuple[str, str]]:
    """Pairs of a follower and whom they follow, from a table with these two columns.

    Raises:
        InputError: if a column is missing.
    """
    table = head.open()
    follower, followed = table.find(*FOLLOWER), table.find(*FOLLOWED)
    if follower is None or followed is None:
        raise InputError(
            f"columns for follower and followed are needed, and there is {listed(table.header)}", file=head.path
        )
    return [(cells[follower].strip(), cells[followed].strip()) for _, cells in table.rows()]


def apply_follows(profile: Profile, pairs: list[tuple[str, str]], path: Path) -> Profile:
    """The profile with who follows whom; pairs that name nobody of it, or somebody twice, are counted.

    Raises:
        InputError: if no pair names two people of the profile.
    """
    index = profile.agent_index
    kept = tuple(dict.fromkeys(pair for pair in pairs if pair[0] in index and pair[1] in index and pair[0] != pair[1]))
    if not kept:
        raise InputError("nobody in it is a participant of the source; participants are named by their ids", file=path)
    lost = len(pairs) - len(kept)
    what = noted("pairs of followers that name no two participants, or occur before")
    notes = (Note("unused", what, lost),) if lost else ()
    return replace(profile, facts={**profile.facts, "follows": kept}, notes=(*profile.notes, *notes))
