"""Equal Shares of cities: the official winners of elections that used it, again from the public ballots.

Data: Pabulib files (.pb, with a column ``selected``), not in this repository; those with an entry ``rule`` that begins
with ``equalshares`` are looked at. Known ones: Wieliczka 2023 (Green Budget), Świecie 2023, Assen 2024.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.formats import read
from folkmoot.processes import PROCESSES, Problem
from folkmoot.profile import BoolArray, FloatArray, InputError, IntArray
from folkmoot.queries import ClosedPool

# Everybody's share grows by one unit of the currency at a time (add1); what else a city could have chosen.
VARIANTS: Mapping[str, tuple[str, Mapping[str, float]]] = {
    "until it would cost too much": ("equal-shares-cities", {"step": 1}),
    "the same with the comparison": ("equal-shares-cities", {"step": 1, "compare": 1}),
    "until nothing else fits": ("equal-shares-increment", {}),
    "not completed": ("equal-shares-without-completion", {}),
    "then Phragmén": ("equal-shares", {}),
}
OFFICIAL = "until it would cost too much"


class Votes:
    """Complete approvals as the discriminative query."""

    def __init__(self, approve: BoolArray) -> None:
        self.approve = approve
        self.n_agents, self.n_statements = approve.shape

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        return self.approve[np.ix_(agents, statements)].astype(np.float64)

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        return np.ones((len(agents), len(statements)), dtype=bool)


def data_folder() -> Path:
    """``data/pabulib`` of the folder FOLKMOOT_SHARED names, else of the current folder."""
    return Path(os.environ.get("FOLKMOOT_SHARED", ".")) / "data" / "pabulib"


def run(path: Path | None = None) -> dict[str, Any]:
    """Every election of the folder that was decided by Equal Shares, with the official winners and every variant.

    Args:
        path: a Pabulib file, or a folder of such; None: see `data_folder`.

    Returns:
        JSON-ready: ``elections``, each with ``file``, ``unit``, ``rule``, ``people``, ``projects``, ``budget``,
        ``official`` (how many won) and ``variants`` {name: ``winners``, ``cost``, ``extra``, ``lacks`` (ids that are
        not official, and official ones that are missing)}.

    Raises:
        InputError: there is no such election.
    """
    folder = path or data_folder()
    files = [folder] if folder.is_file() else sorted(folder.glob("*.pb"))
    elections = [one for file in files if (one := election(file)) is not None]
    if not elections:
        raise InputError(
            f"{folder} has no Pabulib file decided by Equal Shares (rule;equalshares...) with its winners; get one "
            "from pabulib.org (Wieliczka 2023, Świecie 2023 or Assen 2024) and give it as `path`"
        )
    return {"elections": elections}


def election(file: Path) -> dict[str, Any] | None:
    """One election; None where it was decided otherwise, or the file does not say who won."""
    lines = file.read_text(encoding="utf-8").splitlines()
    heads = {line.strip(): at for at, line in enumerate(lines) if line.strip() in ("META", "PROJECTS", "VOTES")}
    if set(heads) != {"META", "PROJECTS", "VOTES"}:
        return None
    meta = dict(line.split(";", 1) for line in lines[heads["META"] + 1 : heads["PROJECTS"]] if ";" in line)
    projects = list(csv.DictReader(lines[heads["PROJECTS"] + 1 : heads["VOTES"]], delimiter=";"))
    if not meta.get("rule", "").startswith("equalshares") or "selected" not in (projects[0] if projects else {}):
        return None
    official = {row["project_id"] for row in projects if row["selected"].strip() == "1"}
    profile = read(file)
    ids, answers = profile.statements.ids, profile.answers
    approve = np.zeros((profile.n_agents, len(ids)), dtype=bool)
    likes = answers.value > 0
    approve[answers.agent[likes], answers.statement[likes]] = True
    costs = np.asarray(profile.statements.costs, dtype=np.int64)
    pool = ClosedPool(Votes(approve), np.arange(len(ids)), costs)
    budget = int(profile.facts["budget"])
    variants = {}
    for name, (process, parameters) in VARIANTS.items():
        problem = Problem(pool, budget, parameters=parameters)
        chosen = PROCESSES[process].run(problem, np.random.default_rng(0)).candidates
        winners = {ids[int(a)] for a in chosen}
        variants[name] = {
            "winners": len(winners),
            "cost": int(costs[chosen].sum()),
            "extra": sorted(winners - official),
            "lacks": sorted(official - winners),
        }
    return {
        "file": file.name,
        "unit": f"{meta.get('unit', '')} {meta.get('instance', '')}".strip(),
        "rule": meta["rule"],
        "people": profile.n_agents,
        "projects": len(ids),
        "budget": budget,
        "official": len(official),
        "variants": variants,
    }


def table(result: Mapping[str, Any]) -> str:
    """The elections as lines of text."""
    lines = []
    elections: Sequence[Mapping[str, Any]] = result["elections"]
    for one in elections:
        lines.append(
            f"{one['unit']} ({one['file']}, {one['rule']}): {one['people']:,} people, {one['projects']} projects, "
            f"{one['official']} official winners"
        )
        for name, variant in one["variants"].items():
            differs = f"{len(variant['extra'])} others, {len(variant['lacks'])} missing"
            same = "the official winners" if not variant["extra"] and not variant["lacks"] else differs
            lines.append(f"  {name:32}{variant['winners']:>4} winners{variant['cost']:>14,}  {same}")
    met = sum(not one["variants"][OFFICIAL]["extra"] + one["variants"][OFFICIAL]["lacks"] for one in elections)
    lines.append(f"raised {OFFICIAL}: the official winners in {met} of {len(elections)} elections")
    return "\n".join(lines)
