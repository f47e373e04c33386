"""Languages: every sentence is translated, numbers and dates are written as each language writes them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import jinja2
import pytest
from markupsafe import Markup

from folkmoot.profile import InputError
from folkmoot.report.extraction import messages, problems, read_catalogue, update
from folkmoot.report.translations import MESSAGES, Words, known, languages, words


@pytest.mark.parametrize("file", sorted(MESSAGES.glob("*.po")), ids=lambda file: file.stem)
def test_every_sentence_is_translated_and_none_is_stale(file: Path) -> None:
    assert len(read_catalogue(file))  # without sentences in the sources, all of these would be stale
    assert problems(file) == []  # python -m folkmoot.report.extraction brings a catalogue up to date


def _catalogue(folder: Path, entries: str, plural: str = "nplurals=2; plural=(n != 1);") -> Path:
    file = folder / "de.po"
    header = ("Language: de", f"Plural-Forms: {plural}", "Content-Type: text/plain; charset=utf-8")
    head = "".join(['msgid ""\nmsgstr ""\n', *(f'"{line}\\n"\n' for line in header)])
    file.write_text(f"{head}\n{entries}", encoding="utf-8")
    return file


def _package(folder: Path, source: str, template: str = "") -> Path:
    (folder / "report").mkdir()
    (folder / "report" / "page.py").write_text(source, encoding="utf-8")
    (folder / "report" / "page.html").write_text(template, encoding="utf-8")
    return folder


def test_what_is_missing_stale_or_different_is_named(tmp_path: Path) -> None:
    package = _package(
        tmp_path,
        "w.gettext('One')\nw.nmarkup('%(n)s cat', '%(n)s cats', k)\nw.markup('Of %(place)s')\n",
        "{% trans n=k %}one dog{% pluralize %}\n  {{ n }} dogs{% endtrans %}",
    )
    assert set(messages(package)) == {"One", ("%(n)s cat", "%(n)s cats"), "Of %(place)s", ("one dog", "%(n)s dogs")}
    stale = 'msgid "Gone"\nmsgstr "Weg"\n\nmsgid "Of %(place)s"\nmsgstr "Aus %(ort)s"\n'
    found = problems(_catalogue(tmp_path, stale), package)
    assert [line.split(":")[0] for line in found] == ["not translated"] * 3 + ["stale", "'Of %(place)s'"]
    update(tmp_path / "de.po", package)
    text = (tmp_path / "de.po").read_text(encoding="utf-8")
    assert "Gone" not in text
    assert 'msgid_plural "%(n)s cats"' in text
    assert [line.split(":")[0] for line in problems(tmp_path / "de.po", package)] == [
        "not translated",
        "not translated",
        "not translated",
        "'Of %(place)s'",
    ]


def test_plural_forms_are_the_language_s_own(tmp_path: Path) -> None:
    one_for_all = 'msgid "%(n)s cat"\nmsgid_plural "%(n)s cats"\nmsgstr[0] "%(n)s Katze(n)"\n'
    _catalogue(tmp_path, one_for_all, "nplurals=1; plural=0;")
    assert Words("de", tmp_path).ngettext("%(n)s cat", "%(n)s cats", 1) == "1 Katze(n)"
    assert Words("en").ngettext("%(n)s cat", "%(n)s cats", 1) == "1 cat"
    assert Words("en").ngettext("%(n)s cat", "%(n)s cats", 1200) == "1,200 cats"


def test_values_are_escaped_and_messages_are_not() -> None:
    w = words("en")
    assert w.markup("<b>%(x)s</b>", x="<i>\0") == Markup("<b>&lt;i&gt;\ufffd</b>")
    assert w.gettext("100%") == "100%"
    assert w.nmarkup("%(n)s <b>%(x)s</b>", "", 1, x=Markup("<i>")) == "1 <b><i></b>"


def test_templates_speak_the_language(tmp_path: Path) -> None:
    _catalogue(
        tmp_path, 'msgid "<b>%(n)s</b> tree"\nmsgid_plural "%(n)s trees"\nmsgstr[0] "Baum"\nmsgstr[1] "%(n)s Bäume"\n'
    )
    environment = jinja2.Environment(autoescape=True)
    Words("de", tmp_path).install(environment)
    page = environment.from_string("{% trans n=k %}\n <b>{{ n }}</b> tree{% pluralize %}{{ n }} trees{% endtrans %}")
    assert page.render(k=1) == "Baum"
    assert page.render(k=7) == "7 Bäume"


@pytest.mark.parametrize(
    ("code", "count", "share", "day", "direction"),
    [
        ("en", "12,345", "7%", "3 February 2018", "ltr"),
        ("en-US", "12,345", "7%", "February 3, 2018", "ltr"),
        ("de", "12.345", "7\u202f%", "3. Februar 2018", "ltr"),
    ],
)
def test_numbers_and_dates(code: str, count: str, share: str, day: str, direction: str) -> None:
    w = words(code)
    assert (w.code, w.direction) == (code, direction)
    assert (w.count(12345), w.percent(7, 100), w.day(date(2018, 2, 3))) == (count, share, day)
    assert w.span(date(2018, 2, 3), date(2018, 2, 3)) == day


def test_a_share_is_never_rounded_to_none_or_all() -> None:
    w = words("en")
    assert [w.percent(part, 1000) for part in (0, 1, 5, 994, 999, 1000)] == [
        "0%",
        "under 1%",
        "1%",
        "99%",
        "over 99%",
        "100%",
    ]


def test_an_unknown_language_names_the_known_ones() -> None:
    assert {"en", "de"} <= set(languages())
    assert known("de-AT")
    assert not known("tlh")
    for code in ("tlh", "fr", "", "../de"):
        with pytest.raises(InputError, match="de or en"):
            Words(code)


def test_a_catalogue_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "fr.po").write_text("Hello, world.\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"fr\.po"):
        Words("fr", tmp_path)
    assert problems(tmp_path / "fr.po")
