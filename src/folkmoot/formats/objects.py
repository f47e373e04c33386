"""Objects of a program that are handed over to be read: what they are taken for, and what to type where they fail."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ..profile import InputError

_NAMES = '["participant", "statement_id", "rating"]'
_RECORD = '[{"participant": "a", "statement_id": "1", "vote": 1}]'


def single_column(source: Any) -> object:
    """A single column of texts (a Series of pandas or polars) as the list of texts that it is; anything else as it is.

    Args:
        source: what a caller handed over.

    Raises:
        InputError: it is a single column of something else, whose rows no name labels.
    """
    if (
        isinstance(source, type)
        or hasattr(source, "collect_schema")
        or hasattr(source, "columns")
        or not hasattr(source, "to_frame")
    ):
        return source
    values = source.tolist() if hasattr(source, "tolist") else source.to_list() if hasattr(source, "to_list") else None
    if values is None:
        return source
    texts = [value for value in values if isinstance(value, str)]
    if any(name is not None for name in getattr(getattr(source, "index", None), "names", ())):
        return source  # its labels are columns as well
    if texts and all(isinstance(value, str) or value is None or value != value for value in values):
        return ["" if not isinstance(value, str) else value for value in values]
    raise InputError(
        "a single column does not say who answered what; pass the frame that it is a column of, with the columns "
        "participant, statement_id and rating (a row an answer)",
        file=type(source).__name__,
    )


def path_of(source: object) -> Path:
    """The path that a caller gave.

    Args:
        source: what the caller handed over, which is no table.

    Raises:
        InputError: if it is no path; what to type instead is said.
    """
    if isinstance(source, str | os.PathLike):
        return Path(source)
    raise InputError(f"cannot read an object of type {type(source).__name__}; {_instead(source)}")


def _instead(source: Any) -> str:
    if hasattr(source, "dtype") and hasattr(source, "ndim"):
        if source.ndim == 1 and source.dtype.kind in "UO":
            return "an array of texts is read as the list it is: fm.read(array.tolist())"
        if source.dtype.names:
            return "an array with names is read as a frame: fm.read(pandas.DataFrame(array))"
        if source.ndim == 2 and source.shape[1] == 3:
            return f"name its columns, a row an answer: fm.read(pandas.DataFrame(array, columns={_NAMES}))"
        if source.ndim != 2:
            return "a table has rows and columns: pass a frame in which each row is an answer or a person"
        return (
            "give every person a row of a table, and every statement a column with a name: "
            'fm.read(pandas.DataFrame(array).add_prefix("statement ").rename_axis("participant"))'
        )
    if isinstance(source, bytes | bytearray):
        return 'write it to a file first, and pass the name of that file: pathlib.Path("votes.csv").write_bytes(data)'
    if hasattr(source, "read") and hasattr(source, "name"):
        return f"pass the name of the file: fm.read({str(source.name)!r})"
    if hasattr(source, "read"):
        return (
            "write what it holds to a file first, and pass the name of that file: "
            'pathlib.Path("votes.csv").write_text(source.read())'
        )
    if hasattr(source, "obj") and hasattr(source, "groups"):
        return "pass the frame that it groups: fm.read(grouped.obj)"
    if isinstance(source, Iterable) and not isinstance(source, Mapping):
        return "make a list of it first, of records or of texts: fm.read(list(texts))"
    return f'pass a file or folder, like fm.read("votes.csv"), a frame, or a list of records, like fm.read({_RECORD})'


def missing(path: Path) -> str:
    """What is wrong with a path that leads nowhere, and what was meant where that can be told.

    Args:
        path: the path.
    """
    text = str(path)
    if text == "-":
        return "there is no such file or folder; save what comes through a pipe to a file first, and pass that file"
    if "\n" in text:
        return "is the text of a table and no file; write it to a file first, and pass the name of that file"
    try:
        beside = sorted(each.name for each in path.absolute().parent.iterdir())
    except OSError:
        return "there is no such file or folder, nor the folder it would be in; name one that is there"
    close = get_close_matches(path.name, beside, n=1)
    meant = f"did you mean {str(path.with_name(close[0]))!r}?" if close else "name one that is there"
    return f"there is no such file or folder; {meant}"
