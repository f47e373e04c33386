"""The review page as one self-contained HTML file: no script, no request, every text of participants escaped."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..profile import InputError
from ..slates.view import View
from .numbers import ENGLISH
from .review import TEMPLATES, content
from .translations import Words
from .words import clean

#: Options and commands of this program in a sentence: between backticks, in letters that need no escape.
COMMAND = re.compile(r"`((?:--|folkmoot )[\w .:=,-]+)`", re.ASCII)


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


def render(view: View, w: Words = ENGLISH) -> str:
    """The report as HTML; the same view gives the same bytes.

    Args:
        view: the slate with what it was chosen from.
        w: the language.
    """
    page: str = environment(w).get_template("review.html").render(**content(view, w))
    return page


@lru_cache(maxsize=8)
def environment(w: Words) -> Any:
    """The templates' environment in a language; everything printed is escaped."""
    # Most commands write no page, and these imports take longer than many of them do.
    import jinja2
    from markupsafe import Markup

    def finalize(value: Any) -> Any:
        """Turns every printed value into text that HTML can hold; escaping comes after this."""
        return value if isinstance(value, Markup) else clean(str(value))

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

    def code_of(text: str) -> Any:
        """Commands and options between backticks as code; everything is escaped as it would be without."""
        parts = COMMAND.split(clean(text))
        return Markup("").join(
            Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(parts)
        )

    w.install(environment)
    environment.filters |= {"code": code_of}
    # Only what this package draws itself passes unescaped: plots and the style sheet.
    environment.globals["trusted"] = Markup
    return environment
