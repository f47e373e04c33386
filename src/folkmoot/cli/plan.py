"""`folkmoot plan`: what a slate for so many people would take, before anybody is asked."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..profile import InputError
from ..profile.costs import Unit
from ..report.words import count
from .flags import JsonOption

if TYPE_CHECKING:
    from ..slates.planning import Planned


def plan_command(
    participants: Annotated[str, typer.Option(help="How many people there will be, e.g. 5000 or 5e6.")],
    statements: Annotated[
        int, typer.Option(help="How many statements they vote on, or how many may be written for them.", min=0)
    ] = 100,
    budget: Annotated[int, typer.Option(help="What the slate may cost, counted in the unit.", min=1)] = 160,
    unit: Annotated[Literal["words", "statements"], typer.Option(help="What the budget counts.")] = "words",
    engine: Annotated[
        Literal["embedded", "llm"], typer.Option(help="embedded: people vote; llm: they write, a model reads.")
    ] = "embedded",
    model: Annotated[str | None, typer.Option(help="Name of the language model, for its prices.")] = None,
    endpoint: Annotated[Path | None, typer.Option(help="TOML file with base_url, model, prices, ...")] = None,
    price: Annotated[
        str | None, typer.Option(help="Price per million tokens as INPUT/OUTPUT, e.g. 0.15/0.60.", metavar="IN/OUT")
    ] = None,
    sample: Annotated[int, typer.Option(help="Ask about so many people, drawn at random; 0: everybody.", min=0)] = 0,
    words: Annotated[float, typer.Option(help="How many words a person writes.")] = 40.0,
    answered: Annotated[float, typer.Option(help="Share of the statements that a person votes on.")] = 0.1,
    delta: Annotated[float, typer.Option(help="How likely the guarantee of a sample may fail.")] = 0.05,
    as_json: JsonOption = False,
) -> None:
    """Say what a slate would take: calls, tokens, money, time, memory, machines, and what a sample leaves guaranteed.

    Nothing is sent. Calls of a language model are counted in rehearsals of every process with made-up people.
    """
    from ..slates.planning import Size, plan, sample_for, statements_of

    asked = None
    if engine == "llm":
        from .llm import ModelOptions

        asked = ModelOptions(model=model, endpoint=endpoint, price=price).read_endpoint()
    elif model or endpoint or price or sample:
        raise InputError("--model, --endpoint, --price and --sample are of --engine llm; add it, or leave them out")
    people = _people(participants)
    size = Size(people, statements, words, answered)
    counted: Unit = unit
    rows = plan(size, budget, counted, asked, sample)
    if not rows:
        raise InputError(f"no process writes within a number of {unit}; take another --unit")
    guaranteed = sample_for(people, statements_of(budget, counted), max(1, statements), delta, sample)
    if as_json:
        body = {
            "participants": people,
            "engine": engine,
            "model": None if asked is None else asked.model,
            "budget": budget,
            "unit": unit,
            "processes": [asdict(row) for row in rows],
            "sample": asdict(guaranteed),
        }
        typer.echo(json.dumps(body, default=str, ensure_ascii=False))
        return
    typer.echo(
        "\n\n".join(
            [*(_told(row, asked is not None) for row in rows), f"Sampling, by the process bjr-sampled: {guaranteed}"]
        )
    )


def _people(text: str) -> int:
    try:
        number = float(text.replace(",", "").replace("_", ""))
        if number != int(number):
            raise ValueError
    except (ValueError, OverflowError):
        raise InputError(f"--participants is {text!r}; write a whole number like 5000 or 5e6") from None
    return int(number)


def _told(row: "Planned", asked: bool) -> str:
    """What one process takes, in lines."""
    from ..slates.planning import CORES, HOURS

    lines = [f"{row.process}: {count(row.people)} people"]
    if asked:
        money = "price unknown; add --price IN/OUT" if row.cost is None else f"price about {row.cost:,.2f}"
        lines += [
            f"  calls     {count(row.calls)}",
            f"  tokens    {count(row.input_tokens)} in, at most {count(row.output_tokens)} out; {money}",
            f"  time      {_span(row.seconds)} with the endpoint's requests in flight",
            f"  machines  one for folkmoot; {count(row.machines)} times the requests in flight to be done in {HOURS:g} "
            "hours",
        ]
    else:
        lines += [
            f"  time      {_span(row.seconds)} of one core",
            f"  machines  {count(row.machines)} of {CORES} cores to be done in {HOURS:g} hours",
        ]
    lines += [f"  memory    about {_memory(row.memory)}", f"  guarantee {row.guarantee}"]
    return "\n".join(lines)


def _span(seconds: tuple[float, float]) -> str:
    """A span of time.

    >>> _span((20, 20)), _span((3600 * 20, 3600 * 100)), _span((90, 400))
    ('about 20 seconds', '20 to 100 hours', '90 to 400 seconds')
    """
    low, high = seconds
    unit, name = (3600, "hours") if high >= 3 * 3600 else (60, "minutes") if high >= 600 else (1, "seconds")
    least, most = count(max(1, round(low / unit))), count(max(1, round(high / unit)))
    return f"about {most} {name}" if least == most else f"{least} to {most} {name}"


def _memory(n_bytes: int) -> str:
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{count(round(n_bytes / 1e6))} MB"
