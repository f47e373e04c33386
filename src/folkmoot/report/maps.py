"""The map of opinions in small multiples: one small panel for each statement, people binned into dots.

Every panel has the same people in the same places; only who agreed and who disagreed changes. Dots are binned, so that
a page of many thousand people is as light as one of a hundred. No panel holds a text or an id of a participant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from ..slates.public.order import places
from .facts import Facts

Steps = tuple[tuple[int, float], ...]
#: The size of a panel and of the squares that people are binned into, in units of the picture.
WIDTH, HEIGHT, CELL = 168, 120, 6
#: A dot is small, middling or large: so many people at least, and its width, on a map of many people and of few.
STEPS, FEW_STEPS = ((1, 2.4), (3, 3.8), (8, 5.2)), ((1, 4.0), (3, 4.8), (8, 5.6))
FEW = 300
#: A dot has a side where so large a share of those who took one in it took the same.
SIDED = 0.6


@dataclass(frozen=True)
class Panel:
    """One statement on the map, ready to print.

    Args:
        number: the number of the statement, as everywhere.
        svg: the picture; it refers to the first panel of the page for the dots of everybody.
        agree: how many of the people on the map agreed.
        reject: how many of them disagreed.
    """

    number: int
    svg: str
    agree: int
    reject: int


def panels(facts: Facts) -> list[Panel]:
    """One panel for each statement of the slate; none without positions of people.

    Where nobody answered anything, those who are assigned to a statement are shown in the place of those who agree.

    Args:
        facts: the view with its look-ups.
    """
    points = facts.view.positions
    if points is None or not len(points) or not np.isfinite(points).all():
        return []
    cells = _cells(points)
    steps = FEW_STEPS if len(points) <= FEW else STEPS
    everybody = _dots("soft", _sizes(np.bincount(cells), steps))
    made = []
    for number, place in enumerate(places(facts.slate), start=1):
        agree, reject = _sides(facts, place)
        both = _coloured(cells, agree, reject, steps)
        ground = (
            f'<g id="everybody" stroke-linecap="round">{everybody}</g>' if number == 1 else '<use href="#everybody"/>'
        )
        words = _label(facts, number, int(agree.sum()), int(reject.sum()))
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{_quoted(words)}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}" stroke-linecap="round">{ground}{both}</svg>'
        )
        made.append(Panel(number, svg, int(agree.sum()), int(reject.sum())))
    return made


@dataclass(frozen=True)
class GroupPanel:
    """One opinion group on the map, ready to print: the picture, and what it shows in words."""

    svg: str
    words: str


def group_panels(facts: Facts) -> list[GroupPanel]:
    """One panel for each opinion group, on the map of `panels`; none where there are not several.

    Args:
        facts: the view with its look-ups.
    """
    points, groups, w = facts.view.positions, facts.view.groups, facts.w
    if groups is None or points is None or not len(points) or not np.isfinite(points).all():
        return []
    cells, steps = _cells(points), FEW_STEPS if len(points) <= FEW else STEPS
    made = []
    for number in range(int(groups.max()) + 1):
        inside = groups == number
        n = int(inside.sum())
        words = w.ngettext("Group %(number)s: %(n)s person", "Group %(number)s: %(n)s people", n, number=number + 1)
        dots = _dots("group", _sizes(np.bincount(cells[inside], minlength=WIDTH // CELL * (HEIGHT // CELL)), steps))
        label = w.gettext("%(group)s, on the map.", group=words)
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{_quoted(label)}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}" stroke-linecap="round"><use href="#everybody"/>{dots}</svg>'
        )
        made.append(GroupPanel(svg, words))
    return made


def _label(facts: Facts, number: int, agree: int, reject: int) -> str:
    """What a panel shows, for readers who do not see it."""
    w = facts.w
    if facts.measured in ("texts", "comparisons"):
        return w.gettext(
            "Statement %(number)s: where the %(n)s people are who are assigned to it.", number=number, n=agree
        )
    counts = w.listed(facts.terms.counts(agree, 0, reject)) or w.gettext("nobody answered it")
    return w.gettext("Statement %(number)s on the map: %(counts)s.", number=number, counts=counts)


def _cells(points: FloatArray) -> IntArray:
    """int64 [n]: the square of the picture that each person is in, row by row; the outermost 1 % stand at the edge."""
    low, high = np.quantile(points, 0.005, axis=0), np.quantile(points, 0.995, axis=0)
    span = np.where(high > low, high - low, 1.0)
    unit = np.where(high > low, np.clip((points - low) / span, 0.0, 1.0), 0.5)
    columns, rows = WIDTH // CELL, HEIGHT // CELL
    x = np.minimum((unit[:, 0] * columns).astype(np.int64), columns - 1)
    y = np.minimum(((1.0 - unit[:, 1]) * rows).astype(np.int64), rows - 1)
    cells: IntArray = y * columns + x
    return cells


def _sides(facts: Facts, place: int) -> tuple[BoolArray, BoolArray]:
    """bool [n] twice: who agreed with a statement and who disagreed, by their own answers."""
    n = facts.profile.n_agents
    agree, reject = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    answers, column = facts.profile.answers, int(facts.columns[place])
    if facts.measured in ("texts", "comparisons"):
        return facts.place == place, reject
    if column < 0:
        return agree, reject
    mine = answers.statement == column
    above, below = facts.sides(answers.scale.utility(answers.value[mine]))
    agree[answers.agent[mine][above]] = True
    reject[answers.agent[mine][below]] = True
    if answers.scale.complete:
        reject = ~agree
    return agree, reject


def _coloured(cells: IntArray, agree: BoolArray, reject: BoolArray, steps: Steps) -> str:
    """The dots of those who took a side: round where most agreed, square where most disagreed, pale between."""
    size = WIDTH // CELL * (HEIGHT // CELL)
    yes, no = np.bincount(cells[agree], minlength=size), np.bincount(cells[reject], minlength=size)
    both = yes + no
    share = np.where(both > 0, yes / np.maximum(both, 1), 0.5)
    groups = {"pass": abs(share - 0.5) < SIDED - 0.5, "reject": share <= 1 - SIDED, "agree": share >= SIDED}
    return "".join(_dots(name, _sizes(np.where(mask, both, 0), steps)) for name, mask in groups.items())


def _sizes(people: IntArray, steps: Steps) -> Iterable[tuple[float, IntArray]]:
    """Pairs of a width and the squares whose dot has it."""
    for step, (least, width) in enumerate(steps):
        most = steps[step + 1][0] if step + 1 < len(steps) else None
        inside = (people >= least) & ((people < most) if most is not None else True)
        yield width, np.flatnonzero(inside)


def _dots(name: str, sizes: Iterable[tuple[float, IntArray]]) -> str:
    """Dots as lines without a length, whose ends the style sheet draws round or square."""
    columns = WIDTH // CELL
    paths = []
    for width, squares in sizes:
        if len(squares):
            d = "".join(
                f"M{int(cell) % columns * CELL + CELL // 2} {int(cell) // columns * CELL + CELL // 2}h0"
                for cell in squares
            )
            paths.append(f'<path class="d-{name}" stroke-width="{width:g}" d="{d}"/>')
    return "".join(paths)


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
