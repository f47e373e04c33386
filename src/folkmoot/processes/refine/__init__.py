"""From a chosen slate to a better one, and bounds on how much better any could be."""

from . import process

__all__ = ["process"]
