"""folkmoot: from what many people said to a slate that represents all of them in proportion.

>>> import folkmoot as fm
>>> p = fm.read("examples/bowling-green")            # doctest: +SKIP
>>> s = fm.slate(p, budget=164)                      # doctest: +SKIP
>>> fm.audit(p, s).frontier                          # doctest: +SKIP
>>> s.to_html("report.html", p)                      # doctest: +SKIP
"""

from . import audit as _audit_room  # noqa: F401  (loaded first, so that the name below stays the function)
from ._version import __version__
from .api import audit, slate
from .formats import read
from .profile import FolkmootError, InputError, Profile, Slate

__all__ = ["FolkmootError", "InputError", "Profile", "Slate", "__version__", "audit", "read", "slate", "write"]
