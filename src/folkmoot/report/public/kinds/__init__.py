"""True words for what was measured: one file for each thing that people can do."""

from __future__ import annotations

from ....audits.public_records import Public
from ...translations import Words
from .base import Kind
from .choices import Choices
from .comparisons import Comparisons
from .rankings import Rankings
from .ratings import Ratings
from .texts import Scores, Texts
from .votes import Votes

_KINDS: dict[str, type[Kind]] = {
    "votes": Votes,
    "choices": Choices,
    "points": Choices,
    "ratings": Ratings,
    "rankings": Rankings,
    "comparisons": Comparisons,
    "texts": Texts,
    "scores": Scores,
}


def kind_of(public: Public, words: Words, unit: str) -> Kind:
    """The words for what people did.

    Args:
        public: the figures.
        words: the language.
        unit: what the budget counts.
    """
    return _KINDS[public.asked](words, unit)
