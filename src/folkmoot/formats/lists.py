"""Lists of comments: one column of texts, each of which counts as one person's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..profile import Agents, Answers, InputError, Profile, Statements
from .base import FORMATS, Format, Head, Notes, ReadOptions, Signature, Source, decoded, place
from .layout import LISTED

FEWEST = 2
"""How many texts below the header make a list."""

_CONTACT = re.compile(r"[^\s@]+@[^\s@]+\.\w+|\+?(?:[\s()./-]*\d){7,15}\s*")


def sniff(head: Head) -> bool:
    """One column of texts, under a name or question that says so, or in cells (a workbook, quotes)?"""
    if not head.is_list:
        return False
    texts = [cells[0] for _, cells in head.sample()]
    if len(texts) < FEWEST or not _written(texts):
        return False
    return is_header(head.table.written[0]) or head.kind is not None or _quoted(head.text)


def is_header(name: str) -> bool:
    """Is this what people call a column of comments: a word for them, or a question?

    >>> is_header("Comments"), is_header("What should change?"), is_header("More buses please.")
    (True, True, False)
    """
    words = re.findall(r"\w+", name.casefold())
    return name.rstrip().endswith(("?", "？", ":", "؟")) or bool(words and len(words) <= 3 and LISTED & set(words))


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads one text a person; people are called by number.

    Args:
        source: the file to read.
        options: the reading options; ``missing`` names texts that say nothing.

    Raises:
        InputError: if there are several columns, no texts, or texts that are addresses.
    """
    head, notes = source.head, Notes()
    table, path = head.open(), head.path
    if len(table.header) > 1:
        raise InputError(f"has {len(table.header)} columns, and a list of comments has one", file=path, row=1)
    nothing = {text.strip().casefold() for text in options.missing}
    rows = [(line, cells[0]) for line, cells in table.rows()]
    named = is_header(table.header[0]) or head.kind is not None or _quoted(head.text)
    if not named:
        rows.insert(0, (1, table.written[0]))
        notes.add("seen", "no header above the texts: the first row counts as a text too", path.name)
    texts: list[str] = []
    for line, cell in rows:
        if cell.strip().casefold() in nothing:
            notes.add("dropped", "texts that say nothing, as the caller named them", place(path, line))
            continue
        texts.append(decoded(cell.strip(), notes, place(path, line)))
    if not texts:
        raise InputError("holds a header and no texts", file=path)
    if 3 * sum(len(text) <= 60 and _CONTACT.search(text) is not None for text in texts) >= len(texts):
        raise InputError("the one column looks like e-mail addresses or telephone numbers, not like texts", file=path)
    what = "one column of texts: every row counts as one person, called by number"
    notes.add("seen", what, path.name, len(texts))
    return Profile(
        Agents(tuple(map(str, range(1, len(texts) + 1))), tuple((text,) for text in texts)),
        Statements((), ()),
        Answers.none(),
        notes.all(),
        source="list",
        facts={"files": [path.name], "text_columns": [table.header[0]] if named else []},
    )


def _written(texts: Sequence[str]) -> bool:
    """Do these look like texts: letters, mostly distinct, longer than a label?"""
    lettered = [text for text in texts if any(ch.isalpha() for ch in text)]
    # A letter of a script without spaces stands for about half a word.
    length = sum(sum(1 if ch.isascii() else 3 for ch in text) for text in lettered)
    return 2 * len(set(lettered)) > len(texts) and length >= 12 * len(texts)


def _quoted(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()][1:51]
    return bool(lines) and 2 * sum(line.startswith('"') for line in lines) > len(lines)


FORMATS.register(
    Format(
        "list",
        "list of comments (one column)",
        sniff,
        read,
        signature=Signature.TEXT,
        uses=frozenset(["missing", "encoding"]),
        example='comment\n"More buses, please, in the evening."\n"Fewer cars in town."\n"A tree in every street."\n',
    )
)
