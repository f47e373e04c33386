"""What readers note of their own examples is said in German, whatever the source is called."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from formats_samples import POLIS, SINGLE

from folkmoot.formats import FORMATS
from folkmoot.report.translations import words
from folkmoot.testing.formats import Example, read

EXAMPLES: Mapping[str, str | Mapping[str, str]] = {"polis": POLIS, **SINGLE}


@pytest.mark.parametrize("name", [name for name in FORMATS if name in EXAMPLES])
def test_what_readers_note_is_said_in_german(name: str) -> None:
    text = EXAMPLES[name]
    profile = read(Example(FORMATS[name], {"sample": text} if isinstance(text, str) else text))
    for note in profile.notes:
        assert words("de").recorded(note.what) != note.what, note.what
