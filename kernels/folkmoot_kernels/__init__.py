"""Loops of folkmoot, compiled. ``import folkmoot`` finds them by itself; nobody calls them directly."""

from ._kernels import (
    content,
    csc_matvecs,
    csr_matvecs,
    inner_products,
    inverses,
    largest_sets,
    lowest,
    offered,
    seats,
    settled,
    uniforms,
    votes,
)
from ._version import __version__

#: What these functions take and return; goes up in both distributions when that changes.
INTERFACE = 2

__all__ = [
    "INTERFACE",
    "__version__",
    "content",
    "csc_matvecs",
    "csr_matvecs",
    "inner_products",
    "inverses",
    "largest_sets",
    "lowest",
    "offered",
    "seats",
    "settled",
    "uniforms",
    "votes",
]
