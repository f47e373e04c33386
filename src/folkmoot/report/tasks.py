"""What staff should look at before a slate is published: one sentence each, with what to do, in the order of weight."""

from __future__ import annotations

from dataclasses import dataclass

from ..audits import Audit
from ..audits.records import StatementFigures
from ..profile import Slate
from ..slates.public.order import places
from ..slates.recorded import recorded
from . import agreement, barred
from .facts import Facts
from .measured import Measured, measured
from .money import money
from .numbers import ENGLISH, percent, sentences
from .opening import opening
from .personal_text import personal
from .popular import beside
from .terms import voice
from .translations import Words
from .unchosen import nothing_chosen
from .unwanted import unwanted
from .verdict import LARGE, LIKELY, chance_of

#: Fewer statements leave people who disagree no statement of their own; among fewer people that says little.
FEW, SEVERAL = 3, 20
#: So large a share of those who answered a statement may reject it without being named.
REJECTED = 0.3


@dataclass(frozen=True)
class Task:
    """Something to look at.

    Args:
        words: what it is and what to do, in sentences.
        where: the id of the section of the page that says more; empty: none does.
        grave: whether the slate should not be published before.
    """

    words: str
    where: str = ""
    grave: bool = False


def tasks(slate: Slate, w: Words = ENGLISH, kind: Measured | None = None, facts: Facts | None = None) -> list[Task]:
    """Everything to look at, the gravest first; empty where nothing is.

    Args:
        slate: the slate with its record.
        w: the language.
        kind: what was measured; None: what the slate itself says of it.
        facts: the facts of the view, for a page; None: texts are for the organiser's own terminal.
    """
    kind = kind or measured(slate)
    audit = recorded(slate).audit
    found = [*_left_over(slate, w)]
    if audit is None:
        return found
    if nothing := nothing_chosen(slate, w):
        # Of one statement no smaller budget leaves a choice.
        less = (
            w.gettext("Say so where you publish it, or have a choice made with a smaller `--budget`.")
            if len(slate.statements) > 1
            else w.gettext("Say so where you publish it.")
        )
        found.append(Task(sentences(nothing, less), "slate"))
    found += [
        *_few(slate, w),
        *(Task(words, "slate") for words in money(slate, audit, w)),
        *([Task(words, "slate", grave=True)] if (words := unwanted(slate, audit, w)) else []),
        *_overlooked(slate, audit, w),
        *_worse(slate, w, kind),
        *_thin(slate, audit, w, kind),
    ]
    found += [*_rejected(slate, audit, w, kind), *_pairs(slate, w)]
    if words := agreement.divisive(slate, w):
        found.append(Task(words, "barred" if audit.barred is not None else ""))
    found += [Task(words, "barred") for words in barred.matters(slate, w, facts)]
    return [*found, *_texts(slate, w), *_people(audit, w)]


def _left_over(slate: Slate, w: Words) -> list[Task]:
    left = len(slate.unassigned)
    if not left or not slate.statements:
        return []
    words = w.ngettext(
        "%(n)s participant is assigned to no statement: read what this person said.",
        "%(n)s participants are assigned to no statement: read what they have in common.",
        left,
    )
    if recorded(slate).process.options.no_fill:
        words += " " + w.gettext("Without `--no-fill` nobody is left over as far as the budget allows.")
    return [Task(words, "slate", grave=True)]


def _few(slate: Slate, w: Words) -> list[Task]:
    """A budget of text that holds hardly a statement: how many it holds is seen only when it is spent."""
    number = len(slate.statements)
    if (
        slate.unit not in ("words", "characters")
        or not 0 < number < FEW
        or slate.n_agents < SEVERAL
        or "id" not in slate.process
    ):
        return []
    words = w.ngettext(
        "The budget (%(budget)s) holds only one statement, which has to stand for everybody: without "
        "`--budget` the list has 10 to 15 statements where there are enough.",
        "The budget (%(budget)s) holds only %(n)s statements, so that people who disagree share one: without "
        "`--budget` the list has 10 to 15 statements where there are enough.",
        number,
        budget=slate.budget,
    )
    return [Task(words, "slate")]


def _overlooked(slate: Slate, audit: Audit, w: Words) -> list[Task]:
    record = audit.certificate
    known, predicted = len(record.known.violations), record.completed.violations
    if known and {one.statement for one in record.known.violations} <= set(recorded(slate).process.options.locked_out):
        words = w.ngettext(
            "A large group wants a statement that `--lock-out` left out: say so, and why, where you publish the list.",
            "Large groups want %(n)s statements that `--lock-out` left out: say so, and why, where you publish the "
            "list.",
            known,
        )
        return [Task(words, "certificate", grave=True)]
    if known:
        return [
            Task(
                w.ngettext(
                    "A large group was overlooked, by people's answers alone: read the statement that was left out; "
                    "`--lock-in` puts it in.",
                    "Large groups were overlooked, by people's answers alone: read the %(n)s statements that were left "
                    "out; `--lock-in` puts one in.",
                    known,
                ),
                "certificate",
                grave=True,
            )
        ]
    if predicted:
        return [
            Task(
                w.ngettext(
                    "A large group was overlooked, if predictions are right: read the statement that was left out; "
                    "`--lock-in` puts it in.",
                    "Large groups were overlooked, if predictions are right: read the %(n)s statements that were left "
                    "out; `--lock-in` puts one in.",
                    predicted,
                ),
                "certificate",
                grave=True,
            )
        ]
    chance = chance_of(audit)
    if chance < LARGE:
        return []
    words = w.gettext(
        "The chance that a large group was overlooked is about %(share)s, because many answers are missing: ask people "
        "for more of them before you publish (`folkmoot ask next`), or say so.",
        share=percent(w, chance),
    )
    return [Task(words, "certificate", grave=chance >= LIKELY)]


def _worse(slate: Slate, w: Words, kind: Measured) -> list[Task]:
    worse = [one for one in beside(slate, w, kind) if one.worse]
    if not worse:
        return []
    words = w.gettext(
        "A list of the most popular statements does better in %(figures)s.",
        figures=w.listed([one.name for one in worse]),
    )
    return [Task(sentences(words, *dict.fromkeys(one.advice for one in worse)), "certificate")]


def _numbered(slate: Slate, audit: Audit) -> list[tuple[int, StatementFigures]]:
    """The figures of the statements with the numbers that people read, in their order."""
    figures = audit.per_statement
    return [(number, figures[place]) for number, place in enumerate(places(slate), start=1) if place < len(figures)]


def _thin(slate: Slate, audit: Audit, w: Words, kind: Measured) -> list[Task]:
    thin = [
        str(number)
        for number, one in _numbered(slate, audit)
        if one.people and kind not in ("texts", "comparisons") and agreement.thin(slate, one)
    ]
    if not thin:
        return []
    if not voice(slate).people:
        return [
            Task(
                w.ngettext(
                    "Statement %(numbers)s rests on predictions by more than half: fewer than half of its people were "
                    "scored on it.",
                    "Statements %(numbers)s rest on predictions by more than half: fewer than half of their people "
                    "were scored on them.",
                    len(thin),
                    numbers=w.listed(thin),
                ),
                "slate",
            )
        ]
    return [
        Task(
            w.ngettext(
                "Statement %(numbers)s rests on predictions by more than half: fewer than half of its people have "
                "answered it. Ask them, or say so.",
                "Statements %(numbers)s rest on predictions by more than half: fewer than half of their people have "
                "answered them. Ask them, or say so.",
                len(thin),
                numbers=w.listed(thin),
            ),
            "slate",
        )
    ]


def _rejected(slate: Slate, audit: Audit, w: Words, kind: Measured) -> list[Task]:
    # Who does not approve a statement, or gives it no points, does not reject it.
    if kind not in ("votes", "ratings"):
        return []
    found = [
        w.gettext("%(number)s (%(share)s)", number=number, share=percent(w, one.all_reject / one.all_answered))
        for number, one in _numbered(slate, audit)
        if one.all_answered and one.all_reject >= REJECTED * one.all_answered
    ]
    if not found:
        return []
    if kind == "ratings":
        words = w.ngettext(
            "Many of those who answered put statement %(listed)s below the middle of the scale: expect objections, and "
            "say whom it stands for.",
            "Many of those who answered put statements %(listed)s below the middle of the scale: expect objections, "
            "and say whom they stand for.",
            len(found),
            listed=w.listed(found),
        )
        return [Task(words, "slate")]
    return [
        Task(
            w.ngettext(
                "Many of those who answered it reject statement %(listed)s: expect objections, and say whom it stands "
                "for.",
                "Many of those who answered them reject statements %(listed)s: expect objections, and say whom they "
                "stand for.",
                len(found),
                listed=w.listed(found),
            ),
            "slate",
        )
    ]


def _pairs(slate: Slate, w: Words) -> list[Task]:
    """Near-duplicates, which only a reader can confirm."""
    numbers, pairs = [], 0
    for number, place in enumerate(places(slate), start=1):
        if found := len(barred.wordings(slate, slate.statements[place].id)):
            numbers.append(str(number))
            pairs += found
    if not pairs:
        return []
    words = w.ngettext(
        "%(n)s statement was set aside because one on the list says nearly the same (see statement %(numbers)s). Read "
        "both: `--same` confirms the pair for the page that is published; if they differ, `--keep-duplicates` lets "
        "both be chosen.",
        "%(n)s statements were set aside because one on the list says nearly the same (see statements %(numbers)s). "
        "Read each pair: `--same` confirms it for the page that is published; if one differs, `--keep-duplicates` lets "
        "both be chosen.",
        pairs,
        numbers=w.listed(numbers),
    )
    return [Task(words, "slate")]


def _texts(slate: Slate, w: Words) -> list[Task]:
    record, found = recorded(slate), []
    if words := personal(slate, w):
        found.append(Task(words, "slate", grave=True))
    if words := opening(slate, w):
        found.append(Task(words))
    if edited := sum(1 for one in slate.statements if one.original):
        found.append(
            Task(
                w.ngettext(
                    "%(n)s statement stands in your words, not in those that people saw: say so where you publish it.",
                    "%(n)s statements stand in your words, not in those that people saw: say so where you publish "
                    "them.",
                    edited,
                ),
                "slate",
            )
        )
    if suspicious := len(record.engine.quarantine):
        found.append(
            Task(
                w.ngettext(
                    "%(n)s text looks as if it was meant for the language model: read it.",
                    "%(n)s texts look as if they were meant for the language model: read them.",
                    suspicious,
                ),
                "model",
            )
        )
    audit = record.audit
    if audit is not None and audit.answers is not None and audit.answers.not_formed:
        found.append(
            Task(
                w.ngettext(
                    "On %(n)s statement few people hold an opinion yet: inform or deliberate before you use it.",
                    "On %(n)s statements few people hold an opinion yet: inform or deliberate before you use them.",
                    len(audit.answers.not_formed),
                ),
                "answers",
            )
        )
    return found


def _people(audit: Audit, w: Words) -> list[Task]:
    if not audit.least:
        return []
    return [
        Task(
            w.ngettext(
                "Read what the person said whom this list serves worst.",
                "Read what the %(n)s people said whom this list serves worst: if they have something in common, the "
                "list is missing it.",
                len(audit.least),
            ),
            "least",
        )
    ]
