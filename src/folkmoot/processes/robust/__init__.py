"""The process ``robust``: a slate that holds up on answers nobody gave yet."""

from .process import robust

__all__ = ["robust"]
