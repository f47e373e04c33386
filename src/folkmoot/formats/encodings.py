"""Which encoding a text is in: what its bytes say beyond doubt, else what they can mean in only one way."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import IO

from ..profile import InputError

EXAMPLES = (
    "utf-8, utf-16, cp1252 (Western Europe), cp1250 (Central Europe), cp1251 (Cyrillic), shift_jis, gb18030, big5"
)
"""Encodings as messages name them."""

PLAUSIBLE = (
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "iso8859_15",
    "mac_roman",
    "koi8_r",
    "cp932",
    "euc_jp",
    "gb18030",
    "big5",
    "euc_kr",
)
"""What spreadsheets and survey tools write where they do not write Unicode; of equal readings the first counts."""

ENOUGH = 1 << 16
"""How many bytes of lines that are not ASCII are looked at."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_ALPHABETS = tuple(
    frozenset(letters)
    for letters in (
        "äöüß",
        "àâæçéèêëîïôœùûüÿ",
        "áéíñóúü",
        "ãõáàâçéêíóôúü",
        "àèéìîòóù",
        "ąćęłńóśźż",
        "áčďéěíňóřšťúůýž",
        "áäčďéíľňóôšťúýž",
        "áéíóöőúüű",
        "ăâîșțşţ",
        "čćđšž",
        "çğıiİöşüâîû",
        "åäöéüæø",
        "áéíóúýþæðö",
        "áéëèïíóöúüĳ",
    )
)
"""Letters beyond a-z: German, French, Spanish, Portuguese, Italian, Polish, Czech, Slovak, Hungarian, Romanian,
Croatian, Turkish, the Nordic languages, Icelandic, Dutch."""


@dataclass(frozen=True)
class Start:
    """What the first bytes of a text say about its encoding.

    Args:
        encoding: the encoding.
        skip: how many bytes the mark at the start has.
        sure: whether the bytes leave no doubt.
    """

    encoding: str
    skip: int = 0
    sure: bool = True


def checked(encoding: str | None) -> str | None:
    """The name of an encoding that the caller names, as Python has it.

    Raises:
        InputError: if Python has no such encoding of texts.
    """
    if encoding is None:
        return None
    try:
        "a".encode(encoding)
        return codecs.lookup(encoding).name
    except (LookupError, ValueError, TypeError):
        raise InputError(f"`encoding` names no encoding, {encoding[:40]!r}; use one like {EXAMPLES}") from None


def started(raw: bytes, named: str | None = None) -> Start:
    """The encoding of a text that begins with these bytes: by its mark, as named, by its NULs, else UTF-8 for now."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return Start(encoding, len(mark))
    if named is not None:
        return Start(named)
    sample = raw[:4096]
    nuls = sample.count(0)
    if len(sample) >= 4 and 4 * nuls > len(sample):
        # Half of the bytes of ASCII in UTF-16 are NUL: the second of each pair, or the first.
        odd = sample[1::2].count(0)
        if odd >= 0.9 * nuls:
            return Start("utf-16-le")
        if odd <= 0.1 * nuls:
            return Start("utf-16-be")
    return Start("utf-8", sure=False)


def by_line(encoding: str) -> bool:
    """Whether bytes in this encoding can be cut at line feeds and carriage returns."""
    return not encoding.replace("_", "-").startswith(("utf-16", "utf-32")) and "\r\n".encode(encoding) == b"\r\n"


@dataclass(frozen=True)
class Doubt:
    """Why an encoding is not clear: the first line that is not UTF-8, and what it could say."""

    row: int
    byte: int
    value: int
    readings: tuple[tuple[str, str], ...] = ()

    def error(self, path: object) -> InputError:
        """The refusal, which names the row, the byte and what to do."""
        could = ", ".join(f"{example!r} with {encoding}" for encoding, example in self.readings[:3])
        remedy = f"it could be {could}: say which with `encoding`" if could else "save it as UTF-8, or say `encoding`"
        what = f"byte {self.byte} of the line (0x{self.value:02x}) is not UTF-8; {remedy}"
        return InputError(what, file=path, row=self.row)


def is_utf8(stream: IO[bytes]) -> bool:
    """Whether all of a stream is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(1 << 20):
            if not chunk.isascii() or decoder.getstate()[0]:
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def decided(lines: Iterable[bytes]) -> str | Doubt:
    """The encoding of a text without a mark: UTF-8 if it is that, else the one in which it can be read.

    Args:
        lines: all lines of the text.
    """
    first: Doubt | None = None
    sample: list[bytes] = []
    size, valid, invalid = 0, 0, 0
    for row, line in enumerate(lines, start=1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            valid += 1
        except UnicodeDecodeError as error:
            invalid += 1
            if first is None:
                first = Doubt(row, error.start + 1, line[error.start])
        if size < ENOUGH:
            sample.append(line[: ENOUGH - size])
            size += len(line)
    if first is None:
        return "utf-8"
    if valid >= invalid:
        return first  # a text in UTF-8 that is damaged
    readings = detected(b"\n".join(sample))
    if len(readings) == 1 and _enough(b"\n".join(sample).decode(readings[0][0]), readings[0][0]):
        return readings[0][0]
    if len(readings) == 1 and readings[0][0] != "cp1252":
        readings = ()  # too little to suggest it
    return Doubt(first.row, first.byte, first.value, readings)


def detected(raw: bytes) -> tuple[tuple[str, str], ...]:
    """The encodings in which these bytes make sense, each with a word that is read so.

    What is not read as words in any of them is ruled out first: signs and capitals inside words, two scripts in one
    word, control characters. Of the others those whose letters belong to one language are kept, and what is left is
    ranked by charset-normalizer.
    """
    texts: dict[str, str] = {}
    for encoding in PLAUSIBLE:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text not in texts.values() and _makes_words(text) and _common(text, encoding):
            texts[encoding] = text
    for plausible in (_one_language, _in_small_letters):
        texts = {e: t for e, t in texts.items() if plausible(t)} or texts
    if len(texts) > 1:
        texts = {e: t for e, t in texts.items() if _kana(t)} or _by_words(raw, texts) or _best(raw, texts)
    return tuple((encoding, _example(text, texts.values())) for encoding, text in texts.items())


def _enough(text: str, encoding: str) -> bool:
    """Whether there are enough letters to go by: one sign alone says nothing."""
    letters = [ch for ch in text if not ch.isascii() and (ch.isalpha() or ch in _QUOTES)]
    if encoding in _FUNCTION_WORDS:
        return len(letters) > 1 or _WITHIN.search(text) is not None
    return len(letters) > 3 or sum(_script(ch) == "EAST ASIAN" for ch in letters) > 1


_QUOTES = "‘’‚“”„–—…"
_WITHIN = re.compile(r"[A-Za-z][^\W\d_a-zA-Z][a-z]")
_INSIDE = re.compile(r"[^\W\d_][^\w\s'’‘\-­·.,;:/&+*!?()\[\]\"“”„…–—@#%=<>|\\`´^~€$£][^\W\d_]")
_CAPITAL = re.compile(r"[^\W\d_]*[a-zß-öø-ÿа-яά-ώ]+[A-ZÀ-ÖØ-ÞŠŽŒŸА-ЯΆ-Ώ][^\W\d_]*")
_FRACTION = re.compile(r"(?<!\d)[¹²³¼½¾](?=[^\W\d_])")  # "³awek" is Polish in another encoding
_WORD = re.compile(r"[^\W\d_]+")


def _makes_words(text: str) -> bool:
    """Whether hardly any word that is not ASCII is spoilt."""
    if any(unicodedata.category(ch) in ("Cc", "Cn", "Co") and ch not in "\t\r\n" for ch in set(text)):
        return False
    words = [word for word in text.split() if not word.isascii()]
    bad = sum(1 for word in words if _spoilt(word))
    return bool(words) and bad <= 0.02 * len(words)


def _kana(text: str) -> bool:
    """Whether this is Japanese: nothing else is read as so many of its syllables by chance."""
    return 3 * sum("\u3041" <= ch <= "\u3096" for ch in text) > sum(not ch.isascii() for ch in text)


_COMMON = {"gb18030": ("gb2312", 0xB0, 0xD7), "big5": ("big5", 0xA4, 0xC6), "cp932": ("cp932", 0x88, 0x97)}
_COMMON["euc_jp"] = _COMMON["cp932"]
"""The standards' own lists of characters in daily use: the first bytes between which they stand."""


def _common(text: str, encoding: str) -> bool:
    """Whether most East Asian characters of a text are those in daily use."""
    east = [ch for ch in text if _script(ch) == "EAST ASIAN"]
    if encoding == "euc_kr":
        return 2 * sum("\uac00" <= ch <= "\ud7a3" for ch in east) >= len(east)
    if encoding not in _COMMON:
        return True
    codec, low, high = _COMMON[encoding]
    han = [ch for ch in east if "\u4e00" <= ch <= "\u9fff"]
    common = sum(low <= ch.encode(codec, "replace")[0] <= high for ch in han)
    kana = len(east) - len(han)
    return bool(east) and common >= 0.8 * len(han) and (codec == "cp932" or kana <= len(han))


def _spoilt(word: str) -> bool:
    if any(not m.group()[1].isascii() for m in _INSIDE.finditer(word)):
        return True
    if _FRACTION.search(word):
        return True
    if any("\u2500" <= ch <= "\u25ff" or "\u02b0" <= ch <= "\u02ff" for ch in word):
        return True  # boxes, and accents that stand alone
    for match in _WORD.finditer(word):
        letters = match.group()
        if letters.isascii():
            continue
        if len({_script(ch) for ch in letters} - {""}) > 1:
            return True
        if any(not ch.isascii() for ch in _capitals_within(letters)):
            return True
    return False


def _capitals_within(letters: str) -> str:
    """Capitals that follow a small letter, and small letters that follow capitals only after the first."""
    if letters.isupper() or letters.islower():
        return ""
    return "".join(ch for before, ch in pairwise(letters) if before.islower() and ch.isupper())


def _script(ch: str) -> str:
    if ch.isascii():
        return "LATIN"
    name = unicodedata.name(ch, "") if ch.isalpha() or ch in "ﾞﾟ" else ""
    script = name.split(" ")[0]
    # Japanese mixes three scripts, and writes Latin letters beside them without a space, as Chinese and Korean do.
    return "EAST ASIAN" if script in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "KATAKANA-HIRAGANA") else script


def _one_language(text: str) -> bool:
    letters = {ch.lower() for ch in text if not ch.isascii() and ch.isalpha()}
    if any(_script(ch) not in ("LATIN", "FEMININE", "MASCULINE") for ch in letters):
        return True  # told by its script
    return any(letters <= alphabet | {"ª", "º", "i̇"} for alphabet in _ALPHABETS)


_FUNCTION_WORDS = {
    "cp1252": """die der das und den von mit ist nicht auf ein eine im dem zu sich wir mehr weniger the of and to in
    is for more les des le et pour une dans est que qui sur pas plus moins nous el los las con por para
    como del una os um uma mais menos com il di che per sono della al alla nel vicino meno het een van
    voor meer niet och att det som inte fler og ikke flere til""",
    "cp1250": """jest nie do od jak dla przez oraz by w z o si je se na ve ze pro jsou nebo aby bylo som sa pre pri
    viac menej az egy nem van hogy meg kell mai mult nu este pentru cu din u su za sve i""",
    "cp1254": """ve bir bu daha olsun var yok ne gibi kadar her ile mi olarak fazla az""",
}
"""Words without which hardly anything is said, in ASCII: of Western and of Central Europe, and of Turkey."""


def _by_words(raw: bytes, texts: dict[str, str]) -> dict[str, str]:
    """The reading whose part of Europe the words that are ASCII belong to; nothing if they do not say so clearly."""
    words = re.findall(rb"(?<![^\s;,.:\"'])[a-z]+(?![^\s;,.:!?\"'])", raw.lower())
    counts = sorted(
        (
            (sum(word.decode() in known.split() for word in words), encoding)
            for encoding, known in _FUNCTION_WORDS.items()
        ),
        reverse=True,
    )
    (most, encoding), (second, _) = counts[:2]
    if most < 2 or most < 2 * second or encoding not in texts or not set(texts) <= {*_FUNCTION_WORDS, "iso8859_15"}:
        return {}
    return {encoding: texts[encoding]}


def _in_small_letters(text: str) -> bool:
    """Whether the letters that are not ASCII are not mostly capitals, as in hardly any text."""
    letters = [ch for ch in text if not ch.isascii() and ch.isalpha()]
    return 2 * sum(map(str.isupper, letters)) <= len(letters)


def _best(raw: bytes, texts: dict[str, str]) -> dict[str, str]:
    """Those that charset-normalizer does not find clearly worse than the best."""
    from charset_normalizer import from_bytes  # takes a while, and is hardly ever needed

    matches = from_bytes(raw, cp_isolation=list(texts), threshold=1.0, preemptive_behaviour=False)
    scores = {m.encoding: (m.chaos, m.coherence) for m in matches if m.encoding in texts}
    if not scores:
        return texts
    chaos, coherence = min(scores.values(), key=lambda s: (s[0], -s[1]))
    close = {e for e, (c, h) in scores.items() if c <= chaos + 0.05 and h >= coherence - 0.1}
    return {e: t for e, t in texts.items() if e in close}


def _example(text: str, others: Iterable[str]) -> str:
    """The first word that some other reading does not share, or the first that is not ASCII."""
    words = text.split()
    readings = [other.split() for other in others]
    for i, word in enumerate(words):
        if not word.isascii() and any(i < len(other) and other[i] != word for other in readings):
            return word[:20]
    return next((word[:20] for word in words if not word.isascii()), "")


_LEAD = re.compile(r"(?:[\u00c2-\u00f4][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{1,3})+")


def broken(text: str) -> str | None:
    """The first piece of a text that was UTF-8 and decoded as cp1252 before it was saved; None if there is none.

    >>> broken("Mehr BÃ¤ume fÃ¼r alle")
    'BÃ¤ume'
    >>> broken("Ângela não vê 5 °C à la carte"), broken("„Ä“ und ‚Ö‘")
    (None, None)
    """
    if text.isascii():
        return None
    for match in _LEAD.finditer(text):
        piece = match.group()
        try:
            meant = b"".join(ch.encode("latin-1") if ord(ch) < 256 else ch.encode("cp1252") for ch in piece).decode(
                "utf-8"
            )
        except UnicodeError:
            continue
        # One pair may be a capital beside a quotation mark; what begins with these signs, or several pairs, is not.
        if piece[0] in "ÃÂâ" or len(meant) > 1:
            start = max(text.rfind(" ", 0, match.start()), text.rfind("\n", 0, match.start())) + 1
            return text[start:].split(maxsplit=1)[0][:30]
    return None
