"""Untrusted text on a terminal: nothing in it may move the cursor, change colours or turn the reading direction."""

from __future__ import annotations

import unicodedata

# Format characters that carry meaning in real scripts and emoji: zero-width joiner and non-joiner.
HARMLESS = {"\u200c", "\u200d"}


def shown(text: str, keep_lines: bool = False) -> str:
    """The text with control, bidi and surrogate characters made visible as \\u escapes.

    Args:
        text: as a participant wrote it.
        keep_lines: leave line breaks; otherwise every run of white space becomes one space.

    >>> shown("red \\x1b[31m alert")
    'red \\\\u001b[31m alert'
    """
    parts = text.splitlines() if keep_lines else [" ".join(text.split())]
    return "\n".join("".join(map(_visible, part)) for part in parts)


def _visible(character: str) -> str:
    if unicodedata.category(character) in ("Cc", "Cf", "Cs") and character not in HARMLESS:
        return f"\\u{ord(character):04x}"
    return character
