"""Loops of folkmoot, compiled. ``import folkmoot`` finds them by itself; nobody calls them directly."""

from ._kernels import inner_products, largest_sets, seats, settled, uniforms, votes, weighted_sums
from ._version import __version__

#: What these functions take and return; goes up in both distributions when that changes.
INTERFACE = 2

__all__ = [
    "INTERFACE",
    "__version__",
    "inner_products",
    "largest_sets",
    "seats",
    "settled",
    "uniforms",
    "votes",
    "weighted_sums",
]
