"""What a statement has to be so that it may be chosen."""

from __future__ import annotations

from dataclasses import dataclass, fields

from ..profile import LARGEST, InputError
from ..profile.records import types_of

REASONS = {
    "rejected": "moderation rejected it",
    "not_accepted": "moderation has not accepted it",
    "too_few_answers": "too few people answered it",
    "too_little_text": "it has too few words",
    "about_the_speaker": "it says something about its author, not what should be done",
    "metadata": "its source marks it as a question about participants",
    "said_better_elsewhere": "another statement says nearly the same and speaks for both",
}
"""Why a statement may not be chosen, by id, in the order in which the rules are asked; the first one counts."""


@dataclass(frozen=True)
class Rules:
    """What a statement has to be so that it may be chosen; every rule can be switched off.

    Args:
        min_answers: people who have to have answered it; 0 switches this off. Where too few candidates would remain for
            the budget it is halved, and a sentence says so.
        min_words: words it needs, and different words; 0 switches this off. Two characters of Chinese, Japanese or
            Korean count as a word.
        about_the_speaker: leave out statements about their author ("I live on Lopez.").
        metadata: leave out what the source marks as metadata (`Statements.kinds`).
        duplicates: leave out a statement if another one says nearly the same; of several the one that most people
            answered speaks for the others.
        evidence_for_pending: statements that moderation has not accepted need ``min_answers`` even where that is
            lowered for the others.
        strict: leave out whatever moderation has not accepted.
        pool_of_names: most entries are names, not sentences, so no rule about texts fits; None: their length decides.
        names_too: ``min_words`` holds wherever it is asked for, also on complete ballots and among names.

    Raises:
        InputError: a number that is negative or not whole, a switch that is neither True nor False.
    """

    min_answers: int = 10
    min_words: int = 4
    about_the_speaker: bool = True
    metadata: bool = True
    duplicates: bool = True
    evidence_for_pending: bool = True
    strict: bool = False
    pool_of_names: bool | None = None
    names_too: bool = False

    def __post_init__(self) -> None:
        types = types_of(Rules)
        for field in fields(self):
            value = getattr(self, field.name)
            if types[field.name] is int:
                if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
                    raise InputError(f"{field.name} must be a whole number of at least 0, not {value!r}")
            elif not isinstance(value, bool) and not (value is None and field.name == "pool_of_names"):
                raise InputError(f"{field.name} must be True or False, not {value!r}")

    @classmethod
    def none(cls) -> Rules:
        """No rule but moderation."""
        return cls(0, 0, about_the_speaker=False, metadata=False, duplicates=False, evidence_for_pending=False)
