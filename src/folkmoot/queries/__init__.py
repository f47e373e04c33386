"""Discriminative and generative queries: what a process may ask."""

from .closed_pool import BLOCK, ClosedPool
from .completed import Completed, Drawn
from .noisy import Accuracy, NoisyDisc, NoisyPool
from .protocol import Disc, Gen
from .reliable import Reliable, Weighed

__all__ = [
    "BLOCK",
    "Accuracy",
    "ClosedPool",
    "Completed",
    "Disc",
    "Drawn",
    "Gen",
    "NoisyDisc",
    "NoisyPool",
    "Reliable",
    "Weighed",
]
