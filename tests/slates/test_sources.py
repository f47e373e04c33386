"""Figure 2 of the pilot from any run: what the ways of forming groups bring, by the utility in the middle of a draw."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from folkmoot.cli.main import app
from folkmoot.engines.protocol import Task
from folkmoot.engines.written import Written, write
from folkmoot.profile import InputError, Options
from folkmoot.slates.sources import sources
from language_model import TEXTS, Obedient, profile_of

pytest.importorskip("wordllama")


@pytest.fixture(scope="module")
def written() -> Written:
    task = Task(Options(engine="llm", validate=0, scoring="full"), 36, "words", 0)
    return write(profile_of(), task, Obedient())


@pytest.mark.long
def test_every_source_has_its_statements_and_none_beats_the_best_of_all(written: Written) -> None:
    found = sources(written, written.profile, draws=20)
    kept = [one for one in written.queries.writer.written if one.number >= 0]
    assert sum(one.statements for one in found.by_source.values()) == len(kept)
    assert (found.people, found.rank, found.draws) == (5, 3, 20)
    for one in found.by_source.values():
        assert list(one.quartiles) == sorted(one.quartiles)
        assert all(mine <= best for mine, best in zip(one.quartiles, found.maximum, strict=True))
    assert 0 < sum(one.best for one in found.by_source.values()) <= 1
    assert found == sources(written, written.profile, draws=20)
    with pytest.raises(InputError, match="at least 1"):
        sources(written, written.profile, draws=0)
    writer = replace(written.queries.writer, written=[])
    none = replace(written, queries=replace(written.queries, writer=writer))
    with pytest.raises(InputError, match="no sources to compare"):
        sources(none, written.profile)


@pytest.mark.long
def test_the_command_reads_a_run_from_its_ledger(tmp_path: Path) -> None:
    source = tmp_path / "o.csv"
    rows = [f'p{row}x,"{text}"' for row, text in enumerate(TEXTS)]
    source.write_text("\n".join(["id,opinion", *rows]), "utf-8")
    run = tmp_path / "run"
    wanted = ["--engine", "llm", "--model", "demo", "--budget", "24", "--draws", "0", "--out", str(run)]
    assert CliRunner().invoke(app, ["slate", str(source), *wanted]).exit_code == 0
    done = CliRunner().invoke(app, ["llm", "sources", str(run), "--draws", "5"])
    assert done.exit_code == 0, done.output
    assert "the best of all" in done.stdout
    source.unlink()
    done = CliRunner().invoke(app, ["llm", "sources", str(run)])
    assert "name the source with --source" in str(done.exception)
