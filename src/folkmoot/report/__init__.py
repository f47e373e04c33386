"""Reports: HTML, plain text. Nothing is computed here."""

from .html import render, write_html
from .text import summary
from .view import View

__all__ = ["View", "render", "summary", "write_html"]
