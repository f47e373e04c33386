"""Tables in memory: frames of pandas, polars and pyarrow, columns by name, lists of records.

None of these libraries is imported: what a frame is is told by what it can do. A frame becomes the same table that a
file becomes, so everything that is said about columns, roles and scales of files holds for it. Rows are numbered as in
a sheet: row 1 holds the names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, TypeGuard

from ..profile import InputError
from .heads import Head
from .json_tables import flattened, records_of
from .layout import Row
from .stored import Grid, Kind
from .workbook import shown as shown_in_a_sheet

MISSING = frozenset(["NAType", "NaTType"])
"""What pandas calls the types of its values that stand for nothing; they cannot be compared with anything."""


class Frame(Protocol):
    """A frame of pandas or polars, as far as its type has to be known: it has columns."""

    @property
    def columns(self) -> Any:
        """The names of the columns."""
        ...


InMemory = Frame | Mapping[str, Frame] | Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]] | Sequence[str]
"""A table in memory: a frame, columns by name, a list of records, a list of texts; or several frames by name."""


def in_memory(source: object) -> TypeGuard[InMemory]:
    """Is this a table in memory, and no path?

    >>> in_memory([{"participant": 1}]), in_memory("votes.csv")
    (True, False)
    """
    return isinstance(source, list | tuple | Mapping) or _is_frame(source)


def are_texts(source: object) -> bool:
    """Is this a list of texts, each of which somebody wrote?"""
    return isinstance(source, list | tuple) and bool(source) and all(isinstance(each, str) for each in source)


def heads_of_frames(source: InMemory, person: str | None = None) -> list[Head]:
    """A table in memory as what a reader takes; several frames by name as the files of a folder.

    Args:
        source: the frame, the columns by name, the list of records or texts, or the frames by name.
        person: the column that the caller names as the participant's id.

    Raises:
        InputError: if it holds no table, or columns of different lengths.
    """
    several: dict[str, Any] = {}
    if isinstance(source, Mapping) and all(map(_is_table, source.values())):
        several = {str(name): frame for name, frame in source.items()}
    tables = {Path(name): table for name, table in several.items()} or {Path(type(source).__name__): source}
    return [
        Head(path, "", person, kind=TABLE, alone=len(tables) == 1, _grids=[_grid(table, path)])
        for path, table in tables.items()
    ]


def cell(value: object) -> str:
    """A value as the text of a cell; empty if it stands for nothing.

    >>> cell(5.0), cell(2.5), cell(None), cell(float("nan")), cell("five")
    ('5', '2.5', '', '', 'five')
    """
    if value is None or type(value).__name__ in MISSING:
        return ""
    if isinstance(value, str):
        return value
    if hasattr(value, "item") and not hasattr(value, "__len__"):  # a number of numpy
        value = value.item()
    if isinstance(value, float | Decimal) and value != value:
        return ""
    return shown_in_a_sheet(float(value) if isinstance(value, Decimal) else value)


def _is_frame(source: object) -> bool:
    return not isinstance(source, type) and any(
        hasattr(source, name) for name in ("iloc", "to_dict", "to_pydict", "collect_schema")
    )


def _is_table(source: object) -> bool:
    """Is this a frame with columns, and not a single one?"""
    return _is_frame(source) and (hasattr(source, "columns") or hasattr(source, "column_names"))


def _grid(source: Any, path: Path) -> Grid:
    if isinstance(source, Mapping):
        columns = {str(name): _values(values, str(name), path) for name, values in source.items()}
        return _of_columns(list(columns), list(columns.values()), path)
    if isinstance(source, list | tuple):
        if source and not all(isinstance(each, Mapping | str) for each in source):
            raise InputError(
                "a list that holds neither records nor texts only; pass a list of dictionaries, like "
                'fm.read([{"participant": "a", "statement_id": "1", "vote": 1}]), or of texts',
                file=path,
            )
        if source and len({isinstance(each, str) for each in source}) > 1:
            raise InputError("a list of records and texts in one; pass the ones or the others", file=path)
        return _of_records(source, path)
    if hasattr(source, "collect_schema") and hasattr(source, "collect"):
        source = source.collect()  # a lazy frame
    if not hasattr(source, "columns") and hasattr(source, "to_frame"):
        source = source.to_frame()  # a single column
    if hasattr(source, "iloc"):
        return _of_pandas(source, path)
    values = source.to_pydict() if hasattr(source, "to_pydict") else source.to_dict(as_series=False)
    names = list(getattr(source, "column_names", None) or source.columns)
    if len(values) != len(names):
        raise InputError("two columns have the same name; rename one", file=path)
    return _of_columns([str(name) for name in names], [list(column) for column in values.values()], path)


def _of_pandas(frame: Any, path: Path) -> Grid:
    """A frame of pandas; row labels that have a name are columns as well, as they are in a file."""
    names = [" ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in frame.columns]
    columns = [frame.iloc[:, place].tolist() for place in range(len(names))]
    seen: list[tuple[str, int]] = []
    called = [name for name in frame.index.names if name is not None]
    if called and not set(map(str, called)) & set(names):
        index = [frame.index.get_level_values(name).tolist() for name in called]
        names, columns = [*map(str, called), *names], [*index, *columns]
    elif not called and frame.index.dtype == object:
        what = "row labels without a name, which are not read; df.rename_axis('participant') makes them a column"
        seen.append((what, len(frame)))
    return _of_columns(names, columns, path, tuple(seen))


def _of_columns(
    names: list[str],
    columns: Sequence[Sequence[Any]],
    path: Path,
    seen: tuple[tuple[str, int], ...] = (),
) -> Grid:
    if not names:
        raise InputError("holds no columns", file=path)
    if len(set(map(len, columns))) > 1:
        lengths = ", ".join(f"{name!r} {len(column)}" for name, column in list(zip(names, columns, strict=True))[:4])
        raise InputError(f"columns of different lengths ({lengths})", file=path)
    nested: Counter[str] = Counter()
    texts: list[list[str]] = []
    for name, column in zip(names, columns, strict=True):
        inside = sum(isinstance(value, list | tuple | dict | set) for value in column)
        nested[name] += inside
        texts.append([cell(None if isinstance(value, list | tuple | dict | set) else value) for value in column])
    rows: list[Row] = [(1, names)]
    rows += [(line, list(row)) for line, row in enumerate(zip(*texts, strict=True), start=2)]
    changed = tuple((f"lists and records within {name!r}, left out", n) for name, n in nested.items() if n)
    return Grid(rows, changed=changed[:20], seen=seen)


def _of_records(records: Sequence[Any], path: Path) -> Grid:
    return flattened(records_of(list(records), path), path, cell)


def _values(values: Any, name: str, path: Path) -> list[Any]:
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise InputError(f"column {name!r} is no list of values", file=path)
    return values.tolist() if hasattr(values, "tolist") else list(values)


def _not_in_a_file(raw: bytes, path: Path) -> Grid:
    raise InputError("is no file", file=path)


TABLE = Kind("table in memory", lambda raw: False, _not_in_a_file)
