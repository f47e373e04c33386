"""The first lines: who is left over and who agrees, is the report complete, and what could not be chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..profile import PENDING, REJECTED, IntArray, Profile, Slate
from ..profile import costs as costs_of
from ..slates.recorded import recorded
from .agreement import assigned
from .counted import excluded, overlapping
from .facts import left_out
from .measured import measured
from .numbers import ENGLISH, sentences
from .translations import Words
from .units import amount


@dataclass(frozen=True)
class Status:
    """Whether the run is complete.

    Args:
        complete: whether nothing is missing.
        line: whether everything was read, and what could not be chosen.
        missing: what is missing, with counts, one clause each.
        people: who is left over, who is assigned to a statement, and who agrees with theirs.
        chosen: whether there is any statement at all.
    """

    complete: bool
    line: str
    missing: tuple[str, ...]
    people: str = ""
    chosen: bool = True

    @property
    def lines(self) -> tuple[str, ...]:
        """Both texts as they are printed: people first, unless the run went wrong or chose nothing."""
        both = (self.people, self.line) if self.complete and self.chosen else (self.line, self.people)
        return tuple(filter(None, both))


def status(slate: Slate, profile: Profile | None = None, w: Words = ENGLISH) -> Status:
    """The completeness line of a slate.

    Args:
        slate: the slate with its record.
        profile: the profile it was chosen from, if available; it distinguishes rejected from pending statements.
        w: the language.
    """
    dropped = left_out(recorded(slate).source.notes)
    missing = [f"{w.recorded(note.what)}: {w.count(note.count)}" for note in dropped]
    entries = sum(note.count for note in dropped)
    failed = recorded(slate).ledger.failed
    if failed:
        missing.append(w.gettext("queries that failed: %(n)s", n=failed))
    if slate.audit is None:
        missing.append(w.gettext("the list was not audited"))
    people = sentences(*assigned(slate, w, measured(slate, profile)))
    chosen = bool(slate.statements)
    unfinished, rest = _unfinished(slate, w), _not_eligible(slate, profile, w)
    first = [*unfinished]
    if not chosen:
        first.append(w.gettext("No statement was chosen: %(why)s.", why=_why_empty(slate, profile, w)))
    if not missing:
        read = [] if unfinished else [w.gettext("All data could be read.")]
        return Status(not unfinished, sentences(*first, *read, *rest), (), people, chosen)
    parts = []
    if entries:
        parts.append(
            w.ngettext(
                "Incomplete: %(n)s entry of the source could not be used.",
                "Incomplete: %(n)s entries of the source could not be used.",
                entries,
            )
        )
    if failed:
        parts.append(w.ngettext("Incomplete: %(n)s query failed.", "Incomplete: %(n)s queries failed.", failed))
    if slate.audit is None:
        parts.append(w.gettext("Incomplete: the list was not audited."))
    return Status(False, sentences(*first, *parts, *rest), tuple(missing), people, chosen)


def _unfinished(slate: Slate, w: Words) -> list[str]:
    """Says that a run was stopped before its end, and why."""
    why = recorded(slate).process.unfinished
    if not why:
        return []
    return [w.gettext("Not finished, what follows was chosen until then: %(why)s.", why=w.recorded(why).rstrip("."))]


def _not_eligible(slate: Slate, profile: Profile | None, w: Words) -> list[str]:
    """What could not be chosen and why, in sentences: by moderation, then by the options of the run."""
    whole, gone = _moderated(slate, profile)
    found = [_kept_out(w, why, number, whole) for why, number in gone if number]
    reasons = [f"{w.count(number)} {why}" for why, number in excluded(slate, w)]
    if reasons:
        listed = w.listed(reasons)
        if overlapping(slate):
            listed += w.gettext(" (one statement can be among several of these)")
        rest = whole - sum(number for _, number in gone)
        if not whole:
            found.append(w.gettext("Of the statements, these could not be chosen: %(reasons)s.", reasons=listed))
        elif found:
            found.append(
                w.gettext(
                    "Of the %(n)s statements left, these could not be chosen: %(reasons)s.", n=rest, reasons=listed
                )
            )
        else:
            found.append(
                w.gettext("Of the %(n)s statements, these could not be chosen: %(reasons)s.", n=rest, reasons=listed)
            )
    return found


def _kept_out(w: Words, why: str, n: int, whole: int) -> str:
    """What moderation kept out."""
    if why == "rejected":
        return w.ngettext(
            "Moderation rejected %(n)s of %(whole)s statements; it could not be chosen.",
            "Moderation rejected %(n)s of %(whole)s statements; they could not be chosen.",
            n,
            whole=whole,
        )
    if why == "pending":
        return w.ngettext(
            "Moderation has not accepted %(n)s of %(whole)s statements yet; it could not be chosen.",
            "Moderation has not accepted %(n)s of %(whole)s statements yet; they could not be chosen.",
            n,
            whole=whole,
        )
    if why == "either":
        return w.ngettext(
            "Moderation rejected or has not accepted yet %(n)s of %(whole)s statements; it could not be chosen.",
            "Moderation rejected or has not accepted yet %(n)s of %(whole)s statements; they could not be chosen.",
            n,
            whole=whole,
        )
    return w.gettext(
        "%(n)s of %(whole)s statements, empty or kept out by moderation, could not be chosen.", n=n, whole=whole
    )


def _moderated(slate: Slate, profile: Profile | None) -> tuple[int, list[tuple[str, int]]]:
    """The number of statements (0: not recorded), and those moderation kept out, as pairs (why, how many)."""
    strict = recorded(slate).process.options.strict
    if profile is not None:
        states = profile.statements.moderation
        if states is None:
            return profile.n_statements, []
        gone = [("rejected", int((states == REJECTED).sum()))]
        if strict:
            gone.append(("pending", int((states == PENDING).sum())))
        return profile.n_statements, gone
    whole, pool, audit = recorded(slate).source.statements, recorded(slate).source.pool, recorded(slate).audit
    if whole is None or pool is None:
        return 0, []
    # The pool is what moderation left, without the statements that have no words.
    wordless = 0 if audit is None else audit.excluded.get("without_words", 0)
    why = "empty" if audit is None else "either" if strict else "rejected"
    return whole, [(why, max(0, whole - pool - wordless))]


def _why_empty(slate: Slate, profile: Profile | None, w: Words) -> str:
    if not slate.n_agents:
        return w.gettext("nobody took part")
    budget = amount(w, slate.budget, slate)
    if profile is None:
        pool = recorded(slate).source.pool
        if pool is not None and any(number >= pool for _, number in excluded(slate)):
            return w.gettext("every statement was excluded")
        return w.gettext(
            "none that could be chosen is within the budget of %(budget)s, or has enough people behind it",
            budget=budget,
        )
    costs = _eligible_costs(slate, profile)
    if not len(costs):
        return w.gettext("every statement was excluded")
    if costs.min() > slate.budget:
        return w.gettext(
            "the budget of %(budget)s is too small for any statement that could be chosen (the cheapest costs "
            "%(cost)s)",
            budget=budget,
            cost=amount(w, int(costs.min()), slate),
        )
    return w.gettext("no statement that could be chosen had enough people behind it")


def _eligible_costs(slate: Slate, profile: Profile) -> IntArray:
    """int64: the costs of the statements that the run's options left to choose from."""
    options = recorded(slate).process.options
    columns = profile.pool(options.strict)
    costs, lengths = costs_of(profile, slate.unit or "words"), costs_of(profile, "words")
    answered = np.bincount(profile.answers.statement, minlength=profile.n_statements)
    if profile.answers.scale.complete:
        answered = np.full(profile.n_statements, profile.n_agents)
    fits = (lengths >= (options.min_length or 0)) & (answered >= (options.min_answers or 0)) & (costs > 0)
    if options.max_length:
        fits &= lengths <= options.max_length
    for name in options.locked_out:
        if name in profile.statement_index:
            fits[profile.statement_index[name]] = False
    eligible: IntArray = costs[columns[fits[columns]]]
    return eligible
