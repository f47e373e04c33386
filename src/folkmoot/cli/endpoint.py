"""`folkmoot llm`: what an endpoint can do, and which services are known."""

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..llm import Endpoint, Ledger, Limits
from ..llm.account import Account
from ..llm.services import services
from ..profile import InputError, Slate
from ..profile.sentences import noted
from ..report.words import count, plain, some
from ..slates.run import LEDGER
from .apps import App
from .flags import JsonOption, with_options
from .llm import ModelOptions, agreed, answering
from .messages import flagged
from .money import check_named
from .parts import Progress, Reader

if TYPE_CHECKING:
    from ..queries.language.independence import Independence
    from ..slates.group_statements import GroupStatements

llm_app = App(no_args_is_help=True, help="Endpoints of language models: what they can do, and how they are called.")

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
    from ..llm.client import Client
    from ..queries.language.examined import examine

    chosen = Endpoint.read(endpoint, model=model)
    check_named(chosen, demo=False)
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


@llm_app.command("verify")
@with_options
def verify_command(
    reader: Reader,
    wanted: ModelOptions,
    people: Annotated[int, typer.Option(help="The most people that are asked about.", min=1)] = 51,
    seed: Annotated[int, typer.Option(help="Seed of the draw of people and answers.", min=0)] = 0,
    out: Annotated[Path | None, typer.Option(help="Folder for the ledger; default: folkmoot-out/verify.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say from people's texts and votes whether two ways of asking a model tell how people voted."""
    from ..formats.writing import writable
    from ..profile.streams import Stream, stream
    from ..queries.language.independence import independence

    with Progress(quiet=as_json) as progress:
        progress(noted("reading"), 0.0)
        profile, folder = reader.read(), out or Path("folkmoot-out") / "verify"
        structured = not wanted.demo and wanted.read_endpoint().dialect.answers == "structured"

        def ask(model: Account) -> "Independence":
            rng = stream(seed, Stream.JUDGE_RELIABILITY)
            return independence(model, profile, rng, people=people, structured=structured)

        estimate = agreed(wanted, min(people, profile.n_agents), ask, folder / LEDGER, progress)
        if wanted.dry_run:
            if as_json:
                typer.echo(json.dumps(asdict(estimate) if estimate else {}, default=str))
            return
        writable(folder)
        progress(noted("asking both queries"), 0.0)
        with answering(wanted, folder / LEDGER, progress) as (account, _):
            found = ask(account)
    typer.echo(json.dumps(asdict(found), indent=1) if as_json else _verified(found))


def _verified(found: "Independence") -> str:
    names = {"selection": "the query that selects", "evaluation": "the evaluator"}
    lines = [f"{some(found.people, 'person', 'people')}, {some(found.answers, 'held-out vote')}"]
    for query, share in found.share.items():
        lines.append(
            f"  {names[query]}: ups above downs for {share['share']:.0%} of the people (95 %: {share['low']:.0%} to "
            f"{share['high']:.0%})"
        )
    lines.append(f"both are right for {found.both_right}, both wrong for {found.both_wrong}")
    r = "not defined" if found.r is None else f"{found.r:.2f}"
    kappa = "not defined" if found.kappa is None else f"{found.kappa:.2f}"
    lines.append(f"correlation of their differences r = {r}, Cohen's kappa of being right = {kappa}")
    if any(share["low"] <= 0.5 for share in found.share.values()):
        lines.append("At least one of them does no better than chance as far as these people tell: do not rely on it.")
    if found.lost:
        lines.append(f"{some(found.lost, 'person', 'people')} left out: a side without a readable score")
    return "\n".join(lines)


@llm_app.command("cite")
@with_options
def cite_command(
    reader: Reader,
    slate_file: Annotated[Path, typer.Argument(metavar="SLATE.json", help="A slate that was made from this source.")],
    most: Annotated[int, typer.Option(help="The most citations of a statement.", min=1)] = 3,
    as_json: JsonOption = False,
) -> None:
    """Show what people wrote behind every statement of a slate, word for word, and what in it nobody wrote.

    Asks no model. It names participants: for you, not for the public.
    """
    from ..slates.citations import cited

    with Progress(quiet=as_json) as progress:
        progress(noted("reading"), 0.0)
        found = cited(reader.read(), Slate.load(slate_file), most)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return
    for number, one in enumerate(found, start=1):
        typer.echo(plain(f"{number}. {one.text}"))
        told = f"{some(one.people, 'person', 'people')}, {count(one.writers)} of whom wrote something"
        typer.echo(f"   {told}{'' if one.citations else '; nothing of it can be cited'}")
        for each in one.citations:
            typer.echo("   " + plain(f'"{each.quote}" ({each.agent})'))
        for finding in one.findings:
            typer.echo("   " + plain(f"CHECK: {finding.kind}{f': {finding.what}' if finding.what else ''}"))


@llm_app.command("groups")
@with_options
def groups_command(
    reader: Reader,
    slate_file: Annotated[Path, typer.Argument(metavar="SLATE.json", help="A slate that was made from this source.")],
    wanted: ModelOptions,
    words: Annotated[int, typer.Option(help="The most words of a statement.", min=1)] = 40,
    most: Annotated[int, typer.Option(help="The most citations of a statement.", min=1)] = 3,
    as_json: JsonOption = False,
) -> None:
    """Have a statement written for every opinion group, with what its people wrote behind it, word for word.

    Kept beside SLATE.json; audit --html then shows it on the review page. What has figures, names or quotations that
    nobody of the group wrote is held back. It names participants: for you, not for the public.
    """
    from ..formats.writing import in_files, writable
    from ..slates.group_statements import SUFFIX, group_statements

    with Progress(quiet=as_json) as progress:
        progress("reading", 0.0)
        profile, slate = reader.read(), Slate.load(slate_file)
        structured = not wanted.demo and wanted.read_endpoint().dialect.answers == "structured"
        kept, ledger = slate_file.with_suffix(SUFFIX), slate_file.with_suffix(".groups.sqlite")

        def ask(model: Account) -> "GroupStatements":
            return group_statements(profile, slate, model, words=words, most=most, structured=structured)

        estimate = agreed(wanted, profile.n_agents, ask, ledger, progress)
        if wanted.dry_run:
            if as_json:
                typer.echo(json.dumps(asdict(estimate) if estimate else {}, default=str))
            return
        writable(slate_file.parent)
        progress("asking for a statement of every group", 0.0)
        with answering(wanted, ledger, progress) as (account, _):
            found = ask(account)
            cost = account.cost
        in_files({kept: found.to_json()})
    if as_json:
        typer.echo(found.to_json(), nl=False)
        return
    for line in _grouped(found):
        # `plain` leaves no blanks at the beginning of a line.
        typer.echo(line[: len(line) - len(line.lstrip())] + plain(line))
    typer.echo(f"kept:     {kept}")
    typer.echo(f"model:    {some(account.calls, 'answer')}, {'price unknown' if cost is None else f'cost {cost:,.4f}'}")


def _grouped(found: "GroupStatements") -> list[str]:
    lines = [f"Groups: {found.how}. A language model wrote these statements; nobody has voted on them."]
    for number, one in enumerate(found.groups, start=1):
        told = f"{some(one.people, 'person', 'people')}, {count(one.writers)} of whom wrote something"
        lines.append(f"{number}. {told}{f', behind {one.about}' if one.about else ''}")
        lines.append(f"   {'HELD BACK: ' if one.held_back else ''}{one.text}")
        lines += [f'   "{each.quote}" ({each.agent})' for each in one.citations]
        lines += [f"   CHECK: {each.kind}{f': {each.what}' if each.what else ''}" for each in one.findings]
    if found.apart:
        lines.append(f"{some(found.apart, 'person', 'people')} in no group that is large enough")
    return lines


@llm_app.command("sources")
def sources_command(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run with --engine llm, or its ledger.")],
    source: Annotated[Path | None, typer.Option("--source", help="The source, if it was moved.")] = None,
    draws: Annotated[int, typer.Option(help="How often people are drawn.", min=1)] = 50,
    as_json: JsonOption = False,
) -> None:
    """Compare the ways in which a run formed the groups that it wrote for: whose statements do many people like?"""
    from ..slates.run import Run, ledger_of
    from ..slates.sources import sources

    with Progress(quiet=as_json) as progress, Ledger(ledger_of(run), make=False) as ledger:
        progress(noted("reading"), 0.0)
        recorded = Run.read(ledger)
        place = source or Path(recorded.source)
        if not place.exists():
            raise InputError("does not exist any more; name the source with --source", file=place)
        written = recorded.written(ledger, Reader(place, dict(recorded.reading)).read(), progress)
        found = sources(written, written.profile, draws=draws)
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=1))
        return
    typer.echo(
        f"{count(found.draws)} times {some(found.people, 'person', 'people')} at random, a statement of each source; "
        f"the utility of rank {found.rank}: smallest, quartiles, largest ({found.known:.0%} of them asked for, the "
        "rest predicted)"
    )
    for name, one in found.by_source.items():
        values = "  ".join(f"{value:5.2f}" for value in one.quartiles)
        typer.echo(f"  {name:<24} {values}   best in {one.best:.0%}   ({some(one.statements, 'statement')})")
    typer.echo(f"  {'the best of all':<24} " + "  ".join(f"{value:5.2f}" for value in found.maximum))


@llm_app.command("services")
def services_command(as_json: JsonOption = False) -> None:
    """List the services whose settings are known (`service = "..."` in the TOML file)."""
    known = services()
    if as_json:
        typer.echo(json.dumps({name: asdict(one) for name, one in known.items()}, ensure_ascii=False, indent=1))
        return
    for name, one in known.items():
        typer.echo(f"{name:<17} {one.name}{f': {one.note}' if one.note else ''}")
