"""abcvoting's published committees: every instance, every rule that folkmoot has, ties included."""

from __future__ import annotations

import re
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from folkmoot.formats import abcvoting
from folkmoot.formats.base import ReadOptions, Source, beginning
from folkmoot.processes import PROCESSES, Problem, Selection
from folkmoot.processes.rules import equal_shares, greedy_monroe, seqpav, seqphragmen
from folkmoot.queries import ClosedPool, Completed

DATA = Path(__file__).parents[1] / "data" / "abc_instances.tar.gz"

Committee = tuple[int, ...]
All = Callable[[Problem], list[Committee]]


# Reading the 320 instances alone takes seconds.
pytestmark = pytest.mark.long


@cache
def gold() -> list[tuple[str, Problem, dict[tuple[str, bool], list[Committee]]]]:
    """(file, problem, published committees by rule and whether one is asked for), read by our own reader."""
    found = []
    with tempfile.TemporaryDirectory() as folder, tarfile.open(DATA) as archive:
        archive.extractall(folder, filter="data")
        for file in sorted(Path(folder).rglob("*.abc.yaml")):
            # Most of the time would go into reading results of other rules.
            start, *entries = re.split(r"^(?=- rule_id: )", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
            wanted = [entry for entry in entries if entry.partition("\n")[0].removeprefix("- rule_id: ") in RULES]
            file.write_text(start + "".join(wanted), encoding="utf-8")
            head = beginning(file)
            assert head is not None
            assert abcvoting.sniff(head)
            profile = abcvoting.read(Source(file, (head,)), ReadOptions())
            pool = ClosedPool(
                Completed(profile, None), np.arange(profile.n_statements), np.ones(profile.n_statements, dtype=np.int64)
            )
            problem = Problem(pool, int(profile.facts["committeesize"]), approval=profile.answers.scale.approval)
            published = {
                (entry["rule_id"], bool(entry["resolute"])): [tuple(sorted(c)) for c in entry["result"]]
                for entry in profile.facts["compute"]
                if entry["result"] is not None
            }
            found.append((file.name, problem, published))
    return found


def one(selection: Selection) -> Committee:
    return tuple(sorted(int(a) for a in selection.candidates))


def process(id: str) -> Callable[[Problem], Selection]:
    return lambda problem: PROCESSES[id].run(problem, np.random.default_rng(0))


# abcvoting's rule: the process, and what gives all committees (None where abcvoting publishes one only).
RULES: dict[str, tuple[Callable[[Problem], Selection], All | None]] = {
    "seqpav": (process("seqpav"), seqpav.committees),
    "seqphragmen": (process("seqphragmen"), seqphragmen.committees),
    "greedy-monroe": (process("greedy-monroe"), None),
    "equal-shares": (process("equal-shares"), equal_shares.committees),
    "equal-shares-with-av-completion": (
        partial(equal_shares.run, completion="approval"),
        partial(equal_shares.committees, completion="approval"),
    ),
    "equal-shares-with-increment-completion": (process("equal-shares-increment"), None),
}
for exact in ("pav", "cc", "monroe"):
    if exact in PROCESSES:
        RULES[exact] = (process(exact), getattr(import_module(f"folkmoot.processes.rules.{exact}"), "committees", None))


def expected(rule: str, resolute: bool) -> Iterator[tuple[str, Problem, list[Committee]]]:
    for name, problem, published in gold():
        if (rule, resolute) in published:
            yield name, problem, published[rule, resolute]


def test_the_instances_are_all_there() -> None:
    assert len(gold()) == 320
    rules = {rule for _, _, published in gold() for rule, _ in published}
    assert set(RULES) <= rules


@pytest.mark.parametrize("rule", sorted(RULES))
def test_the_committee_is_among_the_published(rule: str) -> None:
    """And is the published one where there is one."""
    count = 0
    for name, problem, published in expected(rule, True):
        assert one(RULES[rule][0](problem)) in published, name
        count += 1
    assert count == 320


@pytest.mark.parametrize("rule", sorted(rule for rule in RULES if RULES[rule][1] is not None))
def test_all_tied_committees_are_the_published_ones(rule: str) -> None:
    every: Any = RULES[rule][1]
    count = 0
    for name, problem, published in expected(rule, False):
        assert sorted(tuple(sorted(c)) for c in every(problem)) == sorted(published), name
        count += 1
    assert count == 320


def test_greedy_monroe_with_ties_in_pool_order_is_one_of_all() -> None:
    for name, problem, published in expected("greedy-monroe", True):
        assert published[0] in greedy_monroe.committees(problem), name
