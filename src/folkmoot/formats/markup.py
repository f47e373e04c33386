"""Texts without the HTML that web editors and some exports leave in them."""

from __future__ import annotations

import html
import re

_BLOCKS = (
    "p|div|br|li|ul|ol|h[1-6]|blockquote|tr|table|tbody|thead|tfoot|td|th|hr|pre|section|article|header|footer|figure"
    "|figcaption|dl|dt|dd|address|main|nav|aside|form|fieldset"
)
_OTHERS = (
    "a|abbr|b|big|cite|code|del|dfn|em|font|html|body|head|i|iframe|img|ins|kbd|label|mark|meta|o:p|q|s|small|span"
    "|strike|strong|sub|sup|tt|u|video|audio|source|wbr|input|button|center|caption|col|colgroup"
)
_ATTRIBUTES = r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*\s*/?"""
_TAG = re.compile(rf"<(/?)(?:({_BLOCKS})|(?:{_OTHERS})){_ATTRIBUTES}>", re.IGNORECASE)
_HIDDEN = re.compile(r"<!--.*?-->|<(script|style)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def without_markup(text: str) -> tuple[str, bool]:
    """A text without tags, its entities decoded, and whether there were tags; blocks and ``<br>`` become lines.

    What is no tag of HTML stays, as do tags with anything that no web editor writes.

    >>> without_markup("<p>More <strong>buses</strong> &amp; trams<br/>please</p>")
    ('More buses & trams\\nplease', True)
    >>> without_markup("a < b, I <3 trees, <name> and x<b>y")[0], without_markup("R&#38;D")
    ('a < b, I <3 trees, <name> and x<b>y', ('R&D', False))
    """
    bare, tags = _bare(text)
    plain = html.unescape(bare) if _ENTITY.search(bare) else bare
    if not tags and plain != text:
        # Everything was escaped, the tags too.
        bare, tags = _bare(plain)
        plain = html.unescape(bare) if tags and _ENTITY.search(bare) else bare
    return (_collapsed(plain) if tags else plain), tags


def _bare(text: str) -> tuple[str, bool]:
    if "<" not in text:
        return text, False
    found = list(_TAG.finditer(text))
    # Editors close what they open: a lone <b> may be a person's own sign.
    closed = any(m[1] or m[2] for m in found) or any(m.group().endswith("/>") or "=" in m.group() for m in found)
    if not closed:
        return text, False
    return _TAG.sub(lambda m: "\n" if m[2] else "", _HIDDEN.sub("", text)), True


def _collapsed(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.replace("\xa0", " ").splitlines())
    return "\n".join(line for line in lines if line)
