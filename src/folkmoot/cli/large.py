"""Large sources on the command line: read as a stream, worked on by several processes or machines."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ..profile import InputError, Options, Progress, Slate
from ..profile.extras import lacking
from ..profile.options import Goal, LargeOptions
from ..profile.page_options import PageOptions
from ..profile.sentences import noted
from .first_run import refuse_unwritable
from .messages import calling, flagged, replaced
from .page import checked, labelled, public_files, told
from .page_record import RECORD, emptied, record
from .parts import Progress as Shown
from .parts import Reader

if TYPE_CHECKING:
    from ..profile.executors import Executor

#: An event log of more bytes is a large source.
LARGE = 2**26
#: Options of reading that the stream understands.
_UNDERSTOOD = {"flip_votes", "format", "encoding"}


def is_large(reader: Reader, large: LargeOptions, options: Options, other: bool, quiet: bool) -> bool:
    """Whether the source is read as a stream, said in one line where it could be and is not.

    Args:
        reader: the source with its options of reading.
        large: what was asked for.
        options: of the slate.
        other: whether something was asked for that only memory can do.
        quiet: whether nothing is said.

    Raises:
        InputError: it was asked for, and cannot be.
    """
    from ..scale.events import votes_file

    if large.large == "no":
        _shared(large, quiet)
        return False
    log = votes_file(reader.source)
    more = sorted(name for name, value in reader.settings.items() if value and name not in _UNDERSTOOD)
    why = ""
    if options.engine != "embedded":
        why = "a language model judges people one by one"
    elif other:
        why = "edits and repeated answers are worked on in memory"
    elif more:
        why = f"--{more[0].replace('_', '-')} is read in memory"
    if large.large == "yes":
        if log is None or why:
            raise InputError(f"cannot be read as a stream: {why or 'it has no event log of votes'}", file=reader.source)
        return True
    if log is None or log.stat().st_size <= LARGE:
        _shared(large, quiet)
        return False
    size = f"{log.name} has {log.stat().st_size / 2**20:,.0f} MiB"
    if not why and (package := lacking("large")):
        why = f"{package} is not installed (pip install 'folkmoot[large]')"
    if why and not quiet:
        typer.echo(f"note: {size}, but everything is read into memory: {why}", err=True)
    return not why


def _shared(large: LargeOptions, quiet: bool) -> None:
    """Says that workers have little to do where everything is in memory."""
    if (large.workers > 1 or large.cluster) and not quiet:
        words = (
            "note: this source is worked on in memory, by this process: workers share only the embedding of very many "
            "texts (`large='yes'`)"
        )
        typer.echo(flagged(words), err=True)


def spread(large: LargeOptions) -> AbstractContextManager[None]:
    """What is done inside in memory and can be spread goes to the workers that were asked for."""
    from ..profile.executors import executor_of, working_on

    return working_on(partial(executor_of, large.workers, large.cluster))


def slate_large(
    reader: Reader,
    goal: Goal,
    options: Options,
    large: LargeOptions,
    page: PageOptions,
    folder: Path,
    as_json: bool,
) -> None:
    """Chooses and audits a slate for a large source, and writes slate.json and the files for the public.

    Args:
        reader: the source.
        goal: budget, unit and seed.
        options: of the slate.
        large: where the work is done.
        page: of the page for the public.
        folder: where files are written.
        as_json: whether the slate is printed instead of its summary.
    """
    from ..formats.writing import in_files, writable
    from ..report import speech, summary

    data = folder / "slate.json"
    with Shown(quiet=as_json, lang=page.lang) as progress:
        refuse_unwritable(folder)
        progress.say(flagged(_said(reader, large)))
        with _work(large) as (executor, scratch):
            chosen, page_text, page = _chosen(reader, goal, options, page, executor, scratch, progress)
        progress(noted("writing"), 0.0)
        writable(folder)
        before = set(folder.iterdir())
        in_files({data: chosen.to_json()})
        progress.kept = noted(f"{data} was written")
        public, absent = public_files(folder, chosen, page)
        in_files({**public, folder / RECORD: page_text})
    if as_json:
        typer.echo(chosen.to_json(), nl=False)
        return
    w = speech(chosen, page.lang)
    typer.echo(summary(chosen, w))
    missing = w.gettext("review.html is drawn in memory, and was not written for a source of this size")
    files = [labelled("slate", str(data), w.code), *told(folder, {}, absent, w.code)]
    typer.echo("\n".join(["", *files, labelled("note", missing, w.code)]))
    if there := replaced((data, *public), before, w.code):
        typer.echo(there)


def audit_again(reader: Reader, slate_file: Path, large: LargeOptions, lang: str, as_json: bool) -> None:
    """Makes the slate of a large source again from its record, and says whether it is the same, every digit.

    Args:
        reader: the source.
        slate_file: the slate with its record.
        large: where the work is done.
        lang: the language of what is printed.
        as_json: whether a JSON object is printed.

    Raises:
        typer.Exit: with 1 where something did not come out again.
    """
    from ..report import speech, summary

    slate = Slate.load(slate_file)
    if "id" not in slate.process:
        raise InputError("this slate records no process; audit it in memory (`large='no'`)", file=slate_file)
    with Shown(quiet=as_json, lang=lang) as progress, _work(large) as (executor, scratch):
        people = int(slate.engine.get("fitted_to", slate.n_agents))
        again, _, _ = _chosen(
            reader, Goal.of(slate), Options.of(slate), PageOptions(), executor, scratch, progress, people
        )
    old, new = (json.loads(one.to_json()) for one in (slate, again))
    differs = sorted(key for key in new if old.get(key) != new[key])
    if as_json:
        typer.echo(json.dumps({"same": not differs, "differs": differs, "audit": new["audit"]}, ensure_ascii=False))
    else:
        typer.echo(summary(again, speech(again, lang)))
        typer.echo(
            "Chosen, assigned and audited again from the source: every recorded figure came out again."
            if not differs
            else f"Did not come out again: {', '.join(differs)}."
        )
    if differs:
        raise typer.Exit(1)


def _chosen(
    reader: Reader,
    goal: Goal,
    options: Options,
    page: PageOptions,
    executor: "Executor",
    scratch: Path,
    progress: Progress,
    people: int | None = None,
) -> tuple[Slate, str, PageOptions]:
    """The slate, and the options of its page as they are recorded and as they are used."""
    from ..scale.events import read_events
    from ..scale.route import FITTED, large_slate

    settings = {name: value for name, value in reader.settings.items() if value}
    if "flip_votes" in settings:
        settings["flip"] = settings.pop("flip_votes")
    source = read_events(reader.source, scratch, executor, options=settings, progress=progress)
    with calling({"hidden": "--hide"}):
        page_text, page = record(emptied(page)), checked(emptied(page), source.frame)
    chosen = large_slate(
        source, goal, options, scratch, executor, people=FITTED if people is None else people, progress=progress
    )
    return chosen, page_text, page


def _said(reader: Reader, large: LargeOptions) -> str:
    from ..scale.route import FITTED

    who = f"on {large.cluster}" if large.cluster else f"{large.workers} worker{'s' * (large.workers > 1)}"
    return (
        f"Large source: read as a stream, chosen among {FITTED:,} people, everybody assigned and audited by shards "
        f"({who}); `large='no'` reads it into memory."
    )


@contextmanager
def _work(large: LargeOptions) -> Iterator[tuple["Executor", Path]]:
    """An executor, and a folder for files on the way that is empty and goes away."""
    from ..profile.executors import executor_of

    if large.cluster and large.scratch is None:
        raise InputError("workers of a `cluster` need a folder that all of them see; name it with `scratch`")
    if large.scratch is not None:
        large.scratch.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="folkmoot-", dir=large.scratch))
    executor = executor_of(large.workers, large.cluster)
    try:
        yield executor, folder
    finally:
        executor.close()
        shutil.rmtree(folder, ignore_errors=True)
