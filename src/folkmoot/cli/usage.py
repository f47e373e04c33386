"""What a run of a language model took: for slate.json's reader and, in a line, for the terminal."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..llm import Ledger

if TYPE_CHECKING:
    from ..report.translations import Words


def spent(file: Path) -> dict[str, Any]:
    """The usage of a run besides its answers, from its ledger: cache hits, faults, and what these may have cost."""
    with Ledger(file, make=False) as ledger:
        total, noted = ledger.total(), ledger.noted()
    return {
        "models": noted.get("models") or {},
        "asked": (noted.get("run") or {}).get("model", ""),
        "estimated": noted.get("estimated") or 0,
        "learned": noted.get("learned") or {},
        "ahead": noted.get("ahead") or {},
        "hits": total.hits,
        "faults": dict(sorted(total.faults.items())),
        "lost": {"calls": total.lost.calls, "tokens": total.lost.tokens},
        "seconds": round(total.seconds, 1),
    }


def usage_line(ledger: Mapping[str, Any], extra: Mapping[str, Any], w: "Words") -> str:
    """One line on the calls to a language model, and what is odd about them below."""
    total = None if ledger.get("cost") is None else Decimal(ledger["cost"])
    cost = w.gettext("price unknown") if total is None else w.gettext("cost %(cost)s", cost=w.decimal(float(total), 4))
    hits, lost = extra["hits"], sum(extra["faults"].values())
    said = [
        w.ngettext("%(n)s answer used", "%(n)s answers used", ledger["calls"]),
        w.gettext(
            "%(n)s tokens in (%(cached)s of them cached by the endpoint)",
            n=ledger["input_tokens"],
            cached=ledger["cached"],
        ),
        w.gettext("%(n)s out", n=ledger["output_tokens"]),
        cost,
        w.ngettext(
            "%(n)s answer taken from the ledger instead of being asked for again",
            "%(n)s answers taken from the ledger instead of being asked for again",
            hits,
        ),
        w.ngettext("%(n)s attempt without an answer", "%(n)s attempts without an answer", lost),
    ]
    label = w.gettext("model:")
    wide = max(8, len(label) + 1)
    lines = [f"{label:<{wide}}" + ", ".join(said)]
    if others := [name for name in extra["models"] if name != extra["asked"]]:
        lines.append(" " * wide + w.gettext("answers came from %(models)s, by what they say", models=w.listed(others)))
    if extra["estimated"]:
        unbilled = w.ngettext(
            "%(n)s answer without a bill: its tokens are estimated",
            "%(n)s answers without a bill: their tokens are estimated",
            extra["estimated"],
        )
        lines.append(" " * wide + unbilled)
    if early := extra.get("ahead"):
        ahead = w.ngettext(
            "%(n)s answer came before it was asked for; %(spare)s not needed, and paid for",
            "%(n)s answers came before they were asked for; of these %(spare)s were not needed, and paid for",
            early["answered"],
            spare=early["answered"] - early["used"],
        )
        lines.append(" " * wide + ahead)
    for setting, words_of_it in extra["learned"].items():
        asked = w.gettext("asked otherwise (%(setting)s), as %(why)s", setting=setting, why=words_of_it)
        lines.append(" " * wide + asked)
    return "\n".join(lines)
