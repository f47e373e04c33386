"""Small views made by hand: every field is known, so a page can be checked against it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from folkmoot.audits import Audit
from folkmoot.audits.agreement import Agreement, Divisive
from folkmoot.audits.answer_records import Counted
from folkmoot.audits.barred import Barred, BarredStatement, WorthAsking
from folkmoot.audits.certificate import Spread
from folkmoot.audits.records import (
    Axiom,
    Cbjr,
    CertificateRecord,
    Coalition,
    CompletedAnswers,
    KnownAnswers,
    LeastRepresented,
    StatementFigures,
    Welfare,
    WorstCase,
)
from folkmoot.formats.doctor import doctor
from folkmoot.profile import (
    VOTE,
    Agents,
    Answers,
    Note,
    Options,
    Profile,
    Provenance,
    Scale,
    Slate,
    SlateStatement,
    Statements,
    masses_of,
)
from folkmoot.profile.records import to_json
from folkmoot.report import View
from folkmoot.slates.recorded import EngineRecord, HeldOutRecord, ProcessRecord, RoundRecord, SourceRecord

STANCE = "Stance is not measured: nobody voted. Reliability is unvalidated."
RATING = Scale("rating", 0.0, 4.0)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=window.hacked=1>',
    "</style><script>window.hacked=1</script>",
    "</svg></title><svg onload=window.hacked=1>",
    "{{7*7}} {% raw %}",
    "javascript:alert(1)",
    "<a href='javascript:window.hacked=1'>x</a>&lt;b&gt;&#0;",
    "safe \u202e desrever \u2067 isolate",
    "nul \0 bell \x07 escape \x1b[31m c1 \x9b",
    "half \ud800 character",
    "w" * 10_000,
    "<!-- <iframe src=//x> --!>",
)


def profile(
    texts: tuple[str, ...] = ("More buses", "Fewer cars", "A library", "A pool"),
    *,
    scale: Scale = VOTE,
    votes: bool = True,
    weights: bool = False,
    ids: tuple[str, ...] = ("ada", "ben", "cy", "dee", "eve", "flo"),
    said: str = "I wrote this",
    topic: str = "Our town",
    label: str = "north",
    note: str = "",
) -> Profile:
    """Six people, four statements: statement 0 is for the first three, statement 1 for the rest, 2 was rejected."""
    n, m = len(ids), len(texts)
    like, dislike = (scale.high, scale.low)
    cells = [(i, j, like if (i < 3) == (j == 0) else dislike) for i in range(n) for j in range(m) if (i + j) % 5]
    rows, columns, values = zip(*cells, strict=True)
    answers = Answers.of(rows, columns, values, scale) if votes else Answers.none(scale)
    return Profile(
        Agents(
            ids,
            tuple((f"{said} ({i})", texts[2]) for i in range(n)),
            masses_of([1.0, 2.0, 1.0, 1.0, 1.0, 1.0]) if weights else None,
            groups={label: tuple(label if i % 2 else "" for i in range(n))},
        ),
        Statements(
            tuple(f"s{j}" for j in range(m)),
            texts,
            moderation=np.array([1, 1, -1, 0], dtype=np.int8),
            provenance=tuple(Provenance("submitted", (ids[j],), note) for j in range(m)),
        ),
        answers,
        notes=(Note("dropped", note, 3, (note,)),) if note else (),
        topic=topic,
        facts={"attribution": f"Data: {said}", "licence": "CC BY 4.0", "description": said},
    )


def case(p: Profile, mass: int, need: int) -> Coalition:
    """A coalition as the audit reports it."""
    return Coalition(
        statement=p.statements.ids[3],
        text=p.statements.texts[3],
        cost=2,
        threshold=0.75,
        mass=mass,
        need=need,
        ratio=mass / need,
        gap=0.25,
        agents=p.agents.ids[:mass],
    )


def barred(p: Profile, *, violated: bool = False, large: int = 1) -> Barred:
    """What could not be chosen: one statement said better by the slate, and one with too few answers."""
    ids, texts = p.statements.ids, p.statements.texts
    return Barred(
        statements=(
            BarredStatement("s9", "Buses, and many more of them", "too_few_answers", 2),
            BarredStatement(ids[3], texts[3], "said_better_elsewhere", 4, said_by=ids[0]),
        ),
        counts={"rejected": 1, "too_few_answers": 1, "said_better_elsewhere": 1},
        notes=("3 answers are enough here, not 10",),
        violations=(case(p, 3, 2),) if violated else (),
        d=1.5 if violated else 0.5,
        large=large,
        ask=(WorthAsking("s9", "Buses, and many more of them", 2, 1.2, 0.4, 2.1),) * (large > 0),
    )


def figured(made: View, **figures: Any) -> View:
    """The same view with other figures in its audit, by the names of its fields.

    Args:
        made: the view.
        figures: fields of `Audit`; None where there is no such figure.
    """
    record = dict(made.slate.audit or {}) | {name: to_json(value) for name, value in figures.items()}
    return replace(made, slate=replace(made.slate, audit=record))


def audit(p: Profile, *, violated: bool, draws: bool, notes: tuple[str, ...]) -> Audit:
    """An audit, every figure by hand."""
    hit = case(p, 3 if violated else 1, 2)
    hits = (hit,) if violated else ()
    voted = len(p.answers) > 0
    justified = Axiom(holds=True, ratio=0.5, satisfaction=0)
    spread = Spread(median=0.61, p95=1.2, violated=0.25, draws=20, slates=1)
    per = StatementFigures(
        mass=3,
        people=3,
        mean=0.9,
        min=0.4,
        answered=2 * voted,
        approve=2 * voted,
        all_answered=5 * voted,
        all_approve=2 * voted,
        all_reject=2 * voted,
        all_predicted_approve=4,
    )
    same = dict.fromkeys(("mean", "q1", "median", "q3", "min", "nash", "ce_1", "ce_2", "ce_5"), 0.75)
    return Audit(
        cbjr=Cbjr(
            violated=violated,
            violations=hits,
            frontier=((0.0, hit.ratio), (0.5, 0.25), (1.0, 0.0)),
            pool_size=3,
            worst=hit,
        ),
        bjr=None,
        cjr=Axiom(holds=not violated, ratio=hit.ratio, witness=hit),
        jr=justified,
        ejr_plus=justified,
        utility=Welfare(**same, gini=0.1, own_is_favourite=0.8, represented=5 / 6),
        balanced=True,
        certificate=CertificateRecord(
            known=KnownAnswers(
                violations=hits if voted else (),
                d=hit.ratio,
                worst=hit if voted else None,
                answered=0.8 * voted,
                own_statement_answered=4 * voted,
                own_statement_approved=3 * voted,
                jr=justified,
                ejr_plus=justified,
            ),
            completed=CompletedAnswers(violations=len(hits), d=hit.ratio),
            draws={"slate": spread, "popular": replace(spread, violated=1.0), "random": replace(spread, slates=10)}
            if draws
            else None,
            worst_case=WorstCase(2.5),
        ),
        per_statement=(per, per),
        least=(
            LeastRepresented(p.agents.ids[5], utility=None, statement=None, best_in_slate=0.5),
            LeastRepresented(p.agents.ids[0], utility=0.4, statement=p.statements.ids[0], best_in_slate=0.4),
        ),
        excluded={"locked_out": 1, "too_short": 0, "too_long": 0},
        notes=notes,
    )


def view(p: Profile | None = None, *, violated: bool = False, draws: bool = True, notes: tuple[str, ...] = ()) -> View:
    """A slate of two statements over a profile; the last of the six is represented by neither."""
    p = profile() if p is None else p
    voted = len(p.answers) > 0
    ids = p.agents.ids
    statements = tuple(
        SlateStatement(p.statements.ids[j], p.statements.texts[j], 2, people, p.statements.provenance[j])
        for j, people in ((0, ids[:3]), (1, ids[3:5]))
    )
    process = ProcessRecord(
        id="democratic-fast",
        options=Options(locked_in=(statements[0].id,)),
        rounds=tuple(RoundRecord(s.id, level=1.0, support=3, tied=("s3",), tied_agents=1) for s in statements),
        ties=2,
    )
    reliability = HeldOutRecord(accuracy=0.8123, n_held_out=12, n_sided=10, calibration_error=0.034)
    slate = Slate(
        statements=statements,
        unassigned=ids[5:],
        budget=5,
        unit="words",
        n_agents=len(ids),
        process=to_json(process),
        engine=to_json(EngineRecord(name="embedded", model="low-rank")),
        audit=audit(p, violated=violated, draws=draws and voted, notes=notes).as_dict(),
        reliability=to_json(reliability) if voted else None,
        ledger={"calls": 0, "input_tokens": 0, "output_tokens": 0, "cached": 0},
        source=to_json(
            SourceRecord(
                format="polis",
                topic=p.topic,
                statements=p.n_statements,
                pool=3,
                answers=len(p.answers),
                fingerprint="ab" * 32,
                notes=tuple(Counted(n.kind, n.what, n.count, n.where) for n in p.notes),
            )
        ),
        version="0.1.0",
    )
    own = np.array([1.0, 1.0, 0.5, 1.0, 0.0, -np.inf])
    return View(
        profile=p,
        slate=slate,
        own=np.where(np.isfinite(own), own * p.answers.scale.utility_range[1], own),
        positions=np.arange(12, dtype=np.float64).reshape(6, 2) ** 1.5,
        diagnosis=replace(
            doctor(p),
            silent=0,
            moderation={"accepted": 2, "pending": 1, "rejected": 1},
            by_value={"1": 3, "-1": 9},
        ),
        source="town/",
        command="folkmoot slate town/ --budget 5",
    )


def hostile(text: str) -> View:
    """A view with that text wherever participants, or the source, have a say."""
    ids = tuple(f"{text}#{i}" for i in range(6))
    texts = (text, f"{text} 1", f"{text} 2", f"{text} 3")
    p = profile(texts, ids=ids, said=text, topic=text, label=text, note=text)
    made = view(p, violated=True, notes=(text,))
    return replace(made, source=text, command=f"folkmoot slate {text} --budget 5")


CASES: dict[str, View] = {
    "votes": view(),
    "violated": view(violated=True),
    "no draws": view(draws=False),
    "texts": view(profile(votes=False), notes=(STANCE,)),
    "ratings": view(profile(scale=RATING)),
    "approvals": view(profile(scale=Scale("approval", 0.0, 1.0, complete=True))),
    "weighted": view(profile(weights=True)),
    "left out": view(profile(note="empty rows")),
    "no map": replace(view(), positions=None),
    "agreement": figured(
        view(),
        agreement=Agreement(5, 4, 3, 3.6),
        popular=Agreement(6, 4, 2, 3.9),
        divisive=Divisive(2, "s3", "A pool", 0.4),
    ),
    "barred": figured(view(), barred=barred(profile())),
    "not audited": replace(view(), slate=replace(view().slate, audit=None)),
}
