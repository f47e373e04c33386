"""An organiser's wording of a statement: the new text, and the one that people answered."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..profile import InputError, Profile, Slate, SlateStatement
from ..profile.costs import words
from ..profile.sentences import noted


@dataclass(frozen=True)
class Edit:
    """A statement that is published in other words than those that people answered.

    Args:
        id: the id of the statement.
        text: the organiser's wording.
        original: the wording of the source. All answers, and every figure that is made of them, are about this one.
    """

    id: str
    text: str
    original: str


def edited(slate: Slate, edits: Sequence[Edit]) -> Slate:
    """A slate with the organiser's wordings: every statement keeps the text that people answered as ``original``.

    A statement that costs its words costs those of the new wording. Whom it stands for was settled by what the wording
    costs that people answered, and stays.

    Args:
        slate: the slate, in the words of the source.
        edits: the wordings; those of statements that are not in the slate change nothing.
    """
    by_id = {edit.id: edit for edit in edits}

    def worded(statement: SlateStatement) -> SlateStatement:
        edit = by_id.get(statement.id)
        if edit is None:
            return statement
        cost = words(edit.text) if slate.unit == "words" else statement.cost
        return replace(statement, text=edit.text, original=edit.original, cost=cost)

    return replace(slate, statements=tuple(map(worded, slate.statements)))


def edits_in(profile: Profile, slate: Slate) -> tuple[Edit, ...]:
    """The edits that a slate holds: those of its statements, and those of its record that were of others.

    Args:
        profile: the profile with the statements.
        slate: the slate with its record, or one written by hand.

    Raises:
        InputError: the record holds an edit that is none of this profile's.
    """
    recorded = slate.process.get("edits")
    if recorded is not None and not (
        isinstance(recorded, Mapping) and all(isinstance(text, str) for text in recorded.values())
    ):
        raise InputError("process.edits must be an object of texts by id")
    unused = {name: text for name, text in (recorded or {}).items() if name not in {s.id for s in slate.statements}}
    # As found: whoever wrote the slate by hand may have left the id out.
    found = tuple(Edit(s.id, s.text, s.original) for s in slate.statements if s.original not in ("", s.text))
    return (*found, *edits_of(profile, unused))


def notes_on(slate: Slate, edits: Sequence[Edit]) -> tuple[str, ...]:
    """What a reader of the figures has to know of the edits; the wordings themselves stand beside their statements.

    Args:
        slate: the slate with the new wordings.
        edits: all edits that were given.
    """
    # By their ids: numbers are those of the page, whose order is not known before the audit.
    chosen, edited_ids = {s.id for s in slate.statements}, {edit.id for edit in edits}
    used = [s for s in slate.statements if s.id in edited_ids]
    notes = []
    if used:
        listed, one = _listed([one.id for one in used]), len(used) == 1
        notes.append(
            noted(
                f"The statement with the id {listed} is edited by the organiser. All answers, and all figures that "
                "rest on them, are about the wording of the source; nobody answered the new wording."
                if one
                else f"The statements with the ids {listed} are edited by the organiser. All answers, and all figures "
                "that rest on them, are about the wordings of the source; nobody answered the new wordings."
            )
        )
        if slate.unit == "words":
            notes.append(_costs(slate, used))
    unused = [edit.id for edit in edits if edit.id not in chosen]
    if unused:
        names = _listed(unused)
        notes.append(
            noted(
                f"The statement with the id {names} was not chosen, so its edit is not used."
                if len(unused) == 1
                else f"The statements with the ids {names} were not chosen, so their edits are not used."
            )
        )
    return tuple(notes)


def _listed(names: Sequence[str]) -> str:
    return noted(f"{', '.join(names[:-1])} and {names[-1]}") if len(names) > 1 else names[0]


def _costs(slate: Slate, used: Sequence[SlateStatement]) -> str:
    """What the edits change in costs, in one sentence or two; the slate is counted in words."""
    now, before = sum(s.cost or 0 for s in used), sum(words(s.original) for s in used)
    over, cost, budget = slate.cost - slate.budget, slate.cost, slate.budget
    more = ""
    if over > 0:
        more = noted(
            f" So the slate has {cost:,} words, {over:,} more than its budget of {budget:,}: shorten the new wording, "
            "or publish it as it is."
        )
    if len(used) == 1:
        return noted(
            f"In the new wording it costs {now:,} instead of {before:,} words; whom each statement stands for was "
            f"settled by the old cost.{more}"
        )
    return noted(
        f"In the new wordings they cost {now:,} instead of {before:,} words; whom each statement stands for was "
        f"settled by the old cost.{more}"
    )


def edits_of(profile: Profile, given: Mapping[str, str]) -> tuple[Edit, ...]:
    """Edits in the order given; a wording that is the statement's own already is no edit.

    Nothing is replaced in the profile: votes stay votes on the old text, and a choice is made of the old texts.

    Args:
        profile: the profile with the statements.
        given: the new wordings by the ids of the statements.

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
        profile: the profile with the statements.
        path: the path of the file, in UTF-8.

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
