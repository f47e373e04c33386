"""The compiled loops of the distribution ``folkmoot-kernels``, where it is installed.

Whatever uses one has the same loop in numpy beside it, with the same results to the bit: without a compiler nothing is
missing but time.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol, cast

#: What these functions take and return; goes up in both distributions when that changes.
INTERFACE = 2


class Kernels(Protocol):
    """The functions of ``folkmoot_kernels``. Arrays are contiguous: float64, int64, uint64, int32 or bool."""

    def settled(
        self,
        utilities: Any,
        masses: Any,
        lower: Any,
        upper: Any,
        price: Any,
        tolerance: float,
        grain: float,
        few: int,
        finer: float,
        /,
    ) -> tuple[bytes, bytes, bytes]:
        """Rows, places and masses of parcels, int64, see `processes.assignment`; ``price`` is written."""
        ...

    def seats(self, wish: Any, lower: Any, upper: Any, price: Any, order: Any, passes: int, place: Any, /) -> None:
        """Writes ``price`` and ``place``, see `processes.robust.seats`."""
        ...

    def offered(self, chances: Any, worth: Any, voted: Any, chosen: Any, numbers: Any, any: Any, /) -> None:
        """Writes ``numbers`` and ``any``, see `processes.robust.offered`."""
        ...

    def lowest(self, values: Any, whole: int, each: float, part: float, shares: Any, /) -> None:
        """Writes ``shares``, see `processes.robust.offered`."""
        ...

    def largest_sets(
        self, reach: Any, content: Any, draws: int, thresholds: int, words: int, candidates: int, most: Any, /
    ) -> None:
        """Writes ``most``, see `processes.robust.samples`."""
        ...

    def content(self, reach: Any, chosen: Any, seats: Any, words: int, content: Any, /) -> None:
        """Adds to ``content``, see `processes.robust.samples`."""
        ...

    def uniforms(self, seed: int, draw: int, statements: Any, numbers: Any, /) -> None:
        """Writes ``numbers``, see `queries.drawn`."""
        ...

    def votes(self, seed: int, draw: int, statements: Any, places: Any, odds: Any, beyond: Any, votes: Any, /) -> None:
        """Writes ``votes``, uint8, where they are 255, see `queries.drawn`."""
        ...

    def csr_matvecs(
        self, n: int, m: int, k: int, pointers: Any, columns: Any, weights: Any, features: Any, sums: Any, /
    ) -> None:
        """Writes ``sums`` over rows, see `preferences.sparse_sums`."""
        ...

    def csc_matvecs(
        self, m: int, n: int, k: int, pointers: Any, columns: Any, weights: Any, features: Any, sums: Any, /
    ) -> None:
        """Writes ``sums`` over columns, see `preferences.sparse_sums`."""
        ...

    def inner_products(
        self, n: int, m: int, k: int, rows: Any, columns: Any, left: Any, right: Any, products: Any, /
    ) -> None:
        """Writes ``products``, see `preferences.products`."""
        ...

    def inverses(self, n: int, d: int, packed: Any, out: Any, pivots: Any, /) -> None:
        """Writes ``out`` and ``pivots``, see `preferences.inverses`."""
        ...


@cache
def kernels() -> Kernels | None:
    """The compiled loops; None where they are not installed, were not compiled, or have another interface."""
    try:
        import folkmoot_kernels
    except ImportError:
        return None
    return cast(Kernels, folkmoot_kernels) if getattr(folkmoot_kernels, "INTERFACE", None) == INTERFACE else None
