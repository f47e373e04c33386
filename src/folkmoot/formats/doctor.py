"""The diagnosis of a source: what was recognised, whether the signs are right, what was dropped and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..profile import Note, Profile
from ..profile.costs import measure

FLOOR = 7
"""How many answers say enough about a person (Polis leaves people with fewer answers ungrouped)."""


@dataclass(frozen=True)
class Diagnosis:
    """The result of `doctor`, ready for JSON through ``dataclasses.asdict``.

    Args:
        format: the id of the format that was recognised.
        files: the names of the files that were read.
        topic: the topic of the conversation.
        participants: the number of participants.
        statements: the number of statements; ``duplicate_statements`` of them have the text of an earlier one.
        answers: the number of answers; ``by_value`` counts each value and ``scale`` says what the values mean.
        fill: the share of the participant x statement pairs that are answered, 0 to 1; None without pairs.
        floor: the number of answers below which a person counts as ``under_floor``.
        texts: the number of participants' texts; ``silent`` participants neither wrote nor answered.
        moderation: the numbers of statements accepted, pending and rejected; None if nothing was moderated.
        weights: the smallest, largest and total integer mass; None if everyone counts the same.
        sign_test: the sums of the sign test; None if the format has nothing to test against.
        revotes: the number of votes that were cast again; None if the format does not say; ``revote_policy`` says
            which vote counts.
        notes: everything that reading dropped, changed or noticed.
        comparisons: the number of pairs that people compared; those who compared are not ``silent``.
        told_apart: how participants are told apart; None if the format says it.
        opinions: the columns in which opinions were found, with the lowest and highest rating of each.
        direction: which end of the scale is the best, and how that is known; None without a scale in question.
        length: how the length of texts is counted, where some are of scripts without spaces; else empty.
        preferences: what preference data hold (annotators, prompts, pairs, columns, ...); None: it is none.
    """

    format: str
    files: tuple[str, ...]
    topic: str
    participants: int
    statements: int
    duplicate_statements: int
    answers: int
    scale: dict[str, Any]
    by_value: dict[str, int]
    fill: float | None
    floor: int
    under_floor: int
    texts: int
    silent: int
    moderation: dict[str, int] | None
    weights: dict[str, int] | None
    sign_test: dict[str, Any] | None
    revotes: int | None
    revote_policy: str | None
    notes: tuple[Note, ...]
    comparisons: int = 0
    told_apart: str | None = None
    opinions: tuple[str, ...] = ()
    direction: str | None = None
    length: str = ""
    preferences: dict[str, Any] | None = None


def doctor(profile: Profile) -> Diagnosis:
    """Examines a profile that was read.

    Args:
        profile: the profile that `read` returned.
    """
    a, s, facts = profile.answers, profile.statements, profile.facts
    n, m = profile.n_agents, profile.n_statements
    per_person = np.diff(profile.indptr)
    wrote = np.array([bool(texts) for texts in profile.agents.texts] or [False] * n, dtype=bool)
    compared = np.bincount(profile.comparisons.agent, minlength=n)
    floor = min(FLOOR, m)
    values, counts = np.unique(a.value, return_counts=True)
    bodies = Counter(text for text in s.texts if text.strip())
    moderation = None
    if s.moderation is not None:
        states = {"accepted": 1, "pending": 0, "rejected": -1}
        moderation = {word: int((s.moderation == state).sum()) for word, state in states.items()}
    masses = profile.agents.masses
    weights = None
    if masses is not None and n:
        weights = {"smallest": int(masses.min()), "largest": int(masses.max()), "total": int(masses.sum())}
    return Diagnosis(
        format=profile.source,
        files=tuple(map(str, facts.get("files", ()))),
        topic=profile.topic,
        participants=n,
        statements=m,
        duplicate_statements=sum(bodies.values()) - len(bodies),
        answers=len(a),
        scale={"kind": a.scale.kind, "low": a.scale.low, "high": a.scale.high, "complete": a.scale.complete},
        by_value={f"{v:g}": int(c) for v, c in zip(values, counts, strict=True)},
        fill=len(a) / (n * m) if n * m else None,
        floor=floor,
        under_floor=int((per_person < floor).sum()),
        texts=sum(map(len, profile.agents.texts)),
        silent=int((~wrote & (per_person + compared == 0)).sum()),
        moderation=moderation,
        weights=weights,
        sign_test=facts.get("sign_test"),
        revotes=facts.get("revotes"),
        revote_policy=facts.get("revote_policy"),
        notes=profile.notes,
        comparisons=len(profile.comparisons),
        told_apart=facts.get("who"),
        opinions=tuple(facts.get("opinions", ())),
        direction=facts.get("direction"),
        length=measure([*s.texts, *(text for texts in profile.agents.texts for text in texts)]),
        preferences=facts.get("preferences"),
    )
