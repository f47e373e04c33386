"""What the command line has for answers that are asked for again: the design, and the table that comes back."""

import json
from pathlib import Path
from typing import Annotated

import typer

from ..profile import InputError, Profile, Repeats, Slate
from ..report.words import count, some
from ..slates.weighing import refuse_others
from .parts import JsonOption, Progress, Reader

RepeatsOption = Annotated[
    Path | None,
    typer.Option(
        "--repeats",
        help="Table of repeated answers (agent, statement, answer, cue, order, wave): answers count for as much as "
        "they are opinions. A source of that kind is its own.",
    ),
]
NoRepeatsOption = Annotated[
    bool, typer.Option("--no-repeats", help="Take a source of repeated answers by its first answers, without weights.")
]


def design_command(
    reader: Reader,
    share: Annotated[float, typer.Option(help="Share of the statements that each person is asked again.")] = 0.15,
    conditions: Annotated[int, typer.Option(help="Presentations of each of them: even, at least 4.")] = 4,
    seed: Annotated[int, typer.Option(min=0, help="Of the design.")] = 0,
    strict: Annotated[bool, typer.Option("--strict", help="Only statements that moderation accepted.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the table there instead of printing it.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Whom to ask what again, in which wording and order: a table whose answer column is to be filled in."""
    from ..formats.writing import in_file
    from ..slates.questionnaires import Questionnaires

    with Progress(quiet=as_json or out is None) as progress:
        progress("reading", 0.0)
        profile = reader.read()
        progress("drawing the design", 0.0)
        found = Questionnaires.of(profile, share=share, conditions=conditions, seed=seed, strict=strict)
        if out is not None:
            in_file(out, found.table())
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False))
        return
    if out is None:
        typer.echo(found.table(), nl=False)
        return
    typer.echo(
        f"{some(profile.n_agents, 'person', 'people')}, {some(found.questions, 'question')} each: of "
        f"{some(len(found.columns), 'statement')} everybody is asked {count(found.again)} again, under "
        f"{count(found.design.waves)} conditions, and the others once.\n"
        "cue: word it so that it leans to agreeing (1), to disagreeing (-1), or neither (blank). order: the side to "
        "offer first, agreeing (1) or disagreeing (-1). Ask in the order of step; between waves lie other questions.\n"
        f"Fill in the column answer, then: folkmoot slate {out} --budget ... --unit statements\n"
        f"design: {out}"
    )


def repeats_for(
    reader: Reader, profile: Profile, given: Path | None, without: bool, engine: str = "embedded"
) -> Repeats | None:
    """The repeated answers a slate is to be chosen with; None: none.

    Args:
        reader: of the source.
        profile: as it was read.
        given: ``--repeats``.
        without: ``--no-repeats``.
        engine: what answers the queries.

    Raises:
        InputError: both options, an engine that judges for people, or a table that is none of this source's.
    """
    if given is not None and without:
        raise InputError("--repeats and --no-repeats exclude each other; give one")
    if given is not None:
        refuse_others(engine)
        return _read(reader, profile, given)
    return None if without or engine != "embedded" else _own(reader, profile)


def repeats_of(reader: Reader, profile: Profile, slate: Slate, given: Path | None) -> Repeats | None:
    """The repeated answers a slate is audited with: those that are named, or the source's own if it had some."""
    if given is not None:
        return _read(reader, profile, given)
    return _own(reader, profile) if "weights" in slate.process else None


def words_of(given: Path | None) -> list[str]:
    """The option as words of a command."""
    return [] if given is None else ["--repeats", str(given)]


def _own(reader: Reader, profile: Profile) -> Repeats | None:
    return _read(reader, profile, _table(reader, profile)) if profile.source == "repeats" else None


def _table(reader: Reader, profile: Profile) -> Path:
    """The file of a source that is a table of repeated answers."""
    source = reader.source
    return source / str(profile.facts["files"][0]) if source.is_dir() else source


def _read(reader: Reader, profile: Profile, table: Path) -> Repeats:
    from ..formats.repeats import repeats

    own = profile.source == "repeats" and table.exists() and table.samefile(_table(reader, profile))
    # What a column of the source is called says nothing of another file's.
    return repeats(table, profile, id_column=reader.given["id_column"] if own else None)
