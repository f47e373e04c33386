"""The report as one self-contained HTML file: no script, no request, every text of participants escaped."""

from __future__ import annotations

import re
import secrets
import shlex
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from ..profile import InputError, MissingExtraError
from ..slates.recorded import recorded
from ..slates.view import View
from . import (
    agreement,
    answers,
    barred,
    certificate,
    counted,
    language,
    objective,
    plots,
    plural,
    representation,
    statements,
)
from .facts import Facts
from .refinement import refined
from .status import status
from .words import clean, count, figure, percent, plain, some, voice

#: Options and commands of this program in a sentence: between backticks, in letters that need no escape.
COMMAND = re.compile(r"`((?:--|folkmoot )[\w .:=,-]+)`", re.ASCII)
TEMPLATES = Path(__file__).parent / "templates"


def write_html(view: View, path: Path) -> Path:
    """Writes the report; a failure leaves no partial file.

    Args:
        view: the slate with what it was chosen from.
        path: the file to write.

    Raises:
        MissingExtraError: the ``report`` extra is not installed.
        InputError: the file cannot be written.
    """
    return put(render(view), path)


def put(text: str, path: Path) -> Path:
    """Writes a page; a failure leaves no partial file.

    Args:
        text: the page.
        path: the file to write.

    Raises:
        InputError: the file cannot be written.
    """
    page = text.encode("utf-8")
    beside = path.with_name(f".folkmoot-{secrets.token_hex(8)}.part")
    try:
        with beside.open("xb") as stream:
            stream.write(page)
        beside.replace(path)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror or error})", file=path) from None
    finally:
        with suppress(OSError):
            beside.unlink()
    return path


def render(view: View) -> str:
    """The report as HTML; the same view gives the same bytes.

    Args:
        view: the slate with what it was chosen from.

    Raises:
        MissingExtraError: the ``report`` extra is not installed.
    """
    page: str = _environment().get_template("report.html").render(**_content(view))
    return page


@cache
def _environment() -> Any:
    try:
        import jinja2
        from markupsafe import Markup
    except ImportError as error:
        raise MissingExtraError(
            f"the HTML report needs the report extra ({error}); install it: pip install 'folkmoot[report]'"
        ) from None

    def finalize(value: Any) -> Any:
        """Turns every printed value into text that HTML can hold; escaping comes after this."""
        return value if isinstance(value, Markup) else clean(str(value))

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

    def code(text: str) -> Any:
        """Commands and options between backticks as code; everything is escaped as it would be without."""
        parts = COMMAND.split(clean(text))
        return Markup("").join(
            Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(parts)
        )

    environment.filters |= {"count": count, "percent": percent, "figure": figure, "some": some, "code": code}
    # Only what this package draws itself passes unescaped: plots and the style sheet.
    environment.globals["trusted"] = Markup
    return environment


def _content(view: View) -> dict[str, Any]:
    facts = Facts(view)
    slate, audit = view.slate, facts.audit
    t = facts.terms
    rows = certificate.rows(slate)
    return {
        "css": (TEMPLATES / "report.css").read_text(encoding="utf-8"),
        "status": status(slate, view.profile),
        "title": " ".join(view.profile.topic.split()) or "What people said",
        "head": plain(view.profile.topic) or "What people said",
        "slate": slate,
        "chosen_by": recorded(slate).process.id,
        "audit": audit,
        "terms": t,
        "weighted": facts.weighted,
        "n": slate.n_agents,
        "k": len(slate.statements),
        "unassigned": facts.unassigned,
        "predicted": bool((~facts.answered & (facts.place >= 0)).any()),
        "warnings": (*facts.cautions, *(audit.notes if audit is not None else ())),
        "brief": _brief(facts),
        "entries": statements.entries(facts),
        "figures": representation.represented(facts),
        "groups": representation.groups(facts),
        "least": representation.least(facts),
        "map": plots.opinion_map(facts),
        "utilities": plots.utilities(facts),
        "frontier": plots.frontier(audit.frontier if audit is not None else ()),
        "draws": plots.draws(rows),
        "question": certificate.QUESTION,
        "definition": certificate.DEFINITION,
        "verdict": certificate.verdict(slate, votes=t.votes),
        "narrowed": barred.narrowed(slate),
        "barred": barred.section(facts),
        "beside_popular": agreement.popular(slate),
        "objective": objective.objective(slate),
        "assumptions": certificate.assumptions(slate),
        "looks": certificate.looks(slate, votes=t.votes),
        "rows": rows,
        "witnesses": certificate.witnesses(facts),
        "axioms": certificate.axioms(slate, votes=t.votes),
        "voice": voice(slate),
        "judged": not voice(slate).people,
        "edited": any(statement.original for statement in slate.statements),
        "model": language.ledger_section(view),
        "answers": answers.answers_section(slate),
        "beside": plural.content(facts),
        "reliability": counted.reliability(facts),
        "raw_reliability": counted.figures(slate.reliability or {}),
        "counted": counted.counted(facts),
        "notes": counted.notes(facts),
        "again": counted.again(facts),
        "parameters": counted.figures(
            {"process": _without(answers.parameters(slate), "rounds"), "engine": dict(slate.engine)}
        ),
        "command": view.command,
        "proof": view.proof or f"folkmoot audit {shlex.quote(view.source)} slate.json",
        "credits": counted.credits(facts),
        "description": str(view.profile.facts.get("description") or ""),
    }


def _without(mapping: Any, key: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name != key}


def _brief(facts: Facts) -> list[tuple[str, str]]:
    """The most important facts, as pairs of a name and a sentence."""
    slate, audit, t = facts.slate, facts.audit, facts.terms
    k = len(slate.statements)
    lines = [("Assigned, and agreeing", " ".join(agreement.assigned(slate)))]
    if words := agreement.popular(slate):
        lines.append(("Beside the most popular", words))
    if audit is not None and audit.utility.mean is not None:
        how = "What their statement is worth to people" if t.votes else "Its similarity to what people wrote"
        ends = " (agreement)" if t.approve == "agreed" else ""
        lines.append(
            (
                "How well",
                f"{how} is {figure(audit.utility.mean)} on average, on a scale from {t.low:g} to {t.high:g}{ends}; to "
                f"the quarter that is worst off it is at most {figure(audit.utility.q1)}.",
            )
        )
    lines.append(("Left out", certificate.verdict(slate, votes=t.votes)))
    if words := agreement.divisive(slate):
        lines.append(("Left out, and dividing", words))
    used = (
        f"{count(slate.cost)} of {count(slate.budget)} {slate.unit}" if slate.budget else f"{slate.cost} {slate.unit}"
    )
    if slate.unit != "statements":
        used = f"{some(k, 'statement')}, {used}"
    if slate.unit == "statements" and slate.cost == slate.budget:
        used = f"{some(k, 'statement')}, as many as the budget allows"
    lines.insert(0, ("The slate", f"{used}."))
    if weights := answers.weights_in_brief(slate, certificate=False):
        lines.append(("Opinions", " ".join(weights)))
    if words := refined(slate, votes=t.votes):
        lines.append(("Refined", words))
    return lines
