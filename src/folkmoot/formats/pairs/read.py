"""From a file to judged pairs: JSON lines, JSON, CSV or Parquet, in any shape that is known."""

from __future__ import annotations

import os
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from ...profile import InputError, IntArray
from ...profile.pairs import Pairs
from ..heads import Head, head_of
from ..json_tables import JSON, parsed, records_of
from ..lines import opened
from ..notes import Notes
from ..parquet import PARQUET
from ..parquet import records as parquet_records
from ..table import listed, plain
from .roles import MOST_LABELS
from .shapes import SHAPES, Record, Shape, Table, Vote


@dataclass(frozen=True, eq=False)
class Preferences:
    """Preference data as they were read.

    Args:
        pairs: the judged pairs.
        records: the records of the source as they stand, for writing them back.
    """

    pairs: Pairs
    records: Sequence[Record]


def read_pairs(
    source: str | os.PathLike[str],
    *,
    id_column: str | None = None,
    group_columns: Sequence[str] = (),
    shape: str | None = None,
    encoding: str | None = None,
) -> Preferences:
    """Reads preference data; answers are only ever compared within one prompt.

    Args:
        source: the file, plain or gzip: JSON lines, JSON, CSV or Parquet.
        id_column: the column with the annotator's id, where it cannot be recognised.
        group_columns: the columns kept as groups; none: those with usual names, like country.
        shape: the id of a shape (`SHAPES`), instead of recognising it.
        encoding: the encoding of the text, where it is not recognised rightly.

    Raises:
        InputError: if there is nothing that can be read as preference data; the message names file and row.
        MissingExtraError: if an optional package is needed that is not installed.
    """
    path = Path(source)
    if path.is_dir():
        raise InputError("is a folder; pass the file with the preference data in it", file=path)
    return preferences_of(head_of(path, encoding), id_column, tuple(group_columns), shape)


def preferences_of(
    head: Head, id_column: str | None = None, group_columns: tuple[str, ...] = (), shape: str | None = None
) -> Preferences:
    """As `read_pairs`, of a file whose beginning was read.

    Raises:
        InputError: as `read_pairs`.
    """
    records, lines = records_in(head)
    names: dict[str, str] = {}
    for record in records[:1000]:
        for name, value in record.items():
            names.setdefault(plain(str(name)), str(name))
            if isinstance(value, Mapping):
                for inner in value:
                    names.setdefault(f"{plain(str(name))}.{plain(str(inner))}", f"{name}.{inner}")
    table = Table(_opened(records), names, head.path, Notes(), id_column, group_columns, lines)
    found = _shape(table, shape)
    return Preferences(_pairs(list(found.votes(table)), table, found), records)


def recognised(head: Head) -> Shape | None:
    """The shape of a file, where its columns leave no doubt that it holds preference data."""
    if head.kind is JSON:
        try:
            rows = _rows(head.value, head.path)
        except InputError:
            return None
        names = frozenset(plain(str(name)) for row in rows[:50] if isinstance(row, Mapping) for name in row)
    else:
        names = head.columns
    found = next((each for each in SHAPES.values() if each.sure and each.fits(names)), None)
    if found is None:
        return None
    # The comparisons of a site have no prompt: one question was put to everybody. Where it names both sides by ids of
    # its own, its "Prompt ID" (All Our Ideas) is that of a pair that was shown.
    prompted = names.intersection(("prompt", "instruction", "question", "messages"))
    shown = names.intersection(("winner-id", "chosen-id")) and names.intersection(("loser-id", "rejected-id"))
    asked = found.about or prompted or ("prompt-id" in names and not shown)
    return found if asked or head.kind in (JSON, PARQUET) else None


def records_in(head: Head) -> tuple[list[Record], Sequence[int]]:
    """All records of a file, and the line of each where it has lines.

    Raises:
        InputError: if the file is damaged, or holds no records.
    """
    if head.kind is JSON or head.kind is PARQUET:
        with opened(head.path, head.content) as stream:
            raw = stream.read()
        packed = head.kind is PARQUET
        rows = parquet_records(raw, head.path) if packed else _rows(parsed(raw, head.path), head.path)
        for number, row in enumerate(rows, start=1):
            if not isinstance(row, Mapping):
                raise InputError("is no object with names, where every row has to be one", file=head.path, row=number)
        if not rows:
            raise InputError("holds no rows", file=head.path)
        return list(rows), ()
    table = head.open()
    found, lines = list[Record](), array("q")
    for line, cells in table.rows():
        found.append(dict(zip(table.header, cells, strict=True)))
        lines.append(line)
    if not found:
        raise InputError("the table has a header and no rows", file=head.path)
    return found, lines


def _rows(value: Any, path: Path) -> Sequence[Any]:
    """The records in a value; a file of one line holds one record, whatever lists are in it.

    Raises:
        InputError: if there are none.
    """
    if isinstance(value, Mapping):
        names = frozenset(plain(str(name)) for name in value)
        if any(shape.fits(names) for shape in SHAPES.values()):
            return [value]
    return records_of(value, path)


def _opened(records: list[Record]) -> list[Record]:
    """Records in which what is nested one level deep can be asked for with a dot, like ``annotator.id``."""
    if not any(isinstance(value, Mapping) for record in records[:1000] for value in record.values()):
        return records
    return [
        {
            **record,
            **{
                f"{name}.{inner}": own
                for name, value in record.items()
                if isinstance(value, Mapping)
                for inner, own in value.items()
            },
        }
        for record in records
    ]


def _shape(table: Table, wanted: str | None) -> Shape:
    names = frozenset(table.names)
    if wanted is not None:
        shape = SHAPES.find(wanted)
        if not shape.fits(names):
            raise InputError(
                f"is not {shape.title}; its columns are {listed(list(table.names.values()), 12)}", file=table.path
            )
        return shape
    found = next((shape for shape in SHAPES.values() if shape.fits(names)), None)
    if found is None:
        raise InputError(
            f"holds no preference data that is recognised; the columns are {listed(list(table.names.values()), 12)}: "
            "call them prompt, chosen and rejected (a pair a row), or prompt, response and rating (an answer a row), "
            "with annotator for who judged",
            file=table.path,
        )
    return found


def _pairs(votes: list[Vote], table: Table, shape: Shape) -> Pairs:
    """The votes as pairs; a vote on more than two answers is as many pairs as it tells apart."""
    prompted = any(vote.prompt or vote.key for vote in votes)
    people: dict[str, int] = {}
    prompts: dict[str, tuple[int, str]] = {}
    responses: dict[tuple[int, str], int] = {}
    parts: dict[str, array[Any]] = {name: array("d" if name == "times" else "q") for name in _PARTS}
    of_prompt = array("q")
    labels: dict[int, dict[str, Counter[str]]] = {}
    nobody = 0
    named = any(vote.annotator for vote in votes)
    for vote in votes:
        if named and not vote.annotator:
            table.notes.add("dropped", "rows without an annotator, where others have one", table.place(vote.row))
            continue
        nobody += not named
        person = people.setdefault(vote.annotator or f"judgement {nobody}", len(people))
        # What tells prompts apart is the text, or what the source names besides.
        at = prompts.setdefault(f"{vote.key}\n{vote.prompt}", (len(prompts), vote.prompt or vote.key))[0]
        kept = [place for place, text in enumerate(vote.options) if text not in vote.options[:place]]
        if len(kept) < len(vote.options):
            table.notes.add("dropped", "answers that are the same text as another of the row", table.place(vote.row))
        items = []
        for place in kept:
            new = len(responses)
            items.append(responses.setdefault((at, vote.options[place]), new))
            if items[-1] == new:
                of_prompt.append(at)
        before = len(parts["chosen"])
        for i, j in combinations(range(len(kept)), 2):
            one, other = vote.scores[kept[i]], vote.scores[kept[j]]
            if one == other and not vote.level:
                continue
            better, worse = (items[i], items[j]) if one >= other else (items[j], items[i])
            row = (person, better, worse, int(one == other), 2.0 / len(kept), vote.row)
            for name, value in zip(_PARTS, row, strict=True):
                parts[name].append(value)
        if len(parts["chosen"]) > before:
            for column, label in vote.groups.items():
                labels.setdefault(person, {}).setdefault(column, Counter())[label] += 1
    if not parts["chosen"]:
        raise InputError("holds no pair of answers to one prompt that anybody judged", file=table.path)
    arrays = {name: np.array(values) for name, values in parts.items()}
    prompt = np.array(of_prompt, dtype=np.int64)
    texts = [text for _, text in prompts.values()]
    if not prompted:
        prompt = components(len(responses), arrays["chosen"], arrays["rejected"])
        texts = [f"answers compared with each other, {number + 1}" for number in range(int(prompt.max()) + 1)]
    pairs = Pairs(
        tuple(people),
        tuple(texts),
        tuple(text for _, text in responses),
        prompt,
        arrays["annotator"],
        arrays["chosen"],
        arrays["rejected"],
        arrays["tied"].astype(bool),
        arrays["times"],
        arrays["record"],
        named,
        prompted,
        shape=shape.id,
        source=table.path.name,
    )
    groups = _groups(labels, len(people), table) if named else {}
    whole = replace(pairs, groups=groups, columns=dict(table.columns), notes=table.notes.all())
    return _without_the_silent(whole)


_PARTS = ("annotator", "chosen", "rejected", "tied", "times", "record")


def _without_the_silent(pairs: Pairs) -> Pairs:
    """Without people of whom no judgement could be used."""
    there = np.unique(pairs.annotator)
    if len(there) == pairs.n_annotators:
        return pairs
    new = np.full(pairs.n_annotators, -1)
    new[there] = np.arange(len(there))
    groups = {column: tuple(labels[at] for at in there) for column, labels in pairs.groups.items()}
    ids = tuple(pairs.annotators[at] for at in there)
    return replace(pairs, annotators=ids, annotator=new[pairs.annotator], groups=groups)


def _groups(labels: Mapping[int, Mapping[str, Counter[str]]], n: int, table: Table) -> dict[str, tuple[str, ...]]:
    """The label of everybody by column, the most frequent where somebody has several; columns like ids are left out."""
    columns = dict.fromkeys(column for each in labels.values() for column in each)
    found: dict[str, tuple[str, ...]] = {}
    for column in columns:
        counts = [labels.get(person, {}).get(column, Counter()) for person in range(n)]
        changing = sum(len(count) > 1 for count in counts)
        held = {label for count in counts for label in count}
        asked = bool(table.group_columns)
        if not asked and (len(held) > MOST_LABELS or 2 * changing > n or len(held) < 2):
            table.notes.add("unused", f"column {column!r}: no grouping of annotators", "", 1)
            continue
        table.notes.add("seen", f"annotators with several labels of {column!r}: the most frequent counts", "", changing)
        found[column] = tuple(min(count, key=lambda label: (-count[label], label)) if count else "" for count in counts)
    if found:
        table.columns["groups"] = ", ".join(found)
    return found


def components(size: int, one: IntArray, other: IntArray) -> IntArray:
    """int64 [size]: which answers were compared with each other, directly or through others; numbered from 0.

    >>> components(5, np.array([0, 3]), np.array([1, 4])).tolist()
    [0, 0, 1, 2, 2]
    """
    label = np.arange(size)
    while True:
        least = label.copy()
        np.minimum.at(least, one, label[other])
        np.minimum.at(least, other, label[one])
        least = least[least]
        if np.array_equal(least, label):
            return np.unique(label, return_inverse=True)[1].astype(np.int64)
        label = least
