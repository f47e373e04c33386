"""How a table lies in a file: the sign between columns, the rows above the header, the header's names."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

MAX_FIELD = 1_000_000
"""Longest cell in characters: a quote that is never closed would take in the rest of the file."""

MOST_LOOKED_AT = 200
"""How many records are read to recognise a table."""

SURELY_WHOLE = 1 << 16
"""How many letters a beginning has at least that is not the whole file: a quarter of `lines.HEAD`."""

MOST_ABOVE = 20
"""How many rows of titles a header may have above it."""

DELIMITERS = (",", ";", "\t")

LISTED = frozenset(
    re.findall(
        r"\S+",
        """comment comments text texts response responses answer answers opinion opinions
    statement statements proposal proposals idea ideas suggestion suggestions feedback
    data body message messages kommentar kommentare antwort antworten meinung vorschlag
    commentaire commentaires réponse réponses avis proposition comentario comentarios
    respuesta respuestas opinión propuesta comentário comentários resposta respostas
    commento commenti risposta risposte opmerking opmerkingen antwoord komentarz
    komentarze odpowiedź odpowiedzi yorum yorumlar cevap cevaplar コメント 意見 回答 意见 评论 建议 의견
    답변 комментарий комментарии ответ ответы мнение vorschläge meinungen ideen idee
    anregung anregungen wünsche propositions idées remarque remarques opiniones
    propuestas sugerencia sugerencias opinião opiniões sugestão sugestões proposta
    propostas proposte suggerimenti voorstel voorstellen reactie reacties ideeën opinia
    opinie propozycja propozycje pomysł pomysły görüş görüşler öneri öneriler 感想 ご意見
    自由記述 留言 看法 想法 предложение предложения мнения идеи пожелания åsikt åsikter förslag
    kommentarer""",
    )
)
"""What the one column of a list of comments is called."""

CELLS, LINES = "\x1f", "\0"
"""In place of a delimiter, for a table of one column: its texts stand in quotes where they need them, or as lines."""

_SEP = re.compile(r'"?sep=(.)"?[ \t]*(?:\r\n?|\n|\Z)', re.IGNORECASE)

Row = tuple[int, list[str]]
"""The first line and the cells of a record."""


@dataclass(frozen=True)
class Layout:
    """Where a table's header is and what separates its columns.

    Args:
        delimiter: the sign between columns.
        header: the cells of the header, without outer spaces.
        above: the number of records above the header.
        line: the line of the header.
        titles: how many of the records above say something; the others are a spreadsheet's ``sep=`` line.
    """

    delimiter: str
    header: tuple[str, ...]
    above: int = 0
    line: int = 1
    titles: int = 0


# The files of a folder are looked at twice: which of them is recognised, and what lies beside it.
@lru_cache(maxsize=8)
def layout(start: str) -> Layout:
    """The layout of the table that begins with this text; without a table, one with an empty header."""
    said = _SEP.match(start)
    best: tuple[int, Layout] = (0, Layout(",", ()))
    for delimiter in (said[1],) if said else DELIMITERS:
        records = first_records(start, delimiter)[1 if said else 0 :]
        if not records:
            continue
        at = header_at([cells for _, cells in records])
        line, header = records[at]
        width = len(header)
        # A delimiter that gives the same width in every record beats one that only gives a wide header.
        below = [len(cells) for _, cells in records[at : at + 10]]
        same = below.count(width) == len(below)
        if not same and 2 * below.count(1) > len(below):
            continue  # lines of text, the first of which happens to hold the sign
        score = (width if width > 1 else 0) * (100 if same else 1)
        if score > best[0] or (said and not best[0]):
            names = tuple(name.strip() for name in header)
            titles = sum(any(map(str.strip, cells)) for _, cells in records[:at])
            best = score, Layout(delimiter, names, at + (1 if said else 0), line, titles)
    if not best[1].header:
        return alone(start)
    return best[1]


def alone(start: str) -> Layout:
    """The layout of a table with one column: a text in every record, whatever signs it holds."""
    for delimiter in (CELLS, LINES):
        if records := first_records(start, delimiter):
            return Layout(delimiter, (records[0][1][0].strip(),), line=records[0][0])
    return Layout(",", ())


def header_at(records: Sequence[Sequence[str]]) -> int:
    """Which record is the header: the first, unless it and those after it are clearly a title above a table.

    >>> header_at([["Our town 2030"], ["1 March"], ["id", "buses", "trees"], ["a", "5", "3"], ["b", "2", "4"]])
    2
    >>> header_at([["comment"], ["Yes", " but later"], ["No", " never"]])
    0
    """
    above = 0
    while above < min(len(records), MOST_ABOVE + 1) and _alone(records[above]):
        above += 1
    if not above or above > MOST_ABOVE or len(records) < above + 3:
        return 0
    width = len(records[above])
    below = records[above + 1 : above + 11]
    names = [name.strip() for name in records[above]]
    clear = (
        width > 2
        and sum(map(bool, names)) > width / 2
        and all(len(cells) == width for cells in below)
        and any(not _alone(cells) for cells in below)
        and records[0][0].strip().lower() not in LISTED
    )
    return above if clear else 0


def _alone(cells: Sequence[str]) -> bool:
    """Does this record hold one text, in its first cell, or nothing?"""
    return not any(cell.strip() for cell in cells[1:])


def named(header: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names that tell columns apart, and those that had to be numbered.

    >>> named(["id", "Other", "", "Other"])
    (('id', 'Other', 'column 3', 'Other (2)'), ('Other (2)',))
    """
    taken = Counter(header)
    if len(taken) == len(header) and "" not in taken:
        return tuple(header), ()
    used: set[str] = {name for name, count in taken.items() if count == 1}
    names: list[str] = []
    numbered: list[str] = []
    for place, name in enumerate(header, start=1):
        new = name or f"column {place}"
        if taken[name] > 1 and name:
            number = 2
            while new in used:
                new, number = f"{name} ({number})", number + 1
            if new != name:
                numbered.append(new)
        used.add(new)
        names.append(new)
    return tuple(names), tuple(numbered)


def first_records(start: str, delimiter: str) -> list[Row]:
    """The complete records in the beginning of a file, leniently read: only for recognising it."""
    allow_long_fields()
    if delimiter == LINES:
        lines = enumerate(start.splitlines(), start=1)
        return [(n, [line.strip()]) for n, line in lines if line.strip()][:MOST_LOOKED_AT]
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter, strict=delimiter == CELLS)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            if cells:
                rows.append((line, cells))
            line = reader.line_num + 1
            if len(rows) > MOST_LOOKED_AT + MOST_ABOVE:
                break
    except csv.Error:
        return []
    # The last one may be cut where the sample ends.
    return rows[:-1] if len(start) >= SURELY_WHOLE and len(rows) > 2 else rows


def allow_long_fields() -> None:
    """Raises the limit on cells, which is one for the whole process: a caller's own higher limit stays."""
    if csv.field_size_limit() < MAX_FIELD:
        csv.field_size_limit(MAX_FIELD)
