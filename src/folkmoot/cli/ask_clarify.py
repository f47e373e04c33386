"""`folkmoot ask clarify`: what to ask somebody before their request is carried out, and when not to ask."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from ..llm import Endpoint, Halting, Ledger, Limits, Model, Replay
from ..llm.local import DEMO, Local
from ..profile import InputError, IntArray
from ..report.words import plain
from .flags import JsonOption

if TYPE_CHECKING:
    from ..asking import Clarifier, Feature, Turn


def clarify_command(
    task: Annotated[str | None, typer.Option("--task", help="The request, in words; not with an old --state.")] = None,
    features: Annotated[
        Path | None,
        typer.Option("--features", help="Table of what the request leaves open: feature, question, value."),
    ] = None,
    population: Annotated[
        Path | None,
        typer.Option("--population", help="What people before wanted: a table by feature, or any source of answers."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            help="Language model that proposes features, imagines people where there are none, and writes; demo: the "
            "stand-in that comes with the package.",
        ),
    ] = None,
    endpoint: Annotated[
        Path | None, typer.Option("--endpoint", help="TOML file of the model; else FOLKMOOT_LLM_* variables.")
    ] = None,
    max_calls: Annotated[int | None, typer.Option(min=0, help="Most calls of the model.")] = None,
    cost: Annotated[
        float | None, typer.Option(help="Cost of a question, in features right, 0..1; default: 0.3.")
    ] = None,
    gamma: Annotated[float | None, typer.Option(help="Inequality aversion, 0 (default) and up.")] = None,
    at_least: Annotated[int | None, typer.Option(min=0, help="Fewest questions to ask anybody.")] = None,
    at_most: Annotated[int | None, typer.Option(min=0, help="Most questions to ask anybody.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of every random choice.")] = None,
    remember: Annotated[
        Path | None,
        typer.Option("--remember", help="The person's own file: what they said is kept there for their next task."),
    ] = None,
    state: Annotated[
        Path | None, typer.Option("--state", help="File of the interview; created if it does not exist.")
    ] = None,
    answer: Annotated[
        str | None, typer.Option("--answer", help="Record this first: a value, in words or its number.")
    ] = None,
    feature: Annotated[str | None, typer.Option("--feature", help="The answer is about this feature instead.")] = None,
    skip: Annotated[bool, typer.Option("--skip", help="Record first that the question was skipped.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Record first that the person wants no more questions.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Let the model write the output when it is time.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Decide everything in --state again and say whether it comes out again.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask or answer: the next question worth asking about a request, or what the person wants, completed."""
    from ..asking import Clarifier
    from ..formats.writing import in_file

    begun = state is not None and state.exists()
    if (answer is not None) + skip + stop > 1:
        raise InputError("--answer, --skip and --stop exclude each other; give one")
    if feature is not None and answer is None:
        raise InputError("--feature says what --answer is about; give the answer too")
    if (answer is not None or skip or stop or check) and not begun:
        raise InputError("there is no interview to go on with; begin one with --state FILE first")
    settings: dict[str, Any] = {"cost": cost, "gamma": gamma, "at_least": at_least, "at_most": at_most, "seed": seed}
    given = {name: value for name, value in settings.items() if value is not None}
    kept: dict[str, Any] = {}
    with _model(model, endpoint, max_calls, state) as asked:
        if begun and state is not None:
            settled = {"task": task, "features": features, "population": population, **given}
            for name, value in settled.items():
                if value is not None:
                    raise InputError(f"--{name.replace('_', '-')} was settled when the interview began; leave it out")
            kept = _json(state)
            clarifier = Clarifier.resume(kept)
        else:
            if task is None:
                raise InputError("no request is given; say with --task what is asked for")
            found, people, origin = _open(task, features, population, asked)
            clarifier = Clarifier(task, found, people, remembered=_memory(remember), origin=origin, **given)
        if check:
            _checked(clarifier, as_json)
            return
        if stop:
            clarifier.stop()
        elif skip:
            clarifier.answer(None)
        elif answer is not None:
            clarifier.answer(answer, feature)
        turn = clarifier.turn
        output = kept.get("output") if turn.decision == "answer" else None
        if write and turn.decision == "answer":
            output = _written(clarifier, asked)
        body = _body(clarifier, turn, output)
        if state is not None:
            whole = {**clarifier.state(), "output": output}
            in_file(state, json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
        if remember is not None:
            memory = {**(_memory(remember) or {}), **clarifier.memory}
            in_file(remember, json.dumps(memory, ensure_ascii=False, indent=1) + "\n")
    if as_json:
        typer.echo(json.dumps(body, ensure_ascii=False, allow_nan=False))
        return
    _print(clarifier, turn, output, begun)


@contextmanager
def _model(
    name: str | None, endpoint: Path | None, max_calls: int | None, state: Path | None
) -> Iterator[Model | None]:
    """The model with its ledger beside the state; without a name, what the ledger holds."""
    file = state.with_name(state.name + ".llm") if state is not None else None
    if name is None and endpoint is None:
        if file is None or not file.exists():
            yield None
            return
        with Ledger(file, make=False) as ledger:
            yield Replay(ledger, str(ledger.noted().get("model") or ""))
        return
    if file is None:
        raise InputError("with --model what it answers is kept beside the interview; give --state FILE as well")
    if name == DEMO and endpoint is None:
        from ..queries.language import demo

        with Ledger(file) as ledger:
            ledger.note(model=DEMO)
            yield Local(demo.Demo(), demo.endpoint(), ledger, Limits(calls=max_calls))
        return
    from ..llm.client import Client

    settings = Endpoint.read(endpoint, model=name)
    with Ledger(file) as ledger, Client(settings, ledger, Limits(calls=max_calls)) as client:
        ledger.note(model=settings.model)
        yield Halting(client)


def _open(
    task: str, file: Path | None, population: Path | None, model: Model | None
) -> tuple[list["Feature"], IntArray, str]:
    """Features, what people wanted of them, and whether these are people."""
    from ..asking import Feature
    from ..asking.clarifier import IMAGINED, PEOPLE
    from ..asking.features import read_features, read_people, wanted_by
    from ..formats import read
    from ..queries.language.clarify import imagine_people, propose_features

    if file is not None:
        found = list(read_features(file))
    elif model is not None:
        found = [Feature(name, values, question) for name, question, values in propose_features(model, task)]
    else:
        raise InputError("what does the request leave open? give --features FILE, or --model NAME to propose it")
    if population is not None:
        table = read_people(population, found) if population.is_file() else None
        if table is None:
            return found, wanted_by(read(population), found), PEOPLE
        codes, unread = table
        if unread:
            typer.echo(
                f"{unread} cells of {population.name} are no value of their feature and were left out.", err=True
            )
        return found, codes, PEOPLE
    if model is None:
        raise InputError(
            "nobody is known who asked for this before; give --population FILE, or --model NAME to imagine people"
        )
    people, missing = imagine_people(model, task, [(each.id, each.asked, each.values) for each in found])
    if missing:
        typer.echo(f"{missing} imagined people could not be read and were left out.", err=True)
    return found, np.array(people, dtype=np.int64), IMAGINED


def _written(clarifier: "Clarifier", model: Model | None) -> str:
    from ..queries.language.clarify import write_output

    if model is None:
        raise InputError("--write needs a model: give --model NAME")
    return write_output(model, clarifier.task, [(each.feature, each.value) for each in clarifier.wanted])


def _body(clarifier: "Clarifier", turn: "Turn", output: str | None) -> dict[str, Any]:
    body = {**asdict(turn), "values": [{"value": value, "probability": share} for value, share in turn.values]}
    body["wanted"] = [asdict(each) for each in clarifier.wanted]
    body["guessed"] = sum(each.how == "guessed" for each in clarifier.wanted)
    return {"task": clarifier.task, **body, "trust": clarifier.trust, "origin": clarifier.origin, "output": output}


def _print(clarifier: "Clarifier", turn: "Turn", output: str | None, begun: bool) -> None:
    if not begun:
        names = ", ".join(feature.id for feature in clarifier.features)
        typer.echo(plain(f"The request leaves open: {names}."))
        typer.echo(clarifier.trust)
    if turn.decision == "ask":
        typer.echo("")
        typer.echo(plain(f"Ask: {turn.question}"))
        for at, (value, share) in enumerate(turn.values, 1):
            typer.echo(plain(f"  {at}: {value} ({share:.0%})"))
    else:
        typer.echo("\nAnswer now.")
    typer.echo(turn.why)
    if turn.underserved is not None:
        typer.echo(plain(_who(turn)))
    if turn.decision == "ask":
        return
    typer.echo("\nWhat this person wants:")
    for each in clarifier.wanted:
        how = each.how if each.how != "guessed" else f"guessed, {each.probability:.0%}"
        typer.echo(plain(f"  {each.feature}: {each.value} ({how})"))
    if begun:
        typer.echo(clarifier.trust)
    if output is not None:
        typer.echo("")
        for line in output.splitlines():
            typer.echo(plain(line))


def _who(turn: "Turn") -> str:
    """Whom an output written now would serve worst, in a sentence."""
    assert turn.underserved is not None
    worst = turn.underserved
    wants = "; ".join(f"{feature}: {value}" for feature, value in worst.wants)
    who = f"people who want more often than others: {wants}" if wants else "people of one kind"
    after = "" if worst.after is None else f", {worst.after:.2f} if this is asked first"
    return (
        f"Answered now, worst served would be {who} (the person is one of them with {worst.share:.0%}): "
        f"{worst.now:.2f} features right for them, less what was asked{after}."
    )


def _checked(clarifier: "Clarifier", as_json: bool) -> None:
    difference = clarifier.check()
    if as_json:
        typer.echo(json.dumps({"difference": difference}, ensure_ascii=False))
    else:
        typer.echo("Every decision comes out again." if difference is None else plain(f"Not the same: {difference}."))
    if difference is not None:
        raise typer.Exit(1)


def _memory(file: Path | None) -> dict[str, str] | None:
    if file is None or not file.exists():
        return None
    kept = _json(file)
    return {str(name): str(value) for name, value in kept.items()}


def _json(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise InputError("cannot be read; name the file that folkmoot ask clarify wrote", file=file) from None
    if not isinstance(found, dict):
        raise InputError("cannot be read; name the file that folkmoot ask clarify wrote", file=file)
    return found
