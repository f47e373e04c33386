"""alpha-JR by cosines and by votes: the same people, the same slates, two verdicts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from conversations import write_conversation
from folkmoot.profile import InputError
from folkmoot.queries import ClosedPool
from folkmoot_studies.bounds import questions


def test_the_area_counts_ties_half() -> None:
    assert questions.larger(np.array([0.5, 0.2]), np.array([0.2])) == 0.75
    assert questions.larger(np.array([]), np.array([0.2])) == 0.5


def test_alpha_of_a_pool() -> None:
    values = np.zeros((16, 9))
    values[:8, 8] = 1.0
    pool = ClosedPool(questions.Fixed(values), np.arange(9), np.ones(9, dtype=np.int64))
    # Half of 16 people want the ninth statement, four shares of two.
    assert questions.alpha(pool, np.arange(8)) == 4.0
    assert questions.alpha(pool, np.arange(1, 9)) == 0.0


def test_conversations_without_enough_authors_are_left_out(tmp_path: Path) -> None:
    pytest.importorskip("wordllama")
    write_conversation(tmp_path / "talk" / "c")
    found = questions.run(tmp_path / "talk")
    assert all(one["authors"] > questions.K for one in found["conversations"])
    with pytest.raises(InputError, match="no conversation"):
        questions.run(tmp_path / "nowhere")


@pytest.mark.data
@pytest.mark.long
def test_cosines_do_not_tell_stance_on_real_conversations(shared: Path) -> None:
    pytest.importorskip("wordllama")
    found = questions.run(shared / "polis")["conversations"]
    assert len(found) == 6
    for one in found:
        assert 0.4 < one["auc"] < 0.65
        by_votes, by_cosine = one["slates"]["bjr on votes"], one["slates"]["bjr on cosine"]
        assert by_votes["votes"] < 1 < by_votes["cosine"]
        assert by_cosine["cosine"] < 1
    assert sum(one["slates"]["bjr on cosine"]["votes"] >= 1 for one in found) == 3
