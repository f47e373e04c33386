"""What this package brings is as it declares: the tests that every plugin can have."""

from __future__ import annotations

import pytest

from folkmoot.formats import FORMATS
from folkmoot.preferences import MODELS
from folkmoot.processes import PROCESSES
from folkmoot.testing import Case, check_format, check_model, check_process


@pytest.mark.parametrize(
    "case",
    [
        *check_process.cases(PROCESSES["turns"]),
        *check_format.cases(FORMATS["minutes"]),
        *check_model.cases(MODELS["popularity"]),
    ],
    ids=str,
)
def test_conformance(case: Case) -> None:
    case()
