"""Event logs larger than memory: read as a stream by DuckDB, spread over shards, and only the last vote of a pair kept.

The statements, the topic and what an export says of itself are read by the ordinary reader, from a copy of the source
whose log is cut after some people: so both routes understand a source in the same way.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..formats import read
from ..formats.polis.signs import NOT_CONFIRMED
from ..profile import Agents, Answers, InputError, Note, Profile, Progress, silent
from ..profile.executors import Executor
from ..profile.extras import require
from ..profile.sentences import noted
from .duck import header, parse, people, said, set_up, spread, statement_column, write_shard
from .shards import SHARD, Shards, Writer, refuse

#: People of the log whose votes stand in the copy that the ordinary reader reads.
HEAD = 2_000
#: Files beside the log that have more bytes are none of what the ordinary reader needs.
BESIDE = 2**28
_TURNED = "votes whose sign was turned"
#: Notes of the ordinary reader that count events, which the copy has only some of.
_OF_EVENTS = (
    "re-votes",
    "votes in the event log",
    "authors of statements who never voted",
    _TURNED,
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
    found = [file for file in files if file.is_file() and {"voter-id", "vote"} <= set(header(file))]
    return found[0] if len(found) == 1 and statement_column(found[0]) else None


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
    progress(noted("reading events"), 0.0)
    connection = duckdb.connect()
    try:
        set_up(connection, folder)
        parse(connection, log, folder)
        progress(noted("reading events"), 0.5)
        frame, texts = _frame(connection, source, log, folder, dict(options or {}))
        total = people(connection, frame, folder)
        lost = spread(connection, frame, folder, size)
        plus, minus = connection.execute(
            "SELECT count(*) FILTER (vote = 1), count(*) FILTER (vote = -1) FROM raw JOIN wanted ON s = name"
        ).fetchall()[0]
        first, last = connection.execute("SELECT min(t), max(t) FROM raw WHERE t >= 1e12 AND t < 1e13").fetchall()[0]
        authors = connection.execute("SELECT count(*) FROM people WHERE first IS NULL").fetchall()[0][0]
    except duckdb.Error as error:
        raise InputError(
            f"cannot be read as a stream: {said(error)}; read it into memory (`large='no'`)", file=log
        ) from None
    finally:
        connection.close()
    progress(noted("reading events"), 0.8)
    (folder / "raw.parquet").unlink()
    turned = _turned(frame)
    writer = Writer(folder / "shards", frame.n_statements, frame.answers.scale, size)
    numbers = range(-(-total // size))
    tasks = [(folder, writer, number, min(size, total - number * size), -1 if turned else 1) for number in numbers]
    answers = events = 0
    for number, (kept, seen) in enumerate(executor.map(write_shard, tasks)):
        answers, events = answers + kept, events + seen
        progress(noted("reading events"), 0.8 + 0.2 * (number + 1) / len(tasks))
    shutil.rmtree(folder / "events", ignore_errors=True)
    (folder / "people.parquet").unlink()
    shards = writer.finish(total, answers)
    days = (first, last) if first else None
    frame = _told(frame, log.name, lost, events, answers, authors, (plus, minus), turned, days)
    return LargeSource(frame, shards, texts)


def _frame(
    connection: Any, source: Path, log: Path, folder: Path, options: dict[str, Any]
) -> tuple[Profile, dict[str, tuple[str, ...]]]:
    """The source as the ordinary reader sees it, without people, and what people wrote."""
    copy = folder / "head"
    copy.mkdir(exist_ok=True)
    beside = sorted(source.iterdir()) if source.is_dir() else sorted(log.parent.iterdir())
    authors: set[str] = set()
    for file in beside:
        names = set(header(file)) if file.is_file() else set()
        if file == log or not file.is_file() or "n-votes" in names or file.stat().st_size > BESIDE:
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


def _turned(frame: Profile) -> bool:
    """Whether the ordinary reader turned the sign of every vote."""
    return any(note.what.startswith(_TURNED) for note in frame.notes)


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
    notes += [replace(note, count=answers) for note in frame.notes if note.what.startswith(_TURNED)]
    counted = (
        ("dropped", "votes in the event log on statements that the comments file does not list", lost),
        ("changed", "re-votes: only the last vote of a person on a statement counts", events - answers),
        ("seen", "authors of statements who never voted", authors),
    )
    notes += [Note(kind, what, count, (name,)) for kind, what, count in counted if count]  # type: ignore[arg-type]
    if not result.startswith("right") and not test.get("flipped"):
        notes.append(
            Note("seen", f"sign of the votes not confirmed ({result}); if -1 means agree here, use --flip-votes", 0)
        )
    facts = {key: value for key, value in frame.facts.items() if key != "authors"}
    facts |= {"events": events, "revotes": events - answers}
    facts["sign_test"] = {**test, "result": result, "plus_votes": plus, "minus_votes": minus}
    if days:
        spoken = facts.get("days") or ("9999", "")
        ends = [datetime.fromtimestamp(day / 1000, UTC).date().isoformat() for day in days]
        facts["days"] = (min(ends[0], spoken[0]), max(ends[1], spoken[1]))
    return replace(frame, notes=tuple(notes), facts=facts)
