"""The command line: parse, call, print. Exit code 0 ok, 1 the work failed, 2 bad usage or bad input."""

import json
import os
import shlex
import sys
from contextlib import ExitStack
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from .._version import __version__
from ..profile import FolkmootError, InputError, Slate
from ..report.words import plain
from .ask import ask_app
from .listing import mount, say_plainly
from .llm import replay_command
from .parts import JsonOption, Progress, Reader, Unit, with_source
from .repeats import NoRepeatsOption, RepeatsOption, design_command, repeats_for, repeats_of, words_of
from .study import study_command

app = typer.Typer(
    name="folkmoot",
    help="From what many people said to a short slate of statements that represents all of them in proportion.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(ask_app, name="ask")
ask_app.command("design")(with_source(design_command))


class Scoring(StrEnum):
    """What a language model is asked."""

    full = "full"
    exact = "exact"
    sparing = "sparing"
    screened = "screened"


class Assignment(StrEnum):
    """Who stands behind which statement."""

    best = "best"
    process = "process"
    max_utility = "max-utility"


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


@app.command("slate")
@with_source
def slate_command(
    reader: Reader,
    budget: Annotated[int, typer.Option("--budget", min=1, help="What the slate may cost, in --unit.")],
    unit: Annotated[Unit, typer.Option(help="What the budget counts.")] = Unit.words,
    process: Annotated[
        str | None,
        typer.Option(help="As `folkmoot processes` lists them (default: democratic-fast; with --engine llm: prose)."),
    ] = None,
    engine: Annotated[str, typer.Option(help="What answers the queries: embedded or llm.")] = "embedded",
    out: Annotated[Path | None, typer.Option(help="Folder for slate.json and report.html.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of every random choice.")] = 0,
    strict: Annotated[bool, typer.Option("--strict", help="Only statements that moderation accepted.")] = False,
    min_length: Annotated[int, typer.Option(min=0, help="Fewest words of a statement that may be chosen.")] = 0,
    max_length: Annotated[int, typer.Option(min=0, help="Most words of a statement that may be chosen; 0: any.")] = 0,
    min_answers: Annotated[int, typer.Option(min=0, help="Fewest answers to a statement that may be chosen.")] = 0,
    lock_in: Annotated[list[str] | None, typer.Option(help="Id of a statement that must be in.")] = None,
    lock_out: Annotated[list[str] | None, typer.Option(help="Id of a statement that must not be in.")] = None,
    levels: Annotated[str | None, typer.Option(help="Approval levels, highest first, e.g. 4,3,2.")] = None,
    cost_step: Annotated[int, typer.Option(min=0, help="The one cost of democratic-uniform; 0: the dearest.")] = 0,
    assignment: Annotated[Assignment, typer.Option(help="Who stands behind which statement.")] = Assignment.best,
    draws: Annotated[int, typer.Option(min=0, help="Posterior draws of the unknown answers.")] = 100,
    refine: Annotated[bool, typer.Option(help="Look for a better slate from the chosen one; asks nothing.")] = False,
    repeats: RepeatsOption = None,
    no_repeats: NoRepeatsOption = False,
    predict: Annotated[
        str,
        typer.Option(help="Model of missing answers: auto, low-rank, latent-classes, mixture, ..."),
    ] = "auto",
    model: Annotated[str | None, typer.Option(help="Name of the language model (--engine llm).")] = None,
    endpoint: Annotated[
        Path | None, typer.Option(help="TOML file with base_url, model, prices, ...; else FOLKMOOT_LLM_* variables.")
    ] = None,
    max_cost: Annotated[str | None, typer.Option(help="Most money the run may take, in the prices' currency.")] = None,
    max_calls: Annotated[int | None, typer.Option(min=0, help="Most calls the run may make.")] = None,
    max_tokens: Annotated[int | None, typer.Option(min=0, help="Most tokens the run may take, in and out.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what the run would take; ask nothing.")] = False,
    topic: Annotated[str, typer.Option(help="What it is about, for the model; default: as the source has it.")] = "",
    scoring: Annotated[
        Scoring, typer.Option(help="What the model is asked: everything, what decides, that sparingly, or less.")
    ] = Scoring.sparing,
    specificity: Annotated[float, typer.Option(min=0, help="Weight of specificity beside agreement.")] = 1.0,
    per_prompt: Annotated[int, typer.Option(min=1, help="Most statements in one question to the model.")] = 8,
    validate: Annotated[
        int, typer.Option(min=0, help="People with whose held-out answers the model is checked; 0: no check.")
    ] = 25,
    as_json: JsonOption = False,
) -> None:
    """Choose a slate that represents everybody in proportion, audit it, and write slate.json and report.html."""
    from ..formats.writing import in_files, writable
    from ..profile import Options
    from ..report import render, summary
    from ..slates import choose as api
    from ..slates.run import LEDGER
    from .llm import Asked, asking, rehearsed, run_of, spent, took

    asked = Asked(model, endpoint, max_calls, max_tokens, max_cost, dry_run)
    asked.refuse(engine)
    options = Options(
        process=process or "",
        engine=engine,
        strict=strict,
        min_length=min_length,
        max_length=max_length,
        min_answers=min_answers,
        locked_in=tuple(lock_in or ()),
        locked_out=tuple(lock_out or ()),
        levels=_levels(levels),
        cost_step=cost_step,
        assignment=assignment.value,
        draws=draws,
        refine=refine,
        predict=predict,
        topic=topic,
        scoring=scoring.value,
        specificity=specificity,
        per_prompt=per_prompt,
        validate=validate,
    )
    told: dict[str, Any] = {}
    with Progress(quiet=as_json) as progress:
        progress("reading", 0.0)
        profile = reader.read()
        again = repeats_for(reader, profile, repeats, no_repeats, engine)
        folder = out if out is not None else Path("folkmoot-out") / _stem(reader.source)
        data, page, ledger = folder / "slate.json", folder / "report.html", folder / LEDGER
        words = [_program(), "audit", *reader.words, str(data), *words_of(repeats)]
        proof = shlex.join([*words, "--ledger", str(ledger)] if engine == "llm" else words)
        _refuse_unwritable(folder)
        with ExitStack() as stack:
            asks = None
            if engine == "llm":
                estimate = rehearsed(asked, profile, budget, unit.value, seed, options, ledger, progress)
                progress.say(estimate)
                if dry_run:
                    if as_json:
                        typer.echo(json.dumps(asdict(estimate), default=str))
                    return
                writable(folder)
                run = run_of(profile, reader, budget, unit.value, seed, options)
                asks = stack.enter_context(asking(asked, folder, run, progress))
            given = {"model": asks, "repeats": again, **options.given}
            found = api.slate(profile, budget, unit=unit.value, seed=seed, report=progress, **given)
        if engine == "llm":
            told = spent(ledger)
        progress("writing", 0.0)
        view = replace(found.view, source=str(reader.source), command=_command(), proof=proof, spent=told)
        writable(folder)
        in_files({data: found.to_json(), page: render(view)})
    if as_json:
        typer.echo(found.to_json(), nl=False)
    else:
        typer.echo(summary(view))
        typer.echo(f"\nslate:  {data}\nreport: {page}\nproof:  {proof}")
        if told:
            typer.echo(took(found.ledger, told))
    if found.process.get("unfinished"):
        raise typer.Exit(1)


@app.command("audit")
@with_source
def audit_command(
    reader: Reader,
    slate_file: Annotated[Path, typer.Argument(metavar="SLATE.json", help="A slate of a run, or one written by hand.")],
    draws: Annotated[int | None, typer.Option(min=0, help="Posterior draws; default: as recorded.")] = None,
    page: Annotated[Path | None, typer.Option("--html", help="Write the report of this slate there.")] = None,
    run_again: Annotated[bool, typer.Option("--rerun", help="Choose the slate again too, and compare.")] = False,
    axiom: Annotated[
        list[str] | None,
        typer.Option(help="Exact audit to run as well, again for more: `folkmoot audits` lists them, or all."),
    ] = None,
    level: Annotated[float | None, typer.Option(help="Utility from which --axiom counts an approval.")] = None,
    seconds: Annotated[float, typer.Option(help="Time for each --axiom, about.")] = 60.0,
    run: Annotated[
        Path | None, typer.Option("--ledger", help="Run of the language model that wrote the slate; asks nothing.")
    ] = None,
    repeats: RepeatsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Audit any slate over its source, from scratch; says whether the recorded figures come out again."""
    from ..report import write_html
    from ..report.audit_text import audit_summary
    from ..report.axiom_text import axioms_summary
    from ..slates import choose as api
    from .llm import recorded_answers

    with Progress(quiet=as_json) as progress, recorded_answers(run) as answers:
        progress("reading", 0.0)
        slate = Slate.load(slate_file)
        profile = reader.read()
        again_asked = repeats_of(reader, profile, slate, repeats)
        wanted = axiom or ()
        found = api.audited(
            profile,
            slate,
            draws=draws,
            axioms=wanted,
            level=level,
            seconds=seconds,
            model=answers() if answers else None,
            repeats=again_asked,
            report=progress,
        )
        again = None
        if run_again:
            model = answers() if answers else None
            again = api.rerun(profile, slate, model=model, repeats=again_asked, report=progress)
        checks = api.compare(profile, slate, found, again)
        if page is not None:
            progress("writing", 0.0)
            proof = shlex.join([_program(), "audit", *reader.words, str(slate_file), *words_of(repeats)])
            write_html(replace(found.slate.view, source=str(reader.source), proof=proof), page)
    if as_json:
        exact = {"axioms": found.axioms} if wanted else {}
        body = {**found.audit.as_dict(), **exact, "recorded": checks}
        typer.echo(json.dumps(body, ensure_ascii=False, indent=1))
    else:
        typer.echo(audit_summary(slate, found.audit, checks))
        if wanted:
            typer.echo("\n" + axioms_summary(found.axioms, found.slate, [] if "all" in wanted else wanted))
    if False in (checks["source"], checks["slate"], checks["figures"]):
        raise typer.Exit(1)


app.command("replay")(replay_command)


@app.command("doctor")
@with_source
def doctor_command(
    reader: Reader,
    as_json: JsonOption = False,
) -> None:
    """Say what a source is, what was read from it, and what was dropped or changed and why."""
    from ..formats.doctor import doctor, render

    with Progress(quiet=as_json) as progress:
        progress("reading", 0.0)
        profile = reader.read()
        diagnosis = doctor(profile)
    typer.echo(json.dumps(asdict(diagnosis), ensure_ascii=False, indent=1) if as_json else render(diagnosis))


@app.command("convert")
@with_source
def convert_command(
    reader: Reader,
    target: Annotated[Path, typer.Argument(help="File or folder to write.")],
    to: Annotated[str, typer.Option("--to", help="polis, pabulib, preflib, texts or ratings (csv).")],
    as_json: JsonOption = False,
) -> None:
    """Write a source in another format; says what that format cannot hold."""
    from ..formats import write

    with Progress(quiet=as_json) as progress:
        progress("reading", 0.0)
        profile = reader.read()
        progress("writing", 0.0)
        notes = write(profile, target, to)
    if as_json:
        typer.echo(json.dumps({"target": str(target), "notes": [asdict(n) for n in notes]}, ensure_ascii=False))
        return
    typer.echo(f"written: {target}")
    for note in notes:
        typer.echo(f"  {note.kind}: {note.what} ({note.count})")


app.command("study")(study_command)
mount(app)


def _refuse_unwritable(folder: Path) -> None:
    """Says before the work, not after it, that its results could not be written; makes nothing."""
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not nearest.is_dir():
        raise InputError("is a file; name a folder with --out", file=nearest)
    if not os.access(nearest, os.W_OK):
        raise InputError("cannot be written to; name another folder with --out", file=nearest)


def _program() -> str:
    """The command as it was called, so that what is printed can be pasted."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "folkmoot" and not called.is_absolute() else "folkmoot"


def _levels(text: str | None) -> tuple[float, ...]:
    if text is None:
        return ()
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        raise InputError(f"--levels {text!r} is not a list of numbers; write it like 4,3,2") from None
    if list(found) != sorted(set(found), reverse=True):
        raise InputError("--levels must fall from the highest to the lowest, each once")
    return found


def _stem(source: Path) -> str:
    return source.resolve().name.split(".")[0] or "slate"


def _command() -> str:
    return shlex.join(["folkmoot", *sys.argv[1:]])


def main() -> None:
    """Entry point: one sentence on stderr and the exit code for everything that is our own error."""
    say_plainly()
    try:
        app()
    except FolkmootError as error:
        typer.echo(f"folkmoot: {plain(str(error))}", err=True)
        sys.exit(error.exit_code)
    except (OSError, MemoryError) as error:
        typer.echo(f"folkmoot: {plain(str(error) or 'not enough memory')}", err=True)
        sys.exit(1)
