"""Finds the sentences that are to be translated, and brings the catalogues up to date with them.

``python -m folkmoot.report.extraction`` adds to every ``messages/*.po`` what is new, untranslated, and takes out what
no page says any more; `problems` names both, for a test.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import PoFileError, read_po, write_po
from jinja2.ext import babel_extract

from .recorded_sources import CONTEXT, recorded_messages
from .translations import MESSAGES

ROOMS = ("report", "cli", "web")
PACKAGE = Path(__file__).parents[1]
KEYWORDS: Mapping[str, tuple[int | tuple[int, str], ...] | None] = {
    "gettext": None,
    "ngettext": (1, 2),
    "markup": None,
    "nmarkup": (1, 2),
}

Message = str | tuple[str, ...]


def messages(package: Path = PACKAGE) -> dict[Message, list[tuple[str, int]]]:
    """Every sentence of the sources with the places where it stands; one with plural forms is a tuple.

    Args:
        package: the folder of the package.
    """
    found: dict[Message, list[tuple[str, int]]] = {}
    for file in _files(package):
        text = file.read_bytes()
        if file.suffix == ".py" and b"gettext(" not in text and b"markup(" not in text:
            continue
        stream = io.BytesIO(text)
        if file.suffix == ".html":
            entries = babel_extract(stream, list(KEYWORDS), [], {"trimmed": "true", "silent": "false"})
            several = ((line, message) for line, _, message, _ in entries)
        else:
            several = ((line, message) for line, message, _, _ in extract("python", stream, KEYWORDS))
        for line, message in several:
            key: Message = message if isinstance(message, str) else tuple(one for one in message or () if one)
            if key:
                found.setdefault(key, []).append((file.relative_to(package).as_posix(), line))
    return found


def _files(package: Path) -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((package / room).rglob("*.py"))
        yield from sorted((package / room).rglob("*.html"))


def _wanted(package: Path) -> dict[tuple[Message, str | None], list[tuple[str, int]]]:
    """Every sentence that a catalogue has to have, with its context: what is said, and what may be recorded."""
    found: dict[tuple[Message, str | None], list[tuple[str, int]]] = {}
    found |= {(key, None): places for key, places in messages(package).items()}
    return found | {(key, CONTEXT): places for key, places in recorded_messages(package).items()}


def read_catalogue(file: Path) -> Catalog:
    """A catalogue as it stands in its file.

    Raises:
        PoFileError: if it cannot be read.
    """
    with file.open("rb") as stream:
        return read_po(stream, locale=file.stem, abort_invalid=True)


def problems(file: Path, package: Path = PACKAGE) -> list[str]:
    """What is wrong with a catalogue: sentences without a translation, stale ones, and other placeholders.

    Args:
        file: the catalogue.
        package: the folder of the package.
    """
    try:
        catalogue = read_catalogue(file)
    except PoFileError as error:
        return [str(error)]
    wanted = _wanted(package)
    wrong = []
    for key, context in wanted:
        entry = catalogue.get(key if isinstance(key, str) else key[0], context)
        if entry is None or not entry.string or (isinstance(entry.string, tuple) and not all(entry.string)):
            wrong.append(f"not translated: {key!r}")
        elif entry.fuzzy:
            wrong.append(f"fuzzy: {key!r}")
        elif isinstance(key, tuple) != isinstance(entry.string, tuple):
            wrong.append(f"plural forms differ: {key!r}")
    stale = {(entry.id, entry.context) for entry in catalogue if entry.id} - wanted.keys()
    wrong += [f"stale: {key!r}" for key, _ in sorted(stale, key=str)]
    return wrong + [f"{entry.id!r}: {error}" for entry, errors in catalogue.check() for error in errors]


def update(file: Path, package: Path = PACKAGE) -> None:
    """Adds what is new to a catalogue, untranslated, and takes out what is stale.

    Args:
        file: the catalogue; it is made if it is not there.
        package: the folder of the package.
    """
    old = read_catalogue(file) if file.exists() else Catalog(locale=file.stem)
    new = Catalog(locale=old.locale, project="folkmoot", header_comment=old.header_comment, fuzzy=False)
    for (key, context), places in _wanted(package).items():
        entry = old.get(key if isinstance(key, str) else key[0], context)
        string = entry.string if entry is not None and entry.id == key else None
        locations = sorted({(name, None) for name, _ in places})
        new.add(key, string, locations=locations, context=context)  # type: ignore[arg-type]
    out = io.BytesIO()
    write_po(out, new, width=120, sort_by_file=True, omit_header=False)
    lines = out.getvalue().decode("utf-8").splitlines(keepends=True)
    # Dates and tools say nothing of the translation and would change with every update.
    dated = (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Generated-By",
        "Last-Translator",
        "Language-Team",
        "Report-Msgid",
    )
    text = "".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in dated)))
    file.write_text(text.replace("folkmoot VERSION", "folkmoot"), encoding="utf-8")


def main() -> None:
    """Updates every catalogue."""
    for file in sorted(MESSAGES.glob("*.po")):
        update(file)
        print(f"{file.name}: {len(problems(file))} to do")
        for line in problems(file):
            print(f"  {line}")


if __name__ == "__main__":
    main()
