"""The datasets of PROSE: made by their recipe, and the recorded ones held against it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from folkmoot.profile import InputError
from folkmoot_studies.prose.datasets import RECIPES, Recipe, Review, read_reviews, reviews
from folkmoot_studies.prose.study import run, table


def made_up() -> list[Review]:
    """Twelve reviews of each rating, of 20 to 79 characters; every sixth names a brand."""
    rng = np.random.default_rng(0)
    return [
        Review(str(k), 1 + k % 10, ("Glow is bad. " if k % 6 == 0 else "It is bad. ") + "x" * int(rng.integers(9, 66)))
        for k in range(120)
    ]


def test_reviews_of_a_length_without_brands_so_many_of_each_rating() -> None:
    rows = made_up()
    recipe = Recipe("made up", 0.2, 0.9, {1: 3, 9: 2})
    found = reviews(rows, recipe, ["glow"], np.random.default_rng(1))
    assert Counter(one.rating for one in found) == {1: 3, 9: 2}
    assert not any("Glow" in one.text for one in found)
    plain = sorted(len(one.text) for one in rows if "Glow" not in one.text)
    low, high = np.quantile(plain, [0.2, 0.9])
    assert all(low <= len(one.text) <= high for one in found)
    assert found == reviews(rows, recipe, ["glow"], np.random.default_rng(1))
    assert [int(one.id) for one in found] == sorted(int(one.id) for one in found)
    with pytest.raises(InputError, match="where 50 are needed"):
        reviews(rows, Recipe("made up", 0, 1, {1: 50}), [], np.random.default_rng(1))
    with pytest.raises(InputError, match="names no brand"):
        reviews(rows, recipe, ["It", "Glow"], np.random.default_rng(1))


def test_the_source_is_read_with_its_entities_and_each_text_once(tmp_path: Path) -> None:
    file = tmp_path / "drugs.tsv"
    lines = ["\tdrugName\tcondition\treview\trating", '1\tContrave\tx\t"It&#039;s good"\t9.0', '2\tOther\tx\t"No"\t1.0']
    file.write_text("\n".join([*lines, '3\tContrave\tx\t"It&#039;s good"\t9.0']), "utf-8")
    assert read_reviews(file, RECIPES["drugs_obesity_80"].drug) == [Review("1", 9, "It's good")]
    with pytest.raises(InputError, match="has no review"):
        read_reviews(file, "Aspirin")
    file.write_text("a,b\n", "utf-8")
    with pytest.raises(InputError, match="no table of drug reviews"):
        read_reviews(file, "Contrave")


def test_the_recorded_sets_are_made_as_the_paper_says(shared: Path) -> None:
    found = run(shared / "prose", only="data")
    said = {name: entry["data"]["as_said"] for name, entry in found["runs"].items()}
    assert said == {
        "drugs_80": True,
        "drugs_80_extreme_middle": True,
        "drugs_obesity_80": None,
        "bowlinggreen_41": None,
    }
    assert found["runs"]["bowlinggreen_41"]["data"]["same"] == 41
    assert "41 of them wrote in the bundled export" in table(found)
