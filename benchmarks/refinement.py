"""Is the refined slate ever worse than the default one? On real conversations, with completed utilities.

    python benchmarks/refinement.py [FOLDER ...] [--budget 164] [--draws 50]

FOLDER: Polis exports, or the ``chatbot_pilot`` (its validation survey: five statements, unit cost, four are chosen).
For each folder: ``default`` (``democratic-fast`` with the assignment that ``folkmoot slate`` gives it), ``refine``, and
``apart`` (refined, near-duplicates kept apart, see ``queries/near.py``), on the same utilities. Mean, first quartile
and minimum over everybody, who is left out counting as the scale's lowest utility; violations on completed and on known
utilities; d over posterior draws (median, 95th percentile, share violated); seconds of the process; what got worse.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path
from typing import Any

import numpy as np

import folkmoot as fm
from folkmoot.api import ENGINES
from folkmoot.audit import Subject
from folkmoot.audit.cbjr import violations
from folkmoot.audit.certificate import over_draws
from folkmoot.audit.welfare import quantile
from folkmoot.processes import Problem, Selection, assigned, find
from folkmoot.processes.refine import refine_selection
from folkmoot.profile import Agents, Answers, Profile, Scale, Statements, costs
from folkmoot.queries import ClosedPool, Completed
from folkmoot.queries.near import near_duplicates, near_pairs

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[EXAMPLE])
    parser.add_argument("--budget", type=int, default=164)
    parser.add_argument("--draws", type=int, default=50)
    parser.add_argument("--kinds", nargs="+", default=["default", "refine", "apart"])
    asked = parser.parse_args()
    print(" ".join([f"{'':44}", *(f"{name:>10}" for name, _, _ in COLUMNS)]))
    for folder in asked.folders:
        is_pilot = (folder / "validation_ratings.csv").exists()
        profile = pilot(folder) if is_pilot else fm.read(folder)
        unit, budget = ("statements", 4) if is_pilot else ("words", asked.budget)
        engine = ENGINES["embedded"]
        prepared = engine.prepare(engine.candidates(profile), seed=0)
        cost = costs(prepared.profile, unit)
        columns = prepared.profile.pool()
        columns = columns[cost[columns] > 0]
        pool = ClosedPool(prepared.disc, columns, cost[columns], prepared.profile.masses)
        problem = Problem(pool, budget)
        rows = []
        apart = near_pairs([prepared.profile.statements.texts[int(column)] for column in columns])
        for name in asked.kinds:
            begin = time.perf_counter()
            selection = default(problem)
            if name != "default":
                selection = refine_selection(problem, selection, apart if name == "apart" else ())
            seconds = time.perf_counter() - begin
            row = figures(prepared.profile, prepared.disc, pool, budget, selection, asked.draws)
            rows.append(row | {"seconds": seconds})
            worse = [
                key
                for key, _, more in COLUMNS
                if more is not None and (rows[-1][key] < rows[0][key] if more else rows[-1][key] > rows[0][key])
            ]
            values = " ".join(f"{format(row.get(key, seconds), form):>10}" for key, form, _ in COLUMNS)
            print(f"{folder.name[:34]:35}{name:9}{values}", *worse, flush=True)
            if name != "default":
                report = selection.parameters["refinement"]
                print(f"{'':10}", {k: v for k, v in report.items() if k not in ("before", "after")}, flush=True)


if __name__ == "__main__":
    main()
