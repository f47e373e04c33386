"""Writing plain CSV: what people wrote as user_id,data; what they answered as one row an answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..profile import InputError, Note, Profile
from .table import short
from .writing import Lost, csv_text, in_file

COLUMN = {"vote": "vote", "approval": "approval", "rating": "rating"}


def write_texts(profile: Profile, target: Path) -> tuple[Note, ...]:
    """Writes ``user_id,data``, one row a person (several texts of one person joined by an empty line).

    Args:
        profile: a profile of people who wrote.
        target: the file to write.

    Raises:
        InputError: if nobody wrote anything, or if an id cannot stand in a table.
    """
    agents = profile.agents
    if not any(agents.texts):
        raise InputError("nobody wrote anything here; write `format='ratings'` instead to get the answers")
    check_ids(profile)
    lost = Lost()
    lost.add("statements", profile.n_statements)
    lost.add("answers", len(profile.answers))
    lost.add("groups of participants", len(agents.groups))
    lost.add("columns that were kept", len(agents.extra))
    lost.changed("people's several texts, joined into one", sum(len(texts) > 1 for texts in agents.texts))
    rows = [[name, "\n\n".join(texts)] for name, texts in zip(agents.ids, agents.texts, strict=True)]
    _table(target, ["user_id", "data"], rows, profile, range(len(rows)))
    return lost.notes()


def write_answers(profile: Profile, target: Path) -> tuple[Note, ...]:
    """Writes ``participant,statement_id,vote|approval|rating,statement_text``, one row an answer.

    A profile without answers is written as `write_texts` does.

    Args:
        profile: a profile with votes, approvals or ratings.
        target: the file to write.

    Raises:
        InputError: if the answers are rankings or points, or if an id cannot stand in a table.
    """
    a, s, agents = profile.answers, profile.statements, profile.agents
    if not len(a) and any(agents.texts):
        return write_texts(profile, target)
    kind = a.scale.kind
    if kind == "comparison":
        raise InputError("plain CSV of answers cannot hold comparisons; write `format='comparisons'` instead")
    if kind not in COLUMN:
        raise InputError(
            f"plain CSV cannot hold {kind}s; write `format='pabulib'` (points, rankings) or "
            "`format='preflib'` (rankings) instead"
        )
    if not len(a):
        raise InputError("there are no answers and no texts to write")
    check_ids(profile)
    lost = Lost()
    lost.add("texts of participants", sum(map(len, agents.texts)))
    lost.add("groups of participants", len(agents.groups))
    lost.add("columns that were kept", len(agents.extra))
    lost.add("moderation of statements", 0 if s.moderation is None else len(s.ids))
    lost.add("costs of statements", 0 if s.costs is None else len(s.ids))
    lost.add("provenance of statements", sum(p.kind != "listed" for p in s.provenance))
    lost.add("kinds of statements", sum(map(bool, s.kinds)))
    lost.add("participants without an answer", profile.n_agents - len(np.unique(a.agent)))
    lost.add("statements without an answer", profile.n_statements - len(np.unique(a.statement)))
    if kind == "rating" and (a.value.min(), a.value.max()) != (a.scale.low, a.scale.high):
        lost.add(f"the scale, which does not show: read it back with `scale=({a.scale.low:g}, {a.scale.high:g})`", 1)
    if kind == "approval" and a.scale.complete:
        lost.add("that what is not approved was seen", profile.n_agents)
    value = [f"{v:.17g}" for v in a.value.tolist()]
    who, what = a.agent.tolist(), a.statement.tolist()
    rows = [[agents.ids[i], s.ids[j], v, s.texts[j]] for i, j, v in zip(who, what, value, strict=True)]
    _table(target, ["participant", "statement_id", COLUMN[kind], "statement_text"], rows, profile, who)
    return lost.notes()


def _table(target: Path, head: list[str], rows: list[list[str]], profile: Profile, who: list[int] | range) -> None:
    masses = profile.agents.masses
    if masses is not None:
        head = [*head, "weight"]
        rows = [[*row, str(masses[i])] for row, i in zip(rows, who, strict=True)]
    in_file(target, csv_text([head, *rows]))


def check_ids(profile: Profile) -> None:
    """Refuses ids that a table cannot hold.

    Raises:
        InputError: if an id is empty or has outer spaces.
    """
    for name in (*profile.agents.ids, *profile.statements.ids):
        if not name or name != name.strip():
            raise InputError(f"id {short(name)} is empty or has outer spaces, which a table cannot hold")
