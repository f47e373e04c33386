"""Large sources: answers in shards by people, utilities in blocks of two bytes, figures as sums over shards."""

from typing import TYPE_CHECKING, Any

from .events import LargeSource, read_events
from .shards import Shards, write_shards

if TYPE_CHECKING:
    from .route import large_slate

__all__ = ["LargeSource", "Shards", "large_slate", "read_events", "write_shards"]


def __getattr__(name: str) -> Any:
    """The way to a slate is loaded when it is first asked for: of most sources only the size is looked at here."""
    if name != "large_slate":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .route import large_slate

    globals()[name] = large_slate
    return large_slate
