"""From answers to ratings: the expectation over the rating token, or the mean of repeated samples."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import fmean, stdev

from ..profile import InputError
from .calls import Answer, Call, Failed, Model, Top
from .numbers import said_rating
from .places import BLANKS, located

# The least probability of all labels together with which an expectation stands: below it the model is about to say
# something else, and the labels among the candidates are what is left over.
FLOOR = 0.5
# Probabilities of the candidates of one token may add up to 1, and to so much by rounding.
_WHOLE = 1.05
_ROUNDING = 1e-9
_DIGITS = frozenset("0123456789")

AROUND = " \t\r\n▁ĠĊ\ufeff\u200b\u2060\u00a0'\"`*_.,:;!()[]{}"  # what tokens carry around a label; odd letters: blanks


@dataclass(frozen=True)
class Rating:
    """A rating on a scale of whole numbers.

    Args:
        value: the rating, between the ends of the scale.
        source: how it was computed: ``logprobs`` (expectation over the rating token) or ``samples`` (mean of repeated
            answers).
        n: the number of answers from which it was computed.
        error: the standard error of a mean of samples, their standard deviation / sqrt(n); infinite for one sample, 0
            where all agree, which says little of few samples; None for an expectation, which has none.
        mass: the probability of all labels together, in [`FLOOR`, 1], for an expectation: how much of the model's
            answer the rating rests on; None for samples.
    """

    value: float
    source: str
    n: int = 1
    error: float | None = None
    mass: float | None = None


def expected(answer: Answer, low: int, high: int, floor: float = FLOOR) -> Rating | None:
    """Probability-weighted mean of the labels ``low`` to ``high`` among the candidates of the answer's token.

    That is the token in which the text's rating stands, where the answer has several, else its first token. Tokens that
    come to the same label ("4", " 4", "4.") are added up; other tokens and missing labels are left out and the rest is
    weighed by its sum. None where there are no log-probabilities or what is given as such is no distribution, where
    labels have less than ``floor`` of the probability, and on scales with labels that need more than one character,
    whose first token does not decide.
    """
    if answer.top is None or low < 0 or high > 9 or not distributed(answer):
        return None
    if answer.tokens is not None and (said := said_rating(answer.text, low, high)) is not None:
        (place,) = located([token for token, _ in answer.tokens], answer.text, [said[1]])
        return None if place is None else at_token(*answer.tokens[place[0]], place[1], low, high, floor)
    return expectation(_labelled(answer.top, low, high), floor)


def distributed(answer: Answer) -> bool:
    """Whether what an answer gives as log-probabilities can be that: of no token do they add up to more than 1."""
    tops = [top for _, top in answer.tokens] if answer.tokens is not None else [answer.top or ()]
    return all(math.fsum(math.exp(min(logprob, 9.0)) for _, logprob in top) <= _WHOLE for top in tops)


def at_token(token: str, candidates: Top, at: int, low: int, high: int, floor: float = FLOOR) -> Rating | None:
    """The expectation over a token whose character ``at`` is the rating.

    Where the token holds more than the rating and what may stand around it, a candidate counts if it differs from the
    token in the rating alone.
    """
    token = token.translate(BLANKS)
    before, after = token[:at], token[at + 1 :]
    if not (before.strip(AROUND) or after.strip(AROUND)):
        return expectation(_labelled(candidates, low, high), floor)
    alike = [
        (one, logprob)
        for one, logprob in ((candidate.translate(BLANKS), logprob) for candidate, logprob in candidates)
        if len(one) == len(token)
        and all(a == b or (a in _DIGITS and b in _DIGITS) for a, b in zip(one, token, strict=True))
        and low <= int(one[at]) <= high
    ]
    pairs = [(int(one[at]), logprob) for one, logprob in alike if one[:at] == before and one[at + 1 :] == after]
    found = expectation(pairs, 0.0)
    # What differs in the token's other ratings, too, is no other rating here, but it is one.
    mass = min(1.0, math.fsum(math.exp(min(logprob, 0.0)) for _, logprob in alike))
    return None if found is None or mass < floor - _ROUNDING else replace(found, mass=mass)


def too_short(answer: Answer, low: int, high: int, floor: float = FLOOR) -> bool:
    """Whether a list of candidates ends before it says enough: all are labels, and have too little probability."""
    labelled = _labelled(answer.top or (), low, high)
    return bool(labelled) and len(labelled) == len(answer.top or ()) and expectation(labelled, floor) is None


def _labelled(candidates: Top, low: int, high: int) -> list[tuple[int, float]]:
    labelled = [(digit, logprob) for token, logprob in candidates if (digit := label(token)) is not None]
    return [(digit, logprob) for digit, logprob in labelled if low <= digit <= high]


@lru_cache(4_096)
def label(token: str) -> int | None:
    """The digit in a token, whatever blanks and marks stand around it; None where the token is no digit."""
    shown = token.strip(AROUND)
    return int(shown) if re.fullmatch("[0-9]", shown) else None


def expectation(labelled: Sequence[tuple[int, float]], floor: float = FLOOR) -> Rating | None:
    """Probability-weighted mean of labels with their log-probabilities; None where they have less than ``floor``."""
    terms: dict[int, list[float]] = {}
    for digit, logprob in labelled:
        terms.setdefault(digit, []).append(math.exp(min(logprob, 0.0)))
    weights = {digit: math.fsum(parts) for digit, parts in sorted(terms.items())}
    mass = math.fsum(weights.values())
    if mass <= 0 or mass < floor - _ROUNDING:
        return None
    mean = math.fsum(digit * weight for digit, weight in weights.items()) / mass
    return Rating(min(max(mean, min(weights)), max(weights)), "logprobs", mass=min(mass, 1.0))


def mean_of(values: Sequence[int]) -> Rating:
    """The mean of samples with its standard error.

    Raises:
        InputError: if there are no samples.
    """
    if not values:
        raise InputError("a mean needs at least one sample")
    error = stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.inf
    return Rating(fmean(values), "samples", len(values), error)


def ratings(
    model: Model,
    calls: Sequence[Call],
    low: int,
    high: int,
    *,
    retries: int = 2,
    samples: int = 10,
    first: Sequence[Answer | Failed] | None = None,
) -> list[Rating | Failed]:
    """A rating for every call.

    An answer with log-probabilities is scored by `expected`; if labels have too little probability, the call is asked
    again as another sample. Where an answer has none, or too few of them, the call is asked ``samples`` times at
    temperature 1 (if it names no temperature above 0) and scored by the mean; unusable samples are replaced by up to
    ``retries`` others. What is unusable after that is `Failed`: it never counts as 0.

    Args:
        model: the model that answers.
        calls: the calls, each asking for a number from ``low`` to ``high`` and nothing else.
        low: the lowest label.
        high: the highest label.
        retries: how often a call without a usable answer is sent again, at least 0.
        samples: the number of samples where there are no log-probabilities, at least 2.
        first: the answers to the calls, where they are known already.

    Raises:
        InputError: if an argument is out of its range.
    """
    check(low, high, retries, samples)
    results: list[Rating | Failed | None] = [None] * len(calls)
    left, sampled = list(range(len(calls))), list[int]()
    for turn in range(retries + 1):
        unusable: list[int] = []
        if turn == 0 and first is not None:
            answers: Sequence[Answer | Failed] = first
        else:
            requests = [replace(calls[place], sample=calls[place].sample + turn) for place in left]
            answers = model.answers(requests) if requests else []
        for place, answer in zip(left, answers, strict=True):
            if isinstance(answer, Failed):
                results[place] = answer
            elif answer.top is None or low < 0 or high > 9 or not distributed(answer):
                sampled.append(place)
            else:
                results[place] = expected(answer, low, high)
                if results[place] is None:
                    (sampled if too_short(answer, low, high) else unusable).append(place)
        left = unusable
    for place in left:
        results[place] = Failed(f"no label from {low} to {high} is likely enough in {retries + 1} answers")
    for place, result in zip(
        sampled, _sampled(model, [calls[i] for i in sampled], low, high, retries, samples), strict=True
    ):
        results[place] = result
    return [result if result is not None else Failed("not asked") for result in results]


def usable(answer: Answer, low: int, high: int) -> bool:
    """Whether an answer holds a rating: by its log-probabilities, or where it has none, by its text."""
    if answer.top is None or low < 0 or high > 9 or not distributed(answer):
        return said_rating(answer.text, low, high) is not None
    return expected(answer, low, high) is not None or too_short(answer, low, high)


def check(low: int, high: int, retries: int, samples: int) -> None:
    """Checks the arguments of `ratings` and `line_ratings`.

    Raises:
        InputError: if an argument is out of its range.
    """
    if low >= high or retries < 0 or samples < 2:
        raise InputError("ratings need low < high, retries of at least 0 and at least 2 samples")


def _sampled(
    model: Model, calls: Sequence[Call], low: int, high: int, retries: int, samples: int
) -> list[Rating | Failed]:
    values: list[list[int]] = [[] for _ in calls]
    failed: dict[int, Failed] = {}
    wanted = [(place, number) for place in range(len(calls)) for number in range(samples)]
    following = [samples] * len(calls)
    for _ in range(retries + 1):
        requests = [warm(calls[place], number) for place, number in wanted]
        again = []
        for (place, _), answer in zip(wanted, model.answers(requests) if requests else [], strict=True):
            if isinstance(answer, Failed):
                failed[place] = answer
            elif (said := said_rating(answer.text, low, high)) is not None:
                values[place].append(said[0])
            else:
                again.append((place, following[place]))
                following[place] += 1
        wanted = [(place, number) for place, number in again if place not in failed]
    short = {place for place, numbers in enumerate(values) if len(numbers) < samples}
    unasked = Counter(place for place, _ in wanted)
    tried = [number - unasked[place] for place, number in enumerate(following)]
    return [
        failed.get(place, Failed(f"fewer than {samples} of {tried[place]} answers say a number from {low} to {high}"))
        if place in short
        else mean_of(numbers)
        for place, numbers in enumerate(values)
    ]


def warm(call: Call, number: int) -> Call:
    """The call as a further sample, at a temperature at which samples differ."""
    temperature = call.parameters.get("temperature")
    warm = isinstance(temperature, int | float) and temperature > 0
    parameters = call.parameters if warm else {**call.parameters, "temperature": 1.0}
    return replace(call, parameters=parameters, sample=call.sample + number)
