"""One page per process, made from what each declares about itself; `python -m folkmoot.report.process_pages` writes."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

from ..processes import PROCESSES, Process

MEANING = {
    "bjr": "balanced justified representation (BJR)",
    "cbjr": "balanced justified representation with costs (cBJR), at every threshold",
    "cbjr-levels": "cBJR at the approval levels it is run with",
    "jr": "justified representation (JR) on approvals",
    "jr_unit": "JR on approvals, where every statement costs 1",
    "ejr_plus": "EJR+ up to any statement, on approvals (EJR+ itself with equal costs)",
    "ejr_plus_unit": "EJR+ on approvals, where every statement costs 1",
    "pjr_plus": "PJR+ on approvals",
    "ejr_up_to_one": "EJR up to one statement, on utilities",
}


def page(process: Process) -> str:
    """The page of one process, Markdown."""
    told = inspect.cleandoc(process.run.__doc__ or "")
    about = told.split("\n\nArgs:")[0].split("\n\nRaises:")[0].split("\n\nReturns:")[0]
    promises = [f"* {MEANING.get(name, name)}" for name in process.guarantee] or [
        "Nothing: it is there to compare with."
    ]
    unit = "Statements must all cost 1 (`--unit statements`)." if process.unit_cost else "Any costs."
    return "\n".join(
        [
            f"# {process.id}",
            "",
            about,
            "",
            "## What it guarantees, with exact queries",
            "",
            *promises,
            "",
            "## When it can be used, and what it costs",
            "",
            f"{unit} One run takes {process.complexity}.",
            "",
            "```",
            f"folkmoot slate SOURCE --budget 10 --unit statements --process {process.id}",
            "```",
            "",
            f"Source: {process.source}.",
            "",
        ]
    )


def pages() -> dict[str, str]:
    """Every page by file name, with an index."""
    found = {f"{name}.md": page(process) for name, process in PROCESSES.items()}
    index = ["# Processes", "", "Made by `python -m folkmoot.report.process_pages docs/processes`.", ""]
    rows = [
        f"| [{name}]({name}.md) | {', '.join(process.guarantee) or '–'} | {process.complexity} |"
        for name, process in sorted(PROCESSES.items())
    ]
    return {
        **found,
        "README.md": "\n".join([*index, "| process | guarantees | one run takes |", "|---|---|---|", *rows, ""]),
    }


def main() -> None:
    """Writes the pages into the folder named on the command line."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
