"""The charts of the review page: scales, what is drawn where, and what is quoted."""

from __future__ import annotations

import math
import re

from hypothesis import given
from hypothesis import strategies as st

from folkmoot.report import plots
from folkmoot.report.certificate import Row
from folkmoot.report.svg import Scale, across, picture, up, written
from folkmoot.report.translations import words


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 8))
def test_ticks_are_round_on_the_scale_and_about_as_many_as_asked(low: float, span: float, many: int) -> None:
    scale = Scale(low, low + span, 0, 100)
    step, ticks = scale.step(many), scale.ticks(many)
    assert many / 2 - 1 <= len(ticks) <= 2 * many + 1
    # A value of a million is itself known to a ten-thousand-millionth only.
    slack = 1e-6 * step + 4 * math.ulp(max(abs(low), abs(low + span)))
    assert all(low - slack <= tick <= low + span + slack for tick in ticks)
    assert all(abs(tick - round(tick / step) * step) <= slack for tick in ticks)


def test_a_line_steps_where_the_frontier_does() -> None:
    svg = plots.frontier([(0.0, 0.5), (0.5, 0.25), (1.0, 0.0)])
    assert svg is not None
    # 430 across and 230 high, where 115 % of the needed size is the top.
    assert 'd="M0,130H215V180H430V230"' in svg
    assert 'x1="0" y1="30" x2="430" y2="30"' in svg
    assert plots.frontier([(0.0, 0.5)]) is None


def test_a_dot_is_at_the_median_and_a_line_runs_to_the_95th_percentile() -> None:
    svg = plots.draws([Row("A <b>", "1", "50%", "200%", "5%", 0.5, 2.0)])
    assert svg is not None
    place = [370 * share / (2.0 * 1.06) for share in (0.5, 2.0, 1.0)]
    assert f"M{place[0]:.1f} 50h0" in svg
    assert f'x1="{place[0]:.1f}" y1="50" x2="{place[1]:.1f}"' in svg
    assert f'x1="{place[2]:.1f}" y1="0"' in svg
    assert "A &lt;b&gt;" in svg
    assert "<b>" not in svg


def test_labels_are_in_the_language_of_the_page() -> None:
    svg = plots.frontier([(0.0, 0.5), (0.5, 0.25), (1.0, 0.0)], words("de"))
    assert svg is not None
    assert re.search(r">0,2<", svg)
    assert ">20\u202f%<" in svg


def test_labels_at_the_ends_of_an_axis_stay_inside() -> None:
    axis = across(Scale(0, 1, 0, 440), [(0, "0"), (0.5, "0.5"), (1, "1")], 190, ["x"])
    assert re.findall(r'text-anchor="(\w+)">0', axis) == ["start", "middle"]
    assert 'text-anchor="end">1' in axis
    assert up(Scale(0, 1, 190, 0), [(0.5, "a&b")], 440, []).endswith('text-anchor="end">a&amp;b</text>')
    assert 'viewBox="0 0 112 76"' in picture('"', [written("<", 1, 2)], 0, 100, 64)
