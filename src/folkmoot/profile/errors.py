"""The one exception family: each message says what was wrong, where, and what to do."""

from __future__ import annotations


class FolkmootError(Exception):
    """Base of everything folkmoot raises on purpose. The command line prints it as one sentence."""

    exit_code = 1


class InputError(FolkmootError, ValueError):
    """An input that cannot be used: a file, a row, a column, an option.

    Args:
        message: what was wrong and what to do, one sentence; parameters stand in it as in Python, in backticks
            (``relax `min_length` ``, ``take `unit='words'` ``), and the command line prints its flags for them.
        file: the file that the error concerns.
        row: the 1-based line or record of that file.
        column: the name (or 1-based number) of the column.
    """

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        file: object | None = None,
        row: int | None = None,
        column: str | int | None = None,
    ) -> None:
        where = [str(file)] if file is not None else []
        if row is not None:
            where.append(f"row {row}")
        if column is not None:
            where.append(f"column {column!r}" if isinstance(column, str) else f"column {column}")
        self.file, self.row, self.column = file, row, column
        super().__init__(f"{', '.join(where)}: {message}" if where else message)


class MissingExtraError(FolkmootError):
    """An optional package is needed that is not installed."""

    exit_code = 2


class WorkError(FolkmootError):
    """The input was fine and the work still failed."""


class Unfinished(WorkError):
    """A run that was stopped before its end (a limit, an endpoint that is gone); what it has is kept."""
