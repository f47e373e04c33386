"""What commands share: a source with its reading options, --json, progress on stderr."""

import inspect
import time
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Self

import typer
from rich.console import Console

from ..profile import InputError, Profile

SourceArgument = Annotated[
    Path, typer.Argument(metavar="SOURCE", help="File or folder; the format is recognised by content.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]


# Seconds between two lines of detail where there is no terminal.
EVERY = 30.0


class Unit(StrEnum):
    """What a budget is counted in."""

    words = "words"
    statements = "statements"
    cost = "cost"


def _reading_options(
    format: Annotated[str | None, typer.Option("--format", help="Format id, instead of recognising it.")] = None,
    id_column: Annotated[str | None, typer.Option("--id-column", help="Column with the participant's id.")] = None,
    text_column: Annotated[
        list[str] | None, typer.Option("--text-column", help="Column with what people wrote.")
    ] = None,
    weight_column: Annotated[str | None, typer.Option("--weight-column", help="Column with people's weights.")] = None,
    weights: Annotated[Path | None, typer.Option("--weights", help="CSV with participant,weight.")] = None,
    group_column: Annotated[list[str] | None, typer.Option("--group-column", help="Column to report by.")] = None,
    keep: Annotated[list[str] | None, typer.Option("--keep", help="Personal column to keep, by name.")] = None,
    flip_votes: Annotated[bool, typer.Option("--flip-votes", help="Turn the sign of every vote.")] = False,
    scale: Annotated[str | None, typer.Option("--scale", help="Lowest and highest rating, e.g. 0..4.")] = None,
) -> dict[str, Any]:
    """What `folkmoot.read` takes, from what the command line gives."""
    return {
        "format": format,
        "id_column": id_column,
        "text_columns": tuple(text_column or ()),
        "weight_column": weight_column,
        "weights": weights,
        "group_columns": tuple(group_column or ()),
        "keep": tuple(keep or ()),
        "flip": flip_votes,
        "scale": _scale(scale),
    }


class Reader:
    """A source with the reading options it was named with."""

    def __init__(self, source: Path, given: dict[str, Any]) -> None:
        self.source = source
        self.given = given

    def read(self) -> Profile:
        """What people said."""
        from ..formats import read

        return read(self.source, **_reading_options(**self.given))

    @property
    def words(self) -> list[str]:
        """The source and its options as words of a command."""
        found = [str(self.source)]
        for name, value in self.given.items():
            option = f"--{name.replace('_', '-')}"
            if value is True:
                found.append(option)
            elif value:
                for part in value if isinstance(value, list) else [value]:
                    found += [option, str(part)]
        return found


def with_source(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the SOURCE argument and all reading options; it gets them as one `Reader`."""
    options = inspect.signature(_reading_options).parameters
    own = [p for p in inspect.signature(command).parameters.values() if p.name != "reader"]

    @wraps(command)
    def wrapper(source: Path, **given: Any) -> None:
        reader = Reader(source, {name: given.pop(name) for name in options})
        command(reader=reader, **given)

    first = inspect.Parameter("source", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=SourceArgument)
    parameters = [first, *own, *options.values()]
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {p.name: p.annotation for p in parameters}
    return wrapper


class Progress:
    """A line on stderr for whatever takes long; silent when stderr is no terminal or output is for machines."""

    def __init__(self, quiet: bool) -> None:
        self._console = Console(stderr=True)
        self._status = None if quiet else self._console.status("starting")
        self._stage = ""
        self._plain = not quiet and not self._console.is_terminal
        self._last = time.monotonic()
        self.kept = "nothing was written"  # what an interruption leaves behind

    def __enter__(self) -> Self:
        if self._status is not None and not self._plain:
            self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._status is not None:
            self._status.stop()
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            typer.echo(f"folkmoot: stopped; {self.kept}", err=True)
            raise typer.Exit(130)

    def say(self, what: object) -> None:
        """A line or more that stays."""
        if self._status is not None:
            self._console.print(str(what), highlight=False, markup=False, soft_wrap=True)

    def detail(self, text: str) -> None:
        """More on the stage that is under way: on a terminal at once, elsewhere a line every half minute."""
        if self._status is None:
            return
        if not self._plain:
            self._status.update(f"{self._stage}: {text}")
        elif time.monotonic() - self._last >= EVERY:
            self._last = time.monotonic()
            self._console.print(f"{self._stage}: {text} …", highlight=False)

    def __call__(self, stage: str, share: float) -> None:
        """A stage, and how much of it is done, 0..1."""
        if self._status is None:
            return
        if self._plain:
            if stage != self._stage:
                self._console.print(f"{stage} …", highlight=False)
        else:
            self._status.update(f"{stage} {share:.0%}" if share else stage)
        self._stage = stage


def _scale(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    low, _, high = text.partition("..")
    try:
        return float(low), float(high)
    except ValueError:
        raise InputError(f"--scale {text!r} is not a range; write it like 0..4") from None
