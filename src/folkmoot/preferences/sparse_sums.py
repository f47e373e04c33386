"""Long weighted sums over entries: the compiled loop, or scipy's products of a sparse matrix with a few vectors."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..profile import FloatArray
from ..profile.compiled import kernels

#: Sums of so many terms or more are worth the time that scipy takes to be imported, where it is installed.
_MANY_TERMS = 200_000


class Places(NamedTuple):
    """Where the entries of groups are.

    Args:
        pointers: int32 [n_groups + 1] the first entry of every group, and the end.
        targets: int32 [n_entries] the target of every entry, group by group.
        order: int32 [n_entries] where the weight of each is; None: in the same order.
    """

    pointers: NDArray[np.int32]
    targets: NDArray[np.int32]
    order: NDArray[np.int32] | None


def quick(terms: int) -> bool:
    """Whether `weighted_sums` can be called for so many terms: there are many, and something that is quick with them."""
    return terms >= _MANY_TERMS and (kernels() is not None or routine() is not None)


def weighted_sums(places: Places, weight: FloatArray, wide: FloatArray) -> FloatArray:
    """Weighted sums of the targets' features over each group's entries, float64 [n_groups, n_features].

    Products are added one by one in the order of the entries, so sums have the same bits whatever makes them.

    Args:
        places: where the entries are.
        weight: float64 [n_entries] the weights.
        wide: float64 [n_targets, n_features] the features.
    """
    wide = np.ascontiguousarray(wide)
    size, k = len(places.pointers) - 1, wide.shape[1]
    loops = kernels()
    if loops is not None:
        sums = np.empty((size, k))
        loops.weighted_sums(places.pointers, places.targets, places.order, weight, wide, k, sums)
        return sums
    add = routine()
    assert add is not None
    sums = np.zeros((size, k))
    arranged = weight if places.order is None else weight[places.order]
    add(size, len(wide), k, places.pointers, places.targets, arranged, wide.ravel(), sums.ravel())
    return sums


@cache
def routine() -> Callable[..., None] | None:
    """``scipy.sparse._sparsetools.csr_matvecs``, which adds ``matrix @ vectors`` to ``out``; None without scipy.

    Called with ``(n_rows, n_columns, n_vectors, pointers, places, values, vectors, out)``.

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
    found: Callable[..., None] = module.csr_matvecs
    return found


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
    return module if hasattr(module, "csr_matvecs") else None
