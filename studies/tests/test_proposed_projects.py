"""Projects that are proposed: an audit of the pool says less than one of everything that could have been proposed."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.profile import InputError
from folkmoot_studies.cities import proposed
from folkmoot_studies.streams import numbers
from folkmoot_studies.synthetic.world import ISSUES, OPINIONS, Crowd, Opinions, Universe


@pytest.fixture(scope="module")
def city() -> Crowd:
    universe = Universe.drawn(0)
    opinions = numbers(0, 71, 0).integers(1, OPINIONS + 1, (proposed.AGENTS, ISSUES))
    return Crowd(Opinions(opinions, universe), universe, np.arange(len(universe.costs)), universe.costs)


def test_residents_propose_what_they_like_best(city: Crowd) -> None:
    projects = proposed.proposed(city, "residents", 10, np.random.default_rng(0))
    values = city.utilities(city.agents, projects)
    # Somebody is fully served on all issues that the project takes.
    assert (values.max(axis=0) == 2 * city.costs[projects]).all()


def test_the_pool_is_never_worse_than_the_truth(city: Crowd) -> None:
    projects = proposed.proposed(city, "generator", 20, np.random.default_rng(1))
    _, in_pool, among_all, overrun = proposed.judged(city, projects, city.costs[projects])
    assert 0 <= in_pool <= among_all
    # At true prices nothing is spent that is not there.
    assert overrun == 0


def test_prices_that_are_too_low_overrun_the_budget(city: Crowd) -> None:
    projects = proposed.proposed(city, "generator", 20, np.random.default_rng(1))
    low = np.maximum(city.costs[projects] - 1, 1)
    assert proposed.judged(city, projects, low)[3] > 0


@pytest.mark.long
def test_few_proposals_hide_what_is_missing() -> None:
    found = proposed.run(instances=6)
    cells = {(cell["source"], cell["proposals"]): cell for cell in found["cells"]}
    for source in proposed.SOURCES:
        few, many = cells[source, 10], cells[source, 160]
        assert few["violated_all"] > few["violated_pool"]
        assert many["d_all"] < few["d_all"]
    assert "over budget" in proposed.table(found)
    with pytest.raises(InputError, match="2 instances"):
        proposed.run(instances=1)
