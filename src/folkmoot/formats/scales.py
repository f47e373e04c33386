"""The scale of a table's answers, what is doubtful about it, and which of its ends is the best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..profile import VOTE, FloatArray, InputError, IntArray, Scale
from ..profile.sentences import noted
from .base import ReadOptions
from .coding import Coding
from .notes import Notes

APPROVAL_ASKED = Scale("approval", 0.0, 1.0)
"""Yes or no to what was shown; about what was not shown nothing is known."""

CODES = frozenset(
    float(sign * code)
    for code in (7, 8, 9, 66, 77, 88, 90, 95, 96, 97, 98, 99, 777, 888, 998, 999, 9999)
    for sign in (1, -1)
) | {-1.0, -2.0, -3.0, -4.0, -5.0, -6.0}
"""Numbers that surveys write for "don't know", "refused" and the like."""


@dataclass(frozen=True)
class Scaled:
    """Answers on their scale.

    Args:
        values: the answers; the best is the highest.
        scale: what they mean.
        direction: which end is the best, and how that is known, in one sentence.
    """

    values: FloatArray
    scale: Scale
    direction: str


def scaled(
    values: FloatArray,
    name: str,
    options: ReadOptions,
    path: Path,
    notes: Notes,
    lines: IntArray | None = None,
    coding: Coding | None = None,
) -> Scaled:
    """The answers of a table on one scale, with a note that states the scale wherever it is a guess.

    Args:
        values: all answers; for words the places of `Family`.
        name: the normalised name of the column; ``vote`` and ``approval`` decide the scale.
        options: the reading options; ``scale`` decides the scale, and with it which end is the best.
        path: the file, for messages.
        notes: the notes to which a guess is added.
        lines: the row of every answer, for messages.
        coding: how the answers are written; None: as numbers.

    Raises:
        InputError: if an answer lies outside the stated scale, if a value may be no answer, or if there is nothing to
            guess from.
    """
    if not len(values):
        raise InputError("the table holds no ratings", file=path)
    if coding is not None and coding.kind == "words":
        return _in_words(values, coding, path, notes)
    if options.scale is not None:
        return _stated(values, options.scale, path, notes, lines)
    said = None if coding is None else coding.turned
    if said is None and name not in ("vote", "approval"):
        _refuse_ones_and_twos(values, path)
    scale = _guessed(values, name, path, notes, lines)
    turned = bool(said)
    if turned:
        notes.add(
            "changed", "ratings turned, because their words say that the lowest is the best", path.name, len(values)
        )
        values = scale.low + scale.high - values
    low, high = (f"{v:g}" for v in ((scale.high, scale.low) if turned else (scale.low, scale.high)))
    if scale.kind == "vote":
        direction = (
            noted("+1 is read as agree, -1 as disagree: assumed, not confirmed by anything beside")
            + "; "
            + noted("`flip` turns them")
        )
    elif scale.kind == "approval":
        direction = noted("1 is read as yes, 0 as no: assumed") + "; " + noted("`scale=(1, 0)` turns them")
    elif said is not None:
        direction = noted(f"{high} is read as the best answer, {low} as the worst: as the words beside say")
        direction += "; " + noted(f"shown turned, so that {low} is the best") if turned else ""
    else:
        direction = noted(f"{high} is read as the best answer, {low} as the worst: assumed")
        direction += "; " + noted(f"`scale=({high}, {low})` turns them")
    return Scaled(values, scale, direction)


def scale_of(
    values: FloatArray, name: str, options: ReadOptions, path: Path, notes: Notes, lines: IntArray | None = None
) -> Scale:
    """The scale alone, where answers cannot be turned.

    Raises:
        InputError: as `scaled`, and if the stated scale is turned.
    """
    if options.scale is not None and options.scale[0] > options.scale[1]:
        raise InputError("a scale from the highest to the lowest rating cannot be read here; turn the ratings first")
    return scaled(values, name, options, path, notes, lines).scale


def buckets(ranges: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The smallest usual scale that holds each of these ranges of numbers.

    >>> buckets([(1, 4), (2, 7), (0, 10), (0, 1), (-2, 1)])
    [(1, 5), (1, 7), (0, 10), (0, 1), (-2, 2)]
    """
    rising = [(0, n) for n in (1, 5, 7, 10, 20, 100)] + [(1, n) for n in (5, 7, 10)]
    usual = rising + [(-n, n) for n in (1, 2, 3, 5)]
    held = []
    for low, high in ranges:
        fitting = [one for one in usual if one[0] <= low and high <= one[1] and (one[0] < 0) == (low < 0)]
        held.append(min(fitting, key=lambda one: one[1] - one[0]) if fitting else (min(low, 0), high))
    return held


def alike(ranges: Sequence[tuple[float, float]]) -> bool:
    """Whether these ranges of numbers can be of one scale: none of their usual scales is twice as long as another."""
    varied = [(low, high) for low, high in ranges if low < high]
    if not varied:
        return True
    ends = min(low for low, _ in varied), max(high for _, high in varied)
    within = [r for r in ranges if r[0] == r[1] and ends[0] <= r[0] <= ends[1]]  # where everybody agrees
    held = buckets([r for r in ranges if r not in within])
    lengths = [max(high, -low) for low, high in held]
    return max(lengths) < 2 * min(lengths)


def _stated(values: FloatArray, scale: tuple[float, float], path: Path, notes: Notes, lines: IntArray | None) -> Scaled:
    worst, best = map(float, scale)
    low, high = min(worst, best), max(worst, best)
    if low == high:
        raise InputError(f"scale {low:g}..{high:g} is empty; give the worst, then the best rating")
    outside = values[(values < low) | (values > high)]
    if len(outside):
        raise InputError(
            f"{outside[0]:g} lies outside the scale {worst:g}..{best:g}; if it is no answer, name it with `missing`",
            file=path,
            row=_row(outside[0], values, lines),
        )
    direction = noted(f"{best:g} is the best answer, {worst:g} the worst: as stated")
    if worst > best:
        notes.add("changed", f"ratings turned, because {worst:g} was said to be the worst", path.name, len(values))
        values = low + high - values
        direction += "; " + noted(f"shown turned, so that {high:g} is the best")
    return Scaled(values, Scale("rating", low, high), direction)


def _in_words(places: FloatArray, coding: Coding, path: Path, notes: Notes) -> Scaled:
    """Words on the scale of their family: votes for bare words (disagree, pass, agree), else ratings from 1 on."""
    family = coding.family
    assert family is not None
    used = {int(place) for place in np.unique(places)}
    by_place: dict[int, list[str]] = {}
    for word, place in coding.meanings.items():
        by_place.setdefault(int(place), []).append(word)
    if family.votes and used <= {-2, 0, 2}:
        values, scale = np.sign(places), VOTE
        if family.yes_or_no and 0 not in used:
            values, scale = (places > 0).astype(np.float64), APPROVAL_ASKED
        levels: dict[int, float] = {
            place: float(scale.low if place < 0 else np.sign(place)) for place in sorted(by_place)
        }
    else:
        levels = {place: float(i) for i, place in enumerate(family.levels(used), start=1)}
        if len(levels) < 2:
            raise InputError(
                f"everybody gave the same answer ({', '.join(coding.meanings)}), so there is no scale", file=path
            )
        values, scale = np.array([levels[int(place)] for place in places]), Scale("rating", 1.0, float(len(levels)))
    said = "; ".join(
        f"{' / '.join(by_place[place])} = {value:g}" for place, value in levels.items() if place in by_place
    )
    notes.add("seen", f"answers in words read as numbers: {said}", path.name, len(values))
    best, worst = by_place[max(by_place)][0], by_place[min(by_place)][0]
    direction = noted(f"{best!r} is read as the best answer, {worst!r} as the worst: as the words say")
    return Scaled(values, scale, direction)


def _guessed(values: FloatArray, name: str, path: Path, notes: Notes, lines: IntArray | None) -> Scale:
    seen = {float(v) for v in np.unique(values)}
    if name == "approval" or (seen <= {0.0, 1.0} and 0.0 in seen and name != "vote"):
        if not seen <= {0.0, 1.0}:
            outside = max(seen - {0.0, 1.0})
            raise InputError(
                f"approvals must be 0 or 1, not {outside:g}", file=path, row=_row(outside, values, lines), column=name
            )
        notes.add("seen", "scale taken to be 0 (no) and 1 (yes)", path.name, len(values))
        return APPROVAL_ASKED
    if name == "vote" or (-1.0 in seen and seen <= {-1.0, 0.0, 1.0}):
        if not seen <= {-1.0, 0.0, 1.0}:
            outside = min(seen - {-1.0, 0.0, 1.0})
            raise InputError(
                f"{outside:g} is not a vote; votes are 1 (agree), -1 (disagree) and 0 (pass)",
                file=path,
                row=_row(outside, values, lines),
                column=name,
            )
        return VOTE
    strange = apart(seen)
    refuse_codes(seen, path, _row(strange[-1], values, lines) if strange else None)
    if min(seen) < 0:
        end = max(map(abs, seen))
        if min(seen) != -max(seen) or not all(v == round(v) for v in seen) or len(seen) < 4:
            raise InputError(
                f"ratings from {min(seen):g} to {max(seen):g}: if those below 0 are no answers, say "
                f"`missing={[f'{v:g}' for v in sorted(seen) if v < 0][:6]!r}`; otherwise state the scale, e.g. "
                f"`scale=({-end:g}, {end:g})`",
                file=path,
            )
        return _by_what_occurs(-end, end, len(values), path, notes)
    low, high = 0.0 if min(seen) < 1 else 1.0, max(seen)
    if high <= low:
        (least, most) = (0, 1) if high in (0, 1) else buckets([(high, high)])[0]
        raise InputError(
            f"every rating is {high:g}, so the scale is not known; state it, e.g. `scale=({least:g}, {most:g})`",
            file=path,
        )
    if high > 50:
        low, high = 0.0, max(high, 100.0)  # sliders, percentages, amounts: the ends need not occur
    return _by_what_occurs(low, high, len(values), path, notes)


def _by_what_occurs(low: float, high: float, count: int, path: Path, notes: Notes) -> Scale:
    what = f"ratings taken to be on a scale of {low:g} to {high:g}, from what occurs; say `scale` if it is another"
    notes.add("seen", what, path.name, count)
    return Scale("rating", low, high)


def apart(seen: set[float]) -> list[float]:
    """Values that stand apart from the others and are written for no answer in many surveys.

    >>> apart({1, 2, 3, 4, 5, 99}), apart({1, 2, 3, 4, 8}), apart({1, 2, 4, 7, 9})
    ([99.0], [8.0], [])
    """
    rest = sorted(float(v) for v in seen if v >= 0 and v == round(v))
    strange = sorted(float(v) for v in seen if v < 0 and v in CODES)
    if any(v != round(v) for v in seen):
        rest = [v for v in rest if v < 66]
        return [v for v in seen if v >= 66 and v in CODES and rest and v > 5 * max(rest)]
    run: list[float] = []
    for v in rest:
        if run and v != run[-1] + 1:
            break
        run.append(v)
    above = [v for v in rest if v not in run]
    negative = strange if len(run) >= 3 and -min(strange, default=0) not in run[1:] else []
    if len(run) >= 3 and run[0] <= 1 and negative and len(strange) == 1 and strange[0] == -1 and 0.0 in run:
        negative = strange
    clear = len(run) >= 3 and run[0] <= 1 and above and above[0] >= run[-1] + 2 and all(v in CODES for v in above)
    far = len(run) >= 2 and run[0] <= 1 and above and above[0] > 3 * run[-1] and all(v in CODES for v in above)
    return sorted({*negative, *(above if clear or far else [])})


def refuse_codes(seen: set[float], path: Path, row: int | None = None) -> None:
    """Refuses answers of which some stand apart like codes for no answer.

    Args:
        seen: all answers that occur.
        path: the file, for the message.
        row: a row with such an answer.

    Raises:
        InputError: if some do; the message says how to read them as either.
    """
    strange = apart(seen)
    if strange:
        _refuse_strange(seen, strange, path, row)


def refuse_codes_of_some(columns: Sequence[FloatArray], path: Path) -> None:
    """Refuses answers of which some columns have an 8 or 9 after 7 or less, and the others have not.

    Args:
        columns: the answers of every column.
        path: the file, for the message.

    Raises:
        InputError: if it is so; the message says how to read them as either.
    """
    seen = {float(v) for values in columns for v in np.unique(values)}
    strange = sorted(seen & {8.0, 9.0})
    enough = [values for values in columns if len(values) >= MANY]
    if not strange or max(seen) > 9 or min(seen) < 1 or not seen & {5.0, 6.0, 7.0}:
        return
    if any(values.max() < 8 for values in enough) and any(values.max() >= 8 for values in enough):
        _refuse_strange(seen, strange, path, None)


MANY = 20
"""How many answers a column has if it is likely that every common answer occurs in it."""


def refuse_ranks(answers: FloatArray, path: Path) -> None:
    """Refuses answers that are ranks, of which the lowest is the best, as far as can be seen.

    Args:
        answers: the answers of those who gave all of them, float64 [people, columns].
        path: the file, for the message.

    Raises:
        InputError: if everybody gave each of the numbers 1, 2, ... once; the message says how to read them.
    """
    n, k = answers.shape
    if n >= 5 and k >= 3 and (np.sort(answers, axis=1) == np.arange(1, k + 1)).all():
        raise InputError(
            f"everybody gave each number from 1 to {k} once, as in a ranking: say `scale=({k}, 1)` if 1 is the first "
            f"choice, or `scale=(1, {k})` if {k} is the best rating",
            file=path,
        )


def _refuse_ones_and_twos(values: FloatArray, path: Path) -> None:
    if len(values) >= MANY and {float(v) for v in np.unique(values)} == {1.0, 2.0}:
        raise InputError(
            "all answers are 1 or 2, as codes for yes and no: say `scale=(2, 1)` if 1 is yes, or `scale=(1, 2)` if 2 "
            "is the better answer",
            file=path,
        )


def _refuse_strange(seen: set[float], strange: Sequence[float], path: Path, row: int | None) -> None:
    rest = seen - set(strange)
    low, high = min(rest), max(rest)
    missing = [f"{v:g}" for v in strange]
    scale = f"({min(low, *strange, 1.0):g}, {max(high, *strange):g})"
    raise InputError(
        f"the answers are {low:g} to {high:g} and, apart from them, {', '.join(missing)}: if that means no answer "
        f"(don't know), say `missing={missing!r}`; if it is a rating, state the scale, e.g. `scale={scale}`",
        file=path,
        row=row,
    )


def _row(value: float, values: FloatArray, lines: IntArray | None) -> int | None:
    return None if lines is None else int(lines[np.flatnonzero(values == value)[0]])
