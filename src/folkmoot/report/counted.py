"""All counts: what was read, what was left out, how good predictions are, and how to reproduce the run."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ..profile import Slate
from ..slates.recorded import ModelCheck, recorded
from .facts import Facts
from .language import checked
from .numbers import ENGLISH, PART, of, percent
from .terms import voice
from .translations import Words
from .units import amount

#: Why a statement could not be chosen, by rule: the first one that bars it counts.
RULES = ("too_few_answers", "too_little_text", "about_the_speaker", "metadata", "said_better_elsewhere")
_ROW = re.compile(r"(?P<file>.+) row (?P<row>\d{1,18})", re.ASCII | re.DOTALL)
#: What the pool has none of: they say nothing, or cost nothing.
OUTSIDE = "without_words"


def excluded(slate: Slate, w: Words = ENGLISH) -> list[tuple[str, int]]:
    """Statements that passed moderation and could not be chosen all the same, as pairs (why, how many).

    Args:
        slate: the audited slate.
        w: the language.
    """
    audit = recorded(slate).audit
    numbers = {} if audit is None else audit.excluded
    return [(why(w, name, slate.unit), number) for name, number in numbers.items() if number]


def why(w: Words, name: str, unit: str = "") -> str:
    """Why statements could not be chosen, after their number.

    Args:
        w: the language.
        name: the name of the rule or the option, as it is recorded.
        unit: what the budget counts.
    """
    if name == "without_words" and unit == "cost":
        return w.gettext("at no cost")
    known = {
        "too_few_answers": w.gettext("answered by too few people"),
        "too_little_text": w.gettext("with too few words"),
        "about_the_speaker": w.gettext("about their author instead of what should be done"),
        "metadata": w.gettext("marked by the source as questions about participants"),
        "said_better_elsewhere": w.gettext("put nearly the same way by another"),
        "locked_out": w.gettext("ruled out by the organiser"),
        "without_words": w.gettext("without a single word"),
        "too_short": w.gettext("shorter than allowed"),
        "too_long": w.gettext("longer than allowed"),
        "not_formed": w.gettext("without a formed opinion"),
    }
    return known.get(name, name.replace("_", " "))


def overlapping(slate: Slate) -> bool:
    """Whether one statement can be counted under several reasons: those of options go beside the rules."""
    audit = recorded(slate).audit
    names = [name for name, number in (audit.excluded if audit is not None else {}).items() if number]
    return len(names) > 1 and any(name not in RULES and name != "without_words" for name in names)


def counted(facts: Facts) -> list[tuple[str, str]]:
    """What was read and what could be chosen, name and value, each with its denominator; parts begin with `PART`.

    Args:
        facts: the view with its look-ups.
    """
    p, slate, diagnosis, w = facts.profile, facts.slate, facts.view.diagnosis, facts.w
    n, m, answers = p.n_agents, p.n_statements, len(p.answers)
    rows = [(w.gettext("Participants"), w.count(n))]
    if diagnosis.silent:
        rows.append((PART + w.gettext("neither wrote nor answered"), of(w, diagnosis.silent, n)))
    judged = not voice(slate).people
    if answers and not judged and diagnosis.under_floor:
        fewer = w.gettext("gave fewer than %(floor)s answers", floor=diagnosis.floor)
        rows.append((PART + fewer, of(w, diagnosis.under_floor, n)))
    if facts.weighted:
        rows.append((w.gettext("Total weight (whole numbers)"), w.count(p.total_mass)))
    rows.append((w.gettext("Texts participants wrote"), w.count(sum(len(own) for own in p.agents.texts))))
    rows += _statements(facts, m, judged=judged)
    source = facts.recorded.source
    if own := source.own:
        rows.append((w.gettext("Statements of the source"), w.count(own.statements)))
        rows.append((w.gettext("Answers of people"), w.count(own.answers)))
    rows += _given(facts, n * m, answers, judged=judged)
    if diagnosis.revotes:
        rows.append(
            (
                w.gettext("Votes cast again"),
                f"{w.count(diagnosis.revotes)}; {w.recorded(diagnosis.revote_policy or '')}",
            )
        )
    ledger = facts.recorded.ledger
    if ledger.calls or ledger.failed:
        value = w.count(ledger.calls)
        if ledger.failed:
            value = w.gettext("%(calls)s, %(failed)s failed", calls=ledger.calls, failed=ledger.failed)
        rows.append((w.gettext("Answers of a language model"), value))
    return rows


def _statements(facts: Facts, m: int, *, judged: bool) -> list[tuple[str, str]]:
    w, slate, diagnosis, source = facts.w, facts.slate, facts.view.diagnosis, facts.recorded.source
    rows = [(w.gettext("Statements that were written") if judged else w.gettext("Statements"), w.count(m))]
    states = {
        "accepted": w.gettext("accepted by moderation"),
        "pending": w.gettext("pending at moderation"),
        "rejected": w.gettext("rejected by moderation"),
    }
    for state, number in (diagnosis.moderation or {}).items():
        if number:
            rows.append((PART + states.get(state, state), of(w, number, m)))
    if diagnosis.duplicate_statements:
        rows.append((PART + w.gettext("repeat the text of an earlier one"), of(w, diagnosis.duplicate_statements, m)))
    size = source.pool if facts.audit is None else facts.audit.pool_size
    if size is not None:
        rows.append((w.gettext("Pool: statements the list is compared with"), of(w, size, m)))
    audit = facts.audit
    for name, number in ({} if audit is None else audit.excluded).items():
        if not number:
            continue
        words = why(w, name, slate.unit)
        if name in RULES or name == OUTSIDE:
            words = w.gettext("%(why)s, so not in the pool", why=words)
        else:
            words = w.gettext("%(why)s (the audit still counts them)", why=words)
        rows.append((PART + words, of(w, number, m)))
    return rows


def _given(facts: Facts, pairs: int, answers: int, *, judged: bool) -> list[tuple[str, str]]:
    w, diagnosis = facts.w, facts.view.diagnosis
    compared = len(facts.profile.comparisons)
    rows = []
    if compared and not answers:
        return [(w.gettext("Comparisons of two statements"), w.count(compared))]
    rows.append((w.gettext("Scores given by the language model") if judged else w.gettext("Answers"), w.count(answers)))
    for value, number in diagnosis.by_value.items():
        if answers and not judged and len(diagnosis.by_value) <= 7:
            rows.append((PART + _answer(value, facts), of(w, number, answers)))
    if pairs and answers:
        what = (
            w.gettext("Pairs of a participant and a statement with a score")
            if judged
            else w.gettext("Pairs of a participant and a statement with an answer")
        )
        rows.append((what, of(w, answers, pairs)))
    return rows


def _answer(value: str, facts: Facts) -> str:
    w = facts.w
    if facts.profile.answers.scale.kind == "vote":
        names = {"1": w.gettext("agree"), "0": w.gettext("pass"), "-1": w.gettext("disagree")}
        return names.get(value, value)
    return value


def notes(facts: Facts) -> list[tuple[str, str, str, str]]:
    """What was dropped, changed or noticed while reading, as rows of (kind, what, count, where).

    Args:
        facts: the view with its look-ups.
    """
    w = facts.w
    kinds = {
        "dropped": w.gettext("left out"),
        "changed": w.gettext("changed"),
        "unused": w.gettext("not used"),
        "seen": w.gettext("noticed"),
    }
    return [
        (
            kinds.get(note.kind, note.kind),
            w.recorded(note.what),
            w.count(note.count),
            ", ".join(_place(place, w) for place in note.where),
        )
        for note in facts.recorded.source.notes
    ]


def _place(place: str, w: Words) -> str:
    """A place in the source, as notes name it: a file, perhaps with a row."""
    found = _ROW.fullmatch(place)
    return place if found is None else w.gettext("%(file)s row %(row)s", file=found["file"], row=int(found["row"]))


def reliability(facts: Facts) -> list[str]:
    """How good the predictions of held-out answers are, in sentences.

    Args:
        facts: the view with its look-ups.
    """
    w, model_check = facts.w, facts.recorded.reliability
    if model_check is None:
        return []
    if isinstance(model_check, ModelCheck):
        return checked(model_check, w)
    found = []
    plain, number = model_check.statement_mean, model_check.n_held_out
    if number is not None:
        given = max(len(facts.profile.answers), len(facts.profile.comparisons))
        found.append(
            w.ngettext(
                "%(n)s comparison of %(all)s was held back; the model was fitted to the rest and then asked to predict "
                "it.",
                "%(n)s comparisons of %(all)s were held back; the model was fitted to the rest and then asked to "
                "predict them.",
                number,
                all=given,
            )
            if facts.measured == "comparisons"
            else w.ngettext(
                "%(n)s answer of %(all)s was held back; the model was fitted to the rest and then asked to predict it.",
                "%(n)s answers of %(all)s were held back; the model was fitted to the rest and then asked to predict "
                "them.",
                number,
                all=given,
            )
        )
    if model_check.accuracy is not None:
        share = percent(w, model_check.accuracy)
        if model_check.n_sided is None:
            found.append(w.gettext("It foresaw the right side for %(share)s.", share=share))
        else:
            found.append(
                w.gettext(
                    "It foresaw the right side for %(share)s of the %(n)s that took a side.",
                    share=share,
                    n=model_check.n_sided,
                )
            )
        if plain is not None and plain.accuracy is not None:
            found.append(
                w.gettext(
                    "Predicting each statement's average for everyone is right for %(share)s.",
                    share=percent(w, plain.accuracy),
                )
            )
    if model_check.calibration_error is not None:
        found.append(
            w.gettext(
                "Its stated probabilities are off by %(points)s percentage points on average.",
                points=w.decimal(model_check.calibration_error * 100, 1),
            )
        )
    return found


def figures(value: Mapping[str, Any]) -> str:
    """A mapping as indented JSON, for readers who want every figure."""
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=False, default=str)


def again(facts: Facts) -> list[tuple[str, str]]:
    """What identifies this run so that it can be reproduced, name and value.

    Args:
        facts: the view with its look-ups.
    """
    slate, w = facts.slate, facts.w
    process, engine, source = facts.recorded.process, facts.recorded.engine, facts.recorded.source
    nothing = w.gettext("not recorded")
    rows = [
        (w.gettext("Version"), f"folkmoot {slate.version}" if slate.version else nothing),
        (w.gettext("Source"), facts.view.source),
        (w.gettext("Format"), source.format or nothing),
        (w.gettext("Fingerprint of what was read (SHA-256)"), source.fingerprint or nothing),
        (w.gettext("Seed"), str(slate.seed)),
        (w.gettext("Process"), " · ".join(filter(None, (process.id, w.recorded(process.source or "")))) or nothing),
        (
            w.gettext("Engine"),
            " · ".join(filter(None, (engine.name, engine.model if engine.model != "none" else ""))) or nothing,
        ),
        (
            w.gettext("Budget"),
            w.gettext("%(cost)s of %(budget)s used", cost=slate.cost, budget=amount(w, slate.budget, slate)),
        ),
    ]
    if process.ties is not None:
        rounds = w.ngettext("%(n)s round", "%(n)s rounds", len(process.rounds))
        rows.append((w.gettext("Ties met"), w.gettext("%(n)s in %(rounds)s", n=process.ties, rounds=rounds)))
    return rows


def credits(facts: Facts) -> list[str]:
    """Attribution and licence of the source, as the source states them."""
    source_facts = facts.profile.facts
    return [str(source_facts[key]) for key in ("attribution", "licence", "license") if source_facts.get(key)]
