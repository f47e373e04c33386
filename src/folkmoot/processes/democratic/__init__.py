"""The democratic processes of the papers (P1 to P4) with their completion."""

from . import bjr, bjr_sampled, democratic, uniform_approx

__all__ = ["bjr", "bjr_sampled", "democratic", "uniform_approx"]
