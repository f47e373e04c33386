"""PRISM's utterances: what language models replied, each rated from 1 to 100 by the person who had asked."""

from __future__ import annotations

from array import array

import numpy as np

from ..profile import Agents, Answers, InputError, Profile, Scale, Statements
from .base import FORMATS, Format, Head, Notes, ReadOptions, Signature, Source, decoded, place
from .table import listed

NEEDED = frozenset(["utterance-id", "interaction-id", "user-id", "score", "model-response"])
SCALE = Scale("rating", 1.0, 100.0)


def sniff(head: Head) -> bool:
    """The columns of PRISM's utterances?"""
    return head.columns >= NEEDED


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads people's scores of replies; every reply is a statement, rated by one person.

    Args:
        source: the file to read, JSON lines or any table.
        options: the reading options, none of which is used but ``encoding``.

    Raises:
        InputError: if a row is broken, a reply occurs twice, or a score lies outside 1 to 100.
    """
    table, path = source.head.open(), source.file
    if not set(table.names) >= NEEDED:
        what = f"PRISM's utterances need the columns {listed(sorted(NEEDED))}; there are {listed(table.header)}"
        raise InputError(what, file=path, row=1)
    who, reply_id, score, body = (table.names.index(n) for n in ("user-id", "utterance-id", "score", "model-response"))
    notes = Notes()
    people: dict[str, int] = {}
    texts: dict[str, str] = {}
    agent, value = array("q"), array("d")
    for line, cells in table.rows():
        name, reply = cells[who].strip(), cells[reply_id].strip()
        if not name or not reply:
            raise InputError("the row has no user_id or no utterance_id", file=path, row=line)
        if reply in texts:
            raise InputError(f"utterance {reply!r} occurs twice", file=path, row=line)
        if not cells[score].strip():
            notes.add("dropped", "replies without a score", place(path, line))
            continue
        rated = table.number(cells[score], line, score)
        if not SCALE.low <= rated <= SCALE.high:
            raise InputError(f"{rated:g} lies outside the scale 1..100", file=path, row=line, column="score")
        texts[reply] = decoded(cells[body], notes, place(path, line))
        agent.append(people.setdefault(name, len(people)))
        value.append(rated)
    notes.add("seen", "replies of language models, each rated by the one person who had asked", path.name, len(texts))
    return Profile(
        Agents(tuple(people)),
        Statements(tuple(texts), tuple(texts.values())),
        Answers.of(np.array(agent, dtype=np.int64), np.arange(len(agent)), np.array(value), SCALE),
        notes.all(),
        source="prism",
        facts={"files": [path.name], "scale": [SCALE.low, SCALE.high]},
    )


FORMATS.register(
    Format(
        "prism",
        "PRISM utterances (JSON lines or CSV)",
        sniff,
        read,
        signature=Signature.EXPORT,
        uses=frozenset(["encoding"]),
        example="utterance_id,interaction_id,user_id,model_response,score\nut1,int1,user1,Yes it does.,94\n"
        "ut2,int1,user1,It does not.,3\nut3,int2,user2,Plant trees.,50\n",
    )
)
