"""The review page as one self-contained HTML file: no script, no request, every text of participants escaped."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

from ..profile import InputError
from ..slates.view import View
from .numbers import ENGLISH
from .review import content
from .templating import templates
from .translations import Words


def write_html(view: View, path: Path, w: Words = ENGLISH) -> Path:
    """Writes the report; a failure leaves no partial file.

    Args:
        view: the slate with what it was chosen from.
        path: the file to write.
        w: the language.

    Raises:
        InputError: the file cannot be written.
    """
    return put(render(view, w), path)


def put(text: str, path: Path) -> Path:
    """Writes a page; a failure leaves no partial file.

    Args:
        text: the page.
        path: the file to write.

    Raises:
        InputError: the file cannot be written.
    """
    page = text.encode("utf-8")
    beside = path.with_name(f".folkmoot-{secrets.token_hex(8)}.part")
    try:
        with beside.open("xb") as stream:
            stream.write(page)
        beside.replace(path)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror or error})", file=path) from None
    finally:
        with suppress(OSError):
            beside.unlink()
    return path


def render(view: View, w: Words = ENGLISH, title: str = "") -> str:
    """The report as HTML; the same view gives the same bytes.

    Args:
        view: the slate with what it was chosen from.
        w: the language.
        title: the title of the page; empty: the topic of the source.
    """
    return templates(w).get_template("review.html").render(**content(view, w, title))
