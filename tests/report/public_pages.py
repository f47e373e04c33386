"""Pages for the public as a reader sees them, for their tests."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from typing import Any

from folkmoot.profile import Slate
from folkmoot.profile.records import to_json
from folkmoot.slates.recorded import recorded
from public_slates import chosen, pages

VOID = {"meta", "img", "line", "rect", "br"}
#: Words of social choice that stand in the box on the method alone.


class Page(HTMLParser):
    """What a browser would make of a page: its words, in sections."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.pieces: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []
        self.text = " ".join("".join(self.pieces).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag in ("p", "li", "td", "th", "h1", "h2", "h3", "summary", "div"):
            self.pieces.append(" ")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.pieces.append(data)


@cache
def page(name: str, lang: str = "en") -> Page:
    return Page(pages(name, lang).html)


def changed(name: str, **figures: Any) -> Slate:
    """A slate whose figures for the public are others."""
    slate = chosen(name)
    audit = recorded(slate).audit
    assert audit is not None
    assert audit.public is not None
    body = {**(slate.audit or {}), "public": to_json(replace(audit.public, **figures))}
    return replace(slate, audit=body)
