"""What DuckDB does for reading an event log: one pass through the text, numbers for people, events by shard.

Names of files and columns that stand in a query are quoted; nothing of a source's content does.
"""

from __future__ import annotations

import csv
import gzip
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..formats.polis.files import STATEMENT
from ..profile import InputError, Profile
from .shards import Writer

#: Memory that DuckDB may take before it works on disk.
MEMORY = "1GB"


def header(file: Path) -> list[str]:
    """The names of the columns in the first line; empty where there is none that can be read."""
    try:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as lines:
            line = lines.readline(100_000).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError, EOFError):
        return []
    return [name.strip().lower() for name in next(csv.reader([line]), [])]


def statement_column(file: Path) -> str:
    """The column with the ids of statements; empty where there is none."""
    return next((name for name in STATEMENT if name in header(file)), "")


def set_up(connection: Any, folder: Path) -> None:
    """Bounds memory, and works on disk beyond that."""
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET temp_directory = ?", [str(folder / "spilled")])
    connection.execute("SET preserve_insertion_order = true")


def parse(connection: Any, log: Path, folder: Path) -> None:
    """Every row of the log with its number, in Parquet: the text is parsed once."""
    names = header(log)
    time = '"timestamp"' if "timestamp" in names else "0"
    types = "{" + ", ".join(f"{_quoted(name, chr(39))}: 'VARCHAR'" for name in names) + "}"
    # 13 digits are milliseconds and 10 are seconds; what is no time is 0, so that the later row counts.
    stamp = f"coalesce(TRY_CAST({time} AS BIGINT), 0)"
    connection.execute(
        f"""COPY (
            SELECT row_number() OVER () AS r, trim({_quoted(statement_column(log))}) AS s, trim("voter-id") AS v,
                CAST(CAST(vote AS DOUBLE) AS TINYINT) AS vote,
                CASE WHEN {stamp} > 100000000000 THEN {stamp} ELSE 1000 * {stamp} END AS t
            FROM read_csv(?, header = true, columns = {types}, auto_detect = true, ignore_errors = false)
        ) TO '{_escaped(folder / "raw.parquet")}' (FORMAT parquet)""",
        [str(log)],
    )
    connection.execute(f"CREATE VIEW raw AS SELECT * FROM '{_escaped(folder / 'raw.parquet')}'")
    wrong = connection.execute(
        "SELECT count(*), min(r) FROM raw WHERE coalesce(vote, 9) NOT IN (-1, 0, 1) OR coalesce(v, '') = ''"
    ).fetchall()[0]
    if wrong[0]:
        raise InputError(
            "holds a vote that is not 1, 0 or -1, or a voter without an id; correct it", file=log, row=int(wrong[1]) + 1
        )


def people(connection: Any, frame: Profile, folder: Path) -> int:
    """Numbers people in the order in which they come up, then those who only wrote; returns how many."""
    connection.execute(
        """CREATE TABLE people AS SELECT v, first, row_number() OVER (ORDER BY first) - 1 AS n
        FROM (SELECT v, min(r) AS first FROM raw WHERE s IN (SELECT name FROM wanted) GROUP BY v)"""
        if _wanted(connection, frame.statements.ids)
        else ""
    )
    known = connection.execute("SELECT count(*) FROM people").fetchall()[0][0]
    writers = list(dict.fromkeys(one for each in frame.statements.provenance for one in each.agents))
    connection.execute("CREATE TABLE writers (name VARCHAR, place BIGINT)")
    connection.executemany("INSERT INTO writers VALUES (?, ?)", [[w, i] for i, w in enumerate(writers)] or [["", 0]])
    connection.execute(
        f"""INSERT INTO people SELECT name, NULL, {known} + row_number() OVER (ORDER BY place) - 1 FROM writers
        WHERE name <> '' AND name NOT IN (SELECT v FROM people)"""
    )
    connection.execute(
        f"COPY (SELECT n, v FROM people ORDER BY n) TO '{_escaped(folder / 'people.parquet')}' (FORMAT parquet)"
    )
    return int(connection.execute("SELECT count(*) FROM people").fetchall()[0][0])


def _wanted(connection: Any, ids: Sequence[str]) -> bool:
    connection.execute("CREATE TABLE wanted (name VARCHAR, place INTEGER)")
    connection.executemany("INSERT INTO wanted VALUES (?, ?)", [[name, at] for at, name in enumerate(ids)])
    return True


def spread(connection: Any, frame: Profile, folder: Path, size: int) -> int:
    """Writes the events of every shard into a folder of its own; returns how many concern no statement."""
    target = folder / "events"
    shutil.rmtree(target, ignore_errors=True)
    connection.execute("SET preserve_insertion_order = false")  # rows have numbers by now
    connection.execute(
        f"""COPY (
            SELECT CAST(n // {size} AS INTEGER) AS shard, CAST(n % {size} AS INTEGER) AS agent,
                CAST(place AS INTEGER) AS statement, vote, t, r
            FROM raw JOIN people USING (v) JOIN wanted ON s = name
        ) TO '{_escaped(target)}' (FORMAT parquet, PARTITION_BY (shard))"""
    )
    unknown = "SELECT count(*) FROM raw WHERE s NOT IN (SELECT name FROM wanted)"
    return int(connection.execute(unknown).fetchall()[0][0])


def write_shard(task: tuple[Path, Writer, int, int, int]) -> tuple[int, int]:
    """Writes one shard with the last vote of each pair; returns how many answers, and how many events there were."""
    import duckdb

    folder, writer, number, people, sign = task
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        first = number * writer.size
        ids = connection.execute(
            f"SELECT v FROM '{_escaped(folder / 'people.parquet')}' WHERE n >= ? AND n < ? ORDER BY n",
            [first, first + people],
        ).fetchnumpy()["v"]
        files = folder / "events" / f"shard={number}"
        names = ("agent", "statement", "vote", "t", "r")
        columns = {name: np.zeros(0, dtype=np.int64) for name in names}
        if files.is_dir():
            query = (
                f"SELECT {', '.join(names)} FROM read_parquet('{_escaped(files)}/*.parquet', hive_partitioning = false)"
            )
            columns = connection.execute(query).fetchnumpy()
    agent, statement, vote, time, row = (np.asarray(columns[name]).astype(np.int64) for name in names)
    order = np.lexsort((row, time, statement, agent))
    agent, statement, vote = agent[order], statement[order], vote[order]
    last = np.ones(len(vote), dtype=bool)
    last[:-1] = (agent[1:] != agent[:-1]) | (statement[1:] != statement[:-1])
    kept = writer.write(number, [str(name) for name in ids], agent[last], statement[last], sign * vote[last])
    return kept, len(vote)


def _quoted(name: str, mark: str = '"') -> str:
    return mark + name.replace(mark, 2 * mark) + mark


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")


def said(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
