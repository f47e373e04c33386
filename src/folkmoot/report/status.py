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
from .words import UNITS, count, some


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


def status(slate: Slate, profile: Profile | None = None) -> Status:
    """The completeness line of a slate.

    Args:
        slate: the slate with its record.
        profile: the profile it was chosen from, if available; it distinguishes rejected from pending statements.
    """
    dropped = left_out(recorded(slate).source.notes)
    missing = [f"{note.what}: {count(note.count)}" for note in dropped]
    entries = sum(note.count for note in dropped)
    failed = recorded(slate).ledger.failed
    if failed:
        missing.append(f"queries that failed: {count(failed)}")
    if slate.audit is None:
        missing.append("the slate was not audited")
    rest, people, chosen = _not_eligible(slate, profile), " ".join(assigned(slate)), bool(slate.statements)
    first = _unfinished(slate)
    first += [] if slate.statements else [f"No statement was chosen: {_why_empty(slate, profile)}."]
    if not missing and not _unfinished(slate):
        return Status(
            True, " ".join([*first, "Complete: every entry of the source was read.", *rest]), (), people, chosen
        )
    if not missing:
        return Status(False, " ".join([*first, *rest]), (), people, chosen)
    parts = []
    if entries:
        parts.append(f"{some(entries, 'entry', 'entries')} of the source could not be used")
    if failed:
        parts.append(f"{some(failed, 'query', 'queries')} failed")
    if slate.audit is None:
        parts.append("the slate was not audited")
    words = " ".join([*first, f"Incomplete: {'; '.join(parts)}.", *rest])
    return Status(False, words, tuple(missing), people, chosen)


def _unfinished(slate: Slate) -> list[str]:
    """Says that a run was stopped before its end, and why."""
    why = recorded(slate).process.unfinished
    return [f"Not finished, what follows was chosen until then: {why.rstrip('.')}."] if why else []


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _not_eligible(slate: Slate, profile: Profile | None) -> list[str]:
    """What could not be chosen and why, in sentences: by moderation, then by the options of the run."""
    total, gone = _moderated(slate, profile)
    words = [
        f"{count(number)} of {some(total, 'statement')} {_were(number)} {why} and could not be chosen."
        for why, number in gone
        if number
    ]
    reasons = [f"{count(number)} {why}" for why, number in excluded(slate)]
    if reasons:
        rest = total - sum(number for _, number in gone)
        lead = f"Of the {some(rest, 'statement')} {'left ' if words else ''}".rstrip() if total else "Of the statements"
        twice = " (one statement can be among several of these)" if overlapping(slate) else ""
        words.append(f"{lead}, these could not be chosen: {', '.join(reasons)}{twice}.")
    return words


def _moderated(slate: Slate, profile: Profile | None) -> tuple[int, list[tuple[str, int]]]:
    """The number of statements (0: not recorded), and those moderation kept out, as pairs (why, how many)."""
    strict = recorded(slate).process.options.strict
    if profile is not None:
        states = profile.statements.moderation
        if states is None:
            return profile.n_statements, []
        gone = [("rejected by moderation", int((states == REJECTED).sum()))]
        if strict:
            gone.append(("not accepted by moderation yet", int((states == PENDING).sum())))
        return profile.n_statements, gone
    total, pool, audit = recorded(slate).source.statements, recorded(slate).source.pool, recorded(slate).audit
    if total is None or pool is None:
        return 0, []
    # The pool is what moderation left, without the statements that have no words.
    wordless = 0 if audit is None else audit.excluded.get("without_words", 0)
    why = "rejected by moderation"
    if strict:
        why = "rejected or not accepted yet by moderation"
    if audit is None:
        why += ", or empty,"
    return total, [(why, max(0, total - pool - wordless))]


def _why_empty(slate: Slate, profile: Profile | None) -> str:
    unit = UNITS.get(slate.unit, slate.unit)
    budget = f"the budget of {some(slate.budget, unit)}"
    if not slate.n_agents:
        return "there is nobody to represent"
    if profile is None:
        pool = recorded(slate).source.pool
        if pool is not None and any(number >= pool for _, number in excluded(slate)):
            return "every statement was excluded"
        return f"none that could be chosen is within {budget}, or has enough people behind it"
    costs = _eligible_costs(slate, profile)
    if not len(costs):
        return "every statement was excluded"
    if costs.min() > slate.budget:
        cheapest = some(int(costs.min()), unit)
        return f"{budget} is too small for any statement that could be chosen (the cheapest costs {cheapest})"
    return "no statement that could be chosen had enough people behind it"


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
