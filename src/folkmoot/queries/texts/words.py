"""Words of a text in any script: counting, distinct words, stems."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from functools import lru_cache

KEPT = 10_000
"""Texts whose counts are remembered: rules about what may be chosen look at the same texts several times."""
STEM = 6
"""Letters that a stem keeps: "improve" and "improved" become one."""
GRAMMAR = 10
"""A character of Chinese or Japanese that more than one text in so many has is one of grammar, or of the whole talk."""
_LONG = 12  # letters of a word in a language of compounds

# Han, kana and Hangul with their extensions: two characters make about a word.
_CJK = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
_CJK += "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
# Thai, Lao, Burmese and Khmer have no blanks between words either; four letters make about a word.
_RUNNING = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
# Korean has blanks between words.
_UNBROKEN = re.compile(f"(?:(?![\u3130-\u318f\uac00-\ud7af])[{_CJK}])+|[{_RUNNING}]+")
_CHARACTER = re.compile(f"[{_CJK}]")
_LETTER = re.compile(f"[{_RUNNING}]")
_SPACELESS = re.compile(f"[{_CJK}{_RUNNING}]")
_SPACELESS_RUN = re.compile(f"[{_CJK}]+|[{_RUNNING}]+")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)+|[^\W_]+(?:'[^\W_]+)*")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\uff07": "'", "`": "'"})


@lru_cache(maxsize=KEPT)
def plain(text: str) -> str:
    """The text in lower case and one form: compatibility characters resolved, one kind of apostrophe, single blanks.

    >>> plain("  I’M  Still here")
    "i'm still here"
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES).split())


@lru_cache(maxsize=KEPT)
def word_count(text: str, compounds: bool = False) -> int:
    """Number of words in any script.

    A word is a run of non-blanks with a letter or a digit in it. Scripts without blanks between words are counted by
    their characters: two of Chinese, Japanese or Korean make a word, four letters of Thai, Lao, Burmese or Khmer; what
    is left over counts as one.

    Args:
        text: the text of a statement.
        compounds: whether its language joins words without a blank, so that every twelve letters of a run count.

    >>> word_count("More roundabouts - please!"), word_count("公園に木を植える"), word_count(":-)")
    (3, 4, 0)
    >>> word_count("Straßenbeleuchtung abschalten"), word_count("Straßenbeleuchtung abschalten", compounds=True)
    (2, 3)
    """
    characters, letters, rest = _scripts(text)
    return _counted(rest, compounds) + _up(len(characters), 2) + _up(len(letters), 4)


@lru_cache(maxsize=KEPT)
def different_words(text: str, compounds: bool = False) -> int:
    """Number of different words in any script: as `word_count`, each word or character once whatever its case.

    Args:
        text: the text of a statement.
        compounds: the same as in `word_count`.

    >>> different_words("No, no, NO! Never."), different_words("哈哈哈哈哈哈哈哈")
    (2, 1)
    """
    characters, letters, rest = _scripts(text)
    words = {"".join(_TOKEN.findall(plain(word))) or word for word in rest}
    return _counted(words, compounds) + _up(len(set(characters)), 2) + _up(len(set(letters)), 4)


def tokens(text: str) -> list[str]:
    """Words in lower case without punctuation; apostrophes inside words stay. Scripts without blanks give none.

    >>> tokens("I'm for it -- 100 %!")
    ["i'm", 'for', 'it', '100']
    """
    return list(_tokens(text))


@lru_cache(maxsize=KEPT)
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(_SPACELESS.sub(" ", plain(text))))


def pieces(text: str) -> list[str]:
    """What stands for words where no blanks do, in order: two characters, or four letters, from every place of a run.

    Two characters of Chinese or Japanese make about a word, four letters of Thai, Lao, Burmese or Khmer; a run that is
    shorter is one. Other scripts give none: their words are `tokens`.

    >>> pieces("Uber 应该纳税"), pieces("More buses")
    (['应该', '该纳', '纳税'], [])
    """
    found = []
    for run in _UNBROKEN.findall(plain(text)):
        size = 4 if _LETTER.match(run) else 2
        found += [run[at : at + size] for at in range(max(len(run) - size + 1, 1))]
    return found


def grammar(texts: Collection[str]) -> frozenset[str]:
    """Characters of Chinese and Japanese in more than a tenth of some texts (and more than two): the function words.

    Args:
        texts: the texts of a conversation, which tell what is said in all of them; other scripts have none.
    """
    often = Counter(one for text in texts for one in set("".join(_UNBROKEN.findall(plain(text)))))
    many = max(2, len(texts) // GRAMMAR)
    return frozenset(one for one, times in often.items() if times > many and not _LETTER.match(one))


def amounts(text: str) -> frozenset[str]:
    """Numbers of a text as they are written, decimals and times as one.

    >>> sorted(amounts("$15, or 1.5 % until 7:30"))
    ['1.5', '15', '7:30']
    """
    return frozenset(word for word in tokens(text) if word[0].isdigit() and not any(map(str.isalpha, word)))


def stems(text: str, without: Collection[str] = ()) -> Counter[str]:
    """How often each stem occurs: the first six letters of every word, pairs of characters where there are no blanks.

    Args:
        text: the text of a statement.
        without: the words in lower case that are left out (articles, prepositions, ...), and the characters of which
            no pair is counted.

    >>> sorted(stems("Improved traffic improves the town's traffic", {"the"}).items())
    [('improv', 2), ('town', 1), ('traffi', 2)]
    """
    counts = Counter(_stem(word) for word in tokens(text) if word not in without)
    for run in _SPACELESS_RUN.findall(plain(text)):
        pairs = (run[at : at + 2] for at in range(max(len(run) - 1, 1)))
        counts.update(pair for pair in pairs if not any(one in without for one in pair))
    return counts


@lru_cache(maxsize=KEPT)
def _stem(word: str) -> str:
    if word.endswith("n't"):
        return word
    word = word.split("'")[-1] if word.split("'")[0] in ("l", "d", "qu", "j", "s", "c", "n") else word.split("'")[0]
    # One plural for short words, where six letters do not cut it off.
    if 3 < len(word) <= STEM and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word[:STEM]


def _scripts(text: str) -> tuple[list[str], list[str], list[str]]:
    """Characters of scripts counted by twos, letters of those counted by fours, words with blanks around them."""
    text = unicodedata.normalize("NFKC", text)
    rest = [word for word in _SPACELESS.sub(" ", text).split() if any(map(str.isalnum, word))]
    # A run that is broken by characters of another script, as in 2050年までに, is one word.
    letters = [letter for letter in _LETTER.findall(text) if letter.isalpha()]
    return _CHARACTER.findall(text), letters, rest


def _counted(words: Collection[str], compounds: bool) -> int:
    return sum(max(_up(sum(map(str.isalpha, word)), _LONG), 1) for word in words) if compounds else len(words)


def _up(count: int, by: int) -> int:
    return -(-count // by)
