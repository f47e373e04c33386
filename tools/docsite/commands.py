"""The help of every command, as a page each."""

from __future__ import annotations

import os
import re
from typing import Any

from typer.main import get_command
from typer.testing import CliRunner

from folkmoot.cli.main import app

COLUMNS = 100
_BOX = re.compile("[╭╮╰╯│─]")


def pages() -> dict[str, str]:
    """The pages by their place in the site."""
    found = commands(get_command(app))
    index = ["# Commands", "", "What `folkmoot COMMAND --help` prints. Every command takes `--json`.", ""]
    index += ["| command | what it does |", "|---|---|"]
    made: dict[str, str] = {}
    for words, command in found:
        name = "-".join(words)
        made[f"reference/commands/{name}.md"] = page(words)
        index.append(f"| [`folkmoot {' '.join(words)}`]({name}.md) | {first_line(command)} |")
    return {"reference/commands/README.md": "\n".join(index) + "\n", **made}


def commands(group: Any, before: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Every command with its words, in the order in which the help lists them."""
    inside = getattr(group, "commands", None)
    if inside is None:
        return [(before, group)]
    return [found for name, command in inside.items() for found in commands(command, (*before, name))]


def first_line(command: Any) -> str:
    """What a command does, in a line."""
    return " ".join((command.help or "").split("\n\n")[0].split()).replace("|", "\\|")


def page(words: tuple[str, ...]) -> str:
    """The page of one command."""
    settings = {**os.environ, "COLUMNS": str(COLUMNS), "NO_COLOR": "1", "TERM": "dumb"}
    done = CliRunner().invoke(app, [*words, "--help"], env=settings, prog_name="folkmoot")
    if done.exit_code:
        raise RuntimeError(f"{' '.join(words)} --help failed: {done.output}")
    lines = [line.rstrip() for line in done.output.strip("\n").splitlines()]
    return "\n".join([f"# folkmoot {' '.join(words)}", "", "```text", *lines, "```", ""])
