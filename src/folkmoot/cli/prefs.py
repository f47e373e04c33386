"""`folkmoot prefs`: preference data of annotators, for whoever trains a reward model with them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from ..profile.prefs_options import PrefsOptions
from ..profile.sentences import noted
from .first_run import refuse_unwritable
from .flags import JsonOption
from .messages import flagged
from .parts import Progress

PAGE, RECORD = "prefs.html", "prefs.json"


def prefs_command(
    pairs: Annotated[
        Path, typer.Argument(metavar="PAIRS", help="JSON lines, JSON, CSV or Parquet with prompt, chosen, rejected.")
    ],
    options: PrefsOptions,
    out: Annotated[
        Path | None,
        typer.Option(help="File for the rows with kind, p_chosen and weight (JSON lines), which TRL reads."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Folder for prefs.html (no annotator in it) and prefs.json.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say who prefers what in preference data, how many kinds of annotators there are, and whom one model fails.

    Answers to different prompts are never pooled.
    """
    from ..formats.writing import in_files, writable
    from ..report.preference_page import preference_page
    from ..report.preference_text import preference_text
    from ..slates.preference_data import prefs

    place = folder if folder is not None else Path("folkmoot-out") / (pairs.resolve().name.split(".")[0] or "prefs")
    with Progress(quiet=as_json) as progress:
        refuse_unwritable(place)
        if out is not None:
            refuse_unwritable(out.parent)
        examined = prefs(pairs, report=progress, **_given(options))
        progress(noted("writing"), 0.0)
        writable(place)
        body = json.dumps(examined.found.as_dict(), ensure_ascii=False, indent=1) + "\n"
        files = {place / RECORD: body, place / PAGE: preference_page(examined.found)}
        in_files(files)
        if out is not None:
            writable(out.parent)
            in_files({out: "".join(examined.labelled())})
    if as_json:
        typer.echo(body, nl=False)
        return
    typer.echo(preference_text(examined.found, flagged))
    written = [f"page:     {place / PAGE}", f"figures:  {place / RECORD}"]
    written += [f"labelled: {out}"] if out is not None else []
    typer.echo("\n".join(["", *written]))


def _given(options: PrefsOptions) -> dict[str, Any]:
    """The options by the names that the library's call has for them."""
    return asdict(options)
