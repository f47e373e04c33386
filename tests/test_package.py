"""What ``import folkmoot as fm`` offers, and that ``dir(fm)`` says so."""

from __future__ import annotations

import subprocess
import sys

import pytest

import folkmoot as fm


def fresh(program: str) -> str:
    """What a program prints in a process of its own, where nothing was loaded before."""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


def test_dir_names_what_there_is() -> None:
    assert dir(fm) == sorted(fm.__all__)
    assert {"read", "write", "slate", "audit", "axioms", "conflicts", "asking", "lotteries"} <= set(dir(fm))
    assert {"Options", "Profile", "Slate"} <= set(dir(fm))
    printed = fresh("import folkmoot as fm\nfor name in dir(fm): print(name, getattr(fm, name) is not None)")
    assert printed.split("\n")[:-1] == [f"{name} True" for name in sorted(fm.__all__)]
    # Asking for a name that is loaded late does not change what is offered.
    assert dir(fm) == sorted(fm.__all__)


def test_a_star_brings_the_same() -> None:
    printed = fresh("before = set(dir()) | {'before'}\nfrom folkmoot import *\nprint(*sorted(set(dir()) - before))")
    assert printed.split() == sorted(fm.__all__)


def test_a_name_that_is_not_there_is_said() -> None:
    name = "slates_of_hand"
    with pytest.raises(AttributeError, match=name):
        getattr(fm, name)
