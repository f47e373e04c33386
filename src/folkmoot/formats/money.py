"""Amounts as people write them: which sign is decimal and which stands between thousands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from ..profile import InputError
from .table import number, short

# One sign with three digits after it and one to three before: 1,200 is 1200 in one country and 1.2 in another.
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:([.,' \u00a0\u202f\u2019])\d{3})(?:\1\d{3})*(?:([.,])\d+)?")
_DECIMAL = re.compile(r"[+-]?\d*([.,])\d+")


class Amounts:
    """The amounts of one file, which are all written in the same way.

    Args:
        texts: all amounts of the file, as they stand.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._decimal: set[str] = set()
        for text in map(str.strip, texts):
            thousands = _THOUSANDS.fullmatch(text)
            if _EITHER.fullmatch(text):
                continue
            if thousands:
                sign = thousands[2] or {",": ".", ".": ","}.get(thousands[1], "")
                self._decimal |= {sign} - {""}
            elif decimal := _DECIMAL.fullmatch(text):
                self._decimal.add(decimal[1])

    def value(self, text: str, path: Path, line: int, column: str) -> float:
        """An amount as a number.

        Raises:
            InputError: if it is no number, or can be read in two ways and no other amount of the file decides.
        """
        text = text.strip()
        either, thousands = _EITHER.fullmatch(text), _THOUSANDS.fullmatch(text)
        if either and len(self._decimal) != 1:
            whole, part = re.split("[.,]", text)
            raise InputError(
                f"{short(text)} can be {whole}{part} or {whole}.{part}; write {whole}{part}, or {whole}.{part}0 with "
                "a fourth decimal",
                file=path,
                row=line,
                column=column,
            )
        if (either and either[1] not in self._decimal) or (thousands and not either):
            assert thousands is not None  # whatever is either is thousands as well
            if thousands[2] != thousands[1]:
                text = text.replace(thousands[1], "").replace(thousands[2] or ".", ".")
        return number(text.replace(",", "."), path, line, column)
