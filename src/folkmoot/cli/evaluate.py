"""`folkmoot audit --evaluate` and `folkmoot compare`: slates judged by a model that had no part in choosing them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..llm.account import Account
from ..profile import InputError, Slate
from ..profile.declared import Option, changed, check
from ..profile.options import LANGUAGE_MODEL
from ..profile.sentences import noted
from ..report.words import count, plain, some
from .flags import JsonOption
from .llm import ModelOptions, agreed, answering
from .parts import Progress, Reader

if TYPE_CHECKING:
    from ..slates.evaluated import Difference, Evaluation

_LEDGER = ".evaluation.sqlite"


@dataclass(frozen=True)
class EvaluatorOptions:
    """The options of the evaluator, besides those of the model that it asks."""

    evaluate: Annotated[
        bool,
        Option(
            "Have the slate judged by a language model that had no part in choosing it: a score of 1 to 6 for "
            "everybody's statement, kept beside SLATE.json.",
            LANGUAGE_MODEL,
        ),
    ] = False
    rivals: Annotated[
        int,
        Option(
            "Other statements, drawn at random, that the evaluator holds the slate against; 100 as published, each "
            "with a call for everybody; 0: none.",
            LANGUAGE_MODEL,
            minimum=0,
        ),
    ] = 0

    def __post_init__(self) -> None:
        check(self)

    def refuse(self, wanted: ModelOptions) -> None:
        """Refuses options of the evaluator where it is not asked.

        Raises:
            InputError: there are some.
        """
        if self.evaluate:
            return
        for each in [*changed(self, EvaluatorOptions()), *changed(wanted, ModelOptions())]:
            raise InputError(f"{each.flag} is for --evaluate; add that, or leave it out")


def evaluate(
    reader: Reader, slate_file: Path, how: EvaluatorOptions, wanted: ModelOptions, others: Sequence[str], as_json: bool
) -> None:
    """Judges a slate and prints what came of it.

    Args:
        reader: the source.
        slate_file: the slate.
        how: the options of the evaluator.
        wanted: the options of its model.
        others: flags that were given and have no use with the evaluator.
        as_json: whether to print JSON.
    """
    from ..formats.writing import in_files, writable
    from ..slates.evaluated import SUFFIX, evaluated

    if others:
        raise InputError(f"{others[0]} has no use with --evaluate, which asks another model; leave one of them out")
    with Progress(quiet=as_json) as progress:
        progress(noted("reading"), 0.0)
        slate, profile = Slate.load(slate_file), reader.read()
        ledger, kept = slate_file.with_suffix(_LEDGER), slate_file.with_suffix(SUFFIX)

        def ask(model: Account) -> object:
            return evaluated(profile, slate, model, rivals=how.rivals, seed=slate.seed)

        estimate = agreed(wanted, profile.n_agents, ask, ledger, progress)
        if wanted.dry_run:
            if as_json:
                typer.echo(json.dumps(asdict(estimate) if estimate else {}, default=str))
            return
        writable(slate_file.parent)
        progress(noted("asking the evaluator"), 0.0)
        with answering(wanted, ledger, progress) as (account, _):
            found = evaluated(profile, slate, account, rivals=how.rivals, seed=slate.seed)
            cost = account.cost
        in_files({kept: found.to_json()})
    if as_json:
        typer.echo(found.to_json(), nl=False)
        return
    for line in told(found, slate):
        typer.echo(plain(line))
    typer.echo(f"kept:     {kept}; compare it with another slate's: folkmoot compare {slate_file} OTHER.json")
    typer.echo(f"model:    {some(account.calls, 'answer')}, {'price unknown' if cost is None else f'cost {cost:,.4f}'}")


def told(found: "Evaluation", slate: Slate) -> list[str]:
    """What an evaluation found, in lines."""
    lines = [
        f"evaluator: {found.model or 'a language model'} ({found.query}), which estimates from what people wrote how "
        "much of it their statement says, from 1 to 6; it asked nobody",
        f"mean {found.mean:.2f}, first quartile {found.q1:.2f}, over {some(found.people, 'person', 'people')}",
    ]
    if found.model and found.model == slate.engine.get("model"):
        lines.append("WARNING: the same model wrote the slate, so this judgement of it is not independent")
    if found.mapping == "best":
        lines.append(
            "the slate does not say whom its statements represent: the best assignment by these scores was taken"
        )
    if found.unrepresented:
        lines.append(f"{some(found.unrepresented, 'person', 'people')} without a statement count with the lowest score")
    if found.silent:
        lines.append(f"{some(found.silent, 'person', 'people')} wrote nothing and are left out")
    if found.missing:
        lines.append(f"of {count(found.missing)} there is no readable score; they are left out")
    for one in found.statements:
        mean = "-" if one["mean"] is None else f"{one['mean']:.2f}"
        lines.append(f"  {mean:>5}  {some(one['people'], 'person', 'people'):>12}  {one['text']}")
    if found.violating is not None:
        lines.append(
            f"{count(found.violating)} of {count(found.rivals)} other statements, drawn from {count(found.pool)}, are "
            f"preferred by a group large enough for them (cBJR): {found.violating / found.rivals:.0%}"
        )
    return lines


def compare_command(
    first: Annotated[Path, typer.Argument(metavar="A", help="A slate that was evaluated: slate.json or its folder.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="Another one.")],
    as_json: JsonOption = False,
) -> None:
    """Compare two slates by an evaluator's scores (audit --evaluate): means, quartiles, Welch's t-test."""
    from ..slates.evaluated import compared, read_evaluation

    found = compared(read_evaluation(first), read_evaluation(second))
    typer.echo(json.dumps(asdict(found), indent=1) if as_json else _compared(found))


def _compared(found: "Difference") -> str:
    lines = []
    for name, (mean, quartile, people) in (("A", found.first), ("B", found.second)):
        lines.append(f"{name}: mean {mean:.2f}, first quartile {quartile:.2f}, {some(people, 'person', 'people')}")
    p = "not defined: nobody's scores differ" if found.p is None else f"p = {found.p:.2g}"
    lines.append(f"A less B: {found.difference:+.2f}; Welch's t-test, two-sided: {p}")
    if not found.same_evaluator:
        lines.append("WARNING: the two were judged by different models or prompts, so their scores are not comparable.")
    if not found.same_people:
        lines.append("WARNING: the two were judged for different people.")
    return "\n".join(lines)
