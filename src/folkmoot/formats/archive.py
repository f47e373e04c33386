"""Zip files: what is in them, unpacked within limits; nothing is written to the disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from ..profile import InputError
from .lines import opened

MOST_FILES = 1_000
MOST_BYTES = 1_000_000_000
"""The most that an archive may hold, unpacked: beyond that it is refused before it fills the memory."""

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")


def members(path: Path, content: bytes | None = None) -> tuple[str, ...]:
    """The names of the files in an archive.

    Raises:
        InputError: if it is damaged.
    """
    with opened(path, content) as stream:
        return tuple(info.filename for info in _listed(zipfile_of(stream.read(), path)))


def unpacked(path: Path, content: bytes | None = None) -> dict[str, bytes]:
    """The files in an archive by their names, without hidden ones.

    Raises:
        InputError: if it is damaged, has a password, or holds more than can be unpacked.
    """
    with opened(path, content) as stream:
        archive = zipfile_of(stream.read(), path)
    infos = [info for info in _listed(archive) if not _hidden(info.filename)]
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_BYTES:
        raise InputError(
            f"the zip archive holds more than {MOST_FILES:,} files or {MOST_BYTES // 10**6:,} MB; unpack it, and pass "
            "the folder with what belongs together",
            file=path,
        )
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    for info in infos:
        try:
            with archive.open(info) as member:
                files[info.filename] = member.read(left + 1)
        except RuntimeError:
            raise InputError("the zip archive has a password; unpack it, and pass the folder", file=path) from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise _damaged(path, error) from None
        left -= len(files[info.filename])
        if left < 0:
            raise InputError(f"the zip archive unpacks to more than {MOST_BYTES // 10**6:,} MB", file=path)
    return files


def zipfile_of(raw: bytes, path: Path) -> zipfile.ZipFile:
    """An archive in memory.

    Raises:
        InputError: if it is damaged.
    """
    try:
        return zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError, LookupError) as error:
        raise _damaged(path, error) from None


def _listed(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [info for info in archive.infolist() if not info.is_dir()]


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def _damaged(path: Path, error: Exception) -> InputError:
    reason = " ".join(str(error).split())[:80]
    return InputError(
        f"is an Excel workbook or a zip archive that is cut or damaged ({reason}); fetch it again, or save it as CSV",
        file=path,
    )
