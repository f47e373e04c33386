"""Tables of pairwise comparisons: who preferred which of two statements."""

from __future__ import annotations

from array import array
from pathlib import Path

import numpy as np

from ..profile import COMPARISON, Answers, Comparisons, InputError, Note, Profile, Statements
from .base import COLUMNS, FORMATS, Format, Head, Notes, ReadOptions, Signature, Source, decoded, place
from .beside import texts_beside
from .columns import PERSON
from .csv_write import check_ids
from .participants import People, Roles, named_texts, weights_at
from .table import short
from .writing import Lost, csv_text, in_file

WHO = (*PERSON, "session-id")
"""A site without accounts (All Our Ideas) tells people apart by session."""

WINNER = ("winner", "winner-id", "preferred", "preferred-id", "chosen", "chosen-id")
LOSER = ("loser", "loser-id", "other", "other-id", "rejected", "rejected-id")


def sniff(head: Head) -> bool:
    """Columns for a person, a winner and a loser?"""
    table = head.table
    columns = {table.find(*WHO), table.find(*WINNER), table.find(*LOSER)}
    return len(columns - {None}) == 3


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads a table with one comparison a row; the statements' texts come from it or from a table beside it.

    Rows without a winner or a loser (both alike, or skipped) are counted and left out: the model of comparisons has no
    ties.

    Args:
        source: the table to read, ``participant,winner,loser``, and ``winner_text`` and ``loser_text`` if it has them.
        options: the reading options of a table.

    Raises:
        InputError: if a row is broken or a statement is compared with itself.
    """
    path = source.file
    table = source.head.open()
    notes = Notes()
    person = table.column(options.id_column, "id_column") if options.id_column is not None else table.find(*WHO)
    winner, loser = table.find(*WINNER), table.find(*LOSER)
    if person is None or winner is None or loser is None:
        raise InputError("comparisons need columns participant, winner and loser", file=path, row=1)
    bodies = (table.find("winner-text"), table.find("loser-text"))
    valid = table.find("valid", "is-valid", "valid-record")
    other = frozenset({winner, loser, *(at for at in (*bodies, valid) if at is not None)})
    weight = weights_at(table, source.head.sample(), options, notes)
    roles = Roles(person, named_texts(table, options), True, True, weight=weight, other=other)
    people = People(table, roles, options, notes)
    statements: dict[str, int] = {}
    texts: dict[str, str] = {}
    agent, better, worse = array("q"), array("q"), array("q")
    for line, cells in table.rows():
        if valid is not None and cells[valid].strip().lower() in ("false", "f", "no", "n", "0"):
            notes.add("seen", "votes that the site itself marked as not valid, not counted", place(path, line))
            continue
        me = people.row(line, cells)
        pair = [cells[winner].strip(), cells[loser].strip()]
        for name, at in zip(pair, bodies, strict=True):
            if name:
                statements.setdefault(name, len(statements))
                if at is not None and cells[at].strip():
                    texts.setdefault(name, decoded(cells[at], notes, place(path, line)))
        if not all(pair):
            notes.add("dropped", "comparisons without a winner and a loser", place(path, line))
            continue
        if pair[0] == pair[1]:
            raise InputError(
                f"statement {short(pair[0])} is compared with itself; leave the row out", file=path, row=line
            )
        agent.append(me)
        better.append(statements[pair[0]])
        worse.append(statements[pair[1]])
    ids = tuple(statements)
    written = bodies != (None, None)
    return Profile(
        people.agents(),
        Statements(ids, tuple(texts.get(name, name) for name in ids) if written else texts_beside(source, ids, notes)),
        Answers.none(COMPARISON),
        notes.all(),
        source="comparisons",
        facts={"files": [path.name]},
        comparisons=Comparisons.of(*(np.array(part, dtype=np.int64) for part in (agent, better, worse))),
    )


def write(profile: Profile, target: Path) -> tuple[Note, ...]:
    """Writes ``participant,winner,loser,winner_text,loser_text``, one comparison a row.

    Args:
        profile: a profile with comparisons.
        target: the file to write.

    Raises:
        InputError: if there are no comparisons, or if an id cannot stand in a table.
    """
    c, s, agents = profile.comparisons, profile.statements, profile.agents
    if not len(c):
        raise InputError("there are no comparisons to write")
    check_ids(profile)
    lost = Lost()
    lost.add("answers", len(profile.answers))
    lost.add("texts of participants", sum(map(len, agents.texts)))
    lost.add("groups of participants", len(agents.groups))
    lost.add("columns that were kept", len(agents.extra))
    lost.add("moderation of statements", 0 if s.moderation is None else len(s.ids))
    lost.add("costs of statements", 0 if s.costs is None else len(s.ids))
    lost.add("provenance of statements", sum(p.kind != "listed" for p in s.provenance))
    lost.add("kinds of statements", sum(map(bool, s.kinds)))
    lost.add("participants who compared nothing", profile.n_agents - len(np.unique(c.agent)))
    lost.add("statements nobody compared", len(s.ids) - len(np.unique(np.concatenate([c.winner, c.loser]))))
    head = ["participant", "winner", "loser", "winner_text", "loser_text"]
    rows = [
        [agents.ids[i], s.ids[a], s.ids[b], s.texts[a], s.texts[b]]
        for i, a, b in zip(c.agent.tolist(), c.winner.tolist(), c.loser.tolist(), strict=True)
    ]
    if agents.masses is not None:
        head.append("weight")
        rows = [[*row, str(agents.masses[i])] for row, i in zip(rows, c.agent.tolist(), strict=True)]
    in_file(target, csv_text([head, *rows]))
    return lost.notes()


FORMATS.register(
    Format(
        "comparisons",
        "comparisons CSV (participant,winner,loser)",
        sniff,
        read,
        write,
        signature=Signature.ROLES,
        uses=COLUMNS,
        compares=True,
    )
)
