"""An organiser's wording of a statement: the new text, and the one that people voted on."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..profile import InputError, Profile


@dataclass(frozen=True)
class Edit:
    """A statement that is published in other words than it was voted on.

    Args:
        id: of the statement.
        text: the organiser's wording.
        original: what people voted on. All answers, and every figure made of them, are about this.
    """

    id: str
    text: str
    original: str

    def sentence(self) -> str:
        """What a reader has to be told beside the new wording."""
        return f"Edited by the organisers; people voted on: “{self.original.strip()}”"


def edits_of(profile: Profile, given: Mapping[str, str]) -> tuple[Edit, ...]:
    """Edits in the order given; a wording that is the statement's own already is no edit.

    Nothing is replaced in the profile: votes stay votes on the old text, and a choice is made of the old texts.

    Args:
        profile: with the statements.
        given: new wording by statement id.

    Raises:
        InputError: an id that is not in the profile, a wording without words.
    """
    found = []
    for name, text in given.items():
        column = profile.statement_index.get(name)
        if column is None:
            raise InputError(f"the source has no statement {name!r}; name statements by the ids of the source")
        if not text.strip():
            raise InputError(f"the new wording of statement {name!r} is empty; lock it out instead")
        original = profile.statements.texts[column]
        if " ".join(text.split()) != " ".join(original.split()):
            found.append(Edit(name, " ".join(text.split()), original))
    return tuple(found)


def read_edits(profile: Profile, path: Path) -> tuple[Edit, ...]:
    """Edits from a JSON object ``{"id": "new wording"}`` or a CSV table with the columns ``id`` and ``text``.

    Args:
        profile: with the statements.
        path: of the file, UTF-8.

    Raises:
        InputError: the file cannot be read, is neither, names a statement twice; as `edits_of`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", file=path) from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8; save it as UTF-8", file=path) from None
    try:
        return edits_of(profile, _json(text) if text.lstrip().startswith("{") else _csv(text))
    except InputError as error:
        raise InputError(str(error), file=path) from None


def _json(text: str) -> dict[str, str]:
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON ({error})") from None
    if not all(isinstance(value, str) for value in found.values()):
        raise InputError('must be an object of texts, as {"17": "More buses in the evening."}')
    return dict(found)


def _csv(text: str) -> dict[str, str]:
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    names = {name.strip().lower(): name for name in rows[0] if name} if rows else {}
    if not {"id", "text"} <= set(names):
        raise InputError("needs a table with the columns id and text, or a JSON object of texts by id")
    return _once([((row[names["id"]] or "").strip(), row[names["text"]] or "") for row in rows])


def _once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, _ in pairs if sum(name == other for other, _ in pairs) > 1)
        raise InputError(f"statement {twice!r} is edited twice; keep one wording")
    return found
