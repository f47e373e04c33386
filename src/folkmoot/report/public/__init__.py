"""The page for the public: one self-contained file that names nobody, in the language of its readers."""

from .page import render_public

__all__ = ["render_public"]
