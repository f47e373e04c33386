"""The page for the public in a real Chromium: on a phone, a desk and paper, in both languages, for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from test_report_browser import ARGUMENTS, WIDE, _chromium

import folkmoot as fm
from folkmoot.profile import PageOptions, Slate
from folkmoot.report.public import render_public
from folkmoot.report.translations import Words
from pseudo_language import pseudo
from public_slates import SOURCES, chosen

pytestmark = pytest.mark.browser

SIZES = {"phone": (390, 844), "tablet": (768, 1024), "desk": (1440, 900)}
LANGUAGES = ("en", "de")
#: Millimetres of the first page in print that may be used, and the pages of all.
SHEET, PAGES = 266, 4
SHOTS = Path(__file__).parents[2] / "build" / "screenshots"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    program = _chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, headless=True, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def town(bowling_green: Path) -> Slate:
    """The bundled conversation, chosen once."""
    return fm.slate(fm.read(bowling_green), 15, unit="statements", draws=2)


@pytest.fixture(scope="module")
def written(town: Slate, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Its page in both languages, and in one that is twice as long and written from right to left."""
    folder = tmp_path_factory.mktemp("public")
    found = {}
    for lang in LANGUAGES:
        options = PageOptions(lang=lang, publisher="City of Bowling Green", date="2026-11-29", contact="a@city.example")
        found[lang] = folder / f"{lang}.html"
        found[lang].write_text(render_public(town, options).html, encoding="utf-8")
    twice = render_public(town, PageOptions(lang="he", date="2026-11-29"), speech=Words("he", pseudo(folder)))
    found["he"] = folder / "he.html"
    found["he"].write_text(twice.html, encoding="utf-8")
    return found


class Shown:
    """A page in the browser, with everything it said and asked for."""

    def __init__(self, browser: Any, path: Path, size: str = "desk", scheme: str = "light", **more: Any) -> None:
        width, height = SIZES[size]
        self.context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **more)
        self.heard: list[str] = []
        self.page = self.context.new_page()
        own = path.as_uri()
        self.page.on("request", lambda request: self.heard.append(request.url) if request.url != own else None)
        self.page.on("console", lambda message: self.heard.append(message.text))
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))
        self.page.goto(own)

    def __enter__(self) -> Shown:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


@cache
def axe() -> str:
    """axe-core, as a package carries it."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Any) -> list[str]:
    """What is wrong for people who see, hear or move otherwise: WCAG 2.2, levels A and AA."""
    page.evaluate(axe())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", tags)
    assert len(found["passes"]) > 10
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", [*LANGUAGES, "he"])
def test_quiet_narrow_enough_and_open_to_everybody(
    browser: Any, written: dict[str, Path], lang: str, size: str, scheme: str
) -> None:
    with Shown(browser, written[lang], size, scheme, bypass_csp=True) as shown:
        page = shown.page
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate(WIDE) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.evaluate("document.documentElement.dir") == ("rtl" if lang == "he" else "ltr")
        assert violations(page) == []
        assert shown.heard == []
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(SHOTS / f"public-{lang}-{size}-{scheme}.png"), full_page=True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_screen_of_a_phone_has_a_statement_with_its_bar(
    browser: Any, written: dict[str, Path], lang: str
) -> None:
    with Shown(browser, written[lang], "phone") as shown:
        bottom = shown.page.evaluate("document.querySelector('#s1 .ag').getBoundingClientRect().bottom")
        assert bottom <= SIZES["phone"][1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_four_pages_in_print_and_the_first_is_the_summary(
    browser: Any, written: dict[str, Path], lang: str, tmp_path: Path
) -> None:
    with Shown(browser, written[lang]) as shown:
        page = shown.page
        page.emulate_media(media="print")
        page.set_viewport_size({"width": round(180 / 25.4 * 96), "height": 1000})
        height = page.evaluate("document.querySelector('.sheet').getBoundingClientRect().height") / 96 * 25.4
        assert height < SHEET
        assert page.evaluate("[...document.querySelectorAll('.sheet .for')].every(one => one.checkVisibility())")
        pdf = page.pdf(path=str(tmp_path / "page.pdf"), prefer_css_page_size=True, print_background=True)
        # Every page is an object of its own in a PDF.
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= PAGES


def test_the_keyboard_reaches_everything_in_the_order_of_the_page(browser: Any, written: dict[str, Path]) -> None:
    with Shown(browser, written["en"]) as shown:
        page = shown.page
        wanted = page.evaluate("document.querySelectorAll('summary, a[href], pre[tabindex]').length")
        tops = []
        for _ in range(wanted):
            page.keyboard.press("Tab")
            top, outline = page.evaluate(
                "(() => { const one = document.activeElement; "
                "return [one.getBoundingClientRect().top + scrollY, getComputedStyle(one).outlineStyle]; })()"
            )
            tops.append(top)
            assert outline == "solid"
        assert tops == sorted(tops)
        assert len(set(tops)) >= wanted - 2
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body")


def test_the_downloads_are_inside_the_page(browser: Any, written: dict[str, Path], town: Slate) -> None:
    with Shown(browser, written["en"]) as shown:
        links = shown.page.evaluate("[...document.querySelectorAll('a[download]')].map(one => one.href)")
        bodies = [
            shown.page.evaluate("href => decodeURIComponent(href.split(',').slice(1).join(','))", one) for one in links
        ]
        pages = render_public(town, PageOptions(lang="en", publisher="City of Bowling Green", date="2026-11-29"))
        assert bodies == [pages.table, pages.slate]


@pytest.mark.parametrize("name", [name for name in SOURCES if name != "votes"])
def test_other_kinds_fit_a_phone_and_are_open_to_everybody(browser: Any, name: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(render_public(chosen(name), PageOptions(date="2026-11-29")).html, encoding="utf-8")
    with Shown(browser, path, "phone", bypass_csp=True) as shown:
        assert shown.page.evaluate(WIDE) == []
        assert violations(shown.page) == []
        assert shown.heard == []


def test_a_long_word_does_not_widen_the_page(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    options = PageOptions(lang="de", title="Donaudampfschifffahrtsgesellschaft" * 5, publisher="Stadt" * 30)
    path.write_text(render_public(chosen("votes"), options).html, encoding="utf-8")
    with Shown(browser, path, "phone") as shown:
        assert shown.page.evaluate(WIDE) == []
