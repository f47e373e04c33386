"""Exports of survey tools: how each is recognised, which columns are its own, which rows are no people.

A new tool is one entry of `TOOLS`. What the answers are is found out by `surveys`, for all tools alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ..profile.sentences import noted
from .base import Head
from .columns import PERSON, names_in
from .notes import Notes, place
from .table import Records, Table

Rows = list[tuple[int, list[str]]]

TIMESTAMP = names_in(
    """timestamp zeitstempel horodateur marca-temporal carimbo-de-data/hora informazioni-cronologiche tijdstempel
    tidsstämpel tidsstempel sygnatura-czasowa znacznik-czasu časové-razítko časová-pečiatka aikaleima időbélyeg
    zaman-damgası отметка-времени
    позначка-часу タイムスタンプ 时间戳记 时间戳 時間戳記 타임스탬프 חותמת-זמן الطابع-الزمني
    χρονική-σήμανση marcă-temporală"""
)
"""What Google Forms calls its first column, by language."""

QUALTRICS = names_in(
    """startdate enddate status ipaddress progress duration-(in-seconds) finished recordeddate responseid
    recipientlastname recipientfirstname recipientemail externalreference externaldatareference locationlatitude
    locationlongitude locationaccuracy distributionchannel userlanguage responseset q-recaptchascore
    q-relevantidduplicate q-relevantidduplicatescore q-relevantidfraudscore q-relevantidlaststartdate"""
)
LIMESURVEY = names_in(
    """id submitdate lastpage startlanguage seed token startdate datestamp ipaddr refurl interviewtime response-id
    date-submitted last-page start-language date-started date-last-action ip-address referrer-url total-time"""
)
_MICROSOFT = names_in(
    """id start-time completion-time email name last-modified-time total-points quiz-feedback grade-posted-time
    language startzeit fertigstellungszeit e-mail zeit-der-letzten-änderung heure-de-début heure-de-fin
    adresse-de-messagerie nom hora-de-inicio hora-de-finalización correo-electrónico nombre ora-di-inizio
    ora-di-completamento begintijd tijd-van-voltooien godzina-rozpoczęcia godzina-ukończenia"""
)
_SURVEYMONKEY = names_in(
    """respondent-id collector-id start-date end-date ip-address email-address first-name last-name date-created
    date-modified"""
)
_TYPEFORM = names_in(
    """# start-date-(utc) submit-date-(utc) stage-date-(utc) network-id tags response-type ending token response-id"""
)
_TALLY = frozenset(["submission-id", "respondent-id", "submitted-at"])
_KOBO = names_in(
    """start end today username deviceid phonenumber -id -uuid -submission-time -validation-status -notes -status
    -submitted-by -version- -tags -index formhub/uuid meta/instanceid meta/rootuuid -xform-id-string"""
)
_PROLIFIC = names_in(
    """submission-id participant-id status custom-study-tncs-accepted-at started-at completed-at reviewed-at
    archived-at time-taken completion-code total-approvals"""
)


@dataclass(frozen=True)
class Tool:
    """A survey tool.

    Args:
        id: the id of its format.
        title: its name.
        marks: sets of columns; an export has all columns of one of them.
        system: the columns that the tool adds.
        person: names of the column with the participant's id; empty: it has none.
    """

    id: str
    title: str
    marks: tuple[frozenset[str], ...]
    system: frozenset[str]
    person: tuple[str, ...] = ()

    def wrote(self, names: frozenset[str]) -> bool:
        """Whether a file with these columns is an export of the tool."""
        return any(mark <= names for mark in self.marks)


def _marks(*lines: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(line.split()) for line in lines)


TOOLS = (
    Tool("qualtrics", "Qualtrics", _marks("startdate enddate responseid"), QUALTRICS, ("responseid",)),
    Tool(
        "limesurvey",
        "LimeSurvey",
        _marks("id submitdate startlanguage", "response-id date-submitted start-language"),
        LIMESURVEY,
        ("id", "response-id"),
    ),
    Tool("surveymonkey", "SurveyMonkey", _marks("respondent-id collector-id"), _SURVEYMONKEY, ("respondent-id",)),
    Tool(
        "microsoft-forms",
        "Microsoft Forms",
        _marks(
            "id start-time completion-time",
            "id startzeit fertigstellungszeit",
            "id heure-de-début heure-de-fin",
            "id hora-de-inicio hora-de-finalización",
            "id ora-di-inizio ora-di-completamento",
            "id begintijd tijd-van-voltooien",
            "id godzina-rozpoczęcia godzina-ukończenia",
        ),
        _MICROSOFT,
        ("id",),
    ),
    Tool("typeform", "Typeform", _marks("# submit-date-(utc)"), _TYPEFORM, ("#",)),
    Tool("tally", "Tally", _marks("submission-id respondent-id submitted-at"), _TALLY, ("respondent-id",)),
    Tool("kobo", "KoboToolbox and ODK", _marks("-id -uuid -submission-time"), _KOBO, ("-id",)),
)
GOOGLE = Tool("google-forms", "Google Forms", (), TIMESTAMP)
SYSTEM = QUALTRICS | LIMESURVEY | TIMESTAMP | _PROLIFIC - {"participant-id"}
"""Columns that a tool adds, in files of which the rest was cut away or renamed."""

TIMES = (
    "submitdate",
    "date-submitted",
    "recordeddate",
    "enddate",
    "end-date",
    "completion-time",
    "submit-date-(utc)",
    "submitted-at",
    "-submission-time",
    "completed-at",
    "datetime",
    "modified",
    "updated-at",
    "created-at",
    "answer-date",
    "voted-at",
    "time",
    "date",
    *sorted(TIMESTAMP),
)
"""When an answer was given, the clearest name first."""

_BY_CODE = {"1": "preview", "2": "test", "8": "spam", "9": "preview", "12": "test", "17": "preview", "40": "spam"}
"""Qualtrics' codes of the column Status for answers that no participant gave."""

_NO_PEOPLE = {
    "preview": noted("previews of the survey"),
    "test": noted("tests of the survey"),
    "spam": noted("answers that the tool marked as spam"),
    "returned": noted("submissions that were returned, timed out or rejected"),
}
_BY_WORD = {
    "survey preview": "preview",
    "preview": "preview",
    "vorschau": "preview",
    "aperçu": "preview",
    "survey test": "test",
    "test": "test",
    "spam": "spam",
    "spam survey preview": "preview",
    "possible spam": "spam",
    "returned": "returned",
    "timed-out": "returned",
    "timed out": "returned",
    "rejected": "returned",
    "screened out": "returned",
}
_FILLED = frozenset(["open-ended response", "response", "antwort", "réponse", "respuesta", "risposta"])


@dataclass(frozen=True)
class Survey:
    """A table of people, the tool's own columns and rows separated from the answers.

    Args:
        id: the id of the tool's format; empty: no tool is recognised.
        table: the table without further header rows.
        rows: the rows of people.
        person: the column with the id; None if there is none.
        system: the columns that the tool adds.
        questions: the question of each column, where the header does not hold it.
    """

    id: str
    table: Table
    rows: Rows
    person: int | None
    system: frozenset[int]
    questions: Sequence[str] = ()


def tool_of(head: Head) -> Tool | None:
    """The tool that exported a file; None if none is recognised."""
    names = frozenset(head.open_names)
    for tool in TOOLS:
        if tool.wrote(names):
            return tool
    if _legacy(head):
        return TOOLS[0]
    ordered = head.open_names
    if len(ordered) > 1 and ordered[0] in TIMESTAMP:
        questions = head.table.header[1:]
        if any("?" in name or " " in name or not name.isascii() for name in questions):
            return GOOGLE
    return None


def survey_of(head: Head, notes: Notes, person: str | None = None, *, rows: bool = True) -> Survey:
    """The people and columns of a table, without what its tool added.

    Args:
        head: the file.
        notes: the notes to which rows that are no people are added.
        person: the column that the caller names as the id.
        rows: whether the rows are read; without them the table is only recognised.
    """
    tool = tool_of(head)
    table = head.open()
    who = table.column(person, "id_column") if person is not None else None
    if who is None and tool is not None:
        who = table.find(*tool.person)
        if who is None and tool is not GOOGLE and _legacy(head):
            who = 0
    if who is None and tool is None:
        who = table.find(*PERSON)
    table, questions = _headers(table, tool, who, notes)
    system = frozenset(i for i, n in enumerate(table.names) if _added(n, tool) and i != who)
    if _legacy(head):
        system |= frozenset(i for i, n in enumerate(table.names) if re.fullmatch(r"v\d+", n) and i != who)
    people = _people(table, tool, notes) if rows else []
    return Survey(tool.id if tool is not None else "", table, people, who, system, questions)


def _headers(table: Table, tool: Tool | None, who: int | None, notes: Notes) -> tuple[Table, Sequence[str]]:
    """The table without its further header rows, and the questions that stand in them."""
    records: Records = table.records()
    first = [cells for _, cells in islice(records, 1, 3)]
    width = len(table.header)
    if tool is not None and tool.id == "qualtrics":
        if len(first) == 2 and any('"ImportId"' in cell for cell in first[1]):
            return replace(table, skipped=2), first[0] if len(first[0]) == width else ()
        if first and "responseid" in {cell.strip().lower() for cell in first[0]}:
            return replace(table, skipped=1), first[0] if len(first[0]) == width else ()
        what = "no ImportId row below the header: every row after the first is read as an answer"
        notes.add("seen", what, table.path.name)
        return table, ()
    if first and len(first[0]) == width and _second_header(table, first[0], tool, who):
        notes.add("seen", "second header row, no participant", place(table.path, 2))
        questions = _joined(table.written, first[0])
        if len(set(table.written)) < len(table.written) or any(map(_unnamed, table.written)):
            table = replace(table, written=tuple(questions))
        return replace(table, skipped=1), questions
    return table, table.questions


def _second_header(table: Table, cells: Sequence[str], tool: Tool | None, who: int | None) -> bool:
    if who is None or (cells[who].strip() and cells[who].strip() != table.header[who]):
        return False
    filled = [(cell.strip(), name) for cell, name in zip(cells, table.header, strict=True) if cell.strip()]
    if not filled:
        return False
    if tool is not None and tool.id in ("surveymonkey", "typeform"):
        return True
    again = sum(cell == name or cell.lower() in _FILLED for cell, name in filled)
    return 2 * again >= len(filled)


def _joined(header: Sequence[str], below: Sequence[str]) -> list[str]:
    """The questions of two header rows: the option or item below, after the question above or to its left."""
    questions, stem = [], ""
    for name, item, after in zip(header, below, (*header[1:], "(end)"), strict=True):
        stem = stem if _unnamed(name) else name
        several = _unnamed(name) or _unnamed(after)
        questions.append(f"{stem} [{item.strip()}]" if several and item.strip() not in ("", name) else stem)
    return questions


def _unnamed(name: str) -> bool:
    return re.fullmatch(r"(?:column \d+|unnamed: ?\d+)?", name.strip().lower()) is not None


def _people(table: Table, tool: Tool | None, notes: Notes) -> Rows:
    """The rows of people; previews, tests, spam and submissions that were returned are counted."""
    status = table.find("status", "response-type", "responsetype") if table.names.count("status") < 2 else None
    channel = table.find("distributionchannel") if table.names.count("distributionchannel") < 2 else None
    finished = table.find("finished") if tool is not None and tool.id == "qualtrics" else None
    submitted = table.find("submitdate", "date-submitted") if tool is not None and tool.id == "limesurvey" else None
    coded = tool is not None and tool.id == "qualtrics"
    known = tool is not None or len(set(table.names) & _PROLIFIC) >= 3
    rows: Rows = []
    for line, cells in table.rows():
        why = _no_person(cells, status, channel, coded) if known else ""
        if why:
            notes.add("seen", f"{_NO_PEOPLE[why]}, not counted as people", place(table.path, line))
            continue
        if finished is not None and cells[finished].strip().lower() in ("false", "0"):
            notes.add("seen", "unfinished answers", place(table.path, line))
        if submitted is not None and cells[submitted].strip() in ("", "N/A"):
            notes.add("seen", "unfinished answers", place(table.path, line))
        rows.append((line, cells))
    return rows


def _no_person(cells: Sequence[str], status: int | None, channel: int | None, coded: bool) -> str:
    said = cells[status].strip().lower() if status is not None else ""
    why = _BY_WORD.get(said, "") or (_BY_CODE.get(said, "") if coded else "")
    if not why and channel is not None and cells[channel].strip().lower() in ("preview", "test"):
        why = cells[channel].strip().lower()
    return why


def _added(name: str, tool: Tool | None) -> bool:
    known = tool.system if tool is not None else SYSTEM
    timed = re.search(r"(time|-page-submit|-first-click|-last-click|-click-count)$", name) is not None
    return name in known or (timed and tool is not None and tool is not GOOGLE)


def _legacy(head: Head) -> bool:
    """Whether this is Qualtrics' older export: V1, V2, ... above the names of the columns."""
    if tuple(head.open_names[:2]) != ("v1", "v2"):
        return False
    first = head.sample()[:1]
    return bool(first) and "responseid" in {cell.strip().lower() for cell in first[0][1]}
