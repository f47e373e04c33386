"""What could not be chosen: counted, listed with what says it better, and asked about where nobody knows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from report_views import CASES, barred, figured, profile, view

from folkmoot.report import render, summary
from folkmoot.report.assumptions import assumptions
from folkmoot.report.audit_text import audit_summary
from folkmoot.report.barred import section, sentences, unshown
from folkmoot.report.facts import Facts
from folkmoot.report.numbers import ENGLISH
from folkmoot.report.verdict import verdict
from folkmoot.slates.compare import Checks
from folkmoot.slates.recorded import recorded


def test_three_parts() -> None:
    slate = CASES["barred"].slate
    assert verdict(slate, votes=True).startswith(
        "No large group is known to have been overlooked: neither by people's own answers"
    )
    assert verdict(slate, votes=True).endswith("This is about the statements that could be chosen.")
    own, ask, note = sentences(slate)
    assert own == "By people's own answers alone, no large enough group prefers a statement that could not be chosen."
    assert ask == (
        "1 statement with too few answers might have a large enough group behind it; nobody knows. It is [s9] “Buses, "
        "and many more of them”. `folkmoot ask next --only-barred` asks people about it."
    )
    assert note == "3 answers are enough here, not 10."
    printed = " ".join(summary(CASES["barred"]).split())
    assert all(words in printed for words in (ask, note))
    assert own not in printed
    audit = recorded(slate).audit
    assert audit is not None
    told = " ".join(audit_summary(slate, audit, Checks(True, None, True, ())).split())
    assert all(words in told for words in (own, ask, note))
    assert "The list was held against 3 statements that could be chosen." in told


def test_what_waits_for_moderation_is_not_asked_about() -> None:
    entries = barred(profile(), large=3)
    made = figured(view(), barred=replace(entries, waiting=3, ask=()))
    ask = sentences(made.slate)[1]
    assert ask == (
        "3 statements with too few answers might each have a large enough group behind them; nobody knows. Moderation "
        "has accepted none of them, so people do not see them: accept or reject them first."
    )
    ask = sentences(figured(view(), barred=replace(entries, waiting=2)).slate)[1]
    assert "Moderation has not accepted 2 of them" in ask
    assert "Ask first about [s9]" in ask


def test_own_answers_may_speak_up() -> None:
    made = figured(view(), barred=barred(profile(), violated=True))
    words = sentences(made.slate)[0]
    assert words.startswith(
        "By people's own answers alone, 1 statement that could not be chosen has a large enough group behind it: [s3] "
        "“A pool” (3, 2 needed)."
    )
    assert "`--lock-in`" in words
    # On the page the text is not shown: moderation accepted others and not this one.
    assert f"[s3] “{unshown(ENGLISH)}”" in (getattr(section(Facts(made)), "own", ""))


@pytest.mark.parametrize("name", ["votes", "texts", "not audited"])
def test_without_rules_nothing_is_said_of_them(name: str) -> None:
    assert sentences(CASES[name].slate) == []
    assert section(Facts(CASES[name])) is None
    assert "could be chosen" not in verdict(CASES[name].slate, votes=name != "texts")
    assert 'id="barred"' not in render(CASES[name])


def test_texts_alone_say_nothing_on_own_answers() -> None:
    made = figured(view(profile(votes=False)), barred=replace(barred(profile()), large=0, ask=()))
    assert sentences(made.slate) == ["3 answers are enough here, not 10."]


def test_every_one_is_listed_but_those_moderation_rejected() -> None:
    page = render(CASES["barred"])
    made = section(Facts(CASES["barred"]))
    assert made is not None
    assert [row.id for row in made.rows] == ["s9", "s3"]
    assert made.rows[1].said_by == "s0 (number 1)"
    assert made.rows[1].text == unshown(ENGLISH)
    assert made.questions[0].range == "40% to 210%"
    assert "1: moderation rejected it" in page.replace("<li>", "")
    assert "Set aside, says nearly the same:" in page
    assert "<code>--same s0,s3</code>" in page
    assert "A library" not in page.split('id="barred"')[1].split("</section>")[0]


def test_unmoderated_texts_are_shown_where_nobody_moderated() -> None:
    p = profile()
    nobody = replace(p, statements=replace(p.statements, moderation=np.zeros(4, dtype=np.int8)))
    made = figured(view(nobody), barred=barred(nobody))
    found = section(Facts(made))
    assert found is not None
    assert found.rows[1].text == "A pool"
    assert "also said as “A pool” (4 answers)" in summary(made)


def test_the_assumption_is_named_where_something_is_predicted() -> None:
    skips, checked = assumptions(CASES["votes"].slate)
    assert "people skip at random: that those who have not voted on a statement think of it as others do" in skips
    assert checked.startswith("The draws err on the safe side: on held-out votes of 6 conversations")
    assert len(assumptions(CASES["no draws"].slate)) == 1
    for name in ("texts", "not audited"):
        assert assumptions(CASES[name].slate) == []
    assert skips.replace("'", "&#39;") in " ".join(render(CASES["votes"]).split())
