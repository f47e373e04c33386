"""`folkmoot lottery`: probabilities for one statement, fairly for groups that want different things."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from ..profile.sentences import noted
from .first_run import source_words
from .flags import JsonOption, LanguageOption
from .messages import flagged
from .parts import Progress, Reader


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
    lang: LanguageOption = "",
    as_json: JsonOption = False,
) -> None:
    """Draw one statement by lot so that groups which want different things are treated fairly."""
    from ..report.lottery_text import lottery_text
    from ..slates.lottery import lottery, rule_of

    if groups != "kinds":
        reader.settings["group_column"] = [
            *(known := reader.settings.get("group_column") or []),
            *([] if groups in known else [groups]),
        ]
    with Progress(quiet=as_json, lang=lang) as progress:
        progress(noted("reading"), 0.0)
        profile = reader.read()
        w = source_words(profile, lang)
        progress.lang = w.code
        found = lottery(
            profile,
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
    typer.echo(lottery_text(found, w, flagged))
