"""Products of a sparse matrix with a few vectors: the compiled loops, or scipy's without what surrounds them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import Any, NamedTuple

from ..profile.compiled import kernels


class Routines(NamedTuple):
    """Routines that write ``matrix @ vectors`` to ``out``, which is zeros, entry by entry.

    Both are called with ``(n_rows, n_columns, n_vectors, pointers, places, values, vectors, out)``. Products are added
    one by one, so sums have the same bits wherever the entries of a row have the same order.

    Args:
        csr_matvecs: takes the entries row by row, ``places`` are columns.
        csc_matvecs: takes the entries column by column, ``places`` are rows.
    """

    csr_matvecs: Callable[..., None]
    csc_matvecs: Callable[..., None]


def routines() -> Routines | None:
    """The compiled routines, or else scipy's; None where scipy is not installed either."""
    loops = kernels()
    return scipys() if loops is None else Routines(loops.csr_matvecs, loops.csc_matvecs)


@cache
def scipys() -> Routines | None:
    """The routines of ``scipy.sparse._sparsetools``; None where scipy is not installed.

    ``matrix @ vectors`` of a ``csr_array`` is the same call after checks that take a tenth of a millisecond, and to
    import ``scipy.sparse`` takes 0.1 s, most of it for arrays that are not numpy's; so the one extension module is
    loaded, and the package only where that is not possible.
    """
    try:
        module: Any = sys.modules.get("scipy.sparse._sparsetools") or _alone()
        if module is None:
            module = import_module("scipy.sparse._sparsetools")
    except ImportError:
        return None
    return Routines(module.csr_matvecs, module.csc_matvecs)


def _alone() -> Any:
    """The extension module without its package, not entered in ``sys.modules``; None if it is not where it was."""
    import scipy  # quick: its packages are loaded when they are asked for

    spec = PathFinder.find_spec("_sparsetools", [f"{path}/sparse" for path in scipy.__path__])
    if spec is None or spec.loader is None:
        return None
    try:
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
    except (ImportError, AttributeError):
        return None
    return module if all(hasattr(module, name) for name in Routines._fields) else None
