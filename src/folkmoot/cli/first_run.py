"""What a newcomer meets first: a bundled conversation, the next command to type, and what cannot be written."""

import shlex
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..formats.doctor import Diagnosis
from ..formats.example import EXAMPLE
from ..formats.left_out import RATED
from ..formats.polis.signs import NOT_CONFIRMED
from ..formats.writing import writable
from ..profile import InputError, Profile
from .flags import JsonOption

if TYPE_CHECKING:
    from ..report.translations import Words

STATEMENTS = 15
"""How many statements the demonstration has."""


def program() -> str:
    """The name of the program as it was called, so that printed commands can be pasted."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "folkmoot" and not called.is_absolute() else "folkmoot"


def mount_demo(app: typer.Typer) -> None:
    """Adds the command ``demo``, which calls ``slate`` of the same program."""

    @app.command("demo")
    def demo_command(
        out: Annotated[Path, typer.Option(help="Folder for what is written.")] = Path("folkmoot-out") / "demo",
        as_json: JsonOption = False,
    ) -> None:
        """A slate for the bundled conversation: 2,031 people of Bowling Green, Kentucky, on what should change."""
        words = ["slate", str(EXAMPLE), "--unit", "statements", "--budget", str(STATEMENTS), "--out", str(out)]
        if not as_json:
            typer.echo(f"{shlex.join([program(), *words])}\n", err=True)
        code = app([*words, *(["--json"] if as_json else [])], standalone_mode=False)
        if code:
            raise typer.Exit(code)


def next_step(diagnosis: Diagnosis, words: Iterable[str], w: "Words") -> tuple[str, str]:
    """The command to type after `doctor`, and what has to be settled before; either may be empty.

    Args:
        diagnosis: what was found in the source.
        words: the source and its reading options, as arguments of a command.
        w: the language.
    """
    if not diagnosis.participants or not (diagnosis.answers or diagnosis.comparisons or diagnosis.texts):
        return "", w.gettext("nobody answered and nobody wrote anything, so there is nothing to choose from")
    if diagnosis.preferences is not None:
        return shlex.join([program(), "prefs", *words]), ""
    doubt = any(note.what.startswith(NOT_CONFIRMED) for note in diagnosis.notes)
    before = w.gettext("settle the sign of the votes first, as said above") if doubt else ""
    rated = any(note.what.startswith(RATED) for note in diagnosis.notes)
    if rated and 2 * diagnosis.silent > diagnosis.participants:
        before = w.gettext(
            "most people wrote nothing and rated instead: read their ratings with --rating-columns, as said above"
        )
    return shlex.join([program(), "slate", *words]), before


def source_words(profile: Profile, lang: str) -> "Words":
    """The language in which is said what was read: the one that is asked for, else the source's, else English.

    Raises:
        InputError: if there is no catalogue for the language that is asked for.
    """
    from ..report.spoken import spoken
    from ..report.translations import words
    from ..slates.language import language_of

    return words(lang) if lang else spoken(language_of(profile))


def taken_for(profile: Profile, w: "Words") -> str:
    """What was taken for what in the source, before anything is computed."""
    from ..formats.doctor import doctor
    from .diagnosis import left_out, understood

    diagnosis = doctor(profile)
    return "\n".join([*understood(diagnosis, w), *left_out(diagnosis, w), ""])


def refuse_unwritable(folder: Path) -> None:
    """Raises an error before the work begins if its results could not be written; what it creates it removes again.

    Raises:
        InputError: if the folder is a file, or if it cannot be created or written.
    """
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not nearest.is_dir():
        raise InputError("is a file; name a folder with --out", file=nearest)
    try:
        # Permissions do not tell of all that refuses files, like /proc or a disk that is read only.
        writable(nearest)
    except InputError:
        raise InputError("cannot be written to; name another folder with --out", file=nearest) from None
