"""The held-out study on small towns: its shape, and the figures of one slate by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from folkmoot.processes import Problem, Round, Selection
from folkmoot.processes.robust.samples import Samples
from folkmoot.profile import InputError
from folkmoot.queries import ClosedPool
from folkmoot.queries.levels import Numbers
from folkmoot_studies.heldout import study as heldout
from folkmoot_studies.heldout.figures import figures, means
from folkmoot_studies.heldout.slates import Split


def conversation(folder: Path, seed: int) -> Path:
    """Sixty people in two camps vote on 24 statements."""
    rng = np.random.default_rng(seed)
    camp = rng.random(60) < 0.5
    lean = rng.random((2, 24))
    folder.mkdir()
    head = "comment-id,author-id,agrees,disagrees,moderated,comment-body"
    votes = np.where(rng.random((60, 24)) < np.where(camp[:, None], lean[0], lean[1]), 1, -1)
    votes = np.where(rng.random((60, 24)) < 0.7, votes, 9)
    subjects = ("roads", "schools", "parks", "taxes", "buses", "clinics")
    rows = [
        f"{j},{j},{(votes[:, j] == 1).sum()},{(votes[:, j] == -1).sum()},1,"
        f"We should do thing {j} about the {subjects[j % 6]} of our town"
        for j in range(24)
    ]
    (folder / "comments.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    names = ",".join(str(j) for j in range(24))
    lines = [f"participant,group-id,n-comments,n-votes,n-agree,n-disagree,{names}"]
    for i, row in enumerate(votes):
        cells = ",".join("" if v == 9 else str(v) for v in row)
        lines.append(f"{i},,0,{(row != 9).sum()},{(row == 1).sum()},{(row == -1).sum()},{cells}")
    (folder / "participants-votes.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.mark.long
def test_every_method_is_scored_in_every_conversation(tmp_path: Path) -> None:
    for seed in range(2):
        conversation(tmp_path / f"town-{seed}", seed)
    methods = ("democratic-fast", "robust", "pav-predicted")
    found = heldout.run(tmp_path, processes=methods, only="statements", instances=2)
    again = heldout.run(tmp_path, processes=methods, only="statements", instances=2)
    unit = found["units"]["statements"]
    assert unit["conversations"] == again["units"]["statements"]["conversations"]
    assert set(unit["mean"]) == {"popular", "consensus", *methods}
    assert set(unit["conversations"]) == {"town-0", "town-1"}
    assert unit["mean"]["robust"]["left"] == [0.0, 0.0]
    assert unit["mean"]["robust"]["length"][0] == 10
    assert 0.5 < unit["mean"]["robust"]["cov2"][0] <= 1
    assert set(unit["aims"]["popular"]["coverage"]) == {"town-0", "town-1"}
    json.loads(json.dumps(found, allow_nan=False))
    text = heldout.table(found)
    assert "10 statements, 2 conversations, 2 splits" in text
    assert "robust" in text


@pytest.mark.long
def test_other_splits_hide_other_answers(tmp_path: Path) -> None:
    conversation(tmp_path / "town", 1)
    usual, later = (
        heldout.run(tmp_path, processes=("popular",), only=only, instances=1)
        for only in ("statements", "statements:10")
    )
    assert (usual["first"], later["first"]) == (0, 10)
    assert "1 splits from no. 10" in heldout.table(later)
    assert "from no." not in heldout.table(usual)
    figures = [found["units"]["statements"]["conversations"]["town"]["popular"] for found in (usual, later)]
    assert figures[0] != figures[1]
    both = heldout.run(tmp_path, processes=("popular",), only="statements:9", instances=2)
    assert both["units"]["statements"]["conversations"]["town"]["popular"] != figures[1]


def test_figures_of_one_slate_by_hand() -> None:
    nan = np.nan
    hidden = np.array([[1, 1, 0], [1, 0, nan], [0, 0, nan], [nan, nan, 1.0]])
    shown = np.array([[nan, nan, nan], [nan, nan, 1], [nan, nan, 0], [1, 0, nan]])

    class Known:
        n_agents, n_statements = 4, 3

        def utilities(self, agents: np.ndarray, statements: np.ndarray) -> np.ndarray:
            return np.ones((len(agents), len(statements)))

        def known(self, agents: np.ndarray, statements: np.ndarray) -> np.ndarray:
            return np.zeros((len(agents), len(statements)), dtype=bool)

    pool = ClosedPool(Known(), np.arange(3), np.ones(3, dtype=np.int64))
    here = Split(Problem(pool, 3, approval=0.75), None, shown, hidden, np.zeros(4, dtype=np.int64))  # type: ignore[arg-type]
    audit = Samples([Numbers(np.ones((4, 3)))], pool.masses, np.array([2, 2, 2]))
    rounds = (Round(0, np.array([0, 1]), None, 2), Round(1, np.array([2]), None, 1), Round(2, np.array([3]), None, 1))
    found = figures(here, audit, Selection(rounds, 4))
    # Hidden approvals 2 of 3, 1 of 2, 0 of 2, 1 of 1.
    assert found["cov1"] == pytest.approx((2 / 3 + 1 / 2 + 0 + 1) / 4)
    # At least one of two: surely with one refusal among three, surely with one of two, never.
    assert found["cov2"] == pytest.approx((1 + 1 + 0) / 3)
    assert np.isnan(found["worst_group"])
    assert found["own"] == pytest.approx((1 + 1 + 0 + 1) / 4)
    assert found["violated"] == 0
    assert found["known"] == 0
    assert means([found, found])["cov1"] == pytest.approx((found["cov1"], 0.0))


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no conversations here"):
        heldout.run(tmp_path / "nowhere")
    with pytest.raises(InputError, match="unknown unit"):
        heldout.run(conversation(tmp_path / "town", 1), only="pages")
    with pytest.raises(InputError, match="first split is a whole number"):
        heldout.run(tmp_path / "town", only="words:ten")
