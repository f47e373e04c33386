"""Messages of the library name parameters in backticks, as in Python; here they become flags."""

import ast
import re
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from ..formats.base import Reading
from ..profile import FolkmootError
from ..profile.declared import Declared, declared
from ..profile.options import AuditOptions, Goal, LargeOptions, Options
from ..profile.page_options import PageOptions
from ..profile.prefs_options import PrefsOptions

_PARAMETER = re.compile(r"`([a-z_]+)(?:=([^`]+))?`")
# Parameters of the library whose options the commands declare themselves.
_OTHERS = {
    "repeats": "--repeats",
    "edits": "--edit",
    "model": "--model",
    "price": "--price",
    "evaluate": "--evaluate",
    "rivals": "--rivals",
    "at_least": "--at-least",
    "at_most": "--at-most",
}


def flagged(text: str, called: Mapping[str, str] | None = None) -> str:
    """A message with flags for parameters: `` `min_length` `` is ``--min-length``.

    >>> flagged("relax `min_length`, or take `unit='words'`")
    'relax --min-length, or take --unit words'

    Args:
        text: the message of the library.
        called: the flags that a command has for some parameters, by name or by name and value; None: the usual ones.
    """
    own = called or {}

    def flag(match: re.Match[str]) -> str:
        whole, name, value = match.group().strip("`"), match[1], match[2]
        if whole in own:
            return own[whole]
        if value is None:
            each = _options().get(name)
            return own.get(name) or (each.flag if each else _OTHERS.get(name, match.group()))
        return " ".join([own[name], str(ast.literal_eval(value))]) if name in own else _worded(name, value, whole)

    return _PARAMETER.sub(flag, text)


@contextmanager
def calling(called: Mapping[str, str]) -> Iterator[None]:
    """A context in which errors name parameters by the flags of one command.

    Args:
        called: the flags by name, or by name and value.
    """
    try:
        yield
    except FolkmootError as error:
        error.args = (flagged(str(error), called),)
        raise


@cache
def _options() -> Mapping[str, Declared]:
    """All options that the library's functions declare, by name."""
    return {
        **declared(PrefsOptions),
        **declared(PageOptions),
        **declared(AuditOptions),
        **declared(LargeOptions),
        **declared(Reading),
        **declared(Goal),
        **declared(Options),
    }


def _worded(name: str, value: str, whole: str) -> str:
    each = _options().get(name)
    try:
        return f"`{whole}`" if each is None else shlex.join(each.words(ast.literal_eval(value)))
    except (ValueError, SyntaxError):
        return f"`{whole}`"


def replaced(files: Iterable[Path], before: Collection[Path], lang: str = "en") -> str:
    """A sentence that names the files that were there before and have been replaced; empty if there are none.

    Args:
        files: the files that were written.
        before: the files that were there before.
        lang: the language.
    """
    from ..report.translations import words

    there = [str(file) for file in files if file in before]
    return (
        words(lang).gettext("replaced, as they were there before: %(files)s", files=", ".join(there)) if there else ""
    )
