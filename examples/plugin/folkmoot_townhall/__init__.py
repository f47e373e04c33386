"""A process, a format and a preference model: importing them registers them."""

from . import minutes, popularity, rounds

__all__ = ["minutes", "popularity", "rounds"]
