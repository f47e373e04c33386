"""Who is assigned to a statement, who agrees with theirs, and how a list of the most popular ones does: in sentences.

Being assigned and agreeing are two figures; only who agrees is represented.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..audits import Audit
from ..audits.agreement import Agreement
from ..audits.records import StatementFigures
from ..profile import Options, Slate
from ..slates.recorded import recorded
from .words import MODEL, PEOPLE, count, of, percent, plain, voice

#: Shares that differ by less are about equal.
ABOUT_EQUAL = 0.005
#: The process with a weight for what many agree with.
ROBUST = "robust"
#: The mark of a seat that rests on predictions by more than half.
PREDICTED = "*"


def assigned(slate: Slate) -> list[str]:
    """Who is left over, then who is assigned to a statement and how many of these agree with theirs.

    Args:
        slate: the slate with its record.
    """
    left, n = _left_over(slate)
    if not n:
        return []
    words = []
    if left:
        one = left == 1
        words.append(
            f"{of(left, n)} participants {'is' if one else 'are'} assigned to no statement; every figure below on who "
            f"agrees and on large groups is about {'this person' if one else 'them'} too."
        )
    if left == n:
        return words
    words.append(f"{_assigned(n - left, n)}; {_agree(slate)}.")
    return words


def _left_over(slate: Slate) -> tuple[int, int]:
    """How many are left over, and of how many; a slate that names nobody has the assignment of its audit."""
    audit = recorded(slate).audit
    named = slate.unassigned or any(statement.agents for statement in slate.statements)
    if named or not slate.statements or audit is None or audit.agreement is None:
        return len(slate.unassigned), slate.n_agents
    total = round(_total(audit, audit.agreement))
    return total - audit.agreement.assigned, total


def _assigned(people: int, n: int) -> str:
    if people == n:
        return (
            "The one participant is assigned to a statement"
            if n == 1
            else (f"Each of {count(n)} participants is assigned to a statement")
        )
    return f"{of(people, n)} participants {'is' if people == 1 else 'are'} assigned to a statement"


def _agree(slate: Slate) -> str:
    """How many agree with theirs, as a clause; in weight where people have weights."""
    audit = recorded(slate).audit
    if audit is None:
        return "how many agree with theirs was not counted"
    figures = audit.agreement
    if figures is None:
        if _similar(slate, audit):
            return "nobody was asked whether they agree with theirs"
        return "how many agree with theirs was not counted"
    says, total = voice(slate), _total(audit, figures)
    part = percent(figures.agreed / total) if total else "0%"
    weight = " of the weight" if recorded(slate).source.weighted else ""
    share = f"{count(figures.agreed)} ({part}){weight}"
    agree = "agrees" if weight or figures.agreed == 1 else "agree"
    own = f"{_answer(slate)}{'' if says is PEOPLE else ', counted by its weight'}"
    words, otherwise, unsaid = (
        f"{share} {agree} with theirs by their own {own}",
        "did not agree when asked",
        "who have not answered theirs",
    )
    if says is MODEL:
        words = f"by the language model's scores {share} {agree} with theirs"
        otherwise, unsaid = "scored otherwise", "for whom it was not asked about theirs"
    against, silent = figures.voted - figures.agreed, figures.assigned - figures.voted
    if against:
        words += f", {count(against)} {otherwise}"
    if silent:
        expected = round(figures.expected - figures.agreed)
        words += (
            f", and of the {count(silent)} {unsaid} about {count(expected)} {'is' if expected == 1 else 'are'} "
            "expected to agree"
        )
    return words


def _similar(slate: Slate, audit: Audit) -> bool:
    """Whether nobody answered anything, so that utilities are similarities of texts."""
    return recorded(slate).source.answers == 0 and not audit.certificate.known.answered


def _answer(slate: Slate) -> str:
    return "vote" if recorded(slate).source.format == "polis" else "answer"


def verb(slate: Slate) -> str:
    """What people did who said what they think of a statement.

    Args:
        slate: the slate with its record.
    """
    return "voted" if _answer(slate) == "vote" else "answered"


def edited(slate: Slate) -> str:
    """The words before the wording of the source, where a statement is published in the organiser's.

    Args:
        slate: the slate with its record.
    """
    if recorded(slate).source.answers == 0:
        return "edited by the organiser; the source says"
    return f"edited by the organiser; people {'voted on' if _answer(slate) == 'vote' else 'answered'}"


def _total(audit: Audit, figures: Agreement) -> float:
    """The mass of everybody, whether assigned or not."""
    share = audit.utility.represented
    return figures.assigned / share if share else float(figures.assigned)


@dataclass(frozen=True)
class _Beside:
    """One figure of the slate beside that of the most popular statements.

    Args:
        name: what is compared, with both values.
        better: by how much the slate is better, as a share; negative: it is worse.
        advice: what to do where it is worse.
    """

    name: str
    better: float
    advice: str


def popular(slate: Slate) -> str:
    """Where the slate is better and worse than the most popular statements, with what to do; empty without those.

    Args:
        slate: the audited slate.
    """
    record = recorded(slate)
    audit = record.audit
    if audit is None or record.process.id == "popular":
        return ""
    compared = _compared(slate, audit)
    if not compared:
        return ""
    better = [one.name for one in compared if one.better >= ABOUT_EQUAL]
    worse = [one.name for one in compared if one.better <= -ABOUT_EQUAL]
    lead = "Compared with an equally long list of the most popular statements, this slate is"
    if not better and not worse:
        return f"{lead} about equal in {_listed([one.name for one in compared])}."
    kinds = [f"{kind} in {_listed(names)}" for kind, names in (("better", better), ("worse", worse)) if names]
    equal = [one.name for one in compared if abs(one.better) < ABOUT_EQUAL]
    if equal:
        kinds.append(f"about equal in {_listed(equal)}")
    words = f"{lead} {'; '.join(kinds)}."
    advice = dict.fromkeys(one.advice for one in compared if one.better <= -ABOUT_EQUAL)
    return " ".join(filter(None, [words, *advice]))


def _compared(slate: Slate, audit: Audit) -> list[_Beside]:
    ours, theirs, draws = audit.agreement, audit.popular, audit.certificate.draws
    found = []
    if ours is not None and theirs is not None:
        total = _total(audit, ours) or 1.0
        more = _more_agreement(slate)
        judged = voice(slate) is MODEL
        rows = [
            (
                "agreement by the model's scores" if judged else f"agreement by own {_answer(slate)}s",
                ours.agreed,
                theirs.agreed,
            ),
            ("agreement expected in all", round(ours.expected), round(theirs.expected)),
        ]
        if ours.voted == ours.assigned and theirs.voted == theirs.assigned:
            rows = rows[:1]
        for name, mine, other in rows:
            found.append(_Beside(f"{name} ({count(mine)} against {count(other)})", (mine - other) / total, more))
        mine, other = round(total) - ours.assigned, round(total) - theirs.assigned
        if mine != other:
            # One person left over is one too many: here nothing is about equal.
            better = 1.0 if mine < other else -1.0
            found.append(_Beside(f"people left over ({count(mine)} against {count(other)})", better, _seats(slate)))
    if draws is not None and "popular" in draws and "slate" in draws:
        mine_share, other_share = draws["slate"].violated, draws["popular"].violated
        found.append(
            _Beside(
                "random draws in which a large enough group is left out "
                f"({percent(mine_share)} against {percent(other_share)})",
                other_share - mine_share,
                _fewer_groups(slate),
            )
        )
    return found


def _seats(slate: Slate) -> str:
    if voice(slate) is MODEL:
        return ""
    if recorded(slate).process.options.no_fill:
        return "Without `--no-fill` nobody is left over as far as the budget allows."
    return "To leave fewer people over, try the default process, or `--process popular`."


def _more_agreement(slate: Slate) -> str:
    record = recorded(slate)
    if voice(slate) is MODEL:
        return ""
    lead = "If agreement matters more to you, try"
    if record.process.id != ROBUST:
        return f"{lead} the default process, or `--process popular`."
    weight = record.process.options.consensus
    return f"{lead} `--consensus {weight + 1:g}`, or {_popular_instead(weight)}."


def _fewer_groups(slate: Slate) -> str:
    record = recorded(slate)
    if voice(slate) is MODEL:
        return ""
    lead = "If large groups matter more to you, try"
    if record.process.id != ROBUST:
        return f"{lead} the default process, or `--process popular`."
    weight = record.process.options.consensus
    if weight > 0:
        return f"{lead} `--consensus 0`, or {_popular_instead(weight)}."
    return f"{lead} {_popular_instead(weight)}."


def _popular_instead(weight: float) -> str:
    """The other process, which has no use for the weight where one was given."""
    return "`--process popular`" if weight == Options().consensus else "`--process popular` without `--consensus`"


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def divisive(slate: Slate) -> str:
    """How many statements that some want and most do not did not make it, and the largest; empty without any.

    Args:
        slate: the audited slate.
    """
    record = recorded(slate)
    audit = record.audit
    if audit is None or audit.divisive is None or not audit.divisive.count:
        return ""
    one = audit.divisive
    who = "agree" if audit.certificate.known.answered >= 1 else "agree or are expected to agree"
    named = f"[{plain(one.id)}] “{plain(one.text)}” ({percent(one.agree)})"
    if one.count == 1:
        words = (
            f"1 statement that could be chosen did not make it although enough people for a place in the slate {who} "
            f"with it: {named}. It divides people: at least a third of its voters are for it and a third against."
        )
    else:
        words = (
            f"{count(one.count)} statements that could be chosen did not make it although enough people for a place in "
            f"the slate {who} with each. They divide people: at least a third of their voters are for them and a third "
            f"against. The largest is {named}."
        )
    if record.process.id == ROBUST and record.process.options.consensus > 0:
        words += " `--consensus 0` gives large divided groups statements of their own."
    return words


def thin(slate: Slate, figures: StatementFigures) -> bool:
    """Whether a statement's seat rests on predictions by more than half.

    Args:
        slate: the audited slate.
        figures: those of the statement.
    """
    audit = recorded(slate).audit
    if audit is None or audit.certificate.known.answered >= 1 or _similar(slate, audit):
        return False
    return 2 * figures.answered < figures.people
