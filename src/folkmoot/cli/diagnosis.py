"""The diagnosis of a source in a terminal, in the language of the reader."""

from __future__ import annotations

from typing import Any

from ..formats.doctor import Diagnosis
from ..profile import Note
from ..report.numbers import ENGLISH
from ..report.translations import Words

MOST_VALUES = 21
"""The most different answers that are counted one by one."""

_KINDS = ("dropped", "changed", "unused", "seen")
_WIDTH = 14

Line = tuple[str, str]


def understood(diagnosis: Diagnosis, w: Words = ENGLISH) -> list[str]:
    """What was taken for what, in a few lines: what a person has to see before anything is computed.

    Args:
        diagnosis: the diagnosis that `doctor` returned.
        w: the language.
    """
    return _laid_out(_taken(diagnosis, w))


def left_out(diagnosis: Diagnosis, w: Words = ENGLISH) -> list[str]:
    """What was not read or not counted, one line each with the number of cases.

    Args:
        diagnosis: the diagnosis that `doctor` returned.
        w: the language.
    """
    return _laid_out(_noted(diagnosis, w, _KINDS[:3], places=False))


def render(diagnosis: Diagnosis, w: Words = ENGLISH) -> str:
    """The diagnosis as plain text.

    Args:
        diagnosis: the diagnosis that `doctor` returned.
        w: the language.
    """
    counts = [] if diagnosis.preferences is not None else _counts(diagnosis, w)
    return "\n".join(_laid_out([*_taken(diagnosis, w), *counts, *_noted(diagnosis, w, _KINDS)])) + "\n"


def _laid_out(lines: list[Line]) -> list[str]:
    return [f"{label:<{_WIDTH}} {text}" for label, text in lines]


def _taken(d: Diagnosis, w: Words) -> list[Line]:
    if d.preferences is not None:
        return _preferences(d, d.preferences, w)
    files = f" ({', '.join(d.files)})" if d.files else ""
    lines = [(w.gettext("format"), (d.format or w.gettext("unknown")) + files)]
    told_apart = f", {w.recorded(d.told_apart)}" if d.told_apart else ""
    lines.append((w.gettext("participants"), w.count(d.participants) + told_apart))
    if d.opinions:
        where = w.gettext("in %(columns)s", columns="; ".join(_clauses(each, w) for each in d.opinions))
        lines.append((w.gettext("opinions"), where))
    if d.direction:
        lines.append((w.gettext("direction"), _clauses(d.direction, w)))
    return lines


def _counts(d: Diagnosis, w: Words) -> list[Line]:
    """How much there is of everything, a line each."""
    lines: list[Line] = []
    if d.topic:
        lines.append((w.gettext("topic"), " ".join(d.topic.split())))
    lines.append((w.gettext("texts"), w.count(d.texts)))
    also = w.gettext("%(n)s with the text of another", n=d.duplicate_statements)
    lines.append((w.gettext("statements"), w.count(d.statements) + (f" ({also})" if d.duplicate_statements else "")))
    if d.moderation:
        states = w.gettext("%(accepted)s accepted, %(pending)s pending, %(rejected)s rejected", **d.moderation)
        lines.append((w.gettext("moderation"), states))
    if d.statements:
        lines.append((w.gettext("answers"), w.count(d.answers) + (f" ({_values(d, w)})" if d.by_value else "")))
        lines.append((w.gettext("scale"), _scale(d, w)))
    if d.comparisons:
        compared = w.ngettext("%(n)s pair of statements", "%(n)s pairs of statements", d.comparisons)
        lines.append((w.gettext("comparisons"), compared))
    if d.fill is not None and d.scale["kind"] != "comparison":
        share = w.gettext("%(share)s%% of what could be answered", share=w.decimal(100 * d.fill, 1))
        lines.append((w.gettext("answered"), share))
        if not d.scale["complete"] and d.under_floor:
            few = w.ngettext(
                "%(n)s participant gave fewer than %(floor)s",
                "%(n)s participants gave fewer than %(floor)s",
                d.under_floor,
                floor=d.floor,
            )
            lines.append((w.gettext("few answers"), few))
    if d.length:
        lines.append((w.gettext("length"), w.recorded(d.length)))
    if d.silent:
        silent = w.ngettext(
            "%(n)s participant neither wrote nor answered",
            "%(n)s participants neither wrote nor answered",
            d.silent,
        )
        lines.append((w.gettext("silent"), silent))
    if d.sign_test:
        lines += _signs(d.sign_test, w)
    if d.revotes is not None:
        policy = f"; {w.recorded(d.revote_policy)}" if d.revote_policy else ""
        lines.append((w.gettext("re-votes"), w.count(d.revotes) + policy))
    if d.weights:
        masses = w.gettext("integer masses from %(smallest)s to %(largest)s, %(total)s in all", **d.weights)
        lines.append((w.gettext("weights"), masses))
    return lines


def _clauses(sentence: str, w: Words) -> str:
    """A sentence of several clauses, each of which a catalogue has by itself."""
    return "; ".join(map(w.recorded, sentence.split("; ")))


def _values(d: Diagnosis, w: Words) -> str:
    """How often each value was given, or how many different ones were."""
    if len(d.by_value) > MOST_VALUES:
        return w.gettext("%(n)s different values", n=len(d.by_value))
    votes = {"1": w.gettext("agree"), "0": w.gettext("pass"), "-1": w.gettext("disagree")}
    said = votes if d.scale["kind"] == "vote" else {}
    return ", ".join(f"{said.get(value, value)}: {w.count(n)}" for value, n in d.by_value.items())


def _scale(d: Diagnosis, w: Words) -> str:
    kinds = {
        "vote": w.gettext("votes"),
        "approval": w.gettext("approvals"),
        "rating": w.gettext("ratings"),
        "ranking": w.gettext("ranks"),
        "comparison": w.gettext("comparisons"),
    }
    kind, low, high = d.scale["kind"], f"{d.scale['low']:g}", f"{d.scale['high']:g}"
    scale = w.gettext("%(kind)s from %(low)s to %(high)s", kind=kinds.get(kind, kind), low=low, high=high)
    return scale + (w.gettext(", ballots are complete") if d.scale["complete"] else "")


def _signs(test: dict[str, Any], w: Words) -> list[Line]:
    """Whether agree and disagree are the right way round, and by which counts."""
    counts = w.gettext(
        "+1: %(plus_votes)s, -1: %(minus_votes)s; agrees %(agrees)s, disagrees %(disagrees)s; authors on their own "
        "statements: %(own_agrees)s agree, %(own_disagrees)s disagree",
        **test,
    )
    plain = [w.gettext("agree and disagree are the right way round")] if test["result"].startswith("right") else []
    said = [*plain, _clauses(test["result"], w), counts]
    return list(zip([w.gettext("sign test"), *[""] * (len(said) - 1)], said, strict=True))


def _noted(d: Diagnosis, w: Words, kinds: tuple[str, ...], places: bool = True) -> list[Line]:
    """What was dropped, changed, left out or noticed, a line each; perhaps with the places."""
    said = {
        "dropped": w.gettext("dropped"),
        "changed": w.gettext("changed"),
        "unused": w.gettext("unused"),
        "seen": w.gettext("seen"),
    }
    lines = []
    for kind in kinds:
        for note in d.notes:
            if note.kind == kind:
                more = ", …" if note.count > len(note.where) > 1 else ""
                where = f" [{', '.join(map(w.recorded, note.where))}{more}]" if note.where and places else ""
                lines.append((said[kind], _counted(note, w) + where))
    return lines


def _counted(note: Note, w: Words) -> str:
    """A note with its count; in English with its grammar, elsewhere after the sentence that the catalogue has."""
    translated = w.recorded(note.what)
    return note.counted if translated == note.what else f"{translated} ({w.count(note.count)})"


def _preferences(d: Diagnosis, p: dict[str, Any], w: Words) -> list[Line]:
    """What preference data hold, a line each."""
    pairs = w.gettext("preference pairs")
    made = pairs if p["shape"] == "pairs" else w.gettext("preference pairs out of %(shape)s", shape=p["shape"])
    lines = [(w.gettext("format"), f"{made} ({', '.join(d.files)})")]
    nobody = w.gettext("not told apart: no column says who judged")
    lines.append((w.gettext("annotators"), w.count(p["annotators"]) if p["annotators"] else nobody))
    if p["prompted"]:
        lines.append((w.gettext("prompts"), w.count(p["prompts"])))
    else:
        unprompted = w.ngettext(
            "no column says; the answers fall into %(n)s part",
            "no column says; the answers fall into %(n)s parts that were never compared",
            p["prompts"],
        )
        lines.append((w.gettext("prompts"), unprompted))
    lines.append((w.gettext("answers"), w.count(d.statements)))
    ties = w.gettext(", %(n)s of them ties", n=p["ties"]) if p["ties"] else ""
    lines.append((w.gettext("pairs"), w.count(p["pairs"]) + ties))
    if p["annotators"]:
        overlap = w.gettext(
            "%(each)s annotators a prompt; %(share)s of the pairs were judged by more than one",
            each=f"{p['annotators_per_prompt']:g}",
            share=w.whole_percent(round(100 * p["judged_by_several"])),
        )
        lines.append((w.gettext("overlap"), overlap))
    lines.append((w.gettext("columns"), ", ".join(f"{role}: {column}" for role, column in p["columns"].items())))
    return lines
