"""`folkmoot lottery`: probabilities for one statement, fairly for groups that want different things."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from ..profile.sentences import noted
from ..report.words import plain, shorten
from .flags import JsonOption
from .messages import flagged
from .parts import Progress, Reader

if TYPE_CHECKING:
    from ..slates.lottery import FairLottery

_MOST = 160


def lottery_command(
    reader: Reader,
    rule: Annotated[
        str,
        typer.Option(
            help="max-min (the worst-off group may expect as much as possible), regret (the most that a group misses "
            "is as small as possible), or proportional (statements by the share of people who prefer them to all)."
        ),
    ] = "max-min",
    groups: Annotated[
        str,
        typer.Option(
            help="kinds (opinion groups; of comparisons the kinds of people), or a column that --group-column keeps.",
            metavar="kinds|COLUMN",
        ),
    ] = "kinds",
    strict: Annotated[
        bool, typer.Option("--strict", help="Leave out statements that moderation has not accepted yet.")
    ] = False,
    predict: Annotated[str, typer.Option(help="Model that predicts what people did not answer.")] = "auto",
    seed: Annotated[int, typer.Option(help="Seed of every random choice.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Draw one statement by lot so that groups which want different things are treated fairly."""
    from ..slates.lottery import lottery, rule_of

    if groups != "kinds":
        reader.settings["group_column"] = [
            *(known := reader.settings.get("group_column") or []),
            *([] if groups in known else [groups]),
        ]
    with Progress(quiet=as_json) as progress:
        progress(noted("reading"), 0.0)
        found = lottery(
            reader.read(),
            rule_of(rule),
            groups,
            seed=seed,
            strict=strict,
            predict=predict,
            report=progress,
        )
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
        return
    typer.echo("\n".join(_lines(found)))


def _lines(found: "FairLottery") -> Iterator[str]:
    from ..report.text import wrap

    yield from wrap(f"One statement drawn by lot, rule {found.rule}; groups: {found.how}.")
    yield ""
    yield "  chance"
    for one in found.statements:
        lead = f"  {one.probability:>6.1%}  "
        yield from wrap(lead + shorten(plain(one.text), _MOST), " " * len(lead))
    yield ""
    yield f"  {'group':<20}{'people':>8}{'share':>8}{'may expect':>12}{'at best':>10}{'slate of two':>14}"
    for at, group in enumerate(found.by_group):
        name = plain(group.label) if group.label else "all others"
        mark = "  worst off" if at == found.worst and len(found.by_group) > 1 else ""
        figures = f"{group.expected:>12.2f}{group.best:>10.2f}{group.slate:>14.2f}"
        yield f"  {shorten(name, 19):<20}{group.people:>8,}{group.share:>8.0%}{figures}{mark}"
    yield ""
    yield from wrap(
        "may expect: mean agreement, 0 to 1, with the statement that is drawn; at best: with the one that is best for "
        "the group; slate of two: with the better one of two, for everybody."
    )
    for words in found.warnings:
        yield ""
        yield from wrap(f"Note: {flagged(plain(words))}", "      ")
