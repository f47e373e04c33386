"""Where a slate is better and where it is worse than a list of the most popular statements, and what to do then."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from ..audits import Audit
from ..profile import Options, Slate
from ..slates.recorded import recorded
from .agreement import ROBUST, total
from .measured import Measured, measured
from .numbers import ENGLISH, percent, sentences
from .translations import Words
from .unchosen import unchosen

#: Shares that differ by less are about equal.
ABOUT_EQUAL = 0.005


@dataclass(frozen=True)
class Beside:
    """One figure of the slate beside that of the most popular statements.

    Args:
        name: what is compared, with both values.
        better: by how much the slate is better, as a share; negative: it is worse.
        advice: what to do where it is worse.
        slack: differences that are smaller say nothing.
    """

    name: str
    better: float
    advice: str
    slack: float = ABOUT_EQUAL

    @property
    def worse(self) -> bool:
        """Whether the most popular statements do better."""
        return self.better <= -self.slack

    @property
    def equal(self) -> bool:
        """Whether both are about equal."""
        return abs(self.better) < self.slack


def popular(slate: Slate, w: Words = ENGLISH, kind: Measured | None = None) -> str:
    """Where the slate is better and worse than the most popular statements, with what to do; empty without those.

    Args:
        slate: the audited slate.
        w: the language.
        kind: what was measured; None: what the slate itself says of it.
    """
    if _same(slate) and not unchosen(slate):
        return w.gettext("This list is the same as an equally long list of the most popular statements.")
    compared = beside(slate, w, kind)
    if not compared or unchosen(slate):
        return ""
    better = [one.name for one in compared if not (one.equal or one.worse)]
    worse = [one.name for one in compared if one.worse]
    equal = [one.name for one in compared if one.equal]
    found = []
    if better:
        found.append(
            w.gettext(
                "Compared with an equally long list of the most popular statements, this list is better in "
                "%(figures)s.",
                figures=w.listed(better),
            )
        )
    if worse:
        listed = w.listed(worse)
        found.append(
            w.gettext("It is worse in %(figures)s.", figures=listed)
            if found
            else w.gettext(
                "Compared with an equally long list of the most popular statements, this list is worse in %(figures)s.",
                figures=listed,
            )
        )
    if equal:
        listed = w.listed(equal)
        found.append(
            w.gettext("It is about equal in %(figures)s.", figures=listed)
            if found
            else w.gettext(
                "Compared with an equally long list of the most popular statements, this list is about equal in "
                "%(figures)s.",
                figures=listed,
            )
        )
    return sentences(*found, *dict.fromkeys(one.advice for one in compared if one.worse))


def beside(slate: Slate, w: Words = ENGLISH, kind: Measured | None = None) -> list[Beside]:
    """Every figure that is printed of both lists; none where there is no other list, or it is the same.

    Args:
        slate: the audited slate.
        w: the language.
        kind: what was measured; None: what the slate itself says of it.
    """
    record = recorded(slate)
    audit = record.audit
    if audit is None or record.process.id == "popular" or _same(slate):
        return []
    kind = kind or measured(slate)
    return [*_agreements(slate, audit, w, kind), *_draws(slate, audit, w, kind)]


def _same(slate: Slate) -> bool:
    """Whether the statements are the most popular ones: then only who is assigned to which differs."""
    audit = recorded(slate).audit
    other = None if audit is None or audit.public is None else audit.public.popular
    return other is not None and other.same


def _agreements(slate: Slate, audit: Audit, w: Words, kind: Measured) -> list[Beside]:
    ours, theirs = audit.agreement, audit.popular
    if ours is None or theirs is None:
        return []
    whole = total(audit, ours) or 1.0
    more = _more_agreement(slate, w, kind)
    values = {"mine": ours.agreed, "other": theirs.agreed}
    found = [Beside(_agreed(w, kind, values), (ours.agreed - theirs.agreed) / whole, more)]
    if ours.voted != ours.assigned or theirs.voted != theirs.assigned:
        mine, other = round(ours.expected), round(theirs.expected)
        name = w.gettext("agreement expected in all (%(mine)s against %(other)s)", mine=mine, other=other)
        found.append(Beside(name, (mine - other) / whole, more))
    mine, other = round(whole) - ours.assigned, round(whole) - theirs.assigned
    if mine != other:
        # One person left over is one too many: here nothing is about equal.
        name = w.gettext("people left over (%(mine)s against %(other)s)", mine=mine, other=other)
        found.append(Beside(name, 1.0 if mine < other else -1.0, _seats(slate, w, kind)))
    return found


def _agreed(w: Words, kind: Measured, values: dict[str, int]) -> str:
    if kind == "scores":
        return w.gettext("agreement by the model's scores (%(mine)s against %(other)s)", **values)
    if kind == "votes":
        return w.gettext("agreement by own votes (%(mine)s against %(other)s)", **values)
    return w.gettext("agreement by own answers (%(mine)s against %(other)s)", **values)


def _draws(slate: Slate, audit: Audit, w: Words, kind: Measured) -> list[Beside]:
    draws = audit.certificate.draws
    if draws is None or "popular" not in draws or "slate" not in draws:
        return []
    ours, theirs = draws["slate"], draws["popular"]
    mine, other = ours.violated, theirs.violated
    name = w.gettext(
        "the chance that a large enough group was overlooked (%(mine)s against %(other)s)",
        mine=percent(w, mine),
        other=percent(w, other),
    )
    # Two standard errors of the difference: a draw or two more of a hundred are chance.
    error = sqrt(sum(share * (1 - share) / one.draws for one, share in ((ours, mine), (theirs, other))))
    return [Beside(name, other - mine, _fewer_groups(slate, w, kind), max(ABOUT_EQUAL, 2 * error))]


def _seats(slate: Slate, w: Words, kind: Measured) -> str:
    if kind == "scores":
        return ""
    if recorded(slate).process.options.no_fill:
        return w.gettext("Without `--no-fill` nobody is left over as far as the budget allows.")
    return w.gettext("To leave fewer people over, try the default process, or `--process popular`.")


def _more_agreement(slate: Slate, w: Words, kind: Measured) -> str:
    process = recorded(slate).process
    if kind == "scores":
        return ""
    if process.id != ROBUST:
        return w.gettext("If agreement matters more to you, try the default process, or `--process popular`.")
    weight = process.options.consensus
    if weight == Options().consensus:
        return w.gettext(
            "If agreement matters more to you, try `--consensus %(weight)s`, or `--process popular`.",
            weight=f"{weight + 1:g}",
        )
    return w.gettext(
        "If agreement matters more to you, try `--consensus %(weight)s`, or `--process popular` without `--consensus`.",
        weight=f"{weight + 1:g}",
    )


def _fewer_groups(slate: Slate, w: Words, kind: Measured) -> str:
    process = recorded(slate).process
    if kind == "scores":
        return ""
    if process.id != ROBUST:
        return w.gettext("If large groups matter more to you, try the default process, or `--process popular`.")
    weight = process.options.consensus
    if weight == Options().consensus:
        return w.gettext("If large groups matter more to you, try `--consensus 0`, or `--process popular`.")
    if weight > 0:
        return w.gettext(
            "If large groups matter more to you, try `--consensus 0`, or `--process popular` without `--consensus`."
        )
    return w.gettext("If large groups matter more to you, try `--process popular` without `--consensus`.")
