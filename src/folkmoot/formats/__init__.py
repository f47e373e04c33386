"""Reading and writing what people have: one file per format, one line per format in the registry."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ..profile import InputError, Note, Profile
from . import polis
from .base import Format, ReadOptions, Source, beginning, siblings
from .lines import head
from .polis_files import sniff as is_polis
from .weights import apply_weights, weights_in

# The order is the order of recognition: the more a signature says, the earlier it is asked.
FORMATS: tuple[Format, ...] = (
    Format("polis", "Polis export", is_polis, polis.read, many=True),
)

__all__ = ["FORMATS", "Format", "ReadOptions", "read", "recognise"]


def recognise(source: str | os.PathLike[str]) -> Format:
    """The format of a file or folder, told by its content, never by its name.

    Raises:
        InputError: no format knows it, or a folder holds several files that could be meant.
    """
    return _find(Path(source), None)[0]


def read(
    source: str | os.PathLike[str],
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
) -> Profile:
    """What people said, read from a file or folder of any known format.

    Args:
        source: file or folder, plain or gzip.
        format: id of a format, instead of recognising it.
        id_column: column with the participant's id, where it cannot be told.
        text_columns: columns with what participants wrote, where they cannot be told.
        weight_column: column with the participant's weight (one called ``weight`` is found).
        weights: CSV file with a participant and a weight column, for any format.
        group_columns: columns kept as groups, for reporting only.
        keep: personal or otherwise unused columns to keep, by name.
        flip: turn the sign of every vote (an export whose -1 means agree).
        scale: lowest and highest rating that could be given, where it cannot be told.

    Raises:
        InputError: nothing that can be read, or bad input, with file, row and column.
        MissingExtraError: an optional package is needed.
    """
    path = Path(source)
    found, files = _find(path, format)
    options = ReadOptions(
        id_column, tuple(text_columns), weight_column, tuple(group_columns), tuple(keep), flip, scale
    )
    profile = found.read(files, options)
    return apply_weights(profile, weights_in(Path(weights)), Path(weights)) if weights is not None else profile


def _find(path: Path, wanted: str | None) -> tuple[Format, Source]:
    candidates = FORMATS
    if wanted is not None:
        candidates = tuple(f for f in FORMATS if f.id == wanted)
        if not candidates:
            raise InputError(f"unknown format {wanted!r}; choose one of {', '.join(f.id for f in FORMATS)}")
    if not path.exists():
        raise InputError("there is no such file or folder", file=path)
    if path.is_dir():
        heads = siblings(path)
        if not heads:
            raise InputError("the folder holds no text files; pass the folder with the files in it", file=path)
    else:
        head(path)  # says what is wrong with a file that is no text
        only = beginning(path)
        heads = [only] if only is not None else []
    for candidate in candidates:
        fitting = heads if wanted is not None and not path.is_dir() else [h for h in heads if candidate.sniff(h)]
        if len(fitting) > 1 and not candidate.many:
            names = " and ".join(h.path.name for h in fitting[:4])
            raise InputError(f"holds {len(fitting)} files that could be meant ({names}); pass one of them", file=path)
        if fitting:
            return candidate, Source(path, tuple(fitting))
    raise InputError(_unknown(path, wanted), file=path)


def _unknown(path: Path, wanted: str | None) -> str:
    what = "the folder holds no file that is recognised" if path.is_dir() else "the format is not recognised"
    if wanted is not None:
        return f"{what} as {wanted}; leave the format out to have it recognised"
    return f"{what}; known are {', '.join(f.title for f in FORMATS)}"
