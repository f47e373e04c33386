"""The mark of each statement: colour and shape together, so that no one has to tell colours alone apart."""

from __future__ import annotations

from dataclasses import dataclass

SHAPES = ("circle", "square", "triangle-up", "diamond")
# Stand-ins in the plots; the page's style sheet gives them their colours, light and dark.
COLOURS = ("#0000c1", "#0000c2", "#0000c3", "#0000c4", "#0000c5", "#0000c6", "#0000c7", "#0000c8")
PATHS = {
    "circle": "M4.5,0A4.5,4.5,0,1,1,-4.5,0A4.5,4.5,0,1,1,4.5,0Z",
    "square": "M-4,-4H4V4H-4Z",
    "triangle-up": "M0,-5L5,4H-5Z",
    "diamond": "M0,-5.5L4.5,0L0,5.5L-4.5,0Z",
}


@dataclass(frozen=True)
class Mark:
    """Number of the colour (1 to 8), name of the shape, and its path around the origin."""

    colour: int
    shape: str
    path: str


def mark(place: int) -> Mark:
    """The mark of the statement in that place; there are 32 different marks, then they repeat (numbers differ).

    >>> len({(mark(i).colour, mark(i).shape) for i in range(32)})
    32
    """
    colour = place % len(COLOURS)
    shape = SHAPES[(place + place // len(COLOURS)) % len(SHAPES)]
    return Mark(colour + 1, shape, PATHS[shape])
