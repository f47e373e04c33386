"""What the last page of a folder was told, kept beside it for staff, so that the next one is told the same."""

from __future__ import annotations

import json
import shlex
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from ..profile import InputError
from ..profile.declared import declared
from ..profile.page_options import PageOptions

RECORD = "page.json"
"""The file of the options, in the folder of the page; it is for staff."""


def record(options: PageOptions) -> str:
    """The options as the file has them: only those that say something."""
    said: dict[str, Any] = {}
    for each in fields(options):
        value = getattr(options, each.name)
        if value is None or value in ("", ()):
            continue
        # A picture is found again from wherever the next command is called.
        said[each.name] = str(value.absolute()) if isinstance(value, Path) else value
    return json.dumps({"page": said}, ensure_ascii=False, indent=1) + "\n"


def recorded(*folders: Path) -> tuple[PageOptions, Path | None]:
    """The options of the last page, from the first of some folders that has them, and their file; else the defaults.

    Raises:
        InputError: the file cannot be read or does not hold options of a page.
    """
    file = next((folder / RECORD for folder in folders if (folder / RECORD).is_file()), None)
    if file is None:
        return PageOptions(), None
    wrong = f"does not hold the options of a page; delete it, and {RECORD} is written anew from the options you give"
    try:
        said = json.loads(file.read_text("utf-8"))["page"]
        kinds = {name: each.kind for name, each in declared(PageOptions).items()}
        return PageOptions(**{name: _typed(kinds[name], value) for name, value in said.items()}), file
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InputError):
        raise InputError(wrong, file=file) from None


def taken_over(options: PageOptions, last: PageOptions, given: Collection[str]) -> tuple[PageOptions, dict[str, Any]]:
    """The options with those of the last page where none were given, and which these are by name.

    Args:
        options: as they were given.
        last: of the last page.
        given: the names of those that were given, also with an empty value.
    """
    plain = PageOptions()
    taken = {
        each.name: getattr(last, each.name)
        for each in fields(last)
        if each.name not in given and getattr(last, each.name) != getattr(plain, each.name)
    }
    return replace(options, **taken), taken


def emptied(options: PageOptions) -> PageOptions:
    """The options, where an empty text among several or for a file stands for none."""
    return replace(
        options,
        hidden=tuple(each for each in options.hidden if each.strip()),
        same=tuple(each for each in options.same if each.strip()),
        logo=None if options.logo == Path() else options.logo,
    )


def told_taken(taken: dict[str, Any], file: Path | None) -> str:
    """A line that says which options were taken over; empty if none were."""
    if not taken:
        return ""
    flags = {name: each.flag for name, each in declared(PageOptions).items()}
    words = []
    for name, value in taken.items():
        for one in value if isinstance(value, tuple) and name == "same" else [value]:
            words += [flags[name], ",".join(one) if isinstance(one, tuple) else str(one)]
    example = shlex.join([flags[next(iter(taken))], ""])
    return f"taken over from {file}: {shlex.join(words)} (an empty value resets one: {example})"


@contextmanager
def blaming(taken: dict[str, Any], file: Path | None) -> Iterator[None]:
    """A context in which an error about a picture that was taken over says where its name comes from."""
    try:
        yield
    except InputError as error:
        if "logo" in taken and str(taken["logo"]) in str(error):
            raise InputError(f"{error}; {file} names it: give another with --logo, or --logo '' for none") from None
        raise


def _typed(kind: Any, value: Any) -> Any:
    """A value of the file as the type of its option."""
    if kind == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise TypeError
        return tuple(value)
    if not isinstance(value, str):
        raise TypeError
    return Path(value) if kind is Path else value
