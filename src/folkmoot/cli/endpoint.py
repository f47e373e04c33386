"""`folkmoot llm`: what an endpoint can do, and which services are known."""

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from ..llm import Client, Endpoint, Ledger, Limits
from ..llm.services import services
from ..report.words import plain, some
from .flags import JsonOption
from .messages import flagged
from .money import check_named
from .parts import Progress

llm_app = typer.Typer(
    no_args_is_help=True, help="Endpoints of language models: what they can do, and how they are called."
)

_QUESTIONS = 6
# Each is asked again a few times at most.
_MOST = 60


@llm_app.command("check")
def check_command(
    model: Annotated[
        str | None, typer.Option(help="Name of the language model; default: as the file or the environment has it.")
    ] = None,
    endpoint: Annotated[
        Path | None, typer.Option(help="TOML file with base_url, model, ...; else FOLKMOOT_LLM_* variables.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask an endpoint six short questions: what it can do, the calls that a rating takes, and the settings to write."""
    from ..queries.language.examined import examine

    chosen = Endpoint.read(endpoint, model=model)
    check_named(chosen)
    with Progress(quiet=as_json) as progress, tempfile.TemporaryDirectory() as folder:
        progress(f"asking {chosen.model} six short questions", 0.0)
        with (
            Ledger(Path(folder) / "check.sqlite") as ledger,
            Client(chosen, ledger, Limits(calls=_MOST)) as client,
        ):
            found = examine(client)
            total, models = ledger.total(), dict(client.told.models)
            settings = list(dict.fromkeys([*client.told.learned, *found.settings]))
    words = {"yes": "yes", "partly": "partly", "no": "NO"}
    result: dict[str, Any] = {
        "model": chosen.model,
        "models": models,
        "base_url": chosen.base_url,
        "service": chosen.service,
        "findings": [asdict(one) for one in found.findings],
        "calls_per_rating": found.per_rating,
        "how": found.how,
        "settings": settings,
        "remedies": list(found.remedies),
        "usable": found.usable,
        "answers": total.answers,
        "cost": None if total.cost is None else f"{total.cost:f}",
    }
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        typer.echo(_shown(result, words))
    if not found.usable:
        raise typer.Exit(1)


def _shown(result: dict[str, Any], words: dict[str, str]) -> str:
    known = services().get(result["service"])
    lines = [f"{result['model']} at {result['base_url']}" + (f" ({known.name})" if known is not None else "")]
    others = [name for name in result["models"] if name != result["model"]]
    if others:
        lines.append(f"answers came from {' and '.join(others)}, by what they say")
    lines += [f"  {words[one['found']]:<7} {one['question']}: {one['says']}" for one in result["findings"]]
    if len(result["findings"]) < _QUESTIONS:
        lines.append("The other questions were not asked: nothing answers there.")
    elif result["calls_per_rating"] is None:
        lines.append("It cannot rate: no slate can be made with it as it is set up.")
    else:
        lines.append(f"A rating takes {result['calls_per_rating']:g} calls: {result['how']}.")
    if result["settings"]:
        lines += ["Settings to write, under [llm] in the TOML file of --endpoint:"]
        lines += [f"  {line}" for line in result["settings"]]
    elif result["usable"]:
        lines.append("No further settings are needed.")
    lines += [f"What to do: {one}." for one in result["remedies"]]
    if known is not None and known.note:
        lines.append(f"{known.name}: {known.note}")
    cost = "price unknown" if result["cost"] is None else f"cost {result['cost']}"
    return "\n".join(plain(flagged(line)) for line in [*lines, f"{some(result['answers'], 'answer')}, {cost}"])


@llm_app.command("services")
def services_command(as_json: JsonOption = False) -> None:
    """List the services whose settings are known (`service = "..."` in the TOML file)."""
    known = services()
    if as_json:
        typer.echo(json.dumps({name: asdict(one) for name, one in known.items()}, ensure_ascii=False, indent=1))
        return
    for name, one in known.items():
        typer.echo(f"{name:<17} {one.name}{f': {one.note}' if one.note else ''}")
