"""Tutorials: notebooks that are run by themselves, without Jupyter, and become pages of the site.

``python -m docsite.notebooks FOLDER`` runs every notebook of a folder and keeps what it prints; with ``--check`` it
only says which would print something else today. A warning is an error. Every notebook runs in a copy of the folder, so
that it leaves nothing behind.
"""

from __future__ import annotations

import ast
import io
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]
Output = dict[str, Any]


class CellError(RuntimeError):
    """A cell failed; the message has its code and what happened."""


def notebooks(folder: Path) -> list[Path]:
    """The notebooks of a folder, in order of name."""
    return sorted(folder.glob("*.ipynb"))


def executed(path: Path) -> Notebook:
    """A notebook run anew, with what its cells print today.

    Args:
        path: the notebook; what lies beside it can be read by its cells.

    Raises:
        CellError: if a cell fails or warns.
    """
    notebook: Notebook = json.loads(path.read_text("utf-8"))
    names: dict[str, Any] = {"__name__": "__main__"}
    number = 0
    with _copied(path.parent) as place, chdir(place):
        for cell in notebook["cells"]:
            if cell["cell_type"] != "code":
                continue
            number += 1
            cell["execution_count"] = number
            cell["outputs"] = _run("".join(cell["source"]), names, number, f"{path.name}, cell {number}")
    return notebook


@contextmanager
def _copied(folder: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        yield Path(shutil.copytree(folder, Path(place) / "tutorials"))


def _run(code: str, names: dict[str, Any], number: int, where: str) -> list[Output]:
    outputs: list[Output] = []
    try:
        if code.startswith("!"):
            return _printed(_shell(code[1:]))
        tree = ast.parse(code, where)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        printed = io.StringIO()
        value = None
        with warnings.catch_warnings(), redirect_stdout(printed), redirect_stderr(printed):
            warnings.simplefilter("error")
            exec(compile(tree, where, "exec"), names)
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), where, "eval"), names)
            shown = None if value is None else _shown(value)
    except Exception:  # noqa: BLE001 - whatever a cell raises
        raise CellError(f"{where}:\n{code}\n\n{traceback.format_exc(limit=-3)}") from None
    outputs += _printed(printed.getvalue())
    if shown is not None:
        outputs.append({"output_type": "execute_result", "execution_count": number, "metadata": {}, "data": shown})
    return outputs


def _shell(line: str) -> str:
    """What a command prints; ``folkmoot`` is the one that is installed here."""
    words = shlex.split(line)
    if words[0] == "folkmoot":
        words = [sys.executable, "-W", "error", "-m", "folkmoot", *words[1:]]
    settings = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=settings)
    if done.returncode:
        raise RuntimeError(f"{line}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def _printed(text: str) -> list[Output]:
    return [{"output_type": "stream", "name": "stdout", "text": _lines(text)}] if text else []


def _shown(value: Any) -> dict[str, Any]:
    """A value as a notebook shows it: as a picture, as HTML, as text."""
    if type(value).__module__.startswith("altair."):
        import vl_convert

        svg = vl_convert.vegalite_to_svg(value.to_dict())
        return {"image/svg+xml": _lines(svg), "text/plain": ["a chart"]}
    shown: dict[str, Any] = {"text/plain": _lines(repr(value))}
    if hasattr(value, "_repr_html_"):
        shown["text/html"] = _lines(value._repr_html_())
    return shown


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def as_text(notebook: Notebook) -> str:
    """A notebook as its file holds it: the same notebook, the same bytes."""
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def pages(folder: Path) -> dict[str, str]:
    """Every notebook as a page, by its place in the site, with the outputs that its file holds."""
    return {
        f"{folder.name}/{path.stem}.md": page(json.loads(path.read_text("utf-8")), path.name)
        for path in notebooks(folder)
    }


def page(notebook: Notebook, name: str) -> str:
    """A notebook as Markdown, with a link to the notebook itself below its title."""
    parts: list[str] = []
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(text)
            if len(parts) == 1:
                parts.append(f"[Download this notebook]({name})")
            continue
        parts.append(f"```{'sh' if text.startswith('!') else 'python'}\n{text.removeprefix('!')}\n```")
        parts += [_output(output) for output in cell["outputs"]]
    return "\n\n".join(parts) + "\n"


def _output(output: Output) -> str:
    data = output.get("data", {"text/plain": output.get("text", [])})
    if "image/svg+xml" in data:
        return f'<figure class="output">{_unbroken(data["image/svg+xml"])}</figure>'
    if "text/html" in data:
        return f'<div class="output">{_unbroken(data["text/html"])}</div>'
    return "```text\n" + "".join(data["text/plain"]).rstrip("\n") + "\n```"


def _unbroken(lines: list[str]) -> str:
    """HTML on one line: an empty line would end it in Markdown."""
    return "".join(line.strip() if line.strip().startswith("<") else line.replace("\n", " ") for line in lines)


def main() -> None:
    """Runs the notebooks of the folder on the command line."""
    folder, check = Path(sys.argv[1]), "--check" in sys.argv[2:]
    stale = False
    for path in notebooks(folder):
        text = as_text(executed(path))
        if text != path.read_text("utf-8"):
            stale = True
            print(f"{'prints something else today' if check else 'written'}: {path}")
            if not check:
                path.write_text(text, encoding="utf-8")
    sys.exit(1 if check and stale else 0)


if __name__ == "__main__":
    main()
