"""A program of its own that parses a file of a statistics program and prints what is in it as JSON.

The parser is written in C, and damaged files can end it: then only this process ends, and the caller says so. Run with
the path of a file and ``SPSS`` or ``Stata``; it imports nothing of folkmoot.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any


def plain(value: Any) -> Any:
    """A value of the parser's as JSON has it: None for what is not there, whole numbers as such, times as text."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return None
        return int(value) if value == value // 1 and abs(value) < 1e15 else value
    if isinstance(value, datetime.datetime):
        return value.replace(microsecond=0).isoformat(" ").removesuffix(" 00:00:00")
    if value is None or isinstance(value, str | int):
        return value
    return "" if str(value) == "NaT" else str(value)


def is_missing(value: Any, ranges: Sequence[Any], codes: Sequence[Any]) -> bool:
    """Does the file declare this value as missing?"""
    if value is None:
        return False
    if value in codes:
        return True
    for each in ranges:
        low, high = (each["lo"], each["hi"]) if isinstance(each, Mapping) else (each, each)
        if isinstance(value, str) == isinstance(low, str) and low <= value <= high:
            return True
    return False


def parsed(file: str, program: str) -> dict[str, Any]:
    """The names, questions, values and labels of a file; values that it declares as missing are None and counted."""
    import pyreadstat

    reader = pyreadstat.read_sav if program == "SPSS" else pyreadstat.read_dta
    data, about = reader(file, user_missing=True, output_format="dict")
    columns, labels, missing = [], [], 0
    for name in about.column_names:
        values = [plain(value) for value in list(data[name])]
        ranges, codes = about.missing_ranges.get(name, ()), about.missing_user_values.get(name, ())
        out = [is_missing(value, ranges, codes) for value in values]
        missing += sum(out)
        columns.append([None if left else value for value, left in zip(values, out, strict=True)])
        labels.append([[plain(v), str(label)] for v, label in about.variable_value_labels.get(name, {}).items()])
    questions = [label or "" for label in about.column_labels or ()]
    return {
        "names": [str(name or "") for name in about.column_names],
        "questions": questions,
        "columns": columns,
        "labels": labels,
        "missing": missing,
    }


if __name__ == "__main__":
    try:
        json.dump({"found": parsed(*sys.argv[1:3])}, sys.stdout)
    except ImportError:
        json.dump({"absent": True}, sys.stdout)
    except Exception as error:  # noqa: BLE001 - whatever the parser makes of damaged bytes
        json.dump({"error": " ".join(str(error).split())[:80]}, sys.stdout)
