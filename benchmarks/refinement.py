"""Is the refined slate ever worse than the default one? On real conversations, with completed utilities.

    python benchmarks/refinement.py [FOLDER ...] [--budget 164] [--draws 50]

FOLDER: Polis exports, or the ``chatbot_pilot`` (its validation survey: five statements, unit cost, four are chosen).
For each folder: ``default`` (``democratic-fast`` with the assignment that ``folkmoot slate`` gives it), ``refine``, and
``apart`` (refined, near-duplicates kept apart, see ``queries/near.py``), on the same utilities. Mean, first quartile
and minimum over everybody, who is left out counting as the scale's lowest utility; violations on completed and on known
utilities; d over posterior draws (median, 95th percentile, share violated); CPU seconds of the process; what got worse,
and at the end whether any of the figures that are measured on the slate itself got worse anywhere.

    python benchmarks/refinement.py --local 10000 1000

Local search alone on made-up utilities of so many people and statements: CPU seconds, and the gap to its own bound.
``independent``: every utility its own normal draw, so no statement speaks for a group: the hardest case there is.
``clustered``: as completed votes are: eight groups with opinions of their own, statements that more or fewer like,
people who agree more or less readily, on 0..1.
"""

from __future__ import annotations

import argparse
import csv
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import folkmoot as fm
from folkmoot.audits import Subject
from folkmoot.audits.cbjr import violations
from folkmoot.audits.certificate import over_draws
from folkmoot.audits.welfare import quantile
from folkmoot.engines.embedded import candidates, prepare
from folkmoot.processes import Problem, Selection, assigned, find
from folkmoot.processes.refine.refine import refine_local, refine_selection
from folkmoot.processes.refine.standing import Task
from folkmoot.profile import Agents, Answers, BoolArray, FloatArray, IntArray, Profile, Scale, Statements, costs
from folkmoot.queries import ClosedPool, Completed
from folkmoot.queries.texts.near import near_duplicates, near_pairs

EXAMPLE = Path(__file__).parent.parent / "examples" / "bowling-green"
# Figure, how it is printed, and whether more of it is better (None: neither).
COLUMNS: tuple[tuple[str, str, bool | None], ...] = (
    ("mean", ".4f", True),
    ("q1", ".4f", True),
    ("min", ".4f", True),
    ("violations", "d", False),
    ("known", "d", False),
    ("near", "d", False),
    ("statements", "d", None),
    ("words", "d", None),
    ("unassigned", "d", False),
    ("d50", ".3f", False),
    ("d95", ".3f", False),
    ("violated", ".2f", False),
    ("seconds", ".1f", None),
)
# Those that refinement is meant never to make worse; what draws show is no aim of it.
MEASURED = ("mean", "q1", "min", "violations", "known", "near", "unassigned")


def pilot(folder: Path) -> Profile:
    """Ratings 0..4 of five statements by the people of the validation survey."""
    with (folder / "validation_ratings.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["rating"]]
    with (folder / "statements.csv").open(encoding="utf-8") as file:
        texts = {row["statement_id"]: row["text"] for row in csv.DictReader(file)}
    people = list(dict.fromkeys(row["participant"] for row in rows))
    statements = [name for name in texts if name.startswith("s")]
    answers = Answers.of(
        [people.index(row["participant"]) for row in rows],
        [statements.index(row["statement_id"]) for row in rows],
        [float(row["rating"]) for row in rows],
        Scale("rating", 0.0, 4.0),
    )
    return Profile(Agents(tuple(people)), Statements(tuple(statements), tuple(texts[s] for s in statements)), answers)


def default(problem: Problem) -> Selection:
    """What ``folkmoot slate`` does without refinement."""
    first = find("democratic-fast").run(problem, np.random.default_rng(0))
    happiest = assigned(problem, first.candidates.tolist())
    subjects = [Subject(problem.pool, s.candidates, s.assignment, problem.budget) for s in (happiest, first)]
    return first if subjects[0].violates_cbjr and not subjects[1].violates_cbjr else happiest


def figures(
    profile: Profile, completed: Completed, pool: ClosedPool, budget: int, selection: Selection, draws: int
) -> dict[str, Any]:
    subject = Subject(pool, selection.candidates, selection.assignment, budget)
    low, _ = profile.answers.scale.utility_range
    # Who is left without a statement has the lowest utility: else leaving people out would raise the mean.
    own = np.where(selection.assignment < 0, low, subject.own)
    found: dict[str, Any] = {
        "mean": float(np.average(own, weights=pool.masses)),
        "q1": quantile(own, pool.masses, 0.25),
        "min": float(own.min()),
    }
    texts = [profile.statements.texts[int(pool.statements[a])] for a in selection.candidates]
    found |= {
        "violations": len(violations(subject, subject.own, subject.offers)),
        "known": len(violations(subject, subject.own_known, subject.offers_known)),
        "near": near_duplicates(texts),
        "statements": len(texts),
        "words": sum(len(text.split()) for text in texts),
        "unassigned": int(pool.masses[selection.assignment < 0].sum()),
        "d50": 0.0,
        "d95": 0.0,
        "violated": 0.0,
    }
    if completed.model is not None and draws:
        spread = over_draws([("slate", subject)], completed, 0, draws)["slate"]
        found |= {"d50": spread.median, "d95": spread.p95, "violated": spread.violated}
    return found


def independent(n: int, m: int, rng: np.random.Generator) -> FloatArray:
    """float64 [n, m]: normal draws."""
    return rng.normal(size=(n, m))


def clustered(n: int, m: int, rng: np.random.Generator, groups: int = 8) -> FloatArray:
    """float64 [n, m] in 0..1: logistic of the group's opinion, the statement's quality, and two kinds of noise."""
    group = rng.choice(groups, size=n, p=rng.dirichlet(np.full(groups, 2.0)))
    opinion, quality = rng.normal(size=(groups, m)), 0.7 * rng.normal(size=m)
    noise = 0.5 * rng.normal(size=(n, m)) + 0.3 * rng.normal(size=(n, 1))
    return np.asarray(1.0 / (1.0 + np.exp(-quality - opinion[group] - noise)))


@dataclass(frozen=True, eq=False)
class Exact:
    """Utilities that are all known."""

    values: FloatArray

    @property
    def n_agents(self) -> int:
        return len(self.values)

    @property
    def n_statements(self) -> int:
        return int(self.values.shape[1])

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        return np.asarray(self.values[np.ix_(agents, statements)])

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        return np.ones((len(agents), len(statements)), dtype=np.bool_)


def local(n: int, m: int, budget: int) -> None:
    """Prints what local search takes and leaves open."""
    for draw in (independent, clustered):
        rng = np.random.default_rng(0)
        values = draw(n, m, rng)
        cost = rng.integers(5, 40, size=m).astype(np.int64)
        task = Task(values, cost, np.ones(n, dtype=np.int64), budget)
        pool = ClosedPool(Exact(values), np.arange(m), cost)
        first = find("democratic-fast").run(Problem(pool, budget), rng)
        begin = time.process_time()
        report = refine_local(task, first.candidates, first.assignment).report
        seconds = time.process_time() - begin
        before, after = report.before, report.after
        assert report.bound is not None
        # How much of what could be gained is left, at most: the gap itself depends on where utilities have their zero.
        rest = (report.bound - after.total) / max(report.bound - before.total, 1e-9)
        print(
            f"{draw.__name__:12} n {n} m {m}  {seconds:.1f} CPU s  total {before.total:.1f} -> {after.total:.1f} "
            f"bound {report.bound:.1f} gap {report.gap:.2%} (of the possible gain left: {rest:.1%})  violations "
            f"{before.violations} -> {after.violations}  left out {before.unassigned} -> {after.unassigned}"
            f"  assignments {report.evaluations}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[EXAMPLE])
    parser.add_argument("--budget", type=int, default=164)
    parser.add_argument("--draws", type=int, default=50)
    parser.add_argument("--kinds", nargs="+", default=["default", "refine", "apart"])
    parser.add_argument("--local", nargs=2, type=int, metavar=("PEOPLE", "STATEMENTS"))
    asked = parser.parse_args()
    if asked.local:
        local(asked.local[0], asked.local[1], asked.budget)
        return
    worst: dict[str, list[str]] = {}
    print(" ".join([f"{'':44}", *(f"{name:>10}" for name, _, _ in COLUMNS)]))
    for folder in asked.folders:
        is_pilot = (folder / "validation_ratings.csv").exists()
        profile = pilot(folder) if is_pilot else fm.read(folder)
        unit, budget = ("statements", 4) if is_pilot else ("words", asked.budget)
        prepared = prepare(candidates(profile), seed=0)
        cost = costs(prepared.profile, unit)
        columns = prepared.profile.pool()
        columns = columns[cost[columns] > 0]
        pool = ClosedPool(prepared.disc, columns, cost[columns], prepared.profile.masses)
        problem = Problem(pool, budget)
        rows = []
        apart = near_pairs([prepared.profile.statements.texts[int(column)] for column in columns])
        for name in asked.kinds:
            begin = time.process_time()
            selection = default(problem)
            if name != "default":
                selection = refine_selection(problem, selection, apart if name == "apart" else ())
            seconds = time.process_time() - begin
            row = figures(prepared.profile, prepared.disc, pool, budget, selection, asked.draws)
            rows.append(row | {"seconds": seconds})
            worse = [
                key
                for key, _, more in COLUMNS
                if more is not None and (rows[-1][key] < rows[0][key] if more else rows[-1][key] > rows[0][key])
            ]
            values = " ".join(f"{format(row.get(key, seconds), form):>10}" for key, form, _ in COLUMNS)
            print(f"{folder.name[:34]:35}{name:9}{values}", *worse, flush=True)
            worst[name] = worst.get(name, []) + [f"{folder.name} {key}" for key in worse if key in MEASURED]
            if name != "default":
                report = selection.parameters["refinement"]
                print(f"{'':10}", {k: v for k, v in report.items() if k not in ("before", "after")}, flush=True)
    for name in asked.kinds[1:]:
        print(f"{name}: {'worse: ' + ', '.join(worst[name]) if worst[name] else 'never worse'} ({', '.join(MEASURED)})")


if __name__ == "__main__":
    main()
