"""Engines: one registry, one protocol, and a layer that fits around any of them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

import folkmoot as fm
from conversations import write_conversation
from folkmoot.engines import ENGINES, Prepared, Task, WeighedEngine, engine, find
from folkmoot.engines.embedded import candidates, prepare
from folkmoot.processes import PROCESSES, WRITTEN, Problem, Process, Selection
from folkmoot.processes import find as find_process
from folkmoot.profile import InputError, Options, Profile
from language_model import Obedient, profile_of
from repeated_survey import write_survey


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    return fm.read(write_conversation(tmp_path_factory.mktemp("town") / "conversation"))


@dataclass(frozen=True)
class Backwards:
    """An engine of somebody else's: it offers the first statements only, and chooses the last of them."""

    task: Task

    @property
    def process(self) -> Process:
        return find_process("popular")

    def candidates(self, profile: Profile) -> Backwards.Few:
        return self.Few(self.task, candidates(profile))

    @dataclass(frozen=True)
    class Few:
        task: Task
        profile: Profile

        def prepare(self, profile: Profile) -> Prepared:
            return replace(prepare(profile, self.task.options.predict), description={"name": "backwards"})

        def choose(self, problem: Problem, rng: np.random.Generator) -> Selection:
            locked = tuple(range(problem.pool.size - 3))
            return find_process("popular").run(replace(problem, locked_out=locked), rng)


def test_every_engine_has_its_usual_process_among_those_it_can_run(profile: Profile) -> None:
    for id, entry in ENGINES.items():
        usual = entry.usual(profile)
        made = entry.make(Task(Options(engine=id, process=usual), 30, "words", model=Obedient()))
        assert made.process in (*PROCESSES.values(), *WRITTEN.values())
        assert made.process is {**PROCESSES, **WRITTEN}[usual]
        assert entry.about


def test_what_they_bring_fits_the_protocol() -> None:
    """Whether statements lay there or are written, they are prepared and chosen from in the same way."""
    source = profile_of()
    for id, entry in ENGINES.items():
        task = Task(Options(engine=id, process=entry.usual(source)), 30, "words", model=Obedient())
        brought = entry.make(task).candidates(source)
        made = brought.prepare(brought.profile)
        assert made.description["name"] == id
        assert made.profile.n_statements == brought.profile.n_statements > 0
        values = made.disc.utilities(np.arange(made.profile.n_agents), np.arange(made.profile.n_statements))
        assert np.isfinite(values).all()
        assert (made.source is not None) == entry.judges


def test_an_engine_of_somebody_elses_is_chosen_from_and_audited(profile: Profile) -> None:
    engine(id="backwards", about="the last statements", usual=lambda _: "popular")(Backwards)
    try:
        slate = fm.slate(profile, 2, unit="statements", engine="backwards", draws=0)
        last = {profile.statements.ids[int(column)] for column in profile.pool()[-3:]}
        assert {s.id for s in slate.statements} <= last
        assert slate.engine == {"name": "backwards"}
        found = fm.audited(profile, slate)
        assert fm.compare(profile, slate, found, fm.rerun(profile, slate)).differs == ()
    finally:
        ENGINES.forget("backwards")


def test_the_layer_of_weights_leaves_the_engine_as_it_is(tmp_path: Path) -> None:
    from folkmoot.formats.repeats import repeats

    table, _ = write_survey(tmp_path)
    source = fm.read(table)
    task = Task(Options(process="robust"), 3, "statements")
    plain = find("embedded").make(task)
    layer = WeighedEngine(plain, repeats(table, source), task)
    assert layer.process is plain.process
    brought = layer.candidates(source)
    made, bare = brought.prepare(brought.profile), plain.candidates(source).prepare(brought.profile)
    assert made.weighing is not None
    assert bare.weighing is None
    rows, columns = np.arange(source.n_agents), np.arange(source.n_statements)
    assert (made.weighing.plain.disc.utilities(rows, columns) == bare.disc.utilities(rows, columns)).all()
    assert (made.disc.utilities(rows, columns) != bare.disc.utilities(rows, columns)).any()
    assert {**made.description, "weights": 0} == {**bare.description, "weights": 0}


def test_slips_are_told_before_any_work(profile: Profile) -> None:
    def stop(stage: str, share: float) -> None:
        raise AssertionError(f"work has begun: {stage}")

    with pytest.raises(InputError, match="unknown engine 'oracle'; choose one of embedded, llm"):
        fm.slate(profile, 60, engine="oracle", report=stop)
    with pytest.raises(InputError, match="unknown process"):
        fm.slate(profile, 60, process="nothing", report=stop)
    with pytest.raises(InputError, match="engine='llm'"):
        fm.slate(profile, 60, process="prose", report=stop)
    with pytest.raises(InputError, match="chooses among given statements; with a language model choose one of"):
        fm.slate(profile, 60, engine="llm", process="pav", model=Obedient(), report=stop)
    with pytest.raises(InputError, match="needs a language model"):
        fm.slate(profile, 60, engine="llm", report=stop)
    with pytest.raises(InputError, match="`repeats` weighs the answers that people gave"):
        fm.slate(profile, 60, engine="llm", model=Obedient(), repeats="nowhere.csv", report=stop)


def test_knowing_all_engines_and_processes_loads_no_language_model() -> None:
    program = """
import sys
import folkmoot
from folkmoot.engines import ENGINES
from folkmoot.processes import WRITTEN
assert "llm" in ENGINES and "prose" in WRITTEN
print(*sorted(name for name in sys.modules if name == "openai" or name.startswith("folkmoot.llm")))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
