"""The figures of a page for the public as files: nobody is named, and no count speaks of one to four people."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from ..._version import __version__
from ...audits.public_records import Listed, Public
from ...profile import Slate
from ...profile.page_options import PageOptions
from ..recorded import recorded
from .safe import alone, cells, group_shares
from .whole import whole

#: What spreadsheets take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_VOTES = ("agree", "skipped", "disagree", "not_voted")
_RATINGS = ("above_the_middle", "in_the_middle", "below_the_middle", "did_not_answer")
_CHOICES = ("chose_it", "neither", "did_not_choose_it", "did_not_answer")
_RANKINGS = ("upper_half", "middle", "lower_half_or_not", "not_ranked")
_COMPARISONS = ("preferred", "equal", "other_preferred", "not_compared")
_COLUMNS: dict[str, tuple[str, ...]] = {
    "votes": _VOTES,
    "ratings": _RATINGS,
    "choices": _CHOICES,
    "points": _CHOICES,
    "rankings": _RANKINGS,
    "comparisons": _COMPARISONS,
}


def statements_csv(public: Public, slate: Slate, statements: list[Listed], options: PageOptions) -> str:
    """The list as a table: a row for each statement, an empty cell where too few people are behind a count.

    Where so few took part that the page leaves out all figures, so does the table.

    Args:
        public: the figures.
        slate: the slate, for the organisers' wordings.
        statements: the list in the order of the page.
        options: what the publisher hides.
    """
    bare, stands = alone(public), whole(public).stands
    columns = () if bare else _COLUMNS.get(public.asked, ())
    groups = len(public.groups.groups) if columns else 0
    head = ["number", "statement", slate.unit or "cost", *([] if bare else ["stands_for"]), *columns]
    for place in range(groups):
        head += [f"group_{place + 1}_answered", f"group_{place + 1}_{columns[0]}"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    for number, one in enumerate(statements, start=1):
        row: list[str | int | None] = [number, _cell(_text(one, slate, options)), one.cost]
        row += [] if bare else [stands[one.id]]
        if columns:
            printed = cells(one.all)
            row += [printed.agree, printed.middle, printed.against, printed.unseen]
        for share in group_shares(one)[:groups]:
            shown = share.kind == "exact" and share.of
            row += [share.whole, share.part] if shown else ["", ""]
        writer.writerow(row)
    return out.getvalue()


def slate_public_json(public: Public, slate: Slate, statements: list[Listed], options: PageOptions) -> str:
    """The list for the program: it chooses it again from the votes, and compares; nobody is named in it.

    Args:
        public: the figures.
        slate: the slate with its record.
        statements: the list in the order of the page.
        options: what the publisher hides, and the title.
    """
    record, stands = recorded(slate), whole(public).stands
    process: dict[str, Any] = {"id": record.process.id} if record.process.id else {}
    if process:
        process["options"] = _without(dict(slate.process.get("options", {})), frozenset(options.hidden))
        if slate.process.get("usual_budget"):
            process["usual_budget"] = slate.process["usual_budget"]
    body = {
        "schema": 1,
        "title": options.title or public.topic,
        "statements": [
            {
                **({} if one.id in options.hidden or _names_somebody(one, slate) else {"id": one.id}),
                "text": _text(one, slate, options),
                "cost": one.cost,
                **({} if alone(public) else {"stands_for": stands[one.id], **_counts(public, one)}),
            }
            for one in statements
        ],
        **({"groups_of_the_source": _declared(public)} if public.declared and not alone(public) else {}),
        "budget": slate.budget,
        "unit": slate.unit,
        "n_agents": slate.n_agents,
        "seed": slate.seed,
        "process": process,
        "engine": {"name": record.engine.name} if record.engine.name else {},
        "version": slate.version or __version__,
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _declared(public: Public) -> list[dict[str, Any]]:
    """How well the list serves the groups that the source declares."""
    return [
        {
            "column": column.column,
            "groups": [
                {"label": label, "with_others": at == column.others, "people": people, "mean_agreement": mean}
                for at, (label, people, mean) in enumerate(zip(column.labels, column.people, column.mean, strict=True))
            ],
        }
        for column in public.declared
    ]


def _without(given: dict[str, Any], hidden: frozenset[str]) -> dict[str, Any]:
    """Options of the process without the ids of hidden statements: in some sources the id is the text."""
    return {
        name: [one for one in value if one not in hidden] if isinstance(value, list | tuple) else value
        for name, value in given.items()
    }


def _names_somebody(one: Listed, slate: Slate) -> bool:
    """Whether the id of a statement is made from the id of whoever wrote it; it is found by its text then."""
    own = next((s for s in slate.statements if s.id == one.id), None)
    if own is None:
        return True
    made = own.provenance.kind == "extracted"
    return made or any(agent and agent in own.id for agent in (*own.provenance.agents, *own.agents) if len(agent) > 2)


def _counts(public: Public, one: Listed) -> dict[str, int | None]:
    printed = cells(one.all)
    counts = printed.agree, printed.middle, printed.against, printed.unseen
    return dict(zip(_COLUMNS.get(public.asked, ()), counts, strict=False))


def _text(one: Listed, slate: Slate, options: PageOptions) -> str:
    if one.id in options.hidden:
        return ""
    own = next((s for s in slate.statements if s.id == one.id), None)
    return " ".join((own.text if own is not None and own.original else one.text).split())


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
