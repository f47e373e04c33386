"""What a clarifying interview says: a turn, whom an output would serve badly, and what a person wants."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Underserved:
    """The kind of people whom an output written now serves worst.

    Args:
        share: the probability, after the answers so far, that the person is one of them.
        wants: what they want more often than others, (feature, value), the most telling first.
        now: how many features are right for them on average, less what was asked, if the output is written now.
        after: the same if the question is asked first; None: nothing is asked.
    """

    share: float
    wants: tuple[tuple[str, str], ...]
    now: float
    after: float | None


@dataclass(frozen=True)
class Turn:
    """Ask or answer.

    Args:
        decision: ``ask`` or ``answer`` (write the output now).
        feature: the feature to ask about; empty: nothing is asked.
        question: the question in words.
        values: the values to choose from, with their probabilities.
        value: what the best question is worth, in features right, before its cost; None: nothing is left.
        cost: what a question costs.
        why: the grounds in one or two sentences.
        underserved: whom an output written now would serve worst; None: there is one kind of people.
        asked: how many questions were put so far.
    """

    decision: str
    feature: str
    question: str
    values: tuple[tuple[str, float], ...]
    value: float | None
    cost: float
    why: str
    underserved: Underserved | None
    asked: int


@dataclass(frozen=True)
class Wanted:
    """One feature of the completed preference vector.

    Args:
        feature: the name of the feature.
        value: what the person said, or the best guess.
        probability: the probability that it is what they want; 1 where they said so.
        how: ``said``, ``remembered`` (from an earlier task) or ``guessed``.
    """

    feature: str
    value: str
    probability: float
    how: str
