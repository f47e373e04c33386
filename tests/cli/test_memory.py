"""Freed memory is kept by the command where the C library can."""

from __future__ import annotations

import ctypes
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
