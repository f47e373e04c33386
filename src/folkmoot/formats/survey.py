"""Exports of survey tools: Qualtrics, Google Forms, LimeSurvey. One row a person, what is written is kept."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from ..profile import InputError, Profile
from .base import Head, Notes, ReadOptions, Source, place
from .people import Roles, Rows, agents_of, asked_columns, texts_asked
from .table import Table, numbered, open_table
from .texts import people_only, written

QUALTRICS = frozenset(
    [
        "startdate",
        "enddate",
        "status",
        "ipaddress",
        "progress",
        "duration-(in-seconds)",
        "finished",
        "recordeddate",
        "responseid",
        "recipientlastname",
        "recipientfirstname",
        "recipientemail",
        "externalreference",
        "locationlatitude",
        "locationlongitude",
        "distributionchannel",
        "userlanguage",
    ]
)
LIMESURVEY = frozenset(
    [
        "id",
        "submitdate",
        "lastpage",
        "startlanguage",
        "seed",
        "token",
        "startdate",
        "datestamp",
        "ipaddr",
        "refurl",
        "interviewtime",
        "response-id",
        "date-submitted",
        "last-page",
        "start-language",
        "date-started",
        "date-last-action",
        "ip-address",
        "referrer-url",
    ]
)
TIMESTAMP = frozenset(
    [
        "timestamp",
        "zeitstempel",
        "horodateur",
        "marca-temporal",
        "carimbo-de-data/hora",
        "informazioni-cronologiche",
        "tijdstempel",
        "tidsstämpel",
        "tidsstempel",
        "sygnatura-czasowa",
        "časové-razítko",
    ]
)
"""What Google Forms calls its first column, by language."""


def sniff_qualtrics(head: Head) -> bool:
    """Qualtrics: its fixed first columns."""
    return {"startdate", "enddate", "responseid"} <= head.columns


def sniff_limesurvey(head: Head) -> bool:
    """LimeSurvey: its fixed first columns, as codes or in full."""
    return {"id", "submitdate", "startlanguage"} <= head.columns or {
        "response-id",
        "date-submitted",
        "start-language",
    } <= head.columns


def sniff_google(head: Head) -> bool:
    """Google Forms: a time first, then the questions in full."""
    names, header = head.table.names, head.table.header
    if len(names) < 2 or names[0] not in TIMESTAMP:
        return False
    return any("?" in name or " " in name for name in header[1:])


def read_qualtrics(source: Source, options: ReadOptions) -> Profile:
    """Reads a Qualtrics export; its second and third header row become ``facts["questions"]``.

    Args:
        source: the table.
        options: ``text_columns`` where they cannot be told.

    Raises:
        InputError: a broken row, an id twice, no text column.
    """
    path = source.file
    table = open_table(path)
    records = list(islice(numbered(path, table.delimiter), 3))
    extra = 2 if len(records) == 3 and any('"ImportId"' in cell for cell in records[2][1]) else 0
    questions = records[1][1] if extra and len(records[1][1]) == len(table.header) else []
    table = open_table(path, skipped=extra)
    notes = Notes()
    if not extra:
        notes.add("seen", "no ImportId row below the header: every row after the first is read as an answer", path.name)
    status = table.find("Status")
    rows = []
    for line, cells in table.rows():
        if status is not None and cells[status].strip() in ("Survey Preview", "Survey Test"):
            notes.add("dropped", "previews of the survey", place(path, line))
        else:
            rows.append((line, cells))
    return _read(table, rows, "ResponseId", QUALTRICS, options, notes, "qualtrics", questions)


def read_limesurvey(source: Source, options: ReadOptions) -> Profile:
    """Reads a LimeSurvey export.

    Args:
        source: the table.
        options: ``text_columns`` where they cannot be told.

    Raises:
        InputError: a broken row, an id twice, no text column.
    """
    table = open_table(source.file)
    person = "id" if "id" in table.names else "response-id"
    return _read(table, list(table.rows()), person, LIMESURVEY, options, Notes(), "limesurvey")


def read_google(source: Source, options: ReadOptions) -> Profile:
    """Reads a Google Forms export; it has no ids, so people are numbered.

    Args:
        source: the table.
        options: ``id_column``, ``text_columns`` where they cannot be told.

    Raises:
        InputError: a broken row, no text column.
    """
    table = open_table(source.file)
    return _read(table, list(table.rows()), None, TIMESTAMP, options, Notes(), "google-forms")


def _read(
    table: Table,
    rows: Rows,
    person: str | None,
    known: frozenset[str],
    options: ReadOptions,
    notes: Notes,
    id: str,
    questions: list[str] | None = None,
) -> Profile:
    wanted = options.id_column or person
    who = table.column(wanted, "--id-column") if wanted is not None else None
    technical = frozenset(i for i, n in enumerate(table.names) if n in known or _timing(n))
    without = technical | asked_columns(table, options) | (frozenset() if who is None else {who})
    columns = texts_asked(table, options) or written(table, rows, without)
    if not columns:
        raise _no_text(table.path)
    agents = agents_of(table, rows, Roles(who, columns), options, notes)
    return people_only(table, agents, columns, notes, id, questions)


def _timing(name: str) -> bool:
    # Page and question timers of both tools.
    return re.search(r"(time|-page-submit|-first-click|-last-click|-click-count)$", name) is not None


def _no_text(path: Path) -> InputError:
    return InputError("no answers look written; name the question's column with --text-column", file=path, row=1)
