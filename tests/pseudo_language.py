"""A language made up from German: every sentence twice as long, written from right to left."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from folkmoot.report.extraction import read_catalogue
from folkmoot.report.translations import MESSAGES

CODE = "he"
_HOLDER = re.compile(r"%\(\w+\)s|<[^>]+>")


def twice(text: str) -> str:
    """The text, and its letters once more behind it (placeholders and tags stand once)."""
    again = _HOLDER.sub("", text).strip()
    return f"{text} {again}" if again else text


def pseudo(folder: Path) -> Path:
    """Writes the catalogue of the language into a folder, one file as any third language would be.

    Args:
        folder: where to; a folder of catalogues is made in it.
    """
    german, made = read_catalogue(MESSAGES / "de.po"), Catalog(locale=CODE)
    for entry in german:
        if not entry.id:
            continue
        if isinstance(entry.id, str):
            made.add(entry.id, twice(str(entry.string)), context=entry.context)
        else:
            forms = [twice(form) for form in entry.string or ()]
            made.add(entry.id, tuple((forms + [forms[-1]] * made.num_plurals)[: made.num_plurals]))
    place = folder / "messages"
    place.mkdir(exist_ok=True)
    with (place / f"{CODE}.po").open("wb") as stream:
        write_po(stream, made)
    return place
