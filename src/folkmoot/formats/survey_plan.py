"""What of a survey is read: the role of every column, and which of them are the opinions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..profile import InputError
from ..profile.sentences import noted
from .base import Head, ReadOptions
from .columns import STATEMENT, TEXT
from .notes import Notes
from .participants import named_texts
from .roles import Column, Rows, columns_of, named_ratings, unknown_language
from .scales import alike, buckets, refuse_codes
from .survey_tools import Survey, survey_of
from .table import listed
from .units import crossed

What = Literal["texts", "ratings"]
#: A question that hardly anybody answered in words is no survey of texts where so many others were rated: so many
#: times as many people answered these.
RATED, TIMES = 3, 4


@dataclass(frozen=True)
class Plan:
    """What is going to be read from a survey.

    Args:
        texts: the columns with what people wrote.
        rated: the columns with ratings.
        columns: every column with its role.
    """

    texts: tuple[int, ...]
    rated: tuple[int, ...]
    columns: tuple[Column, ...]


def plan_of(survey: Survey, columns: tuple[Column, ...], options: ReadOptions, wanted: What | None) -> Plan:
    """What is to be read: the columns that were named, else what people wrote, else ratings that share a scale.

    Where hardly anybody wrote anything and the rest was rated, the ratings are read.

    Raises:
        InputError: if no column holds what is wanted, or which ones do is in doubt.
    """
    table = survey.table
    texts = named_texts(table, options)
    if options.rating_columns:
        rated = tuple(i for i in named_ratings(table, options, survey.questions) if i not in texts)
        return Plan(texts, rated, columns)
    if texts:
        return Plan(texts, (), columns)
    written = [c for c in columns if c.role == "text" or (len(columns) == 1 and c.role == "choice")]
    if written and wanted is None and (rated := _rated_instead(written, columns, options, survey)):
        return Plan((), rated, columns)
    if written and wanted != "ratings":
        called = tuple(c.index for c in written if table.names[c.index] in TEXT) if not survey.id else ()
        if not called and unknown_language(table, written):
            raise InputError(
                f"several columns hold texts ({listed([c.name for c in written])}), and some may be personal; name "
                "those with opinions with `text_columns`",
                file=table.path,
                row=1,
            )
        return Plan(called or tuple(c.index for c in written), (), columns)
    if wanted == "texts":
        raise InputError(f"no column looks like something written{_seen(columns)}", file=table.path, row=1)
    rated = _common([c for c in columns if c.role == "rating"], options, survey)
    if not rated:
        nothing = "holds ratings" if wanted == "ratings" else "holds opinions"
        raise InputError(f"no column {nothing}{_seen(columns)}", file=table.path, row=1)
    comments = tuple(c.index for c in columns if c.role == "text" and table.names[c.index] in TEXT)
    return Plan(comments, rated, columns)


def holds(head: Head) -> What | None:
    """Whether the beginning of a table holds what people wrote, or ratings; None: neither, or in doubt."""
    survey, _, columns = _sampled(head)
    if written := [c for c in columns if c.role == "text"]:
        return "ratings" if _rated_instead(written, columns, ReadOptions(), survey) else "texts"
    return "ratings" if any(c.role == "rating" for c in columns) else None


def one_row_a_person(head: Head) -> bool:
    """Whether every row of a table without an id is likely a person: it holds opinions, and nothing like statements."""
    names = head.table.names
    # Beside others it may hold anything: the rounds of a run, the figures of a report.
    if not head.alone or {*STATEMENT} & {*names} or not all(names[1:]):
        return False
    _, rows, columns = _sampled(head)
    if len(rows) < 2:
        return False
    kinds = Counter(_kind(c) for c in columns if c.role == "rating")
    if not any(c.role == "text" for c in columns) and max(kinds.values(), default=0) < 2:
        return False
    choices = [c.index for c in columns if c.role == "choice"]
    return all(crossed(rows, person, [c for c in choices if c != person]) is None for person in choices)


def _sampled(head: Head) -> tuple[Survey, Rows, tuple[Column, ...]]:
    """The rows in the beginning of a table, and its columns with their roles."""
    survey = survey_of(head, Notes(), rows=False)
    table = survey.table
    rows = head.sample()[table.skipped :]
    who = head.table.find("participant") if head.person is not None else survey.person
    taken = frozenset({who} if who is not None else ())
    return survey, rows, columns_of(table, rows, ReadOptions(), taken, survey.system, survey.questions)


def taken_for(head: Head) -> str:
    """Every column of a table with what it is taken for, for a message; only its name if a row is broken."""
    try:
        columns = _sampled(head)[2]
    except InputError:
        return listed(head.table.header, 12)
    shown = []
    for column in columns:
        role = _ROLES.get(column.role, "") if not column.why else column.why
        shown.append(repr(column.name) + (f" ({role})" if role else ""))
    return ", ".join(shown[:12]) + (f" and {len(shown) - 12} more" if len(shown) > 12 else "")


_ROLES = {
    "text": "texts",
    "rating": "ratings",
    "ticks": "ticked options",
    "choice": "choices",
    "personal": "personal",
    "system": "of the tool",
    "empty": "empty",
    "named": "the id",
}


def _rated_instead(
    written: Sequence[Column], columns: Sequence[Column], options: ReadOptions, survey: Survey
) -> tuple[int, ...]:
    """The columns with ratings where hardly anybody wrote anything beside them; empty: what was written is read."""
    rated = [c for c in columns if c.role == "rating"]
    wrote = max(c.answers for c in written)
    if len(rated) < RATED or TIMES * wrote >= max(c.answers for c in rated):
        return ()
    try:
        common = _common(rated, options, survey)
    except InputError:
        return ()
    return common if len(common) >= RATED else ()


def _common(rated: Sequence[Column], options: ReadOptions, survey: Survey) -> tuple[int, ...]:
    """The columns that share a scale.

    Raises:
        InputError: if the columns of numbers do not share one.
    """
    families = {_kind(c) for c in rated}
    if len(families) > 1:
        most = max(families, key=lambda kind: (sum(_kind(c) == kind for c in rated), kind[:8] == "agreemen", kind))
        rated = [c for c in rated if _kind(c) == most]
    numbers = [c for c in rated if c.coding is not None and c.coding.kind != "words"]
    if options.scale is None:
        refuse_codes({value for c in numbers for value in c.distinct}, survey.table.path)
    if options.scale is None and len(numbers) > 1 and not alike([(c.low, c.high) for c in numbers]):
        usual = buckets([(c.low, c.high) for c in numbers])
        most_usual = max(usual, key=usual.count)
        same = [c.name for c, one in zip(numbers, usual, strict=True) if one == most_usual]
        raise InputError(
            f"the columns of numbers do not share a scale: {'; '.join(map(described, numbers[:12]))}; name those with "
            f"ratings, e.g. `rating_columns={same[:6]!r}`; or, if all are on one scale, state it with `scale`, "
            "and name values that are no answers with `missing`",
            file=survey.table.path,
            row=1,
        )
    return tuple(c.index for c in rated)


def _kind(column: Column) -> str:
    coding = column.coding
    return coding.family.name if coding is not None and coding.kind == "words" and coding.family else "numbers"


def described(column: Column) -> str:
    """The name of a column of ratings, with the numbers it goes from and to."""
    if column.coding is not None and column.coding.kind == "words":
        return noted(f"{column.name!r} (in words)")
    return noted(f"{column.name!r} ({column.low:g} to {column.high:g})")


def _seen(columns: Sequence[Column]) -> str:
    """The columns that could be meant, in a message, with the options that name them."""
    free = [c.name for c in columns if c.role not in ("system", "named", "empty")]
    if not free:
        return "; it needs a column with what people wrote or one column a statement with their ratings"
    return (
        f"; there is {listed(free, 12)}: name one with what people wrote with `text_columns`, or those with ratings "
        "with `rating_columns`"
    )
