"""Preference data: which of two answers to one prompt each annotator preferred; different prompts never meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from .arrays import BoolArray, FloatArray, IntArray
from .content import Note
from .errors import InputError
from .profile import Profile


@dataclass(frozen=True, eq=False)
class Pairs:
    """Judged pairs of answers, in the source's order.

    Args:
        annotators: the ids of the annotators; where none are known, every judgement has one of its own.
        prompts: the texts of the prompts.
        responses: the texts of the answers; the same text under two prompts is two answers.
        prompt: int64 [m] the prompt of every answer.
        annotator: int64 [s] who judged.
        chosen: int64 [s] the preferred answer; of a tie, the one that was named first.
        rejected: int64 [s] the other one.
        tied: bool [s] whether both were as good.
        times: float64 [s] how much the judgement counts: 2 / L for the pairs out of a ranking of L answers, which is
            L - 1 choices and not L (L - 1) / 2.
        record: int64 [s] the record of the source it stands in, from 0.
        named: whether the source says who judged.
        prompted: whether the source says what the prompts are; else answers that were compared, directly or through
            others, are taken to belong to one prompt.
        groups: the label of every annotator by declared column; empty where the source has none.
        columns: what was found in which column.
        shape: how the source holds judgements: pairs, ratings, rankings, or a public data set's own.
        source: the name of the file.
        notes: what reading changed, dropped or noticed.

    Raises:
        InputError: if two answers of a pair belong to different prompts, or an answer is compared with itself.
    """

    annotators: tuple[str, ...]
    prompts: tuple[str, ...]
    responses: tuple[str, ...]
    prompt: IntArray
    annotator: IntArray
    chosen: IntArray
    rejected: IntArray
    tied: BoolArray
    times: FloatArray
    record: IntArray
    named: bool = True
    prompted: bool = True
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    shape: str = "pairs"
    source: str = ""
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        if (self.prompt[self.chosen] != self.prompt[self.rejected]).any():
            raise InputError("answers to different prompts are never compared")
        if (self.chosen == self.rejected).any():
            raise InputError("an answer is compared with itself; leave such pairs out")

    def __len__(self) -> int:
        return len(self.chosen)

    @property
    def n_annotators(self) -> int:
        """How many people judged."""
        return len(self.annotators)

    @cached_property
    def low(self) -> IntArray:
        """int64 [s]: of the two answers the one that comes first in the source."""
        return np.minimum(self.chosen, self.rejected)

    @cached_property
    def high(self) -> IntArray:
        """int64 [s]: the other one."""
        return np.maximum(self.chosen, self.rejected)

    @cached_property
    def value(self) -> FloatArray:
        """float64 [s]: 1 where ``low`` was preferred, -1 where ``high`` was, 0 for a tie."""
        return np.where(self.tied, 0.0, np.where(self.chosen == self.low, 1.0, -1.0))

    @cached_property
    def unit(self) -> IntArray:
        """int64 [s]: the pair of answers that was judged, whoever judged it, from 0."""
        key = self.low * max(len(self.responses), 1) + self.high
        return np.asarray(np.unique(key, return_inverse=True)[1], dtype=np.int64)

    @cached_property
    def n_units(self) -> int:
        """How many different pairs of answers were judged."""
        return int(self.unit.max(initial=-1)) + 1

    def of(self, kept: BoolArray) -> Pairs:
        """The same people and answers with some of the judgements only.

        Args:
            kept: bool [s], which.
        """
        parts = {name: getattr(self, name)[kept] for name in _PER_JUDGEMENT}
        return replace(self, **parts)


_PER_JUDGEMENT = ("annotator", "chosen", "rejected", "tied", "times", "record")


def overlap(pairs: Pairs) -> tuple[float, float]:
    """Annotators a prompt on average, and the share of the judged pairs that two annotators or more judged.

    Args:
        pairs: the judgements.
    """
    if not len(pairs):
        return 0.0, 0.0
    at = pairs.prompt[pairs.chosen] * pairs.n_annotators + pairs.annotator
    a_prompt = len(np.unique(at)) / len(np.unique(pairs.prompt[pairs.chosen]))
    both = np.unique(pairs.unit * pairs.n_annotators + pairs.annotator) // max(pairs.n_annotators, 1)
    return a_prompt, float((np.bincount(both) > 1).mean())


def refuse_pooling(profile: Profile) -> None:
    """Refuses a choice among answers to different prompts.

    Args:
        profile: what is to be chosen from.

    Raises:
        InputError: if it is preference data with more than one prompt.
    """
    facts = profile.facts.get("preferences")
    if facts and facts["prompts"] > 1:
        raise InputError(
            f"holds answers to {facts['prompts']:,} different prompts, and answers to different prompts are never "
            f"pooled: nobody chose between them; run folkmoot prefs {facts['file']} for who prefers what (a file with "
            "the rows of one prompt can have a slate)"
        )
