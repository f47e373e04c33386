"""The diagnosis of a source: what was recognised, whether the signs are right, what was dropped and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..profile import Note, Profile
from ..profile.costs import measure
from ..profile.shown import counted
from .notes import counting

FLOOR = 7
"""How many answers say enough about a person (Polis leaves people with fewer answers ungrouped)."""

MOST_VALUES = 21
"""The most different answers that are counted one by one in the text of a diagnosis."""


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


def understood(diagnosis: Diagnosis) -> list[str]:
    """What was taken for what, in a few lines: what a person has to see before anything is computed.

    Args:
        diagnosis: the diagnosis that `doctor` returned.
    """
    d = diagnosis
    if d.preferences is not None:
        return _preferences(d, d.preferences)
    lines = [f"format         {d.format or 'unknown'}" + (f" ({', '.join(d.files)})" if d.files else "")]
    lines.append(f"participants   {d.participants}" + (f", {d.told_apart}" if d.told_apart else ""))
    if d.opinions:
        lines.append(f"opinions       in {'; '.join(d.opinions)}")
    if d.direction:
        lines.append(f"direction      {d.direction}")
    return lines


def left_out(diagnosis: Diagnosis) -> list[str]:
    """What was not read or not counted, one line each with the number of cases.

    Args:
        diagnosis: the diagnosis that `doctor` returned.
    """
    return [f"{kind:<14} {counting(note)}" for kind, note in _notes(diagnosis, "dropped", "changed", "unused")]


def _notes(diagnosis: Diagnosis, *kinds: str) -> list[tuple[str, Note]]:
    return [(kind, note) for kind in kinds for note in diagnosis.notes if note.kind == kind]


_VOTES = {"1": "agree", "0": "pass", "-1": "disagree"}


def render(diagnosis: Diagnosis) -> str:
    """The diagnosis as plain text.

    Args:
        diagnosis: the diagnosis that `doctor` returned.
    """
    d = diagnosis
    votes = d.scale["kind"] == "vote"
    lines = understood(d)
    if d.preferences is not None:
        return "\n".join([*lines, *_noted(d)]) + "\n"
    if d.topic:
        lines.append(f"topic          {' '.join(d.topic.split())}")
    lines.append(f"texts          {d.texts}")
    lines.append(f"statements     {d.statements}" + _also(d.duplicate_statements, "with the text of another"))
    if d.moderation:
        lines.append("moderation     " + ", ".join(f"{n} {word}" for word, n in d.moderation.items()))
    if d.statements:
        values = ", ".join(f"{_VOTES.get(v, v) if votes else v}: {n}" for v, n in d.by_value.items())
        if len(d.by_value) > MOST_VALUES:
            values = f"{len(d.by_value)} different values"
        lines.append(f"answers        {d.answers}" + (f" ({values})" if values else ""))
        scale = f"{d.scale['kind']} from {d.scale['low']:g} to {d.scale['high']:g}"
        lines.append(f"scale          {scale}" + (", ballots are complete" if d.scale["complete"] else ""))
    if d.comparisons:
        lines.append(f"comparisons    {d.comparisons} pairs of statements")
    if d.fill is not None and d.scale["kind"] != "comparison":
        lines.append(f"fill rate      {d.fill:.1%} of all pairs are answered")
        if not d.scale["complete"]:
            lines.append(f"under floor    {counted(d.under_floor, 'participant')} gave fewer than {d.floor} answers")
    if d.length:
        lines.append(f"length         {d.length}")
    if d.silent:
        lines.append(f"silent         {counted(d.silent, 'participant')} neither wrote nor answered")
    if d.sign_test:
        t = d.sign_test
        lines.append(f"sign test      {t['result']}")
        lines.append(
            f"               +1: {t['plus_votes']}, -1: {t['minus_votes']}; agrees {t['agrees']}, disagrees "
            f"{t['disagrees']}; authors on their own statements: {t['own_agrees']} agree, {t['own_disagrees']} disagree"
        )
    if d.revotes is not None:
        lines.append(f"re-votes       {d.revotes}; {d.revote_policy}")
    if d.weights:
        w = d.weights
        lines.append(f"weights        integer masses from {w['smallest']} to {w['largest']}, {w['total']} in all")
    return "\n".join([*lines, *_noted(d)]) + "\n"


def _noted(d: Diagnosis) -> list[str]:
    """What was dropped, changed, left out or noticed, a line each."""
    lines = []
    for kind, note in _notes(d, "dropped", "changed", "unused", "seen"):
        more = ", ..." if note.count > len(note.where) > 1 else ""
        where = f" [{', '.join(note.where)}{more}]" if note.where else ""
        lines.append(f"{kind:<14} {counting(note)}{where}")
    return lines


def _preferences(d: Diagnosis, p: dict[str, Any]) -> list[str]:
    """What preference data hold, a line each."""
    shape = "" if p["shape"] == "pairs" else f" out of {p['shape']}"
    lines = [f"format         preference pairs{shape} ({', '.join(d.files)})"]
    lines.append(f"annotators     {p['annotators'] or 'not told apart: no column says who judged'}")
    if p["prompted"]:
        lines.append(f"prompts        {p['prompts']}")
    else:
        parts = counted(p["prompts"], "part")
        lines.append(f"prompts        no column says; the answers fall into {parts} that were never compared")
    lines.append(f"answers        {d.statements}")
    lines.append(f"pairs          {p['pairs']}" + (f", {p['ties']} of them ties" if p["ties"] else ""))
    if p["annotators"]:
        lines.append(
            f"overlap        {p['annotators_per_prompt']:g} annotators a prompt; "
            f"{p['judged_by_several']:.0%} of the pairs were judged by more than one"
        )
    lines.append("columns        " + ", ".join(f"{role}: {column}" for role, column in p["columns"].items()))
    return lines


def _also(count: int, what: str) -> str:
    return f" ({count} {what})" if count else ""
