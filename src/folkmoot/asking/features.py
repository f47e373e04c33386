"""Features of what a request asks for, and what people before wanted: from tables, profiles, or a language model."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..profile import InputError, IntArray, Profile
from .population import UNASKED

# Values that a feature may have: more are no choice that somebody makes in passing.
MOST_VALUES = 9


@dataclass(frozen=True)
class Feature:
    """Something about the wanted output that people differ in.

    Args:
        id: a short name.
        values: the values it may have, two or more, in words.
        question: how to ask for it, in words that somebody understands who does not know the field.
    """

    id: str
    values: tuple[str, ...]
    question: str = ""

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise InputError("a feature has no name; give each one in the column feature")
        if not 2 <= len(self.values) <= MOST_VALUES:
            raise InputError(
                f"feature {self.id!r} has {len(self.values)} value(s); give it from 2 to {MOST_VALUES}, a row for each"
            )
        if len({_plain(value) for value in self.values}) < len(self.values):
            raise InputError(f"feature {self.id!r} has the same value twice; name each once")

    @property
    def asked(self) -> str:
        """The question, made from the values where there is none."""
        return self.question or f"{self.id}: which would you rather have?"

    def code(self, value: object) -> int:
        """The number of a value: 0, 1, ....

        Args:
            value: its words, or its number counted from 1.

        Raises:
            InputError: there is no such value.
        """
        words = _plain(str(value))
        for at, each in enumerate(self.values):
            if words in (_plain(each), str(at + 1), f"{at + 1}.0"):
                return at
        known = ", ".join(f"{at} {each!r}" for at, each in enumerate(self.values, 1))
        raise InputError(f"{str(value)!r} is no value of {self.id!r}; give one of {known}")


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def read_features(file: Path) -> tuple[Feature, ...]:
    """Features from a table with the columns ``feature``, ``value`` and perhaps ``question``, a row for each value.

    Raises:
        InputError: the file cannot be read, lacks a column, or a feature has fewer than two values.
    """
    rows = _rows(file)
    if not rows or not {"feature", "value"} <= rows[0].keys():
        raise InputError("needs a first row with the columns feature, value and perhaps question", file=file)
    found: dict[str, tuple[list[str], str]] = {}
    for row in rows:
        name = (row["feature"] or "").strip()
        values, question = found.setdefault(name, ([], (row.get("question") or "").strip()))
        values.append((row["value"] or "").strip())
        found[name] = (values, question or (row.get("question") or "").strip())
    try:
        return tuple(Feature(name, tuple(values), question) for name, (values, question) in found.items())
    except InputError as error:
        raise InputError(str(error), file=file) from None


def read_people(file: Path, features: Sequence[Feature]) -> tuple[IntArray, int] | None:
    """Codes int64 [n, m] of what people wanted, `UNASKED` where they did not say, and how many cells were no value.

    The table has a column for each feature, named like it, with values in words or their numbers from 1, and a row for
    each person. None: the table has no such column.

    Raises:
        InputError: the file cannot be read.
    """
    rows = _rows(file)
    names = {_plain(name): name for name in (rows[0] if rows else {}) if name}
    columns = [names.get(_plain(feature.id)) for feature in features]
    if not any(columns):
        return None
    codes, unread = np.full((len(rows), len(features)), UNASKED), 0
    for i, row in enumerate(rows):
        for j, (feature, column) in enumerate(zip(features, columns, strict=True)):
            cell = (row.get(column) or "").strip() if column else ""
            if cell:
                try:
                    codes[i, j] = feature.code(cell)
                except InputError:
                    unread += 1
    return codes, unread


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InputError("cannot be read as a table in UTF-8; save it as CSV", file=file) from None
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    return list(csv.DictReader(io.StringIO(text), delimiter=mark))


def wanted_by(profile: Profile, features: Sequence[Feature]) -> IntArray:
    """Codes int64 [n, m] of what the people of a profile wanted, for features that are statements of it.

    A feature is the statement of the same id or text. Answers to votes: agree is the first of two values, disagree the
    second, a pass is no answer. On other scales the lowest answer is the first value, the next the second.

    Raises:
        InputError: no feature is a statement, a vote has to decide between more than two values, or the scale has more
            steps than a feature has values.
    """
    by_text = {_plain(text): at for at, text in enumerate(profile.statements.texts)}
    scale, codes = profile.answers.scale, np.full((profile.n_agents, len(features)), UNASKED)
    found = 0
    for j, feature in enumerate(features):
        column = profile.statement_index.get(feature.id, by_text.get(_plain(feature.id)))
        if column is None:
            continue
        found += 1
        values = profile.dense(np.array([column]))[:, 0]
        if scale.kind == "vote":
            if len(feature.values) != 2:
                raise InputError(f"people voted on {feature.id!r}, which decides between two values, and it has more")
            level = np.where(values == 1, 0.0, np.where(values == -1, 1.0, np.nan))
        else:
            level = values - scale.low
        if (level > len(feature.values) - 1).any():
            raise InputError(f"people gave {feature.id!r} more different answers than it has values")
        codes[:, j] = np.where(np.isnan(level), UNASKED, np.rint(np.nan_to_num(level))).astype(np.int64)
    if not found:
        raise InputError(
            "no feature is a column of the population; name the columns like the features "
            f"({', '.join(feature.id for feature in features[:4])}, ...)"
        )
    return codes


def remembered_codes(features: Sequence[Feature], remembered: Mapping[str, str] | None) -> dict[int, int]:
    """What a person said before, by the numbers of feature and value; what is no value of this task is left out."""
    found = {}
    for j, feature in enumerate(features):
        if remembered and feature.id in remembered:
            try:
                found[j] = feature.code(remembered[feature.id])
            except InputError:
                continue
    return found


def distinct(features: Iterable[Feature]) -> tuple[Feature, ...]:
    """The features.

    Raises:
        InputError: there is none, or two have the same name.
    """
    found = tuple(features)
    if not found:
        raise InputError("there is no feature: nothing to ask about; give some, or a language model that proposes them")
    names = [_plain(feature.id) for feature in found]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two features are called {name!r}; give each a name of its own")
    return found
