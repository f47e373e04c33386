"""Lists of registry entries, of folkmoot and of other packages: a line each, or all declared values as JSON."""

import json
import shutil
import textwrap
import warnings
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from typing import Any, Protocol

import typer

from ..profile import Registry
from ..profile.plugins import Plugin, PluginWarning, plugins
from .flags import JsonOption

NARROW, WIDE = 80, 160


class Listed(Protocol):
    """The attributes that every registry entry has."""

    @property
    def id(self) -> str:
        """The short name."""
        ...

    @property
    def about(self) -> str:
        """The description, one clause."""
        ...


Titled = Mapping[str, Registry[Any]]
"""Registries by the title of their part of the list; the title is empty if there is only one part."""


def _processes() -> Titled:
    from ..processes import PROCESSES, WRITTEN

    return {
        "choose among the statements there are": PROCESSES,
        "have statements written by a language model (--engine llm)": WRITTEN,
    }


def _formats() -> Titled:
    from ..formats import FORMATS

    return {"": FORMATS}


def _models() -> Titled:
    from ..preferences import MODELS

    return {"": MODELS}


def _audits() -> Titled:
    from ..audits import AUDITS

    return {"": AUDITS}


def _engines() -> Titled:
    from ..engines import ENGINES

    return {"": ENGINES}


def _policies() -> Titled:
    from ..asking import POLICIES

    return {"": POLICIES}


def _studies() -> Titled:
    from ..slates.studies import STUDIES

    return {"": STUDIES}


LISTS: dict[str, tuple[str, Callable[[], Titled]]] = {
    "processes": ("List the ways to choose a slate (slate --process).", _processes),
    "formats": ("List what can be read and written (--format, convert --to).", _formats),
    "models": ("List the models that predict what people did not answer (slate --predict).", _models),
    "audits": ("List the exact audits (audit --axiom).", _audits),
    "engines": ("List what answers the queries (slate --engine).", _engines),
    "policies": ("List the rules which question comes next (ask next --policy).", _policies),
    "studies": ("List the papers' experiments that can be run again (study NAME).", _studies),
}


def mount(app: typer.Typer) -> None:
    """Adds a command for every list."""
    for name, (help, registries) in LISTS.items():
        app.command(name, help=help)(_command(name, registries))


def warn_in_one_line() -> None:
    """Makes the warning of a plugin that cannot be loaded one line on stderr, as errors are."""
    usual = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if issubclass(category, PluginWarning):
            typer.echo(f"folkmoot: {message}", err=True)
        else:
            usual(message, category, *where, **more)

    warnings.showwarning = show


def _command(name: str, registries: Callable[[], Titled]) -> Callable[[bool], None]:
    def command(as_json: JsonOption = False) -> None:
        titled = registries()
        if as_json:
            listed = {title or name: [declared(registry, id) for id in registry] for title, registry in titled.items()}
            body = [entry for part in listed.values() for entry in part]
            failed = [asdict(plugin) for plugin in plugins() if plugin.error]
            typer.echo(json.dumps({name: body, "not_loaded": failed}, ensure_ascii=False, indent=1))
        else:
            width = min(max(shutil.get_terminal_size().columns, NARROW), WIDE)
            typer.echo("\n".join(lines(titled, [plugin for plugin in plugins() if plugin.error], width)))

    return command


def lines(titled: Titled, failed: list[Plugin], width: int = NARROW) -> list[str]:
    """A line for every entry, grouped by package if that is not folkmoot itself.

    Args:
        titled: the registries by title.
        failed: the plugins that could not be loaded.
        width: the most columns of a line.
    """
    longest = max((len(id) for registry in titled.values() for id in registry), default=0)
    lines: list[str] = []
    for title, registry in titled.items():
        lines += ([""] if lines else []) + ([f"{title}:"] if title else [])
        lines += [_line(registry[id], longest, width) for id in registry if not registry.distribution(id)]
        for package in sorted({registry.distribution(id) for id in registry} - {""}):
            lines += ([""] if lines else []) + [f"brought by {package}:"]
            lines += [_line(registry[id], longest, width) for id in registry if registry.distribution(id) == package]
        lines += [] if registry else [_none(registry)]
    for plugin in failed:
        failure = f"could not be loaded: {plugin.name} of {plugin.distribution}: {plugin.error}"
        lines += ["", *textwrap.wrap(failure, width)]
    return lines


def _line(entry: Listed, longest: int, width: int) -> str:
    return f"{entry.id:<{longest}}  {textwrap.shorten(entry.about, width - longest - 2, placeholder=' …')}"


def _none(registry: Registry[Any]) -> str:
    from ..slates.studies import MISSING, STUDIES

    return MISSING if registry is STUDIES else "none"


def declared(registry: Registry[Any], id: str) -> dict[str, Any]:
    """The declared values of an entry that JSON can hold, with the package that brought it."""
    entry = registry[id]
    plain = {field.name: getattr(entry, field.name) for field in fields(entry)}
    values = {name: _plain(value) for name, value in plain.items() if not callable(value)}
    return {"id": id, "about": entry.about, "package": registry.distribution(id) or "folkmoot", **values}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return sorted(value) if isinstance(value, frozenset) else value
