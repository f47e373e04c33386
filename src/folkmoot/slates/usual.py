"""What the source decides where nothing is said: the process, and how large a slate should be."""

from __future__ import annotations

from dataclasses import replace

from ..engines import find as find_engine
from ..profile import Options, Profile

#: A slate without a budget has this many statements at most and at least, if enough can be chosen.
MOST, LEAST = 15, 10
#: Each statement then stands for at least this many people.
PEOPLE = 30


def settled(options: Options, profile: Profile) -> Options:
    """The options with the process that is usual for this source where none is named.

    Args:
        options: the options as they were given.
        profile: what people said.

    Raises:
        InputError: there is no such engine.
    """
    if options.process:
        return options
    return replace(options, process=find_engine(options.engine).usual(profile))


def usual_size(people: int, eligible: int) -> int:
    """How many statements a slate has for which no budget was named.

    As many as 15, as long as each stands for 30 people or more; at least 10. Never more than can be chosen.

    >>> usual_size(2031, 500), usual_size(360, 100), usual_size(40, 100), usual_size(2031, 8)
    (15, 12, 10, 8)

    Args:
        people: how many people took part.
        eligible: how many statements may be chosen.
    """
    return min(eligible, max(LEAST, min(MOST, people // PEOPLE)))
