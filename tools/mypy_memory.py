"""Has mypy look for memory to free seldom, through its plugins, because it sets how often by itself.

Checking everything anew, mypy spends a quarter of its time on that: it looks for circles of objects again after each
200,000. Every 5,000,000 it takes a tenth more memory, 1.2 GB, and 12 seconds less.
"""

from __future__ import annotations

import gc

from mypy.plugin import Plugin

OBJECTS = 5_000_000


def plugin(version: str) -> type[Plugin]:
    """What mypy calls once it has read its settings; the plugin itself changes nothing of what is checked."""
    gc.set_threshold(OBJECTS, 1_000, 1_000)
    return Plugin
