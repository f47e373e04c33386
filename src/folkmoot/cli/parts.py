"""Parts that commands share: a source with its reading options, progress on stderr."""

import time
from collections.abc import Mapping
from typing import Any, Self

import typer
from rich.console import Console

from ..formats.base import Reading
from ..profile import Profile
from ..profile.declared import declared
from .flags import FromSource, filled

# Seconds between two lines of detail if stderr is not a terminal.
EVERY = 30.0


class Reader(FromSource):
    """A source and the reading options of the command line."""

    options = Reading

    def read(self) -> Profile:
        """The profile of the source."""
        from ..formats import read

        options = filled(Reading, self.settings)
        return read(self.source, **{name: getattr(options, name) for name in declared(Reading)})

    @property
    def words(self) -> list[str]:
        """The source and its options as arguments of a command."""
        return [str(self.source), *words_of(self.settings)]


def words_of(values: Mapping[str, Any]) -> list[str]:
    """Values of the command line, as arguments of a command."""
    arguments: list[str] = []
    for name, value in values.items():
        flag = f"--{name.replace('_', '-')}"
        if value is True:
            arguments.append(flag)
        elif value:
            for part in value if isinstance(value, list) else [value]:
                arguments += [flag, str(part)]
    return arguments


class Progress:
    """A line of progress on stderr; silent if the output is for machines."""

    def __init__(self, quiet: bool) -> None:
        self._console = Console(stderr=True)
        self._status = None if quiet else self._console.status("starting")
        self._stage = ""
        self._plain = not quiet and not self._console.is_terminal
        self._last = time.monotonic()
        self.expected = 0  # calls of the run, by its estimate
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
        """Prints lines that stay on the terminal."""
        if self._status is not None:
            self._console.print(str(what), highlight=False, markup=False, soft_wrap=True)

    def detail(self, text: str) -> None:
        """Reports a detail of the current stage: on a terminal at once, elsewhere a line every half minute."""
        if self._status is None:
            return
        if not self._plain:
            self._status.update(f"{self._stage}: {text}")
        elif time.monotonic() - self._last >= EVERY:
            self._last = time.monotonic()
            self._console.print(f"{self._stage}: {text} …", highlight=False)

    def __call__(self, stage: str, share: float) -> None:
        """Reports a stage, and the share of it that is done, 0 to 1."""
        if self._status is None:
            return
        if self._plain:
            if stage != self._stage:
                self._console.print(f"{stage} …", highlight=False)
        else:
            self._status.update(f"{stage} {share:.0%}" if share else stage)
        self._stage = stage
