"""Opening text: gzip by content, strict UTF-8, any line ending, a hard limit on every line."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ..profile import InputError

MAX_LINE = 10_000_000
"""Longest line in bytes. A longer line means a broken file, which is refused before it fills the memory."""

HEAD = 1 << 18
"""How many bytes are read to recognise a format."""

_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_SIGNATURES = (
    (b"PK\x03\x04", "is a zip archive or an Excel workbook; unpack it or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook; save the sheet as CSV"),
    (b"\xff\xfe", "is UTF-16; save it as UTF-8"),
    (b"\xfe\xff", "is UTF-16; save it as UTF-8"),
    (b"%PDF", "is a PDF; a table saved as CSV is needed"),
    (b"PAR1", "is a Parquet file; save it as CSV"),
    (b"version https://git-lfs", "is a Git LFS pointer, not the data; run `git lfs pull`"),
)


def lines(path: Path, encoding: str | None = None, content: bytes | None = None) -> Iterator[str]:
    """Every line with its line ending, decoded.

    Args:
        path: the file to read, plain or gzip.
        encoding: the encoding of the text; None: UTF-8.
        content: the bytes of the file, where it lies in an archive.

    Raises:
        InputError: if the file cannot be opened, is empty, not text, not UTF-8, cut (gzip) or has an endless line;
            the message names file and line.
    """
    number = 0
    with _opened(path, content) as stream:
        first = True
        while True:
            raw = stream.readline(MAX_LINE + 1)
            if first:
                _refuse_what_is_not_text(raw, path)
                raw, first = raw.removeprefix(_BOM), False
            if not raw:
                return
            if len(raw) > MAX_LINE:
                raise InputError(
                    f"the line is longer than {MAX_LINE // 10**6} MB; check its line endings and quotes",
                    file=path,
                    row=number + 1,
                )
            # A lone carriage return ends a line too (old Mac, mixed files), which readline does not know.
            for piece in raw.splitlines(keepends=True) if b"\r" in raw else (raw,):
                number += 1
                yield _decoded(piece, path, number, encoding or "utf-8")


def head(path: Path, encoding: str | None = None, content: bytes | None = None) -> str:
    """The beginning of a file, leniently decoded: only for recognising it, never for reading.

    Raises:
        InputError: for the same reasons as `lines`.
    """
    with _opened(path, content) as stream:
        raw = stream.read(HEAD)
    _refuse_what_is_not_text(raw, path)
    if b"\0" in raw:
        raise InputError("holds NUL bytes, so it is not a text file; a table saved as CSV is needed", file=path)
    return raw.removeprefix(_BOM).decode(encoding or "utf-8", errors="replace")


@contextmanager
def _opened(path: Path, content: bytes | None) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") if content is None else io.BytesIO(content) as plain:
            magic = plain.read(2)
            plain.seek(0)
            if magic == _GZIP:
                with gzip.GzipFile(fileobj=plain) as packed:
                    yield packed  # type: ignore[misc]
            else:
                yield plain
    except FileNotFoundError:
        raise InputError("there is no such file", file=path) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"the gzip file is cut or damaged ({error}); fetch it again", file=path) from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", file=path) from None


def _refuse_what_is_not_text(start: bytes, path: Path) -> None:
    if not start:
        raise InputError("the file is empty", file=path)
    for signature, what in _SIGNATURES:
        if start.startswith(signature):
            raise InputError(what, file=path)


def _decoded(raw: bytes, path: Path, number: int, encoding: str) -> str:
    if b"\0" in raw:
        raise InputError("holds a NUL byte, so it is not a text file; save it as UTF-8 text", file=path, row=number)
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"byte {error.start + 1} of the line (0x{raw[error.start]:02x}) is not UTF-8; save the file as UTF-8",
            file=path,
            row=number,
        ) from None
