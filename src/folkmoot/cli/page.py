"""The page for the public and its downloads on the command line."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ..profile import InputError, Profile, Slate
from ..profile.declared import declared
from ..profile.page_options import PageOptions
from ..report.words import plain
from .flags import JsonOption, parameter_name, with_options
from .messages import calling, replaced
from .page_record import RECORD, blaming, emptied, record, recorded, taken_over, told_taken

if TYPE_CHECKING:
    from ..report.translations import Words
    from ..slates.view import View

#: The files that are for the public, and the one that is not; nor is page.json.
PAGE, TABLE, LIST, REVIEW = "report.html", "statements.csv", "slate-public.json", "review.html"


def check_page(options: PageOptions) -> None:
    """Refuses options that no page can have, whatever the source.

    Raises:
        InputError: the language is not there, or the logo is no picture.
    """
    from ..report.public.logo import data_uri
    from ..report.translations import words

    if options.lang:
        words(options.lang)
    if options.logo is not None:
        data_uri(options.logo)


def checked(options: PageOptions, profile: Profile) -> PageOptions:
    """The options of a page before the work begins, dated today where no date is given.

    Raises:
        InputError: the language is not there, the logo is no picture, or the source has no such statement.
    """
    check_page(options)
    for name in (*options.hidden, *(name for group in options.groups for name in sorted(group))):
        if profile.n_statements and name not in profile.statement_index:
            raise InputError(f"the source has no statement {name!r}; hide or join statements by the ids of the source")
    return dated(options)


def dated(options: PageOptions) -> PageOptions:
    """The options, dated today where no date is given."""
    return options if options.date else replace(options, date=datetime.now(UTC).date().isoformat())


def public_files(folder: Path, slate: Slate, options: PageOptions) -> tuple[dict[Path, str], tuple[str, ...]]:
    """The files for the public, and the ids of statements that were named but stand nowhere on the page.

    Args:
        folder: where they are to be.
        slate: the slate with its audit.
        options: what the page says of itself.
    """
    from ..report.public import render_public
    from ..report.public.page import shown

    there = shown(slate)
    absent = [name for name in options.hidden if name not in there]
    absent += [name for group in options.groups for name in sorted(group) if name not in there]
    kept = tuple(row for row, group in zip(options.same, options.groups, strict=True) if group <= there)
    hidden = tuple(name for name in options.hidden if name in there)
    pages = render_public(slate, replace(options, hidden=hidden, same=kept))
    files = {folder / PAGE: pages.html, folder / TABLE: pages.table, folder / LIST: pages.slate}
    return files, tuple(dict.fromkeys(absent))


def review_file(folder: Path, view: "View", lang: str = "", title: str = "") -> dict[Path, str]:
    """The page for staff."""
    from ..report import render, speech

    return {folder / REVIEW: render(view, speech(view.slate, lang), title)}


def labelled(name: Literal["slate", "proof", "note"], text: str, lang: str) -> str:
    """A line that says where something is."""
    from ..report.translations import words

    return _labels(words(lang))[name] + text


def _labels(w: "Words") -> dict[str, str]:
    """What lines about files begin with, all of one length."""
    names = {
        "slate": w.gettext("slate:"),
        "report": w.gettext("report:"),
        "review": w.gettext("review:"),
        "proof": w.gettext("proof:"),
        "note": w.gettext("note:"),
    }
    width = max(map(len, names.values())) + 1
    return {name: f"{label:<{width}}" for name, label in names.items()}


def told(folder: Path, files: Mapping[Path, str], absent: tuple[str, ...], lang: str = "en") -> list[str]:
    """What was written, and for whom, in lines."""
    from ..report.translations import words

    w = words(lang)
    labels = _labels(w)
    page = w.gettext("%(file)s (to publish; with %(table)s and %(list)s)", file=folder / PAGE, table=TABLE, list=LIST)
    lines = [f"{labels['report']}{page}"]
    if folder / REVIEW in files:
        lines.append(labels["review"] + w.gettext("%(file)s (for you: it names participants)", file=folder / REVIEW))
    if absent:
        lines.append(labels["note"] + w.gettext("stand nowhere on the page: %(ids)s", ids=", ".join(absent)))
    return lines


@with_options
def page_command(
    context: typer.Context,
    slate_file: Annotated[Path, typer.Argument(metavar="SLATE.json", help="The slate.json of a run.")],
    options: PageOptions,
    out: Annotated[Path | None, typer.Option(help="Folder to write into; default: where the slate is.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the page for the public again from slate.json: another title or language, statements hidden or joined.

    What is not given stays as the last page had it (page.json beside it); an empty value resets an option.
    """
    import json

    from ..formats.writing import in_files, writable
    from ..report.public import render_public

    slate = Slate.load(slate_file)
    folder = out if out is not None else slate_file.parent
    last, record_file = recorded(folder, slate_file.parent)
    options, taken = taken_over(emptied(options), last, _given(context))
    options, absent = _still_there(slate, options, taken)
    with calling({"hidden": "--hide"}), blaming(taken, record_file):
        pages = render_public(slate, dated(options))
    files = {folder / PAGE: pages.html, folder / TABLE: pages.table, folder / LIST: pages.slate}
    writable(folder)
    before = set(folder.iterdir())
    in_files({**files, folder / RECORD: record(options)})
    if as_json:
        names = {name: each.flag for name, each in declared(PageOptions).items()}
        body = {
            "written": [str(file) for file in files],
            "replaced": [str(file) for file in files if file in before],
            "taken_over": [names[name] for name in taken],
        }
        typer.echo(json.dumps(body, ensure_ascii=False))
        return
    lines = [*told(folder, files, absent), told_taken(taken, record_file), replaced(files, before)]
    typer.echo("\n".join(plain(line) for line in lines if line))


def _given(context: typer.Context) -> set[str]:
    """The names of the options of the page that stand on the command line, also with an empty value."""
    return {
        name
        for name, each in declared(PageOptions).items()
        if (source := context.get_parameter_source(parameter_name(each))) is not None and source.name != "DEFAULT"
    }


def _still_there(slate: Slate, options: PageOptions, taken: Mapping[str, Any]) -> tuple[PageOptions, tuple[str, ...]]:
    """The options without ids that were taken over and stand nowhere on the page, and these ids.

    Whoever names an id now is told that it is not there; a run may have named more than the slate has.
    """
    from ..report.public.page import shown

    there = shown(slate)
    hidden, rows, absent = options.hidden, options.same, list[str]()
    if "hidden" in taken:
        absent += [name for name in hidden if name not in there]
        hidden = tuple(name for name in hidden if name in there)
    if "same" in taken:
        absent += [name for group in options.groups for name in sorted(group - there)]
        rows = tuple(row for row, group in zip(rows, options.groups, strict=True) if group <= there)
    return replace(options, hidden=hidden, same=rows), tuple(dict.fromkeys(absent))
