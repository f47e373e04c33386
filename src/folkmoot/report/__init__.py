"""Reports: HTML, plain text. Nothing is computed here."""

from ..slates.view import View
from .html import render, write_html
from .text import summary

__all__ = ["View", "render", "summary", "write_html"]
