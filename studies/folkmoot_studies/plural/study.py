"""Plural preferences: every claim about the systems that work beside the slate, next to its measurement here.

Each part is a file of its own (`claims.Part`); a new one is that file and one line in `PARTS`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from folkmoot.profile import InputError, Progress

from . import answers as plural_answers
from . import audits as plural_audits
from . import criteria as plural_criteria
from . import dialogue as plural_dialogue
from . import groups as plural_groups
from . import low_rank as plural_low_rank
from . import mixtures as plural_mixtures
from . import personas as plural_personas
from . import thiele as plural_thiele
from .claims import Part, conversation

PARTS: tuple[Part, ...] = (
    plural_mixtures.PART,
    plural_criteria.PART,
    plural_personas.PART,
    plural_thiele.PART,
    plural_answers.PART,
    plural_dialogue.PART,
    plural_low_rank.PART,
    plural_audits.PART,
    plural_groups.PART,
)


def data_folder() -> Path | None:
    """``data/polis`` of the folder FOLKMOOT_SHARED names, else of the current folder; None where it is not there."""
    folder = Path(os.environ.get("FOLKMOOT_SHARED", ".")) / "data" / "polis"
    return folder if folder.is_dir() else None


def run(
    path: Path | None = None,
    *,
    only: str | None = None,
    seed: int = 0,
    report: Progress | None = None,
) -> dict[str, Any]:
    """Measures everything.

    Args:
        path: the folder of the six Polis conversations; None: see `data_folder`. Without them parts that need them
            say so.
        only: the names of parts, separated by commas; None runs all of them.
        seed: the seed of every random choice.
        report: called with (stage, share done).

    Returns:
        JSON-ready: ``seed``, ``data`` (whether the conversations were there), ``parts`` [{name, title, source, remark,
        figures: [`claims.Figure`]}], ``asked`` and ``passed``: figures with an acceptance test, and those that
        meet it.

    Raises:
        InputError: there is no such part, or no such folder.
    """
    names = [part.name for part in PARTS]
    wanted = names if only is None else [name.strip() for name in only.split(",")]
    for name in wanted:
        if name not in names:
            raise InputError(f"unknown part {name!r}; choose some of {', '.join(names)}")
    if path is not None and not path.is_dir():
        raise InputError("is no folder; name the one that holds the Polis conversations", file=path)
    folder = data_folder() if path is None else path
    conversation.cache_clear()  # a folder may have changed since the last run
    sections: list[dict[str, Any]] = []
    for place, part in enumerate(part for part in PARTS if part.name in wanted):
        if report is not None:
            report(f"measuring {part.name}", place / len(wanted))
        figures = [figure.as_dict() for figure in part.run(seed, folder)]
        sections.append(
            {
                "name": part.name,
                "title": part.title,
                "source": part.source,
                "remark": part.remark,
                "figures": figures,
            }
        )
    tested = [figure for part in sections for figure in part["figures"] if figure["passes"] is not None]
    return {
        "seed": seed,
        "data": folder is not None,
        "parts": sections,
        "asked": len(tested),
        "passed": sum(bool(figure["passes"]) for figure in tested),
    }


def table(result: Mapping[str, Any]) -> str:
    """The result as Markdown, as docs/studies/plural.md has it: ``print(table(run()))``."""
    lines = [
        f"{result['passed']} of {result['asked']} acceptance tests are met (seed {result['seed']}). In brackets: 95 % "
        "interval over that many seeds, splits or bootstrap samples of people.",
    ]
    if not result["data"]:
        lines.append("The Polis conversations were not there; what needs them was not measured.")
    for part in result["parts"]:
        lines += ["", f"## {part['title']}", "", f"{part['source']}. `folkmoot study plural --only {part['name']}`"]
        if part["remark"]:
            lines += ["", part["remark"]]
        lines += ["", "| claim | what the source says | measured here | asked for |", "|---|---|---|---|"]
        lines += [_row(figure) for figure in part["figures"]]
    return "\n".join(lines)


def _row(figure: Mapping[str, Any]) -> str:
    wanted = figure["wanted"]
    if figure["passes"] is not None:
        wanted = f"{wanted}: {'met' if figure['passes'] else '**not met**'}"
    cells = (figure["claim"], figure["said"] or "–", _measured(figure), wanted or "–")
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _measured(figure: Mapping[str, Any]) -> str:
    if figure["value"] is None:
        return "–"
    value = _number(figure["value"])
    if figure["low"] is None or figure["low"] == figure["high"]:
        return value
    return f"{value} [{_number(figure['low'])}, {_number(figure['high'])}], {figure['runs']}"


def _number(value: float) -> str:
    if value and abs(value) < 1e-3:
        return f"{value:.1e}"
    return f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) < 100 else f"{value:.1f}"
