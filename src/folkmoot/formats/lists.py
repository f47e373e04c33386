"""Lists of comments: one column of texts, each of which counts as one person's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..profile import InputError, Profile
from .base import COLUMNS, FORMATS, Format, Head, ReadOptions, Signature, Source
from .layout import LISTED
from .surveys import read_survey

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
    return _has_header(head)


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
        options: the reading options of a table.

    Raises:
        InputError: if there are several columns, no texts, or texts that are addresses.
    """
    head = source.head
    if not head.is_list:
        count = len(head.open().header)
        raise InputError(f"has {count} columns, and a list of comments has one", file=head.path, row=1)
    texts = [cells[0] for _, cells in head.sample()]
    if texts and 3 * sum(len(text) <= 60 and _CONTACT.search(text) is not None for text in texts) >= len(texts):
        what = "the one column looks like e-mail addresses or telephone numbers, not like texts"
        raise InputError(what, file=head.path, row=1)
    if not _has_header(head):
        head.notes.put("seen", "no header above the texts: the first row counts as a text too", head.path.name)
        head = head.without_header("text")
    if not options.text_columns:
        options = replace(options, text_columns=head.table.header)
    return read_survey(replace(source, files=(head,)), options, "list", "texts")


def _has_header(head: Head) -> bool:
    return is_header(head.table.written[0]) or head.kind is not None or _quoted(head.text)


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
        uses=COLUMNS,
        example='comment\n"More buses, please, in the evening."\n"Fewer cars in town."\n"A tree in every street."\n',
    )
)
