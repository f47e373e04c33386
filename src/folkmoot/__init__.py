"""folkmoot: from what many people said to a slate that represents all of them in proportion."""

from ._version import __version__

__all__ = ["__version__"]
