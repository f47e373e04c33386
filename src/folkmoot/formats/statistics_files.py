"""Files of statistics programs (SPSS .sav and .zsav, Stata .dta): labels as cells, missing values left out."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..profile import InputError, MissingExtraError
from .layout import Row
from .stored import Grid, Kind
from .workbook import shown

SPSS = (b"$FL2", b"$FL3")
LONGEST = 600
"""After how many seconds parsing is given up."""


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
    if sys.modules.get("pyreadstat", ...) is None or importlib.util.find_spec("pyreadstat") is None:
        raise MissingExtraError(
            f"{path}: reading files of {program} needs pyreadstat: pip install 'folkmoot[tables]'; or save the data as "
            "CSV with labels, and pass that file"
        )
    found = _parsed(raw, path, program)
    names, columns = found["names"], found["columns"]
    if not names or not columns[0]:
        raise InputError(f"the {program} file holds no data", file=path)
    cells: list[list[str]] = []
    labelled, named = 0, list[tuple[str, ...]]()
    for values, labels in zip(columns, found["labels"], strict=True):
        usable = _usable(values, {value: label for value, label in labels if value is not None})
        labelled += bool(usable)
        codes = sorted((value, label.strip()) for value, label in labels if isinstance(value, int | float) and usable)
        named.append(tuple(label for _, label in codes if label))
        cells.append([usable[value] if value in usable else shown(value) for value in values])
    rows: list[Row] = [(1, names)]
    rows += [(line, list(row)) for line, row in enumerate(zip(*cells, strict=True), start=2)]
    questions = tuple(found["questions"])
    return Grid(
        rows,
        0,
        questions if any(questions) and len(questions) == len(names) else (),
        tuple(named),
        (("values that the file declares as missing, read as empty", found["missing"]),),
        (("columns whose values were read by their labels", labelled),),
    )


def _parsed(raw: bytes, path: Path, program: str) -> dict[str, Any]:
    """What `statistics_parser` prints about a file.

    Raises:
        InputError: if it says that the file is damaged, or does not survive it.
    """
    reason = "the parser ended"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "data"
        file.write_bytes(raw)
        # Without -P the modules beside the parser would stand in for those of the standard library.
        command = [sys.executable, "-P", str(Path(__file__).with_name("statistics_parser.py")), str(file), program]
        try:
            done = subprocess.run(command, capture_output=True, timeout=LONGEST, check=False)  # noqa: S603 - our own
            answer = json.loads(done.stdout) if done.returncode == 0 else {}
        except (subprocess.TimeoutExpired, ValueError, OSError):
            answer = {}
    if "found" in answer:
        found: dict[str, Any] = answer["found"]
        return found
    what = (
        f"the {program} file is cut or damaged ({answer.get('error', reason)}); fetch it again, or save the data as CSV"
    )
    raise InputError(what, file=path)


def _usable(values: Sequence[Any], labels: Mapping[Any, str]) -> dict[Any, str]:
    """The labels that stand for values: of a scale whose ends only are named, those of codes that stand apart.

    >>> _usable([1, 2], {1: "no", 2: "yes"}), _usable([1, 2, 5, 99], {1: "never", 5: "always", 99: "refused"})
    ({1: 'no', 2: 'yes'}, {99: 'refused'})
    """
    named = {value: label.strip() for value, label in labels.items() if label.strip()}
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
