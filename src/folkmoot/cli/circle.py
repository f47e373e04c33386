"""The circle back to people: a slate as a survey for fresh people, and what their answers say of it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ..profile import InputError, Slate
from ..profile.sentences import noted
from ..report.words import some
from .flags import JsonOption
from .messages import replaced
from .parts import Progress, Reader

SlateArgument = Annotated[Path, typer.Argument(metavar="SLATE.json", help="A slate of a run, or one written by hand.")]


def survey_command(
    slate_file: SlateArgument,
    out: Annotated[Path, typer.Option(help="CSV file for the forms; the questions go into a file beside it.")],
    people: Annotated[int, typer.Option(help="How many people are to be asked.", min=1)] = 100,
    seed: Annotated[int, typer.Option(help="Seed of the order of everybody's questions.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Write a slate as a survey for people who had no part in it: forms in random order, and a table to import."""
    from ..formats.writing import in_files, writable
    from ..slates.survey import Survey

    if out.suffix.casefold() != ".csv":
        raise InputError("forms are written as CSV; name a file that ends in .csv with --out", file=out)
    survey = Survey.of(Slate.load(slate_file), people, seed)
    table = out.with_suffix(".xlsform.csv")
    _refuse_to_replace(out)
    before = [file for file in (out, table) if file.exists()]
    writable(out.parent)
    in_files({out: survey.forms(), table: survey.questions()})
    if as_json:
        body = {"forms": str(out), "questions": str(table), "people": people, "ids": survey.ids}
        typer.echo(json.dumps({**body, "replaced": [str(file) for file in before]}))
        return
    forms = (
        f"{some(people, 'person', 'people')} with {some(len(survey.ids), 'question')} each, in an order of their own"
    )
    typer.echo(
        f"forms:     {out}, {forms}; fill in the column rating "
        "(0 not at all, 1 poorly, 2 somewhat, 3 mostly, 4 perfectly)\n"
        f"questions: {table}, an XLSForm for form tools; their answers come as columns s1, s2, ...\n"
        f"then:      folkmoot validate ANSWERS.csv {slate_file}"
    )
    if there := replaced((out, table), before):
        typer.echo(there)


def _refuse_to_replace(form: Path) -> None:
    """Refuses to write over anything but a form that nobody has filled in.

    Raises:
        InputError: the file has answers, or it is no form.
    """
    from ..slates.survey import answered

    if not form.is_file():
        return
    number = answered(form.read_bytes().decode("utf-8-sig", errors="replace"))
    if number is None:
        raise InputError("is there already and is no form of a survey; name another file with --out", file=form)
    if number:
        raise InputError(
            f"is a form that was filled in already ({some(number, 'answer')}); name another file with --out", file=form
        )


def validate_command(reader: Reader, slate_file: SlateArgument, as_json: JsonOption = False) -> None:
    """Say from fresh people's ratings of its statements how well a slate represents them."""
    from ..report.validation_text import validation_summary
    from ..slates.public.order import places
    from ..slates.validation import validated

    with Progress(quiet=as_json) as progress:
        progress(noted("reading"), 0.0)
        slate = Slate.load(slate_file)
        found = validated(reader.read(), slate)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    else:
        typer.echo(validation_summary(found, places(slate)))
