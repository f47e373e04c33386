"""What a study declares is what its module has, and the package comes in through the entry point."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from inspect import signature

import pytest

from folkmoot.profile.plugins import plugins
from folkmoot.slates.studies import STUDIES


def test_the_package_is_a_plugin_like_any_other() -> None:
    assert [plugin.error for plugin in plugins() if plugin.distribution == "folkmoot-studies"] == [""]
    assert len(STUDIES) == 21


@pytest.mark.parametrize("id", STUDIES)
def test_a_study_declares_what_it_takes(id: str) -> None:
    study = STUDIES[id]
    takes = [name for name in signature(study.run).parameters if name != "report"]
    assert sorted(takes) == sorted(study.takes)
    assert study.reports == ("report" in signature(study.run).parameters)
    assert study.draws == (study.draw is not None) == hasattr(import_module(study.module), "draw")
    assert callable(study.table)
    assert study.about


def test_listing_the_studies_imports_none_of_them() -> None:
    program = """
import sys
from folkmoot.slates.studies import STUDIES
assert "synthetic" in list(STUDIES)
print(*sorted(name for name in sys.modules if name.startswith("folkmoot_studies.") and not name.endswith("_version")))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
