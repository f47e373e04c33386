"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): the first sheet with a table, its cells as people see them."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

from ..profile import InputError, MissingExtraError
from .archive import MOST_BYTES, zipfile_of
from .layout import Row
from .stored import Grid, Kind, grid_of
from .table import listed

MOST_CELLS = 50_000_000
"""The most cells that a sheet may stretch over."""

OLD = b"\xd0\xcf\x11\xe0"


def is_workbook(names: tuple[str, ...]) -> bool:
    """Are these the files in a workbook (and not in a zip archive of anything else)?"""
    return any(name.startswith("xl/") for name in names) or {"mimetype", "content.xml"} <= set(names)


def read(raw: bytes, path: Path) -> Grid:
    """The first sheet that holds a table.

    Raises:
        InputError: if the workbook is damaged, has a password, or holds no table.
        MissingExtraError: if the package that reads workbooks is not installed.
    """
    try:
        import python_calamine
    except ImportError:
        raise MissingExtraError(
            f"{path}: reading a workbook needs python-calamine: pip install 'folkmoot[tables]'; or save the sheet as "
            "CSV, and pass that file"
        ) from None
    if not raw.startswith(OLD):
        unpacked = sum(info.file_size for info in zipfile_of(raw, path).infolist())
        if unpacked > MOST_BYTES:
            raise InputError(f"the workbook unpacks to more than {MOST_BYTES // 10**6:,} MB; save it as CSV", file=path)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw)) as book:
            sheets = _sheets(book, python_calamine, path)
    except InputError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        if type(error).__name__ == "PasswordError":
            what = "the workbook has a password; save it without one, or save the sheet as CSV"
        else:
            reason = " ".join(str(error).split())[:80]
            what = f"the workbook is cut or damaged ({reason}); fetch it again, or save the sheet as CSV"
        raise InputError(what, file=path) from None
    if not sheets:
        raise InputError("the workbook holds no table; its sheets are empty", file=path)
    # A cover sheet has one column of text.
    long = [name for name, grid in sheets.items() if len(grid.records) > 1]
    tables = [name for name in long if len(sheets[name].records[0][1]) > 1] or long or list(sheets)
    chosen, others = tables[0], [name for name in sheets if name != tables[0]]
    grid = sheets[chosen]
    if not others:
        return grid
    seen = (
        f"sheets of the workbook that are not read: {listed(others)}; sheet {chosen!r} is (to read another, move it to "
        "the front or save it as CSV)"
    )
    return Grid(grid.records, grid.titles, seen=((seen, len(others)),))


def _sheets(book: Any, calamine: Any, path: Path) -> dict[str, Grid]:
    """The sheets that hold anything, in their order; hidden ones only if there are no others."""
    work, visible = calamine.SheetTypeEnum.WorkSheet, calamine.SheetVisibleEnum.Visible
    metadata = [sheet for sheet in book.sheets_metadata if sheet.typ == work] or list(book.sheets_metadata)
    shown = [sheet.name for sheet in metadata if sheet.visible == visible]
    found = _filled(book, shown, path)
    return found or _filled(book, [sheet.name for sheet in metadata if sheet.name not in shown], path)


def _filled(book: Any, names: list[str], path: Path) -> dict[str, Grid]:
    found: dict[str, Grid] = {}
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.height * sheet.width > MOST_CELLS:
            what = f"sheet {name!r} of the workbook stretches over {sheet.height * sheet.width:,} cells; save it as CSV"
            raise InputError(what, file=path)
        first = (sheet.start or (0, 0))[0]
        rows: list[Row] = [
            (line, [shown(cell) for cell in cells])
            for line, cells in enumerate(sheet.to_python(skip_empty_area=True), start=first + 1)
        ]
        grid = grid_of(rows)
        if grid.records:
            found[name] = grid
    return found


def shown(cell: object) -> str:
    """A cell as people see it in a sheet.

    >>> shown(5.0), shown(2.5), shown(True), shown(datetime.datetime(2024, 3, 1)), shown(None)
    ('5', '2.5', 'TRUE', '2024-03-01', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell == cell // 1 and abs(cell) < 1e15 else f"{cell:.15g}"
    if isinstance(cell, datetime.datetime):
        whole = cell.replace(microsecond=0)
        return str(whole.date()) if whole.time() == datetime.time() else whole.isoformat(" ")
    if isinstance(cell, datetime.time):
        return cell.replace(microsecond=0).isoformat()
    return str(cell)


OLD_WORKBOOK = Kind("workbook", lambda raw: raw.startswith(OLD), read)
WORKBOOK = Kind("workbook", lambda raw: False, read)
"""A zip archive of which `is_workbook` says that it is one."""
