"""One SQLite file per run: every request and answer with its cost, and every attempt that failed.

An answer is on the disk (write-ahead log, ``synchronous = FULL``) when `Ledger.add` returns. The file holds the texts
that were sent, so it is created readable by its owner alone; it never holds a key.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from ..profile import InputError, WorkError
from .budget import NOTHING, Spend
from .calls import Answer, Call, Failed, Top
from .settings import PICOS

SCHEMA = 2
_APPLICATION = 0x666D6F6F  # "fmoo" in the file's header
_TABLES = """
CREATE TABLE answers (
    key TEXT NOT NULL, model TEXT NOT NULL, query TEXT NOT NULL, sample INTEGER NOT NULL,
    messages TEXT NOT NULL, parameters TEXT NOT NULL, about TEXT NOT NULL,
    text TEXT NOT NULL, top TEXT, tokens TEXT, finish TEXT NOT NULL, -- tokens: NULL where only the first was wanted
    input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, cached_tokens INTEGER NOT NULL,
    cost INTEGER, -- 10**-12 of the currency; NULL: prices unknown
    attempts INTEGER NOT NULL, started REAL NOT NULL, seconds REAL NOT NULL, -- since 1970; of the last attempt
    hits INTEGER NOT NULL DEFAULT 0, -- how often it was given again without being asked for
    PRIMARY KEY (key, model)
);
CREATE TABLE faults (
    key TEXT NOT NULL, model TEXT NOT NULL, query TEXT NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL,
    calls INTEGER NOT NULL, tokens INTEGER NOT NULL, cost INTEGER NOT NULL, -- what it took, or may have
    started REAL NOT NULL, seconds REAL NOT NULL
);
CREATE TABLE given_up (
    key TEXT NOT NULL, model TEXT NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (key, model)
);
CREATE TABLE run (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_ADD_ANSWER = "INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
_ADD_FAULT = "INSERT INTO faults VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True)
class Answered:
    """An answer as it arrived.

    Args:
        call: the call that was answered.
        answer: the answer to the call.
        cost: the cost in units of 10**-12 of the currency; None: the prices are unknown.
        attempts: the number of attempts, including this one.
        started: the time at which this attempt was sent, in seconds since 1970.
        seconds: how long this attempt took, in seconds.
    """

    call: Call
    answer: Answer
    cost: int | None = None
    attempts: int = 1
    started: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True)
class Fault:
    """An attempt that brought no answer.

    Args:
        call: the call that was not answered.
        kind: the kind of failure: ``rate limit``, ``server``, ``timeout``, ``connection``, ``garbage``, ``empty``,
            ``refused``, ``unreadable``, or an answer in vain: ``declined``, ``filter`` or ``length``.
        reason: why there is no answer, one sentence without secrets.
        spent: what the attempt used up, or may have used up where that is not known.
        started: the time at which it was sent, in seconds since 1970.
        seconds: how long it took, in seconds.
    """

    call: Call
    kind: str
    reason: str
    spent: Spend = NOTHING
    started: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True)
class Totals:
    """What a run, or one query of it, has used up.

    Args:
        answers: the number of calls that were answered, each paid once.
        hits: how many answers the ledger returned again, which were not paid.
        input_tokens: the number of tokens of the prompts that were answered.
        output_tokens: the number of tokens of the answers.
        cached_tokens: how many tokens of the prompts the endpoint had cached.
        cost: the cost of the answers in the currency of the prices; None where the prices of some were unknown.
        seconds: the seconds of waiting for answers, added up over parallel calls.
        faults: the number of attempts without an answer, by kind.
        lost: what these attempts used up, or may have used up.
    """

    answers: int = 0
    hits: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cost: Decimal | None = Decimal(0)
    seconds: float = 0.0
    faults: Mapping[str, int] = field(default_factory=dict)
    lost: Spend = NOTHING

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.answers + other.answers,
            self.hits + other.hits,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
            None if self.cost is None or other.cost is None else self.cost + other.cost,
            self.seconds + other.seconds,
            Counter(self.faults) + Counter(other.faults),
            self.lost + other.lost,
        )


class Ledger:
    """The file of one run, created if it does not exist. One process uses it at a time; its threads may share it.

    Args:
        file: the path of the file.
        make: whether a missing file is created; False: a missing file is an error.

    Raises:
        InputError: if the file is not a ledger, is of another version, is in use or cannot be opened.
    """

    def __init__(self, file: Path, *, make: bool = True) -> None:
        self.file = file
        self._lock = threading.Lock()
        try:
            os.close(os.open(file, os.O_CREAT * make | os.O_RDWR, 0o600))
        except OSError as error:
            raise InputError(f"the ledger cannot be opened ({error.strerror}): check the folder", file=file) from None
        self._base = sqlite3.connect(file, timeout=1.0, isolation_level=None, check_same_thread=False)
        try:
            self._open()
        except BaseException as error:
            self._base.close()
            if not isinstance(error, sqlite3.Error):
                raise
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise InputError("another run uses this ledger: wait for it or name another file", file=file) from None
            raise InputError(f"is not a ledger ({error}): name another file", file=file) from None

    def _open(self) -> None:
        # Locked as long as it is open: two runs on one ledger would pay twice. The lock ends with the process.
        self._base.execute("PRAGMA locking_mode = EXCLUSIVE")
        (application,) = self._base.execute("PRAGMA application_id").fetchone()
        (version,) = self._base.execute("PRAGMA user_version").fetchone()
        (tables,) = self._base.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if (application, version) != (_APPLICATION, SCHEMA) and tables:
            if application != _APPLICATION:
                raise InputError("is a database, but not a ledger: name another file", file=self.file)
            what = "update folkmoot" if version > SCHEMA else "it is of an earlier version; name another file"
            raise InputError(f"has schema {version}, this version reads {SCHEMA}: {what}", file=self.file)
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = FULL")
        self._base.execute("BEGIN IMMEDIATE")
        if not tables:
            for statement in _TABLES.split(";\n"):
                self._base.execute(statement)
            self._base.execute(f"PRAGMA application_id = {_APPLICATION}")
            self._base.execute(f"PRAGMA user_version = {SCHEMA}")
        self._base.execute("COMMIT")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._base.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._base.execute("BEGIN IMMEDIATE")
                try:
                    yield self._base
                    self._base.execute("COMMIT")
                finally:
                    if self._base.in_transaction:
                        self._base.execute("ROLLBACK")
            except sqlite3.Error as error:
                raise WorkError(f"{self.file}: the ledger cannot be written ({error}): check the disk") from None

    def find(self, model: str, keys: Sequence[str]) -> dict[str, Answer]:
        """The recorded answers among these keys, by key."""
        answers = {}
        with self._lock:
            rows = self._base.execute(
                "SELECT key, text, top, tokens, input_tokens, output_tokens, cached_tokens, finish"
                " FROM answers WHERE model = ? AND key IN (SELECT value FROM json_each(?))",
                (model, json.dumps(list(keys))),
            )
            for key, text, top, tokens, into, out, cached, finish in rows:
                first = None if top is None else _top(json.loads(top))
                listed = None if tokens is None else tuple((one, _top(few)) for one, few in json.loads(tokens))
                answers[key] = Answer(text, first, into, out, cached, finish, listed)
        return answers

    def add(self, model: str, answers: Sequence[Answered], faults: Sequence[Fault] = ()) -> None:
        """Write answers and faults, all or nothing; an answer that is recorded already stays.

        Raises:
            WorkError: if the file cannot be written.
        """
        new = [
            (
                one.call.key,
                model,
                one.call.query,
                one.call.sample,
                json.dumps(one.call.messages),
                json.dumps(dict(one.call.parameters)),
                json.dumps(dict(one.call.about), default=str),
                one.answer.text,
                None if one.answer.top is None else json.dumps(one.answer.top),
                None if one.answer.tokens is None else json.dumps(one.answer.tokens, separators=(",", ":")),
                one.answer.finish,
                one.answer.input_tokens,
                one.answer.output_tokens,
                one.answer.cached_tokens,
                one.cost,
                one.attempts,
                one.started,
                one.seconds,
            )
            for one in answers
        ]
        failed = [
            (
                one.call.key,
                model,
                one.call.query,
                one.kind,
                one.reason,
                one.spent.calls,
                one.spent.tokens,
                one.spent.cost,
                one.started,
                one.seconds,
            )
            for one in faults
        ]
        with self._transaction() as base:
            base.executemany(_ADD_ANSWER, new)
            base.executemany("DELETE FROM given_up WHERE key = ? AND model = ?", [row[:2] for row in new])
            base.executemany(_ADD_FAULT, failed)

    def give_up(self, model: str, call: Call, reason: str) -> None:
        """Write that a call has no answer after all attempts, and why; a later answer removes this entry.

        Raises:
            WorkError: if the file cannot be written.
        """
        with self._transaction() as base:
            base.execute("INSERT OR REPLACE INTO given_up VALUES (?, ?, ?)", (call.key, model, reason))

    def given_up(self, model: str) -> dict[str, Failed]:
        """Why calls were given up, by key, with the kind of the last attempt's failure."""
        with self._lock:
            rows = self._base.execute(
                "SELECT key, reason, (SELECT kind FROM faults f WHERE f.key = g.key AND f.model = g.model"
                " ORDER BY f.rowid DESC LIMIT 1) FROM given_up g WHERE model = ?",
                (model,),
            ).fetchall()
        return {key: Failed(reason, kind or "") for key, reason, kind in rows}

    def discard(self, model: str, query: str) -> None:
        """Counts the answers to a query as attempts in vain, so that they are asked for anew; what they took stays.

        Raises:
            WorkError: if the file cannot be written.
        """
        with self._transaction() as base:
            base.execute(
                "INSERT INTO faults SELECT key, model, query, 'unreadable', 'the answer could not be used', 1,"
                " input_tokens + output_tokens, coalesce(cost, 0), started, seconds FROM answers"
                " WHERE model = ? AND query = ?",
                (model, query),
            )
            base.execute("DELETE FROM answers WHERE model = ? AND query = ?", (model, query))

    def note(self, **facts: object) -> None:
        """Write facts about the run (its task, why it stopped), JSON values by name.

        Raises:
            WorkError: if the file cannot be written.
        """
        rows = [(name, json.dumps(value, ensure_ascii=False)) for name, value in facts.items()]
        with self._transaction() as base:
            base.executemany("INSERT OR REPLACE INTO run VALUES (?, ?)", rows)

    def noted(self) -> dict[str, Any]:
        """The facts that `note` wrote."""
        with self._lock:
            rows = self._base.execute("SELECT name, value FROM run").fetchall()
        return {name: json.loads(value) for name, value in rows}

    def hit(self, model: str, counts: Mapping[str, int]) -> None:
        """Count the answers that were returned again, by key.

        Raises:
            WorkError: if the file cannot be written.
        """
        rows = [(count, key, model) for key, count in counts.items() if count]
        with self._transaction() as base:
            base.executemany("UPDATE answers SET hits = hits + ? WHERE key = ? AND model = ?", rows)

    def totals(self) -> dict[str, Totals]:
        """What the run has used up so far, by query, in the order of their names."""
        with self._lock:
            answered = self._base.execute(
                "SELECT query, count(*), sum(hits), sum(input_tokens), sum(output_tokens), sum(cached_tokens),"
                " CASE WHEN count(cost) = count(*) THEN sum(cost) END, sum(seconds) FROM answers GROUP BY query"
            ).fetchall()
            failed = self._base.execute(
                "SELECT query, kind, count(*), sum(calls), sum(tokens), sum(cost) FROM faults GROUP BY query, kind"
            ).fetchall()
        totals: dict[str, Totals] = {}
        for query, answers, hits, into, out, cached, cost, seconds in answered:
            money = None if cost is None else Decimal(cost) / PICOS
            totals[query] = Totals(answers, hits, into, out, cached, money, seconds)
        for query, kind, count, *lost in failed:
            totals[query] = totals.get(query, Totals()) + Totals(faults={kind: count}, lost=Spend(*lost))
        return dict(sorted(totals.items()))

    def total(self) -> Totals:
        """What the run has used up so far, all queries together."""
        return sum(self.totals().values(), Totals())

    def spent(self) -> Spend:
        """What counts against the limits: what was paid for, and what may have been."""
        total = self.total()
        with self._lock:
            (cost,) = self._base.execute("SELECT coalesce(sum(cost), 0) FROM answers").fetchone()
        return Spend(total.answers, total.input_tokens + total.output_tokens, cost) + total.lost


def _top(pairs: Sequence[tuple[str, float]]) -> Top:
    return tuple((token, logprob) for token, logprob in pairs)
