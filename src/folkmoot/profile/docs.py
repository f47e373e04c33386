"""Docstrings as data: what a registry entry is in one line."""

from __future__ import annotations

import inspect


def first_sentence(described: object) -> str:
    """The summary of a docstring, in one line and without its full stop; empty where there is none.

    >>> first_sentence(first_sentence)
    'The summary of a docstring, in one line and without its full stop; empty where there is none'
    """
    return " ".join(inspect.cleandoc(described.__doc__ or "").split("\n\n")[0].split()).rstrip(".")
