"""What the page begins with: staff are told to read it unless it is a short question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from folkmoot.profile import Slate
from folkmoot.report.opening import LONG, opening
from folkmoot.report.tasks import tasks
from folkmoot.report.text import summary
from folkmoot.report.translations import words
from public_slates import chosen


def asking(question: str) -> Slate:
    """A slate whose source says this of itself."""
    slate = chosen("votes")
    figures = dict(slate.audit or {})
    return replace(slate, view=None, audit=figures | {"public": dict(figures["public"]) | {"question": question}})


@pytest.mark.parametrize(
    "question",
    ["", "What should change in our town?", "線上叫車是否需要遵守相同的法律？歡迎大家來討論。", "ماذا نفعل؟"],
)
def test_a_short_question_or_nothing_needs_no_reading(question: str) -> None:
    assert opening(asking(question), words("en")) == ""


@pytest.mark.parametrize(
    "question",
    [
        "This HiveMind is closed. Thank you to all who voted.",
        "What next? Write to someone@example.org",
        "What next? " + "And more of the same. " * (LONG // 20),
    ],
)
def test_anything_else_is_to_be_read(question: str) -> None:
    slate = asking(question)
    said = opening(slate, words("en"))
    assert said.startswith("Above the list the page has what the source says of itself")
    assert question[:40] in said
    assert said in [one.words for one in tasks(slate)]
    assert "`--question` puts" in " ".join(summary(slate).split())
    assert "`--question` setzt" in opening(slate, words("de"))
