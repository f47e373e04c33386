"""Whoever does the work, and whoever is killed while at it: the slate is the same, byte for byte."""

from __future__ import annotations

import gc
import os
import signal
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

import pytest
from made_up import camps, large

from folkmoot.preferences.models import text_similarity
from folkmoot.preferences.models.text_similarity import Embedding
from folkmoot.profile import Options
from folkmoot.profile.executors import Executor, InProcess, Pool, current, executor_of, working_on
from folkmoot.profile.options import Goal
from folkmoot.scale.route import large_slate

pytestmark = pytest.mark.long
GOAL, OPTIONS = Goal(5, "statements"), Options(draws=2, min_length=0)


def made(folder: Path, executor: Executor, progress: Any = None) -> str:
    """The slate of 900 people in nine shards, 300 of them fitted."""
    folder.mkdir()
    tell = progress or (lambda stage, share: None)
    source = large(camps(900), folder, 100)
    return large_slate(source, GOAL, OPTIONS, folder, executor, people=300, progress=tell).to_json()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What one process makes."""
    return made(tmp_path_factory.mktemp("alone") / "run", InProcess())


def slowly(task: tuple[Path, int]) -> int:
    """Says which process is at work, and takes its time."""
    folder, number = task
    (folder / f"{number}-{os.getpid()}").touch()
    time.sleep(0.15)
    return number * number


def killed_in_mid_run(folder: Path, executor: Executor) -> tuple[list[int], set[str]]:
    """What comes back when the first worker that has said who it is is killed, and who was at work."""

    def kill() -> None:
        while not (there := [file.name for file in folder.iterdir() if file.name.startswith("3-")]):
            time.sleep(0.01)
        os.kill(int(there[0].partition("-")[2]), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    results = list(executor.map(slowly, [(folder, number) for number in range(12)]))
    killer.join()
    return results, {file.name.partition("-")[2] for file in folder.iterdir()}


def test_a_pool_goes_on_without_a_worker_that_was_killed(tmp_path: Path) -> None:
    pool = Pool(2)
    results, who = killed_in_mid_run(tmp_path, pool)
    pool.close()
    assert results == [number * number for number in range(12)]
    assert len(who) > 2  # others took over


def test_two_workers_make_the_same_bytes_also_when_one_is_killed(tmp_path: Path, alone: str) -> None:
    pool, killed = Pool(2), []

    def tell(stage: str, share: float) -> None:
        if stage in ("predicting for everybody", "auditing everybody") and stage not in killed and share < 0.5:
            killed.append(stage)
            os.kill(pool.pids[0], signal.SIGKILL)

    assert made(tmp_path / "run", pool, tell) == alone
    pool.close()
    assert len(killed) == 2


@contextmanager
def local_cluster() -> Iterator[Any]:
    """A Dask scheduler with two workers, each a process of its own."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        yield cluster


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_makes_the_same_bytes_also_when_a_worker_is_killed(tmp_path: Path, alone: str) -> None:
    with local_cluster() as cluster:
        executor = executor_of(cluster=cluster.scheduler_address)
        killed: list[str] = []
        pids = dict(executor._client.run(os.getpid))  # type: ignore[attr-defined]

        def tell(stage: str, share: float) -> None:
            if stage == "predicting for everybody" and not killed:
                killed.append(stage)
                os.kill(next(iter(pids.values())), signal.SIGKILL)

        assert made(tmp_path / "run", executor, tell) == alone
        executor.close()
        assert killed


def killed_once_while_writing(task: tuple[Path, int]) -> int:
    """Ends, the first time it has task 1, as a worker does that is killed with half of its result in the pipe."""
    folder, number = task
    if number == 1 and not (folder / "killed").exists():
        (folder / "killed").touch()
        (results,) = [one for one in gc.get_objects() if type(one) is SimpleQueue]
        results._wlock.acquire()  # type: ignore[attr-defined]
        os.write(results._writer.fileno(), struct.pack("!i", 100) + b"half of it")  # type: ignore[attr-defined]
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def test_a_worker_killed_while_it_writes_its_result_is_noticed(tmp_path: Path) -> None:
    pool = Pool(2)
    assert list(pool.map(killed_once_while_writing, [(tmp_path, number) for number in range(6)])) == [
        0,
        1,
        4,
        9,
        16,
        25,
    ]
    assert (tmp_path / "killed").exists()
    pool.close()


def embedded(executor: Executor) -> bytes:
    """The vectors of a few texts, two a task."""
    with working_on(lambda: executor):
        return Embedding().vectors([f"Statement {number} about trees" for number in range(11)]).tobytes()


def test_texts_are_embedded_by_the_workers_to_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    here = embedded(InProcess())
    monkeypatch.setattr(text_similarity, "SHARE", 2)
    pool = Pool(2)
    handed: list[int] = []
    spread = pool.map

    def counted(function: Any, tasks: Any) -> Iterator[Any]:
        handed.extend(len(task) for task in tasks)
        return spread(function, tasks)

    monkeypatch.setattr(pool, "map", counted)
    assert embedded(pool) == here
    assert handed == [2, 2, 2, 2, 2, 1]
    assert pool.pids == ()  # the end of the work is the end of the workers
    assert current().workers == 1


def test_nobody_is_made_to_work_where_there_is_nothing_to_share() -> None:
    made: list[Executor] = []

    def executor() -> Executor:
        made.append(InProcess())
        return made[-1]

    with working_on(executor):
        Embedding().vectors(["one text"])
        assert made == []
        assert current() is current()
    assert len(made) == 1
