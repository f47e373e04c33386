"""The study of the certificate's calibration: its parts by hand and by brute force, and its shape on small towns."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from folkmoot.formats import read
from folkmoot.processes import Round, Selection, find
from folkmoot.profile import InputError
from folkmoot_studies.calibration import study
from folkmoot_studies.calibration.blocks import Block, blocks, budgeted, dense


def town(folder: Path, seed: int, answered: float = 0.99) -> Path:
    """Seventy people in two camps vote on 24 statements, nearly all on every one."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    camp = rng.random(70) < 0.5
    lean = rng.random((2, 24))
    votes = np.where(rng.random((70, 24)) < np.where(camp[:, None], lean[0], lean[1]), 1, -1)
    votes = np.where(rng.random((70, 24)) < answered, votes, 9)
    head = "comment-id,author-id,agrees,disagrees,moderated,comment-body"
    rows = [
        f"{j},{j},{(votes[:, j] == 1).sum()},{(votes[:, j] == -1).sum()},1,We should do thing {j} about our town"
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


@pytest.fixture(scope="module")
def block(tmp_path_factory: pytest.TempPathFactory) -> Block:
    profile = read(town(tmp_path_factory.mktemp("town") / "t", 1))
    (found,) = blocks(profile, (20, 40), 0.5, 0, 0)
    return budgeted(found, profile, "statements", study.ROOM)


def test_a_block_holds_who_answered_everything_of_it(block: Block, tmp_path: Path) -> None:
    assert block.truth.shape == (len(block.rows), 20)
    assert not np.isnan(block.truth).any()
    assert 0.4 < block.hidden.mean() < 0.6
    assert block.problem.budget == 5
    profile = read(town(tmp_path / "t", 2, 0.8))
    rows, columns = dense(profile, 3)
    known = ~np.isnan(profile.dense(profile.pool(False)))
    assert (known[np.ix_(rows, columns)]).all()
    others = np.setdiff1d(np.arange(profile.n_agents), rows)
    assert not known[np.ix_(others, columns)].all(axis=1).any()


def test_draws_keep_what_was_shown_and_are_the_certificates(block: Block) -> None:
    known = ~block.hidden
    for together in study.TOGETHER:
        drawn = list(block.draws(12, together))
        assert all((one[known] == block.truth[known]).all() for one in drawn)
    plain = list(block.draws(3, 0.0))
    again = block.completed.draw(block.seed, 2).utilities(block.rows, block.columns)
    assert (plain[2] == again).all()


def test_what_is_drawn_together_has_the_same_chances_and_goes_together(block: Block) -> None:
    hidden = block.hidden
    apart, close = (np.array(list(block.draws(150, together))) for together in (0.0, 0.6))
    assert abs(apart[:, hidden].mean() - close[:, hidden].mean()) < 0.02

    def scatter(draws: np.ndarray) -> float:
        """How much a person's mean over hidden answers varies from draw to draw."""
        means = np.where(hidden, draws, np.nan)
        return float(np.nanmean(np.nanmean(means, axis=2).var(axis=0)))

    assert scatter(close) > 2 * scatter(apart)


def test_complaints_by_the_definition(block: Block) -> None:
    rng = np.random.default_rng(5)
    selection = find("random").run(block.problem, rng)
    for _ in range(10):
        values = rng.integers(0, 3, block.truth.shape) / 2
        own = np.array([values[i, selection.candidates[place]] for i, place in enumerate(selection.assignment)])
        need = -(-len(values) // block.problem.budget)
        largest = max(
            int(((values[:, a] >= theta) & (own < theta)).sum())
            for a in range(20)
            if a not in selection.candidates
            for theta in (0.5, 1.0)
        )
        assert study.complaint(block, selection, values) == pytest.approx(largest / need)


def test_what_unhappy_people_want_by_hand() -> None:
    hidden = np.array([[False, True, True], [False, True, False], [False, False, True]])
    here: Any = SimpleNamespace(hidden=hidden, problem=SimpleNamespace(approval=0.75, pool=SimpleNamespace(size=3)))
    selection = Selection((Round(0, np.array([0, 1, 2]), None, 3),), 3)
    values = np.array([[0.0, 1.0, 0.0], [0.5, 1.0, 1.0], [1.0, 1.0, 1.0]])
    # The third agrees with theirs; of the three hidden answers outside of the others two agree.
    assert study.want(here, selection, values) == pytest.approx(2 / 3)
    assert np.isnan(study.want(here, selection, np.ones((3, 3))))


def test_the_error_is_over_conversations_and_splits() -> None:
    def one(name: str, split: int, chance: float, violated: float) -> study.Result:
        return study.Result(name, split, "words", "robust", 0.5, 0.0, chance, violated, 1.0, 1.0, np.nan, np.nan)

    group = [one("a", 0, 0.5, 0.0), one("a", 0, 0.7, 1.0), one("a", 1, 0.2, 0.0), one("b", 0, 0.4, 0.0)]
    found = study.compared(group, "chance", "violated")
    # Means of three clusters: .6 - .5, .2 - 0, .4 - 0.
    assert found["predicted"] == pytest.approx(0.4)
    assert found["found"] == pytest.approx(0.5 / 3, abs=1e-6)
    assert found["difference"] == pytest.approx(0.7 / 3, abs=1e-6)
    assert found["error"] == pytest.approx(np.std([0.1, 0.2, 0.4], ddof=1) / np.sqrt(3), abs=1e-6)
    assert study.compared(group, "wanting", "wanted")["predicted"] is None


def test_small_towns(tmp_path: Path) -> None:
    for seed in range(2):
        town(tmp_path / f"town-{seed}", seed)
    options: dict[str, Any] = {"processes": ("popular", "random"), "only": "statements", "instances": 1}
    found = study.run(tmp_path, **options)
    assert found == study.run(tmp_path, **options)
    # Two towns, two shares hidden, one size, two methods, for each kind of draws.
    assert [row["audits"] for row in found["rows"] if row["name"] == "all"] == [8, 8, 8]
    assert sum(row["audits"] for row in found["bins"]) == 8
    json.loads(json.dumps(found, allow_nan=False))
    text = study.table(found)
    assert "as the certificate draws" in text
    assert "town-1" in text


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no conversations here"):
        study.run(tmp_path / "nowhere")
    with pytest.raises(InputError, match="unknown unit"):
        study.run(town(tmp_path / "a" / "t", 1).parent, only="pages")
    with pytest.raises(InputError, match="no dense block"):
        study.run(town(tmp_path / "b" / "t", 1, 0.5).parent, instances=1)


PAGE = Path(__file__).parents[2] / "docs" / "studies" / "calibration.md"
SMALLEST = "15-per-hour-seattle"


@pytest.mark.replication
def test_the_page_is_what_the_study_prints(shared: Path, tmp_path: Path) -> None:
    """The rows of the conversation with the fewest audits; all six take five minutes of processor time."""
    (tmp_path / SMALLEST).symlink_to(shared / "polis" / SMALLEST)
    here = [line.rstrip() for line in study.table(study.run(tmp_path)).splitlines() if SMALLEST in line]
    there = [line.rstrip() for line in PAGE.read_text(encoding="utf-8").splitlines() if SMALLEST in line]
    # One row for every kind of draws.
    assert len(here) == len(study.TOGETHER)
    assert here == there
