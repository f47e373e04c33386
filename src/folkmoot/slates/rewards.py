"""How well rewards tell what annotators chose, for whoever has several of them and has to weigh them.

The figures are those of `processes.faithful` (Milli, Pierson and Garg 2023, arXiv 2305.17428); here they meet
preference data: judgements with annotators, and the rewards of the answers, in a file of numpy's or in columns.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..formats.pairs import Preferences, read_pairs
from ..processes.faithful import value_faithfulness
from ..profile import BoolArray, FloatArray, InputError
from ..profile.streams import Stream, stream
from .preference_data import features_in

#: Of fewer annotators nothing is said beside others'.
LEAST = 5
SIDES = ("chosen", "rejected")


@dataclass(frozen=True)
class Reward:
    """What one reward tells.

    Args:
        name: its name.
        value: the share of judgements whose chosen answer has the higher reward, less the share in which the other one
            has it: 1 always right, 0 a coin, below 0 the opposite.
        low: the lower end of the 95 % interval over annotators.
        high: the upper end.
        weight: its weight among these rewards, with mean 1, for standardised rewards; 0 where it tells nothing beside
            the others, or the opposite.
    """

    name: str
    value: float
    low: float
    high: float
    weight: float


@dataclass(frozen=True)
class Whose:
    """What rewards tell of the judgements of some annotators.

    Args:
        label: the label of their group; empty: everybody.
        annotators: how many they are; 0: the source does not say who judged.
        judgements: how many judgements they gave.
        rewards: the rewards.
    """

    label: str
    annotators: int
    judgements: int
    rewards: tuple[Reward, ...]


@dataclass(frozen=True)
class Told:
    """What rewards tell of preference data.

    Args:
        source: the name of the file.
        by: the column of the groups; empty: everybody together.
        everybody: all annotators.
        groups: those of each label, by label.
        ties: judgements left out because they are ties.
        missing: judgements left out because an answer has no reward or an infinite one.
        small: labels left out because fewer than five annotators have them.
    """

    source: str
    by: str
    everybody: Whose
    groups: tuple[Whose, ...]
    ties: int
    missing: int
    small: int


def rewards_told(
    source: str | os.PathLike[str],
    rewards: str | os.PathLike[str] | FloatArray | None = None,
    *,
    names: Sequence[str] = (),
    by: str | None = None,
    seed: int = 0,
    id_column: str | None = None,
) -> Told:
    """Holds rewards against what annotators chose.

    Args:
        source: the preference data: JSON lines, JSON, CSV or Parquet.
        rewards: rows x 2 x K rewards of the chosen and the rejected answer of every row (.npy, or the array), or a row
            of K for each answer in the order of their first occurrence; None: columns of numbers that come in two, such
            as ``score_chosen`` and ``score_rejected``.
        names: the names of the rewards; empty: those of their columns, else numbers.
        by: the column by which judgements are told apart as well: each by its own row.
        seed: the seed of the resamples of annotators.
        id_column: the column with the annotator's id, where it cannot be recognised.

    Raises:
        InputError: the file holds no preference data, rewards are missing or do not fit, or ``by`` names no column.
    """
    read = read_pairs(source, id_column=id_column, group_columns=(by,) if by else ())
    pairs = read.pairs
    if rewards is None:
        found, both = _columns(read)
    else:
        array = features_in(rewards, read)
        found, both = [str(at + 1) for at in range(array.shape[1])], array[np.stack([pairs.chosen, pairs.rejected])]
    if names and len(names) != len(found):
        raise InputError(f"{len(names)} names do not fit {len(found)} rewards; name each of them, or none")
    labels = _labels(read, by) if by else np.array(())
    if by and not any(labels.tolist()):
        raise InputError(
            f"has no column {by!r} with a value in any row; leave it out (folkmoot prefs writes no kind where it finds "
            "one kind only)",
            file=source,
        )
    whole = np.isfinite(both).all(axis=(0, 2))
    kept = whole & ~pairs.tied
    if not kept.any():
        raise InputError("no judgement is left: each is a tie or lacks a reward", file=source)
    called = list(names) or found

    def of(label: str, some: BoolArray) -> Whose:
        people = pairs.annotator[some]
        told = value_faithfulness(both[0, some], both[1, some], people, stream(seed, Stream.PREFERENCES))
        each = zip(called, told.value, told.low, told.high, told.weights, strict=True)
        figures = tuple(Reward(name, *(round(float(value), 6) for value in values)) for name, *values in each)
        return Whose(label, told.people if pairs.named else 0, int(some.sum()), figures)

    everybody = of("", kept)
    groups, small = [], 0
    for label in sorted(set(labels.tolist()) - {""}):
        some = kept & (labels == label)
        if len(np.unique(pairs.annotator[some])) < LEAST:
            small += 1
        else:
            groups.append(of(label, some))
    return Told(
        pairs.source,
        by or "",
        everybody,
        tuple(groups),
        int(pairs.tied.sum()),
        int((~whole & ~pairs.tied).sum()),
        small,
    )


def _labels(read: Preferences, by: str) -> NDArray[np.str_]:
    """str [s]: of each judgement the label in its own row; that of its annotator where the shape has no such rows."""
    pairs = read.pairs
    rows = [read.records[at] for at in pairs.record.tolist()]
    if any(by in row for row in rows):
        return np.array(["" if row.get(by) is None else str(row[by]).strip() for row in rows])
    own = pairs.groups.get(by, ("",) * (int(pairs.annotator.max(initial=-1)) + 1))
    return np.array(own)[pairs.annotator]


def _columns(read: Preferences) -> tuple[list[str], FloatArray]:
    """Names of rewards in the rows, sorted, and the rewards, float64 [2, s, K] of the chosen and the rejected answers.

    Raises:
        InputError: the rows have none.
    """
    named: dict[str, tuple[str, str]] = {}
    for record in read.records[:1000] if read.pairs.shape == "pairs" else ():
        for column, value in record.items():
            for name, other in _partners(column):
                if _is_number(value) and _is_number(record.get(other)):
                    named.setdefault(name, (column, other))
    if not named:
        raise InputError(
            "no row has rewards (two columns of numbers, such as 'score_chosen' and 'score_rejected'); give them as "
            "REWARDS.npy",
            file=read.pairs.source,
        )
    named = dict(sorted(named.items()))
    rows = [read.records[at] for at in read.pairs.record.tolist()]
    values = [
        [[_float(row.get(columns[side])) for columns in named.values()] for row in rows] for side in range(len(SIDES))
    ]
    return list(named), np.array(values, dtype=np.float64)


def _partners(column: str) -> list[tuple[str, str]]:
    """The name of the reward, and the column of the rejected answer's, where a column may be the chosen answer's."""
    chosen, rejected = SIDES
    if column.endswith(f"_{chosen}"):
        name = column.removesuffix(f"_{chosen}")
        return [(name, f"{name}_{rejected}")]
    if column.startswith(f"{chosen}_"):
        name = column.removeprefix(f"{chosen}_")
        return [(name, f"{rejected}_{name}")]
    return []


def _is_number(value: object) -> bool:
    return math.isfinite(_float(value))


def _float(value: object) -> float:
    """A number, or nan for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return float("nan")
    try:
        return float(value)
    except ValueError:
        return float("nan")
