"""The languages of pages and summaries: sentences from message catalogues, numbers and dates as a language writes them.

English is the language of the sources: a sentence stands in the code or a template as ``gettext("…")``, ``markup("…")``
or ``{% trans %}``. Every other language is one file, ``messages/CODE.po``; it is read as it is, nothing is compiled.
``python -m folkmoot.report.extraction`` brings the files up to date with the sources.
"""

from __future__ import annotations

import io
import re
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from jinja2 import Environment
from markupsafe import Markup

from ..profile import InputError
from ..profile.declared import either
from .recorded_sentences import Sentences
from .recorded_sources import CONTEXT
from .words import clean

MESSAGES = Path(__file__).parent / "messages"
#: The language of the sources, and the locale that is meant where no country is named.
SOURCE = "en"
_WORLD = {"en": "en_001"}
_SHORT_MONTH = re.compile("(?<!M)MMM(?!M)")


class Words:
    """The sentences, numbers and dates of one language.

    Args:
        code: the language as BCP 47 has it, perhaps with a country, e.g. ``de`` or ``en-US``.
        folder: the folder of the catalogues.

    Raises:
        InputError: if there is no catalogue for the language, or if the catalogue cannot be read.
    """

    def __init__(self, code: str, folder: Path = MESSAGES) -> None:
        self.locale = _locale(code, folder)
        self.code = self.locale.language if code == self.locale.language else code.replace("_", "-")
        self.direction = self.locale.text_direction
        self._found, recorded = _catalogue(self.locale.language, folder)
        self._recorded = Sentences(recorded, self._language_names() if recorded else {}, self._figure)

    # -- sentences ------------------------------------------------------------------------------------------------

    def gettext(self, message: str, **values: Any) -> str:
        """A sentence as plain text; whole numbers among the values are written as the language writes them."""
        return self._found.gettext(message) % self._shown(values) if values else self._found.gettext(message)

    def ngettext(self, one: str, many: str, n: int, **values: Any) -> str:
        """The sentence for this number, as plain text; ``%(n)s`` is the number."""
        return self._found.ngettext(one, many, n) % self._shown({"n": n, **values})

    def markup(self, message: str, **values: Any) -> Markup:
        """A sentence as HTML: what the catalogue holds is HTML, the values are escaped."""
        return Markup(self._found.gettext(message)) % self._shown(values)  # noqa: S704

    def nmarkup(self, one: str, many: str, n: int, **values: Any) -> Markup:
        """The sentence for this number as HTML; ``%(n)s`` is the number."""
        return Markup(self._found.ngettext(one, many, n)) % self._shown({"n": n, **values})  # noqa: S704

    def recorded(self, sentence: str) -> str:
        """A sentence of a record, which is in English there, in this language; as it is where no catalogue has it.

        >>> Words("de").recorded("Nobody has answered anything yet, so nothing is left out for too few answers.")
        'Noch hat niemand geantwortet, daher wird nichts wegen zu weniger Antworten ausgelassen.'
        """
        return self._recorded.in_words(sentence)

    def _language_names(self) -> dict[str, str]:
        """What languages are called in this one, by their English names."""
        said = self.locale.languages
        return {str(name): str(said[code]) for code, name in Locale("en").languages.items() if code in said}

    def _figure(self, digits: int, decimals: int, share: bool) -> str:
        """A number of a recorded sentence."""
        value = digits / 10**decimals
        text = self.decimal(value, decimals) if decimals else self.count(digits)
        return self.whole_percent(0).replace(self.count(0), text) if share else text

    def _shown(self, values: dict[str, Any]) -> dict[str, Any]:
        return {name: self._written(value) for name, value in values.items()}

    def _written(self, value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return self.count(value)
        return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    def install(self, environment: Environment) -> None:
        """Lets templates say ``{% trans %}…{% endtrans %}`` in this language, and ``{{ words.… }}`` for the rest.

        Args:
            environment: jinja's environment, for this language alone.
        """
        environment.add_extension("jinja2.ext.i18n")
        environment.policies["ext.i18n.trimmed"] = True
        found = self._found
        environment.install_gettext_callables(found.gettext, found.ngettext, newstyle=True)  # type: ignore[attr-defined]
        environment.globals["words"] = self

    # -- numbers and dates ----------------------------------------------------------------------------------------

    def count(self, n: int) -> str:
        """A whole number with its thousands separated.

        >>> Words("en").count(2031), Words("de").count(2031)
        ('2,031', '2.031')
        """
        return str(format_decimal(n, locale=self.locale))

    def decimal(self, value: float, digits: int) -> str:
        """A number with so many decimals.

        >>> Words("de").decimal(0.437, 2)
        '0,44'
        """
        return str(format_decimal(round(value, digits), format=f"#,##0.{'0' * digits}", locale=self.locale))

    def percent(self, part: int, whole: int) -> str:
        """A share in whole percent, half up; what is not none or all is never rounded to it.

        >>> Words("en").percent(667, 1067), Words("de").percent(667, 1067), Words("en").percent(1, 1000)
        ('63%', '63\\u202f%', 'under 1%')
        """
        full = (200 * part + whole) // (2 * whole)
        if part > 0 and full == 0:
            return self.gettext("under %(share)s", share=self.whole_percent(1))
        if part < whole and full == 100:
            return self.gettext("over %(share)s", share=self.whole_percent(99))
        return self.whole_percent(full)

    def whole_percent(self, share: float, digits: int = 0) -> str:
        """So many percent, e.g. ``20%``; a narrow space stands before the sign where a language has one.

        >>> Words("en").whole_percent(20), Words("de").whole_percent(12.34, 1)
        ('20%', '12,3\u202f%')
        """
        form = self.locale.percent_formats[None].pattern.replace("0", f"0.{'0' * digits}" if digits else "0")
        return str(format_percent(share / 100, format=form, locale=self.locale)).replace("\u00a0%", "\u202f%")

    def money(self, n: int, currency: str | None) -> str:
        """A whole sum, with its currency where there is one: by its sign if the code is known, else as it is called.

        >>> Words("en").money(30000, "EUR"), Words("de").money(30000, "EUR"), Words("de").money(30000, "Taler")
        ('€30,000', '30.000\\xa0€', '30.000 Taler')
        >>> Words("en").money(30000, None)
        '30,000'
        """
        if not currency:
            return self.count(n)
        if currency not in self.locale.currencies:
            return f"{self.count(n)} {clean(currency)}"
        whole = re.sub(r"([#0])[.]0+", r"\1", self.locale.currency_formats["standard"].pattern)
        return str(format_currency(n, currency, whole, self.locale, currency_digits=False))

    def day(self, day: date) -> str:
        """A day in full.

        >>> Words("en").day(date(2026, 11, 29)), Words("de").day(date(2026, 11, 29))
        ('29 November 2026', '29. November 2026')
        """
        return str(format_date(day, "long", locale=self.locale))

    def span(self, first: date, last: date) -> str:
        """The days from one to another.

        >>> Words("en").span(date(2018, 2, 2), date(2018, 2, 13)), Words("de").span(date(2018, 2, 2), date(2018, 3, 1))
        ('2–13 February 2018', '2. Februar – 1. März 2018')
        """
        if first == last:
            return self.day(first)
        field = "y" if first.year != last.year else "M" if first.month != last.month else "d"
        # Only with short months has every language patterns; months in full stand in the same places.
        ends = (_SHORT_MONTH.sub("MMMM", part) for part in self.locale.interval_formats["yMMMd"][field])
        text = "".join(format_date(day, end, self.locale) for day, end in zip((first, last), ends, strict=True))
        return text.replace("\u2009", " ")  # few fonts have the thin spaces that stand around some dashes

    def listed(self, parts: list[str]) -> str:
        """A list in a sentence.

        >>> Words("de").listed(["A", "B", "C"])
        'A, B und C'
        """
        return str(format_list(parts, locale=self.locale))


def languages(folder: Path = MESSAGES) -> tuple[str, ...]:
    """The codes of all languages: English, and one for each catalogue.

    Args:
        folder: the folder of the catalogues.
    """
    return tuple(sorted({SOURCE, *(file.stem for file in folder.glob("*.po"))}))


@cache
def words(code: str) -> Words:
    """The words of a language, read once.

    Raises:
        InputError: as `Words` does.
    """
    return Words(code)


def known(code: str, folder: Path = MESSAGES) -> bool:
    """Whether there is a catalogue for a language."""
    return code.replace("_", "-").split("-")[0].lower() in languages(folder)


def _locale(code: str, folder: Path) -> Locale:
    try:
        locale = Locale.parse(code.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        locale = None
    if locale is None or locale.language not in languages(folder):
        raise InputError(f"`lang` must be {either(languages(folder))}, not {code!r}")
    return Locale.parse(_WORLD[locale.language]) if str(locale) in _WORLD else locale


@cache
def _catalogue(language: str, folder: Path) -> tuple[NullTranslations, dict[str, str]]:
    """The catalogue of a language, and in it the sentences of records; English is what stands in the sources."""
    file = folder / f"{language}.po"
    if not file.exists():
        return NullTranslations(), {}
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    try:
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale=language, abort_invalid=True)
    except (OSError, ValueError, PoFileError) as error:
        raise InputError(f"is not a catalogue of messages ({error})", file=file) from None
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    recorded = {str(one.id): str(one.string) for one in catalogue if one.context == CONTEXT and one.string}
    return GNUTranslations(io.BytesIO(compiled.getvalue())), recorded
