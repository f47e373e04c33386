"""The study of When to Ask a Question: published values, the status of every claim, the tables of the docs."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from folkmoot.asking import Situation, optima, optimum
from folkmoot.profile import InputError
from folkmoot_studies import STUDIES
from folkmoot_studies.asking import study as asking
from folkmoot_studies.asking.claims import Finding, Tally
from folkmoot_studies.asking.printed import Reading, hoisted, literal

DOCS = Path(__file__).parents[2] / "docs" / "studies" / "asking.md"

# Nearly every test looks at the one run of the whole study.
pytestmark = pytest.mark.replication


@cache
def study() -> dict[str, Any]:
    return asking.run()


def figure(number: int) -> dict[str, Any]:
    (found,) = (each for each in study()["figures"] if each["number"] == number)
    return dict(found)


def line(number: int, label: str, y: str) -> list[Any]:
    return [row[y] for row in figure(number)["rows"] if row["line"] == label]


def claim(name: str) -> dict[str, Any]:
    (found,) = (each for each in study()["claims"] if each["name"] == name)
    return dict(found)


def test_figures_2_and_3_are_the_lemmas() -> None:
    assert line(2, "n = 3", "k_opt")[14:16] == [[1], [0]]
    assert all(k == [0] for label in ("n = 3", "n = 6") for k in line(3, label, "k_opt"))
    assert line(3, "n = 10", "k_opt") == [[0, 1]] + [[0]] * 49
    assert line(3, "n = 30", "k_opt") == [[1]] * 5 + [[2]] * 5 + [[0]] * 40


def test_figure_4_has_regions_of_one_two_and_three() -> None:
    rows = figure(4)["rows"]
    assert {row["k_opt"][0] for row in rows} == {0, 1, 2, 3}
    assert len(rows) == 26 * 50


def test_figure_5_is_as_published() -> None:
    """n = 40, k = 20, p = 0.1: zeros output after 0, 1, ... ones."""
    assert line(5, "gamma = 0", "zeros") == [[20, 20]] * 10 + [[0, 20]] + [[0, 0]] * 10
    for gamma in (1, 2):
        assert line(5, f"gamma = {gamma}", "zeros") == [[20, 20]] * 10 + [[10, 10]] + [[0, 0]] * 10
    ten = [20, 20, 20, 20, 20, 18, 17, 15, 14, 12, 10, 8, 6, 5, 3, 2, 0, 0, 0, 0, 0]
    assert line(5, "gamma = 10", "zeros") == [[z, z] for z in ten]
    assert line(5, "gamma = 50", "zeros") == [[z, z] for z in range(20, -1, -1)]


def test_figure_6_at_its_whole_gammas() -> None:
    gammas = line(6, "n = 25, p = 0.1", "gamma")
    assert gammas[::2] == [float(g) for g in range(61)]
    rows = {label: [k for (k,) in line(6, label, "k_opt")] for label in {row["line"] for row in figure(6)["rows"]}}
    assert [rows["n = 10, p = 0.1"][2 * g] for g in (0, 2, 4, 5, 12)] == [1, 2, 1, 0, 0]
    assert [rows["n = 25, p = 0.1"][2 * g] for g in (0, 2, 5, 10, 12)] == [1, 4, 6, 2, 0]
    assert [rows["n = 25, p = 1e-4"][2 * g] for g in (0, 20, 30, 50)] == [1, 6, 5, 0]
    # It turns more than once: no law.
    assert [rows["n = 10, p = 1e-4"][2 * g] for g in (0, 5, 10, 16, 18, 19, 22)] == [1, 2, 3, 4, 2, 3, 0]


def test_figure_13_has_the_six_numbers_of_lemma_13() -> None:
    found = {row["gamma"]: row for row in figure(13)["rows"] if row["line"] == "n = 25"}
    assert [found[g]["k_opt"] for g in (2.0, 5.0, 10.0)] == [[4], [6], [2]]
    assert [round(found[g]["entropy_bits"], 4) for g in (2.0, 5.0, 10.0)] == [1.2318, 2.4209, 1.5001]


def test_every_row_of_a_figure_is_the_optimum() -> None:
    rng = np.random.default_rng(5)
    for each in asking.FIGURES:
        if each.y not in ("k_opt", "alpha"):
            continue
        rows = figure(each.number)["rows"]
        for at in rng.choice(len(rows), 6, replace=False):
            row = rows[int(at)]
            n = int(each.lines[row["line"]]["n"])
            assert list(optimum(Situation(n, row["alpha"], row["p"]), row["gamma"]).k_opt) == row["k_opt"]


STATUS = {
    "verified": (
        "Lemma 6, Lemma 7, Lemma 8, Lemma 9, Lemma 10, Lemma 13, Structure 1, Structure 2, Structure 3, Structure 5, "
        "Structure 6, Figure 3, Figure 4"
    ),
    "corrected": (
        "Theorem 11, Lemma 12, Slip 1, Slip 2, Slip 3, Slip 4, Slip 6, Slip 8, Slip 9, Slip 11, "
        "Slip 13, Slip 14, Slip 15, Slip 19, Slip 21"
    ),
    "refuted": "Slip 11b",
    "wording": "Slip 5, Slip 7, Slip 10, Slip 12, Slip 16",
}


@pytest.mark.parametrize("status", asking.STATUSES)
def test_the_status_of_every_claim(status: str) -> None:
    named = [each["name"] for each in study()["claims"] if each["status"] == status]
    assert named == STATUS[status].split(", ")
    assert study()["statuses"][status] == len(named)


def test_every_exact_form_holds_everywhere_it_was_looked_at() -> None:
    assert sum(each["failed_exact_form"] for each in study()["claims"]) == 0
    assert sum(each["checked"] + each["checked_exact_form"] for each in study()["claims"]) > 20_000


def test_a_status_follows_from_the_counts() -> None:
    fine, broken = Tally(3, 0), Tally(3, 1)
    assert Finding(fine, "").status == "verified"
    assert Finding(fine, "", corrected=fine).status == "verified"
    assert Finding(broken, "", corrected=fine).status == "corrected"
    assert Finding(broken, "").status == Finding(broken, "", corrected=broken).status == "refuted"
    assert Finding(fine, "", corrected=broken).status == "refuted"


def test_the_witnesses() -> None:
    assert claim("Lemma 12")["values"]["n10_p0.1"]["k_opt"] == [1, 1, 1, 2, 2, 1, 0]
    smallest = claim("Lemma 12")["values"]["smallest"]
    found = optima(Situation(smallest["n"], 0.5, smallest["p"]), smallest["gammas"])
    assert [each.k_opt[0] for each in found] == smallest["k_opt"]
    assert claim("Theorem 11")["values"]["zeros_n10_k5_alpha0.9_p0.45"] == [5] * 6
    assert list(claim("Theorem 11")["values"]["limit_reached_at_gamma"].values()) == [8, 5, 20, 10]
    assert claim("Lemma 13")["values"]["k_opt"] == [4, 6, 2]
    assert claim("Lemma 8")["values"] == {"alpha": 0.9, "tie_at_n": 10, "k_opt": [0, 1], "strictly_better_from_n": 11}
    assert claim("Slip 2")["values"]["two"] == [25, 25, 25]
    assert claim("Slip 4")["values"]["k_opt"]["10.0"] == [3, 4, 6]
    assert claim("Slip 8")["values"]["zeros"] == [5, 6, 6, 7, 7]
    assert claim("Slip 13")["values"]["nats"] == pytest.approx([0.854, 1.678, 1.040], abs=5e-4)
    assert claim("Figure 4")["values"]["counts"] == [147, 64, 38, 26]
    assert claim("Lemma 6")["values"]["ones"] == [0, 0, 0, 4, 4, 4]
    assert claim("Slip 21")["values"] == {"without": 8, "after_ten": 7.0, "after_nine": 7.3}


def test_the_formula_as_printed_in_the_right_reading() -> None:
    for n, alpha, p, gamma in ((6, 0.7, 0.2, 2.0), (9, 0.5, 0.1, 0.5), (7, 0.9, 0.3, 5.0)):
        welfare = [after.welfare for after in optimum(Situation(n, alpha, p), gamma).per_k]
        assert literal(n, alpha, p, gamma) == pytest.approx(welfare, rel=1e-11)
        assert hoisted(n, alpha, p, [gamma])[0][0] == pytest.approx(welfare, rel=1e-11)
    assert hoisted(25, 0.5, 0.1, [2.0], reading=Reading(undone=True))[0].argmax() == 0


def test_a_part_alone_is_the_same_each_time_and_ready_for_json() -> None:
    told: list[float] = []
    figures = asking.run(only="figures", report=lambda stage, share: told.append(share))
    assert figures["claims"] == []
    assert len(told) == len(figures["figures"])
    assert all(0 <= share < 1 for share in told)
    assert json.dumps(figures["figures"], allow_nan=False) == json.dumps(study()["figures"], allow_nan=False)
    assert json.dumps(study()["claims"], allow_nan=False)
    with pytest.raises(InputError, match=r"'lemmas'.*figures, claims"):
        asking.run(only="lemmas")


def test_the_figures_are_drawn() -> None:
    charts = asking.draw(study())
    assert list(charts) == [f"figure-{number}" for number in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13)]
    for number, svg in zip((2, 3, 4, 5, 6, 9, 10, 11, 12, 13), charts.values(), strict=True):
        root = ET.fromstring(svg)
        assert root.tag.endswith("svg")
        assert root.get("aria-label", "").startswith(f"Figure {number}. ")
        assert len(root.findall(".//{http://www.w3.org/2000/svg}path")) >= 6
    assert "n = 10, p = 1e-4" in charts["figure-6"]


def test_the_table_names_everything() -> None:
    text = asking.table(study())
    assert all(each["name"] in text and each["witness"] in text for each in study()["claims"])
    assert all(f"Figure {each['number']} " in text for each in study()["figures"])


def test_the_tables_of_the_documentation_come_from_the_study() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert text.endswith(asking.markdown(study()) + "\n"), "write it anew: asking.markdown(asking.run())"
    assert "|" not in "".join(each["witness"] + each["says"] + each["reading"] for each in study()["claims"])


def test_it_is_in_the_registry() -> None:
    assert STUDIES["asking"].run is asking.run
    assert sum(study()["statuses"].values()) == len(study()["claims"])
