"""The review page in a real Chromium: quiet, offline, readable at every size, in light and dark, and in print."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from report_views import CASES, HOSTILE, RATING, STANCE, profile, view

from folkmoot.profile import Agents
from folkmoot.report import View, write_html
from folkmoot.report.translations import Words, words
from pseudo_language import CODE, pseudo

pytestmark = pytest.mark.browser

SIZES = {"phone": (390, 844), "tablet": (768, 1024), "desk": (1440, 900)}
#: So many screens on a desk, and pages in print, with everything folded that can be.
SCREENS, PRINTED = 8, 9
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_AXE = find_spec("axe_playwright_python")
AXE = Path(_AXE.origin or "").with_name("axe.min.js") if _AXE else Path("axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SHOTS = Path(__file__).parents[2] / "build" / "screenshots"

# Every visible piece of text with its size on the screen (text in plots is scaled), colour and what is behind it.
LOOK = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const channels = (css) => (css.match(/[\\d.]+/g) || []).map(Number);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.textContent.trim() || !element.checkVisibility()) continue;
    const style = getComputedStyle(element), svg = element.closest("svg");
    let behind = [255, 255, 255], above = svg ? svg.parentElement : element;
    for (; above; above = above.parentElement) {
      const c = channels(getComputedStyle(above).backgroundColor);
      if (c.length === 3 || c[3] > 0) { behind = c.slice(0, 3); break; }
    }
    let size = parseFloat(style.fontSize);
    if (svg) size *= svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const ink = channels(svg ? style.fill : style.color).slice(0, 3);
    found.push({ text: node.textContent.trim().slice(0, 40), size, svg: !!svg, ink, behind });
  }
  return found;
}"""
WIDE = """() => [...document.body.querySelectorAll("*")].filter((e) => {
  const box = e.getBoundingClientRect();
  return !e.closest(".scroll") && box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
}).map((e) => e.outerHTML.slice(0, 120))"""


def _chromium() -> str:
    named = os.environ.get("FOLKMOOT_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        sentence = "no Chromium on the PATH: install it (apt-get install chromium) or name it in FOLKMOOT_CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    program = _chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, headless=True, args=ARGUMENTS)
        yield started
        started.close()


class Opened:
    """A page in the browser, with everything it said and everything it asked for."""

    def __init__(
        self, browser: Any, path: Path, size: str = "desk", scheme: str = "light", scripts: bool = True
    ) -> None:
        width, height = SIZES[size]
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=scripts
        )
        self.said: list[str] = []
        self.asked: list[str] = []
        own = path.as_uri()

        def answer(route: Any) -> None:
            if route.request.url.split("#")[0] == own:
                route.continue_()
            else:
                self.asked.append(route.request.url)
                route.abort()

        self.context.route("**/*", answer)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

        def dismiss(dialog: Any) -> None:
            self.said.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        self.page.on("dialog", dismiss)
        self.page.on(
            "request", lambda request: None if request.url.split("#")[0] == own else self.asked.append(request.url)
        )
        self.page.goto(own)

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


def crowd(n: int = 400, k: int = 18) -> View:
    """Many people and statements, as in a real conversation: full plots and long texts."""
    rng = np.random.default_rng(3)
    base = profile(ids=tuple(f"p{i}" for i in range(n)))
    made = view(base, violated=True, notes=(STANCE,))
    texts = [("Words that a person wrote about the town. " * (1 + i % 6)).strip() for i in range(k)]
    place = rng.integers(-1, k, n)
    people = [
        replace(
            made.slate.statements[0], id=f"t{i}", text=texts[i], agents=tuple(np.array(base.agents.ids)[place == i])
        )
        for i in range(k)
    ]
    nobody = tuple(np.array(base.agents.ids)[place < 0])
    audit = dict(made.slate.audit or {})
    audit["per_statement"] = [audit["per_statement"][0]] * k
    audit["cbjr"] = {**audit["cbjr"], "frontier": [[b / 16, 1.2 * (1 - b / 16) ** 2] for b in range(17)]}
    slate = replace(made.slate, statements=tuple(people), unassigned=nobody, n_agents=n, audit=audit)
    points = rng.normal(size=(n, 2)) + np.column_stack([np.cos(place), np.sin(place)]) * 2
    own = np.where(place < 0, -np.inf, rng.beta(6, 2, n))
    return replace(made, slate=slate, own=own, positions=points)


def hostile() -> View:
    """All hostile texts at once, each with a participant of its own."""
    together = "\n".join(HOSTILE)
    base = profile((together, HOSTILE[1], together + "2", HOSTILE[10]), topic=together, note=together, label=together)
    agents = Agents(tuple(f"{HOSTILE[i]}{i}" for i in range(6)), tuple((text,) for text in HOSTILE[:6]))
    return view(replace(base, agents=agents), violated=True, notes=HOSTILE)


VIEWS: dict[str, Callable[[], View]] = {
    "crowd": crowd,
    "hostile": hostile,
    "texts": lambda: CASES["texts"],
    "ratings": lambda: view(profile(scale=RATING)),
}
#: German is longer, and a language made up from it twice as long, from right to left.
GERMAN, TWICE = "crowd in German", "crowd twice as long"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("report")
    made = {name: write_html(make(), folder / f"{name}.html") for name, make in VIEWS.items()}
    made |= {GERMAN: write_html(crowd(), folder / "german.html", words("de"))}
    return made | {TWICE: write_html(crowd(), folder / "twice.html", Words(CODE, pseudo(folder)))}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [*VIEWS, GERMAN, TWICE])
def test_quiet_offline_and_readable(browser: Any, pages: dict[str, Path], name: str, size: str, scheme: str) -> None:
    with Opened(browser, pages[name], size, scheme) as opened:
        page = opened.page
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}-{size}-{scheme}.png", full_page=True)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        page.screenshot(path=SHOTS / f"{name}-{size}-{scheme}-open.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.evaluate(WIDE)
        assert page.evaluate(WIDE) == []
        texts = page.evaluate(LOOK)
        assert len(texts) > 50
        assert [t for t in texts if t["size"] < (9 if t["svg"] else 12)] == []
        assert [(t, contrast(t)) for t in texts if contrast(t) < 4.5] == []
        assert opened.said == []
        assert opened.asked == []


def contrast(text: dict[str, Any]) -> float:
    """Contrast ratio of WCAG 2."""

    def light(channels: list[float]) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in channels)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(text["ink"]), light(text["behind"])))
    return (high + 0.05) / (low + 0.05)


def test_hostile_texts_do_nothing(browser: Any, pages: dict[str, Path]) -> None:
    with Opened(browser, pages["hostile"]) as opened:
        opened.page.wait_for_timeout(200)
        assert opened.page.evaluate("typeof window.hacked") == "undefined"
        assert opened.page.evaluate("document.querySelectorAll('script, img, iframe, object, base, link').length") == 0
        assert opened.page.evaluate("document.querySelectorAll('body > *').length") == 3
        assert "<script>alert(1)</script>" in opened.page.inner_text("h1")
        assert opened.said == []
        assert opened.asked == []


def test_everything_is_there_without_scripts(browser: Any, pages: dict[str, Path]) -> None:
    with Opened(browser, pages["crowd"], scripts=False) as opened:
        assert opened.page.locator("ol.slate > li").count() == 18
        assert opened.page.locator(".maps svg").count() == 18
        assert opened.page.locator("figure > svg").count() == 3
        opened.page.get_by_text("The exact definition").click()
        assert opened.page.get_by_text("Definition 2.1").is_visible()


def test_a_panel_of_the_map_shows_everybody_in_grey(browser: Any, pages: dict[str, Path]) -> None:
    """Panels refer to the dots of the first one, whose style must reach them."""
    with Opened(browser, pages["crowd"]) as opened:
        second = opened.page.locator(".maps svg").nth(1)
        assert second.evaluate("(svg) => svg.querySelector('use').getBBox().width") > 50
        grey = second.screenshot()
        second.evaluate("(svg) => { svg.querySelector('use').remove(); }")
        assert second.screenshot() != grey


def test_it_prints(browser: Any, pages: dict[str, Path]) -> None:
    with Opened(browser, pages["crowd"], scheme="dark") as opened:
        opened.page.emulate_media(media="print")
        assert opened.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        # What is folded stays folded: ids and tables of research are not for paper.
        assert not opened.page.get_by_text("Definition 2.1").is_visible()
        assert opened.page.locator("main .ids").first.is_hidden()
        pdf = opened.page.pdf(format="A4", prefer_css_page_size=True)
        assert 1 < len(re.findall(rb"/Type\s*/Page\b", pdf)) <= PRINTED
        assert opened.said == []


@pytest.mark.parametrize("name", ["crowd", GERMAN])
def test_it_is_short(browser: Any, pages: dict[str, Path], name: str) -> None:
    with Opened(browser, pages[name]) as opened:
        assert opened.page.evaluate("document.documentElement.scrollHeight / innerHeight") <= SCREENS


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*VIEWS, GERMAN])
def test_nobody_is_kept_out(browser: Any, pages: dict[str, Path], name: str, scheme: str) -> None:
    """axe finds no violation of WCAG 2.2, levels A and AA, nor of its best practices, with everything open."""
    with Opened(browser, pages[name], scheme=scheme) as opened:
        page = opened.page
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(f"axe.run(document, {{ runOnly: {json.dumps(RULES)} }})")
        assert found["passes"]
        assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found["violations"]] == []


def test_the_keyboard_reaches_everything_in_order(browser: Any, pages: dict[str, Path]) -> None:
    with Opened(browser, pages["crowd"]) as opened:
        page, seen = opened.page, []
        for _ in range(400):
            page.keyboard.press("Tab")
            place = page.evaluate(
                "() => { const e = document.activeElement; return e === document.body ? null : "
                "[...document.querySelectorAll('a, summary, [tabindex]')].indexOf(e); }"
            )
            if place is None or place in seen:
                break
            seen.append(place)
        assert seen == sorted(seen)
        visible = page.locator("a:visible, summary:visible, [tabindex]:visible").count()
        assert len(seen) == visible
