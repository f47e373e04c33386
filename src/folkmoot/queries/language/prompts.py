"""Prompts: one file per query with its version, and how participants' texts are put into them.

Whatever somebody wrote is enclosed in a fence that it cannot close: the fence is taken from a digest of the text
itself, so writing it down would change it. Numbers go into a prompt as they are; every text goes in fenced, so that no
caller can forget to.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ...llm import Call
from ...profile import InputError

Value = int | str | Sequence[int | str]

_FILE = re.compile(r"([a-z-]+)-(\d+)\.md")
_PART = re.compile(r"^\[(system|user|assistant)\]\n", re.MULTILINE)
_PLACE = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True)
class Prompt:
    """A prompt, read from its file.

    Args:
        name: the name of the query, e.g. ``agreement``.
        version: the version 1, 2, ...; a prompt whose wording changes is a new file with the next number.
        about: the head of the file: its purpose and its source. It is never sent.
        messages: the messages, (role, template) each, in order.
    """

    name: str
    version: int
    about: str
    messages: tuple[tuple[str, str], ...]

    @property
    def query(self) -> str:
        """Name and version in the form of `Call.query`."""
        return f"{self.name}/{self.version}"

    def filled(self, values: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
        """The messages with values in place of ``{{name}}``: numbers plain, texts fenced, lists one by one.

        Raises:
            InputError: a value is missing or left over.
        """
        wanted = {name for _, template in self.messages for name in _PLACE.findall(template)}
        if wanted != set(values):
            raise InputError(f"prompt {self.query} needs {sorted(wanted)}, not {sorted(values)}")
        written = {name: _written(value) for name, value in values.items()}
        # One pass, so that values are not searched for places themselves.
        return tuple((role, _PLACE.sub(lambda place: written[place[1]], template)) for role, template in self.messages)

    def call(
        self,
        values: Mapping[str, Value],
        parameters: Mapping[str, object],
        about: Mapping[str, object],
        sample: int = 0,
        before: Sequence[tuple[str, str]] = (),
    ) -> Call:
        """The call; ``before`` has the earlier messages of the conversation that it continues."""
        return Call(self.query, (*before, *self.filled(values)), dict(parameters), sample, dict(about))


def fenced(text: str) -> str:
    """A text between two marks that it does not contain.

    The marks hold 12 hexadecimal digits of the text's SHA-256. Should the text contain these, which takes some 2^48
    attempts to construct, a number is put before the text for the digest.

    >>> print(fenced("More buses."))
    <<< 78472e69c531
    More buses.
    78472e69c531 >>>
    """
    number = 0
    while True:
        body = f"{number or ''}{text}".encode("utf-8", "surrogatepass")
        mark = hashlib.sha256(body).hexdigest()[:12]
        if mark not in text:
            return f"<<< {mark}\n{text}\n{mark} >>>"
        number += 1


@cache
def prompt(name: str, version: int | None = None) -> Prompt:
    """The prompt of that name.

    Args:
        name: the name of the query.
        version: the version; None: the latest.

    Raises:
        InputError: there is no such prompt.
    """
    known = prompts()
    versions = known.get(name, ())
    if not versions or (version is not None and version not in versions):
        listed = ", ".join(f"{other}/{number}" for other, numbers in known.items() for number in numbers)
        raise InputError(f"there is no prompt {name}/{version or 1}; there are {listed}")
    number = version or versions[-1]
    text = (files(__package__) / "prompts" / f"{name}-{number}.md").read_text(encoding="utf-8")
    about, *parts = _PART.split(text)
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return Prompt(name, number, about.strip(), tuple((role, body.strip()) for role, body in pairs))


@cache
def prompts() -> dict[str, tuple[int, ...]]:
    """Versions of every prompt by name."""
    versions: dict[str, list[int]] = {}
    for entry in (files(__package__) / "prompts").iterdir():
        if match := _FILE.fullmatch(entry.name):
            versions.setdefault(match[1], []).append(int(match[2]))
    return {name: tuple(sorted(versions[name])) for name in sorted(versions)}


def _written(value: Value) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return fenced(value)
    return "\n\n".join(map(_written, value))
