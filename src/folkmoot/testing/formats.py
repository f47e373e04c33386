"""What every format promises: whatever a file holds, reading it ends in a Profile or in an error of one sentence."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..formats.base import FORMATS, Format, ReadOptions, Source, beginning, siblings
from ..formats.doctor import doctor
from ..profile import FolkmootError, InputError, Profile
from .suite import Case, Suite

DAMAGED = 150
BOM = b"\xef\xbb\xbf"
_JUNK = [b'"', b"\r", b"\0", b"\xff", b"{", b"}", b"[", b"-", b"1e999", b"nan", b"\xe2\x80\xa8", b"9" * 30, b"&a *a"]


@dataclass(frozen=True)
class Example:
    """A format with a small example source.

    Args:
        format: the format.
        files: the text of each valid file, by its name; several if the format reads several. The first one is damaged.
    """

    format: Format
    files: Mapping[str, str]

    @property
    def id(self) -> str:
        """The id of the format."""
        return self.format.id

    @property
    def text(self) -> str:
        """The text of the first file."""
        return next(iter(self.files.values()))

    def put(self, folder: Path, content: bytes | None = None) -> Path:
        """Writes the source into a folder, the first file with other content, and returns the path to read."""
        for place, (name, text) in enumerate(self.files.items()):
            raw = text.encode() if place or content is None else content
            (folder / name).write_bytes(raw)
        return folder if len(self.files) > 1 else folder / next(iter(self.files))


def read(example: Example, content: bytes | None = None) -> Profile:
    """Reads the example as its format, the first file with other content.

    Raises:
        FolkmootError: if it cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        return read_at(example.format, example.put(Path(folder), content))


def read_at(format: Format, path: Path) -> Profile:
    """Reads a file, or the recognised files of a folder, as this format.

    Raises:
        FolkmootError: if it cannot be read.
    """
    if path.is_dir():
        files = tuple(head for head in siblings(path) if format.sniff(head))
    else:
        head = beginning(path)
        if head is None:
            raise InputError("is no text", file=path)
        format.sniff(head)  # its result does not matter here, but it must not fail
        files = (head,)
    if not files:
        raise InputError("holds nothing that is recognised", file=path)
    return format.read(Source(path, files), ReadOptions())


def outcome(example: Example, content: bytes) -> None:
    """Checks that reading ends in a Profile that can be diagnosed, or in an error of one sentence."""
    try:
        profile = read(example, content)
    except FolkmootError as error:
        assert str(error), f"an error without a word for {content!r}"
        assert "\n" not in str(error), f"an error of several lines for {content!r}: {error}"
    else:
        assert doctor(profile).participants == profile.n_agents


def alike(one: Profile, other: Profile) -> bool:
    """Whether two profiles hold the same people, statements and answers."""
    a, b = one.answers, other.answers
    return (
        (one.agents.ids, one.agents.texts, one.statements.ids, one.statements.texts)
        == (other.agents.ids, other.agents.texts, other.statements.ids, other.statements.texts)
        and (a.agent.tolist(), a.statement.tolist(), a.value.tolist())
        == (b.agent.tolist(), b.statement.tolist(), b.value.tolist())
        and len(one.comparisons) == len(other.comparisons)
    )


def damaged(text: str, seed: int, count: int | None = None) -> Iterator[bytes]:
    """Damaged copies of a file: cut, with changed bytes, with rows and columns lost, doubled or swapped."""
    for number in range(DAMAGED if count is None else count):
        rng = np.random.default_rng([seed, number])
        raw = text.encode()
        for _ in range(int(rng.integers(1, 4))):
            raw = _damage(raw, rng)
        yield raw


def _damage(raw: bytes, rng: np.random.Generator) -> bytes:
    rows, at = raw.split(b"\n"), int(rng.integers(0, max(len(raw), 1)))
    row, other = (int(rng.integers(0, len(rows))) for _ in range(2))
    what = int(rng.integers(0, 8))
    if what == 0:
        return raw[:at]
    if what == 1:
        return raw[:at] + bytes([int(rng.integers(0, 256))]) + raw[at + 1 :]
    if what == 2:
        sign, column = (b",", b";", b":")[int(rng.integers(0, 3))], int(rng.integers(0, 7))
        return b"\n".join(sign.join(c for i, c in enumerate(r.split(sign)) if i != column) for r in rows)
    if what == 3:
        return b"\n".join([*rows[: row + 1], *rows[row:]])
    if what == 4:
        old, new = rng.permutation(5)[:2]
        signs = (b",", b";", b"\t", b" ", b":")
        return raw.replace(signs[old], signs[new])
    if what == 5:
        return raw[:at] + _JUNK[int(rng.integers(0, len(_JUNK)))] + raw[at:]
    if what == 6:
        rows[row], rows[other] = rows[other], rows[row]
        return b"\n".join(rows)
    return gzip.compress(raw, mtime=0)


def declares_itself(example: Example) -> None:
    """It has a title, and the options that it uses are options that a caller can pass."""
    assert example.format.title, "it has no title"
    unknown = example.format.uses - set(ReadOptions.__dataclass_fields__)
    assert not unknown, f"`uses` names {min(unknown)!r}; there are {', '.join(ReadOptions.__dataclass_fields__)}"


def recognises_its_own(example: Example) -> None:
    """It recognises its file by the content, whatever it is called, and does not recognise everything."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("sample", example.text), ("sample.csv", example.text)):
            file = Path(folder) / name
            file.write_text(content, encoding="utf-8")
            head = beginning(file)
            assert head is not None, "the example is no text"
            assert example.format.sniff(head), f"it does not recognise its own example as {name}"
        letter = Path(folder) / "letter"
        letter.write_text("Dear all,\n\nthank you for the cake.\n", encoding="utf-8")
        head = beginning(letter)
        assert head is not None
        try:
            recognised = example.format.sniff(head)
        except InputError:
            recognised = False
        assert not recognised, "it recognises a letter"


def is_asked_before_looser_formats(example: Example) -> None:
    """Once it is registered, its source is recognised as its own and as no other format's."""
    if example.id in FORMATS:
        from ..formats import recognise

        with tempfile.TemporaryDirectory() as folder:
            recognised = recognise(example.put(Path(folder))).id
        assert recognised == example.id, f"recognised as {recognised}; declare a `signature` that is asked earlier"


def reads_its_own(example: Example) -> None:
    """Its file is read by the rules: ids are unique, and answers belong to people and statements of the profile."""
    profile = read(example)
    assert profile.n_agents or profile.n_statements, "nothing was read"
    assert len(set(profile.agents.ids)) == profile.n_agents, "two people with one id"
    assert len(set(profile.statements.ids)) == profile.n_statements, "two statements with one id"
    assert profile.source, "the profile does not say which format it came from"
    assert doctor(profile).participants == profile.n_agents


def reads_every_encoding_of_the_same(example: Example) -> None:
    """With gzip, a byte-order mark or Windows line endings it reads the same profile."""
    plain = read(example)
    raw = example.text.encode().removeprefix(BOM)
    for what, other in (
        ("with gzip", gzip.compress(raw, mtime=0)),
        ("with a byte-order mark", BOM + raw),
        ("with a byte-order mark and gzip", gzip.compress(BOM + raw, mtime=0)),
        ("with Windows line endings", raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")),
    ):
        try:
            again = read(example, other)
        except FolkmootError as error:
            raise AssertionError(f"not read {what}: {error} (read lines through `Source.head.lines()`)") from error
        if what != "with Windows line endings" or '"' not in example.text:  # a quoted field keeps its own line endings
            assert alike(plain, again), f"something else is read {what}"


def says_where_bytes_are_bad(example: Example) -> None:
    """A byte that is not UTF-8 is an error that names the file and the row."""
    raw = example.text.encode()
    rows = raw.split(b"\n")
    last = max(i for i, row in enumerate(rows) if row)
    rows[last] = rows[last][:-1] + b"\x80"
    try:
        read(example, b"\n".join(rows))
    except InputError as error:
        assert error.file is not None, f"the error names no file: {error}"
        assert error.row is not None, f"the error names no row: {error}"
    else:
        raise AssertionError("a byte that is not UTF-8 was read as if it were")


def refuses_what_it_cannot_read(example: Example) -> None:
    """Any bytes, and damaged copies of its file, end in a Profile or in an error of one sentence."""
    rng = np.random.default_rng(0)
    for size in (1, 3, 10, 100, 400) * 8:
        outcome(example, rng.bytes(size))
    for raw in damaged(example.text, 1):
        outcome(example, raw)


def writes_what_it_reads(example: Example) -> None:
    """It reads back what it writes unchanged."""
    format = example.format
    if format.write is None:
        return
    before = read(example)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "written"
        notes = format.write(before, target)
        assert all(note.what and note.count > 0 for note in notes), "a note of what is lost says nothing"
        after = read_at(format, target)
        a, b = before.answers, after.answers
        assert (a.value.tolist(), a.scale) == (b.value.tolist(), b.scale), "other answers come back"
        assert before.agents.ids == after.agents.ids, "other people come back"
        assert before.statements.texts == after.statements.texts, "other statements come back"


_SUITE: Suite[Example] = Suite(
    declares_itself,
    recognises_its_own,
    is_asked_before_looser_formats,
    reads_its_own,
    reads_every_encoding_of_the_same,
    says_where_bytes_are_bad,
    refuses_what_it_cannot_read,
    writes_what_it_reads,
)


class FormatSuite:
    """Checks a format against its declaration (`folkmoot.formats.Format`), with a small valid source.

    The source is the text of a file, or several texts by the names of their files if the format reads a folder; None
    stands for `Format.example`.
    """

    checks = _SUITE.checks

    def __call__(self, format: Format, source: str | Mapping[str, str] | None = None) -> None:
        """Runs every check.

        Raises:
            AssertionError: if a check fails; the error names the format and the check.
        """
        _SUITE(_example(format, source))

    def cases(self, format: Format, source: str | Mapping[str, str] | None = None) -> list[Case]:
        """Every check, for `pytest.mark.parametrize` with ``ids=str``."""
        return _SUITE.cases(_example(format, source))


def _example(format: Format, source: str | Mapping[str, str] | None) -> Example:
    text = format.example if source is None else source
    assert text, f"{format.id}: there is no example to try it with; declare one (Format.example), or pass one"
    return Example(format, {"sample": text} if isinstance(text, str) else text)


check_format = FormatSuite()
