"""folkmoot: from what many people said to a slate that represents all of them in proportion.

>>> import folkmoot as fm
>>> p = fm.read("examples/bowling-green")            # doctest: +SKIP
>>> s = fm.slate(p, budget=164)                      # doctest: +SKIP
>>> fm.audit(p, s).frontier                          # doctest: +SKIP
>>> s.to_html("report.html")                         # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

from ._version import __version__
from .profile import FolkmootError, InputError, Profile, Slate
from .slates.choose import audit, axioms, slate

if TYPE_CHECKING:
    from . import asking
    from .formats import read, write
    from .slates.conflicts import conflicts

__all__ = [
    "FolkmootError",
    "InputError",
    "Profile",
    "Slate",
    "__version__",
    "asking",
    "audit",
    "axioms",
    "conflicts",
    "read",
    "slate",
    "write",
]


def __getattr__(name: str) -> Any:
    """Readers, writers and the asking room are loaded when they are first asked for."""
    if name == "asking":
        from importlib import import_module

        return import_module(".asking", __name__)
    if name in ("read", "write"):
        from . import formats

        return getattr(formats, name)
    if name == "conflicts":
        from .slates.conflicts import conflicts

        return conflicts
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
