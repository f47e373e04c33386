"""Engines by id."""

from __future__ import annotations

from dataclasses import dataclass

from ..profile import Registry


@dataclass(frozen=True)
class EngineEntry:
    """An engine of the registry.

    Args:
        id: registry name.
        about: what it does, in one clause.
    """

    id: str
    about: str


ENGINES: Registry[EngineEntry] = Registry("engine")
ENGINES.register(EngineEntry("embedded", "people's own answers, the rest predicted; no network, no key"))
ENGINES.register(EngineEntry("llm", "a language model writes statements and says who agrees"))
