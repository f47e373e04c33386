"""Exports of survey tools: Qualtrics, Google Forms, LimeSurvey. One row a person, what is written is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from ..profile import InputError, Profile
from .base import COLUMNS, FORMATS, Format, Head, Notes, ReadOptions, Signature, Source, place
from .participants import Roles, Rows, agents_of, named_columns, named_texts
from .table import Table
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


@dataclass(frozen=True)
class Export:
    """A survey's export, the tool's own columns separated from the answers.

    Args:
        id: the id of the format.
        table: the table without further header rows.
        rows: the answers without previews.
        person: the column with the id; None if there is none.
        system: the columns that the tool adds.
        questions: the question of each column, where the header does not hold it.
    """

    id: str
    table: Table
    rows: Rows
    person: str | None
    system: frozenset[int]
    questions: Sequence[str] = ()


def export(head: Head, notes: Notes) -> Export | None:
    """The export in a file; None if it comes from no known survey tool."""
    head = replace(head, person=None)  # with its own header, whatever column the caller named as the id
    if sniff_qualtrics(head):
        return _qualtrics(head, notes)
    if sniff_limesurvey(head):
        return _limesurvey(head, notes)
    return _google(head) if sniff_google(head) else None


def _qualtrics(head: Head, notes: Notes) -> Export:
    path = head.path
    below = [cells for _, cells in islice(head.open().rows(check=False), 2)]
    extra = 2 if len(below) == 2 and any('"ImportId"' in cell for cell in below[1]) else 0
    table = head.open(skipped=extra)
    questions = below[0] if extra and len(below[0]) == len(table.header) else []
    if not extra:
        notes.add("seen", "no ImportId row below the header: every row after the first is read as an answer", path.name)
    status, finished = table.find("Status"), table.find("Finished")
    rows = []
    for line, cells in table.rows():
        if status is not None and cells[status].strip() in ("Survey Preview", "Survey Test"):
            notes.add("dropped", "previews of the survey", place(path, line))
            continue
        if finished is not None and cells[finished].strip().lower() in ("false", "0"):
            notes.add("seen", "unfinished answers", place(path, line))
        rows.append((line, cells))
    return Export("qualtrics", table, rows, "ResponseId", _system(table, QUALTRICS), questions)


def _limesurvey(head: Head, notes: Notes) -> Export:
    table, path = head.open(), head.path
    rows = list(table.rows())
    submitted = table.find("submitdate", "date-submitted")
    for line, cells in rows:
        if submitted is not None and cells[submitted].strip() in ("", "N/A"):
            notes.add("seen", "unfinished answers", place(path, line))
    person = "id" if "id" in table.names else "response-id"
    return Export("limesurvey", table, rows, person, _system(table, LIMESURVEY))


def _google(head: Head) -> Export:
    table = head.open()
    return Export("google-forms", table, list(table.rows()), None, _system(table, TIMESTAMP))


def read_qualtrics(source: Source, options: ReadOptions) -> Profile:
    """Reads a Qualtrics export; its second and third header row become ``facts["questions"]``.

    Args:
        source: the table to read.
        options: the reading options; ``text_columns`` is needed where the columns cannot be recognised.

    Raises:
        InputError: if a row is broken, an id occurs twice or there is no text column.
    """
    notes = Notes()
    return _read(_qualtrics(source.head, notes), options, notes)


def read_limesurvey(source: Source, options: ReadOptions) -> Profile:
    """Reads a LimeSurvey export.

    Args:
        source: the table to read.
        options: the reading options; ``text_columns`` is needed where the columns cannot be recognised.

    Raises:
        InputError: if a row is broken, an id occurs twice or there is no text column.
    """
    notes = Notes()
    return _read(_limesurvey(source.head, notes), options, notes)


def read_google(source: Source, options: ReadOptions) -> Profile:
    """Reads a Google Forms export; it has no ids, so people are numbered.

    Args:
        source: the table to read.
        options: the reading options; ``id_column`` and ``text_columns`` are needed where they cannot be recognised.

    Raises:
        InputError: if a row is broken or there is no text column.
    """
    return _read(_google(source.head), options, Notes())


def _read(survey: Export, options: ReadOptions, notes: Notes) -> Profile:
    table = survey.table
    id_column = options.id_column or survey.person
    who = table.column(id_column, "id_column") if id_column is not None else None
    without = survey.system | named_columns(table, options) | (frozenset() if who is None else {who})
    columns = named_texts(table, options) or written(table, survey.rows, without, notes, survey.questions)
    if not columns:
        raise _no_text(table.path)
    agents = agents_of(table, survey.rows, Roles(who, columns), options, notes)
    return people_only(table, agents, columns, notes, survey.id, survey.questions)


def _system(table: Table, known: frozenset[str]) -> frozenset[int]:
    return frozenset(i for i, n in enumerate(table.names) if n in known or _timing(n))


def _timing(name: str) -> bool:
    # Page and question timers of both tools.
    return re.search(r"(time|-page-submit|-first-click|-last-click|-click-count)$", name) is not None


def _no_text(path: Path) -> InputError:
    return InputError("no answers look written; name the question's column with `text_columns`", file=path, row=1)


for _format in (
    Format("qualtrics", "Qualtrics CSV", sniff_qualtrics, read_qualtrics, signature=Signature.EXPORT, uses=COLUMNS),
    Format("limesurvey", "LimeSurvey CSV", sniff_limesurvey, read_limesurvey, signature=Signature.EXPORT, uses=COLUMNS),
    Format("google-forms", "Google Forms CSV", sniff_google, read_google, signature=Signature.EXPORT, uses=COLUMNS),
):
    FORMATS.register(_format)
