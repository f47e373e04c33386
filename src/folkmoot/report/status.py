"""The first line: is the report complete, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from ..profile import Slate
from .facts import left_out
from .words import count, of, some


@dataclass(frozen=True)
class Status:
    """Whether everything was used.

    Args:
        complete: nothing is missing.
        line: the first line of the report.
        missing: what is missing, counted, one clause each.
    """

    complete: bool
    line: str
    missing: tuple[str, ...]


def status(slate: Slate) -> Status:
    """The completeness line of a slate."""
    source = slate.source
    missing = [f"{note['what']}: {count(note['count'])}" for note in left_out(source.get("notes", []))]
    entries = sum(int(note["count"]) for note in left_out(source.get("notes", [])))
    failed = int(slate.ledger.get("failed", 0))
    if failed:
        missing.append(f"queries that failed: {count(failed)}")
    if slate.audit is None:
        missing.append("the slate was not audited")
    nobody = f"{of(len(slate.unassigned), slate.n_agents)} participants are represented by no statement."
    if not slate.unassigned:
        nobody = f"All {some(slate.n_agents, 'participant')} are represented."
    if not missing:
        return Status(True, f"Complete: nothing in the source was left out. {nobody}", ())
    parts = []
    if entries:
        parts.append(f"{some(entries, 'entry', 'entries')} of the source could not be used")
    if failed:
        parts.append(f"{some(failed, 'query', 'queries')} failed")
    if slate.audit is None:
        parts.append("the slate was not audited")
    return Status(False, f"Incomplete: {'; '.join(parts)}. {nobody}", tuple(missing))
