"""The example of max-min training: the worst-off kind does better than with one pooled reward, as its page says."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
FILE = ROOT / "examples" / "maxmin-policy" / "train.py"

pytestmark = pytest.mark.long


@pytest.fixture
def example() -> ModuleType:
    pytest.importorskip("torch", reason="torch is not installed; it comes with the extra trl")
    spec = importlib.util.spec_from_file_location("maxmin_policy", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.filterwarnings("default")
def test_max_min_raises_the_worst_off_kind_where_one_reward_lowers_it(example: ModuleType) -> None:
    found = example.run(seed=1, steps=100)
    assert found.kinds == 2
    assert found.agreement > 0.9
    assert min(found.pooled) < 0.0
    assert min(found.max_min) > 0.5
    assert found.pooled[0] > found.max_min[0]  # nothing is for nothing: those who like kind words give something up
