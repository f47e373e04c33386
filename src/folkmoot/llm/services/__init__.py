"""Profiles of services: how requests have to be put for each, as data, one file a service (see `Service`)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ...profile import InputError


@dataclass(frozen=True)
class Service:
    """What is documented of one service.

    Args:
        id: the name of its file.
        name: its name.
        base_url: its URL; empty: everybody has their own.
        hosts: the ends of the host names of its URLs, by which it is recognised; of the loopback with the port.
        models: the models that the file is about, as a regular expression; empty: all.
        settings: settings of `Endpoint` and its `Dialect`, which the user's own settings override.
        note: what else has to be known, in a sentence or two.
        documented: the pages that say so.
    """

    id: str
    name: str
    base_url: str = ""
    hosts: tuple[str, ...] = ()
    models: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    documented: tuple[str, ...] = ()


@cache
def services() -> Mapping[str, Service]:
    """All profiles by id, in the order of their ids."""
    found = {}
    for entry in sorted(files(__package__).iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            table: dict[str, Any] = tomllib.loads(entry.read_text(encoding="utf-8"))
            table |= {name: tuple(table.get(name, ())) for name in ("hosts", "documented")}
            name = entry.name.removesuffix(".toml")
            found[name] = Service(name, **table)
    return found


def find(name: str, file: Path | None = None) -> Service | None:
    """The profile of that name; None for no name.

    Raises:
        InputError: there is no such profile.
    """
    if not name:
        return None
    if name not in services():
        raise InputError(f"there is no service {name!r}; there are {', '.join(services())}", file=file)
    return services()[name]


def of_host(base_url: str, model: str) -> Service | None:
    """The profile whose hosts this URL belongs to; one for some models goes before one for all."""
    url = urlsplit(base_url)
    try:
        host, port = url.hostname or "", url.port
    except ValueError:
        return None
    place = f"{host}:{port}" if host in ("localhost", "127.0.0.1", "::1") else host
    fitting = [
        one
        for one in services().values()
        if any(place == part or place.endswith(f".{part}") for part in one.hosts)
        and (not one.models or re.search(one.models, model))
    ]
    return max(fitting, key=lambda one: bool(one.models), default=None)
