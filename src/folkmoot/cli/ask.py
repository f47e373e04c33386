"""`folkmoot ask`: when a question is worth asking, and which one is next."""

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..profile import InputError, Profile, Slate, costs
from ..profile import Progress as Tell
from ..profile.costs import Unit
from ..profile.options import Goal
from ..profile.sentences import noted
from ..report.words import plain
from .apps import App
from .ask_clarify import clarify_command
from .ask_optimum import optimum_command
from .flags import JsonOption, with_options
from .parts import Progress, Reader

if TYPE_CHECKING:
    from ..asking import Interview, Survey

ask_app = App(no_args_is_help=True, help="When a question is worth asking, and which one is next.")

ask_app.command("clarify")(clarify_command)
ask_app.command("optimum")(optimum_command)


@ask_app.command("next")
@with_options
def ask_next_command(
    reader: Reader,
    agent: Annotated[str, typer.Option("--agent", help="Id of the participant; a new one has answered nothing.")],
    policy: Annotated[str | None, typer.Option(help="slate (default), rollout, information, ...: see docs.")] = None,
    budget: Annotated[
        int | None, typer.Option(min=1, help="Budget of the slate that questions are asked for, in --unit.")
    ] = None,
    unit: Annotated[Unit | None, typer.Option(help="What the budget counts; default: words.")] = None,
    slate_file: Annotated[
        Path | None, typer.Option("--slate", help="Slate that questions are asked for, instead of choosing one.")
    ] = None,
    only_barred: Annotated[
        bool,
        typer.Option(
            "--only-barred",
            help="Ask only what the audit in --slate lists: statements with too few answers that a large enough group "
            "may want.",
        ),
    ] = False,
    gamma: Annotated[float | None, typer.Option(help="Inequality aversion of the policy rollout.")] = None,
    cost: Annotated[float | None, typer.Option(help="Cost of a question, in the unit of the policy's value.")] = None,
    at_least: Annotated[int | None, typer.Option(min=0, help="Fewest questions to ask anybody.")] = None,
    at_most: Annotated[int | None, typer.Option(min=0, help="Most questions to ask anybody.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Only statements that moderation accepted.")] = False,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of every random choice.")] = None,
    state: Annotated[
        Path | None, typer.Option(help="File with the state of the interview; created if it does not exist.")
    ] = None,
    survey_file: Annotated[
        Path | None,
        typer.Option(
            "--survey", help="File that keeps what was learned from everybody; created if it does not exist, then fast."
        ),
    ] = None,
    answer: Annotated[
        str | None, typer.Option(help="Record this answer first: a number, or agree, pass, disagree.")
    ] = None,
    statement: Annotated[str | None, typer.Option(help="The answer is to this statement instead.")] = None,
    skip: Annotated[bool, typer.Option("--skip", help="Record first that the question was skipped.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Record first that the participant stops.")] = False,
    as_json: JsonOption = False,
) -> None:
    """The next question for a participant, why it is asked and what it is worth, or why to stop."""
    from ..asking import Interview
    from ..formats.writing import in_file

    begun = state is not None and state.exists()
    _refuse_contradictions(begun, answer, statement, skip, stop)
    settings: dict[str, Any] = {
        "policy": policy,
        "gamma": gamma,
        "cost": cost,
        "at_least": at_least,
        "at_most": at_most,
        "seed": seed,
    }
    slate_options = {"budget": budget, "unit": unit, "slate": slate_file, "only_barred": only_barred or None}
    arguments = {name: value for name, value in settings.items() if value is not None}
    with Progress(quiet=as_json) as progress:
        progress(noted("reading"), 0.0)
        saved = _saved(survey_file, reader)
        profile = saved.profile if saved else reader.read()
        if saved and not begun:
            _refuse_of_survey(slate_options, strict, seed, survey_file)
            arguments.pop("seed", None)
        if begun and state is not None:
            kept = {**arguments, **({"strict": True} if strict else {})}
            kept |= {name: value for name, value in slate_options.items() if value is not None}
            if kept:
                raise InputError(
                    f"--{next(iter(kept)).replace('_', '-')} was settled when the interview began; leave it out"
                )
            progress(noted("taking up the interview"), 0.0)
            interview = Interview.resume(saved or profile, _read_state(state))
            if interview.agent != agent:
                raise InputError(f"the interview is with {interview.agent!r}, not with {agent!r}", file=state)
        else:
            if only_barred:
                arguments["only"] = _worth_asking(slate_file)
            if saved:
                pass
            elif arguments.get("policy", "slate") == "slate":
                arguments |= _slate_to_ask_for(profile, slate_file, budget, unit, strict, seed or 0, progress)
            elif budget is not None or unit is not None or (slate_file is not None and not only_barred):
                raise InputError(f"policy {policy!r} asks for no slate; leave --budget, --unit and --slate out")
            progress(noted("learning from the answers"), 0.0)
            interview = Interview(saved, agent, **arguments) if saved else _begun(profile, agent, strict, arguments)
        if survey_file is not None and saved is None:
            interview.survey.save(survey_file, _digest(reader))
        progress(noted("weighing the questions"), 0.0)
        if stop:
            interview.stop()
        elif answer is not None or skip:
            interview.answer(None if answer is None else _answer(answer, profile), statement)
        body = _next_question(interview)
        if state is not None:
            in_file(state, json.dumps(interview.state(), ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    if as_json:
        typer.echo(json.dumps({"agent": interview.agent, **body}, ensure_ascii=False, allow_nan=False))
        return
    if body["new"]:
        typer.echo(f"{plain(agent)} is not in the source: a new participant, with no answers before this interview.")
    question = body["question"]
    typer.echo(plain(f"{question['statement']}: {question['text']}") if question else f"Stop: {body['stop']}.")
    typer.echo(body["why"])
    # What is worth nothing is no next best.
    others = [
        plain(o["statement"]) + ("" if o["value"] is None else f" ({o['value']:.4g})")
        for o in (question["alternatives"] if question else ())
        if o["value"] is None or o["value"] > 0
    ]
    if others:
        typer.echo(f"Next best: {', '.join(others)}.")


def _begun(profile: Profile, agent: str, strict: bool, arguments: dict[str, Any]) -> "Interview":
    from ..asking import Interview

    return Interview(profile, agent, strict=strict, **arguments)


def _digest(reader: Reader) -> str:
    """Tells a source and how it is read from others: the bytes of its files, and the options of reading."""
    digest = sha256(json.dumps(reader.words[1:]).encode("utf-8"))
    files = sorted(reader.source.rglob("*")) if reader.source.is_dir() else [reader.source]
    for file in files:
        if file.is_file():
            digest.update(file.name.encode("utf-8", "surrogatepass") + b"\0" + sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _saved(file: Path | None, reader: Reader) -> "Survey | None":
    from ..asking import Survey

    return None if file is None or not file.exists() else Survey.load(file, _digest(reader))


def _refuse_of_survey(options: dict[str, Any], strict: bool, seed: int | None, file: Path | None) -> None:
    given = {**options, "strict": strict or None, "seed": seed}
    for name, value in given.items():
        if value is not None:
            raise InputError(
                f"--{name.replace('_', '-')} was settled when the survey was made; leave it out", file=file
            )


def _slate_to_ask_for(
    profile: Profile,
    file: Path | None,
    budget: int | None,
    unit: Unit | None,
    strict: bool,
    seed: int,
    progress: Tell,
) -> dict[str, Any]:
    """The arguments of `Interview` that name a slate: one from a file, or one chosen now."""
    from ..asking.survey import refuse_unaskable
    from ..profile import locate
    from ..slates.choose import slate

    refuse_unaskable(profile)
    if file is None:
        if budget is None:
            raise InputError(
                "asking for the slate needs a slate: give --slate SLATE.json or --budget; or take another --policy"
            )
        counted = unit or Goal.unit
        wanted = slate(profile, budget, unit=counted, strict=strict, seed=seed, draws=0, report=progress)
        return {"slate": [s.id for s in wanted.statements], "budget": budget, "unit": counted}
    wanted = Slate.load(file)
    _, columns, new = locate(profile, wanted)
    if new:
        raise InputError(
            f"{new} statement(s) of the slate are not in the source: nobody can be asked about them", file=file
        )
    named = unit or wanted.unit or Goal.unit
    spent = int(costs(profile, named)[columns].sum())
    return {
        "slate": [profile.statements.ids[c] for c in columns],
        "budget": budget or wanted.budget or spent,
        "unit": named,
    }


def _worth_asking(file: Path | None) -> tuple[str, ...]:
    """Ids of the statements that the audit of a slate lists as worth asking about, in its order."""
    from ..slates.recorded import recorded

    if file is None:
        raise InputError("--only-barred asks what the audit of a slate lists; name the slate with --slate")
    audit = recorded(Slate.load(file)).audit
    if audit is None:
        raise InputError("has no audit; make it with folkmoot slate", file=file)
    if audit.barred is None or not audit.barred.ask:
        raise InputError("lists no statement that is worth asking about; leave --only-barred out", file=file)
    return tuple(each.id for each in audit.barred.ask)


def _next_question(interview: "Interview") -> dict[str, Any]:
    """The state of an interview as it is printed."""
    question_record = interview.next()
    question = None
    if question_record is not None:
        others = [{"statement": name, "value": value} for name, value in question_record.alternatives]
        question = {**asdict(question_record), "alternatives": others}
    return {
        "question": question,
        "stop": interview.stop_reason,
        "why": interview.why,
        "new": interview.new,
        "asked": interview.asked,
    }


def _refuse_contradictions(begun: bool, answer: str | None, statement: str | None, skip: bool, stop: bool) -> None:
    if (answer is not None) + skip + stop > 1:
        raise InputError("--answer, --skip and --stop exclude each other; give one")
    if statement is not None and answer is None:
        raise InputError("--statement says which statement --answer is to; give the answer too")
    if (answer is not None or skip or stop) and not begun:
        raise InputError("there is no interview to go on with; begin one with --state FILE first")


def _answer(text: str, profile: Profile) -> float:
    words = {"agree": 1.0, "pass": 0.0, "disagree": -1.0} if profile.answers.scale.kind == "vote" else {}
    try:
        return words[text] if text in words else float(text)
    except ValueError:
        known = ", nor agree, pass or disagree" if words else ""
        raise InputError(f"--answer {text!r} is not a number{known}; --skip records that it was skipped") from None


def _read_state(file: Path) -> dict[str, Any]:
    try:
        state = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise InputError("is no state of an interview; name the file that --state wrote", file=file) from None
    if not isinstance(state, dict):
        raise InputError("is no state of an interview; name the file that --state wrote", file=file)
    return state
