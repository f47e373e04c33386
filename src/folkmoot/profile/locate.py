"""Locating a slate in its source: its statements, and which of them represents each agent."""

from __future__ import annotations

import json
from difflib import get_close_matches
from itertools import count, islice

import numpy as np

from .arrays import IntArray
from .content import Provenance
from .errors import InputError
from .profile import Profile
from .slate import Slate, SlateStatement

#: A text so much like one of the source (1: the same) is taken for a slip of it.
ALIKE = 0.85
#: So many characters of a text stand in a message.
SHORT = 100


def locate(profile: Profile, slate: Slate) -> tuple[Profile, IntArray, int]:
    """Locates the statements of a slate in a profile, by id, else by text, else by a text that is an id.

    Returns:
        The profile, int64 columns of the statements, and how many of them the profile did not have: they join it at
        its end as statements nobody answered.

    Raises:
        InputError: if a statement is not in the profile and has no text, has another text than in the source (the
            original of an edited statement is what counts), or is listed twice; or if one without an id is a single
            word, or nearly what the source has.
    """
    by_text: dict[str, int] = {}
    # Of equal texts the first that moderation let through is meant.
    for column in [*profile.pool(), *range(profile.n_statements)]:
        by_text.setdefault(_key(profile.statements.texts[column]), int(column))
    columns: list[int] = []
    new: list[SlateStatement] = []
    for place, statement in enumerate(slate.statements, start=1):
        key = _key(statement.original or statement.text)
        if statement.id in profile.statement_index:
            column = profile.statement_index[statement.id]
            if key and key != _key(profile.statements.texts[column]):
                raise InputError(
                    f"statement {place} has id {statement.id!r} but not the text the source has for it; "
                    "correct the text or leave the id out"
                )
        elif key in by_text:
            column = by_text[key]
        elif not statement.id and statement.text in profile.statement_index:
            # Written by hand as a list of ids.
            column = profile.statement_index[statement.text]
        elif key and statement.original:
            raise InputError(f"statement {place} is an edit of {statement.original!r}, which the source does not have")
        elif (
            key and not (statement.id or profile.answers.scale.complete) and (alike := _meant(profile, statement.text))
        ):
            raise InputError(f"statement {place}: the source has no statement {_short(statement.text)!r}; {alike}")
        elif key:
            column = profile.n_statements + len(new)
            by_text[key] = column
            new.append(statement)
        else:
            raise InputError(
                f"statement {place}: the source has no statement {statement.id!r}, and no text is given; "
                f"{_ids_like(profile, statement.id)}"
            )
        if column in columns:
            raise InputError(f"statement {place} is in the slate twice; list it once")
        columns.append(column)
    if new and profile.answers.scale.complete:
        raise InputError(
            f"the source has no statement {_short(new[0].text)!r}, and its ballots are complete: nothing can be said "
            f"of a statement that was not on them; {_ids_like(profile, new[0].text)}"
        )
    if new:
        free = (name for number in count(1) if (name := f"new-{number}") not in profile.statement_index)
        names = list(islice(free, len(new)))
        origins = [Provenance("by hand") for _ in new]
        profile = profile.with_statements(names, [s.text for s in new], origins)
    return profile, np.array(columns, dtype=np.int64), len(new)


def _meant(profile: Profile, text: str) -> str:
    """What somebody may have meant by a text without an id, and what to write instead; empty: a new statement.

    A single word is an id that there is not; what is nearly a text of the source is a slip.
    """
    if len(text.split()) == 1:
        likely = _ids_like(profile, text)
    else:
        allowed = {_key(profile.statements.texts[column]): int(column) for column in profile.pool()}
        near = get_close_matches(_key(text), allowed, n=1, cutoff=ALIKE)
        if not near:
            return ""
        column = allowed[near[0]]
        name, own = profile.statements.ids[column], _short(profile.statements.texts[column])
        likely = f"statement {name!r} looks alike, {own!r}: name it by its id"
    example = json.dumps({"id": "my-1", "text": _short(text)}, ensure_ascii=False)
    return f"{likely}; if it is a statement of your own that nobody answered, give it an id of its own: {example}"


def _ids_like(profile: Profile, name: str) -> str:
    """Ids of the source that look like one it does not have, else its first ones."""
    ids = profile.statements.ids
    near = get_close_matches(name, ids, n=3, cutoff=0.5)
    if near:
        return f"its ids that look alike: {', '.join(map(repr, near))}"
    return f"its ids are like {', '.join(map(repr, ids[:3]))}" if ids else "it has no statements"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"


def recorded_assignment(profile: Profile, slate: Slate) -> IntArray | None:
    """The place of each agent's statement, int64 [n_agents], -1 if unassigned; None if the slate names no agents.

    Raises:
        InputError: if the profile does not have an agent, or if two statements represent the same one.
    """
    if not any(s.agents for s in slate.statements):
        return None
    assignment = np.full(profile.n_agents, -1, dtype=np.int64)
    for place, statement in enumerate(slate.statements):
        for name in statement.agents:
            row = profile.agent_index.get(name)
            if row is None:
                raise InputError(
                    f"statement {place + 1} represents {name!r}, who is not in the source; take the source that the "
                    "slate was made from"
                )
            if assignment[row] >= 0:
                raise InputError(f"participant {name!r} is represented by two statements; a person has one")
            assignment[row] = place
    return assignment


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()
