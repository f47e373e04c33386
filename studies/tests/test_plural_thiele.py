"""The parts on Thiele's rules and on personas: their worlds are as described, and what they claim is met."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot_studies.plural import copying as plural_copying
from folkmoot_studies.plural import personas as plural_personas
from folkmoot_studies.plural import thiele as plural_thiele
from folkmoot_studies.plural.claims import Figure


def asked(figures: list[Figure]) -> dict[str, bool | None]:
    return {figure.claim: figure.passes for figure in figures if figure.wanted}


def test_thiele_without_conversations_meets_what_is_asked() -> None:
    found = plural_thiele.PART.run(0, None)
    assert len(asked(found)) >= 15
    assert all(asked(found).values()), asked(found)
    assert "not measured" in found[-1].claim
    assert found[-1].passes is None


def test_tastes_are_four_to_one_and_a_fifth_is_held_out() -> None:
    world = plural_personas.two_tastes(np.random.default_rng(0))
    chose = world.train | world.held
    assert not (world.train & world.held).any()
    for place, count in ((0, 24), (1, 6)):
        inside = chose & (world.cluster == world.tastes[:, place, None])
        assert (inside.sum(axis=1) == count).all()
    assert (chose.sum(axis=1) == 30).all()
    assert world.held.sum() / chose.sum() == pytest.approx(0.2, abs=0.02)


def test_lists_are_judged_by_hand() -> None:
    """The ten held-out favourites first: recall 1 where ten are held out, and shares as they are."""
    world = plural_personas.two_tastes(np.random.default_rng(1))
    held = np.zeros_like(world.held)
    top = np.empty((200, 10), dtype=np.int64)
    for u in range(200):
        first = np.flatnonzero(world.cluster == world.tastes[u, 0])[:8]
        second = np.flatnonzero(world.cluster == world.tastes[u, 1])[:2]
        top[u] = [*first, *second]
        held[u, top[u]] = True
    assert plural_personas._judged(top, world._replace(held=held)) == pytest.approx((1.0, 0.2, 0.0), abs=1e-9)
    other = top.copy()
    other[:, 8:] = other[:, :1]
    recall, small, far = plural_personas._judged(other, world._replace(held=held))
    assert (recall, small) == pytest.approx((1.0, 0.0))  # the first counts for every place it is in
    assert far == pytest.approx(0.2 * np.log(100) + 0.8 * np.log(0.8 / 0.998), abs=1e-9)


@pytest.mark.parametrize("earlier", [False, True])
def test_nobody_copies_who_has_not_spoken(earlier: bool) -> None:
    world = plural_copying.social_world(np.random.default_rng(0), n=60, m=40, friends=3, earlier=earlier)
    assert (world.follows[:, 0] != world.follows[:, 1]).all()
    assert len(np.unique(world.follows, axis=0)) == len(world.follows)
    np.testing.assert_array_equal(world.earlier, world.follows[:, 1] < world.follows[:, 0])
    assert world.earlier.all() == earlier


def test_copying_is_seen_with_the_graph_only() -> None:
    rng = np.random.default_rng(2)
    found = plural_copying.compared(plural_copying.social_world(rng, n=200, m=120), rng)
    assert found.recall["SPF"] > 1.2 * found.recall["PF"]
    assert found.recall["SF"] > found.recall["popularity"]
    assert found.tau > 0.4
    assert found.fall >= -1e-10


def test_what_cannot_be_had_is_said() -> None:
    assert "FilmTrust" in plural_personas.FILM_TRUST.claim
    assert plural_personas.FILM_TRUST.passes is None
    assert plural_personas.FILM_TRUST.as_dict()["value"] is None
