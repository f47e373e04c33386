"""Which sign means agree, where an export declares it (`polis-export/1`): in summary.csv, and in format.json."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...profile import InputError
from ..base import Head, Notes
from ..table import short

FORMAT = "polis-export/1"
KEY = "vote-convention"
DECLARATION = f"agree=+1;disagree=-1;pass=0;format={FORMAT}"
"""The one convention of the format, as its files state it."""

SIDECAR = {
    "format": FORMAT,
    KEY: DECLARATION,
    "vote": {"agree": 1, "disagree": -1, "pass": 0},
}


@dataclass(frozen=True)
class Convention:
    """What an export declares about its votes.

    Args:
        agree: the value of an agreeing vote, 1 or -1.
        where: the name of the file that says so.
    """

    agree: int
    where: str

    def __str__(self) -> str:
        return f"{self.where} declares that agree is {self.agree:+d}"


def is_sidecar(head: Head) -> bool:
    """Is this the format.json of an export?"""
    start = head.text.lstrip()[:4000]
    return start.startswith("{") and (f'"{KEY}"' in start or '"polis-export/' in start)


def declared(summary: dict[str, str], head: Head | None, sidecar: Head | None, notes: Notes) -> Convention | None:
    """The convention that the files of an export declare; None if none does.

    Args:
        summary: the keys and values of summary.csv.
        head: summary.csv.
        sidecar: format.json.
        notes: the notes to which is added where a file names another version of the format.

    Raises:
        InputError: if a declaration cannot be read, is no convention, or if the two files contradict each other.
    """
    found: list[Convention] = []
    if head is not None and summary.get(KEY, "").strip():
        found.append(_convention(_pairs(summary[KEY], head.path), head.path, notes))
    if sidecar is not None:
        body = _body(sidecar)
        if isinstance(body.get(KEY), str):
            found.append(_convention(_pairs(body[KEY], sidecar.path), sidecar.path, notes))
        if isinstance(body.get("vote"), dict):
            named = {str(key): str(value) for key, value in body["vote"].items()}
            found.append(_convention(named, sidecar.path, notes))
    for other in found[1:]:
        if other.agree != found[0].agree:
            raise InputError(
                f"{found[0]}, but {other}; correct one of them, or take it out",
                file=head.path.parent if head is not None else None,
            )
    return found[0] if found else None


def _pairs(text: str, path: Path) -> dict[str, str]:
    parts = [part.partition("=") for part in text.split(";") if part.strip()]
    pairs = {key.strip(): value.strip() for key, _, value in parts}
    if len(pairs) < len(parts) or not all(equals for _, equals, _ in parts):
        raise _unreadable(text, path)
    return pairs


def _convention(pairs: dict[str, str], path: Path, notes: Notes) -> Convention:
    values = [pairs.get(key, "") for key in ("agree", "disagree", "pass")]
    if not all(re.fullmatch(r"[+-]?\d{1,3}", value) for value in values):
        raise _unreadable("; ".join(f"{key}={value}" for key, value in pairs.items()), path)
    agree, disagree, neutral = map(int, values)
    if (abs(agree), disagree, neutral) != (1, -agree, 0):
        raise InputError(
            f"declares votes of {agree} (agree), {disagree} (disagree) and {neutral} (pass); votes that can be read "
            f"are 1, -1 and 0, or -1, 1 and 0: correct the declaration, or take it out",
            file=path,
            column=KEY,
        )
    if pairs.get("format", FORMAT) != FORMAT:
        notes.add("seen", f"a declared format of {short(pairs['format'])}, read as {FORMAT}", path.name)
    return Convention(agree, path.name)


def _body(head: Head) -> dict[str, Any]:
    try:
        body = json.loads("".join(head.lines()))
    except (ValueError, RecursionError) as error:
        raise InputError(f"is not JSON ({error}); export it again, or take it out", file=head.path) from None
    if not isinstance(body, dict):
        raise InputError("holds no object; export it again, or take it out", file=head.path)
    return body


def _unreadable(text: str, path: Path) -> InputError:
    return InputError(
        f"declares a vote convention that cannot be read, {short(text)}; it is written like "
        "agree=+1;disagree=-1;pass=0: correct it, or take it out",
        file=path,
        column=KEY,
    )
