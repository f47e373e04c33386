"""scipy's product of a sparse matrix by rows with a few columns, without what surrounds it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import Any


@cache
def csr_matvecs() -> Callable[..., None] | None:
    """``scipy.sparse._sparsetools.csr_matvecs``; None where scipy is not installed.

    It is called with ``(n_rows, n_columns, n_vectors, pointers, columns, values, vectors, out)`` and adds the product
    to ``out``, entry by entry in their order. ``matrix @ vectors`` of a ``csr_array`` is the same call after checks
    that take a tenth of a millisecond, and to import ``scipy.sparse`` takes 0.1 s, most of it for arrays that are not
    numpy's; so the one extension module is loaded, and the package only where that is not possible.
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
