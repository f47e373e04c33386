"""What in a person spoke, and what of their agreement is copied from whom they follow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.profile import InputError
from folkmoot.report import render
from folkmoot.report.public.page import render_public
from folkmoot.slates.recorded import recorded


@pytest.fixture(scope="module")
def votes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty people of two camps; the even ones vote as the odd one before them does."""
    rng = np.random.default_rng(2)
    file = tmp_path_factory.mktemp("votes") / "votes.csv"
    lines = ["participant,statement,vote"]
    for i in range(30):
        for j in range(10):
            if rng.random() < 0.8:
                agrees = ((j % 2 == 0) == (i % 3 > 0)) ^ (rng.random() < 0.1)
                lines.append(f"p{i},The town should do thing number {j} before all others,{1 if agrees else -1}")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (file.parent / "follows.csv").write_text("follower,followed\n" + "".join(f"p{i},p{i + 3}\n" for i in range(20)))
    (file.parent / "wrong.csv").write_text("follower,followed\nx,y\n")
    (file.parent / "names.csv").write_text("a,b\nx,y\n")
    return file


@pytest.mark.long
def test_a_graph_of_follows_reaches_the_model_and_influence_is_said(votes: Path) -> None:
    profile = fm.read(votes, follows=votes.parent / "follows.csv")
    slate = fm.slate(profile, 3, unit="statements", predict="social-poisson", draws=0)
    assert recorded(slate).engine.parameters["follows"] == 20
    audit = recorded(slate).audit
    assert audit is not None
    notes = [note for note in audit.notes if "follow somebody" in note]
    assert notes[0].startswith("20 people follow somebody.")
    assert fm.audit(profile, slate).notes == audit.notes
    plain = fm.slate(fm.read(votes), 3, unit="statements", predict="social-poisson", draws=0)
    assert recorded(plain).engine.parameters["follows"] == 0
    assert not any("follow somebody" in note for note in recorded(plain).audit.notes)  # type: ignore[union-attr]


def test_a_graph_that_does_not_fit_is_refused(votes: Path) -> None:
    with pytest.raises(InputError, match="`predict='social-poisson'`"):
        fm.slate(fm.read(votes, follows=votes.parent / "follows.csv"), 3, unit="statements")
    with pytest.raises(InputError, match="nobody in it is a participant"):
        fm.read(votes, follows=votes.parent / "wrong.csv")
    with pytest.raises(InputError, match="follower and followed"):
        fm.read(votes, follows=votes.parent / "names.csv")


def test_personas_say_what_spoke_to_staff_alone(votes: Path) -> None:
    slate = fm.slate(fm.read(votes), 3, unit="statements", predict="personas", draws=0)
    view = slate.view
    assert view is not None
    assert view.spoken
    texts = set(view.profile.statements.texts)
    own = {agent: statement.text for statement in slate.statements for agent in statement.agents}
    for agent, said in view.spoken.items():
        assert set(said) <= texts - {own[agent]}
        assert len(said) <= 3
    assert "What in them speaks for their statement" in render(view)
    assert "What in them speaks" not in render_public(slate).html
