"""Options are declared once, on the field of the dataclass that holds them; everything else is derived from that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cache
from math import isfinite
from os import PathLike
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from .errors import InputError
from .slate import LARGEST

T = TypeVar("T")


@dataclass(frozen=True)
class Option:
    """The declaration of an option besides its name, type and default, e.g. ``Annotated[int, Option("...", ...)]``.

    Args:
        help: the description, in full sentences; other options stand in backticks, as in all messages.
        panel: the group of options to which it belongs.
        flag: the flag on the command line; empty: the flag made from its name.
        minimum: the lowest number that it can be.
        engines: the engines that take it; empty: all of them.
        needs: what a source must have for it, e.g. ``votes``; empty: nothing in particular.
        metavar: what the command line shows for its value; empty: what is usual for its type.
        separated: whether the command line takes several values in one text, separated by commas.
    """

    help: str
    panel: str
    flag: str = ""
    minimum: int | None = None
    engines: tuple[str, ...] = ()
    needs: str = ""
    metavar: str = ""
    separated: bool = False


@dataclass(frozen=True)
class Declared:
    """An option together with the name, type and default of its field.

    Args:
        name: the name of the parameter.
        kind: the type of the parameter, without None.
        optional: whether the parameter can be None.
        default: the value if none is passed; `dataclasses.MISSING`: a value must be passed.
        option: the rest of the declaration.
    """

    name: str
    kind: Any
    optional: bool
    default: Any
    option: Option

    @property
    def flag(self) -> str:
        """The flag on the command line."""
        return self.option.flag or f"--{self.name.replace('_', '-')}"

    @property
    def choices(self) -> tuple[str, ...]:
        """All values that the option can have, if they are listed."""
        return get_args(self.kind) if get_origin(self.kind) is Literal else ()

    def fits(self, engine: str) -> bool:
        """Whether this engine takes the option."""
        return not self.option.engines or engine in self.option.engines

    def checked(self, value: Any) -> Any:
        """The value, a list as a tuple.

        Raises:
            InputError: if the option cannot have this value.
        """
        if value is None and self.optional:
            return None
        if get_origin(self.kind) is tuple:
            if isinstance(value, str):
                raise InputError(f"`{self.name}` must be a list, not the text {value!r}")
            value = tuple(value)
        wanted = self._wanted(value)
        if wanted:
            raise InputError(f"`{self.name}` must be {wanted}, not {value!r}")
        return value

    def words(self, value: Any) -> list[str]:
        """The option with this value, as arguments of a command."""
        if self.kind is bool:
            return [self.flag] if value else []
        if self.option.separated:
            return [self.flag, ",".join(f'"{part}"' if "," in part else str(part) for part in value)]
        if self.kind == tuple[str, ...]:
            return [word for part in value for word in (self.flag, str(part))]
        if self.kind == tuple[float, ...]:
            return [self.flag, ",".join(map(repr, value))]
        if self.kind == tuple[float, float]:
            return [self.flag, "..".join(f"{bound:g}" for bound in value)]
        return [self.flag, str(value)]

    def _wanted(self, value: Any) -> str:
        """What the value should be and is not; empty: the value is valid."""
        least = self.option.minimum
        bound = "" if least is None else f" of at least {least}"
        if self.kind is bool:
            return "" if isinstance(value, bool) else "True or False"
        if self.kind is int:
            whole = isinstance(value, int) and not isinstance(value, bool)
            above = -LARGEST if least is None else least
            return "" if whole and above <= value <= LARGEST else f"a whole number{bound}, up to {LARGEST:,}"
        if self.kind is float:
            return "" if _number(value) and (least is None or value >= least) else f"a number{bound}"
        if self.choices:
            return "" if value in self.choices else either(self.choices)
        if self.kind is str:
            return "" if isinstance(value, str) else "a text"
        if self.kind == tuple[float, ...]:
            return "" if all(map(_number, value)) else "a list of numbers"
        if self.kind == tuple[float, float]:
            return "" if len(value) == 2 and all(map(_number, value)) else "the lowest and the highest number"
        return ""


def declared(holder: type) -> Mapping[str, Declared]:
    """The options that a dataclass declares, by name, in order."""
    return _declared(holder)


@cache  # Python evaluates the hints anew each time it is asked, which takes longer than reading a small file
def _declared(holder: Any) -> Mapping[str, Declared]:
    hints = get_type_hints(holder, include_extras=True)
    options: dict[str, Declared] = {}
    for field in fields(holder):
        hint = hints[field.name]
        if get_origin(hint) is Annotated:
            kind, option = get_args(hint)
            inner = [part for part in get_args(kind) if part is not type(None)] if _union(kind) else [kind]
            # What may be a path of any kind is a path.
            one = Path if PathLike[str] in inner else inner[0]
            options[field.name] = Declared(field.name, one, type(None) in get_args(kind), field.default, option)
    return MappingProxyType(options)


def check(options: object) -> None:
    """Checks every option of a dataclass against its declaration, for ``__post_init__``.

    Raises:
        InputError: if an option has a value that it cannot have.
    """
    for name, each in declared(type(options)).items():
        object.__setattr__(options, name, each.checked(getattr(options, name)))


def made(holder: type[T], values: Mapping[str, Any]) -> T:
    """A dataclass of options, filled from the values that belong to it.

    Args:
        holder: the dataclass that declares the options.
        values: the values by name; those of other options are ignored.
    """
    return holder(**{name: values[name] for name in declared(holder) if name in values})


def changed(options: object, usual: object) -> list[Declared]:
    """The options that differ from the usual ones."""
    every = declared(type(options)).values()
    return [each for each in every if getattr(options, each.name) != getattr(usual, each.name)]


def either(names: Sequence[str]) -> str:
    """A choice in words.

    >>> either(["words", "statements", "cost"])
    'words, statements or cost'
    """
    return " or ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def is_required(each: Declared) -> bool:
    """Whether the option has no default."""
    return each.default is MISSING


def _union(kind: Any) -> bool:
    return isinstance(kind, UnionType)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
