"""Tables in which nobody's own answers stand: sums, proposals with supports; refused in a sentence that is right."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_helpers import OPINIONS, refused, saved, table

from folkmoot.formats import read


@pytest.mark.parametrize(
    "header",
    [
        ("statement", "agrees", "disagrees"),
        ("Question", "Upvotes", "Downvotes"),
        ("Vorschlag", "Zustimmungen", "Ablehnungen"),
        ("comment", "group-a-votes", "group-b-votes"),
        ("idea", "likes", "percent"),
    ],
)
def test_sums_are_refused_and_the_remedy_works(header: tuple[str, str, str], tmp_path: Path) -> None:
    path = saved(tmp_path, table(header, [[text, 3 + i * i % 7, 9 - i] for i, text in enumerate(OPINIONS)]))
    message = refused(path, "each row is a statement with sums")
    assert f"`text_columns=[{header[0]!r}]`" in message
    profile = read(path, text_columns=[header[0]])
    assert sum(map(len, profile.agents.texts)) == len(OPINIONS)


def test_proposals_with_supports_are_refused(tmp_path: Path) -> None:
    rows = [[i, f"Idea {i}", text, 40 + i * i] for i, text in enumerate(OPINIONS)]
    path = saved(tmp_path, table(["id", "title", "body", "supports"], rows))
    refused(path, "each row is a proposal with how many support it.*text_columns")
    assert read(path, text_columns=["body"]).n_agents == len(OPINIONS)


@pytest.mark.parametrize("question", ["yes", "no", "supports", "votes"])
def test_people_who_rate_such_things_are_people(question: str, tmp_path: Path) -> None:
    rows = [[f"p{i}", 1 + i % 5, 1 + (i + 2) % 5] for i in range(10)]
    path = saved(tmp_path, table(["participant_id", question, "trams"], rows))
    assert read(path).n_agents == 10


def test_a_running_number_beside_opinions_is_no_sum(tmp_path: Path) -> None:
    path = saved(tmp_path, table(["No", "Your wishes?"], [[i + 1, text] for i, text in enumerate(OPINIONS)]))
    assert read(path).n_agents == len(OPINIONS)
