"""Tables in which nobody can be told from anybody else: sums per statement, lists of proposals, lists of people."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .base import Head
from .columns import PERSON, WEIGHT, free_text
from .numbers import is_number
from .table import listed

_SUM = re.compile(
    r"^(?:(?:total|group|n|num|number-of|count-of|sum|anzahl|nb|nombre-de)-(?:[a-z0-9]+-)?)?"
    r"(?:agrees?|disagrees?|pass(?:es)?|votes?|yes|no|likes?|dislikes?|up-?votes?|down-?votes?|supports?|supporters|"
    r"cached-votes-up|cached-votes-total|votes-up|votes-down|endorsements(?:-count)?|endorsements/total-count|abstentions?|"
    r"approvals?|percent(?:age)?|share|ratio|count|total|participants|respondents|stimmen|zustimmung(?:en)?|"
    r"ablehnung(?:en)?|enthaltung(?:en)?|unterstützer(?:innen)?|soutiens|votos|apoyos|voti|glosy|oy)"
    r"(?:-(?:count|total|percent|pct|share|sum|n))?$"
)
_TITLES = re.compile(r"^(?:title|body|proposal|statement|comment|idea|text)(?:[/-].*)?$|^comment-(?:text|body)$")
_PLATFORM = (
    (frozenset(["participatory-space/url", "component/id"]), "Decidim", "proposals"),
    (frozenset(["cached-votes-up", "title"]), "CONSUL", "proposals"),
    (frozenset(["wins", "losses", "idea"]), "All Our Ideas", "ideas"),
)
_NOTES = frozenset(["noteid", "participantid", "rateraliasid"])


def refused(head: Head) -> str:
    """Why a table cannot be read because nobody's own answers stand in it; empty: nothing says so.

    Args:
        head: the table.
    """
    table = head.table
    names = table.names
    sample = [cells for _, cells in head.sample()]
    if names and names[0] in PERSON[:-1]:
        return ""
    for marks, tool, what in _PLATFORM:
        if marks <= set(names):
            return _proposals(head, tool, what)
    persons = [name for name in names if name in PERSON[:-1] or name in ("voter", "vote", "rating")]
    if persons:
        return ""
    sums = [i for i, name in enumerate(names) if _SUM.match(name) and name not in WEIGHT and _numeric(sample, i)]
    called = [
        i
        for i, name in enumerate(names)
        if _TITLES.match(name) and not name.endswith("-id") and not _numeric(sample, i)
    ]
    titles = called or [i for i in range(len(names)) if _all_different([cells[i] for cells in sample])]
    if len(sums) >= 2 and titles:
        shown = listed([table.header[i] for i in sums], 4)
        return (
            f"each row is a statement with sums ({shown}), and who gave which answer is not in it: pass the table with "
            f"the votes, one row a vote or a participant; or read the statements as opinions of one person each "
            f"with `text_columns={[table.header[titles[0]]]!r}`"
        )
    if len(sums) == 1 and called and not _distinct_people(names):
        shown = table.header[sums[0]]
        return (
            f"each row is a proposal with how many support it ({shown!r}), and who supports what is not in it; read "
            f"the proposals as opinions of one person each with `text_columns={[table.header[titles[0]]]!r}`"
        )
    return ""


def _proposals(head: Head, tool: str, what: str) -> str:
    table = head.table
    titles = [name for name in table.header if _TITLES.match(name.lower())]
    body = next((name for name in titles if name.lower().startswith("body")), titles[0] if titles else "")
    rest = f"; read them as opinions of one person each with `text_columns={[body]!r}`" if body else ""
    return (
        f"each row is one of the {what} of {tool} with sums of its supports, and who supports what is not in the export"
        f"{rest}"
    )


def _distinct_people(names: Sequence[str]) -> bool:
    return any(name in ("author", "author-id", "interview", "speaker-id") for name in names)


def _all_different(cells: Sequence[str]) -> bool:
    """Whether a column holds texts that are all different, as what the sums are of does."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(set(filled)) == len(filled) and free_text(filled)


def _numeric(sample: Sequence[Sequence[str]], i: int) -> bool:
    cells = [cells[i].strip().rstrip("%") for cells in sample if i < len(cells) and cells[i].strip()]
    return bool(cells) and all(map(is_number, cells))
