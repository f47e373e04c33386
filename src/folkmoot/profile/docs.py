"""Docstrings as data: the description of a registry entry in one line."""

from __future__ import annotations

import inspect


def first_sentence(described: object) -> str:
    """The summary of a docstring, in one line without full stop or backticks; empty where there is none.

    >>> first_sentence(first_sentence)
    'The summary of a docstring, in one line without full stop or backticks; empty where there is none'
    """
    summary = inspect.cleandoc(described.__doc__ or "").split("\n\n")[0]
    return " ".join(summary.replace("`", "").split()).rstrip(".")
