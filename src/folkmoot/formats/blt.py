"""BLT files, in which counts of the single transferable vote are published (OpenSTV, OpaVote, OpenTally, eSTV)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from ..profile import ACCEPTED, REJECTED, InputError, Note, Profile, Statements
from .base import FORMATS, Format, Head, Notes, ReadOptions, Signature, Source
from .rankings import Ballot, once, profile_of, refuse_weight
from .table import short
from .writing import Lost, in_file

MOST_CANDIDATES = 100_000
_TOKEN = re.compile(
    r'"(?P<text>(?:[^"\\\n]|\\.)*)"|/\*.*?\*/|#[^\n]*|(?P<id>\([^()\n]*\))|(?P<tag>\[[^\]\n]*\])|(?P<word>[^\s"#]+)'
)
_NICK = re.compile(r"\[\s*nick\s+([^\]\n]*)\]")
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,6})?")
_RANK = re.compile(r"\d{1,9}(?:=\d{1,9})*")
#: What is no ballot. One that is open at its end is found as well, or each of many would be followed to the end anew.
_ASIDE = re.compile(r"/\*.*?(?:\*/|(?P<comment>\Z))|#[^\n]*|\[[^\]\n]*(?:\]|(?P<tag>))|\([^()\n]*\)", re.DOTALL)


def sniff(head: Head) -> bool:
    """Two numbers, the candidates and the seats, and then withdrawn candidates or ballots: nothing but numbers?"""
    nick = _NICK.search(head.text[:20_000])
    short_names = frozenset(nick[1].split()) if nick else frozenset[str]()
    bare = _ASIDE.sub(lambda aside: " " if aside.lastgroup is None else "?", head.text[:20_000])
    rows = [row for line in bare.splitlines() if (row := line.strip())]
    if not rows or re.match(r"[1-9]\d{0,5} +\d{1,6}(?= |$)", rows[0]) is None:
        return False
    numbers = 0
    for row in rows:
        ballots, quote, _ = row.partition('"')
        if short_names:
            words = ballots.replace("=", " ").split()
            ballots = " ".join("1" if word in short_names else word for word in words)
        if re.fullmatch(r"[-\d=.\s]*", ballots) is None:
            return False
        numbers += len(ballots.split())
        if quote or row == "0":  # what follows are names
            break
    return numbers > 2


@dataclass(frozen=True)
class _Token:
    line: int
    text: str
    quoted: bool = False


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads candidates, ballots and title; candidates who withdrew are in the ballots and cannot be chosen.

    Args:
        source: the file to read.
        options: the reading options, none of which is used.

    Raises:
        InputError: if the file is cut, or a ballot is broken or names a candidate that is not there.
    """
    path, notes = source.file, Notes()
    tags: list[str] = []
    tokens = list(_tokens(source.head, tags, notes))
    nick = next((match[1].split() for tag in tags if (match := _NICK.match(tag))), [])
    numbers = [token.text for token in tokens[:2]]
    if len(numbers) < 2 or not all(re.fullmatch(r"\d{1,6}", number) for number in numbers) or numbers[0] == "0":
        raise InputError("BLT begins with two numbers, the candidates and the seats", file=path, row=1)
    m, seats = map(int, numbers)
    if m > MOST_CANDIDATES:
        raise InputError(f"{m:,} candidates are more than can be read, {MOST_CANDIDATES:,}", file=path, row=1)
    at = 2
    withdrawn: set[int] = set()
    while at < len(tokens) and re.fullmatch(r"-\d+", tokens[at].text):
        withdrawn.add(_candidate(tokens[at].text[1:], m, path, tokens[at].line))
        at += 1
    numbered = {name: str(j) for j, name in enumerate(nick, start=1)}
    ballots, at = _ballots(tokens, at, m, numbered, path, notes)
    texts = _names(tokens[at:])
    if len(texts) < m:
        raise InputError(f"names {len(texts)} of {m} candidates after the ballots; the file is cut", file=path)
    if len(texts) > m + 1:
        notes.add("unused", "texts after the title", path.name, len(texts) - m - 1)
    for ballot in ballots:
        once(ballot, path, notes)
    notes.add("seen", "candidates who withdrew: they cannot be chosen", path.name, len(withdrawn))
    moderation = np.array([REJECTED if j in withdrawn else ACCEPTED for j in range(m)], dtype=np.int8)
    ids = tuple(map(str, range(1, m + 1)))
    return profile_of(
        path,
        Statements(ids, tuple(texts[:m]), moderation if withdrawn else None),
        ballots,
        notes,
        source="blt",
        topic=texts[m] if len(texts) > m else "",
        facts={"committeesize": seats},
    )


def _names(tokens: Sequence[_Token]) -> list[str]:
    """Names of candidates and the title: in quotes, or one a line."""
    if any(token.quoted for token in tokens):
        return [token.text for token in tokens]
    lines: dict[int, list[str]] = {}
    for token in tokens:
        lines.setdefault(token.line, []).append(token.text)
    return [" ".join(words) for words in lines.values()]


def _tokens(head: Head, tags: list[str], notes: Notes) -> Iterator[_Token]:
    for number, line in enumerate(head.lines(), start=1):
        end = 0
        for match in _TOKEN.finditer(line):
            if line[end : match.start()].strip():
                raise _broken(line[end : match.start()], head.path, number)
            end = match.end()
            if match["text"] is not None:
                yield _Token(number, re.sub(r'\\(["\\])', r"\1", match["text"]), True)
            elif match["id"] is not None:
                raise InputError(
                    f"{short(match['id'])} in parentheses, an id of a ballot or candidates ranked equal, is not read: "
                    "programs differ in what it means; take ids out, and write candidates ranked equal as 1=3",
                    file=head.path,
                    row=number,
                )
            elif match["tag"] is not None:
                tags.append(match["tag"])
                if not _NICK.match(match["tag"]):
                    notes.add("unused", f"settings of the count, {short(match['tag'])}", head.path.name)
            elif match["word"] is not None:
                yield _Token(number, match["word"])
        if line[end:].strip():
            raise _broken(line[end:], head.path, number)


def _broken(text: str, path: Path, line: int) -> InputError:
    return InputError(
        f"{short(text.strip())} cannot be read; a quote is not closed, or the file is cut", file=path, row=line
    )


def _ballots(
    tokens: Sequence[_Token], at: int, m: int, nick: Mapping[str, str], path: Path, notes: Notes
) -> tuple[list[Ballot], int]:
    """The ballots, and where the names begin; a ballot ends with 0, or in some files with its line."""
    ends = _line_ends(tokens, at)
    ballots: list[Ballot] = []
    while True:
        if at >= len(tokens) or tokens[at].quoted:
            raise InputError("a single 0 has to end the ballots; the file is cut", file=path)
        first = tokens[at]
        if first.text == "0":
            return ballots, at + 1
        if _NUMBER.fullmatch(first.text) is None or float(first.text) <= 0:
            raise refuse_weight(first.text, path, first.line)
        given = Fraction(first.text)
        whole = given.denominator == 1
        ballot = Ballot(first.line, [], int(given) if whole else 1, Fraction(1) if whole else given)
        at += 1
        parts: list[str] = []
        while at < len(tokens) and tokens[at].text != "0" and not (ends and tokens[at].line > first.line):
            if tokens[at].quoted:
                raise InputError("the ballot does not end with 0", file=path, row=first.line)
            parts.append(tokens[at].text)
            at += 1
        if not (ends and (at >= len(tokens) or tokens[at].line > first.line)):
            at += 1
        for rank in re.sub(r"\s*=\s*", "=", " ".join(parts)).split():
            if rank == "-":
                notes.add("seen", "ranks that were skipped: those after them move up", path.name, ballot.voters)
                continue
            equal = "=".join(nick.get(name, name) for name in rank.split("="))
            if _RANK.fullmatch(equal) is None:
                raise InputError(f"{short(rank)} is no candidate's number", file=path, row=first.line)
            ballot.ranks.append([_candidate(name, m, path, first.line) for name in equal.split("=")])
        ballots.append(ballot)


def _line_ends(tokens: Sequence[_Token], at: int) -> bool:
    """Does no ballot end with 0, so that its line ends it?"""
    lines: dict[int, list[str]] = {}
    for token in tokens[at:]:
        if token.quoted:
            break
        lines.setdefault(token.line, []).append(token.text)
    last = next((line for line, texts in lines.items() if texts == ["0"]), None)
    ballots = [texts for line, texts in lines.items() if last is not None and line < last]
    return bool(ballots) and all(texts[-1] != "0" for texts in ballots)


def _candidate(text: str, m: int, path: Path, line: int) -> int:
    if not 1 <= int(text) <= m:
        raise InputError(f"candidate {text} is not there; there are {m}", file=path, row=line)
    return int(text) - 1


def write(profile: Profile, target: Path) -> tuple[Note, ...]:
    """Writes rankings, with ties, as ballots of one voter or of as many as have equal ones.

    Args:
        profile: a profile with rankings and whole weights.
        target: the file to write.

    Raises:
        InputError: if the answers are no rankings, or if nobody or nothing is ranked.
    """
    a, s = profile.answers, profile.statements
    if a.scale.kind != "ranking" or not s.ids:
        what = f"{a.scale.kind}s" if s.ids else "a profile without candidates"
        raise InputError(f"BLT cannot hold {what}, only rankings; write `format='ratings'` instead")
    lost = Lost()
    lost.add("ids of participants", sum(n != str(i) for i, n in enumerate(profile.agents.ids, 1)))
    lost.add("ids of candidates, which become numbers", sum(n != str(j) for j, n in enumerate(s.ids, 1)))
    lost.add("texts of participants", sum(map(len, profile.agents.texts)))
    lost.add("groups of participants", len(profile.agents.groups))
    lost.add("costs of statements", 0 if s.costs is None else len(s.ids))
    lost.add("kinds of statements", sum(map(bool, s.kinds)))
    lost.add("provenance of statements", sum(p.kind != "listed" for p in s.provenance))
    if profile.agents.masses is not None:
        lost.changed("weights, which become as many voters", profile.n_agents)
    lost.changed("texts whose line breaks became spaces", sum(_line(text) != text for text in s.texts))
    if not a.scale.complete:
        lost.changed("what was not ranked, which a BLT ballot ranks behind", profile.n_agents)
    out = [] if s.moderation is None else [j for j, state in enumerate(s.moderation.tolist()) if state == REJECTED]
    seats = profile.facts.get("committeesize", 1)
    rows = [f"{len(s.ids)} {seats if isinstance(seats, int) else 1}"]
    rows += [" ".join(f"-{j + 1}" for j in out)] if out else []
    for i, mass in enumerate(profile.masses.tolist()):
        own = slice(int(profile.indptr[i]), int(profile.indptr[i + 1]))
        chosen, worth = a.statement[own] + 1, a.value[own]
        ranks = ["=".join(map(str, chosen[worth == value].tolist())) for value in np.unique(worth)]
        rows.append(" ".join([str(mass), *ranks, "0"]))
    names = [_quoted(text) for text in (*s.texts, profile.topic)]
    in_file(target, "\n".join([*rows, "0", *names]) + "\n")
    return lost.notes()


def _quoted(text: str) -> str:
    escaped = _line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _line(text: str) -> str:
    return " ".join(text.split())


FORMATS.register(
    Format(
        "blt",
        "BLT (single transferable vote)",
        sniff,
        read,
        write,
        signature=Signature.STRUCTURE,
    )
)
