"""What a note advises works: given beside the same options it is not refused, and does what the note says."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import folkmoot as fm
from conversations import write_conversation
from folkmoot.profile import Agents, Answers, Profile, Slate, Statements
from folkmoot.report.tasks import tasks
from folkmoot.slates.evidence import evidence

WORDS = ("buses", "schools", "parks", "rents", "trees", "traffic", "shops", "taxes", "music", "water", "fire", "snow")


def sparse(seed: int, answered: float, moderated: bool) -> Profile:
    """Forty people and twelve statements of which some have few answers."""
    rng = np.random.default_rng([81, seed])
    n, m = 40, 12
    share = np.where(rng.random(m) < answered, 0.5, 0.12)
    rows, columns = np.nonzero(rng.random((n, m)) < share)
    texts = tuple(f"We need better {word} in all of the town" for word in WORDS[:m])
    states = rng.integers(0, 2, m).astype(np.int8) if moderated else np.ones(m, dtype=np.int8)
    return Profile(
        Agents(tuple(f"p{i}" for i in range(n))),
        Statements(tuple(f"s{a}" for a in range(m)), texts, moderation=states),
        Answers.of(rows, columns, rng.choice([-1.0, 1.0, 1.0], len(rows))),
    )


def notes(slate: Slate) -> list[str]:
    assert slate.audit is not None
    return list(slate.audit["notes"])


@pytest.mark.long
def test_every_advice_works() -> None:
    met: Counter[str] = Counter()
    for seed in range(36):
        profile = sparse(seed, (0.1, 0.5, 0.9)[seed % 3], seed % 2 == 1)
        options: dict[str, Any] = {
            "unit": "statements",
            "draws": 0,
            "process": ("popular", "democratic-fast")[seed % 2],
        }
        options |= ({}, {"all_eligible": True}, {"locked_in": ("s1",)}, {"no_fill": True})[seed % 4]
        budget = (3, 6, 14)[(seed // 3) % 3]
        slate = fm.slate(profile, budget, **options)
        answers = dict(zip(profile.statements.ids, evidence(profile).tolist(), strict=True))
        for note in notes(slate):
            if "answered by fewer than 10" in note:
                if "--min-answers 10" not in note:
                    met["few answers, no advice"] += 1
                    continue
                other = fm.slate(profile, budget, min_answers=10, **options)
                few = {s.id for s in other.statements if answers[s.id] < 10}
                assert few <= set(options.get("locked_in", ())), (seed, note)
                assert bool(few) == ("but for those that are locked in" in note)
                met["--min-answers"] += 1
            elif "never accepted" in note:
                if "--strict" not in note:
                    met["pending, no advice"] += 1
                    continue
                other = fm.slate(profile, budget, strict=True, **options)
                assert not any("never accepted" in each for each in notes(other)), (seed, note)
                met["--strict"] += 1
            elif match := re.search(r"with --budget (\d+) nobody is", note):
                assert not fm.slate(profile, int(match.group(1)), **options).unassigned, (seed, note)
                met["--budget"] += 1
            elif "--process bjr" in note:
                other = fm.slate(profile, budget, **{**options, "process": "bjr"})
                assert len(other.statements) == budget, (seed, note)
                assert not other.unassigned
                met["--process"] += 1
    assert set(met) >= {"few answers, no advice", "--min-answers", "pending, no advice", "--strict", "--budget"}, met


def test_nothing_is_advised_that_would_be_refused() -> None:
    """Of twelve statements none has ten answers: asking for ten would leave nothing to choose from."""
    profile = sparse(3, 0.0, moderated=False)
    assert evidence(profile).max() < 10
    slate = fm.slate(profile, 3, unit="statements", process="popular", draws=0)
    (few,) = [note for note in notes(slate) if "answered by fewer than 10" in note]
    assert few == "3 of the 3 statements were answered by fewer than 10 people, the rest is predicted."


def test_a_slate_by_hand_gets_no_advice_on_choosing() -> None:
    profile = sparse(3, 0.0, moderated=True)
    by_hand = fm.audited(profile, Slate.from_json('["s0", "s1", "s2"]'), draws=0)
    assert any("answered by fewer than 10" in note for note in by_hand.audit.notes)
    assert not any("--" in note for note in by_hand.audit.notes)


def test_a_budget_that_holds_hardly_a_statement_is_named(tmp_path: Path) -> None:
    profile = fm.read(write_conversation(tmp_path / "c"))
    few = " ".join(task.words for task in tasks(fm.slate(profile, 10, draws=0)))
    assert "The budget (10) holds only one statement" in few
    for goal in ({"budget": 40}, {"budget": 2, "unit": "statements"}):
        enough = " ".join(task.words for task in tasks(fm.slate(profile, **goal, draws=0)))
        assert "holds only" not in enough


def test_a_source_with_nothing_to_choose_from_says_why() -> None:
    pytest.importorskip("wordllama")
    with pytest.raises(fm.InputError, match=r"can stand as a statement \(sentences of fewer than 3 words.*: 2\)"):
        fm.slate(fm.read(["More buses", "Fewer cars"]))
    accepted = sparse(0, 0.5, moderated=False)
    for state, strict, match in ((-1, False, "moderation rejected all"), (0, True, "moderation has accepted none")):
        states = np.full(accepted.n_statements, state, dtype=np.int8)
        barred = replace(accepted, statements=replace(accepted.statements, moderation=states))
        with pytest.raises(fm.InputError, match=match):
            fm.slate(barred, 3, unit="statements", strict=strict)
