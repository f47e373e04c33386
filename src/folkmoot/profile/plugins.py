"""Plugins of other packages: the entry points of the group ``folkmoot``, loaded once, when they are first needed.

An entry point names a module whose import registers something, or (``module:name``) a function that does so when it is
called. One that cannot be loaded is named in a warning and in the listings, and breaks nothing else.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from threading import RLock

GROUP = "folkmoot"


class PluginWarning(UserWarning):
    """A plugin could not be loaded; everything else works."""


@dataclass(frozen=True)
class Plugin:
    """One entry point of the group.

    Args:
        name: the name of the entry point.
        distribution: the distribution (package) that brings it.
        version: the version of the distribution.
        error: why it could not be loaded; empty if it was.
    """

    name: str
    distribution: str
    version: str
    error: str = ""


class _Loader:
    """Loads every entry point once; entries registered meanwhile belong to the plugin that is being loaded."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._plugins: list[Plugin] | None = None
        self.loading: Plugin | None = None

    def load(self) -> tuple[Plugin, ...]:
        with self._lock:
            # A plugin that looks something up while it is loaded sees what is there so far.
            if self._plugins is None:
                self._plugins = []
                self._load_into(self._plugins)
            return tuple(self._plugins)

    def _load_into(self, plugins: list[Plugin]) -> None:
        # Late: reading the metadata of installed packages takes longer than the import of folkmoot itself.
        from importlib.metadata import entry_points

        for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
            of = point.dist
            plugin = Plugin(point.name, of.name if of else "", of.version if of else "")
            if plugin in plugins:
                continue  # the same package is on the path twice
            self.loading = plugin
            try:
                brought = point.load()
                if point.attr:
                    brought()
            except Exception as error:  # noqa: BLE001 - whatever one package raises, the others must work
                plugin = replace(plugin, error=f"{type(error).__name__}: {error}".rstrip(": "))
                warnings.warn(
                    f"the plugin {plugin.name!r} of {plugin.distribution or 'an unknown package'} could not be loaded "
                    f"({plugin.error}); mend or uninstall it",
                    PluginWarning,
                    stacklevel=2,
                )
            finally:
                self.loading = None
            plugins.append(plugin)

    def forget(self) -> None:
        with self._lock:
            self._plugins = None


_LOADER = _Loader()


def plugins() -> tuple[Plugin, ...]:
    """All installed plugins, loaded now if they were not before."""
    return _LOADER.load()


def under_way() -> Plugin | None:
    """The plugin that is being loaded at the moment; None if none is."""
    return _LOADER.loading


def forget() -> None:
    """Makes the next `plugins` look again; for tests, and after a package was installed while Python ran."""
    _LOADER.forget()
