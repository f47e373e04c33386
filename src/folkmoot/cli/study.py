"""`folkmoot study`: an experiment of a paper again, from whichever package brings it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from .flags import JsonOption, completing
from .messages import calling
from .parts import Progress


def _studies() -> Iterable[str]:
    from ..slates.studies import STUDIES

    return STUDIES


def study_command(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="Id of the study; the command folkmoot studies lists them.",
            autocompletion=completing(_studies),
        ),
    ],
    instances: Annotated[int | None, typer.Option(min=1, help="How many instances to average over.")] = None,
    model: Annotated[str | None, typer.Option(help="Noise model: random, worst or both.")] = None,
    agents: Annotated[int | None, typer.Option(min=1, help="Agents in each instance.")] = None,
    levels: Annotated[int | None, typer.Option(min=1, help="Noise levels.")] = None,
    process: Annotated[list[str] | None, typer.Option(help="Process or policy: see the study's page.")] = None,
    data: Annotated[Path | None, typer.Option(help="File or folder with the study's data.")] = None,
    only: Annotated[str | None, typer.Option(help="One part of the study.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Of every random choice.")] = None,
    seeds: Annotated[str | None, typer.Option(help="Whose random draws: own or published.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the figures as JSON and SVG.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Repeat a paper's experiment: figures as text or JSON, with --out also as SVG."""
    from ..formats.writing import in_files, writable
    from ..slates.studies import find_study

    study = find_study(name)
    options = {
        "instances": instances,
        "model": model,
        "agents": agents,
        "levels": levels,
        "processes": tuple(process) if process else None,
        "path": data,
        "only": only,
        "seed": seed,
        "seeds": seeds,
    }
    given = {option: value for option, value in options.items() if value is not None}
    flags = {option: f"--{option}" for option in options} | {"processes": "--process", "path": "--data"}
    with calling(flags), Progress(quiet=as_json) as progress:
        study.check(given)
        progress(f"study {name}", 0.0)
        figures = study.run(**given, **({"report": progress} if study.reports else {}))
        body = json.dumps(figures, ensure_ascii=False, indent=1) + "\n"
        if out is not None:
            writable(out)
            pictures = study.draw(figures) if study.draw is not None else {}
            in_files({out / f"{name}.json": body, **{out / f"{title}.svg": svg for title, svg in pictures.items()}})
    typer.echo(body if as_json else study.table(figures), nl=not as_json)
