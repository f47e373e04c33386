"""The report's ledger of a language model: what it was asked, what that used, and what needs a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..slates.recorded import EngineRecord, LedgerRecord, ModelCheck, Share, WrittenStatements, recorded
from ..slates.view import View
from .words import count, of, percent, some

# Entries of a list that are printed; the rest is counted.
MOST = 50


@dataclass(frozen=True)
class LedgerSection:
    """The ledger, ready to print.

    Args:
        totals: the totals, name and value.
        queries: rows of (prompt with version, answers, input tokens, cached ones among them, output tokens, failed).
        trouble: the answers that could not be obtained, name and value.
        quarantine: rows of (participant, why, excerpt) for texts that look like instructions to the model; all were
            used.
        hidden: the number of entries of the quarantine that are not printed.
        written: what happened to the statements that the model wrote, name and value.
    """

    totals: tuple[tuple[str, str], ...]
    queries: tuple[tuple[str, str, str, str, str, str], ...]
    trouble: tuple[tuple[str, str], ...]
    quarantine: tuple[tuple[str, str, str], ...]
    hidden: int
    written: tuple[tuple[str, str], ...]


def ledger_section(view: View) -> LedgerSection | None:
    """Makes the ledger of a slate that a language model wrote; None for any other slate."""
    record = recorded(view.slate)
    if not record.source.judged:
        return None
    engine, ledger = record.engine, record.ledger
    listed = engine.quarantine
    return LedgerSection(
        totals=tuple(_totals(ledger, engine, view.spent)),
        queries=tuple(
            (
                name,
                count(one.calls),
                count(one.input_tokens),
                count(one.cached),
                count(one.output_tokens),
                count(one.failed),
            )
            for name, one in ledger.queries.items()
        ),
        trouble=tuple(_trouble(engine, view.spent)),
        quarantine=tuple((one.agent, one.why, one.excerpt) for one in listed[:MOST]),
        hidden=max(0, len(listed) - MOST),
        written=tuple(_written(engine.statements)),
    )


def _totals(ledger: LedgerRecord, engine: EngineRecord, spent: Mapping[str, Any]) -> list[tuple[str, str]]:
    into, money = ledger.input_tokens, ledger.cost
    rows = [
        ("Model", engine.model or "not recorded"),
        ("Answers used", count(ledger.calls)),
        ("Tokens of the prompts", count(into)),
        ("of them cached by the endpoint", of(ledger.cached, into)),
        ("Tokens of the answers", count(ledger.output_tokens)),
        ("Money", "prices unknown" if money is None else f"{Decimal(money):,.4f}, in the currency of the prices"),
    ]
    rows += [
        (f"{query}: probability of the labels of the scale at the rating's place, on average", percent(mass))
        for query, mass in engine.questions.calls.label_mass.items()
    ]
    if others := [name for name in spent.get("models", {}) if name != engine.model]:
        rows.append(("Answers came from, by what they say", ", ".join(others)))
    if spent.get("estimated"):
        rows.append(("Answers without a bill, whose tokens are estimated", count(spent["estimated"])))
    if spent:
        rows.append(("Answers taken from the ledger instead of being asked for again", count(spent["hits"])))
    return rows


def _trouble(engine: EngineRecord, spent: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = []
    for calls in (engine.questions.calls, engine.statements.calls, engine.tags.calls):
        for numbers, words in (
            (calls.again, "asked again, as the answer could not be read"),
            (calls.unreadable, "never readable"),
            (calls.failed, "no answer"),
            (calls.declined, "declined at first"),
            (calls.sampled, "ratings that are means of repeated answers, for want of log-probabilities"),
        ):
            rows += [(f"{query}: {words}", count(number)) for query, number in numbers.items()]
        rows += [(f"reason: {reason}", count(number)) for reason, number in calls.reasons.items()]
    if unknown := engine.questions.unknown:
        rows.append(("Pairs of a person and a statement without a score after all attempts", count(unknown)))
    rows += [("Asked otherwise, as the endpoint refused it", line) for line in spent.get("learned", {})]
    for kind, number in spent.get("faults", {}).items():
        rows.append((f"Attempts without an answer: {kind}", count(number)))
    lost = spent.get("lost", {})
    if lost.get("calls"):
        rows.append(("These may have taken", f"{some(lost['calls'], 'call')}, {some(lost['tokens'], 'token')}"))
    return rows


def _written(written: WrittenStatements) -> list[tuple[str, str]]:
    rows = [("Statements in the pool", count(written.written))]
    rows += [(f"of what was written, left out: {why}", count(number)) for why, number in written.cut.items()]
    rows += [(f"Found in what was written: {kind}", count(n)) for kind, n in written.findings.items()]
    if written.near_duplicates:
        rows.append(("Statements that say nearly the same as another", count(written.near_duplicates)))
    return rows


def checked(check: ModelCheck) -> list[str]:
    """How well the model's scores match answers of people that it was not shown (`queries.language.reliability`)."""
    if not check.validated:
        return [
            f"The model was asked for {some(check.asked, 'answer')} that people gave and gave none that can be read."
        ]
    words = [
        f"{some(check.n_people, 'person', 'people')} with answers on both sides were shown to the model without "
        f"{some(check.asked, 'answer')} of theirs, which it was then asked for"
        f"{_missing(check.missing)}."
    ]
    popular = check.popularity
    if popular is None or check.people is None or check.pairs is None:
        return [*words, "Nobody's answers on both sides could be read, so nothing can be said of its order."]
    words.append(
        f"For {_interval(check.people)} of the people, what they agreed with scores higher on average than what "
        f"they disagreed with; by mere popularity among the others that is so for {_interval(popular.people)}. Of "
        f"single pairs of one person's answers {_interval(check.pairs)} come out in the right order, by popularity "
        f"{_interval(popular.pairs)}."
    )
    if check.matched is not None:
        words.append(
            f"Among pairs of statements about as popular, where popularity is right half of the time, it is right for "
            f"{_interval(check.matched)}: that is what it knows of the person rather than of the crowd."
        )
    if check.spearman is not None:
        words.append(f"Its order of a person's ratings has a mean rank correlation of {check.spearman.mean:.2f}.")
    return words


def _missing(number: int) -> str:
    return f" ({some(number, 'answer')} could not be had)" if number else ""


def _interval(share: Share) -> str:
    return f"{percent(share.share)} ({percent(share.low)} to {percent(share.high)})"
