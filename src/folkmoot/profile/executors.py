"""Where independent pieces of work run: in this process, in several, or on machines that a scheduler knows.

Work is handed out in coarse tasks (seconds each), and results come back in the order of the tasks, whoever was quick: a
caller that adds results up as they come gets the same bytes from one process, many, or many machines. A task must be
safe to run twice, because a task whose worker was killed is run again.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from .errors import InputError, WorkError
from .extras import require

Task = TypeVar("Task")
Result = TypeVar("Result")
#: Seconds after which a pool without news is looked at.
NOTICED = 2.0
#: How often the pool is set up again in one call of `map` before it gives up: workers that always die have a reason.
ATTEMPTS = 5


class Executor(Protocol):
    """Runs a function on tasks."""

    @property
    def workers(self) -> int:
        """How many tasks run at the same time."""

    def map(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """The results in the order of the tasks.

        Args:
            function: a function of a module (it is sent by name), safe to run twice on the same task.
            tasks: the tasks.

        Raises:
            WorkError: workers died again and again.
        """

    def close(self) -> None:
        """Ends the workers that this executor has started."""


class InProcess:
    """Runs everything here, one task after the other."""

    workers = 1

    def map(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """See `Executor.map`."""
        return map(function, tasks)

    def close(self) -> None:
        """Nothing was started."""


class Pool:
    """Runs tasks in processes on this machine; tasks of a worker that was killed are run again.

    Args:
        workers: the number of processes, at least 1.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of the worker processes that are there now."""
        processes = getattr(self._pool, "_processes", None) or {}
        return tuple(processes)

    def map(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """See `Executor.map`. A few tasks beyond those that run are handed over, so that results do not pile up."""
        left = deque(enumerate(tasks))
        running: deque[tuple[int, Task, Future[Result]]] = deque()
        failures = 0
        while left or running:
            try:
                while left and len(running) < 2 * self.workers:
                    number, task = left[0]
                    running.append((number, task, self._started().submit(function, task)))
                    left.popleft()
                result = self._result(running[0][2])
            except BrokenProcessPool:
                failures += 1
                self._drop()
                if failures >= ATTEMPTS:
                    raise WorkError(
                        f"worker processes died {failures} times; there may be too little memory: take fewer workers"
                    ) from None
                left.extendleft((number, task) for number, task, _ in reversed(running))
                running.clear()
                continue
            running.popleft()
            yield result

    def close(self) -> None:
        """Ends the processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Not forked: a fork copies locks of threads that the caller has.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.workers, context, initializer=_quiet)
        return self._pool

    def _result(self, future: Future[Result]) -> Result:
        """What a task has returned.

        A worker that is killed while it writes its result leaves half of it in the pipe and the lock of all workers
        taken: the pool itself never notices, so it is looked after here.
        """
        while not wait((future,), timeout=NOTICED).done:
            processes: dict[int, Any] = getattr(self._pool, "_processes", None) or {}
            if any(process.exitcode is not None for process in list(processes.values())):
                # What breaks the pool in the usual way is left to it.
                if wait((future,), timeout=NOTICED).done:
                    break
                raise BrokenProcessPool
        return future.result()

    def _drop(self) -> None:
        if self._pool is None:
            return
        for process in list((getattr(self._pool, "_processes", None) or {}).values()):
            process.kill()
        # Nobody writes any more: with the last end closed, whoever waits for the rest of a result finds the pipe's end.
        if (results := getattr(self._pool, "_result_queue", None)) is not None:
            results._writer.close()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None


class Cluster:
    """Runs tasks on the workers of a Dask scheduler (``distributed``), which runs those of a lost worker again.

    Every worker needs folkmoot in the same version and sees the folders that tasks name.

    Args:
        address: the address of the scheduler, like ``tcp://host:8786``.

    Raises:
        MissingExtraError: the ``cluster`` extra is not installed.
        InputError: no scheduler answers there.
    """

    def __init__(self, address: str) -> None:
        require("cluster", "spreading work over machines")
        import distributed

        client: Any = distributed.Client
        try:
            _reached(address)
            self._client: Any = client(address, timeout=20, set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError(
                f"no Dask scheduler answers at {address!r} ({error}); start one (dask scheduler), or leave `cluster`"
            ) from None

    @property
    def workers(self) -> int:
        """The number of threads that the scheduler knows now."""
        return max(1, sum(int(threads) for threads in self._client.nthreads().values()))

    def map(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """See `Executor.map`."""
        from distributed import KilledWorker

        left, running = deque(tasks), deque[Any]()
        while left or running:
            while left and len(running) < 2 * self.workers:
                # Tasks write files that others read: two equal calls are two tasks, never one cached result.
                running.append(self._client.submit(function, left.popleft(), pure=False))
            try:
                result = running.popleft().result()
            except KilledWorker as error:
                raise WorkError(
                    f"workers of the cluster died again and again ({error}); give them more memory"
                ) from None
            yield result

    def close(self) -> None:
        """Leaves the scheduler, which goes on."""
        self._client.close()


def _reached(address: str) -> None:
    """Knocks at an address once: Dask itself would go on trying for as long as a scheduler may take to start.

    Raises:
        OSError: nobody is there.
        ValueError: this is no address with a port.
    """
    where = urlsplit(address if "://" in address else f"tcp://{address}")
    if not (where.hostname and where.port):
        raise ValueError("an address is a host and a port")
    socket.create_connection((where.hostname, where.port), timeout=5).close()


def executor_of(workers: int = 1, cluster: str = "") -> Executor:
    """The executor for these options.

    Args:
        workers: the number of processes on this machine; 1: this one.
        cluster: the address of a Dask scheduler; empty: none.

    Raises:
        InputError: both are given, or no scheduler answers.
        MissingExtraError: the ``cluster`` extra is not installed.
    """
    if cluster and workers > 1:
        raise InputError("`workers` are processes of this machine, and a `cluster` has its own; give one of them")
    if cluster:
        return Cluster(cluster)
    return Pool(workers) if workers > 1 else InProcess()


_WORKING: ContextVar[Callable[[], Executor]] = ContextVar("executor", default=InProcess)


@contextmanager
def working_on(made: Callable[[], Executor]) -> Iterator[None]:
    """What is done inside and can be spread goes to one executor, which is closed at the end.

    Args:
        made: makes the executor, when there is something to spread: a scheduler is not looked for in vain.
    """
    executor = cache(made)
    token = _WORKING.set(executor)
    try:
        yield
    finally:
        _WORKING.reset(token)
        if executor.cache_info().currsize:
            executor().close()


def current() -> Executor:
    """The executor of `working_on`; this process outside of it."""
    return _WORKING.get()()


def _quiet() -> None:
    """One thread of BLAS for each process: the processes share the processors already."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
