"""Writing a Polis export folder: comments.csv, participants-votes.csv, summary.csv, format.json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from ...profile import InputError, Note, Profile
from ..table import short
from ..writing import Lost, csv_text, folder, in_files
from .convention import DECLARATION, KEY, SIDECAR

COMMENTS = [
    "timestamp",
    "datetime",
    "comment-id",
    "author-id",
    "agrees",
    "disagrees",
    "moderated",
    "is-meta",
    "is-seed",
    "comment-body",
]


def write(profile: Profile, target: Path) -> tuple[Note, ...]:
    """Writes a folder that Polis tools read: final votes as a matrix, +1 is agree.

    Args:
        profile: a profile with votes (agree, pass, disagree).
        target: the folder to write into, created if it does not exist.

    Raises:
        InputError: if the answers are not votes, or if a statement id is not a number.
    """
    a, s, agents = profile.answers, profile.statements, profile.agents
    if a.scale.kind != "vote":
        raise InputError(
            f"a Polis export cannot hold {a.scale.kind}s, only votes; "
            "write `format='ratings'`, `format='pabulib'` or `format='preflib'` instead"
        )
    strange = [name for name in s.ids if not (name.isascii() and name.isdigit())]
    if strange:
        raise InputError(
            f"Polis numbers its statements, and {short(strange[0])} is no number; write `format='ratings'` instead"
        )
    bad = [n for n in (*agents.ids, *agents.groups.get("group", ())) if n != n.strip()]
    if bad or not all(agents.ids) or not s.ids:
        what = "a participant's id or group with outer spaces, or none" if s.ids else "a profile without statements"
        raise InputError(f"a Polis export cannot hold {what}; write `format='ratings'` instead")
    lost = Lost()
    lost.add("time of every vote and statement, and re-votes (a Profile keeps final votes)", len(a) + len(s.ids))
    lost.add("groupings other than 'group'", sum(name != "group" for name in agents.groups))
    lost.add("columns that were kept", len(agents.extra))
    lost.add("costs of statements", 0 if s.costs is None else len(s.ids))
    authors = _authors(profile, lost)
    own: dict[str, list[str]] = {}
    for name, text in zip(authors, s.texts, strict=True):
        own.setdefault(name, []).append(text)
    texts = agents.texts or tuple(() for _ in agents.ids)
    lost.add(
        "texts of participants that are no statements",
        sum(
            text not in own.get(name, ())
            for name, own_texts in zip(agents.ids, texts, strict=True)
            for text in own_texts
        ),
    )
    agrees = np.bincount(a.statement[a.value == 1], minlength=len(s.ids))
    disagrees = np.bincount(a.statement[a.value == -1], minlength=len(s.ids))
    details = [p.detail for p in s.provenance] or [""] * len(s.ids)
    moderation = s.moderation if s.moderation is not None else np.zeros(len(s.ids), dtype=np.int8)
    kinds = s.kinds or ("",) * len(s.ids)
    lost.add("kinds of statements other than metadata", sum(kind not in ("", "metadata") for kind in kinds))
    meta = [kind == "metadata" or "metadata" in detail for kind, detail in zip(kinds, details, strict=True)]
    marks = [(str(mark).lower(), str("seed" in detail).lower()) for mark, detail in zip(meta, details, strict=True)]
    comments = [
        ("", "", s.ids[j], authors[j], agrees[j], disagrees[j], moderation[j], *marks[j], s.texts[j])
        for j in range(len(s.ids))
    ]
    summary = [
        ("topic", profile.topic),
        ("voters", str(len(np.unique(a.agent)))),
        ("voters-in-conv", str(profile.n_agents)),
        ("commenters", str(len(set(authors) - {""}))),
        ("comments", str(len(s.ids))),
        ("groups", str(len(set(agents.groups.get("group", ())) - {""}))),
        ("conversation-description", str(profile.facts.get("description", ""))),
        (KEY, DECLARATION),
    ]
    carry = {"comments.csv": {"agrees": "count", "disagrees": "count"}, "summary.csv": {KEY: "declaration"}}
    carry["participants-votes.csv"] = {"n-agree": "count", "n-disagree": "count", "<comment-id>": "vote"}
    files = {
        "comments.csv": csv_text([COMMENTS, *comments]),
        "participants-votes.csv": csv_text(_matrix(profile, authors)),
        "summary.csv": csv_text(summary),
        "format.json": json.dumps({**SIDECAR, "files": carry}, indent=1) + "\n",
    }
    if agents.masses is not None:
        files["weights.csv"] = csv_text(
            [("participant", "weight"), *zip(agents.ids, agents.masses.tolist(), strict=True)]
        )
    inside = folder(target)
    in_files({inside / name: text for name, text in files.items()})
    return lost.notes()


def _authors(profile: Profile, lost: Lost) -> list[str]:
    known = set(profile.agents.ids)
    authors: list[str] = []
    for p in profile.statements.provenance or ():
        lost.add("authors beyond the first of a statement", max(len(p.agents) - 1, 0))
        authors.append(p.agents[0] if p.agents and p.agents[0] in known else "")
        lost.add("authors who are no participants", int(bool(p.agents) and p.agents[0] not in known))
        lost.add("statements' kind of provenance", int(p.kind not in ("submitted", "listed")))
    return authors or [""] * profile.n_statements


def _matrix(profile: Profile, authors: list[str]) -> Iterable[Sequence[object]]:
    a, agents = profile.answers, profile.agents
    voted = np.unique(a.statement)
    place = np.full(profile.n_statements, -1, dtype=np.int64)
    place[voted] = np.arange(len(voted))
    groups = agents.groups.get("group") or ("",) * profile.n_agents
    wrote = {name: authors.count(name) for name in set(authors)}
    head = ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"]
    yield [*head, *(profile.statements.ids[j] for j in voted)]
    sign = {1.0: "1", 0.0: "0", -1.0: "-1"}
    for i, name in enumerate(agents.ids):
        own = slice(int(profile.indptr[i]), int(profile.indptr[i + 1]))
        cells = [""] * len(voted)
        for j, value in zip(place[a.statement[own]].tolist(), a.value[own].tolist(), strict=True):
            cells[j] = sign[value]
        counts = (own.stop - own.start, cells.count("1"), cells.count("-1"))
        yield [name, groups[i], wrote.get(name, 0), *counts, *cells]
