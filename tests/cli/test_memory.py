"""Freed memory is kept by the command where the C library can."""

from __future__ import annotations

import ctypes
import gc
import sys

import pytest

from folkmoot.cli import memory


def test_a_library_without_the_option_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def other(name: str | None) -> object:
        return object()

    monkeypatch.setattr(ctypes, "CDLL", other)
    assert not memory.keep_memory()


def test_other_systems_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert not memory.keep_memory()


def test_circles_are_looked_for_less_often_than_before() -> None:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)  # what Python begins with; an earlier test may have run the command
    try:
        memory.look_less()
        assert gc.get_threshold()[0] > 700
        assert gc.isenabled()
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
