"""Executors that are asked for in vain."""

from __future__ import annotations

import socket
import time

import pytest

from folkmoot.profile import InputError
from folkmoot.profile.executors import executor_of


@pytest.mark.parametrize("written", ["tcp://127.0.0.1:{}", "127.0.0.1:{}"])
def test_a_scheduler_that_is_not_there_is_said_at_once(written: str) -> None:
    pytest.importorskip("distributed")
    with socket.socket() as taken:
        # Bound and not listened to: nobody else can answer there.
        taken.bind(("127.0.0.1", 0))
        address = written.format(taken.getsockname()[1])
        begin = time.monotonic()
        with pytest.raises(InputError, match=r"no Dask scheduler answers at .*start one"):
            executor_of(cluster=address)
        # Dask alone would try for 20 seconds.
        assert time.monotonic() - begin < 15


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:port", "tcp://127.0.0.1", "nonsense", "tcp://:8786"])
def test_an_address_without_sense_is_an_input_error(address: str) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(InputError, match=f"no Dask scheduler answers at '{address}'"):
        executor_of(cluster=address)
