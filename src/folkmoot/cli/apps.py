"""The program and its groups of commands; what typer needs for help alone is loaded when help is printed."""

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from ..profile.options import BASICS


class App(typer.Typer):
    """Commands in whose help the flags without a group of their own, like ``--help``, belong to the basics.

    Args:
        settings: as `typer.Typer` takes them.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(cls=_Group, **settings)

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Any], Any]:
        """Adds a command, as `typer.Typer.command` does."""
        return super().command(name, cls=_Command, **settings)


class _Group(TyperGroup):
    def format_help(self, ctx: Any, formatter: Any) -> None:
        _name_basics()
        super().format_help(ctx, formatter)


class _Command(TyperCommand):
    def format_help(self, ctx: Any, formatter: Any) -> None:
        _name_basics()
        super().format_help(ctx, formatter)


def _name_basics() -> None:
    # What draws help takes longer to load than all options of a command take to read.
    from typer import rich_utils

    rich_utils.OPTIONS_PANEL_TITLE = BASICS
