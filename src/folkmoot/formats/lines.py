"""Opening text: gzip by content, any encoding, any line ending, a hard limit on every line."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO

from ..profile import InputError
from .encodings import by_line, started

MAX_LINE = 10_000_000
"""Longest line in bytes. A longer line means a broken file, which is refused before it fills the memory."""

BLOCK = 1 << 18
"""How many bytes are read at a time."""

HEAD = 1 << 18
"""How many bytes are read to recognise a format."""

_GZIP = b"\x1f\x8b"
_SIGNATURES = (
    (b"PK\x03\x04", "is a zip archive or a workbook where a text file is needed; save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook where a text file is needed; save the sheet as CSV"),
    (b"%PDF", "is a PDF; a table saved as CSV is needed"),
    (b"PAR1", "is a Parquet file where a text file is needed; save it as CSV"),
    (b"version https://git-lfs", "is a Git LFS pointer, not the data; run `git lfs pull`"),
)


def lines(path: Path, encoding: str | None = None, content: bytes | None = None) -> Iterator[str]:
    """Every line with its line ending, decoded.

    Args:
        path: the file to read, plain or gzip.
        encoding: the encoding of the text; None: UTF-8, or what a mark at its start says.
        content: the bytes of the file, where it lies in an archive.

    Raises:
        InputError: if the file cannot be opened, is empty, not text, in another encoding, cut (gzip) or has an endless
            line; the message names file and line.
    """
    return chain.from_iterable(_blocks(path, encoding, content))


def _blocks(path: Path, encoding: str | None, content: bytes | None) -> Iterator[Iterable[str]]:
    """The lines in blocks, which are decoded at once."""
    with opened(path, content) as stream:
        raw = stream.read(4096)
        refuse_what_is_not_text(raw, path)
        start = started(raw, encoding)
        stream.seek(0)
        stream.read(start.skip)
        codec = start.encoding
        if not by_line(codec):
            yield _converted(stream, path, codec)
            return
        row = 1
        for block in _whole_lines(stream, path):
            try:
                text = "" if b"\0" in block else block.decode(codec)
            except UnicodeDecodeError:
                text = ""
            if not text:
                yield _one_by_one(block, row, codec, path)  # says in which line
            else:
                yield io.StringIO(text, newline="")
            row += len(block.splitlines()) if b"\r" in block else block.count(b"\n")


def _whole_lines(stream: IO[bytes], path: Path) -> Iterator[bytes]:
    """The bytes of a text in blocks that end with a line."""
    rest, row = b"", 1
    while block := stream.read(BLOCK):
        end = block.rfind(b"\n") + 1
        if not end:
            rest += block
            if len(rest) > MAX_LINE:
                raise _endless(path, row)
            continue
        whole, rest = rest + block[:end], block[end:]
        row += whole.count(b"\n")
        yield whole
    if rest:
        yield rest


def _one_by_one(block: bytes, row: int, codec: str, path: Path) -> Iterator[str]:
    for number, piece in enumerate(block.splitlines(keepends=True), start=row):
        if b"\0" in piece:
            raise InputError("holds a NUL byte, so it is not a text file; save it as UTF-8 text", file=path, row=number)
        try:
            yield piece.decode(codec)
        except UnicodeDecodeError as error:
            raise _undecodable(error, piece, codec, path, number) from None


def raw_lines(path: Path, content: bytes | None = None) -> Iterator[bytes]:
    """Every line as bytes, for deciding about the encoding.

    Raises:
        InputError: as `lines`, but for the encoding.
    """
    with opened(path, content) as stream:
        for block in _whole_lines(stream, path):
            yield from block.splitlines(keepends=True)


def beginning_of(path: Path, content: bytes | None = None) -> bytes:
    """The first bytes of a file, unpacked.

    Raises:
        InputError: if the file cannot be opened, is empty, or a gzip file that is cut.
    """
    with opened(path, content) as stream:
        raw = stream.read(HEAD)
    if not raw:
        raise InputError("the file is empty", file=path)
    return raw


@contextmanager
def opened(path: Path, content: bytes | None = None) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked.

    Raises:
        InputError: if it cannot be read, then or later.
    """
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


def refuse_what_is_not_text(start: bytes, path: Path) -> None:
    """Refuses what its first bytes show to be no text.

    Raises:
        InputError: if the file is empty, or of a kind that is not read.
    """
    if not start:
        raise InputError("the file is empty", file=path)
    for signature, what in _SIGNATURES:
        if start.startswith(signature):
            raise InputError(what, file=path)


def _converted(stream: IO[bytes], path: Path, encoding: str) -> Iterator[str]:
    """The lines of a text whose bytes cannot be cut into lines."""
    text = io.TextIOWrapper(stream, encoding, newline="")
    number = 0
    try:
        while line := text.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                raise _endless(path, number)
            if "\0" in line:
                raise InputError("holds a NUL, so it is not a text file; save it as UTF-8 text", file=path, row=number)
            yield line
    except UnicodeError as error:
        reason = getattr(error, "reason", None) or error
        raise InputError(
            f"the text is not {encoding} ({reason}); the file is cut, or `encoding` is another",
            file=path,
            row=number + 1,
        ) from None
    finally:
        text.detach()


def _endless(path: Path, number: int) -> InputError:
    what = f"the line is longer than {MAX_LINE // 10**6} MB; check its line endings and quotes"
    return InputError(what, file=path, row=number)


def _undecodable(error: UnicodeDecodeError, raw: bytes, codec: str, path: Path, number: int) -> InputError:
    name = "UTF-8" if codec == "utf-8" else codec
    remedy = "save the file as UTF-8, or say `encoding`" if codec == "utf-8" else "`encoding` is another"
    what = f"byte {error.start + 1} of the line (0x{raw[error.start]:02x}) is not {name}; {remedy}"
    return InputError(what, file=path, row=number)
