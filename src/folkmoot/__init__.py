"""folkmoot: from what many people said to a slate that represents all of them in proportion.

>>> import folkmoot as fm
>>> p = fm.example()  # or fm.read("my-conversation/"), or fm.read(frame)
>>> s = fm.slate(p, budget=164)                      # doctest: +SKIP
>>> fm.audit(p, s).frontier                          # doctest: +SKIP
>>> s.to_html("report.html")                         # doctest: +SKIP
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._version import __version__
from .profile import FolkmootError, InputError, Options, Profile, Slate
from .slates.view import View

if TYPE_CHECKING:
    from . import asking
    from .formats import read, write
    from .formats.example import example
    from .processes import maxmin as lotteries
    from .slates.audited import audit, audited
    from .slates.axioms import axioms
    from .slates.choose import slate
    from .slates.compare import compare, rerun
    from .slates.conflicts import conflicts
    from .slates.lottery import lottery
    from .slates.preference_data import prefs
    from .slates.sweep import sweep

__all__ = [
    "FolkmootError",
    "InputError",
    "Options",
    "Profile",
    "Slate",
    "__version__",
    "asking",
    "audit",
    "audited",
    "axioms",
    "compare",
    "conflicts",
    "example",
    "lotteries",
    "lottery",
    "prefs",
    "read",
    "rerun",
    "slate",
    "sweep",
    "write",
]

# What is loaded when it is first asked for: the module, and the name in it (none: the module itself).
_LATE = {
    "asking": (".asking", ""),
    "audit": (".slates.audited", "audit"),
    "audited": (".slates.audited", "audited"),
    "axioms": (".slates.axioms", "axioms"),
    "compare": (".slates.compare", "compare"),
    "conflicts": (".slates.conflicts", "conflicts"),
    "example": (".formats.example", "example"),
    "lotteries": (".processes.maxmin", ""),
    "lottery": (".slates.lottery", "lottery"),
    "prefs": (".slates.preference_data", "prefs"),
    "read": (".formats", "read"),
    "rerun": (".slates.compare", "rerun"),
    "slate": (".slates.choose", "slate"),
    "sweep": (".slates.sweep", "sweep"),
    "write": (".formats", "write"),
}


def __getattr__(name: str) -> Any:
    """Everything but the types that all speak is loaded when it is first asked for."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    place, inside = _LATE[name]
    module = import_module(place, __name__)
    found = getattr(module, inside) if inside else module
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return list(__all__)


def _write_html(view: View, path: Path, lang: str = "") -> Path:
    from .report import speech, write_html

    return write_html(view, path, speech(view.slate, lang))


def _publish(slate: Slate, path: Path, options: Mapping[str, Any]) -> Path:
    from .report import publish

    return publish(slate, path, options)


def _numbers(slate: Slate) -> Sequence[int]:
    from .slates.public.order import numbers

    return numbers(slate)


View.write = staticmethod(_write_html)
Slate.publish = staticmethod(_publish)
Slate.numbers = staticmethod(_numbers)
