"""How profiles, slates and audits show themselves: one line in a terminal, a small table in a notebook.

Texts are participants' own and may hold anything, so they are cut, kept on one line and escaped. People are counted,
never named.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

#: Longest text that is shown, and most rows of a table.
LONGEST, MOST_ROWS = 200, 20


def one_line(text: object, longest: int = LONGEST) -> str:
    """A text on one line, without control characters, cut where it is too long.

    >>> one_line("one\\ntwo\\x1b[31m three", longest=12)
    'one two [31…'
    """
    clean = " ".join("".join(letter if letter.isprintable() else " " for letter in str(text)).split())
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"


def counted(number: int, one: str, several: str = "") -> str:
    """A number with what it counts.

    >>> counted(1, "answer"), counted(1200, "answer"), counted(2, "person", "people")
    ('1 answer', '1,200 answers', '2 people')
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def line(name: str, *facts: str) -> str:
    """``Name(fact, fact)``, without the facts that are empty."""
    return f"{name}({', '.join(one_line(fact, 80) for fact in facts if fact)})"


def bar(share: float, width: int = 20) -> str:
    """A share as a bar of letters, which needs neither a style nor a script, with the share in words after it.

    >>> bar(0.254, 8), bar(0.001, 8), bar(0.0, 4)
    ('██░░░░░░ 25%', '▏░░░░░░░ under 1%', '░░░░ 0%')
    """
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    whole, rest = divmod(max(eighths, 1) if share > 0 else 0, 8)
    drawn = "█" * whole + ("▏▎▍▌▋▊▉"[rest - 1] if rest else "")
    return f"{drawn.ljust(width, '░')} {'under 1%' if 0 < share < 0.005 else f'{share:.0%}'}"


def table(
    title: str,
    facts: Iterable[str],
    columns: tuple[str, ...],
    rows: Iterable[tuple[object, ...]],
    notes: Iterable[str] = (),
) -> str:
    """A small HTML table; the arguments are plain text, which is escaped here.

    Args:
        title: the title above the table.
        facts: the facts in one line below the title; empty ones are left out.
        columns: the heads of the columns.
        rows: the rows of the table; those after the first `MOST_ROWS` are counted.
        notes: lines above the table; those after the first `MOST_ROWS` are counted.
    """
    every = list(rows)
    # <bdi> keeps a text that runs from right to left from turning its neighbours around.
    body = "".join(
        "<tr>" + "".join(f"<td><bdi>{escape(one_line(cell))}</bdi></td>" for cell in row) + "</tr>"
        for row in every[:MOST_ROWS]
    )
    head = "".join(f"<th>{escape(one_line(column, 40))}</th>" for column in columns)
    more = f"<p>and {len(every) - MOST_ROWS:,} more</p>" if len(every) > MOST_ROWS else ""
    summary = escape(", ".join(one_line(fact) for fact in facts if fact))
    said = [note for note in notes if note]
    said[MOST_ROWS:] = [f"and {counted(len(said) - MOST_ROWS, 'more note')}"] if len(said) > MOST_ROWS else []
    above = "".join(f"<p><bdi>{escape(one_line(note))}</bdi></p>" for note in said)
    return (
        f"<div><p><strong><bdi>{escape(one_line(title))}</bdi></strong></p><p>{summary}</p>{above}"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}</div>"
    )
