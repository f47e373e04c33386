"""How the command holds on to memory: what a table has taken and given back is kept for the next one."""

from __future__ import annotations

import ctypes
import gc
import sys

# The numbers of glibc's ``mallopt``, and what they are set to: pieces up to 32 MB (the most glibc allows) come from the
# heap instead of from the system, and up to 256 MB of it are kept when they are free.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
LARGEST_PIECE, KEPT = 32 * 2**20, 256 * 2**20
# New objects after which Python looks for circles among them (its default is 700).
NEW_OBJECTS = 50_000


def look_less() -> None:
    """Has Python look less often for circles of objects that nobody needs, and not at all among imported modules."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)


def keep_memory() -> bool:
    """Has the C library keep freed memory, where it is glibc; whether it does.

    Arrays of some megabytes are made and freed thousands of times; by default each is asked of the system anew, which
    clears every page of it: half a second in the main job.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False  # another C library
    return bool(set_option(_MMAP_THRESHOLD, LARGEST_PIECE) and set_option(_TRIM_THRESHOLD, KEPT))
