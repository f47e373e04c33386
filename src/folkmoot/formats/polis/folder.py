"""Which files of a folder are read: one of each kind."""

from __future__ import annotations

from collections.abc import Sequence

from ...profile import InputError
from ...profile.sentences import noted
from ..base import Head, Notes, Source
from ..table import listed
from .files import STATEMENT, Files, kind

_TITLES = {
    "comments": noted("comments file"),
    "votes": noted("file of votes"),
    "matrix": noted("table of participants"),
    "importance": noted("table of importance"),
}


def files_of(source: Source, notes: Notes) -> Files:
    """The conversation's files among those that lie in the same folder.

    Of two files of one kind the one is read that the caller passed by name. Of two comments files beside a file of
    votes that was passed by name it is the one that lists most of the statements voted on.

    Args:
        source: what is read.
        notes: the notes to which is added which files were left out.

    Raises:
        InputError: if there are two files of one kind, or if a file that is needed is missing.
    """
    found: dict[str, list[Head]] = {}
    files = Files()
    for head in source.beside:
        try:
            file_kind = kind(head)
        except InputError:  # something else that lies in the folder
            file_kind = None
        if file_kind is None or file_kind == "extra":
            files.unused.append(head.path.name)
        else:
            found.setdefault(file_kind, []).append(head)
    for file_kind in sorted(found, key=lambda name: name == "comments"):  # these are chosen by the votes
        setattr(files, file_kind, _one(file_kind, found[file_kind], files, source, notes))
    if files.votes is None and files.matrix is None:
        if files.importance is not None:
            raise InputError(
                "says what people marked as important (1, 0 or nothing), and importance is no vote: add votes.csv "
                "(comment-id, voter-id, vote) or participant-votes.csv",
                file=files.importance.path,
            )
        if files.comments is not None:
            raise InputError(
                "has comments but no votes: add votes.csv (comment-id, voter-id, vote) or participants-votes.csv",
                file=source.path,
            )
    if files.comments is None:
        raise InputError(
            "has no comments file (comment-id, author-id, agrees, disagrees, moderated, comment-body): put "
            "comments.csv of the export beside it, and pass the folder",
            file=source.path,
        )
    return files


def _one(file_kind: str, heads: Sequence[Head], files: Files, source: Source, notes: Notes) -> Head:
    if len(heads) == 1:
        return heads[0]
    named = [head for head in heads if head.path == source.path]
    why = noted("it was named")
    if not named and file_kind == "comments" and source.path.is_file():
        named, why = _fitting(heads, files), noted("it lists the statements that were voted on")
    if len(named) != 1:
        # Only these are recognised when they are passed alone.
        or_name = ", or pass the one that is meant by name" if file_kind in _TITLES else ""
        raise InputError(
            f"holds two files of the same kind, {heads[0].path.name} and {heads[1].path.name}: move one of them "
            f"into a folder of its own{or_name}",
            file=source.path,
        )
    others = [head.path.name for head in heads if head is not named[0]]
    title = _TITLES.get(file_kind, "file of its kind")
    read, unread = named[0].path.name, listed(others)
    notes.add(
        "unused",
        noted(f"another {title} beside {read}, which is read because {why}: {unread}"),
        others,
        len(others),
    )
    return named[0]


def _fitting(heads: Sequence[Head], files: Files) -> list[Head]:
    """The comments files that leave out fewest of the statements that were voted on."""
    voted: set[str] = set()
    if files.matrix is not None:
        voted |= {name for name in files.matrix.open().header if name.isdigit()}
    if files.votes is not None:
        voted |= _ids(files.votes)
    missing = [len(voted - _ids(head)) for head in heads]
    return [head for head, number in zip(heads, missing, strict=True) if number == min(missing)]


def _ids(head: Head) -> set[str]:
    table = head.open()
    at = table.find(*STATEMENT)
    return set() if at is None else {cells[at].strip() for _, cells in table.rows(check=False) if len(cells) > at}
