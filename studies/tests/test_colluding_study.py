"""Colluding participants: what holds by construction to the letter, and that what is measured is what it is called."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from folkmoot.profile import InputError, WorkError
from folkmoot.queries.language.disc import Judged, LanguageDisc
from folkmoot.queries.language.obedient import Obedient, quoted, stems
from folkmoot.queries.language.people import addressed, people
from folkmoot.queries.language.pilot_disc import PilotDisc
from folkmoot_studies import STUDIES
from folkmoot_studies.colluding import study as colluding
from folkmoot_studies.colluding.study import compared, complaints, draw, measured, outcome, run, table
from folkmoot_studies.colluding.world import ATTACKS, CASINO, CLUSTERS, Town, joined, planted, town, wishes

AGENTS = 20


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@cache
def small(only: str, k: int = 2) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(colluding, "COLLUDERS", (k,))
        return run(instances=1, agents=AGENTS, only=only)


def row(only: str, process: str, control: bool = True, k: int = 2) -> dict[str, Any]:
    (found,) = (entry for entry in small(only, k)["rows"] if (entry["process"], entry["control"]) == (process, control))
    assert isinstance(found, dict)
    return found


def test_clusters_have_no_word_in_common() -> None:
    words = [frozenset().union(*map(stems, clauses)) for clauses in (*(c for _, c in CLUSTERS), CASINO)]
    assert all(not one & other for one, other in combinations(words, 2))
    made = town(40, rng())
    assert np.bincount(made.cluster).tolist() == [16, 12, 8, 4]
    assert not people(made.profile).suspicious
    assert not any(addressed(clause) for _, clauses in CLUSTERS for clause in clauses)


def test_wishes_and_what_counts_as_planted_by_hand() -> None:
    texts = ["Plant trees.", "Plant casino trees buses.", "casino gambling buses", ""]
    assert wishes(texts).tolist() == [[0, 1.5, 2, 0], [6, 3, 0, 0], [0] * 4, [0] * 4, [0, 1.5, 4, 0]]
    assert planted(texts).tolist() == [False, False, True, False]
    assert planted([]).tolist() == []


@pytest.mark.parametrize("name", list(ATTACKS))
def test_colluders_replace_their_own_text_and_nobodys(name: str) -> None:
    before = town(AGENTS, rng())
    after = joined(before, np.array([3, 9]), ATTACKS[name], rng(1))
    assert np.flatnonzero(np.array(before.texts) != np.array(after.texts)).tolist() == [3, 9]
    assert np.flatnonzero(after.cluster == len(CLUSTERS)).tolist() == [3, 9]
    # What the patterns find, and what they do not.
    seen = {found.agent for found in people(after.profile).suspicious}
    assert seen == ({3, 9} if name in ("score", "spread", "spread, invisible") else set())


@pytest.mark.parametrize("name", ["score", "spread, informed"])
def test_questions_about_honest_people_are_the_same_to_the_letter(name: str) -> None:
    """Every statement written with or without the attack, every honest person: the calls, in order, byte by byte."""
    before, rows = town(AGENTS, rng()), np.array([3, 9])
    after = joined(before, rows, ATTACKS[name], rng(1))
    clean = outcome(before, None, "bjr", 0, control=True)
    hostile = outcome(after, ATTACKS[name], "bjr", 0, control=False)
    texts = list({**clean.written, **hostile.written})
    honest = np.setdiff1d(np.arange(AGENTS), rows)
    for kind in (LanguageDisc, PilotDisc):
        asked, values = [], []
        for people_of in (before, after):
            model = Obedient(orders=ATTACKS[name].orders)
            shown = people(people_of.profile)
            disc: Judged = (
                LanguageDisc(model, shown, per_prompt=1)
                if kind is LanguageDisc
                else PilotDisc(model, shown, people_of.profile)
            )
            numbers = np.array([disc.add(text) for text in texts])
            values.append(disc.utilities(honest, numbers))
            asked.append([(call.query, call.messages, dict(call.parameters), call.sample) for call in model.calls])
        assert asked[0] == asked[1]
        assert len(asked[0]) == len(honest) * len(texts) * (2 if kind is LanguageDisc else 1) > 200
        assert values[0].tobytes() == values[1].tobytes()


def test_the_comparison_sees_a_single_letter() -> None:
    before, rows = town(AGENTS, rng()), np.array([3, 9])
    clean = outcome(before, None, "bjr", 0, control=True)
    after = joined(before, rows, ATTACKS["truthful"], rng(1))
    same = compared(before, after, rows, clean, clean)
    assert same["compared"] > 100
    assert (same["differing"], same["reached"]) == (0, 0)
    place, honest = next(
        (place, call)
        for place, call in enumerate(clean.calls)
        if call.query.startswith("rating/") and quoted(call)[0] == before.texts[0]
    )
    for more, reached in (("x", 0), (after.texts[3], 1)):
        messages = (*honest.messages[:-1], ("user", honest.messages[-1][1] + more))
        calls = list(clean.calls)
        calls[place] = replace(honest, messages=messages)
        found = compared(before, after, rows, clean, replace(clean, calls=calls))
        assert found == {"compared": same["compared"], "differing": 1, "reached": reached}


def test_a_text_that_reaches_others_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(colluding, "compared", lambda *_: {"compared": 1, "differing": 1, "reached": 0})
    monkeypatch.setattr(colluding, "COLLUDERS", (1,))
    with pytest.raises(WorkError, match="reached questions about other people"):
        run(instances=1, agents=AGENTS, only="truthful", processes=("bjr",))


def test_complaints_by_hand() -> None:
    """Ten people, two want trees; a statement for trees needs 2 of 10 when it costs a fifth of the budget."""
    made = Town(("",) * 10, np.array([0] * 7 + [1] * 2 + [4]))
    bus, tree, casino = "Evening buses always arrive late.", "Plant trees along streets.", "Gambling brings visitors."
    done = replace(
        _nothing(), chosen=(bus,), costs=np.array([5]), assignment=np.zeros(10, dtype=np.int64), budget=20
    )  # fmt: skip
    assert complaints(made, done, {bus: 5, tree: 4}) == 0.5
    assert complaints(made, done, {bus: 5, tree: 5}) == 0.0
    # The colluder wants it, and is not heard.
    assert complaints(made, done, {bus: 5, casino: 1}) == 0.0
    nobody = replace(done, assignment=np.full(10, -1))
    assert complaints(made, nobody, {bus: 5, tree: 4, "More buses always.": 1}) == pytest.approx(2 / 3)


def _nothing() -> colluding.Outcome:
    none = np.zeros(0, dtype=np.int64)
    return colluding.Outcome((), none, none, 1, {}, (), frozenset(), 0)


def test_shares_by_hand() -> None:
    made = Town(("",) * 4, np.array([0, 0, 1, 4]))
    bus, casino = "Evening buses always arrive late.", "Gambling brings visitors."
    before = replace(
        _nothing(), chosen=(bus,), costs=np.array([5]), assignment=np.array([0, 0, 0, -1]), budget=10,
        written={bus: 5},
    )  # fmt: skip
    after = replace(
        before, chosen=(bus, casino), costs=np.array([5, 3]), assignment=np.array([0, 1, -1, 1]),
        written={bus: 5, casino: 3}, listed=frozenset({3, 2}), held_back=2,
    )  # fmt: skip
    found = measured(made, np.array([3]), before, after)
    assert (found["budget_share"], found["people_share"]) == (0.3, 0.5)
    # One of three honest people has what they want, before it was two.
    assert (found["utility"], found["utility_change"]) == (2.0, -2.0)
    assert (found["listed"], found["listed_wrongly"], found["held_back"]) == (1, 1, 2)


@pytest.mark.replication
def test_orders_in_statements_take_the_slate_and_the_control_question_stops_them() -> None:
    for process in colluding.PROCESSES:
        without, after = row("spread, reworded", process, control=False), row("spread, reworded", process)
        assert without["budget_share"] > 3 * without["entitled"]
        assert without["utility_change"] < -2
        assert (after["budget_share"], without["held_back"]) == (0.0, 0.0)
        assert after["held_back"] > 0
        assert after["utility_change"] > without["utility_change"] + 2
        # Nobody honest is listed.
        assert after["listed_wrongly"] == 0
    exact = small("spread, reworded")["exact"]
    assert exact["compared"] > 0
    assert (exact["differing"], exact["reached"]) == (0, 0)


@pytest.mark.replication
def test_json_table_and_picture() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(colluding, "COLLUDERS", (3,))
        found = run(instances=2, agents=AGENTS, only="plant", processes=("bjr",))
        assert run(instances=2, agents=AGENTS, only="plant", processes=("bjr",)) == found
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    printed = table(found)
    assert "0 differ, 0 hold a colluder's text" in printed
    assert "their proportional share                15.0" in printed
    assert STUDIES["colluding"].run is run
    pytest.importorskip("altair")
    pictures = draw(found)
    assert list(pictures) == ["bjr"]
    for svg in pictures.values():
        ET.fromstring(svg)


def test_what_makes_no_sense_is_refused() -> None:
    nonsense: tuple[dict[str, Any], ...] = ({"only": "magic"}, {"processes": ("magic",)}, {"agents": 12})
    for options in nonsense:
        with pytest.raises(InputError):
            run(**options)
