"""`folkmoot dialogue`: two parties, each with what they hold true, talk about a claim until nobody has more to say."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..profile import InputError
from ..report.words import plain
from .flags import JsonOption

if TYPE_CHECKING:
    from ..audits.reconcile import Clause, Turn

_NOT, _OR = "not ", " or "


def dialogue_command(
    explainer: Annotated[Path, typer.Argument(metavar="EXPLAINER", help="What the one who claims something holds.")],
    asker: Annotated[Path, typer.Argument(metavar="ASKER", help="What the one who asks holds.")],
    claim: Annotated[str, typer.Option(help="What the asker asks about, like 'not cars' or 'trees or parks'.")],
    as_json: JsonOption = False,
) -> None:
    """Let two parties talk about a claim: who says what, where they agree to disagree, and what the asker gives up.

    A file has a sentence a line that its party holds true: words, "not" before what is false, "or" between; an
    implication "if a then b" is "not a or b". Lines that begin with # are left out.
    """
    from ..audits.reconcile import consistent, dialogue, understanding

    numbers: dict[str, int] = {}
    one, other = _held(explainer, numbers), _held(asker, numbers)
    wanted = _clause(claim, numbers)
    for path, held in ((explainer, one), (asker, other)):
        if not consistent(held):
            raise InputError("its sentences contradict each other; take out one of those that do", file=path)
    if consistent([*one, *((-x,) for x in wanted)]):
        raise InputError(f"what it says does not make {claim.strip()!r} true; add what makes it true", file=explainer)
    found = dialogue(one, other, wanted)
    words = {number: name for name, number in numbers.items()}
    before, after = understanding(one, other), understanding(one, found.revised)
    if as_json:
        body = {
            "turns": [
                {
                    "speaker": turn.speaker,
                    "act": turn.act,
                    "about": _said(turn.clause, words),
                    "because": _all(turn, words),
                }
                for turn in found.turns
            ],
            "agreed_to_disagree": [_said(clause, words) for clause in found.disagreements],
            "given_up": [_said(clause, words) for clause in found.retracted],
            "asker_holds": [_said(clause, words) for clause in found.revised],
            "understanding": {"before": before, "after": after},
        }
        typer.echo(json.dumps(body, ensure_ascii=False, indent=1))
        return
    who = {"agent": "explainer", "human": "asker"}
    for turn in found.turns:
        about = f": {plain(_said(turn.clause, words))}" if turn.clause else ""
        because = f"\n  because {plain('; '.join(_all(turn, words)))}" if turn.argument else ""
        typer.echo(f"{who.get(turn.speaker, turn.speaker)}, {turn.act}{about}{because}")
    typer.echo("")
    typer.echo(f"The asker gives up: {plain('; '.join(_said(one, words) for one in found.retracted)) or 'nothing'}.")
    if found.disagreements:
        typer.echo(f"They agree to disagree on: {plain('; '.join(_said(one, words) for one in found.disagreements))}.")
    typer.echo(f"How alike they see it, 0 to 1: {before:.2f} before, {after:.2f} after.")


def _held(path: Path, numbers: dict[str, int]) -> list["Clause"]:
    """What a party holds true.

    Raises:
        InputError: the file cannot be read, says nothing, or has a line that is no sentence.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({error}); give a text file with a sentence a line", file=path) from None
    kept = [
        (row, line) for row, line in enumerate(lines, start=1) if line.strip() and not line.lstrip().startswith("#")
    ]
    if not kept:
        raise InputError("says nothing; write a sentence a line, like: not cars or parking", file=path)
    found = []
    for row, line in kept:
        try:
            found.append(_clause(line, numbers))
        except InputError as error:
            raise InputError(str(error), file=path, row=row) from None
    return found


def _clause(text: str, numbers: dict[str, int]) -> "Clause":
    """A sentence as a clause; every new word gets the next number.

    Raises:
        InputError: something is missing beside an "or" or a "not".
    """
    literals = []
    for part in f" {' '.join(text.lower().split())} ".split(_OR):
        word, sign = part.strip(), 1
        while f"{word} ".startswith(_NOT):
            word, sign = word[len(_NOT) :].strip(), -sign
        if not word:
            raise InputError(f"{text.strip()!r} is no sentence: something is missing beside 'or' or 'not'")
        literals.append(sign * numbers.setdefault(word, len(numbers) + 1))
    return tuple(literals)


def _said(clause: "Clause", words: Mapping[int, str]) -> str:
    return _OR.join(words[x] if x > 0 else f"{_NOT}{words[-x]}" for x in clause)


def _all(turn: "Turn", words: Mapping[int, str]) -> list[str]:
    return [_said(clause, words) for clause in turn.argument]
