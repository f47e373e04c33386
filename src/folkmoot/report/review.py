"""What stands on the review page, for staff: what to look at before publishing, then everything that is known."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from ..slates.recorded import recorded
from ..slates.view import View
from . import (
    agreement,
    answers,
    barred,
    certificate,
    counted,
    language,
    maps,
    objective,
    plots,
    plural_words,
    representation,
    statements,
)
from .assumptions import assumptions
from .facts import Facts
from .group_statements import written_for_groups
from .numbers import ENGLISH, PART, figure, sentences
from .popular import popular
from .refinement import refined
from .status import status
from .tasks import tasks
from .templating import TEMPLATES
from .terms import voice
from .translations import Words
from .units import amount, used
from .verdict import verdict
from .witnesses import witnesses
from .words import plain


def content(view: View, w: Words = ENGLISH, title: str = "") -> dict[str, Any]:
    """Everything the template lays out.

    Args:
        view: the slate with what it was chosen from.
        w: the language.
        title: the title of the page; empty: the topic of the source.
    """
    facts = Facts(view, w)
    slate, audit, t = view.slate, facts.audit, facts.terms
    asked = facts.measured != "texts"
    title = title or view.profile.topic
    untitled = w.gettext("What people said")
    return {
        "css": (TEMPLATES / "review.css").read_text(encoding="utf-8"),
        "facts": facts,
        "slate": slate,
        "audit": audit,
        "terms": t,
        "asked": asked,
        "kind": facts.measured,
        "n": slate.n_agents,
        "k": len(slate.statements),
        "voice": voice(slate, w),
        "title": " ".join(title.split()) or untitled,
        "head": plain(title) or untitled,
        "status": status(slate, view.profile, w),
        "cautions": facts.cautions,
        "recorded_notes": () if audit is None else [w.recorded(note) for note in audit.notes],
        "tasks": tasks(slate, w, facts.measured, facts),
        "brief": _brief(facts),
        "entries": statements.entries(facts),
        "least": representation.least(facts),
        "written_for_groups": written_for_groups(view, w),
        "panels": maps.panels(facts),
        "group_panels": maps.group_panels(facts),
        **_certificate(facts, asked=asked),
        "barred": barred.section(facts),
        "model": language.ledger_section(view, w),
        "answers": answers.answers_section(slate, w),
        "reliability": counted.reliability(facts),
        "raw_reliability": counted.figures(slate.reliability or {}),
        "counted": counted.counted(facts),
        "notes": counted.notes(facts),
        "again": counted.again(facts),
        "part": PART,
        "parameters": counted.figures(
            {"process": _without(answers.parameters(slate), "rounds"), "engine": dict(slate.engine)}
        ),
        "chosen_by": recorded(slate).process.id,
        "command": view.command,
        "proof": view.proof or f"folkmoot audit {shlex.quote(view.source)} slate.json",
        "credits": counted.credits(facts),
        "description": str(view.profile.facts.get("description") or ""),
        "budget": amount(w, slate.budget, slate),
        **_appendix(facts),
    }


def _certificate(facts: Facts, *, asked: bool) -> dict[str, Any]:
    w, slate, audit = facts.w, facts.slate, facts.audit
    rows = certificate.rows(slate, w)
    return {
        "verdict": verdict(slate, votes=asked, w=w, draws=False, kind=facts.measured),
        "looks": certificate.looks(slate, votes=asked, w=w, kind=facts.measured),
        "rows": rows,
        "draws": plots.draws(rows, w),
        "popular": popular(slate, w, facts.measured),
        "assumptions": assumptions(slate, w),
        "witnesses": witnesses(facts),
        "narrowed": barred.narrowed(slate),
        "pool": 0 if audit is None else audit.cbjr.pool_size,
        "definition": certificate.definition(w),
    }


def _appendix(facts: Facts) -> dict[str, Any]:
    """Figures of research, each with what to do with it."""
    w, slate, audit = facts.w, facts.slate, facts.audit
    steps = audit.cbjr.frontier if audit is not None else ()
    return {
        "figures": representation.represented(facts),
        "utilities": plots.utilities(facts),
        "groups": representation.groups(facts),
        "frontier": plots.frontier(steps, w),
        "steps": [(figure(w, b, 4), figure(w, d, 3)) for b, d in steps],
        "axioms": certificate.axioms(slate, votes=facts.measured != "texts", w=w),
        "objective": objective.objective(slate, w),
        "beside": plural_words.content(facts),
    }


def _without(mapping: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name != key}


def _brief(facts: Facts) -> list[tuple[str, str]]:
    """The most important facts, as pairs of a name and a sentence."""
    w, slate, asked = facts.w, facts.slate, facts.measured != "texts"
    head = w.ngettext("%(n)s statement", "%(n)s statements", len(slate.statements))
    lines = [(w.gettext("The list"), w.gettext("%(statements)s, %(used)s.", statements=head, used=used(w, slate)))]
    lines.append((w.gettext("Who agrees"), sentences(*agreement.assigned(slate, w, facts.measured))))
    lines.append((w.gettext("Large groups"), verdict(slate, votes=asked, w=w, kind=facts.measured)))
    if words := popular(slate, w, facts.measured):
        lines.append((w.gettext("Beside the most popular"), words))
    if weights := answers.weights_in_brief(slate, w, certificate=False):
        lines.append((w.gettext("Opinions"), sentences(*weights)))
    if words := refined(slate, votes=asked, w=w):
        lines.append((w.gettext("Refined"), words))
    return lines
