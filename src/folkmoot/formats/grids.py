"""Statements in grids: one question over several columns, each with an item of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_BRACKETS = re.compile(r"^(?P<stem>.*\S)\s*\[(?P<item>[^\[\]]+)\]$", re.DOTALL)
_DASH = re.compile(r"^(?P<stem>.*\S)\s+(?:[-–—:]|>>)\s+(?P<item>\S.*)$", re.DOTALL)

_NUMBERED = re.compile(r"^(?P<stem>.*[_.-])\d+$")


def items(names: Sequence[str]) -> list[str]:
    """What each column states: the item, where several columns share a question, else the name itself.

    >>> items(["How much do you agree? [More buses]", "How much do you agree? [More trees]", "Free parking?"])
    ['More buses', 'More trees', 'Free parking?']
    >>> items(["Rate these - More buses", "Rate these - More trees"]), items(["G1[SQ001]", "G1[SQ002]"])
    (['More buses', 'More trees'], ['G1[SQ001]', 'G1[SQ002]'])
    """
    split = [_split(name) for name in names]
    shared = Counter(one["stem"] for one in split if one is not None)
    return [
        one["item"].strip() if one is not None and shared[one["stem"]] > 1 and _in_words(one["item"]) else name.strip()
        for name, one in zip(names, split, strict=True)
    ]


def stem(names: Sequence[str]) -> str:
    """A pattern that fits all these columns and says so in few words; empty: they share no beginning.

    >>> stem(["How much do you agree? [More buses]", "How much do you agree? [More trees]"])
    'How much do you agree?*'
    >>> stem(["Q3_1", "Q3_2"]), stem(["Q3_1", "Q4_1"])
    ('Q3_*', '')
    """
    split = {one["stem"] if (one := _split(name) or _NUMBERED.match(name.strip())) else "" for name in names}
    return f"{split.pop()}*" if len(split) == 1 and "" not in split and len(names) > 1 else ""


def _split(name: str) -> re.Match[str] | None:
    return _BRACKETS.match(name.strip()) or _DASH.match(name.strip())


def _in_words(item: str) -> bool:
    return " " in item.strip() or not re.fullmatch(r"[A-Za-z]{0,4}[_-]?\d+", item.strip())
