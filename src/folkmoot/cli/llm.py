"""Runs of a language model on the command line: the endpoint, the limits, and `folkmoot replay`."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from ..llm import Endpoint, Estimate, Halting, Ledger, Limits, Model, estimate
from ..llm.account import Account
from ..llm.local import DEMO, Local
from ..profile import InputError, Options, Profile, WorkError
from ..profile.declared import Option, changed, check
from ..profile.options import LANGUAGE_MODEL, Goal
from ..profile.page_options import PageOptions
from ..profile.sentences import noted
from ..report.words import count
from ..slates.run import LEDGER, Run, ledger_of
from .flags import JsonOption, LanguageOption
from .messages import calling, flagged
from .money import check_limit, check_named, confirm, destination, priced
from .page import public_files, review_file
from .parts import Progress, Reader

# The engine to which these options belong.
_LLM = ("llm",)


@dataclass(frozen=True)
class ModelOptions:
    """The options of the command line for the language model."""

    model: Annotated[
        str | None,
        Option(
            "Name of the language model; demo: a stand-in that needs neither key nor network; none: as the file or the "
            "environment has it.",
            LANGUAGE_MODEL,
            engines=_LLM,
        ),
    ] = None
    endpoint: Annotated[
        Path | None,
        Option(
            "TOML file with base_url, model, prices, ...; else FOLKMOOT_LLM_* variables.", LANGUAGE_MODEL, engines=_LLM
        ),
    ] = None
    max_cost: Annotated[
        str | None, Option("Most money the run may take, in the currency of the prices.", LANGUAGE_MODEL, engines=_LLM)
    ] = None
    max_calls: Annotated[
        int | None, Option("Most calls the run may make.", LANGUAGE_MODEL, minimum=0, engines=_LLM)
    ] = None
    max_tokens: Annotated[
        int | None, Option("Most tokens the run may take, in and out.", LANGUAGE_MODEL, minimum=0, engines=_LLM)
    ] = None
    price: Annotated[
        str | None,
        Option(
            "Price per million tokens as INPUT/OUTPUT, e.g. 0.15/0.60; none: as the endpoint's file or a table of "
            "common models has it.",
            LANGUAGE_MODEL,
            engines=_LLM,
            metavar="IN/OUT",
        ),
    ] = None
    ahead: Annotated[
        int,
        Option(
            "Steps of writing that are asked ahead of the one in work where places in flight are left (process prose): "
            "less time and the same slate, but what was guessed wrong is paid in vain.",
            LANGUAGE_MODEL,
            minimum=0,
            engines=_LLM,
        ),
    ] = 0
    yes: Annotated[bool, Option("Send more than 5,000 calls without being asked.", LANGUAGE_MODEL, engines=_LLM)] = (
        False
    )
    dry_run: Annotated[bool, Option("Say what the run would take, and ask nothing.", LANGUAGE_MODEL, engines=_LLM)] = (
        False
    )

    def __post_init__(self) -> None:
        check(self)

    def refuse(self, engine: str) -> None:
        """Refuses these options with any engine other than `llm`.

        Raises:
            InputError: if another engine is named and some of these options are set.
        """
        for each in changed(self, ModelOptions()):
            if not each.fits(engine):
                raise InputError(f"{each.flag} is for --engine llm; add that, or leave it out")

    def read_endpoint(self) -> Endpoint:
        """The endpoint of the file and the environment, with the model that was named.

        Raises:
            InputError: for the same reasons as `Endpoint.read`, or if the price is none.
        """
        from ..queries.language.demo import endpoint as demo_endpoint

        return demo_endpoint() if self.demo else priced(Endpoint.read(self.endpoint, model=self.model), self.price)

    def fitting(self, options: Options) -> Options:
        """The options of a run with the form of answers that the endpoint's settings name, where they name another."""
        if options.engine not in _LLM or options.answers != "plain" or self.demo:
            return options
        return replace(options, answers=self.read_endpoint().dialect.answers)

    @property
    def demo(self) -> bool:
        """Whether the demo model is meant that comes with the package, not one of an endpoint that is named so."""
        return self.model == DEMO and self.endpoint is None

    @property
    def limits(self) -> Limits:
        """The limits of the run.

        Raises:
            InputError: if ``max_cost`` is not an amount of money.
        """
        cost = None
        if self.max_cost is not None:
            try:
                cost = Decimal(self.max_cost)
            except InvalidOperation:
                raise InputError(f"--max-cost {self.max_cost!r} is not an amount; write it like 2.50") from None
            if not cost.is_finite():
                raise InputError("--max-cost must be finite; leave it out for no limit")
        return Limits(calls=self.max_calls, tokens=self.max_tokens, cost=cost)


@contextmanager
def answering(wanted: ModelOptions, file: Path, progress: Progress) -> Iterator[tuple[Account, Ledger]]:
    """The model, with a ledger in which every answer is kept.

    Args:
        wanted: the options of the command line for the model.
        file: the ledger, in a folder that exists.
        progress: the progress to which the number of answers is reported.
    """
    endpoint = wanted.read_endpoint()
    with ExitStack() as stack:
        ledger = stack.enter_context(Ledger(file))
        model: Model
        if wanted.demo:
            from ..queries.language.demo import Demo

            model = Local(Demo(), endpoint, ledger, wanted.limits)
        else:
            from ..llm.client import Client

            client = Client(endpoint, ledger, wanted.limits, progress=_Pace(progress), ahead=wanted.ahead)
            model = Halting(stack.enter_context(client))
        account = Account(model, endpoint, _telling(wanted, progress))
        progress.kept = noted(f"what was answered is kept in {ledger.file}; run again to resume, nothing is paid twice")
        yield account, ledger


def _telling(wanted: ModelOptions, progress: Progress) -> Callable[[Account], None]:
    """What is said after every batch: how far it is, and once that the demo model is none; a refusal comes before."""
    warned = not wanted.demo

    def tell(now: Account) -> None:
        nonlocal warned
        if not warned:
            warned = True
            _warn(progress)
        progress.detail(*_so_far(now))

    return tell


def _warn(progress: Progress) -> None:
    from ..queries.language.demo import WARNING

    progress.tell(WARNING)


@contextmanager
def asking(wanted: ModelOptions, folder: Path, run: Callable[[Endpoint], Run], progress: Progress) -> Iterator[Account]:
    """The model for one run, with its ledger in the run's folder, which exists; ``run`` makes the run's record."""
    with answering(wanted, folder / LEDGER, progress) as (account, ledger):
        assert account.endpoint is not None
        run(account.endpoint).note(ledger)
        yield account


@contextmanager
def recorded_answers(run: Path | None) -> Iterator[Callable[[], Account] | None]:
    """A function that makes the model from the ledger of a run, anew for every use; None if no run is named."""
    if run is None:
        yield None
        return
    with Ledger(ledger_of(run), make=False) as ledger:
        recorded_run = Run.read(ledger)
        yield lambda: recorded_run.answers(ledger)


def rehearsed(wanted: ModelOptions, ask: Callable[[Account], object], file: Path, progress: Progress) -> Estimate:
    """An estimate of what a run would take, from running it with made-up answers.

    Answers that are in the ledger already are used.

    Args:
        wanted: the options of the command line for the model.
        ask: the run, which asks a model.
        file: the ledger, if there is one.
        progress: the progress to which the rehearsal is reported.
    """
    from ..queries.language.rehearsal import Rehearsal

    endpoint = wanted.read_endpoint()
    check_limit(endpoint, wanted.limits.cost is not None)
    progress(noted("rehearsing"), 0.0)
    with ExitStack() as stack:
        ledger = stack.enter_context(Ledger(file)) if file.is_file() else None
        model = Rehearsal(ledger, endpoint.model, endpoint.dialect.logprobs)
        with suppress(WorkError):  # a failure with made-up answers says nothing about the model's answers
            ask(Account(model, endpoint))
        found = estimate([endpoint.dialect.as_asked(call) for call in model.calls], endpoint, ledger)
        progress.expected = found.calls
        return found


class _Pace:
    """Reports how fast answers come, and how long the run may still take at that rate; is called after every call."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._begun, self._answers = progress, time.monotonic(), 0

    def __call__(self, done: int, total: int) -> None:
        self._answers += 1
        minutes = (time.monotonic() - self._begun) / 60
        words = [noted("1 call done") if self._answers == 1 else noted(f"{count(self._answers)} calls done")]
        if minutes > 0.05:
            rate = self._answers / minutes
            words.append(noted(f"{count(round(rate))} a minute"))
            if (left := self._progress.expected - self._answers) > 0:
                words.append(noted(f"about {count(max(1, round(left / rate)))} min left"))
        self._progress.detail(*words)


def cleared(
    wanted: ModelOptions, profile: Profile, goal: Goal, options: Options, file: Path, progress: Progress
) -> Estimate | None:
    """What a slate would take, said before anything is sent; see `agreed`."""
    from ..engines.protocol import Task
    from ..engines.written import write
    from ..slates.usual import given_budget

    task = Task(options, given_budget(goal), goal.unit, goal.seed)
    return agreed(wanted, profile.n_agents, lambda model: write(profile, task, model), file, progress)


def agreed(
    wanted: ModelOptions, people: int, ask: Callable[[Account], object], file: Path, progress: Progress
) -> Estimate | None:
    """What a run would take, said before anything is sent, with who reads what people wrote; asks if it is much.

    That the demo model is none is said with its first answer: what is refused was made by nobody.

    Args:
        wanted: the options of the command line for the model, and the others as `rehearsed` takes them.
        people: how many people's texts are sent.

    Returns:
        The estimate; None where nothing is sent and nothing is paid.

    Raises:
        InputError: no server is named, there is a limit in money without prices, or nobody is there to be asked.
    """
    if wanted.demo:
        if not wanted.dry_run:
            return None
        found = rehearsed(wanted, ask, file, progress)
        _warn(progress)
        return found
    endpoint = wanted.read_endpoint()
    if not wanted.dry_run:
        check_named(endpoint)
    progress.say(destination(endpoint, people, only_counted=wanted.dry_run))
    found = rehearsed(wanted, ask, file, progress)
    progress.say(flagged(str(found)))
    if not wanted.dry_run:
        limited = any(most is not None for most in (wanted.max_calls, wanted.max_tokens, wanted.max_cost))
        with progress.aside():
            confirm(found, endpoint, agreed=wanted.yes or limited)
    return found


def _so_far(account: Account) -> Iterator[str]:
    yield noted("1 answer") if account.calls == 1 else noted(f"{count(account.calls)} answers")
    if account.cost is not None:
        yield noted(f"{account.cost:,.4f} spent")


def replay_command(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run with --engine llm, or its ledger.")],
    source: Annotated[Path | None, typer.Option("--source", help="The source, if it was moved.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for report.html, review.html and slate.json; default: write none.")
    ] = None,
    lang: LanguageOption = "",
    as_json: JsonOption = False,
) -> None:
    """Make the slate of a language model's run again from its ledger, without a network; compare it byte by byte."""
    from ..formats.writing import in_files, writable
    from ..report import speech, summary
    from ..report.translations import words

    with Progress(quiet=as_json) as progress, Ledger(ledger_of(run), make=False) as ledger:
        progress(noted("reading"), 0.0)
        if lang:
            words(lang)  # a language that is not there is said before the work
        recorded_run = Run.read(ledger)
        place = source or Path(recorded_run.source)
        if not place.exists():
            raise InputError("does not exist any more; name the source with --source", file=place)
        profile = Reader(place, dict(recorded_run.reading)).read()
        with calling({"profile": "--source"}):
            replayed = recorded_run.again(ledger, profile, progress)
        recorded = ledger.file.parent / "slate.json"
        same = recorded.read_text(encoding="utf-8") == replayed.to_json() if recorded.is_file() else None
        if out is not None:
            writable(out)
            public, _ = public_files(out, replayed, PageOptions(lang=lang))
            review = review_file(out, replace(replayed.view, source=str(place)), lang)
            in_files({out / "slate.json": replayed.to_json(), **public, **review})
    if as_json:
        typer.echo(json.dumps({"same": same, "slate": json.loads(replayed.to_json())}, ensure_ascii=False, indent=1))
    else:
        verdict = {
            True: f"{recorded} comes out again, to the byte.",
            False: f"{recorded} does NOT come out again: it was changed, or made by another version "
            f"({recorded_run.version}).",
            None: f"There is no {recorded} to compare with.",
        }[same]
        typer.echo(f"{summary(replayed.view, speech(replayed, lang))}\nreplay: {verdict}")
    if same is False or replayed.process.get("unfinished"):
        raise typer.Exit(1)


def run_of(profile: Profile, reader: Reader, goal: Goal, options: Options) -> Callable[[Endpoint], Run]:
    """A function that makes the record of the run, once the endpoint is known."""
    return lambda endpoint: Run.of(
        profile, reader.source, reader.settings, goal.budget, goal.unit, goal.seed, options, endpoint
    )
