"""Whether the words of a picture fit into it, also in fonts that are wider than the one it was set in."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

# Of DejaVu Sans, which is wide: letters, digits and signs, as a share of the size, on average and a little more.
WIDTH = 0.66
_MOVE = re.compile(r"translate\(([-\d.]+),([-\d.]+)\)")


def outside(root: ET.Element) -> list[str]:
    """The words that stick out of the picture."""
    _, _, wide, high = map(float, root.attrib["viewBox"].split())
    found: list[str] = []
    _look(root, 0.0, 0.0, wide, high, found)
    return found


def _look(node: ET.Element, x: float, y: float, wide: float, high: float, found: list[str]) -> None:
    move = _MOVE.search(node.get("transform", ""))
    turned = "rotate" in node.get("transform", "")
    if move:
        x, y = x + float(move[1]), y + float(move[2])
    if node.tag.endswith("text") and node.text:
        size = float(re.sub(r"[a-z]+", "", node.get("font-size", "14")))
        length = len(node.text) * size * WIDTH
        before = {"middle": length / 2, "end": length}.get(node.get("text-anchor", "start"), 0.0)
        low, high_, most = (x - before, x - before + length, wide)
        if turned:
            low, high_, most = (y - before, y - before + length, high)
        # A few pixels at the left edge are the picture's own padding.
        if low < -6 or high_ > most + 2:
            found.append(node.text)
    for child in node:
        _look(child, x, y, wide, high, found)
