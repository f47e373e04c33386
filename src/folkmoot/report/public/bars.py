"""Bars of the page for the public: drawn in percent, so that they fit any width."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ...audits.public_records import Count
from ...slates.public.safe import withheld
from .kinds.base import Kind

#: The class of what may not be told apart.
OTHERS = "o"
_BAR = Markup('<svg class="bar" width="100%" height="{}"{}>{}</svg>')
_RECT = Markup('<rect class="{}" x="{:.2f}%" width="{:.2f}%" height="{}"/>')


def bar(parts: Sequence[tuple[str, float]], height: int, label: str = "") -> Markup:
    """A bar of several parts.

    Args:
        parts: class and size of each part, in order; what is empty is not drawn.
        height: the height in pixels.
        label: what it shows, in words; empty: it stands beside a text that says so.
    """
    total = sum(size for _, size in parts) or 1.0
    x, drawn = 0.0, []
    for css, size in parts:
        if size > 0:
            width = 100.0 * size / total
            drawn.append(_RECT.format(css, x, width, height))
            x += width
    said = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(' aria-hidden="true"')
    return _BAR.format(height, said, Markup("").join(drawn))


def count_bar(count: Count, kind: Kind, height: int, label: str) -> Markup:
    """A bar of what everybody said; what may not be printed is drawn as one part of no kind, where the first of it is.

    Args:
        count: the counts.
        kind: the kind of answers, with its parts.
        height: the height in pixels.
        label: what it shows, in words.
    """
    sizes = [getattr(count, part) for part in kind.parts]
    out = withheld(sizes)
    named = enumerate(zip(kind.parts, sizes, strict=True))
    drawn = [(kind.colours[part], size) for at, (part, size) in named if at not in out]
    if out:
        drawn.insert(min(out), (OTHERS, sum(sizes[at] for at in out)))
    return bar(drawn, height, label)
