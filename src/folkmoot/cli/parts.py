"""Parts that commands share: a source with its reading options, progress on stderr."""

from collections.abc import Mapping
from typing import Any

from ..formats.base import Reading
from ..profile import Profile
from ..profile.declared import declared
from .flags import FromSource, filled
from .progress import Progress as Progress


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
