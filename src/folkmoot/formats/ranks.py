"""Tables with a column for each rank: who is somebody's first choice, second choice, and so on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..profile import InputError, Profile, Statements
from .base import COLUMNS, FORMATS, Format, Head, Notes, ReadOptions, Signature, Source, decoded, place
from .columns import PERSON
from .numbers import to_number
from .participants import People, Roles, named_texts, weights_at
from .rankings import Ballot, once, profile_of
from .repeated import one_row_each
from .table import Table, listed, plain

_NUMBERED = re.compile(r"(?:rank|ranking|ranked|choice|preference|pref|place|wahl|rang|choix|r)-?#?(\d{1,3})")
_ORDINAL = re.compile(r"(\d{1,3})(?:st|nd|rd|th|er|re|e|ème|\.|ª|º)?-?(?:rank|choice|preference|place|wahl|rang|choix)")
_WORDS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_SPELLED = re.compile(rf"({'|'.join(_WORDS)})-(?:choice|preference|rank|ranked|place)")
_SKIPPED = ("skipped", "undervote", "blank", "none", "null", "nan", "n/a", "-", "exhausted", "frozenset()", "{}")
_OVERVOTE = ("overvote", "over-vote")
_SET = re.compile(r"(?:frozenset\()?\{(.*)\}\)?", re.DOTALL)


def sniff(head: Head) -> bool:
    """Two columns or more for ranks from the first one on, which hold no numbers alone?"""
    found = _columns(head.table)
    return len(found) >= 2 and not _numbers(found, [cells for _, cells in head.sample()])


def _columns(table: Table) -> list[int]:
    """The columns of the first rank, the second, and so on; empty if the first is not there."""
    ranked: dict[int, int] = {}
    for at, name in enumerate(table.names):
        rank = _rank(name)
        if rank is not None:
            if rank in ranked:
                return []
            ranked[rank] = at
    return [ranked[rank] for rank in range(1, len(ranked) + 1)] if set(ranked) == set(range(1, len(ranked) + 1)) else []


def _rank(name: str) -> int | None:
    grid = re.fullmatch(r".*\[(.*)\]", name)  # a row of a form's grid
    bare = grid[1].strip("- ") if grid else name
    if match := _NUMBERED.fullmatch(bare) or _ORDINAL.fullmatch(bare):
        return int(match[1])
    spelled = _SPELLED.fullmatch(bare)
    return _WORDS.index(spelled[1]) + 1 if spelled else None


def _numbers(columns: Sequence[int], rows: Sequence[Sequence[str]]) -> bool:
    cells = [row[at].strip() for row in rows for at in columns if row[at].strip()]
    return bool(cells) and all(to_number(cell) is not None for cell in cells)


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads one ballot a row; a rank that was skipped is none, and those after it move up.

    Args:
        source: the table to read.
        options: the reading options of a table.

    Raises:
        InputError: if ranks are numbers, which may be candidates or the places of candidates, or if a row is broken.
    """
    path, notes = source.file, Notes()
    table = source.head.open()
    columns = _columns(table)
    if len(columns) < 2:
        raise InputError("needs columns for ranks, like rank1, rank2 or first choice, second choice", file=path, row=1)
    rows = list(table.rows())
    if _numbers(columns, [cells for _, cells in rows]):
        raise InputError(
            f"columns {listed([table.header[at] for at in columns])} hold numbers, which can be candidates (who has "
            "this rank) or places (the rank of this candidate); write the candidates' names into them",
            file=path,
            row=rows[0][0],
            column=table.header[columns[0]],
        )
    person = table.column(options.id_column, "id_column") if options.id_column is not None else table.find(*PERSON)
    if person in columns:
        raise InputError(f"{table.header[columns[0]]!r} is a rank, no id; name another column", file=path, row=1)
    if person is not None:
        rows = one_row_each(table, rows, person, options, notes)
    roles = Roles(
        person,
        named_texts(table, options),
        optional=True,
        weight=weights_at(table, rows, options, notes),
        other=frozenset(columns),
    )
    people = People(table, roles, options, notes)
    index: dict[str, int] = {}
    ballots: list[Ballot] = []
    nothing = {*_SKIPPED, *(plain(word) for word in options.missing)}
    for line, cells in rows:
        people.row(line, cells)
        ranks: list[list[int]] = []
        gap = False
        for at in columns:
            names = [decoded(name, notes, place(path, line)) for name in names_in(cells[at])]
            if any(plain(name) in _OVERVOTE for name in names):
                notes.add(
                    "dropped",
                    "ranks with more than one candidate, of whom the table does not say which",
                    place(path, line),
                )
                names = []
            names = [name for name in names if plain(name) not in nothing]
            if names and gap:
                notes.add("seen", "ballots that skip a rank: the ranks after it move up", place(path, line))
            gap = not names
            ranks.append([index.setdefault(name, len(index)) for name in names])
        ballot = Ballot(line, ranks)
        once(ballot, path, notes)
        ballots.append(ballot)
    if not index:
        raise InputError("nobody is ranked; the columns for ranks are empty", file=path)
    agents = people.agents()
    notes.add("seen", f"ranks read from columns {listed([table.header[at] for at in columns])}", path.name, len(rows))
    names_of = tuple(index)
    return profile_of(path, Statements(names_of, names_of), ballots, notes, source="ranks", agents=agents)


def names_in(cell: str) -> list[str]:
    """The candidates of one cell: one, or the set that some programs write for those who are equal."""
    text = " ".join(cell.split())
    match = _SET.fullmatch(text)
    if match is None:
        return [text] if text else []
    parts = re.findall(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", match[1])
    names = [one or other for one, other in parts] or [part.strip() for part in match[1].split(",")]
    return sorted(name for name in names if name)


FORMATS.register(
    Format(
        "ranks",
        "table of ranks (rank1, rank2 or first choice, second choice)",
        sniff,
        read,
        signature=Signature.STRUCTURE,
        uses=COLUMNS,
    )
)
