"""The one shape of every registry: entries by id, from this package and from any other.

>>> from dataclasses import dataclass
>>> @dataclass(frozen=True)
... class Colour:
...     id: str
>>> colours = Registry[Colour]("colour")
>>> colours.register(Colour("red")).id
'red'
>>> colours.find("blue")
Traceback (most recent call last):
    ...
folkmoot.profile.errors.InputError: unknown colour 'blue'; choose one of red
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any, Generic, Protocol, TypeVar

from .errors import InputError
from .plugins import plugins, under_way


class HasId(Protocol):
    """What can be registered."""

    @property
    def id(self) -> str:
        """The short name, as it is written in calls and on the command line."""
        ...


Entry = TypeVar("Entry", bound=HasId)


class Registry(Mapping[str, Entry], Generic[Entry]):
    """Entries by id.

    Entries are listed in the order of registration, or as ``order`` sorts them. A listing, and a search for an id that
    is not registered yet, load the plugins first (`plugins.plugins`).

    Args:
        kind: what the entries are, for messages, e.g. ``process``.
        order: the key by which the entries are sorted; entries with equal keys stay in the order of registration.
    """

    def __init__(self, kind: str, order: Callable[[Entry], Any] | None = None) -> None:
        self.kind = kind
        self._order = order
        self._entries: dict[str, Entry] = {}
        self._distributions: dict[str, str] = {}

    def register(self, entry: Entry) -> Entry:
        """Adds an entry.

        The same definition may be registered again, as happens when a module is reloaded; it replaces the old entry.

        Returns:
            The entry, so that a module can keep it under a name.

        Raises:
            InputError: if another entry has this id.
        """
        there = self._entries.get(entry.id)
        if there is not None and not _same(there, entry):
            raise InputError(f"there is a {self.kind} {entry.id!r} already; register the new one under another id")
        self._entries[entry.id] = entry
        plugin = under_way()
        self._distributions[entry.id] = plugin.distribution if plugin else self._distributions.get(entry.id, "")
        return entry

    def find(self, id: str, also: Iterable[str] = ()) -> Entry:
        """The entry of that id.

        Args:
            id: the id of the entry.
            also: other words that the caller accepts in place of an id, for the message.

        Raises:
            InputError: if there is no such entry; the message lists the ids that exist.
        """
        try:
            return self[id]
        except KeyError:
            there = ", ".join([*also, *sorted(self)]) or "none, because nothing is installed"
            raise InputError(f"unknown {self.kind} {id!r}; choose one of {there}") from None

    def distribution(self, id: str) -> str:
        """The package that brought an entry; empty for folkmoot's own, and for what was registered by hand."""
        return self._distributions[id]

    def forget(self, id: str) -> None:
        """Removes an entry."""
        del self._entries[id], self._distributions[id]

    @contextmanager
    def restored(self) -> Iterator[None]:
        """A context at whose end everything registered or forgotten inside it is undone."""
        plugins()  # they stay
        entries, distributions = dict(self._entries), dict(self._distributions)
        try:
            yield
        finally:
            self._entries, self._distributions = entries, distributions

    def __getitem__(self, id: str) -> Entry:
        if id not in self._entries:
            plugins()
        return self._entries[id]

    def __iter__(self) -> Iterator[str]:
        plugins()
        if self._order is None:
            return iter(list(self._entries))
        order = self._order
        return iter(sorted(self._entries, key=lambda id: order(self._entries[id])))

    def __len__(self) -> int:
        plugins()
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<registry of {len(self._entries)} entries, each a {self.kind}>"


def _same(one: object, other: object) -> bool:
    """Whether two entries are one definition: equal, or made of functions of the same names in the same modules."""
    definition = _definition(one)
    return one == other or (bool(definition) and definition == _definition(other))


def _definition(entry: object) -> list[tuple[str, str, str]]:
    if not is_dataclass(entry):
        return []
    named = []
    for field in fields(entry):
        value = getattr(entry, field.name)
        name = getattr(value, "__qualname__", "")
        if callable(value) and name and "<" not in name:  # two lambdas of one module have one name
            named.append((field.name, str(getattr(value, "__module__", "")), name))
    return named
