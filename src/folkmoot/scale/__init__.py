"""Large sources: answers in shards by people, utilities in blocks of two bytes, figures as sums over shards."""

from .events import LargeSource, read_events
from .route import large_slate
from .shards import Shards, write_shards

__all__ = ["LargeSource", "Shards", "large_slate", "read_events", "write_shards"]
