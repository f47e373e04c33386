"""SVG: what is rounded and quoted, and what is not."""

from __future__ import annotations

from folkmoot_studies.svg import compact


def test_coordinates_are_rounded_and_texts_are_not() -> None:
    found = compact('<svg viewBox="0 0 9 9"><g x="1.2345"/><text y="-0.01">p = 0.0001</text></svg>', "a > b")
    assert '<g x="1.2"/>' in found
    assert '<text y="0">p = 0.0001</text>' in found
    assert 'aria-label="a &gt; b"' in found
