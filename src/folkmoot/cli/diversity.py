"""`folkmoot diversity`: how different the outputs of two models are, by domain."""

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from ..profile.sentences import noted
from .flags import JsonOption
from .parts import Progress

Outputs = "JSON lines, JSON, CSV or Parquet with output, and perhaps prompt and domain."


def diversity_command(
    first: Annotated[Path, typer.Argument(metavar="A", help=f"Outputs of one model: {Outputs}")],
    second: Annotated[Path, typer.Argument(metavar="B", help="Outputs of another, say after tuning.")],
    seed: Annotated[int, typer.Option(help="Seed by which outputs without prompts are dealt into parts.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Say how much more or less diverse the outputs of one model are than those of another, by domain."""
    from ..report.output_diversity_text import diversity_text
    from ..slates.output_diversity import output_diversity

    with Progress(quiet=as_json) as progress:
        progress(noted("reading"), 0.0)
        found = output_diversity(first, second, seed=seed)
    typer.echo(json.dumps(_plain(asdict(found)), ensure_ascii=False, indent=1) if as_json else diversity_text(found))


def _plain(value: Any) -> Any:
    """A value as JSON has it, null for what is no number."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
