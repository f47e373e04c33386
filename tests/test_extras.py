"""The core is small; what is missing says how to get it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.audits import reconcile
from folkmoot.preferences.models import text_similarity
from folkmoot.processes import PROCESSES, Problem, balanced_assignment
from folkmoot.processes.rules import optimal
from folkmoot.profile import MissingExtraError
from folkmoot.queries import ClosedPool
from folkmoot.slates import choose
from folkmoot.testing.instances import Matrix


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An installation without any extra: importing one fails as if it were not there."""
    for name in [*sys.modules]:
        if name.split(".")[0] in ("scipy", "altair", "vl_convert", "wordllama", "yaml", "pysat"):
            monkeypatch.delitem(sys.modules, name)
    for name in ("scipy", "scipy.optimize", "altair", "vl_convert", "wordllama", "yaml", "pysat"):
        monkeypatch.setitem(sys.modules, name, None)
    text_similarity._wordllama.cache_clear()  # it may have been loaded before
    reconcile._sat.cache_clear()
    return monkeypatch


@pytest.mark.long
def test_the_main_job_needs_the_core_alone(conversation: Path, without: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slate = fm.slate(fm.read(conversation), 60, draws=2)
    assert slate.statements
    assert slate.audit is not None
    assert slate.audit["plural"]["exposure"]["applies"]
    assert slate.to_html(tmp_path / "report.html").exists()
    assert "<svg" in slate.to_review(tmp_path / "review.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "extra"),
    [
        ({"process": "pav"}, "exact"),
        ({"process": "monroe"}, "exact"),
        ({"process": "thiele-coverage:q=0.7"}, "exact"),
        ({"predict": "social-poisson"}, "exact"),
    ],
)
def test_what_is_missing_is_said_before_the_work(
    options: dict[str, Any], extra: str, conversation: Path, without: pytest.MonkeyPatch
) -> None:
    profile = fm.read(conversation)
    begun: list[object] = []
    without.setattr(choose, "begun", lambda *_, **__: begun.append(1))
    with pytest.raises(MissingExtraError, match=rf"needs scipy; pip install 'folkmoot\[{extra}\]'"):
        fm.slate(profile, 4, unit="statements", draws=0, **options)
    assert not begun


@pytest.mark.parametrize("id", sorted(PROCESSES))
def test_every_process_that_may_call_the_solver_says_so(id: str, without: pytest.MonkeyPatch) -> None:
    """Told by what happens where there are too many committees to look at each, on an instance with few."""
    without.setattr(optimal, "FEW", 0)
    values = np.random.default_rng(3).integers(0, 3, (12, 7)).astype(float)
    problem = Problem(ClosedPool(Matrix(values), np.arange(7), np.ones(7, dtype=np.int64)), 3)
    try:
        PROCESSES[id].run(problem, np.random.default_rng(0))
    except MissingExtraError:
        assert PROCESSES[id].extra == "exact"
    else:
        assert PROCESSES[id].extra == ""


def test_texts_need_the_text_extra(tmp_path: Path, without: pytest.MonkeyPatch) -> None:
    source = tmp_path / "texts.csv"
    source.write_text("user_id,data\n1,More trees along the river.\n2,Fewer cars in the centre please.\n", "utf-8")
    with pytest.raises(MissingExtraError, match=r"pip install 'folkmoot\[text\]'"):
        fm.slate(fm.read(source), 8)


def test_abcvoting_files_need_the_yaml_extra(tmp_path: Path, without: pytest.MonkeyPatch) -> None:
    source = tmp_path / "instance.abc.yaml"
    source.write_text("profile: [[0, 1], [1]]\nnum_cand: 2\ncommitteesize: 1\n", "utf-8")
    with pytest.raises(MissingExtraError, match=r"pip install 'folkmoot\[yaml\]'"):
        fm.read(source)


def test_conflicting_answers_need_the_sat_extra(conversation: Path, without: pytest.MonkeyPatch) -> None:
    profile = fm.read(conversation)
    slate = fm.slate(profile, 60, draws=0)
    assert slate.view.conflicts is None  # the report does without
    person = next(name for name in slate.statements[0].agents)
    with pytest.raises(MissingExtraError, match=r"pip install 'folkmoot\[sat\]'"):
        fm.conflicts(profile, slate, [person])


def test_unequal_weights_need_no_extra(without: pytest.MonkeyPatch) -> None:
    bounds = np.array([1]), np.array([3])
    assert balanced_assignment(np.ones((2, 1)), *bounds, np.array([1, 2])).tolist() == [0, 0]
