"""Small sources of every kind, and the slates chosen from them once: their pages can be checked by counting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

import folkmoot as fm
from folkmoot.profile import (
    APPROVAL,
    COMPARISON,
    VOTE,
    Agents,
    Answers,
    Comparisons,
    PageOptions,
    Profile,
    Provenance,
    Scale,
    Slate,
    Statements,
    masses_of,
)
from folkmoot.report.public import render_public
from folkmoot.report.public.page import Pages

WORDS = (
    "buses",
    "schools",
    "parks",
    "rents",
    "trees",
    "traffic",
    "shops",
    "taxes",
    "music",
    "water",
    "bridges",
    "roofs",
)
#: Nobody's id may be read anywhere; each is a word that no sentence has.
MARK = "zq"


def statements(m: int, written: bool = True) -> Statements:
    texts = tuple(f"We need more {WORDS[j % 12]} and better {WORDS[(j * 5 + 1) % 12]} here." for j in range(m))
    origin = Provenance("submitted", (f"{MARK}0@example.org",)) if written else Provenance()
    return Statements(tuple(f"s{j}" for j in range(m)), texts, provenance=(origin,) * m)


def people(n: int, weights: Sequence[float] | None = None) -> Agents:
    ids = tuple(f"{MARK}{i}@example.org" for i in range(n))
    return Agents(ids, masses=None if weights is None else masses_of(weights))


def camps(
    n: int = 60,
    m: int = 12,
    *,
    camps: int = 2,
    seen: float = 0.6,
    noise: float = 0.08,
    scale: Scale = VOTE,
    weights: Sequence[float] | None = None,
    seed: int = 4,
) -> Profile:
    """People in camps, each for every so many-th statement; a share of the answers is known."""
    rng = np.random.default_rng(seed)
    mine = np.arange(m)[None, :] % camps == (np.arange(n) % camps)[:, None]
    likes = mine ^ (rng.random((n, m)) < noise)
    values = np.where(likes, scale.high, scale.low)
    values = np.where(rng.random((n, m)) < 0.1, (scale.high + scale.low) / 2, values)
    rows, columns = np.nonzero(rng.random((n, m)) < seen)
    answers = Answers.of(rows, columns, values[rows, columns], scale)
    facts = {"description": "What should change?", "days": ("2018-02-02", "2018-02-13"), "licence": "CC BY 4.0"}
    return Profile(people(n, weights), statements(m), answers, topic="Our town", facts=facts, source="polis")


def noise(n: int = 80, m: int = 12) -> Profile:
    """Nobody agrees with anybody more than by chance."""
    rng = np.random.default_rng(8)
    rows, columns = np.nonzero(rng.random((n, m)) < 0.9)
    answers = Answers.of(rows, columns, rng.choice([-1.0, 1.0], len(rows)))
    return Profile(people(n), statements(m), answers, topic="Our town")


def budget(n: int = 60) -> Profile:
    """A participatory budget: ballots are complete, projects cost money."""
    rng = np.random.default_rng(2)
    rows, columns = np.nonzero(rng.random((n, 8)) < np.where(np.arange(8) % 2 == np.arange(n)[:, None] % 2, 0.6, 0.1))
    listed = Statements(
        tuple(map(str, range(8))),
        tuple(f"New {WORDS[j]}" for j in range(8)),
        costs=np.array([50, 120, 80, 10, 60, 45, 90, 20], dtype=np.int64),
    )
    answers = Answers.of(rows, columns, np.ones(len(rows)), APPROVAL)
    return Profile(people(n), listed, answers, topic="Budget", source="pabulib", facts={"budget": 200})


def ranking(n: int = 60, m: int = 6) -> Profile:
    """Orders of some of the candidates; what is left out is behind them."""
    rng = np.random.default_rng(3)
    cells = []
    for i in range(n):
        order = np.argsort((np.arange(m) % 2 != i % 2) + 0.8 * rng.random(m))[: m - 2]
        cells += [(i, int(column), place + 1.0) for place, column in enumerate(order)]
    rows, columns, places = zip(*cells, strict=True)
    scale = Scale("ranking", 1.0, float(m), complete=True)
    return Profile(people(n), statements(m, written=False), Answers.of(rows, columns, places, scale), topic="Election")


def comparisons(n: int = 60, m: int = 6) -> Profile:
    """Pairs: everybody prefers the statements of their own camp."""
    rng = np.random.default_rng(5)
    cells = []
    for i in range(n):
        for _ in range(9):
            one, other = rng.choice(m, 2, replace=False).tolist()
            wins = one if (one % 2 == i % 2) >= (other % 2 == i % 2) else other
            cells.append((i, wins, other if wins == one else one))
    who, better, worse = zip(*cells, strict=True)
    return Profile(
        people(n),
        statements(m),
        Answers.none(COMPARISON),
        comparisons=Comparisons.of(who, better, worse),
        topic="Pairs",
    )


GERMAN = (
    "Mehr Bäume für die Straßen der Stadt",
    "Die Busse sollen auch am Sonntag fahren",
    "Weniger Autos in der Stadt und mehr Radwege",
    "Wir brauchen ein neues Schwimmbad für die Kinder",
)


def texts(n: int = 48) -> Profile:
    """Nobody voted: everybody wrote a sentence."""
    wrote = tuple(
        (f"{GERMAN[i % 4]}, das ist wichtig.",) if i % 6 else ("Ich weiß es nicht so genau.",) for i in range(n)
    )
    agents = Agents(people(n).ids, wrote)
    listed = Statements(
        tuple(f"s{j}" for j in range(4)),
        tuple(f"{text}." for text in GERMAN),
        provenance=(Provenance("extracted"),) * 4,
    )
    return Profile(agents, listed, Answers.none())


SOURCES: dict[str, Callable[[], Profile]] = {
    "votes": camps,
    "ratings": lambda: camps(scale=Scale("rating", 1.0, 5.0)),
    "budget": budget,
    "rankings": ranking,
    "comparisons": comparisons,
    "texts": texts,
    "weights": lambda: camps(weights=[1.0 + i % 3 for i in range(60)]),
    "three": lambda: camps(90, 12, camps=3, noise=0.02, seen=0.9),
    "noise": noise,
    "small": lambda: camps(20, 6, seen=0.9),
    "tiny": lambda: camps(9, 5, seen=0.8),
}


@cache
def chosen(name: str) -> Slate:
    """The slate of a source, chosen once."""
    profile = SOURCES[name]()
    if name == "budget":
        return fm.slate(profile, 200, unit="cost", draws=0)
    draws = 3 if name in ("votes", "ratings", "comparisons", "three") else 0
    return fm.slate(profile, 3, unit="statements", draws=draws, all_eligible=True)


def pages(name: str, lang: str = "en", **options: object) -> Pages:
    """The page of a source with its downloads."""
    return render_public(chosen(name), PageOptions(lang=lang, **options))  # type: ignore[arg-type]
