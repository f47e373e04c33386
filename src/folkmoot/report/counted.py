"""All counts: what was read, what was left out, how good predictions are, and how to reproduce the run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..profile import Slate
from ..slates.recorded import ModelCheck, recorded
from .facts import Facts
from .language import checked
from .words import count, of, percent, some, voice

KINDS = {"dropped": "left out", "changed": "changed", "unused": "not used", "seen": "noticed"}
#: Why a statement could not be chosen, by rule: the first one that bars it counts.
RULES = {
    "too_few_answers": "answered by too few people",
    "too_little_text": "with too few words",
    "about_the_speaker": "about their author instead of what should be done",
    "metadata": "marked by the source as questions about participants",
    "said_better_elsewhere": "put nearly the same way by another",
}
#: The same by the organiser's options, beside the rules.
OPTIONS = {
    "locked_out": "ruled out by the organiser",
    "without_words": "without a single word",
    "too_short": "shorter than allowed",
    "too_long": "longer than allowed",
    "not_formed": "without a formed opinion",
}
EXCLUDED = RULES | OPTIONS


# The pool has none of these: they say nothing, or cost nothing.
OUTSIDE = (EXCLUDED["without_words"], "at no cost")


def excluded(slate: Slate) -> list[tuple[str, int]]:
    """Statements that passed moderation and could not be chosen all the same, as pairs (why, how many)."""
    audit = recorded(slate).audit
    numbers = {} if audit is None else audit.excluded
    words = EXCLUDED | ({"without_words": OUTSIDE[1]} if slate.unit == "cost" else {})
    return [(words.get(name, name.replace("_", " ")), number) for name, number in numbers.items() if number]


def overlapping(slate: Slate) -> bool:
    """Whether one statement can be counted under several reasons: those of options go beside the rules."""
    audit = recorded(slate).audit
    names = [name for name, number in (audit.excluded if audit is not None else {}).items() if number]
    return len(names) > 1 and any(name not in RULES and name != "without_words" for name in names)


def counted(facts: Facts) -> list[tuple[str, str]]:
    """What was read and what could be chosen, name and value, each with its denominator."""
    p, slate, diagnosis = facts.profile, facts.slate, facts.view.diagnosis
    n, m, answers = p.n_agents, p.n_statements, len(p.answers)
    rows = [("Participants", count(n))]
    if diagnosis.silent:
        rows.append(("of them neither wrote nor answered", of(diagnosis.silent, n)))
    judged = not voice(slate).people
    if answers and not judged:
        rows.append((f"of them gave fewer than {diagnosis.floor} answers", of(diagnosis.under_floor, n)))
    if facts.weighted:
        rows.append(("Total weight (whole numbers)", count(p.total_mass)))
    texts = sum(len(own) for own in p.agents.texts)
    rows += [
        ("Texts participants wrote", count(texts)),
        ("Statements that were written" if judged else "Statements", count(m)),
    ]
    moderation = diagnosis.moderation
    if moderation:
        rows += [(f"of them {state} by moderation", of(number, m)) for state, number in moderation.items() if number]
    if diagnosis.duplicate_statements:
        rows.append(("of them repeat the text of an earlier one", of(diagnosis.duplicate_statements, m)))
    source = facts.recorded.source
    size = source.pool if facts.audit is None else facts.audit.pool_size
    if size is not None:
        rows.append(("Pool: statements the slate is compared with", of(size, m)))
    for words, number in excluded(slate):
        if words in OUTSIDE or words in RULES.values():
            rows.append((f"of the statements {words}, so not in the pool", of(number, m)))
        else:
            rows.append((f"of the statements {words} (the audit still counts them)", of(number, m)))
    if own := source.own:
        rows += [("Statements of the source", count(own.statements)), ("Answers of people", count(own.answers))]
    rows.append(("Scores given by the language model" if judged else "Answers", count(answers)))
    for value, number in diagnosis.by_value.items():
        if answers and not judged and len(diagnosis.by_value) <= 7:
            rows.append((f"of them {_answer(value, facts)}", of(number, answers)))
    if n * m and answers:
        what = "a score" if judged else "an answer"
        rows.append((f"Pairs of a participant and a statement with {what}", of(answers, n * m)))
    if diagnosis.revotes:
        rows.append(("Votes cast again", f"{count(diagnosis.revotes)}; {diagnosis.revote_policy}"))
    if facts.recorded.ledger.calls or facts.recorded.ledger.failed:
        ledger = facts.recorded.ledger
        failed = f", {count(ledger.failed)} failed" if ledger.failed else ""
        rows.append(("Answers of a language model", f"{count(ledger.calls)}{failed}"))
    return rows


def _answer(value: str, facts: Facts) -> str:
    if facts.profile.answers.scale.kind == "vote":
        return {"1": "agree", "0": "pass", "-1": "disagree"}.get(value, value)
    return f"are {value}"


def notes(facts: Facts) -> list[tuple[str, str, str, str]]:
    """What was dropped, changed or noticed while reading, as rows of (kind, what, count, where)."""
    return [
        (KINDS.get(note.kind, note.kind), note.what, count(note.count), ", ".join(note.where))
        for note in facts.recorded.source.notes
    ]


def reliability(facts: Facts) -> list[str]:
    """How good the predictions of held-out answers are, in sentences."""
    model_check = facts.recorded.reliability
    if model_check is None:
        return []
    if isinstance(model_check, ModelCheck):
        return checked(model_check)
    words = []
    plain, number = model_check.statement_mean, model_check.n_held_out
    if number is not None:
        words.append(
            f"{some(number, 'answer')} of {count(len(facts.profile.answers))} "
            f"{'was' if number == 1 else 'were'} held back; the model was fitted to the rest and then "
            f"asked to predict {'it' if number == 1 else 'them'}."
        )
    if model_check.accuracy is not None:
        sided = "" if model_check.n_sided is None else f" of the {some(model_check.n_sided, 'answer')} that took a side"
        beside = ""
        if plain is not None and plain.accuracy is not None:
            beside = f" Predicting each statement's average for everyone is right for {percent(plain.accuracy)}."
        words.append(f"It foresaw the right side for {percent(model_check.accuracy)}{sided}.{beside}")
    if model_check.calibration_error is not None:
        points = model_check.calibration_error * 100
        words.append(f"Its stated probabilities are off by {points:.1f} percentage points on average.")
    return words


def figures(value: Mapping[str, Any]) -> str:
    """A mapping as indented JSON, for readers who want every figure."""
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=False, default=str)


def again(facts: Facts) -> list[tuple[str, str]]:
    """What identifies this run so that it can be reproduced, name and value."""
    slate = facts.slate
    process, engine, source = facts.recorded.process, facts.recorded.engine, facts.recorded.source
    rows = [
        ("Version", f"folkmoot {slate.version}" if slate.version else "not recorded"),
        ("Source", facts.view.source),
        ("Format", source.format or "not recorded"),
        ("Fingerprint of what was read (SHA-256)", source.fingerprint or "not recorded"),
        ("Seed", str(slate.seed)),
        ("Process", " · ".join(filter(None, (process.id, process.source))) or "not recorded"),
        ("Engine", " · ".join(filter(None, (engine.name, engine.model))) or "not recorded"),
        ("Budget", f"{count(slate.cost)} of {count(slate.budget)} {slate.unit} used"),
    ]
    if process.ties is not None:
        rows.append(("Ties met", f"{count(process.ties)} in {some(len(process.rounds), 'round')}"))
    return rows


def credits(facts: Facts) -> list[str]:
    """Attribution and licence of the source, as the source states them."""
    source_facts = facts.profile.facts
    return [str(source_facts[key]) for key in ("attribution", "licence", "license") if source_facts.get(key)]
