"""When to Ask a Question (Park, Donahue, Raghavan 2026): its figures from exact values, and what holds of its claims.

The figures are in `figures`, as the paper's captions say; 7 and 8 are about data, and `folkmoot study sushi` has them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from folkmoot.profile import InputError, Progress

from .claims import CLAIMS
from .figures import FIGURES, Figure
from .pictures import draw

__all__ = ["FIGURES", "PARTS", "STATUSES", "Figure", "draw", "markdown", "run", "table"]

PARTS = ("figures", "claims")
STATUSES = ("verified", "corrected", "refuted", "wording")
_ABOUT = ("number", "name", "head", "title", "note", "origin", "kind", "x", "columns")


def run(only: str | None = None, report: Progress | None = None) -> dict[str, Any]:
    """Every figure's values and every claim's check.

    Args:
        only: the part to run, ``figures`` or ``claims``.
        report: called with (stage, share done).

    Returns:
        JSON-ready: ``figures``: number, name, head, title, note, origin, kind, x, columns and ``rows`` (see
        `Figure.rows`); ``claims``: name, what it ``says``, exact ``reading``, ``status``, cases checked and failed of
        what is printed and of the exact form, ``witness`` in words and its ``values``; ``statuses``: how many claims
        have each. Nothing is drawn at random.

    Raises:
        InputError: there is no such part.
    """
    if only is not None and only not in PARTS:
        raise InputError(f"unknown part {only!r} of the study; choose one of {', '.join(PARTS)}")
    tell = report or (lambda stage, share: None)
    figures, claims = (FIGURES if only != "claims" else ()), (CLAIMS if only != "figures" else ())
    drawn, checked = [], []
    for place, figure in enumerate(figures):
        tell("computing figures", place / len(figures))
        about = {name: getattr(figure, name) for name in _ABOUT}
        drawn.append({**about, "rows": figure.rows()})
    for place, claim in enumerate(claims):
        tell("checking claims", place / len(claims))
        checked.append(claim.as_dict())
    counts = Counter(claim["status"] for claim in checked)
    return {
        "study": "asking",
        "figures": drawn,
        "claims": checked,
        "statuses": {status: counts[status] for status in STATUSES},
    }


def table(result: Mapping[str, Any]) -> str:
    """Claims with status, cases and witness, and the list of figures, as plain text."""
    lines = []
    for claim in result["claims"]:
        lines.append(f"{claim['name']:13}{claim['status']:11}{_cases(claim)}")
        lines.append(f"    says: {claim['says']}")
        lines.append(f"    read: {claim['reading']}")
        if claim["witness"]:
            lines.append(f"    seen: {claim['witness']}")
    lines += [f"{figure['head']:13}{figure['title']} ({figure['origin']})" for figure in result["figures"]]
    return "\n".join(lines)


def markdown(result: Mapping[str, Any]) -> str:
    """The same as the two tables of the documentation."""
    lines = [
        "| claim | says (our words) | exact form, or right reading | status | cases | witness |",
        "|---|---|---|---|---|---|",
    ]
    for claim in result["claims"]:
        cells = (
            claim["name"],
            claim["says"],
            claim["reading"],
            f"**{claim['status']}**",
            _cases(claim),
            claim["witness"],
        )
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "| figure | shows | to see | drawn |", "|---|---|---|---|"]
    lines += [
        f"| {figure['head']} | {figure['title']} | {figure['note']} | {figure['origin']} |"
        for figure in result["figures"]
    ]
    return "\n".join(lines)


def _cases(claim: Mapping[str, Any]) -> str:
    if not claim["checked"]:
        return "not computable"
    words = f"{claim['failed']:,} of {claim['checked']:,} fail"
    if claim["checked_exact_form"]:
        words += f"; exact form: {claim['failed_exact_form']:,} of {claim['checked_exact_form']:,}"
    return words
