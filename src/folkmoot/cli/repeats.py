"""Repeated answers on the command line: the design of the questionnaires, and the table of their answers."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ..profile import InputError, Profile, Repeats, Slate
from ..profile.declared import Option
from ..profile.options import READING
from ..profile.sentences import noted
from ..report.words import count, some
from .flags import JsonOption
from .parts import Progress, Reader, words_of


@dataclass(frozen=True)
class GivenRepeats:
    """The option that names a table of repeated answers."""

    repeats: Annotated[
        Path | None,
        Option(
            "Table of repeated answers (agent, statement, answer, cue, order, wave): answers count for as much as they "
            "are opinions. A source of that kind is its own.",
            READING,
        ),
    ] = None

    @property
    def words(self) -> list[str]:
        """The option as arguments of a command."""
        return words_of({"repeats": self.repeats})


@dataclass(frozen=True)
class WantedRepeats(GivenRepeats):
    """The options for repeated answers with which a slate is chosen."""

    no_repeats: Annotated[
        bool, Option("Take a source of repeated answers by its first answers, without weights.", READING)
    ] = False


def design_command(
    reader: Reader,
    share: Annotated[float, typer.Option(help="Share of the statements that each person is asked again.")] = 0.15,
    conditions: Annotated[int, typer.Option(help="Presentations of each of them: even, at least 4.")] = 4,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the design.")] = 0,
    strict: Annotated[bool, typer.Option("--strict", help="Only statements that moderation accepted.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the table there instead of printing it.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Design which statements each person answers again, in which wording and order: a table to fill in."""
    from ..formats.writing import in_file
    from ..slates.questionnaires import Questionnaires

    with Progress(quiet=as_json or out is None) as progress:
        progress(noted("reading"), 0.0)
        profile = reader.read()
        progress(noted("drawing the design"), 0.0)
        questionnaires = Questionnaires.of(profile, share=share, conditions=conditions, seed=seed, strict=strict)
        if out is not None:
            in_file(out, questionnaires.table())
    if as_json:
        typer.echo(json.dumps(questionnaires.as_dict(), ensure_ascii=False))
        return
    if out is None:
        typer.echo(questionnaires.table(), nl=False)
        return
    typer.echo(
        f"{some(profile.n_agents, 'person', 'people')}, {some(questionnaires.questions, 'question')} each: of "
        f"{some(len(questionnaires.columns), 'statement')} everybody is asked {count(questionnaires.again)} again, "
        f"under {count(questionnaires.design.waves)} conditions, and the others once.\n"
        "cue: word it so that it leans to agreeing (1), to disagreeing (-1), or neither (blank). order: the side to "
        "offer first, agreeing (1) or disagreeing (-1). Ask in the order of step; between waves lie other questions.\n"
        f"Fill in the column answer, then: folkmoot slate {out} --budget ... --unit statements\n"
        f"design: {out}"
    )


def repeats_for(reader: Reader, profile: Profile, wanted: WantedRepeats, engine: str) -> Repeats | None:
    """The repeated answers with which a slate is chosen; None if there are none.

    Args:
        reader: the reader of the source.
        profile: the profile that was read.
        wanted: the options of the command line.
        engine: the id of the engine that answers the queries.

    Raises:
        InputError: if both options are set, the engine judges for people, or the table belongs to another source.
    """
    if wanted.repeats is not None and wanted.no_repeats:
        raise InputError("--repeats and --no-repeats exclude each other; give one")
    if wanted.repeats is not None:
        from ..slates.weighing import refuse_others

        refuse_others(engine)
        return _read(reader, profile, wanted.repeats)
    return None if wanted.no_repeats or engine != "embedded" else _own(reader, profile)


def repeats_of(reader: Reader, profile: Profile, slate: Slate, named: GivenRepeats) -> Repeats | None:
    """The repeated answers with which a slate is audited: those that are named, or those of the source."""
    if named.repeats is not None:
        return _read(reader, profile, named.repeats)
    return _own(reader, profile) if "weights" in slate.process else None


def _own(reader: Reader, profile: Profile) -> Repeats | None:
    return _read(reader, profile, _table(reader, profile)) if profile.source == "repeats" else None


def _table(reader: Reader, profile: Profile) -> Path:
    """The file of a source that is a table of repeated answers."""
    source = reader.source
    return source / str(profile.facts["files"][0]) if source.is_dir() else source


def _read(reader: Reader, profile: Profile, table: Path) -> Repeats:
    from ..formats.repeats import repeats

    own = profile.source == "repeats" and table.exists() and table.samefile(_table(reader, profile))
    # The name of a column in the source does not apply to another file.
    return repeats(table, profile, id_column=reader.settings["id_column"] if own else None)
