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
from words_in_pictures import outside

DOCS = Path(__file__).parents[2] / "docs" / "studies" / "asking.md"

# Nearly every test looks at the one run of the whole study.
pytestmark = pytest.mark.replication


@cache
def study() -> dict[str, Any]:
    return asking.run()


def figure(name: str) -> dict[str, Any]:
    (found,) = (each for each in study()["figures"] if each["name"] == name)
    return dict(found)


def line(number: int | str, panel: str, label: str, y: str) -> list[Any]:
    name = f"figure-{number}" if isinstance(number, int) else number
    return [row[y] for row in figure(name)["rows"] if (row["panel"], row["line"]) == (panel, label)]


def claim(name: str) -> dict[str, Any]:
    (found,) = (each for each in study()["claims"] if each["name"] == name)
    return dict(found)


def test_figures_2_and_3_are_expected_utility_by_p_in_four_panels() -> None:
    """Values computed by independent exact code."""
    for name in ("figure-2", "figure-3"):
        found = figure(name)
        assert (found["x"], found["kind"]) == ("p", "eu")
        assert list(dict.fromkeys(row["panel"] for row in found["rows"])) == ["n = 3", "n = 6", "n = 10", "n = 30"]
    tenths = slice(0, 50, 10)
    assert line(2, "n = 3", "k = 0", "eu") == pytest.approx([1.5] * 50)
    assert line(2, "n = 3", "k = 1", "eu")[tenths] == pytest.approx([2, 1.64, 1.36, 1.16, 1.04])
    assert line(2, "n = 3", "k = 2", "eu")[tenths] == pytest.approx([1, 0.82, 0.68, 0.58, 0.52])
    assert line(2, "n = 30", "k = 0", "eu") == pytest.approx([15.0] * 50)
    assert line(2, "n = 30", "k = 1", "eu")[tenths] == pytest.approx([29, 23.78, 19.72, 16.82, 15.08])
    assert line(2, "n = 30", "k = 3", "eu")[tenths] == pytest.approx([27, 23.6952, 19.9152, 16.5672, 14.2992])
    assert line(3, "n = 6", "k = 0", "eu")[tenths] == pytest.approx([5.4, 4.92, 4.44, 3.96, 3.48])
    assert line(3, "n = 6", "k = 1", "eu")[tenths] == pytest.approx([5, 4.1, 3.7, 3.3, 2.9])
    assert line(3, "n = 30", "k = 0", "eu")[tenths] == pytest.approx([27, 24.6, 22.2, 19.8, 17.4])
    assert line(3, "n = 30", "k = 1", "eu")[:30:10] == pytest.approx([29, 23.78, 21.46])
    assert line(3, "n = 30", "k = 2", "eu")[:30:10] == pytest.approx([28, 24.5728, 21.1904])
    # The line of k = 0 is overtaken from the right; with alpha = 0.9 it is on top at n = 3 and 6 for every p.
    assert line(2, "n = 3", "k = 1", "best")[14:16] == [True, False]
    assert all(line(3, "n = 3", "k = 0", "best"))
    assert all(line(3, "n = 6", "k = 0", "best"))
    assert line(3, "n = 30", "k = 1", "best") == [True] * 5 + [False] * 45


def test_figures_4_and_13_count_the_cells_of_every_best_k() -> None:
    wanted = {"n = 3": [1224, 76], "n = 6": [1027, 273], "n = 10": [913, 387], "n = 30": [700, 287, 189, 124]}
    for name, panels in (("figure-4", ["n = 30"]), ("figure-13", list(wanted))):
        rows = figure(name)["rows"]
        assert list(dict.fromkeys(row["panel"] for row in rows)) == panels
        for panel in panels:
            best = np.bincount([row["k_opt"][0] for row in rows if row["panel"] == panel])
            assert best.tolist() == wanted[panel]


def test_figure_5_is_as_published() -> None:
    """n = 40, k = 20: zeros output after 0, 1, ... ones, a panel for each gamma and a curve for each p."""
    panels = list(dict.fromkeys(row["panel"] for row in figure("figure-5")["rows"]))
    assert panels == ["gamma = 0", "gamma = 2", "gamma = 10", "gamma = 50"]
    assert line(5, "gamma = 0", "p = 0.1", "zeros") == [[20, 20]] * 10 + [[0, 20]] + [[0, 0]] * 10
    assert line(5, "gamma = 2", "p = 0.1", "zeros") == [[20, 20]] * 10 + [[10, 10]] + [[0, 0]] * 10
    ten = [20, 20, 20, 20, 20, 18, 17, 15, 14, 12, 10, 8, 6, 5, 3, 2, 0, 0, 0, 0, 0]
    assert line(5, "gamma = 10", "p = 0.1", "zeros") == [[z, z] for z in ten]
    assert line(5, "gamma = 50", "p = 0.1", "zeros") == [[z, z] for z in range(20, -1, -1)]


def test_figures_6_and_12_at_its_whole_gammas() -> None:
    gammas = line(6, "n = 25", "p = 0.1", "gamma")
    assert gammas[::2] == [float(g) for g in range(31)]

    def best(number: int, panel: str, p: str, at: list[float]) -> list[int]:
        found = zip(line(number, panel, p, "gamma"), line(number, panel, p, "k_opt"), strict=True)
        by_gamma = {gamma: k for gamma, (k,) in found}
        return [by_gamma[gamma] for gamma in at]

    assert best(6, "n = 10", "p = 0.1", [0, 2, 4, 5, 12]) == [1, 2, 1, 0, 0]
    assert best(6, "n = 25", "p = 0.1", [0, 2, 5, 10, 12]) == [1, 4, 6, 2, 0]
    # It turns more than once: no law.
    assert best(6, "n = 10", "p = 0.0001", [0, 5, 10, 16, 18, 19, 22]) == [1, 2, 3, 4, 2, 3, 0]
    steps = [0, 0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12]
    assert best(12, "n = 25", "p = 0.1", steps) == [1, 3, 3, 4, 4, 5, 6, 6, 4, 2, 0]
    assert best(12, "n = 3", "p = 0.1", [0, 1, 2, 3, 10]) == [1, 1, 1, 0, 0]


def test_figures_9_and_10_are_welfare_with_the_best_k_on_a_curve() -> None:
    for number, alpha in ((9, 0.5), (10, 0.9)):
        rows = figure(f"figure-{number}")["rows"]
        for panel in ("gamma = 0", "gamma = 1", "gamma = 2", "gamma = 5"):
            gamma = float(panel.removeprefix("gamma = "))
            found = optimum(Situation(10, alpha, 0.2), gamma)
            for k in (0, 1, 3):
                (row,) = (r for r in rows if (r["panel"], r["line"], r["p"]) == (panel, f"k = {k}", 0.2))
                after = found.per_k[k]
                # Without inequality aversion a shift changes nothing, and utility is shown.
                assert row["welfare"] == pytest.approx(after.welfare if gamma else after.eu)
                assert row["best"] == (k in found.k_opt)
            # Wherever it is marked, some curve is the best one.
            best = {row["p"] for row in rows if row["panel"] == panel and row["best"]}
            assert len(best) == len({row["p"] for row in rows})


def test_figure_11_hedges_at_n_6() -> None:
    for p in ("p = 0.0001", "p = 0.1", "p = 0.3"):
        assert line(11, "n = 6, gamma = 10", p, "zeros") == [[3, 3], [2, 2], [1, 1], [0, 0]]


def test_entropy_has_the_six_numbers_of_lemma_13_and_no_number_of_its_own() -> None:
    assert figure("entropy")["number"] is None
    found = {row["gamma"]: row for row in figure("entropy")["rows"] if row["line"] == "n = 25"}
    assert [found[g]["k_opt"] for g in (2.0, 5.0, 10.0)] == [[4], [6], [2]]
    assert [round(found[g]["entropy_bits"], 4) for g in (2.0, 5.0, 10.0)] == [1.2318, 2.4209, 1.5001]


def test_every_best_k_of_a_figure_is_the_optimum() -> None:
    rng = np.random.default_rng(5)
    for each in asking.FIGURES:
        if each.kind not in ("k_opt", "map"):
            continue
        rows = figure(each.name)["rows"]
        for at in rng.choice(len(rows), 6, replace=False):
            row = rows[int(at)]
            n = int(each.panels[row["panel"]]["n"])
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


NAMES = [*(f"figure-{number}" for number in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13)), "entropy"]


def test_the_figures_are_drawn_and_every_word_has_room() -> None:
    charts = asking.draw(study())
    assert list(charts) == NAMES
    for name, svg in charts.items():
        root = ET.fromstring(svg)
        assert root.tag.endswith("svg")
        assert root.get("aria-label", "").startswith(f"{figure(name)['head']}. ")
        assert len(root.findall(".//{http://www.w3.org/2000/svg}path")) >= 6
        assert not outside(root), name
        panels = {row["panel"] for row in figure(name)["rows"]} - {""}
        assert panels <= {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert "p = 0.0001" in charts["figure-6"]
    assert ">E[U(k)]<" in charts["figure-2"]


def test_the_table_names_everything() -> None:
    text = asking.table(study())
    assert all(each["name"] in text and each["witness"] in text for each in study()["claims"])
    assert all(f"{each['head']:13}" in text for each in study()["figures"])


def test_the_tables_of_the_documentation_come_from_the_study() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert text.endswith(asking.markdown(study()) + "\n"), "write it anew: asking.markdown(asking.run())"
    assert "|" not in "".join(each["witness"] + each["says"] + each["reading"] for each in study()["claims"])


def test_it_is_in_the_registry() -> None:
    assert STUDIES["asking"].run is asking.run
    assert sum(study()["statuses"].values()) == len(study()["claims"])
