"""Small tables for tests of reading, and what is said about them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from folkmoot.cli.diagnosis import render
from folkmoot.formats import doctor, read
from folkmoot.profile import InputError, Profile

OPINIONS = (
    "The market hall should open on Sundays as well.",
    "Please mend the steps down to the river.",
    "More shade for the playground would be good.",
    "Buses ought to run until midnight at least.",
    "I miss a place where young people can meet.",
    "Lorries should be kept out of the old town.",
    "A public toilet near the station is missing.",
    "Cheaper swimming lessons for all children, please.",
)


def table(header: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ",") -> str:
    """A table as text."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def saved(folder: Path, text: str, name: str = "survey.csv") -> Path:
    """The table as a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path, match: str, **options: object) -> str:
    """The sentence with which a table is refused."""
    with pytest.raises(InputError, match=match) as caught:
        read(path, **options)  # type: ignore[arg-type]
    return str(caught.value)


def said(profile: Profile) -> str:
    """What `doctor` says of it."""
    return render(doctor(profile))


def values(profile: Profile, statement: str) -> list[float]:
    """The answers to a statement, in the order of the people."""
    a = profile.answers
    mine = a.statement == profile.statements.ids.index(statement)
    return [float(v) for _, v in sorted(zip(a.agent[mine].tolist(), a.value[mine].tolist(), strict=True))]
