"""The command line: parse, call, print. Exit code 0 ok, 1 the work failed, 2 bad usage or bad input."""

import json
import shlex
import sys
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from .._version import __version__
from ..formats import written_formats
from ..profile import FolkmootError, Options, Slate
from ..profile.options import CHOICE, LANGUAGE_MODEL, AuditOptions, LargeOptions
from ..profile.page_options import PageOptions
from ..profile.sentences import noted
from ..report.words import plain
from .ahead import refuse_ahead
from .apps import App
from .ask import ask_app
from .circle import survey_command, validate_command
from .dialogue import dialogue_command
from .diversity import diversity_command
from .endpoint import llm_app
from .evaluate import EvaluatorOptions, compare_command, evaluate
from .first_run import mount_demo, next_step, program, source_words, taken_for
from .flags import JsonOption, LanguageOption, completing, with_options
from .large import audit_again, is_large, slate_large, spread
from .listing import mount, warn_in_one_line
from .llm import ModelOptions, asking, cleared, recorded_answers, replay_command, run_of
from .llm_flip import flip_command
from .lottery import lottery_command
from .memory import keep_memory, look_less
from .messages import calling, flagged, replaced
from .page import checked, labelled, page_command, public_files, review_file, told
from .page_record import RECORD, emptied, record
from .parts import Progress, Reader
from .plan import plan_command
from .prefs import prefs_command
from .repeats import GivenRepeats, WantedRepeats, design_command, repeats_for, repeats_of
from .rewards import rewards_command
from .study import study_command
from .sweep import WantedGoal, refuse_with_range, sweep_written, table
from .usage import spent, usage_line

app = App(
    name="folkmoot",
    help="From what many people said to a short slate of statements that represents all of them in proportion.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(ask_app, name="ask")
app.add_typer(llm_app, name="llm")
llm_app.command("flip")(with_options(flip_command))
ask_app.command("design")(with_options(design_command))


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


@app.command("slate")
@with_options
def slate_command(
    reader: Reader,
    wanted_goal: WantedGoal,
    options: Options,
    repeats: WantedRepeats,
    wanted: ModelOptions,
    page: PageOptions,
    large: LargeOptions,
    edit: Annotated[
        Path | None,
        typer.Option(
            help="Your wordings of chosen statements, a table with the columns id and text (or JSON): the slate shows "
            "them beside what people voted on.",
            rich_help_panel=CHOICE,
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for report.html, review.html and slate.json.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Choose a slate that represents everybody in proportion, audit it, and write what to publish and what to review.

    report.html is for the public and names nobody; review.html and slate.json are for you.
    """
    from ..formats.writing import in_files, writable
    from ..report import speech, summary
    from ..slates.choose import choose_slate
    from ..slates.edits import read_edits
    from ..slates.run import LEDGER

    wanted.refuse(options.engine)
    folder = out if out is not None else Path("folkmoot-out") / _stem(reader.source)
    refuse_ahead(options, page, folder if wanted_goal.range is None else None, edit)
    if wanted_goal.range is not None:
        refuse_with_range(edit, out, repeats.repeats)
        if options.engine == "llm":
            sweep_written(reader, wanted_goal, wanted_goal.range, options, wanted, as_json=as_json)
            return
        _sweep(reader, wanted_goal, wanted_goal.range, options, page.lang, as_json)
        return
    goal = wanted_goal.goal
    if is_large(reader, large, options, edit is not None or repeats.repeats is not None, as_json):
        slate_large(reader, goal, options, large, page, folder, as_json)
        return
    usage: dict[str, Any] = {}
    with Progress(quiet=as_json, lang=page.lang) as progress:
        progress(noted("reading"), 0.0)
        profile = reader.read()
        said_in = source_words(profile, page.lang)
        progress.lang = said_in.code
        progress.say(flagged(taken_for(profile, said_in)))
        edits = {each.id: each.text for each in read_edits(profile, edit)} if edit is not None else None
        with calling({"hidden": "--hide"}):
            page_record, page = record(emptied(page)), checked(emptied(page), profile)
        repeated_answers = repeats_for(reader, profile, repeats, options.engine)
        options = wanted.fitting(options)
        data, ledger = folder / "slate.json", folder / LEDGER
        words = [program(), "audit", *reader.words, str(data), *repeats.words]
        proof = shlex.join([*words, "--ledger", str(ledger)] if options.engine == "llm" else words)
        with ExitStack() as stack:
            account = None
            if options.engine == "llm":
                estimate = cleared(wanted, profile, goal, options, ledger, progress)
                if wanted.dry_run:
                    if as_json:
                        typer.echo(json.dumps(asdict(estimate) if estimate else {}, default=str))
                    return
                writable(folder)
                run = run_of(profile, reader, goal, options)
                account = stack.enter_context(asking(wanted, folder, run, progress))
            stack.enter_context(calling({"repeats=None": "--no-repeats"}))
            stack.enter_context(spread(large))
            chosen = choose_slate(
                profile, goal, options, model=account, repeats=repeated_answers, edits=edits, report=progress
            )
        if options.engine == "llm":
            usage = spent(ledger)
        progress(noted("writing"), 0.0)
        view = replace(chosen.view, source=str(reader.source), command=_command(), proof=proof, spent=usage)
        writable(folder)
        before = set(folder.iterdir())
        # The choice took long; whatever becomes of the pages, it is kept.
        in_files({data: chosen.to_json()})
        progress.kept = noted(f"{data} was written")
        public, absent = public_files(folder, chosen, page)
        review = review_file(folder, view, page.lang, page.title)
        in_files({**public, **review, folder / RECORD: page_record})
    if as_json:
        typer.echo(chosen.to_json(), nl=False)
    else:
        typer.echo(summary(view, speech(view.slate, page.lang)))
        lang = speech(view.slate, page.lang).code
        lines = told(folder, review, absent, lang)
        typer.echo("\n".join(["", labelled("slate", str(data), lang), *lines, labelled("proof", proof, lang)]))
        if there := replaced((data, *public, *review), before, lang):
            typer.echo(there)
        if usage:
            typer.echo(usage_line(chosen.ledger, usage, speech(view.slate, page.lang)))
    if chosen.process.get("unfinished"):
        raise typer.Exit(1)


@app.command("audit")
@with_options
def audit_command(
    reader: Reader,
    slate_file: Annotated[Path, typer.Argument(metavar="SLATE.json", help="A slate of a run, or one written by hand.")],
    options: AuditOptions,
    how: EvaluatorOptions,
    wanted: ModelOptions,
    repeats: GivenRepeats,
    large: LargeOptions,
    page: Annotated[Path | None, typer.Option("--html", help="Write the review page of this slate there.")] = None,
    run_again: Annotated[bool, typer.Option("--rerun", help="Choose the slate again too, and compare.")] = False,
    run: Annotated[
        Path | None,
        typer.Option(
            "--ledger",
            help="Run of the language model that wrote the slate; asks nothing.",
            rich_help_panel=LANGUAGE_MODEL,
        ),
    ] = None,
    lang: LanguageOption = "",
    as_json: JsonOption = False,
) -> None:
    """Audit any slate over its source, from scratch; says whether the recorded figures come out again."""
    from ..profile.records import to_json
    from ..report import speech, write_html
    from ..report.audit_text import audit_summary
    from ..report.axiom_text import axioms_summary
    from ..report.swap_text import swap_text
    from ..slates.audited import audited
    from ..slates.compare import compare, rerun
    from ..slates.group_statements import beside

    how.refuse(wanted)
    if how.evaluate:
        unused = {"--html": page, "--rerun": run_again, "--ledger": run, "--axiom": options.axioms}
        unused["--swap"] = options.swap or None
        evaluate(reader, slate_file, how, wanted, [flag for flag, given in unused.items() if given], as_json)
        return
    whole = page is not None or bool(options.axioms) or run is not None or options.swap
    if is_large(reader, large, Options(), whole, as_json):
        audit_again(reader, slate_file, large, lang, as_json)
        return
    called = {"model": "--ledger", "axioms": "--axiom"}
    with (
        Progress(quiet=as_json, lang=lang) as progress,
        recorded_answers(run) as answers,
        calling(called),
        spread(large),
    ):
        progress(noted("reading"), 0.0)
        slate = Slate.load(slate_file)
        progress.lang = speech(slate, lang).code
        profile = reader.read()
        repeated_answers = repeats_of(reader, profile, slate, repeats)
        result = audited(
            profile,
            slate,
            model=answers() if answers else None,
            repeats=repeated_answers,
            report=progress,
            **asdict(options),
        )
        second_slate = None
        if run_again:
            model = answers() if answers else None
            second_slate = rerun(profile, slate, model=model, repeats=repeated_answers, report=progress)
        checks = compare(profile, slate, result, second_slate)
        if page is not None:
            progress(noted("writing"), 0.0)
            proof = shlex.join([program(), "audit", *reader.words, str(slate_file), *repeats.words])
            beside_it = beside(slate_file)
            view = replace(result.slate.view, source=str(reader.source), proof=proof, written_for_groups=beside_it)
            write_html(view, page, speech(result.slate, lang))
    axioms = options.axioms
    if as_json:
        exact = {"axioms": to_json(result.axioms)} if axioms else {}
        swap = {"swap": to_json(result.swap)} if result.swap is not None else {}
        body = {**result.audit.as_dict(), **exact, **swap, "recorded": asdict(checks)}
        typer.echo(json.dumps(body, ensure_ascii=False, indent=1))
    else:
        w = speech(result.slate, lang)
        typer.echo(audit_summary(slate, result.audit, checks, profile, w))
        if axioms:
            typer.echo("\n" + axioms_summary(result.axioms, result.slate, [] if "all" in axioms else axioms, w))
        if result.swap is not None:
            typer.echo("\n" + swap_text(result.swap, w))
    if False in (checks.source, checks.slate, checks.figures):
        raise typer.Exit(1)


app.command("compare")(compare_command)
app.command("replay")(replay_command)
app.command("page")(page_command)


@app.command("doctor")
@with_options
def doctor_command(
    reader: Reader,
    lang: LanguageOption = "",
    as_json: JsonOption = False,
) -> None:
    """Say what a source is, what was read from it, and what was dropped or changed and why."""
    from ..formats.doctor import doctor
    from .diagnosis import render

    with Progress(quiet=as_json, lang=lang) as progress:
        progress(noted("reading"), 0.0)
        profile = reader.read()
        diagnosis = doctor(profile)
    w = source_words(profile, lang)
    following, before = next_step(diagnosis, reader.words, w)
    if as_json:
        typer.echo(json.dumps({**asdict(diagnosis), "next": following}, ensure_ascii=False, indent=1))
        return
    typer.echo(flagged(render(diagnosis, w)))
    both = w.gettext("%(before)s; then: %(following)s", before=before, following=following)
    label = w.gettext("next")
    typer.echo(f"{label:<14} {both if before and following else before or following}")


@app.command("convert")
@with_options
def convert_command(
    reader: Reader,
    target: Annotated[Path, typer.Argument(help="File or folder to write.")],
    to: Annotated[
        str,
        typer.Option(
            "--to",
            help="Id of a format that can be written (csv: ratings). The command folkmoot formats lists them.",
            autocompletion=completing(written_formats),
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Write a source in another format; says what that format cannot hold."""
    from ..formats import write

    with Progress(quiet=as_json) as progress:
        progress(noted("reading"), 0.0)
        profile = reader.read()
        progress(noted("writing"), 0.0)
        with calling({"format": "--to"}):
            notes = write(profile, target, to)
    notes = tuple(replace(note, what=flagged(note.what)) for note in notes)
    if as_json:
        typer.echo(json.dumps({"target": str(target), "notes": [asdict(n) for n in notes]}, ensure_ascii=False))
        return
    typer.echo(f"written: {target}")
    for note in notes:
        typer.echo(f"  {note.kind}: {note.what} ({note.count})")


app.command("survey")(survey_command)
app.command("validate")(with_options(validate_command))
app.command("dialogue")(dialogue_command)
app.command("lottery")(with_options(lottery_command))
app.command("diversity")(diversity_command)
app.command("prefs")(with_options(prefs_command))
app.command("rewards")(rewards_command)
app.command("study")(study_command)
app.command("plan")(plan_command)
mount_demo(app)
mount(app)


def _sweep(
    reader: Reader, wanted: WantedGoal, ends: tuple[int, int], options: Options, lang: str, as_json: bool
) -> None:
    """Prints what each budget of a range buys."""
    from ..slates.sweep import steps, sweep

    budgets = steps(*ends)
    with Progress(quiet=as_json, lang=lang) as progress:
        progress(noted("reading"), 0.0)
        profile = reader.read()
        said_in = source_words(profile, lang)
        progress.lang = said_in.code
        rows = sweep(profile, budgets, unit=wanted.counts, seed=wanted.seed, options=options, report=progress)
    if as_json:
        typer.echo(json.dumps({"unit": wanted.counts, "budgets": [asdict(row) for row in rows]}))
        return
    typer.echo(table(rows, wanted.counts, ends, said_in))


def _stem(source: Path) -> str:
    return source.resolve().name.split(".")[0] or "slate"


def _command() -> str:
    return shlex.join(["folkmoot", *sys.argv[1:]])


def main() -> None:
    """The entry point: each of our own errors becomes one sentence on stderr and an exit code.

    With ``--json`` it is one JSON object on stdout as well.
    """
    warn_in_one_line()
    keep_memory()
    look_less()
    try:
        # Machines get an object for a slip on the command line too, so typer must not print it and end.
        sys.exit(app(standalone_mode="--json" not in sys.argv[1:]))
    except FolkmootError as error:
        _failed(plain(flagged(str(error))), error.exit_code)
    except (OSError, MemoryError) as error:
        _failed(plain(str(error) or "not enough memory"), 1)
    except typer.Abort:
        _failed("it was stopped", 1)
    except Exception as error:
        # Slips have no class that is the same in all versions of typer, but all of them tell their sentence.
        if (tell := getattr(error, "format_message", None)) is None:
            raise
        _failed(plain(tell()), getattr(error, "exit_code", 2))


def _failed(sentence: str, code: int) -> NoReturn:
    typer.echo(f"folkmoot: {sentence}", err=True)
    if "--json" in sys.argv[1:]:
        typer.echo(json.dumps({"error": sentence, "exit_code": code}, ensure_ascii=False))
    sys.exit(code)
