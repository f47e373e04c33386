"""Event logs larger than memory: read as a stream by DuckDB, spread over shards, and only the last vote of a pair kept.

The statements, the topic and what an export says of itself are read by the ordinary reader, from a copy of the source
whose log is cut after some people: so both routes understand a source in the same way.
"""

from __future__ import annotations

import csv
import gzip
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..formats import read
from ..formats.polis.files import STATEMENT
from ..formats.polis.signs import NOT_CONFIRMED
from ..profile import Agents, Answers, InputError, Note, Profile, Progress, silent
from ..profile.executors import Executor
from ..profile.extras import require
from .shards import SHARD, Shards, Writer, refuse

#: People of the log whose votes stand in the copy that the ordinary reader reads.
HEAD = 2_000
#: Memory that DuckDB may take before it works on disk.
MEMORY = "1GB"
#: Notes of the ordinary reader that count events, which the copy has only some of.
_OF_EVENTS = (
    "re-votes",
    "votes in the event log",
    "authors of statements who never voted",
    "votes whose sign was turned",
    NOT_CONFIRMED,
)


@dataclass(frozen=True, eq=False)
class LargeSource:
    """A source whose answers are in shards.

    Args:
        frame: everything but people and answers: statements, topic, facts, notes; it has no participants.
        shards: the answers.
        texts: what people wrote, by id; those who wrote nothing are not in it.
    """

    frame: Profile
    shards: Shards
    texts: Mapping[str, tuple[str, ...]]


def votes_file(source: Path) -> Path | None:
    """The event log of a Polis export, where the source is one that can be read as a stream; else None.

    Args:
        source: the folder, or the log itself.
    """
    try:
        files = sorted(source.iterdir()) if source.is_dir() else [source]
    except OSError:
        return None
    found = [file for file in files if file.is_file() and {"voter-id", "vote"} <= set(_header(file))]
    return found[0] if len(found) == 1 and _statement_column(found[0]) else None


def read_events(
    source: Path,
    folder: Path,
    executor: Executor,
    *,
    options: Mapping[str, Any] | None = None,
    size: int = SHARD,
    progress: Progress = silent,
) -> LargeSource:
    """Reads an event log into shards.

    Args:
        source: the folder of a Polis export, or the log in it.
        folder: where shards, and files on the way to them, are written.
        executor: runs the work on single shards.
        options: the options of reading, as `folkmoot.read` takes them.
        size: people of a shard.
        progress: called with (stage, share done).

    Raises:
        MissingExtraError: DuckDB is not installed.
        InputError: the source cannot be read as a stream, or is broken.
    """
    require("large", "reading an event log larger than memory")
    import duckdb

    log = votes_file(source)
    if log is None:
        raise InputError("holds no event log of votes (comment-id, voter-id, vote); leave `large`", file=source)
    folder.mkdir(parents=True, exist_ok=True)
    progress("reading events", 0.0)
    connection = duckdb.connect()
    try:
        _set_up(connection, folder)
        _events(connection, log, folder)
        progress("reading events", 0.5)
        frame, texts = _frame(connection, source, log, folder, dict(options or {}))
        people = _people(connection, frame, folder)
        lost = _spread(connection, frame, folder, size)
        plus, minus = connection.execute(
            "SELECT count(*) FILTER (vote = 1), count(*) FILTER (vote = -1) FROM raw JOIN wanted ON s = name"
        ).fetchall()[0]
        first, last = connection.execute("SELECT min(t), max(t) FROM raw WHERE t >= 1e12 AND t < 1e13").fetchall()[0]
        authors = connection.execute("SELECT count(*) FROM people WHERE first IS NULL").fetchall()[0][0]
    except duckdb.Error as error:
        raise InputError(f"cannot be read as a stream: {_said(error)}; read it into memory (`large='no'`)", file=log) from None
    finally:
        connection.close()
    progress("reading events", 0.8)
    (folder / "raw.parquet").unlink()
    turned = _turned(frame)
    writer = Writer(folder / "shards", frame.n_statements, frame.answers.scale, size)
    numbers = range(-(-people // size))
    tasks = [(folder, writer, number, min(size, people - number * size), -1 if turned else 1) for number in numbers]
    answers = events = 0
    for number, (kept, seen) in enumerate(executor.map(_write, tasks)):
        answers, events = answers + kept, events + seen
        progress("reading events", 0.8 + 0.2 * (number + 1) / len(tasks))
    shutil.rmtree(folder / "events", ignore_errors=True)
    (folder / "people.parquet").unlink()
    shards = writer.finish(people, answers)
    days = (first, last) if first else None
    frame = _told(frame, log.name, lost, events, answers, authors, (plus, minus), turned, days)
    return LargeSource(frame, shards, texts)


def _header(file: Path) -> list[str]:
    """The names of the columns in the first line."""
    try:
        opened = gzip.open(file, "rt", encoding="utf-8-sig") if file.suffix == ".gz" else file.open(encoding="utf-8-sig")
        with opened as lines:
            line = lines.readline(100_000)
    except (OSError, UnicodeDecodeError, EOFError):
        return []
    return [name.strip().lower() for name in next(csv.reader([line]), [])]


def _statement_column(file: Path) -> str:
    return next((name for name in STATEMENT if name in _header(file)), "")


def _set_up(connection: Any, folder: Path) -> None:
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET temp_directory = ?", [str(folder / "spilled")])
    connection.execute("SET preserve_insertion_order = true")


def _events(connection: Any, log: Path, folder: Path) -> None:
    """Every row of the log with its number, in Parquet: the text is parsed once."""
    names = _header(log)
    time = '"timestamp"' if "timestamp" in names else "0"
    types = "{" + ", ".join(f"{_quoted(name, chr(39))}: 'VARCHAR'" for name in names) + "}"
    # 13 digits are milliseconds and 10 are seconds; what is no time is 0, so that the later row counts.
    stamp = f"coalesce(TRY_CAST({time} AS BIGINT), 0)"
    connection.execute(
        f"""COPY (
            SELECT row_number() OVER () AS r, trim({_quoted(_statement_column(log))}) AS s, trim("voter-id") AS v,
                CAST(CAST(vote AS DOUBLE) AS TINYINT) AS vote,
                CASE WHEN {stamp} > 100000000000 THEN {stamp} ELSE 1000 * {stamp} END AS t
            FROM read_csv(?, header = true, columns = {types}, auto_detect = true, ignore_errors = false)
        ) TO '{_escaped(folder / "raw.parquet")}' (FORMAT parquet)""",
        [str(log)],
    )
    connection.execute(f"CREATE VIEW raw AS SELECT * FROM '{_escaped(folder / 'raw.parquet')}'")
    wrong = connection.execute("SELECT count(*), min(r) FROM raw WHERE vote NOT IN (-1, 0, 1) OR v = ''").fetchall()[0]
    if wrong[0]:
        raise InputError(
            "holds a vote that is not 1, 0 or -1, or a voter without an id; correct it", file=log, row=int(wrong[1]) + 1
        )


def _frame(
    connection: Any, source: Path, log: Path, folder: Path, options: dict[str, Any]
) -> tuple[Profile, dict[str, tuple[str, ...]]]:
    """The source as the ordinary reader sees it, without people, and what people wrote."""
    copy = folder / "head"
    copy.mkdir(exist_ok=True)
    beside = sorted(source.iterdir()) if source.is_dir() else sorted(log.parent.iterdir())
    authors: set[str] = set()
    for file in beside:
        names = set(_header(file)) if file.is_file() else set()
        if file == log or not file.is_file() or "n-votes" in names:
            continue  # the log is cut, and a table of participants says nothing that the log does not say
        shutil.copy(file, copy / file.name)
        if "author-id" in names:
            with (copy / file.name).open(encoding="utf-8-sig", newline="") as lines:
                authors |= {(row.get("author-id") or "").strip() for row in csv.DictReader(lines)}
    connection.execute("CREATE TABLE authors (name VARCHAR)")
    connection.executemany("INSERT INTO authors VALUES (?)", [[name] for name in sorted(authors) or [""]])
    rows = connection.execute(
        f"""SELECT t, s, v, vote FROM raw WHERE v IN (SELECT v FROM (
            SELECT v, min(r) AS first FROM (SELECT v, r FROM raw LIMIT {200 * HEAD}) GROUP BY v ORDER BY first
            LIMIT {HEAD})) OR v IN (SELECT name FROM authors) ORDER BY r"""
    ).fetchall()
    with (copy / "votes.csv").open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(["timestamp", "comment-id", "voter-id", "vote"])
        table.writerows(rows)
    wanted = {name: value for name, value in options.items() if name != "sample" and value}
    profile = read(copy, **wanted)
    refuse(profile)
    shutil.rmtree(copy)
    people = profile.agents
    texts = {name: said for name, said in zip(people.ids, people.texts, strict=True) if said} if people.texts else {}
    none = Answers.none(profile.answers.scale)
    facts = {**profile.facts, "authors": tuple(sorted(authors - {""}))}
    return replace(profile, agents=Agents(()), answers=none, facts=facts), texts


def _people(connection: Any, frame: Profile, folder: Path) -> int:
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
    connection.execute(f"COPY (SELECT n, v FROM people ORDER BY n) TO '{_escaped(folder / 'people.parquet')}' (FORMAT parquet)")
    return int(connection.execute("SELECT count(*) FROM people").fetchall()[0][0])


def _wanted(connection: Any, ids: Sequence[str]) -> bool:
    connection.execute("CREATE TABLE wanted (name VARCHAR, place INTEGER)")
    connection.executemany("INSERT INTO wanted VALUES (?, ?)", [[name, at] for at, name in enumerate(ids)])
    return True


def _spread(connection: Any, frame: Profile, folder: Path, size: int) -> int:
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


def _write(task: tuple[Path, Writer, int, int, int]) -> tuple[int, int]:
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
            query = f"SELECT {', '.join(names)} FROM read_parquet('{_escaped(files)}/*.parquet', hive_partitioning = false)"
            columns = connection.execute(query).fetchnumpy()
    agent, statement, vote, time, row = (np.asarray(columns[name]).astype(np.int64) for name in names)
    order = np.lexsort((row, time, statement, agent))
    agent, statement, vote = agent[order], statement[order], vote[order]
    last = np.ones(len(vote), dtype=bool)
    last[:-1] = (agent[1:] != agent[:-1]) | (statement[1:] != statement[:-1])
    kept = writer.write(number, [str(name) for name in ids], agent[last], statement[last], sign * vote[last])
    return kept, len(vote)


def _turned(frame: Profile) -> bool:
    """Whether the ordinary reader turned the sign of every vote."""
    return any(note.what.startswith("votes whose sign was turned") for note in frame.notes)


def _told(
    frame: Profile,
    name: str,
    lost: int,
    events: int,
    answers: int,
    authors: int,
    cast: tuple[int, int],
    turned: bool,
    days: tuple[int, int] | None,
) -> Profile:
    """The frame with counts of the whole log in the place of those of its beginning."""
    from datetime import UTC, datetime

    notes = [note for note in frame.notes if not note.what.startswith(_OF_EVENTS)]
    plus, minus = cast[::-1] if turned else cast
    test = dict(frame.facts.get("sign_test") or {})
    agrees, disagrees = int(test.get("agrees", 0)), int(test.get("disagrees", 0))
    result = "undecided: votes of +1 are neither the agrees nor the disagrees"
    if agrees == disagrees:
        result = "undecided: as many agrees as disagrees"
    elif plus == agrees:
        result = "right: votes of +1 are exactly the agrees"
    elif plus == disagrees and not test.get("flipped"):
        raise InputError(
            f"the votes are inverted: {plus} votes are +1, which fits the sum of the disagrees ({disagrees}), not of "
            f"the agrees ({agrees}); read them with `flip=True`",
            file=name,
            column="vote",
        )
    counted = (
        ("dropped", "votes in the event log on statements that the comments file does not list", lost),
        ("changed", "re-votes: only the last vote of a person on a statement counts", events - answers),
        ("changed", "votes whose sign was turned, as the beginning of the log was", answers if turned else 0),
        ("seen", "authors of statements who never voted", authors),
    )
    notes += [Note(kind, what, count, (name,)) for kind, what, count in counted if count]  # type: ignore[arg-type]
    if not result.startswith("right") and not test.get("flipped"):
        notes.append(Note("seen", f"{NOT_CONFIRMED} ({result}); if -1 means agree here, use --flip-votes", 0))
    facts = {key: value for key, value in frame.facts.items() if key != "authors"}
    facts |= {"events": events, "revotes": events - answers}
    facts["sign_test"] = {**test, "result": result, "plus_votes": plus, "minus_votes": minus}
    if days:
        spoken = facts.get("days") or ("9999", "")
        ends = [datetime.fromtimestamp(day / 1000, UTC).date().isoformat() for day in days]
        facts["days"] = (min(ends[0], spoken[0]), max(ends[1], spoken[1]))
    return replace(frame, notes=tuple(notes), facts=facts)


def _quoted(name: str, mark: str = '"') -> str:
    return mark + name.replace(mark, 2 * mark) + mark


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


