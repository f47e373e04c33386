"""Files of statistics programs (SPSS .sav and .zsav, Stata .dta): labels as cells, missing values left out."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..profile import InputError, MissingExtraError
from .layout import Row
from .stored import Grid, Kind
from .workbook import shown

SPSS = (b"$FL2", b"$FL3")


def _is_stata(raw: bytes) -> bool:
    if raw.startswith(b"<stata_dta>"):
        return True
    # Before version 13: the version, the byte order, 1, 0.
    return len(raw) > 100 and 104 <= raw[0] <= 115 and raw[1] in (1, 2) and raw[2] == 1 and raw[3] == 0


def _read(raw: bytes, path: Path, program: str) -> Grid:
    """The data as a table; the label of a variable is its question.

    Raises:
        InputError: if the file is damaged or holds no data.
        MissingExtraError: if the package that reads such files is not installed.
    """
    try:
        import pyreadstat
    except ImportError:
        raise MissingExtraError(
            f"{path}: reading files of {program} needs pyreadstat: pip install 'folkmoot[tables]'; or save the data as "
            "CSV with labels, and pass that file"
        ) from None
    reader = pyreadstat.read_sav if program == "SPSS" else pyreadstat.read_dta
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "data"
        file.write_bytes(raw)
        try:
            data, about = reader(str(file), user_missing=True, output_format="dict")
        except Exception as error:  # noqa: BLE001 - whatever the parser makes of damaged bytes
            reason = " ".join(str(error).split())[:80]
            what = f"the {program} file is cut or damaged ({reason}); fetch it again, or save the data as CSV"
            raise InputError(what, file=path) from None
    names = list(about.column_names)
    if not names or not data:
        raise InputError(f"the {program} file holds no data", file=path)
    missing, labelled = 0, 0
    columns: list[list[str]] = []
    for name in names:
        values = [_plain(value) for value in list(data[name])]
        left = [
            _is_missing(v, about.missing_ranges.get(name, ()), about.missing_user_values.get(name, ())) for v in values
        ]
        missing += sum(left)
        kept = [None if out else value for value, out in zip(values, left, strict=True)]
        labels = _usable(kept, about.variable_value_labels.get(name, {}))
        labelled += bool(labels)
        columns.append([labels.get(value, "") if value in labels else shown(value) for value in kept])
    rows: list[Row] = [(1, names)]
    rows += [(line, list(cells)) for line, cells in enumerate(zip(*columns, strict=True), start=2)]
    questions = tuple(label or "" for label in about.column_labels or ())
    changed = [("values that the file declares as missing, read as empty", missing)]
    seen = [("columns whose values were read by their labels", labelled)]
    return Grid(rows, 0, questions if any(questions) else (), tuple(changed), tuple(seen))


def _plain(value: Any) -> Any:
    """A value of the parser's: None for what is not there, whole numbers as such."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        if value != value:
            return None
        return int(value) if value == value // 1 and abs(value) < 1e15 else value
    return None if value is None or str(value) == "NaT" else value


def _is_missing(value: Any, ranges: Sequence[Any], codes: Sequence[Any]) -> bool:
    if value is None:
        return False
    if value in codes:
        return True
    for each in ranges:
        low, high = (each["lo"], each["hi"]) if isinstance(each, Mapping) else (each, each)
        if isinstance(value, str) != isinstance(low, str):
            continue
        if low <= value <= high:
            return True
    return False


def _usable(values: Sequence[Any], labels: Mapping[Any, str]) -> dict[Any, str]:
    """The labels that stand for values: of a scale whose ends only are named, those of codes that stand apart.

    >>> _usable([1, 2], {1: "no", 2: "yes"}), _usable([1, 2, 5, 99], {1: "never", 5: "always", 99: "refused"})
    ({1: 'no', 2: 'yes'}, {99: 'refused'})
    """
    named = {_plain(value): str(label).strip() for value, label in labels.items() if str(label).strip()}
    occurring = {value for value in values if value is not None}
    bare = {value for value in occurring if value not in named}
    if not bare:
        return {value: label for value, label in named.items() if value in occurring}
    scale = [value for value in {*bare, *named} if isinstance(value, int | float) and not _is_code(value)]
    if any(isinstance(value, str) for value in bare) or not scale:
        return {}
    low, high = min(scale), max(scale)
    apart = {v for v in named if isinstance(v, int | float) and _is_code(v) and (v < min(low, 0) or v >= high + 2)}
    return {value: label for value, label in named.items() if value in occurring & apart}


def _is_code(value: float) -> bool:
    """Is this one of the numbers that stand for a missing answer in most code books?"""
    return value < 0 or value in (8, 9) or (value > 50 and set(f"{value:g}"[:-1]) <= {f"{value:g}"[0]})


SPSS_FILE = Kind("SPSS file", lambda raw: raw.startswith(SPSS), lambda raw, path: _read(raw, path, "SPSS"))
STATA_FILE = Kind("Stata file", _is_stata, lambda raw, path: _read(raw, path, "Stata"))
