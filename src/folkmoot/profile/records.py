"""Records: dataclasses that are written as JSON, field by field in their order, and read back.

A field with the metadata `OMITTED` is left out of the JSON where it is None; one with `REST` is a mapping whose entries
stand beside the other fields, for what a record holds beyond them. Of a union of records the first is read whose
required fields are there. Fields with a default may be missing; entries that no field is for are passed over.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from .errors import InputError

T = TypeVar("T")
#: Metadata of a field that is left out of the JSON where it is None.
OMITTED = {"omitted": True}
#: Metadata of a field whose entries stand beside the other fields.
REST = {"rest": True}


def is_rest(entry: Field[Any]) -> bool:
    """Whether the entries of this field stand beside the other fields."""
    return bool(entry.metadata.get("rest"))


def is_required(entry: Field[Any]) -> bool:
    """Whether this field has no default."""
    return entry.default is MISSING and entry.default_factory is MISSING


def types_of(kind: Any) -> Mapping[str, Any]:
    """The types of a record's fields by name.

    Args:
        kind: the class of the record.
    """
    return _types_of(kind)


@cache
def _types_of(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)


def to_json(value: Any) -> Any:
    """A value as plain dictionaries, lists, texts and numbers.

    Args:
        value: the record, or anything made of records, mappings, sequences and plain values.
    """
    if is_dataclass(value) and not isinstance(value, type):
        body: dict[str, Any] = {}
        for entry in fields(value):
            one = getattr(value, entry.name)
            if is_rest(entry):
                body |= {name: to_json(inner) for name, inner in one.items()}
            elif one is not None or not entry.metadata.get("omitted"):
                body[entry.name] = to_json(one)
        return body
    if isinstance(value, Mapping):
        return {name: to_json(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [to_json(one) for one in value]
    return value


def from_json(kind: type[T], value: Any, where: str) -> T:
    """Reads a record.

    Args:
        kind: the class of the record.
        value: the record as JSON holds it.
        where: the name of the record in messages.

    Raises:
        InputError: if something is missing or of another type; the message says where.
    """
    read: T = _read(kind, value, where)
    return read


def _read(kind: Any, value: Any, where: str) -> Any:
    if type(value) is kind and kind in _NAMES:
        return value  # most are a text or a number
    origin = get_origin(kind)
    if kind is Any:
        return value
    if origin is Annotated:
        return _read(get_args(kind)[0], value, where)
    if origin in (Union, types.UnionType):
        return _union(get_args(kind), value, where)
    if origin is Literal:
        return value if value in get_args(kind) else _wrong(kind, value, where)
    if is_dataclass(kind):
        return _record(kind, value, where)
    if origin is tuple:
        return _tuple(get_args(kind), value, where)
    if isinstance(origin, type) and issubclass(Mapping, origin):
        if not isinstance(value, Mapping):
            return _wrong(kind, value, where)
        inner = get_args(kind)[1]
        return {name: _read(inner, one, f"{where}.{name}") for name, one in value.items()}
    if kind is float:
        return value if isinstance(value, int | float) and not isinstance(value, bool) else _wrong(kind, value, where)
    if kind is int:
        return value if isinstance(value, int) and not isinstance(value, bool) else _wrong(kind, value, where)
    return value if isinstance(value, kind) else _wrong(kind, value, where)


def _record(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        return _wrong(kind, value, where)
    values: dict[str, Any] = {}
    hints, every = types_of(kind), fields(kind)
    for entry in every:
        if is_rest(entry):
            known = {one.name for one in every}
            values[entry.name] = {name: one for name, one in value.items() if name not in known}
        elif entry.name in value:
            values[entry.name] = _read(hints[entry.name], value[entry.name], f"{where}.{entry.name}")
        elif is_required(entry):
            raise InputError(f"{where} has no {entry.name}; pass the slate.json of a run")
    return kind(**values)


def _union(kinds: Sequence[Any], value: Any, where: str) -> Any:
    if value is None and types.NoneType in kinds:
        return None
    several = [kind for kind in kinds if kind is not types.NoneType]
    for kind in several[:-1]:
        if _fits(kind, value):
            return _read(kind, value, where)
    return _read(several[-1], value, where)


def _fits(kind: Any, value: Any) -> bool:
    """Whether a value can be of this kind: a mapping with the required fields, or a value of the plain type."""
    if is_dataclass(kind):
        return isinstance(value, Mapping) and all(one.name in value for one in fields(kind) if is_required(one))
    return isinstance(kind, type) and isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def _tuple(kinds: Sequence[Any], value: Any, where: str) -> Any:
    if not isinstance(value, list | tuple):
        return _wrong(tuple, value, where)
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_read(kinds[0], one, f"{where}[{place}]") for place, one in enumerate(value))
    if len(kinds) != len(value):
        raise InputError(f"{where} must have {len(kinds)} entries, not {len(value)}")
    return tuple(
        _read(kind, one, f"{where}[{place}]") for place, (kind, one) in enumerate(zip(kinds, value, strict=True))
    )


_NAMES = {int: "a whole number", float: "a number", str: "a text", bool: "true or false", tuple: "a list"}


def _wrong(kind: Any, value: Any, where: str) -> Any:
    shown = repr(value)
    raise InputError(f"{where} must be {_NAMES.get(kind, 'an object')}, not {shown[:60]}")
