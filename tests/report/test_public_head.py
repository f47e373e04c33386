"""Head, language, downloads and edges of the page for the public."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from public_pages import Page, changed, page

import folkmoot as fm
from folkmoot.audits.public_records import Count
from folkmoot.profile import InputError, PageOptions, Slate
from folkmoot.profile.records import to_json
from folkmoot.report.public import render_public
from folkmoot.slates.recorded import recorded
from public_slates import MARK, SOURCES, chosen, pages


def test_the_head_says_who_when_and_what(tmp_path: Path) -> None:
    logo = tmp_path / "logo.bin"
    logo.write_bytes(b"\x89PNG\r\n\x1a\n....")
    made = pages(
        "votes",
        title="A <title>",
        question="Why?",
        publisher="City & County",
        date="2026-11-29",
        logo=logo,
        contact="talk@city.example",
        licence="CC BY 4.0",
    )
    head = made.html[: made.html.index("</header>")]
    for words in (
        "A &lt;title&gt;",
        "Why?",
        "City &amp; County",
        "Published 29 November 2026",
        "data:image/png;base64,",
    ):
        assert words in head
    text = Page(made.html).text
    assert "City & County (2026): A <title>. 3 statements for 60 people." in text
    assert "This page may be shared under this licence: CC BY 4.0." in text
    assert 'href="mailto:talk@city.example"' in made.html
    assert json.loads(made.slate)["title"] == "A <title>"
    bare = page("votes").text
    assert "Published" not in bare
    assert "What should change?" in bare
    assert "Questions about this page" not in bare


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<html>", "is no picture"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 1_000_001, "at most 1,000,000"),
        (None, "cannot be read"),
    ],
)
def test_a_logo_that_is_no_picture_is_refused(body: bytes | None, says: str, tmp_path: Path) -> None:
    file = tmp_path / "logo.png"
    if body is not None:
        file.write_bytes(body)
    with pytest.raises(InputError, match=says):
        pages("votes", logo=file)


def test_pictures_are_known_by_what_they_hold(tmp_path: Path) -> None:
    heads = {
        "jpeg": b"\xff\xd8\xff",
        "gif": b"GIF89a",
        "webp": b"RIFF0000WEBP",
        "svg+xml": b"<?xml version='1.0'?>\n<svg />",
    }
    for kind, body in heads.items():
        (tmp_path / "x").write_bytes(body)
        assert f"data:image/{kind};base64," in pages("votes", logo=tmp_path / "x").html


def test_the_language_is_the_source_s_or_english() -> None:
    assert '<html lang="de" dir="ltr">' in render_public(chosen("texts"), PageOptions()).html
    assert '<html lang="en" dir="ltr">' in render_public(chosen("votes"), PageOptions()).html
    unknown = changed("votes", language="fi")
    html = render_public(unknown, PageOptions()).html
    assert '<html lang="en" dir="ltr">' in html
    assert '<h1><span lang="fi"' in html
    with pytest.raises(InputError, match="`lang` must be"):
        pages("votes", "xx")


def test_texts_of_participants_are_escaped_and_keep_their_language() -> None:
    public = recorded(chosen("votes")).audit.public  # type: ignore[union-attr]
    assert public is not None
    hostile = replace(public.statements[0], text="</span><script>alert(1)</script>\u202e\0 =1", language="he")
    html = render_public(changed("votes", statements=(hostile, *public.statements[1:])), PageOptions(lang="en")).html
    assert "<script" not in html
    assert '<span lang="he" dir="auto">&lt;/span&gt;&lt;script&gt;' in html
    Page(html)


@pytest.mark.parametrize("name", ["votes", "ratings", "budget", "three", "small"])
def test_downloads_have_the_counts_of_the_page(name: str) -> None:
    made = pages(name)
    rows = list(csv.DictReader(io.StringIO(made.table)))
    public = recorded(chosen(name)).audit.public  # type: ignore[union-attr]
    assert public is not None
    by_text = {one.text: one for one in public.statements}
    assert len(rows) == len(by_text)
    for row in rows:
        one = by_text[row["statement"]]
        counts = list(row.values())[4:8]
        for printed, true in zip(counts, (one.all.agree, one.all.middle, one.all.against, one.all.unseen), strict=True):
            assert printed in ("", str(true))
            assert printed not in ("1", "2", "3", "4")
        for column, value in row.items():
            if column.startswith(("group_", "stands")):
                assert value not in ("1", "2", "3", "4")
    body = json.loads(made.slate)
    assert {entry["id"] for entry in body["statements"]} == {one.id for one in public.statements}
    assert not {"agents", "unassigned", "source", "audit"} & body.keys()
    assert all("agents" not in entry and "provenance" not in entry for entry in body["statements"])


def test_ids_of_statements_that_are_made_from_people_s_are_left_out() -> None:
    slate = chosen("texts")
    public = recorded(slate).audit.public  # type: ignore[union-attr]
    assert public is not None
    one = slate.statements[0]
    name = f"{MARK}7@example.org.1"
    listed = tuple(replace(each, id=name) if each.id == one.id else each for each in public.statements)
    renamed = replace(changed("texts", statements=listed), statements=(replace(one, id=name), *slate.statements[1:]))
    made = render_public(renamed, PageOptions(lang="en"))
    assert MARK not in made.html + made.table + made.slate
    body = json.loads(made.slate)
    assert one.text in {entry["text"] for entry in body["statements"]}
    audited = fm.audited(SOURCES["texts"](), Slate.from_json(made.slate))
    assert {entry.text for entry in audited.slate.statements} == {entry.text for entry in slate.statements}


def test_no_spreadsheet_takes_a_text_for_a_formula() -> None:
    public = recorded(chosen("votes")).audit.public  # type: ignore[union-attr]
    assert public is not None
    hostile = replace(public.statements[0], text='=HYPERLINK("x")')
    made = render_public(changed("votes", statements=(hostile, *public.statements[1:])), PageOptions(lang="en"))
    assert "'=HYPERLINK" in made.table


def test_the_list_for_the_program_can_be_audited_over_its_source() -> None:
    slate = Slate.from_json(pages("votes").slate)
    audited = fm.audited(SOURCES["votes"](), slate)
    assert [one.id for one in audited.slate.statements] == [one.id for one in slate.statements]


def test_no_count_on_a_page_speaks_of_one_to_four_people() -> None:
    """Whatever a number is followed by that people are: nothing from 1 to 4."""
    small = re.compile(
        r"(?<![\d.,])([1-4]) (people|person|agreed|disagreed|skipped|have|has|rated|chose|who|are counted|is counted)"
    )
    for name in SOURCES:
        assert small.findall(page(name).text) == [], name


def test_a_slate_without_figures_says_what_to_do() -> None:
    with pytest.raises(InputError, match="audit it again"):
        render_public(replace(chosen("votes"), audit=None), PageOptions())


def test_python_writes_the_page_too(tmp_path: Path) -> None:
    slate = chosen("votes")
    path = slate.to_html(tmp_path / "page.html", lang="de", title="Unsere Stadt")
    assert "Unsere Stadt" in path.read_text(encoding="utf-8")
    loaded = Slate.from_json(slate.to_json())
    assert loaded.to_html(tmp_path / "again.html", lang="de", title="Unsere Stadt").read_bytes() == path.read_bytes()
    with pytest.raises(InputError, match="no option 'titel'"):
        slate.to_html(tmp_path / "x.html", titel="x")
    with pytest.raises(InputError, match="like 2026-11-29"):
        slate.to_html(tmp_path / "x.html", date="29.11.2026")
    assert not (tmp_path / "x.html").exists()


def test_long_lists_make_room_on_the_first_page() -> None:
    public = recorded(chosen("votes")).audit.public  # type: ignore[union-attr]
    assert public is not None

    def sheet(k: int) -> str:
        many = tuple(replace(public.statements[0], id=f"x{j}") for j in range(k))
        html = render_public(changed("votes", statements=many), PageOptions(lang="en")).html
        found = re.search(r'<div class="(sheet[^"]*)">', html)
        assert found is not None
        return found[1]

    assert [sheet(3), sheet(19), sheet(40)] == ["sheet", "sheet long", "sheet very-long"]


def test_the_bars_say_in_words_what_they_show() -> None:
    labels = [attributes["aria-label"] for tag, attributes in page("votes").tags if attributes.get("role") == "img"]
    assert len(labels) == 4
    assert all(label.startswith("Of 60 people: ") for label in labels[:3])
    widths = [
        float(attributes["width"][:-1])
        for tag, attributes in page("votes").tags
        if tag == "rect" and "%" in attributes["width"]
    ]
    assert np.isfinite(widths).all()
    assert max(widths) <= 100.0


@pytest.mark.parametrize(("lang", "banner"), [("en", "Trial run, not a result."), ("de", "Probelauf, kein Ergebnis.")])
def test_a_page_of_the_demo_model_says_so_first_of_all(lang: str, banner: str) -> None:
    slate = chosen("votes")
    demo = replace(slate, engine=dict(slate.engine or {}) | {"demo": "a warning"})
    made = render_public(demo, PageOptions(lang=lang)).html
    assert 0 < made.index(banner) < made.index("<h1>")
    assert banner not in render_public(slate, PageOptions(lang=lang)).html


@pytest.mark.parametrize("lang", ["en", "de"])
def test_texts_have_a_page_however_many_are_close_to_theirs(lang: str) -> None:
    slate = chosen("texts")
    public = recorded(slate).audit.public  # type: ignore[union-attr]
    assert public is not None
    for agree in (0, 1, 3, 5, 40):
        for against in (0, 1, 3, 5, 40):
            for middle in (1, 4, 20):
                listed = [replace(one, own=Count(agree, middle, against, 0)) for one in public.statements]
                changed = replace(public, statements=tuple(listed))
                audit = dict(slate.audit or {}) | {"public": to_json(changed)}
                assert render_public(replace(slate, audit=audit), PageOptions(lang=lang)).html
