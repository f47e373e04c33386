"""Parquet files, through DuckDB: a table like any other."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from ..profile import InputError, MissingExtraError
from .json_tables import cell, flattened
from .stored import Grid, Kind

MAGIC = b"PAR1"


def records(raw: bytes, path: Path) -> list[dict[str, Any]]:
    """The rows as records; lists and structures within stay what they are.

    Args:
        raw: the bytes of the file.
        path: the path of the file, for messages.

    Raises:
        InputError: if the file is damaged.
        MissingExtraError: if DuckDB is not installed.
    """
    try:
        import duckdb
    except ImportError:
        raise MissingExtraError(
            f"{path}: reading Parquet needs DuckDB: pip install 'folkmoot[large]'; or save the data as JSON lines or "
            "CSV, and pass that file"
        ) from None
    # Nothing is fetched: what is not in the package does not come from the network.
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "threads": 1,
    }
    with tempfile.TemporaryDirectory(prefix="folkmoot-") as folder:
        copy = Path(folder) / "table.parquet"
        copy.write_bytes(raw)
        try:
            with duckdb.connect(config=config) as connection:
                found = connection.execute("SELECT * FROM read_parquet(?)", [str(copy)])
                names = [column[0] for column in found.description or ()]
                rows = found.fetchall()
        except duckdb.Error as error:
            reason = " ".join(str(error).replace(str(copy), "it").split())[:80]
            raise InputError(f"the Parquet file is cut or damaged ({reason}); fetch it again", file=path) from None
    return [dict(zip(names, row, strict=True)) for row in rows]


def read(raw: bytes, path: Path) -> Grid:
    """The table; what is nested one level deep gets a column with a dot.

    Raises:
        InputError: if the file is damaged or holds no rows.
        MissingExtraError: if DuckDB is not installed.
    """
    found = records(raw, path)
    if not found:
        raise InputError("the Parquet file holds no rows", file=path)
    return flattened(found, path, cell)


PARQUET = Kind("Parquet file", lambda raw: raw.startswith(MAGIC), read)
