"""A town of sixty people and twelve statements, of which rules bar some; and a larger one of fillers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.profile import (
    Agents,
    Answers,
    Profile,
    Slate,
    Statements,
)

ROOT = Path(__file__).parents[2]
PEOPLE = 60
#: Of every statement its id, its text, and by how many people it was answered.
TOWN = (
    ("buses", "We need more buses in the evening.", 60),
    ("again", "Please, more buses in the evening!", 40),
    ("mine", "I live on the east side of town.", 50),
    ("short", "More parks", 50),
    ("trees", "The town should plant trees along every street.", 45),
    ("degree", "What is your highest school degree?", 50),
    ("harbour", "Close the harbour to large ships at night.", 40),
    ("cars", "Ban all cars from the old town centre.", 60),
    ("pool", "The swimming pool should open on Sundays.", 4),
    ("rents", "Rents must not rise faster than wages.", 55),
    ("school", "Every school needs a library of its own.", 50),
    ("cinema", "Turn the empty factory into a cinema.", 45),
)
IDS = tuple(id for id, _, _ in TOWN)
BARRED = {
    "again": "said_better_elsewhere",
    "mine": "about_the_speaker",
    "short": "too_little_text",
    "degree": "metadata",
    "pool": "too_few_answers",
}
#: The old default: no rule but moderation, and the process stops where it stops.
GREEDY: dict[str, Any] = {"process": "democratic-fast", "all_eligible": True, "no_fill": True}
PROCESSES = ["robust", "democratic-fast", "popular", "seqphragmen"]


def town(seed: int = 1) -> Profile:
    """Sixty people in two camps; most like what ends up in their half of the statements."""
    rng = np.random.default_rng(seed)
    likes = (np.arange(len(TOWN))[None, :] % 2 == np.arange(PEOPLE)[:, None] % 2) ^ (
        rng.random((PEOPLE, len(TOWN))) < 0.2
    )
    likes[:, 1] = likes[:, 0]  # whoever wants buses wants them in other words as well
    rows: list[int] = []
    columns: list[int] = []
    for j, (_, _, answered) in enumerate(TOWN):
        rows.extend(range(answered))
        columns.extend([j] * answered)
    moderation = np.array([-1 if id == "cars" else 1 for id in IDS], dtype=np.int8)
    return Profile(
        Agents(tuple(f"p{i}" for i in range(PEOPLE))),
        Statements(
            IDS,
            tuple(text for _, text, _ in TOWN),
            moderation,
            kinds=tuple("metadata" if id == "degree" else "" for id in IDS),
        ),
        Answers.of(rows, columns, np.where(likes[rows, columns], 1.0, -1.0)),
    )


def ids(slate: Slate) -> list[str]:
    return [s.id for s in slate.statements]


def audit_of(slate: Slate) -> dict[str, Any]:
    assert slate.audit is not None
    return dict(slate.audit)


def many(n: int = 45, m: int = 24) -> Profile:
    """Fillers, so that more than fifteen may be chosen."""
    rng = np.random.default_rng(3)
    words = [
        "apple",
        "river",
        "stone",
        "cloud",
        "metal",
        "forest",
        "paper",
        "window",
        "garden",
        "bridge",
        "market",
        "lamp",
    ]
    texts = tuple(
        f"Let us build {words[j % 12]} {words[(5 * j + 1) % 12]} {words[(7 * j + j // 12 + 2) % 12]} here {j}"
        for j in range(m)
    )
    rows, columns = np.nonzero(rng.random((n, m)) < 0.6)
    values = np.where((rows + columns) % 3 == 0, -1.0, 1.0) * np.where(rng.random(len(rows)) < 0.2, -1, 1)
    return Profile(
        Agents(tuple(f"p{i}" for i in range(n))),
        Statements(tuple(f"s{j}" for j in range(m)), texts),
        Answers.of(rows, columns, values),
    )
