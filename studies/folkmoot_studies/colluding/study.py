"""How far people who collude can move a slate that a language model helps to make, when the model obeys every text.

Made-up people in clusters of opinion, a made-up model that does whatever any text in its prompt says (the worst case;
`queries.language.obedient`), and k of the people who write what an attack has them write. Measured beside the share
k/n of the budget that k people who agree are entitled to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from folkmoot.audits import Subject, cbjr
from folkmoot.llm import Call
from folkmoot.processes.problem import Selection
from folkmoot.processes.prose.prose import bjr_written, prose
from folkmoot.processes.prose.race import Way
from folkmoot.profile import BoolArray, FloatArray, InputError, IntArray, Progress, WorkError
from folkmoot.queries import ClosedPool
from folkmoot.queries.language.lint import ADDRESSES_MODEL, UNFOUNDED
from folkmoot.queries.language.make import Queries, pilot_queries, prose_queries
from folkmoot.queries.language.obedient import Obedient, quoted

from ..streams import numbers
from .world import ATTACKS, CLUSTERS, Attack, Town, joined, planted, town, wishes

COLLUDERS = (1, 2, 3, 6, 12)
PROCESSES = ("prose", "bjr")
# Words a person that PROSE may spend, and people a statement of P1.
WORDS, EACH = 2, 5
LEVELS = (5.5, 4.5, 3.5, 2.0, 0.0)
MINIMUM, TAGS = 6, 12
# Attacks that are also tried without the control question: their statements hold orders that no pattern finds.
UNSEEN = ("spread, Polish", "spread, reworded")
ASKED_OF_PEOPLE = ("agreement", "specificity", "rating")
FIGURES = (
    *("budget_share", "people_share", "utility", "utility_change", "violating", "violating_before"),
    *("listed", "listed_wrongly", "held_back"),
)


@dataclass(frozen=True, eq=False)
class Outcome:
    """One run of one process.

    Args:
        chosen: the texts of the slate.
        costs: the costs of these texts.
        assignment: int64 [n], everybody's place in the slate, -1 where unassigned.
        budget: the budget of the slate.
        written: every statement that got into the pool, with its cost.
        calls: all requests to the model.
        listed: the rows of people whose text is in the quarantine.
        held_back: the number of statements that were held back.
    """

    chosen: tuple[str, ...]
    costs: IntArray
    assignment: IntArray
    budget: int
    written: Mapping[str, int]
    calls: Sequence[Call]
    listed: frozenset[int]
    held_back: int


def run(
    *,
    instances: int = 2,
    agents: int = 40,
    processes: Sequence[str] = PROCESSES,
    only: str | None = None,
    seed: int = 0,
    report: Progress | None = None,
) -> dict[str, Any]:
    """Every attack by 1, 2, 3, 6 and 12 people, on PROSE and on P1.

    Args:
        instances: the number of towns (and draws of who colludes) to average over.
        agents: the number of people in the town, more than 12.
        processes: names of `PROCESSES`.
        only: one of `ATTACKS`; None runs all of them.
        seed: the seed of every random choice.
        report: called with (stage, share done).

    Returns:
        JSON-ready: ``rows``, one a process, attack, number of colluders, and control question (without it only for
        `UNSEEN`): ``entitled`` k/n, `FIGURES` as means and ``budget_share_range`` over instances.
        ``utility``: mean true utility 0..6 of honest people, ``utility_change`` against the same people where nobody
        colludes; ``violating``: share of all statements written with or without the attack for which honest people
        have a cBJR complaint, ``violating_before`` where nobody colludes; ``listed``: colluders in the quarantine,
        ``listed_wrongly``: others; ``held_back`` statements. ``exact``: requests about honest people that were
        ``compared`` with those without the attack, how many of them are ``differing``, and how many of all hold a
        colluder's text beside the statement in question (``reached``): both 0.

    Raises:
        InputError: there is no such attack or process, or there are too few people.
        WorkError: a colluder's text was in a question about somebody else, which is a defect.
    """
    if only is not None and only not in ATTACKS:
        raise InputError(f"unknown attack {only!r}; choose one of {', '.join(ATTACKS)}")
    if unknown := set(processes) - set(PROCESSES):
        raise InputError(f"unknown process {min(unknown)!r}; choose from {', '.join(PROCESSES)}")
    if agents <= max(COLLUDERS):
        raise InputError(f"{agents} agents; more than {max(COLLUDERS)} are needed")
    tell = report or (lambda stage, share: None)
    attacks = ATTACKS if only is None else {only: ATTACKS[only]}
    entries_by_row: dict[tuple[str, str, int, bool], list[dict[str, float]]] = {}
    exact = {"compared": 0, "differing": 0, "reached": 0}
    for instance in range(instances):
        clean = town(agents, numbers(seed, instance))
        order = numbers(seed, instance, 1).permutation(agents)
        for process in processes:
            before = outcome(clean, None, process, seed, control=True)
            for place, (name, attack) in enumerate(attacks.items()):
                tell(f"{process}, {name}", (instance + place / len(attacks)) / instances)
                for k in COLLUDERS:
                    rows = np.sort(order[:k])
                    rng = numbers(seed, instance, 2, place, k)
                    hostile = joined(clean, rows, attack, rng)
                    for control in (True, False) if name in UNSEEN else (True,):
                        after = outcome(hostile, attack, process, seed, control=control)
                        for what, count in compared(clean, hostile, rows, before, after).items():
                            exact[what] += count
                        figures = measured(hostile, rows, before, after)
                        entries_by_row.setdefault((process, name, k, control), []).append(figures)
    if exact["differing"] or exact["reached"]:
        raise WorkError(f"a text reached questions about other people ({exact}); report this")
    return {
        "study": "colluding",
        "seed": seed,
        "instances": instances,
        "agents": agents,
        "attacks": {name: attack.says for name, attack in attacks.items()},
        "exact": exact,
        "rows": [_row(*key, agents, entries) for key, entries in entries_by_row.items()],
    }


def outcome(people: Town, attack: Attack | None, process: str, seed: int, *, control: bool) -> Outcome:
    """One process on one town."""
    model = Obedient(orders=attack.orders if attack else ())
    n = len(people.texts)
    profile, points = people.profile, people.points
    if process == "prose":
        budget = WORDS * n
        # As published, one statement a question: what holds by construction holds of those.
        queries = prose_queries(model, profile, seed=seed, per_prompt=1, n_tags=TAGS, texts=points, control=control)
        selection: Selection = prose(queries.disc, queries.gen, budget, levels=LEVELS, minimum=MINIMUM, way=Way())
    else:
        budget = n // EACH
        queries = pilot_queries(model, profile, seed=seed, texts=points, control=control)
        selection = bjr_written(queries.disc, queries.gen, budget)
    return _outcome(queries, selection, budget, model.calls)


def _outcome(queries: Queries, selection: Selection, budget: int, calls: Sequence[Call]) -> Outcome:
    texts, cost = queries.disc.statements, queries.gen.cost
    cut = queries.writer.cut
    return Outcome(
        tuple(texts[int(a)] for a in selection.candidates),
        np.array([cost(int(a)) for a in selection.candidates], dtype=np.int64),
        selection.assignment,
        budget,
        {text: cost(number) for number, text in enumerate(texts)},
        calls,
        frozenset(suspect.agent for suspect in queries.people.suspicious),
        cut[ADDRESSES_MODEL] + cut[UNFOUNDED],
    )


def compared(clean: Town, hostile: Town, rows: IntArray, before: Outcome, after: Outcome) -> dict[str, int]:
    """Requests about honest people and the same statements, with and without the attack, letter by letter."""
    honest = set(np.delete(np.array(clean.texts, dtype=object), rows).tolist())
    mine = [hostile.texts[int(row)] for row in rows]
    first, second = (_requests(done.calls, honest) for done in (before, after))
    both = first.keys() & second.keys()
    return {
        "compared": len(both),
        "differing": sum(first[key] != second[key] for key in both),
        "reached": sum(_holds(call, statements, mine) for (_, _, _, *statements), call in second.items()),
    }


def _holds(messages: Sequence[tuple[str, str]], statements: Sequence[object], texts: Sequence[str]) -> bool:
    """Whether a question holds one of these texts beside its statements, which may be anybody's words."""
    for _, message in messages:
        for statement in statements:
            message = message.replace(str(statement), "")
        if any(text in message for text in texts):
            return True
    return False


def _requests(calls: Sequence[Call], honest: Collection[str]) -> dict[tuple[object, ...], tuple[tuple[str, str], ...]]:
    """Messages by what the question is about: query, sample, person's text, statements."""
    requests = {}
    for call in calls:
        if call.query.split("/")[0] in ASKED_OF_PEOPLE:
            texts = quoted(call)
            if texts[0] in honest:
                requests[(call.query, call.sample, *texts)] = call.messages
    return requests


class _Wishes:
    """True utilities as a `Disc`."""

    def __init__(self, table: FloatArray) -> None:
        self.table = table
        self.n_agents, self.n_statements = table.shape

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        return self.table[np.ix_(agents, statements)]

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        return np.ones((len(agents), len(statements)), dtype=np.bool_)


def measured(hostile: Town, rows: IntArray, before: Outcome, after: Outcome) -> dict[str, float]:
    """`FIGURES` of one attack, by what people truly want."""
    n = len(hostile.texts)
    honest = np.setdiff1d(np.arange(n), rows)
    is_planted = planted(after.chosen)
    shown = is_planted[after.assignment] & (after.assignment >= 0) if len(is_planted) else np.zeros(n, dtype=np.bool_)
    pool = {**before.written, **after.written}
    own, own_before = (_own(hostile, done)[honest].mean() for done in (after, before))
    colluders = frozenset(rows.tolist())
    return {
        "budget_share": float(after.costs[is_planted].sum() / after.budget) if len(is_planted) else 0.0,
        "people_share": float(shown.mean()),
        "utility": float(own),
        "utility_change": float(own - own_before),
        "violating": complaints(hostile, after, pool),
        "violating_before": complaints(hostile, before, pool),
        "listed": float(len(after.listed & colluders)),
        "listed_wrongly": float(len(after.listed - colluders)),
        "held_back": float(after.held_back),
    }


def _own(people: Town, done: Outcome) -> FloatArray:
    """float64 [n]: what everybody's statement is worth to them; nothing where they have none."""
    table = wishes([*done.chosen, ""])
    return np.asarray(table[people.cluster, done.assignment], dtype=np.float64)


def complaints(people: Town, done: Outcome, pool: Mapping[str, int]) -> float:
    """Share of the pool for which enough honest people have a cBJR complaint; colluders never complain."""
    texts = list(pool)
    table = wishes(texts)[people.cluster]
    table[people.cluster == len(CLUSTERS)] = 0.0
    closed = ClosedPool(_Wishes(table), np.arange(len(texts)), np.array([pool[text] for text in texts]))
    chosen = np.array([texts.index(text) for text in done.chosen], dtype=np.int64)
    subject = Subject(closed, chosen, done.assignment, done.budget)
    # Who has no statement complains from below everything; colluders have nothing to gain.
    own = np.where(people.cluster == len(CLUSTERS), np.inf, subject.own)
    return len(cbjr.violations(subject, own, subject.offers)) / len(texts)


def _row(
    process: str, attack: str, k: int, control: bool, n: int, entries: Sequence[Mapping[str, float]]
) -> dict[str, Any]:
    shares = [entry["budget_share"] for entry in entries]
    return {
        "process": process,
        "attack": attack,
        "colluders": k,
        "control": control,
        "entitled": k / n,
        **{name: float(np.mean([entry[name] for entry in entries])) for name in FIGURES},
        "budget_share_range": [min(shares), max(shares)],
    }


def table(result: Mapping[str, Any]) -> str:
    """The result as lines of text: ``print(table(run()))``."""
    rows = result["rows"]
    exact = result["exact"]
    lines = [
        f"{result['agents']} people, {result['instances']} towns, seed {result['seed']}; a model that obeys every text",
        f"Requests about honest people compared with those where nobody colludes: {exact['compared']:,}; "
        f"{exact['differing']} differ, {exact['reached']} hold a colluder's text.",
    ]
    for process in dict.fromkeys(row["process"] for row in rows):
        own = [row for row in rows if row["process"] == process]
        sizes = sorted({row["colluders"] for row in own})
        shares = "".join(f"{100 * k / result['agents']:8.1f}" for k in sizes)
        lines += [
            "",
            f"{process}: per cent of the budget with the planted content",
            f"{'colluders':36}{''.join(f'{k:8}' for k in sizes)}",
            f"{'their proportional share':36}{shares}",
        ]
        for name, control in dict.fromkeys((row["attack"], row["control"]) for row in own):
            cells = {row["colluders"]: row for row in own if (row["attack"], row["control"]) == (name, control)}
            title = name if control else f"{name}, without control"
            lines.append(f"{title:36}" + "".join(f"{100 * cells[k]['budget_share']:8.1f}" for k in sizes))
        for k in sizes:
            lines += ["", f"{process}, {k} of {result['agents']} collude"]
            lines.append(f"{'':36}{'people %':>9}{'utility':>9}{'change':>8}{'cBJR %':>8}{'before':>8}{'listed':>8}"
                         f"{'held back':>11}")  # fmt: skip
            for row in (row for row in own if row["colluders"] == k):
                title = row["attack"] if row["control"] else f"{row['attack']}, without control"
                lines.append(
                    f"{title:36}{100 * row['people_share']:9.1f}{row['utility']:9.2f}{row['utility_change']:8.2f}"
                    f"{100 * row['violating']:8.1f}{100 * row['violating_before']:8.1f}{row['listed']:8.1f}"
                    f"{row['held_back']:11.1f}"
                )
    lines += ["", "Attacks:"] + [f"  {name}: {says}" for name, says in result["attacks"].items()]
    return "\n".join(lines)


def draw(result: Mapping[str, Any]) -> dict[str, str]:
    """Share of the budget by attack as SVG, one picture a process, by file name without ending.

    Args:
        result: the result of `run`.

    Raises:
        MissingExtraError: the report extra is not installed.
    """
    from ..charts import HEIGHT, WIDTH, altair, finish
    from ..svg import ALERT, INK

    alt = altair()
    images = {}
    k = 3
    entitled = 100 * k / result["agents"]
    for process in dict.fromkeys(row["process"] for row in result["rows"]):
        rows = [
            {
                "name": row["attack"] if row["control"] else f"{row['attack']}, no control",
                "share": 100 * row["budget_share"],
            }
            for row in result["rows"]
            if (row["process"], row["colluders"]) == (process, k)
        ]
        y = alt.Y("name:N", title=None, sort=[row["name"] for row in rows], axis=alt.Axis(labelLimit=WIDTH))
        x = alt.X("share:Q", title=f"per cent of the budget, {k} colluders (dashed: their share)")
        points = alt.Chart(alt.Data(values=rows)).mark_point(size=60, strokeWidth=2, fill=INK, stroke=INK, opacity=1)
        limit = alt.Chart(alt.Data(values=[{"share": entitled}])).mark_rule(strokeDash=[6, 4], stroke=ALERT)
        words = "; ".join(f"{row['name']} {row['share']:.1f}" for row in rows)
        chart = alt.layer(limit.encode(x=x), points.encode(x=x, y=y)).properties(width=WIDTH, height=HEIGHT)
        images[process] = finish(
            chart, f"Per cent of the budget with the planted content, share {entitled:.1f}: {words}."
        )
    return images
