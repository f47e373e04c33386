"""The documentation site: every page is made, every link leads somewhere, every tutorial prints what it shows."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

import folkmoot as fm
from docsite import api, commands, notebooks, published
from docsite.assemble import ROOT, assemble, moved, repository
from docsite.links import anchors, broken, slug
from docsite.published import PARTS, about, listed
from folkmoot.cli.main import app

TUTORIALS = ROOT / "docs" / "tutorials"


def test_links_lead_where_they_led_in_the_repository() -> None:
    origin = {"howto/x.md": "docs/howto/x.md", "processes/README.md": "docs/processes/README.md"}
    origin |= {"contributing.md": "CONTRIBUTING.md", "tutorials/pairs.md": "docs/tutorials/pairs.ipynb"}
    text = (
        "[a](../../CONTRIBUTING.md#style) [b](../processes/README.md) [c](../processes) [d](../../Makefile) "
        "[e](../../src) ![f](../../docs/report.png) [g](https://example.org) [h](#here) [i](../tutorials/pairs.ipynb)\n"
        "```\n[j](../../CONTRIBUTING.md)\n```\n"
    )
    at = repository()
    assert moved(text, "howto/x.md", origin) == (
        f"[a](../contributing.md#style) [b](../processes/README.md) [c](../processes/README.md) "
        f"[d]({at}/blob/main/Makefile) [e]({at}/tree/main/src) ![f](../../docs/report.png) [g](https://example.org) "
        f"[h](#here) [i](../tutorials/pairs.md)\n```\n[j](../../CONTRIBUTING.md)\n```\n"
    )


def test_a_link_to_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("# One\n\n[a](two.md) [b](two.md#there) [c](no.md) [d](two.md#no) `[e](no.md)`\n")
    (tmp_path / "two.md").write_text("# Two\n\n```\n# not a heading\n[f](no.md)\n```\n\n## There\n")
    assert broken(tmp_path) == [
        "one.md: no.md is not there",
        "one.md: two.md#no names a heading that is not there",
    ]
    assert anchors(tmp_path / "two.md") == {"two", "there"}
    assert slug("What it *costs*, and [how](x.md)") == "what-it-costs-and-how"


def test_docstrings_become_lists() -> None:
    doc = "Does it.\n\nArgs:\n    one: the first,\n        on two lines.\n\nRaises:\n    InputError: no.\n"
    assert api.documented(doc) == [
        "Does it.",
        "",
        "**Parameters**",
        "",
        "* `one`: the first,",
        "  on two lines.",
        "",
        "**Raises**",
        "",
        "* `InputError`: no.",
        "",
    ]
    assert api.documented(None) == []


def test_the_reference_has_every_public_name() -> None:
    text = api.page("folkmoot")
    named = set(re.findall(r"^## (\w+)$", text, re.MULTILINE))
    assert set(fm.__all__) - named == {"__version__", "asking", "lotteries"}  # modules have pages of their own
    assert "### Slate.to_frame" in text
    assert "Annotated" not in text
    assert "* `budget`: what the slate may cost" in text


def test_every_command_has_a_page_with_its_help() -> None:
    words = [found for found, _ in commands.commands(get_command(app))]
    assert ("ask", "next") in words
    text = commands.page(("doctor",))
    assert "--scale" in text
    assert "\x1b" not in text


def test_what_a_page_is_about() -> None:
    assert about("# One `two`\n\n```\nno\n\nno\n```\n\nIt is [this](x.md) *one*. Not that.\n") == (
        "One two",
        "It is this one.",
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site") / "build" / "docs"
    assemble(target)
    return target


@pytest.mark.long
def test_no_link_between_pages_is_broken(pages: Path) -> None:
    assert broken(pages) == []


@pytest.mark.long
def test_every_page_of_the_navigation_is_there_and_every_page_is_listed_for_machines(pages: Path) -> None:
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    named = re.findall(r"[\w/-]+\.md", str(settings["nav"]))
    assert [name for name in named if not (pages / name).is_file()] == []
    assert [next(iter(part)) for part in settings["nav"]] == ["Home", *PARTS]
    text = listed(pages)
    missing = [page for page in pages.rglob("*.md") if f"/{page.relative_to(pages).as_posix()})" not in text]
    assert missing == []


@pytest.mark.long
def test_the_site_is_built_and_a_broken_link_stops_it(pages: Path, tmp_path: Path) -> None:
    pytest.importorskip("zensical", reason="Zensical is not installed: pip install 'folkmoot[docs]'")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    shutil.copytree(pages, tmp_path / "build" / "docs")

    def built() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    done = built()
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "site" / "reference" / "api" / "folkmoot" / "index.html").is_file()
    assert (tmp_path / "site" / "tutorials" / "pairs.ipynb").is_file()
    page = (tmp_path / "site" / "index.html").read_text("utf-8")
    loaded = re.findall(r'(?:src|href)="(https?://[^"]+)"', re.sub(r"<a\b[^>]*>", "", page))
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    assert {address for address in loaded if not address.startswith(settings["site_url"])} == set()
    with (tmp_path / "build" / "docs" / "faq.md").open("a", encoding="utf-8") as stream:
        stream.write("\n[nowhere](nosuch.md)\n")
    done = built()
    assert done.returncode != 0
    assert "page does not exist" in done.stdout + done.stderr


@pytest.mark.long
@pytest.mark.parametrize("path", notebooks.notebooks(TUTORIALS), ids=lambda path: path.stem)
def test_a_tutorial_prints_what_it_shows(path: Path) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    today = notebooks.as_text(notebooks.executed(path))
    assert today == path.read_text("utf-8"), "run: make notebooks"


def test_there_are_five_tutorials_and_each_is_a_notebook_that_was_run() -> None:
    import json

    found = notebooks.notebooks(TUTORIALS)
    assert len(found) == 5
    for path in found:
        notebook = json.loads(path.read_text("utf-8"))
        assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
        ids = [cell["id"] for cell in notebook["cells"]]
        assert len(set(ids)) == len(ids)
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
        text = notebooks.page(notebook, path.name)
        assert f"[Download this notebook]({path.name})" in text
        assert not re.search(r'<div class="output">[^\n]*\n[^\n]*</div>', text)


def test_a_cell_that_warns_or_fails_is_an_error(tmp_path: Path) -> None:
    import json

    def notebook(code: str) -> Path:
        cell: dict[str, object] = {"id": "a", "metadata": {}, "source": [code], "cell_type": "code"}
        cell |= {"outputs": [], "execution_count": None}
        path = tmp_path / "one.ipynb"
        path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
        return path

    run = notebooks.executed(notebook("print(1)\n2 + 3"))
    assert [output["output_type"] for output in run["cells"][0]["outputs"]] == ["stream", "execute_result"]
    assert "```text\n5\n```" in notebooks.page(run, "one.ipynb")
    for code in ("import warnings; warnings.warn('old')", "1 / 0"):
        with pytest.raises(notebooks.CellError, match=r"one.ipynb, cell 1"):
            notebooks.executed(notebook(code))
    notebooks.executed(notebook("open('left', 'w').close()"))
    assert not (tmp_path / "left").exists()


@pytest.mark.long
def test_the_data_of_the_tutorials_are_what_their_program_makes(tmp_path: Path) -> None:
    made = subprocess.run([sys.executable, str(TUTORIALS / "data" / "make.py"), str(tmp_path)], check=False)
    assert made.returncode == 0
    for name in ("survey.csv", "pairs.csv", "opinions.csv", "budget.pb"):
        assert (tmp_path / name).read_bytes() == (TUTORIALS / "data" / name).read_bytes()


def test_the_examples_of_the_tools_hold() -> None:
    import doctest

    from docsite import links

    assert doctest.testmod(links).failed == 0


def test_every_page_is_published_as_markdown_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pages" / "howto").mkdir(parents=True)
    (tmp_path / "pages" / "howto" / "x.md").write_text("# How\n\nLike *this*. Or that.\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["docsite.published", str(tmp_path / "pages"), str(tmp_path / "site")])
    published.main()
    assert (tmp_path / "site" / "howto" / "x.md").read_text("utf-8").startswith("# How")
    assert "/howto/x.md): Like this." in (tmp_path / "site" / "llms.txt").read_text("utf-8")
