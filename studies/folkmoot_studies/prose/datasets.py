"""The datasets of Boehmer, Fish, Procaccia 2025 (appendix E.1) made from their sources, and the recorded ones checked.

Bowling Green: everybody's comments that moderation let through, one a line. Drug reviews: those of one drug, without
those that speak of a brand, of a length between two quantiles, a number of them for every rating. The paper had brands
found by a language model; here they are found by name.
"""

from __future__ import annotations

import csv
import html
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.formats.example import example
from folkmoot.profile import InputError, Profile


@dataclass(frozen=True)
class Recipe:
    """How a set of reviews is made.

    Args:
        drug: the name of the drug in the source.
        low: the smallest quantile of the lengths (characters) that is kept.
        high: the largest.
        wanted: how many reviews of each rating; empty: `number` of any rating.
        number: how many in all.
    """

    drug: str
    low: float
    high: float
    wanted: Mapping[int, int]
    number: int = 80


RECIPES = {
    "drugs_80": Recipe("Ethinyl estradiol / norethindrone", 0.5, 0.75, dict.fromkeys(range(1, 11), 8)),
    "drugs_80_extreme_middle": Recipe(
        "Ethinyl estradiol / norethindrone", 0.5, 0.75, {1: 20, 2: 10, 5: 20, 9: 10, 10: 20}
    ),
    "drugs_obesity_80": Recipe("Contrave", 0.25, 0.75, {}),
}
POLIS = "bowlinggreen_41"


@dataclass(frozen=True)
class Review:
    """One review.

    Args:
        id: its number in the source.
        rating: 1 to 10.
        text: as shown to people.
    """

    id: str
    rating: int
    text: str


def reviews(rows: Sequence[Review], recipe: Recipe, brands: Sequence[str], rng: np.random.Generator) -> list[Review]:
    """The reviews of a recipe, in the order of the source.

    Args:
        rows: all reviews of the drug, each text once.
        recipe: the recipe.
        brands: names that a review must not have.
        rng: the generator that draws.

    Raises:
        InputError: there are too few of a rating.
    """
    named = re.compile("|".join(rf"\b{re.escape(one)}\b" for one in brands) or r"(?!)", re.IGNORECASE)
    plain = [one for one in rows if not named.search(one.text)]
    if not plain:
        raise InputError(f"no review of {recipe.drug!r} is left that names no brand; name fewer brands")
    lengths = np.array([len(one.text) for one in plain])
    low, high = np.quantile(lengths, [recipe.low, recipe.high])
    fit = [at for at in range(len(plain)) if low <= lengths[at] <= high]
    chosen: list[int] = []
    for rating, number in (recipe.wanted or {0: recipe.number}).items():
        these = [at for at in fit if not rating or plain[at].rating == rating]
        if len(these) < number:
            raise InputError(
                f"only {len(these)} reviews of {recipe.drug!r} fit, where {number} are needed; see the recipe"
            )
        chosen += rng.choice(these, number, replace=False).tolist()
    return [plain[at] for at in sorted(chosen)]


def read_reviews(file: Path, drug: str) -> list[Review]:
    """The reviews of a drug in a table of the UCI ML Drug Review dataset (tab-separated), each text once.

    Raises:
        InputError: it is no such table, or has none of the drug.
    """
    with file.open(encoding="utf-8", newline="") as lines:
        table = csv.DictReader(lines, delimiter="\t")
        if not {"drugName", "review", "rating"} <= set(table.fieldnames or ()):
            raise InputError("is no table of drug reviews; columns drugName, review and rating are needed", file=file)
        found: dict[str, Review] = {}
        for number, row in enumerate(table, start=1):
            if row["drugName"] == drug:
                text = html.unescape(row["review"])
                found.setdefault(text, Review(row.get("") or str(number), round(float(row["rating"])), text))
    if not found:
        raise InputError(f"has no review of {drug!r}", file=file)
    return list(found.values())


def bullet_points(profile: Profile, agent: str) -> list[str]:
    """What somebody submitted and moderation let through, a line each, in the order of the source."""
    here, s = set(profile.pool().tolist()), profile.statements
    pairs = enumerate(zip(s.texts, s.provenance, strict=True))
    return [f"- {' '.join(text.split())}" for at, (text, origin) in pairs if agent in origin.agents and at in here]


def checked(folder: Path, name: str) -> dict[str, Any]:
    """A recorded dataset against how it is said to be made.

    Returns:
        ``people``; ``characters``: shortest and longest text; ``ratings``: how many of each, empty where there are
        none; ``as_said``: whether there are as many of each rating as the paper says, None where it gives no numbers;
        for Bowling Green ``same``: how many people's texts come out of the bundled export line by line.
    """
    with (folder / "agents.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    ratings = Counter(int(row["rating"]) for row in rows if row["rating"])
    lengths = [len(row["text"]) for row in rows]
    found: dict[str, Any] = {
        "people": len(rows),
        "characters": [min(lengths), max(lengths)],
        "ratings": {str(rating): ratings[rating] for rating in sorted(ratings)},
        "as_said": None,
    }
    if name in RECIPES and RECIPES[name].wanted:
        found["as_said"] = dict(ratings) == dict(RECIPES[name].wanted)
    if name == POLIS:
        profile = example()
        lines_of = [[" ".join(line.split()) for line in row["text"].split("\n")] for row in rows]
        own = [bullet_points(profile, row["agent_id"]) for row in rows]
        found["same"] = sum(sorted(one) == sorted(other) for one, other in zip(lines_of, own, strict=True))
    return found


def lines(runs: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What was found, a line for each run."""
    said = {True: "as the paper says", False: "NOT as the paper says", None: "for which the paper gives no numbers"}
    told = []
    for name, found in runs.items():
        counts = ", ".join(f"{rating}: {number}" for rating, number in found["ratings"].items())
        line = f"{name}: {found['people']} people, {found['characters'][0]} to {found['characters'][1]} characters"
        if counts:
            line += f"; reviews by rating {counts}, {said[found['as_said']]}"
        if "same" in found:
            line += f"; {found['same']} of them wrote in the bundled export what they wrote here, line by line"
        told.append(line)
    return told
