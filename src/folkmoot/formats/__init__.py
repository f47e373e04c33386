"""Reading and writing what people have: one file per format. A new one is one file and one line here."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, cast

from ..profile import InputError, Note, Profile
from ..profile.declared import changed, declared
from . import (
    abcvoting,
    abif,
    blt,
    community_notes,
    comparisons,
    cvotes,
    lists,
    pabulib,
    polis,
    polis_api,
    preference_pairs,
    preflib,
    prism,
    ranks,
    ratings,
    repeats,
    scottish,
    surveys,
    texts,
    votekit,
)
from .attribution import attribution
from .base import FORMATS, Format, Head, Notes, ReadOptions, Signature, Source, head_of, heads_of
from .doctor import Diagnosis, doctor
from .follows import apply_follows, follows_in
from .frames import InMemory, are_texts, heads_of_frames, in_memory
from .objects import missing as missing_file
from .objects import path_of, single_column
from .ratings import without_person
from .sample import sampled
from .sums import refused
from .survey_plan import holds, taken_for
from .table import listed, one_column, plain
from .weights import apply_weights, weights_in


def written_formats() -> tuple[str, ...]:
    """Ids of the formats that can be written."""
    return tuple(each.id for each in FORMATS.values() if each.write is not None)


__all__ = [
    "FORMATS",
    "Diagnosis",
    "Format",
    "Head",
    "Notes",
    "ReadOptions",
    "Signature",
    "Source",
    "doctor",
    "read",
    "recognise",
    "write",
    "written_formats",
]


def recognise(source: str | os.PathLike[str] | InMemory) -> Format:
    """The format of a file, a folder or a table in memory, recognised by its content, never by its name.

    Raises:
        InputError: if no format recognises it, or if a folder holds several files that could be meant.
    """
    return _find(source, None)[0]


def read(
    source: str | os.PathLike[str] | InMemory,
    *,
    format: str | None = None,
    id_column: str | None = None,
    text_columns: Sequence[str] = (),
    weight_column: str | None = None,
    weights: str | os.PathLike[str] | None = None,
    group_columns: Sequence[str] = (),
    keep: Sequence[str] = (),
    flip: bool = False,
    scale: tuple[float, float] | None = None,
    rating_columns: Sequence[str] = (),
    missing: Sequence[str] = (),
    repeated: Literal["last", "first", "refuse"] | None = None,
    encoding: str | None = None,
    importance: bool = False,
    follows: str | os.PathLike[str] | None = None,
    sample: int | None = None,
) -> Profile:
    """Reads what people said from a file or folder of any known format, or from a table in memory.

    Args:
        source: the file or folder to read, plain or gzip; or a frame of pandas or polars, columns by name, a list of
            records (dictionaries) or of texts, which are read as the same table in a file would be; or several frames
            by name, which are read as the files of a folder would be.
        format: id of a format, instead of recognising it.
        id_column: column with the participant's id, where it cannot be recognised.
        text_columns: columns with what participants wrote, where they cannot be recognised.
        weight_column: column with the participant's weight; a column called weight needs no naming.
        weights: CSV file with a participant and a weight column, for any format.
        group_columns: columns kept as groups, for reporting only.
        keep: personal or otherwise unused columns to keep, by name.
        flip: turn the sign of every vote (an export whose -1 means agree).
        scale: worst and best possible rating, where they cannot be recognised; the higher number can be the worst.
        rating_columns: columns with ratings, by name or by a pattern like q*.
        missing: values that are no answers, like 99 or Don't know.
        repeated: which answer counts if somebody answers twice; without it the last by time, and without times none.
        encoding: encoding of the text, where it is not recognised rightly.
        importance: count votes double that people marked as important.
        follows: CSV file with a follower and a followed column: who follows whom, by participants' ids
            (``predict="social-poisson"``).
        sample: read only so many people, drawn at random; the same number draws the same people. None: everybody.

    Raises:
        InputError: if there is nothing that can be read, if the input is broken (the message names file, row and
            column), or if an option has no use for this source.
        MissingExtraError: if an optional package is needed that is not installed.
    """
    source = cast("str | os.PathLike[str] | InMemory", single_column(source))
    named = "texts" if text_columns else "ratings-wide" if rating_columns else ""
    recognised, files = _find(source, format, id_column, named, encoding)
    path = files.path
    options = ReadOptions(
        id_column,
        tuple(text_columns),
        weight_column,
        tuple(group_columns),
        tuple(keep),
        flip,
        scale,
        tuple(rating_columns),
        tuple(missing),
        repeated,
        encoding,
        importance,
    )
    _refuse_useless(recognised, options, path)
    profile = recognised.read(files, options)
    _refuse_unknown("group_columns", options.group_columns, profile.agents.groups, path)
    _refuse_unknown("keep", options.keep, profile.agents.extra, path)
    profile = replace(profile, notes=(*profile.notes, *files.notes()))
    credit = None if in_memory(source) else attribution(path)
    if credit is not None:
        profile = replace(profile, facts={**profile.facts, "attribution": credit})
    if weights is not None:
        profile = apply_weights(profile, weights_in(head_of(Path(weights))), Path(weights))
    if follows is not None:
        profile = apply_follows(profile, follows_in(head_of(Path(follows))), Path(follows))
    return sampled(profile, sample)


def write(profile: Profile, target: str | os.PathLike[str], format: str) -> tuple[Note, ...]:
    """Writes a profile, whole or not at all, and says what the format could not hold.

    Args:
        profile: the profile to write.
        target: the file to write, or the folder (Polis).
        format: the id of a format that can be written; ``csv`` stands for ``ratings``.

    Returns:
        Notes that count what is not in the file, or not as it stood in the profile.

    Raises:
        InputError: if the format is unknown or cannot hold the profile, or if the target cannot be written.
    """
    writers = {f.id: f for f in FORMATS.values() if f.write is not None}
    writer = writers.get("ratings" if format == "csv" else format)
    if writer is None or writer.write is None:
        raise InputError(f"cannot write {format!r}; choose one of {', '.join(writers)}")
    notes = writer.write(profile, Path(target))
    compared = 0 if writer.compares else len(profile.comparisons)
    return (*notes, *([Note("dropped", "not written: comparisons", compared)] if compared else []))


def _refuse_useless(format: Format, options: ReadOptions, path: Path) -> None:
    for each in changed(options, ReadOptions()):
        if each.name not in format.uses and each.name != "encoding":
            useful = ", ".join(f"`{name}`" for name in declared(ReadOptions) if name in format.uses) or "none of them"
            raise InputError(
                f"`{each.name}` has no use here: {format.title} has no {each.option.needs} "
                f"(options that it takes: {useful})",
                file=path,
            )


def _refuse_unknown(option: str, names: Sequence[str], available: Iterable[str], path: Path) -> None:
    known_columns = list(available)
    missing = [name for name in names if plain(name) not in set(map(plain, known_columns))]
    if missing:
        hint = f"; there is {listed(known_columns)}" if known_columns else ""
        raise InputError(f"`{option}` names a column that is not there, {missing[0]!r}{hint}", file=path)


def _find(
    source: object,
    wanted: str | None,
    id_column: str | None = None,
    named: str = "",
    encoding: str | None = None,
) -> tuple[Format, Source]:
    if wanted is None and are_texts(source):
        wanted = "list"
    candidates = list(FORMATS.values()) if wanted is None else [FORMATS.find(wanted)]
    if in_memory(source):
        tables = heads_of_frames(source, id_column)
        path = tables[0].path if len(tables) == 1 else Path("frames")
        return _fitting(path, candidates, tables, wanted, id_column, named, tuple(tables), len(tables) > 1)
    path = path_of(source)
    try:
        exists, heads = path.exists(), heads_of(path, encoding, id_column) if path.is_dir() else []
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read ({getattr(error, 'strerror', None) or error})", file=path) from None
    if not exists:
        raise InputError(missing_file(path), file=path if "\n" not in str(path) else None)
    if not path.is_dir() and not path.is_file():
        raise InputError("is a pipe or device, not a file; save it to a file first, and pass that file", file=path)
    if path.is_dir():
        if not heads:
            raise InputError("the folder holds no text files; pass the folder with the files in it", file=path)
    else:
        heads = heads_of(path, encoding, id_column)
    if len(heads) == 1:
        heads = [replace(heads[0], alone=True)]
    packed = () if path.is_dir() or heads[0].path == path else tuple(heads)
    several = path.is_dir() or len(packed) > 1
    return _fitting(path, candidates, heads, wanted, id_column, named, packed, several)


def _fitting(
    path: Path,
    candidates: Sequence[Format],
    heads: list[Head],
    wanted: str | None,
    id_column: str | None,
    named: str,
    packed: tuple[Head, ...],
    several: bool,
) -> tuple[Format, Source]:
    """The format to which one of the files belongs, or several of them together.

    Args:
        path: the path as the caller passed it.
        candidates: the formats that may be meant, in the order in which they are asked.
        heads: the files.
        wanted: the format that the caller names.
        id_column: the column that the caller names as the participant's id.
        named: the format that the columns mean that the caller names.
        packed: all files there are, where they are no folder's.
        several: whether files lie together that may belong together.
    """
    for candidate in candidates:
        forced = wanted is not None and not several
        fitting = heads if forced else [h for h in heads if _fits(candidate, h, several)]
        if len(fitting) > 1 and not candidate.many:
            fitting = _tables_first(fitting)
        if len(fitting) > 1 and not candidate.many:
            names = " and ".join(h.path.name for h in fitting[:4])
            raise InputError(f"holds {len(fitting)} files that could be meant ({names}); pass one of them", file=path)
        if fitting:
            if wanted is None and candidate.signature >= Signature.COLUMNS:
                if named in _TABLES and candidate.id in _TABLES:
                    candidate = FORMATS[named]
                elif not named:
                    _refuse_sums(fitting[0])
            return candidate, Source(path, tuple(fitting), packed)
    if wanted is None and not named and len(heads) == 1:
        _refuse_sums(heads[0])
    if (named or id_column is not None) and wanted is None and len(heads) == 1:
        # Columns were named: then a table is one of texts or of ratings, whatever its columns are called.
        held = {"ratings": "ratings-wide"}.get(holds(heads[0]) or "", "texts")
        return FORMATS[named or held], Source(path, tuple(heads), packed)
    raise InputError(_unknown(path, wanted, heads), file=path)


def _no_roles(head: Head) -> str:
    """The message for a file that is no text of lines, and whose table is not recognised."""
    if head.trouble is not None:
        raise head.trouble
    if found := without_person(head):
        return f"{found}; the columns are {listed(head.table.header, 12)}"
    return (
        f"{head.what} with the columns {listed(head.table.header, 12)}, which do not say who answered what; call them "
        "participant, statement_id and rating (a row an answer), or user_id and text (a row a person)"
    )


_TABLES = ("texts", "comments", "ratings-wide")
"""Formats between which the columns decide that a caller names."""


def _tables_first(heads: list[Head]) -> list[Head]:
    """Of several files that could be meant the one that is a table of text, beside JSON and the like, with a note."""
    tables = [head for head in heads if head.kind is None]
    if len(tables) == 1:
        others = [head.path.name for head in heads if head.kind is not None]
        what = f"files beside that could be meant too: {listed(others)}; pass one of them to read it instead"
        tables[0].notes.put("unused", what, tables[0].path.name, len(others))
        return tables
    return heads


def _refuse_sums(head: Head) -> None:
    why = refused(head)
    if why:
        raise InputError(why, file=head.path, row=1)


def _fits(candidate: Format, head: Head, one_of_many: bool) -> bool:
    try:
        return candidate.sniff(head)
    except InputError:
        if one_of_many:
            return False  # something else that lies in the folder
        raise


def _unknown(path: Path, wanted: str | None, heads: Sequence[Head]) -> str:
    if wanted is None and len(heads) == 1 and heads[0].kind is not None:
        return _no_roles(heads[0])
    if wanted is not None:
        return f"is not recognised as {wanted}; leave the format out to have it recognised"
    if path.is_dir():
        if any(p.is_dir() for p in path.iterdir()):
            return "holds no file that is recognised; pass one of the folders or files in it"
        return f"holds no file that is recognised ({listed([h.path.name for h in heads])})"
    table = heads[0].table if heads else None
    if table is None or not table.header or not any(table.header):
        return "the format is not recognised"
    if len(table.header) == 1:
        return one_column(table.header[0])
    if not heads[0].sample():
        return "the table has a header and no rows"
    if found := without_person(heads[0]):
        return f"{found}; the columns are {taken_for(heads[0])}"
    return (
        "no column is recognised as what people wrote or as their ratings; the columns are "
        f"{taken_for(heads[0])}: name the participant's with `id_column`, and what people wrote with "
        "`text_columns` or their ratings with `rating_columns`"
    )
