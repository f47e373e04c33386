"""The bundled conversation: Bowling Green, Kentucky, 2018 (CC BY 4.0, see its ATTRIBUTION.txt)."""

from __future__ import annotations

from pathlib import Path

from ..profile import Profile

EXAMPLE = Path(__file__).with_name("data") / "bowling-green"
"""The folder with its files, a Polis export; ``examples/bowling-green`` of the repository leads here."""


def example() -> Profile:
    """The bundled conversation of 2,031 people, as reading its files gives it.

    >>> import folkmoot as fm
    >>> fm.example()
    Profile(polis, 2,031 people, 896 statements, 225,524 answers)
    """
    from . import read

    return read(EXAMPLE)
