"""Studies by id: experiments of papers that can be run again, which other packages bring (`folkmoot-studies`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

from ..profile import InputError, Registry


@dataclass(frozen=True)
class Study:
    """One study.

    Args:
        id: registry name.
        about: what it repeats, one clause.
        module: with functions ``run`` (its figures, JSON-ready), ``table`` (the figures as plain text) and perhaps
            ``draw`` (the figures as SVG by name); it is imported when one of them is wanted.
        takes: options of ``run``, by the names of its keyword arguments; those that ``folkmoot study`` can hand over
            are ``instances``, ``model``, ``agents``, ``levels``, ``processes``, ``path``, ``only``, ``seed`` and
            ``seeds``.
        reports: ``run`` takes ``report`` as well, and tells it (stage, share done).
        draws: there is something to draw.
    """

    id: str
    about: str
    module: str
    takes: tuple[str, ...] = ()
    reports: bool = False
    draws: bool = False

    @property
    def run(self) -> Callable[..., dict[str, Any]]:
        """The experiment."""
        run: Callable[..., dict[str, Any]] = self._part("run")
        return run

    @property
    def table(self) -> Callable[[dict[str, Any]], str]:
        """Its figures as plain text."""
        table: Callable[[dict[str, Any]], str] = self._part("table")
        return table

    @property
    def draw(self) -> Callable[[dict[str, Any]], Mapping[str, str]] | None:
        """Its figures as SVG by name, None where there is nothing to draw."""
        return self._part("draw") if self.draws else None

    def check(self, options: Mapping[str, object]) -> None:
        """Refuses what it does not take.

        Raises:
            InputError: an option that it does not take.
        """
        for name in options:
            if name not in self.takes:
                taken = ", ".join(f"`{each}`" for each in self.takes) or "none"
                raise InputError(f"study {self.id!r} has no option `{name}`; it takes {taken}")

    def _part(self, name: str) -> Any:
        module: ModuleType = import_module(self.module)
        return getattr(module, name)


STUDIES: Registry[Study] = Registry("study")

MISSING = "there are no studies here: they are a package of their own, folkmoot-studies; install it beside folkmoot"


def find_study(id: str) -> Study:
    """The study of that id.

    Raises:
        InputError: there is none, or no package with studies is installed; then it says how to get one.
    """
    if not STUDIES:
        raise InputError(f"{MISSING} (in a copy of the repository: pip install ./studies)")
    return STUDIES.find(id)
