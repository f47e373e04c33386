"""Plain words out of a description that is written in Markdown, as those of Polis are."""

from __future__ import annotations

import re

_LINK = re.compile(r"!?\[([^\]\[]*)\]\((?:[^()\s]|\([^()\s]*\))*\)")
_LEAD = re.compile(r"^[ \t]*(?:#{1,6}|[*+-]|>)[ \t]+", re.MULTILINE)
_MARKED = (
    re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*"),
    re.compile(r"(?<!\w)__(?=\S)(.+?)(?<=\S)__(?!\w)"),
    re.compile(r"(?<![\w*])\*(?=[^\s*])(.+?)(?<=\S)\*(?![\w*])"),
    re.compile(r"(?<![\w_])_(?=[^\s_])(.+?)(?<=\S)_(?![\w_])"),
)


def unmarked(text: str) -> str:
    """A text in one line, without the signs of Markdown for links, lists, headings and emphasis.

    >>> unmarked("This talk is __*closed*__.\\n\\n* See the [results](https://x.example/a_(b))\\n* **Write [...]**")
    'This talk is closed. See the results Write [...]'
    >>> unmarked("2 * 3 * 4, snake_case_name, f(*args) and *")
    '2 * 3 * 4, snake_case_name, f(*args) and *'

    Args:
        text: the text.
    """
    text = _LEAD.sub("", _LINK.sub(r"\1", text))
    for marked in _MARKED:
        text = marked.sub(r"\1", text)
    return " ".join(text.split())
