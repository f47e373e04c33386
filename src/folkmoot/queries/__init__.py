"""Disc and Gen: what a process may ask."""

from .closed_pool import BLOCK, ClosedPool
from .completed import Completed, Drawn
from .protocol import Disc, Gen

__all__ = ["BLOCK", "ClosedPool", "Completed", "Disc", "Drawn", "Gen"]
