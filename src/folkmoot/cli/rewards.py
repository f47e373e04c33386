"""`folkmoot rewards`: which of several rewards tell what annotators chose, and how to weigh them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ..profile.sentences import noted
from .flags import JsonOption
from .parts import Progress


def rewards_command(
    pairs: Annotated[
        Path, typer.Argument(metavar="PAIRS", help="JSON lines, JSON, CSV or Parquet with prompt, chosen, rejected.")
    ],
    rewards: Annotated[
        Path | None,
        typer.Argument(
            metavar="[REWARDS.npy]",
            help="Rewards, rows x 2 x K (chosen, rejected), or a row of K for every answer; without it columns such as "
            "score_chosen and score_rejected.",
        ),
    ] = None,
    names: Annotated[
        list[str] | None, typer.Option("--name", help="Name of a reward, in order; once for each.", metavar="NAME")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            help="Column by which judgements are told apart as well, each by its row, like the kind of prefs."
        ),
    ] = None,
    id_column: Annotated[
        str | None, typer.Option(help="Column with the annotator's id, where it cannot be recognised.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the resamples of annotators.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Say how well each of several rewards tells what annotators chose, and which weights tell it best."""
    from ..report.rewards_text import rewards_text
    from ..slates.rewards import rewards_told

    with Progress(quiet=as_json) as progress:
        progress(noted("reading"), 0.0)
        told = rewards_told(pairs, rewards, names=names or (), by=by, seed=seed, id_column=id_column)
    typer.echo(json.dumps(asdict(told), ensure_ascii=False, indent=1) if as_json else rewards_text(told))
