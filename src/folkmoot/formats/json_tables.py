"""JSON as a table: a list of records, a record that holds one, or a record a line."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..profile import InputError
from .encodings import Doubt, decided, started
from .layout import Row
from .stored import Grid, Kind
from .table import short

MOST_COLUMNS = 10_000
_START = re.compile(r"\s*(?:\[\s*(?:[\[{\"]|\]|-?[0-9.]+\s*[,\]])|\{\s*(?:\"|\}))")


# Lines of ABIF, whose metadata are JSON in one line each: candidates and counted ballots.
_BALLOTS = re.compile(r"\s*\{[^\n]*\}\s*\n(?:.*\n)?\s*(?:=[^=\n]+:|\d+\s*:)", re.DOTALL)


def fits(raw: bytes) -> bool:
    """Does a text begin as JSON does, and does not go on as a list of ballots?"""
    start = started(raw)
    text = raw[start.skip :][:4000].decode(start.encoding, errors="replace")
    return _START.match(text) is not None and _BALLOTS.match(text) is None


def parsed(raw: bytes, path: Path) -> Any:
    """The value in a JSON text; of JSON lines, the list of all.

    Raises:
        InputError: if it is no JSON; the message names the row.
    """
    start = started(raw)
    codec = start.encoding
    if not start.sure:
        found = decided(raw.splitlines(keepends=True))
        if isinstance(found, Doubt):
            raise found.error(path)
        codec = found
    try:
        text = raw[start.skip :].decode(codec)
    except UnicodeDecodeError as error:
        raise InputError(f"the text is not {codec} (byte {error.start + 1}); the file is cut", file=path) from None
    try:
        return json.loads(text)
    except RecursionError:
        raise InputError("JSON in which lists are nested too deeply", file=path) from None
    except ValueError as error:
        whole = error
    lines = [(row, line) for row, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) < 2 or not lines[0][1].rstrip().endswith("}"):
        raise _no_json(whole, path)
    values = []
    for row, line in lines:
        try:
            values.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise InputError(
                f"JSON lines of which this one is broken ({_reason(error)}); the file is cut or damaged",
                file=path,
                row=row,
            ) from None
    return values


def read(raw: bytes, path: Path) -> Grid:
    """The records as rows; what is nested one level deep gets a column with a dot, deeper things are counted.

    Raises:
        InputError: if it is no JSON, or holds no list of records.
    """
    return flattened(records_of(parsed(raw, path), path), path, cell)


def flattened(records: Sequence[Any], path: Path, shown: Callable[[object], str]) -> Grid:
    """Records as rows; what is nested one level deep gets a column with a dot, deeper things are counted.

    Args:
        records: the records.
        path: the path of the file, for messages.
        shown: the function that makes a value the text of a cell.

    Raises:
        InputError: if one is no record, or if there are too many names.
    """
    names: dict[str, int] = {}
    nested: Counter[str] = Counter()
    flat: list[dict[str, str]] = []
    for number, record in enumerate(records, start=1):
        if not isinstance(record, Mapping):
            raise InputError(
                f"JSON whose record {number} is no object with names, but {short(json.dumps(record)[:60])}", file=path
            )
        flat.append(_flat(record, nested, shown))
        for name in flat[-1]:
            names.setdefault(name, len(names))
        if len(names) > MOST_COLUMNS:
            raise InputError(f"JSON whose records have more than {MOST_COLUMNS:,} names; save it as CSV", file=path)
    header = list(names)
    rows: list[Row] = [(1, header)]
    rows += [(line, [cells.get(name, "") for name in header]) for line, cells in enumerate(flat, start=2)]
    changed = [(f"lists and records within {name!r}, left out", count) for name, count in nested.items()]
    return Grid(rows, changed=tuple(changed[:20]))


def cell(value: object) -> str:
    """A value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value == value // 1 and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _flat(record: Mapping[str, Any], nested: Counter[str], shown: Callable[[object], str]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, Mapping):
            for inner, own in value.items():
                if isinstance(own, Mapping | list):
                    nested[f"{name}.{inner}"] += 1
                else:
                    cells[f"{name}.{inner}"] = shown(own)
        elif isinstance(value, list):
            if value:
                nested[name] += 1
        else:
            cells[name] = shown(value)
    return cells


def records_of(value: Any, path: Path) -> Sequence[Any]:
    """The list of records in a value: itself, or the one that an object holds.

    Raises:
        InputError: if there is none, or more than one.
    """
    if isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            return [{"text": item} for item in value]
        if len(value) > 1 and isinstance(value[0], list) and all(isinstance(name, str) for name in value[0]):
            return [dict(zip(value[0], row, strict=False)) if isinstance(row, list) else row for row in value[1:]]
        if not value:
            raise InputError("JSON that holds an empty list", file=path)
        return value
    if isinstance(value, Mapping):
        lists = {
            name: own for name, own in value.items() if isinstance(own, list) and own and isinstance(own[0], Mapping)
        }
        if len(lists) == 1:
            return next(iter(lists.values()))
        if len(lists) > 1:
            names = ", ".join(repr(name) for name in list(lists)[:8])
            raise InputError(f"JSON with several lists of records ({names}); save one of them by itself", file=path)
        if len(value) > 1 and all(isinstance(own, Mapping) for own in value.values()):
            return [{"id": name, **own} for name, own in value.items()]
        names = ", ".join(repr(name) for name in list(value)[:8])
        raise InputError(f"JSON that holds no list of records, but an object with {names or 'nothing'}", file=path)
    raise InputError("JSON that holds no list of records", file=path)


def _no_json(error: ValueError, path: Path) -> InputError:
    row = getattr(error, "lineno", None)
    return InputError(f"JSON that is cut or damaged ({_reason(error)})", file=path, row=row)


def _reason(error: Exception) -> str:
    return str(getattr(error, "msg", None) or error)[:80]


JSON = Kind("JSON", fits, read, text=True)
