"""Near-duplicates among 200,000 comments: what is found, what is wrongly grouped, how fast.

    python benchmarks/near_duplicates.py [--texts 200000] [--seed 0]

Originals are what people wrote in the bundled conversation, and in the conversations and the recorded runs of the
folder FOLKMOOT_SHARED where that is set, each once, and pairs of their sentences put together. Planted in them are
edits of originals: in case, accents, width, punctuation, Unicode form, blanks and spelling (a slip in a word of three
letters or more), a small word left out, clauses in another order, one to three of these at once; and texts that must
stay apart from their originals: a negation put in, a number changed, a word replaced by another one. Recall: the share
of the edits that are in the group of their original. Precision: the share of the texts that are spoken for by another
one whose speaker has the same original; what people themselves wrote twice in nearly the same words counts against it.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import random
import re
import resource
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import folkmoot as fm
from folkmoot.queries.texts.languages import LANGUAGES
from folkmoot.queries.texts.same import same_texts

SMALL = LANGUAGES["en"].words - LANGUAGES["en"].negations
#: Shares of the texts that are originals, and that must stay apart from the one they were made from.
ORIGINALS, APART = 0.35, 0.1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    texts, origin, how = planted(written(), options.texts, random.Random(options.seed))
    begin = time.process_time()
    found = same_texts(texts)
    seconds = time.process_time() - begin
    kinds, right = Counter[str](), Counter[str]()
    first_of = {mine: at for at, (mine, kind) in enumerate(zip(origin, how, strict=True)) if not kind}
    spoken = good = 0
    for at, (mine, kind) in enumerate(zip(origin, how, strict=True)):
        speaker = int(found.speaker[at])
        if speaker != at:
            spoken += 1
            good += origin[speaker] == mine
        for each in kind.split("+") if kind else ():
            kinds[each] += 1
            right[each] += found.group[at] == found.group[first_of[mine]]
    edits = [at for at, kind in enumerate(how) if kind]
    recall = sum(found.group[at] == found.group[first_of[origin[at]]] for at in edits) / max(1, len(edits))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(texts):,} texts, {len(first_of):,} originals, {len(edits):,} edits; {len(found.first):,} groups")
    print(f"precision {good / max(1, spoken):.4f}, recall {recall:.4f}; {seconds:.1f} CPU s, {memory:.0f} MB")
    for kind, count in sorted(kinds.items()):
        print(f"  {kind:14}{count:>9,}{right[kind] / count:>9.4f}")


def written() -> list[str]:
    """What people wrote, each text once."""
    texts = list(fm.example().statements.texts)
    shared = os.environ.get("FOLKMOOT_SHARED")
    if shared:
        for file in sorted(Path(shared).glob("data/polis/*/comments.csv")):
            with file.open(newline="", encoding="utf-8", errors="replace") as stream:
                texts += [row.get("comment-body") or "" for row in csv.DictReader(stream)]
        for file in sorted(Path(shared).glob("data/prose/*/statements.csv.gz")):
            with gzip.open(file, "rt", newline="", encoding="utf-8") as stream:
                texts += [value for row in csv.DictReader(stream) for value in row.values() if value and " " in value]
    once = {"".join(filter(str.isalnum, text.casefold())): text.strip() for text in texts}
    return [text for key, text in once.items() if len(key) >= 12]


def planted(real: list[str], size: int, rng: random.Random) -> tuple[list[str], list[int], list[str]]:
    """Texts in random order, the number of each one's original, and how it was edited (empty: not at all)."""
    sentences = [part for text in real for part in re.split(r"(?<=[.!?])\s+", text) if len(part) > 20]
    originals = dict.fromkeys(real[: int(ORIGINALS * size)])
    while len(originals) < int(ORIGINALS * size):
        originals[" ".join(rng.sample(sentences, 2))] = None
    rows = [(text, number, "") for number, text in enumerate(originals)]
    while len(rows) < size:
        text, number, _ = rows[rng.randrange(len(originals))]
        if rng.random() < APART:
            rows.append((another(text, rng), len(rows), ""))
            continue
        done = []
        for name in rng.sample(sorted(EDITS), rng.choice((1, 1, 2, 3))):
            changed = EDITS[name](text, rng)
            if changed != text:
                done.append(name)
                text = changed
        rows.append((text, number, "+".join(done) or "none"))
    rng.shuffle(rows)
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def another(text: str, rng: random.Random) -> str:
    """A text that says something else in nearly the same words."""
    words = text.split()
    if numbers := [at for at, word in enumerate(words) if word.isdigit()]:
        words[numbers[0]] = str(int(words[numbers[0]]) + rng.randint(1, 9))
    elif rng.random() < 0.5:
        words.insert(rng.randrange(len(words) + 1), "not")
    else:
        words[rng.randrange(len(words))] = rng.choice(("fewer", "cheaper", "schools", "nobody", "against", "trees"))
    return " ".join(words)


def slip(text: str, rng: random.Random) -> str:
    """A spelling slip in one word."""
    spans = [found.span() for found in re.finditer(r"[^\W\d_]{3,}", text)]
    if not spans:
        return text
    start, end = rng.choice(spans)
    at = rng.randrange(start, end - 1)
    kinds: list[Callable[[], str]] = [
        lambda: text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        lambda: text[: at + 1] + text[at + 2 :],
        lambda: text[: at + 1] + text[at:],
        lambda: text[: at + 1] + rng.choice("aeioustnrl") + text[at + 2 :],
    ]
    return rng.choice(kinds)()


def accented(text: str, rng: random.Random) -> str:
    """Accents where there were none, or none where there were."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare if bare != text else "".join(c + "\u0301" if c in "aeiou" and rng.random() < 0.2 else c for c in text)


def punctuated(text: str, rng: random.Random) -> str:
    """Other signs at the end and between words."""
    bare = re.sub(r"(?<!\d)[.,;!?](?!\w)", "", text)
    return rng.choice((bare, bare + "!!!", bare + " …", "- " + text, f"“{text}”", bare.replace("'", "’")))


def shorter(text: str, rng: random.Random) -> str:
    """A small word left out."""
    words = text.split()
    small = [at for at, word in enumerate(words) if word.lower() in SMALL]
    if not small:
        return text
    gone = rng.choice(small)
    return " ".join(words[:gone] + words[gone + 1 :])


def turned(text: str, rng: random.Random) -> str:
    """Sentences in another order."""
    parts = re.split(r"(?<=[.!?])\s+", text)
    closed = [part if part[-1:] in ".!?" else part + "." for part in parts]
    return " ".join([*closed[1:], closed[0]]) if len(parts) > 1 else text


def _wide(text: str) -> Iterator[str]:
    return (chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


EDITS: dict[str, Callable[[str, random.Random], str]] = {
    "accents": accented,
    "blanks": lambda text, rng: rng.choice((" ", "\u00a0", "\n")).join(text.split()) + "\u200b ",
    "case": lambda text, rng: rng.choice((text.upper(), text.lower(), text.title())),
    "order": turned,
    "punctuation": punctuated,
    "slip": slip,
    "small word": shorter,
    "Unicode form": lambda text, rng: unicodedata.normalize(rng.choice(("NFD", "NFKD", "NFC")), text),
    "width": lambda text, _: "".join(_wide(text)),
}


if __name__ == "__main__":
    main()
