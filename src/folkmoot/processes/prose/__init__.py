"""PROSE and the other processes whose statements a language model writes while they run."""

from . import written_processes

__all__ = ["written_processes"]
