"""Messages of the library name parameters in backticks, as Python has them; here they become flags."""

import ast
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

from ..formats.base import Reading
from ..profile import FolkmootError
from ..profile.declared import Declared, declared
from ..profile.options import AuditOptions, Goal, Options

_PARAMETER = re.compile(r"`([a-z_]+)(?:=([^`]+))?`")
# Parameters of the library whose options the commands declare themselves.
_OTHERS = {"repeats": "--repeats", "model": "--model", "at_least": "--at-least", "at_most": "--at-most"}


def flagged(text: str, called: Mapping[str, str] | None = None) -> str:
    """A message with flags for parameters: `` `min_length` `` is ``--min-length``.

    >>> flagged("relax `min_length`, or take `unit='words'`")
    'relax --min-length, or take --unit words'

    Args:
        text: of the library.
        called: what a command calls some of its parameters, with their value or without; empty: as usual.
    """
    own = called or {}

    def flag(found: re.Match[str]) -> str:
        whole, name, value = found.group().strip("`"), found[1], found[2]
        if whole in own:
            return own[whole]
        if value is None:
            each = _options().get(name)
            return own.get(name) or (each.flag if each else _OTHERS.get(name, found.group()))
        return " ".join([own[name], str(ast.literal_eval(value))]) if name in own else _worded(name, value, whole)

    return _PARAMETER.sub(flag, text)


@contextmanager
def calling(called: Mapping[str, str]) -> Iterator[None]:
    """Within it, errors name parameters as one command calls them.

    Args:
        called: flags by name, or by name and value.
    """
    try:
        yield
    except FolkmootError as error:
        error.args = (flagged(str(error), called),)
        raise


@cache
def _options() -> Mapping[str, Declared]:
    """All that is declared for the library's calls, by name."""
    return {**declared(AuditOptions), **declared(Reading), **declared(Goal), **declared(Options)}


def _worded(name: str, value: str, whole: str) -> str:
    each = _options().get(name)
    try:
        return f"`{whole}`" if each is None else " ".join(each.words(ast.literal_eval(value)))
    except (ValueError, SyntaxError):
        return f"`{whole}`"
