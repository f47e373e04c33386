"""How every page is laid out: templates in one language, where whatever is printed is escaped."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .translations import Words
from .words import clean

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).parent / "templates"
#: Options and commands of this program in a sentence: between backticks, in letters that need no escape.
COMMAND = re.compile(r"`((?:--|folkmoot )[\w .:=,-]+)`", re.ASCII)


@lru_cache(maxsize=16)
def templates(w: Words, folder: Path = TEMPLATES) -> jinja2.Environment:
    """The templates of a folder in one language; whatever they print becomes text that HTML can hold, and is escaped.

    Args:
        w: the language.
        folder: the folder.
    """
    # Most commands write no page, and these imports take longer than many of them do.
    import jinja2
    from markupsafe import Markup

    def finalize(value: Any) -> Any:
        return value if isinstance(value, Markup) else clean(str(value))

    def code_of(text: str) -> Markup:
        """Commands and options between backticks as code; everything is escaped as it would be without."""
        parts = COMMAND.split(clean(text))
        return Markup("").join(
            Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(parts)
        )

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        optimized=False,  # a template is laid out once, and looking for constants in it takes longer than that saves
    )
    w.install(environment)
    environment.filters |= {"code": code_of}
    # Only what this package draws itself passes unescaped: plots and the style sheet.
    environment.globals["trusted"] = Markup
    return environment
