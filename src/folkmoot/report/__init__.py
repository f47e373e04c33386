"""Reports: HTML, plain text. Nothing is computed here."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..profile import InputError, PageOptions, Slate
from ..slates.view import View

if TYPE_CHECKING:
    from .html import render, write_html
    from .spoken import speech
    from .text import summary

__all__ = ["View", "publish", "render", "speech", "summary", "write_html"]

# Pages are loaded when the first one is written: whoever needs words only does not wait for them.
_LATE = {"render": ".html", "write_html": ".html", "speech": ".spoken", "summary": ".text"}


def __getattr__(name: str) -> Any:
    """Pages, summaries and languages are loaded when they are first asked for."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATE[name], __name__), name)


def publish(slate: Slate, path: Path, options: Mapping[str, Any]) -> Path:
    """Writes the page for the public.

    Args:
        slate: the slate with its audit.
        path: the file to write.
        options: fields of `PageOptions`.

    Raises:
        InputError: as `public.render_public`, an option that there is not, or the file cannot be written.
    """
    from .html import put
    from .public import render_public

    known = PageOptions.__dataclass_fields__
    for name in options:
        if name not in known:
            raise InputError(f"a page has no option {name!r}; its options are {', '.join(known)}")
    return put(render_public(slate, PageOptions(**options)).html, path)
