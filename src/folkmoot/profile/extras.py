"""Optional packages: which extra brings them, and whether they are there, asked before the work that needs them."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from .errors import MissingExtraError

PACKAGES: dict[str, tuple[str, ...]] = {
    "exact": ("scipy",),
    "text": ("wordllama",),
    "llm": ("openai",),
    "large": ("duckdb",),
    "cluster": ("distributed",),
    "trl": ("torch", "trl"),
    "verl": ("torch", "verl"),
}
"""The packages that work asks for, by the extra that brings them, as they are imported."""


def lacking(extra: str) -> str:
    """The first package of an extra that is not installed; empty if all are.

    Args:
        extra: the name of the extra.
    """
    for name in PACKAGES[extra]:
        # What is set to None there cannot be imported.
        if sys.modules.get(name, ...) is None or (name not in sys.modules and find_spec(name) is None):
            return name
    return ""


def require(extra: str, what: str) -> None:
    """Asks for an extra; nothing is imported.

    Args:
        extra: the name of the extra; empty: none is needed.
        what: what needs it, as the beginning of a sentence.

    Raises:
        MissingExtraError: if a package of it is not installed.
    """
    if extra and (package := lacking(extra)):
        raise MissingExtraError(f"{what} needs {package}; pip install 'folkmoot[{extra}]'")
