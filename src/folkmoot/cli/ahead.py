"""What may be wrong with the options of a run is said before the source is read: that may take minutes."""

from __future__ import annotations

from pathlib import Path

from ..profile import InputError, Options
from ..profile.page_options import PageOptions
from .first_run import refuse_unwritable
from .page import check_page
from .page_record import emptied


def refuse_ahead(options: Options, page: PageOptions, folder: Path | None = None, edit: Path | None = None) -> None:
    """Refuses options that fit no source at all.

    Args:
        options: those of the slate.
        page: those of the page.
        folder: where files are to be written; None: nowhere.
        edit: the file with wordings.

    Raises:
        InputError: there is no such process, engine, model, language or file, the logo is no picture, or nothing can be
            written there.
    """
    from ..slates.needs import require_known

    check_page(emptied(page))
    if folder is not None:
        refuse_unwritable(folder)
    if edit is not None:
        try:
            edit.read_bytes()
        except OSError as error:
            why = error.strerror or error
            raise InputError(f"cannot be read ({why}); name the table of your wordings as --edit", file=edit) from None
    require_known(options)
