"""Makes a page per process and per exact audit from what they declare.

`make docs` writes them (``python -m folkmoot.report.pages docs``), and `make test` fails while `stale` names any.
"""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

from ..audits import AUDITS, Entry
from ..processes import GUARANTEES, PROCESSES, Process

LETTERS = " Here S is a group of people, W the slate, c the cost, n the number (or weight) of all people, B the budget."
MADE = "Made by `make docs` from what is declared in the code; `make test` says when that has to be done again."


def process_page(process: Process) -> str:
    """The page of one process, Markdown."""
    docstring = inspect.cleandoc(process.run.__doc__ or "")
    about = docstring.split("\n\nArgs:")[0].split("\n\nRaises:")[0].split("\n\nReturns:")[0]
    promises = [f"* {GUARANTEES[name].meaning}" for name in process.guarantee] or [
        "Nothing: it is there to compare with."
    ]
    clauses = [f"* `{name}`: {meaning}" for name, meaning in process.parameters.items()]
    example = ",".join(f"{name}=NUMBER" for name in process.parameters)
    parameters = (
        ["## Parameters", "", *clauses, "", f"As in `--process {process.id}:{example}`.", ""] if clauses else []
    )
    unit = "Statements must all cost 1 (`--unit statements`)." if process.unit_cost else "Any costs."
    needs = (
        f" It needs the extra `{process.extra}` (`pip install 'folkmoot[{process.extra}]'`)." if process.extra else ""
    )
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
            f"{unit} One run takes {process.complexity}.{needs}",
            "",
            "```",
            f"folkmoot slate SOURCE --budget 10 --unit statements --process {process.id}",
            "```",
            "",
            *parameters,
            f"Source: {process.source}.",
            "",
        ]
    )


def audit_page(entry: Entry) -> str:
    """The page of one exact audit, Markdown."""
    looks = "approvals: who values a statement `--level` or more approves it" if entry.approvals else "utilities"
    implied = [f"* [{name}]({name}.md)" for name in entry.implies]
    implied += [f"* [{name}]({name}.md), where all statements cost the same" for name in entry.implies_equal]
    return "\n".join(
        [
            f"# {entry.id}" if entry.id == entry.name.lower() else f"# {entry.id}: {entry.name}",
            "",
            f"{entry.says}{LETTERS if '(' in entry.says else ''}",
            "",
            f"It looks at {looks}.",
            "",
            "## How it is decided",
            "",
            f"* Exactness: {entry.exactness}.",
            f"* Complexity: {entry.complexity}.",
            f"* Limit: {entry.limit}.",
            f"* Beyond it: {entry.instead or 'nothing else is needed.'}",
            "",
            "## What it implies",
            "",
            *(implied or ["None of the other audits."]),
            "",
            "```",
            f"folkmoot audit SOURCE slate.json --axiom {entry.id}",
            "```",
            "",
            f"Source: {entry.source}.",
            "",
        ]
    )


def pages() -> dict[str, str]:
    """All pages by their paths below the documentation's folder, with an index for each kind.

    Processes and audits of other packages have no page here.
    """
    own = {name: process for name, process in PROCESSES.items() if not PROCESSES.distribution(name)}
    exact = {name: entry for name, entry in AUDITS.items() if not AUDITS.distribution(name)}
    processes = [
        f"| [{name}]({name}.md) | {', '.join(process.guarantee) or '–'} | {process.complexity} |"
        for name, process in sorted(own.items())
    ]
    audits = [
        f"| [{name}]({name}.md) | {entry.name} | {'none' if not entry.instead else entry.limit} | "
        f"{', '.join(entry.implies + tuple(f'{other} (equal costs)' for other in entry.implies_equal)) or '–'} |"
        for name, entry in sorted(exact.items())
    ]
    return {
        **{f"processes/{name}.md": process_page(process) for name, process in own.items()},
        **{f"audits/{name}.md": audit_page(entry) for name, entry in exact.items()},
        "processes/README.md": _index("Processes", "", "process | guarantees | one run takes", processes),
        "audits/README.md": _index("Exact audits", ABOUT_AUDITS, "audit | axiom | limit | implies", audits),
    }


ABOUT_AUDITS = """\
`folkmoot audit SOURCE slate.json --axiom core --axiom pjr` (or `--axiom all`; in Python `fm.axioms(p, s, ["core"])`)
says of each: it holds, it is violated by this group, or the instance is too large and why. The answer and its ratio are
decided in integers, or proved by a solver and recomputed, as the page says. With the ratio comes the smallest quota for
which the axiom holds (`folkmoot.audits.smallest_quota`). What is too large is still settled where an audit that implies
it holds, or one that it implies is violated.

A slate by hand is `["3", "7"]`, or `{"statements": [{"id": "3"}, {"id": "7"}], "budget": 4, "unit": "statements"}`; a
source may be an election (abcvoting, Pabulib, PrefLib). Where the slate names no unit it is what the source states
costs in, `statements` for an election, else `words`.
"""


def _index(title: str, about: str, head: str, rows: list[str]) -> str:
    columns = head.count("|") + 1
    lines = [f"# {title}", "", MADE, "", *([about] if about else []), f"| {head} |", "|" + "---|" * columns, *rows, ""]
    return "\n".join(lines)


def stale(folder: Path) -> list[str]:
    """Pages that differ from what would be written now, missing and superfluous ones included."""
    made = pages()
    there = {
        path.relative_to(folder).as_posix() for kind in ("processes", "audits") for path in (folder / kind).glob("*.md")
    }
    return sorted(
        name
        for name in there | made.keys()
        if name not in there or name not in made or (folder / name).read_text(encoding="utf-8") != made[name]
    )


def main() -> None:
    """Writes the stale pages into the folder named on the command line, and prints which they were."""
    folder = Path(sys.argv[1])
    made = pages()
    for name in stale(folder):
        path = folder / name
        if name in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[name], encoding="utf-8")
        else:
            path.unlink()
        print(f"{'written' if name in made else 'removed'}: {path}")


if __name__ == "__main__":
    main()
