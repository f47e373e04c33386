"""The report's ledger of a language model: what it was asked, what that used, and what needs a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..slates.recorded import EngineRecord, LedgerRecord, ModelCheck, Share, WrittenStatements, recorded
from ..slates.view import View
from .numbers import ENGLISH, PART, figure, of, percent, sentences
from .translations import Words

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


def ledger_section(view: View, w: Words = ENGLISH) -> LedgerSection | None:
    """Makes the ledger of a slate that a language model wrote; None for any other slate.

    Args:
        view: the slate with what it was chosen from.
        w: the language.
    """
    record = recorded(view.slate)
    if not record.source.judged:
        return None
    engine, ledger = record.engine, record.ledger
    listed = engine.quarantine
    return LedgerSection(
        totals=tuple(_totals(ledger, engine, view.spent, w)),
        queries=tuple(
            (
                name,
                w.count(one.calls),
                w.count(one.input_tokens),
                w.count(one.cached),
                w.count(one.output_tokens),
                w.count(one.failed),
            )
            for name, one in ledger.queries.items()
        ),
        trouble=tuple(_trouble(engine, view.spent, w)),
        quarantine=tuple((one.agent, w.recorded(one.why), one.excerpt) for one in listed[:MOST]),
        hidden=max(0, len(listed) - MOST),
        written=tuple(_written(engine.statements, w)),
    )


def _totals(ledger: LedgerRecord, engine: EngineRecord, spent: Mapping[str, Any], w: Words) -> list[tuple[str, str]]:
    money = w.gettext("prices unknown")
    if ledger.cost is not None:
        money = w.gettext("%(sum)s, in the currency of the prices", sum=w.decimal(float(Decimal(ledger.cost)), 4))
    model = engine.model or w.gettext("not recorded")
    if engine.more.get("demo"):
        model = w.gettext("none: the demo model of folkmoot")
    rows = [
        (w.gettext("Model"), model),
        (w.gettext("Answers used"), w.count(ledger.calls)),
        (w.gettext("Tokens of the prompts"), w.count(ledger.input_tokens)),
        (PART + w.gettext("cached by the endpoint"), of(w, ledger.cached, ledger.input_tokens)),
        (w.gettext("Tokens of the answers"), w.count(ledger.output_tokens)),
        (w.gettext("Money"), money),
    ]
    rows += [
        (
            w.gettext(
                "%(query)s: probability of the labels of the scale at the rating's place, on average", query=query
            ),
            w.decimal(mass, 2),
        )
        for query, mass in engine.questions.calls.label_mass.items()
    ]
    if others := [name for name in spent.get("models", {}) if name != engine.model]:
        rows.append((w.gettext("Answers came from, by what they say"), ", ".join(others)))
    if spent.get("estimated"):
        name = w.gettext("Answers without a bill, whose tokens are estimated")
        rows.append((name, w.count(spent["estimated"])))
    if spent:
        name = w.gettext("Answers taken from the ledger instead of being asked for again")
        rows.append((name, w.count(spent["hits"])))
    return rows


def _trouble(engine: EngineRecord, spent: Mapping[str, Any], w: Words) -> list[tuple[str, str]]:
    rows = []
    for calls in (engine.questions.calls, engine.statements.calls, engine.tags.calls):
        for numbers, words in (
            (calls.again, w.gettext("asked again, as the answer could not be read")),
            (calls.unreadable, w.gettext("never readable")),
            (calls.failed, w.gettext("no answer")),
            (calls.declined, w.gettext("declined at first")),
            (calls.sampled, w.gettext("ratings that are means of repeated answers, for want of log-probabilities")),
        ):
            rows += [(f"{query}: {words}", w.count(number)) for query, number in numbers.items()]
        rows += [
            (w.gettext("reason: %(why)s", why=w.recorded(reason)), w.count(number))
            for reason, number in calls.reasons.items()
        ]
    if unknown := engine.questions.unknown:
        name = w.gettext("Pairs of a person and a statement without a score after all attempts")
        rows.append((name, w.count(unknown)))
    refused = w.gettext("Asked otherwise, as the endpoint refused it")
    rows += [(refused, line) for line in spent.get("learned", {})]
    for kind, number in spent.get("faults", {}).items():
        rows.append((w.gettext("Attempts without an answer: %(kind)s", kind=w.recorded(kind)), w.count(number)))
    lost = spent.get("lost", {})
    if lost.get("calls"):
        taken = w.listed(
            [
                w.ngettext("%(n)s call", "%(n)s calls", lost["calls"]),
                w.ngettext("%(n)s token", "%(n)s tokens", lost["tokens"]),
            ]
        )
        rows.append((w.gettext("These may have taken"), taken))
    return rows


def _written(written: WrittenStatements, w: Words) -> list[tuple[str, str]]:
    rows = [(w.gettext("Statements in the pool"), w.count(written.written))]
    rows += [
        (PART + w.gettext("left out of what was written: %(why)s", why=w.recorded(why)), w.count(number))
        for why, number in written.cut.items()
    ]
    rows += [
        (w.gettext("Found in what was written: %(kind)s", kind=w.recorded(kind)), w.count(n))
        for kind, n in written.findings.items()
    ]
    if written.near_duplicates:
        name = w.gettext("Statements that say nearly the same as another")
        rows.append((name, w.count(written.near_duplicates)))
    return rows


def checked(check: ModelCheck, w: Words = ENGLISH) -> list[str]:
    """How well the model's scores match answers of people that it was not shown (`queries.language.reliability`).

    Args:
        check: what was checked.
        w: the language.
    """
    if not check.validated:
        return [
            w.ngettext(
                "The model was asked for %(n)s answer that people gave and gave none that can be read.",
                "The model was asked for %(n)s answers that people gave and gave none that can be read.",
                check.asked,
            )
        ]
    first = w.ngettext(
        "%(n)s person with answers on both sides was shown to the model without %(asked)s of their answers, which it "
        "was then asked for.",
        "%(n)s people with answers on both sides were shown to the model without %(asked)s of their answers, which it "
        "was then asked for.",
        check.n_people,
        asked=check.asked,
    )
    if check.missing:
        first = sentences(
            first,
            w.ngettext("%(n)s answer could not be had.", "%(n)s answers could not be had.", check.missing),
        )
    popular = check.popularity
    if popular is None or check.people is None or check.pairs is None:
        nothing = w.gettext("Nobody's answers on both sides could be read, so nothing can be said of its order.")
        return [first, nothing]
    found = [
        first,
        w.gettext(
            "For %(people)s of the people, what they agreed with scores higher on average than what they disagreed "
            "with; by mere popularity among the others that is so for %(popular)s. Of single pairs of one person's "
            "answers %(pairs)s come out in the right order, by popularity %(popular_pairs)s.",
            people=_interval(w, check.people),
            popular=_interval(w, popular.people),
            pairs=_interval(w, check.pairs),
            popular_pairs=_interval(w, popular.pairs),
        ),
    ]
    if check.matched is not None:
        found.append(
            w.gettext(
                "Among pairs of statements about as popular, where popularity is right half of the time, it is right "
                "for %(share)s: that is what it knows of the person rather than of the crowd.",
                share=_interval(w, check.matched),
            )
        )
    if check.spearman is not None:
        found.append(
            w.gettext(
                "Its order of a person's ratings has a mean rank correlation of %(mean)s.",
                mean=figure(w, check.spearman.mean),
            )
        )
    return found


def _interval(w: Words, share: Share) -> str:
    return w.gettext(
        "%(share)s (%(low)s to %(high)s)",
        share=percent(w, share.share),
        low=percent(w, share.low),
        high=percent(w, share.high),
    )
