"""What rewards tell of preference data, in a terminal."""

from __future__ import annotations

from ..slates.rewards import Told, Whose
from .numbers import ENGLISH, figure
from .preference_words import number, ranged
from .text import wrap
from .words import plain, shorten, spelt

_NAME = 24


def rewards_text(told: Told) -> str:
    """The findings as plain text.

    Args:
        told: what was found.
    """
    lines = _table(told.everybody, "everybody")
    for group in told.groups:
        lines += ["", *_table(group, f"{plain(told.by)} {plain(group.label)}")]
    lines += [
        "",
        *wrap(
            "value: judgements whose chosen answer has the higher reward, less those whose other answer has it; 1 is "
            "always right, 0 a coin, below 0 the opposite, with a 95 % interval over "
            + ("annotators." if told.everybody.annotators else "judgements, as no column says who judged.")
        ),
        *wrap("weight: for standardised rewards (reward_weights of a training loop), mean 1; 0 leaves a reward out."),
        *(f"Note: {words}" for words in _notes(told)),
    ]
    return "\n".join(map(spelt, lines))


def _table(whose: Whose, name: str) -> list[str]:
    who = f"{number(whose.annotators, 'annotator')}, " if whose.annotators else ""
    lines = [f"{name}: {who}{number(whose.judgements, 'judgement')}", f"  {'reward':<{_NAME}}  {'value':<21}  weight"]
    return lines + [
        f"  {shorten(plain(one.name), _NAME):<{_NAME}}  {ranged(one.value, one.low, one.high):<21}  "
        f"{figure(ENGLISH, one.weight, 2)}" + ("  may be no better than a coin" if one.low <= 0 <= one.high else "")
        for one in whose.rewards
    ]


def _notes(told: Told) -> list[str]:
    notes = []
    if told.ties:
        notes.append(f"{number(told.ties, 'tie')} left out: nothing was chosen.")
    if told.missing:
        notes.append(f"{number(told.missing, 'judgement')} left out: an answer has no reward.")
    if told.everybody.rewards and any(
        one.low > 0 and one.weight == 0 for whose in (told.everybody, *told.groups) for one in whose.rewards
    ):
        notes.append(
            "a reward with weight 0 tells what was chosen all the same: others say what it says, or a few of its "
            "differences are far larger than the rest, by which standardised rewards go; look at these first."
        )
    if told.small:
        notes.append(f"{number(told.small, 'group')} of fewer than five annotators not shown.")
    return notes
