"""Named streams of random numbers: everything that the library draws, and its purpose.

A stream is a generator of its own, made from the seed of a run, the number of the stream and the parts that tell its
draws apart (the number of a posterior draw, a turn, ...). numpy pads what it is seeded with by zeros, so that
``[seed, 8]`` and ``[seed, 8, 0]`` are the same generator; here every stream has a fixed number of parts, and every
seed and part is one 32-bit word, so that no two streams can coincide.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from .errors import InputError

#: Seeds and parts stay below: numpy splits larger numbers into several words.
WORD = 2**32


class Stream(IntEnum):
    """What random numbers are drawn for; the numbers belong to recorded slates and do not change.

    A new stream takes a number that is free, the number of its parts, and one line on what is drawn from it.
    """

    n_parts: int
    meaning: str

    def __new__(cls, number: int, n_parts: int, meaning: str) -> Stream:
        one = int.__new__(cls, number)
        one._value_ = number
        one.n_parts, one.meaning = n_parts, meaning
        return one

    FIT = 0, 0, "starting points and held-out answers of the preference model"
    COMPARED = 1, 0, "the random slates that a slate is compared with"
    RELIABILITY = 2, 0, "answers held out to measure how well the preference model predicts"
    PROCESS = 3, 0, "random choices of the process"
    POSTERIOR = 4, 1, "a draw of what people might have answered; its number"
    PLURAL = 5, 0, "samples of the audits of plural figures"
    PROSE = 6, 0, "random choices of a process whose statements a language model writes"
    DEMAND = 7, 0, "people who stand for everybody when the worth of a question is computed"
    AMONG = 8, 1, "people among whom groups are looked for; the turn"
    PILOT_GROUPS = 9, 1, "groups of the pilot's ensemble; the turn"
    CLOSEST_BY_TAGS = 10, 1, "PROSE's closest cluster by tags; the turn"
    CLOSEST_BY_TEXTS = 11, 1, "PROSE's closest cluster by texts; the turn"
    PREVIOUS_BEST_COLD = 12, 1, "PROSE's previous best at temperature 0; the turn"
    PREVIOUS_BEST_WARM = 13, 1, "PROSE's previous best at temperature 1; the turn"
    WEIGHTED_BY_TAGS = 14, 1, "PROSE's weighted nearest neighbours by tags; the turn"
    WEIGHTED_BY_TEXTS = 15, 1, "PROSE's weighted nearest neighbours by texts; the turn"
    NEAREST_BY_TAGS = 16, 1, "PROSE's nearest neighbours by tags; the turn"
    NEAREST_BY_TEXTS = 17, 1, "PROSE's nearest neighbours by texts; the turn"
    POPULATION = 20, 0, "starting points of the population that an interview starts from"
    FACTORS = 21, 0, "starting points of the low-rank model of a survey"
    INTERVIEW = 22, 3, "what scores a person's next question; two words of the person's id, and the step"
    ANSWER_KINDS = 30, 0, "starting points of the kinds of repeated answers"
    KINDS_SPREAD = 31, 0, "people drawn again for intervals of the kinds of answers"
    KINDS_COMPARED = 32, 0, "answers held out to compare kinds of answers with continuous attitudes"
    QUESTIONNAIRES = 33, 0, "who is asked what, and what twice"
    TAGS = 34, 0, "people whose texts a language model sums up in tags"
    JUDGE_RELIABILITY = 35, 0, "answers held out to check a language model's scores"
    KICKS = 37, 0, "statements that leave a slate at random while a better one is looked for"
    ANNEALING = 38, 0, "worse slates in between while a better one is looked for"
    TIES = 39, 2, "ties between equal utilities while slates are compared; candidates and people"
    TURNING = 40, 1, "who agrees first where unseen answers differ from their predictions; the number of the draw"
    SAMPLE = 41, 0, "people of a source of whom a sample is read"
    SURVEY = 42, 1, "the order of the questions of one form of a survey; its number"
    PREFERENCES = 48, 0, "resamples, starts and who is left out when preference data are examined"
    FLIP = 47, 1, "statements that a model is asked about in turn for and against, and their resamples; which of both"
    SWAP = 49, 0, "answers that are hidden to foretell them with another person's profile, and resamples of people"
    FITTED = 43, 0, "people of a large source to whom the preference model is fitted"
    RIVALS = 44, 0, "statements that a slate is held against by the evaluator"
    SOURCES = 45, 0, "people and statements that the sources of a run are compared on"
    PLANNED = 46, 1, "people and what they write when a run is rehearsed; how many people"
    ZERO_SHOT = 36, 0, "people whose texts are shown where a whole slate is written at once"


def stream(seed: int, which: Stream, *parts: int) -> np.random.Generator:
    """The generator of a stream: the same seed, stream and parts give the same numbers.

    Args:
        seed: the seed of the run, from 0 to 2**32 - 1.
        which: the stream, which says what the numbers are for.
        parts: the parts of the stream, as many as it has, each from 0 to 2**32 - 1.

    Raises:
        InputError: if the seed is outside its range.
        ValueError: if there are more or fewer parts than the stream has, or if one is outside its range.
    """
    if not 0 <= seed < WORD:
        raise InputError(f"seed must be a whole number from 0 to {WORD - 1:,}, not {seed!r}")
    if len(parts) != which.n_parts or not all(0 <= part < WORD for part in parts):
        raise ValueError(f"stream {which.name} takes {which.n_parts} parts of one 32-bit word each, not {parts!r}")
    return np.random.default_rng([seed, which, *parts])
