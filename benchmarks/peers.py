"""Independent truth: folkmoot's answers beside abcvoting's and pabutools' on real votes, every difference explained.

    python benchmarks/peers.py [--elections FOLDER] [--ballots 1000] [--budgets 200] [--seed 7] [--json]

The peers are installed by this script into an environment of their own (build/peers), as `rules.py` does. The elections
are Pabulib files (.pb) with approval ballots and without a project that costs nothing; without --elections those that
pabutools tests itself with are cloned from its public repository into build/elections (once; they are not part of
folkmoot).

Axioms: people and projects are drawn at random from an election (4 to 9 people, 3 to 7 projects), with a slate drawn at
random or chosen by Phragmén, and JR, PJR, EJR, EJR+, FJR, core and priceability are decided by both (abcvoting's search
by brute force, its linear program for priceability). Rules: Equal Shares (gain: cost, or number) without completion and
sequential Phragmén, on whole elections, in fractions, ties by the projects' names, files read by each package itself.

A difference is looked into: each known reason is a condition that is computed on that very case. Exit code 1 if one is
left that no reason explains. Where the peers or the elections cannot be had, this is said and nothing is compared.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules import PEERS, install

ROOT = Path(__file__).resolve().parents[1]
REPOSITORY = "https://github.com/COMSOC-Community/pabutools"
CLONE = ROOT / "build" / "elections"
AXIOMS = ("jr", "pjr", "ejr", "ejr-plus", "fjr", "core", "priceability")
RULES = ("equal-shares, cost", "equal-shares, number", "seqphragmen")
# Elections with more cells than this take the peers minutes.
CELLS = 400_000
Approvals = NDArray[np.bool_]


@dataclass(frozen=True)
class Election:
    """An election as folkmoot reads it, projects in the order of their names.

    Args:
        file: where it is from.
        names: the projects' ids.
        costs: what they cost.
        budget: what may be spent.
        approve: bool [n, m].
    """

    file: Path
    names: tuple[str, ...]
    costs: NDArray[np.int64]
    budget: int
    approve: Approvals


def read(file: Path) -> Election | None:
    """One election; None where its ballots are no approvals, a project is free, or it is too large."""
    import folkmoot as fm
    from folkmoot.profile import FolkmootError

    try:
        profile = fm.read(file)
    except FolkmootError:
        return None
    budget, answers = profile.facts.get("budget"), profile.answers
    n, m = len(profile.agents.ids), len(profile.statements.ids)
    costs = np.asarray(profile.statements.costs, dtype=np.int64)
    if profile.facts["vote_type"] != "approval" or not budget or n * m > CELLS or m < 4 or costs.min() < 1:
        return None
    approve = np.zeros((n, m), dtype=bool)
    likes = answers.value > 0
    approve[answers.agent[likes], answers.statement[likes]] = True
    order = sorted(range(m), key=lambda a: profile.statements.ids[a])
    return Election(
        file,
        tuple(profile.statements.ids[a] for a in order),
        costs[order],
        int(budget),
        approve[:, order],
    )


def pool_of(approve: Approvals, costs: NDArray[np.int64]) -> Any:
    """A closed pool over complete approvals."""
    from folkmoot.queries import ClosedPool

    class Votes:
        n_agents, n_statements = approve.shape

        def utilities(self, agents: Any, statements: Any) -> Any:
            return approve[np.ix_(agents, statements)].astype(np.float64)

        def known(self, agents: Any, statements: Any) -> Any:
            return np.ones((len(agents), len(statements)), dtype=bool)

    return ClosedPool(Votes(), np.arange(len(costs)), costs)


# -- axioms -----------------------------------------------------------------------------------------------------------


def samples(elections: Sequence[Election], count: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Small elections drawn from real ballots, with a slate."""
    from folkmoot.processes import Problem
    from folkmoot.processes.rules import seqphragmen

    found: list[dict[str, Any]] = []
    while len(found) < count:
        election = elections[int(rng.integers(len(elections)))]
        n, m = (int(rng.integers(low, high + 1)) for low, high in ((4, 9), (3, 7)))
        # Projects that somebody approves are drawn more often: most real projects have few supporters in a sample.
        weight = election.approve.sum(axis=0) + 1.0
        m = min(m, len(weight))
        projects = np.sort(rng.choice(len(weight), m, replace=False, p=weight / weight.sum()))
        people = rng.choice(len(election.approve), min(n, len(election.approve)), replace=False)
        approve = election.approve[np.ix_(people, projects)]
        k = int(rng.integers(1, m))
        slate = sorted(int(a) for a in rng.choice(m, k, replace=False))
        if rng.random() < 0.25:
            chosen = seqphragmen.committee(Problem(pool_of(approve, np.ones(m, dtype=np.int64)), k))
            slate = sorted(chosen) if len(chosen) == k else slate
        found.append(
            {
                "approve": [np.flatnonzero(row).tolist() for row in approve],
                "m": m,
                "slate": slate,
                "file": election.file.name,
            }
        )
    return found


def own_verdicts(case: dict[str, Any]) -> dict[str, bool]:
    """What folkmoot's audits say of one sample."""
    from folkmoot.audits import AUDITS, Subject

    approve = np.zeros((len(case["approve"]), case["m"]), dtype=bool)
    for i, liked in enumerate(case["approve"]):
        approve[i, liked] = True
    pool = pool_of(approve, np.ones(case["m"], dtype=np.int64))
    subject = Subject(pool, np.array(case["slate"]), np.full(len(approve), -1), len(case["slate"]))
    return {axiom: bool(AUDITS[axiom].check(subject, 1.0).holds) for axiom in AXIOMS}


def peer_verdicts(cases: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """abcvoting's; runs in the peers' environment."""
    from abcvoting import properties  # type: ignore[import-not-found, unused-ignore]
    from abcvoting.preferences import Profile  # type: ignore[import-not-found, unused-ignore]

    brute = {"algorithm": "brute-force"}
    checks: dict[str, Callable[..., bool]] = {
        "jr": properties.check_JR,
        "pjr": lambda *one: properties.check_PJR(*one, **brute),
        "ejr": lambda *one: properties.check_EJR(*one, **brute),
        "ejr-plus": properties.check_EJR_plus,
        "fjr": lambda *one: properties.check_FJR(*one, **brute),
        "core": lambda *one: properties.check_core(*one, **brute),
        "priceability": properties.check_priceability,
    }
    found = []
    for case in cases:
        profile = Profile(case["m"])
        profile.add_voters(case["approve"])
        found.append({axiom: bool(check(profile, case["slate"])) for axiom, check in checks.items()})
    return found


def why_axiom(case: dict[str, Any], axiom: str, own: bool, peer: bool) -> str | None:
    """The reason of a difference, if it is a known one."""
    approved = {a for liked in case["approve"] for a in liked}
    unapproved = [a for a in case["slate"] if a not in approved]
    if axiom == "priceability" and unapproved and peer and not own and approved <= set(case["slate"]):
        return (
            "priceability with a seat nobody approves: nobody can pay for it (folkmoot: no prices); where a slate has "
            "all approved projects and more, abcvoting says yes without looking for prices"
        )
    return None


# -- rules ------------------------------------------------------------------------------------------------------------


def own_winners(election: Election) -> dict[str, list[str]]:
    """What folkmoot buys, by rule."""
    from folkmoot.processes import Problem
    from folkmoot.processes.rules import equal_shares, seqphragmen

    problem = Problem(pool_of(election.approve, election.costs), election.budget)
    found = {
        "equal-shares, cost": equal_shares.committee(problem, "none", "cost"),
        "equal-shares, number": equal_shares.committee(problem, "none", "count"),
        "seqphragmen": seqphragmen.committee(problem),
    }
    return {rule: sorted(election.names[a] for a in chosen) for rule, chosen in found.items()}


def peer_winners(files: Sequence[str]) -> list[dict[str, Any]]:
    """pabutools', with its reader; runs in the peers' environment."""
    from pabutools import election, rules  # type: ignore[import-not-found, unused-ignore]

    found = []
    for file in files:
        instance, profile = election.parse_pabulib(file)
        bought = {
            "equal-shares, cost": rules.method_of_equal_shares(instance, profile, sat_class=election.Cost_Sat),
            "equal-shares, number": rules.method_of_equal_shares(instance, profile, sat_class=election.Cardinality_Sat),
            "seqphragmen": rules.sequential_phragmen(instance, profile),
        }
        found.append({rule: sorted(project.name for project in one) for rule, one in bought.items()})
    return found


def why_rule(election: Election, rule: str, own: list[str], peer: list[str]) -> str | None:
    """The reason of a difference, if it is a known one."""
    supported = {election.names[a] for a in np.flatnonzero(election.approve.any(axis=0))}
    extra, lacks = set(peer) - set(own), set(own) - set(peer)
    if rule == "seqphragmen" and extra and not lacks and not extra & supported:
        return "projects that nobody approves: pabutools buys them when nothing else is left, folkmoot does not"
    if rule == "seqphragmen" and lacks and not extra and _tied_too_dear(election, own, peer):
        return (
            "a tie between a project that fits and one that costs too much: pabutools stops before both, folkmoot "
            "takes the one that fits if its name comes first"
        )
    return None


def _tied_too_dear(election: Election, own: list[str], peer: list[str]) -> bool:
    """Phragmén in fractions up to the peer's slate: are some of the next ones too dear and some not?"""
    from fractions import Fraction

    load = [Fraction(0)] * len(election.approve)
    open_ = [a for a in range(len(election.names)) if election.costs[a] <= election.budget]
    supporters = {a: np.flatnonzero(election.approve[:, a]).tolist() for a in open_}
    spent = 0
    taken: set[int] = set()
    while True:
        loads = {
            a: (sum((load[i] for i in supporters[a]), Fraction(0)) + int(election.costs[a])) / len(supporters[a])
            for a in open_
            if supporters[a]
        }
        least = min(loads.values(), default=None)
        tied = [a for a in loads if loads[a] == least]
        dear = [a for a in tied if spent + int(election.costs[a]) > election.budget]
        if dear or not tied:
            return bool(dear) and len(dear) < len(tied) and {election.names[a] for a in taken} == set(peer)
        best = min(tied, key=lambda a: election.names[a])
        for i in supporters[best]:
            load[i] = loads[best]
        spent += int(election.costs[best])
        taken.add(best)
        open_.remove(best)


# -- both sides -------------------------------------------------------------------------------------------------------


def asked_of_peers(what: str, cases: Sequence[Any]) -> list[dict[str, Any]]:
    """The peers' answers, from their own environment."""
    run = subprocess.run(
        [str(PEERS / "bin" / "python"), __file__, "--peer", what],
        input=json.dumps(list(cases)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(run.stdout.splitlines()[-1])
    return found


def folder(given: Path | None) -> Path | None:
    """Where the elections are; clones them where none is given; None where that is impossible."""
    if given is not None:
        return given
    if not CLONE.is_dir():
        print(f"cloning {REPOSITORY} into build/{CLONE.name} (once)", flush=True)
        try:
            subprocess.run(["git", "clone", "--quiet", "--depth", "1", REPOSITORY, str(CLONE)], check=True)
        except (OSError, subprocess.SubprocessError):
            return None
    return CLONE / "tests" / "pabulib" / "All"


def compare(elections: Sequence[Election], ballots: int, budgets: int, rng: np.random.Generator) -> dict[str, Any]:
    """All comparisons: counts of the same and of each reason, and what is left unexplained."""
    reasons: dict[str, Counter[str]] = {"axioms": Counter(), "rules": Counter()}
    unexplained: list[dict[str, Any]] = []
    cases = samples(elections, ballots, rng)
    holds: Counter[str] = Counter()
    for case, peer in zip(cases, asked_of_peers("axioms", cases), strict=True):
        own = own_verdicts(case)
        for axiom in AXIOMS:
            holds[axiom] += own[axiom]
            if own[axiom] == peer[axiom]:
                reasons["axioms"]["same"] += 1
            elif (reason := why_axiom(case, axiom, own[axiom], peer[axiom])) is not None:
                reasons["axioms"][reason] += 1
            else:
                unexplained.append({"axiom": axiom, "folkmoot": own[axiom], "abcvoting": peer[axiom], **case})
    picked = [elections[i] for i in sorted(rng.choice(len(elections), min(budgets, len(elections)), replace=False))]
    found = asked_of_peers("rules", [str(one.file) for one in picked])
    votes = Counter[str]()
    for election, theirs in zip(picked, found, strict=True):
        ours = own_winners(election)
        votes["people"] += len(election.approve)
        votes["approvals"] += int(election.approve.sum())
        for rule in RULES:
            if ours[rule] == theirs[rule]:
                reasons["rules"]["same"] += 1
            elif (reason := why_rule(election, rule, ours[rule], theirs[rule])) is not None:
                reasons["rules"][reason] += 1
            else:
                unexplained.append(
                    {"rule": rule, "file": election.file.name, "folkmoot": ours[rule], "pabutools": theirs[rule]}
                )
    return {
        "samples": len(cases),
        "verdicts": len(cases) * len(AXIOMS),
        "holds": dict(holds),
        "axioms": dict(reasons["axioms"]),
        "elections": len(picked),
        **votes,
        "outcomes": len(picked) * len(RULES),
        "rules": dict(reasons["rules"]),
        "unexplained": unexplained,
    }


def table(found: dict[str, Any]) -> str:
    """The counts as lines of text."""
    same = found["axioms"].get("same", 0)
    lines = [
        f"axioms: {found['samples']:,} samples of real ballots, {found['verdicts']:,} verdicts, {same:,} the same "
        f"(an axiom holds in {', '.join(f'{axiom} {count}' for axiom, count in found['holds'].items())})"
    ]
    lines += [f"  {count}: {reason}" for reason, count in found["axioms"].items() if reason != "same"]
    same = found["rules"].get("same", 0)
    lines.append(
        f"rules: {found['elections']} real elections, {found.get('people', 0):,} people, "
        f"{found.get('approvals', 0):,} approvals, {found['outcomes']} outcomes, {same} the same"
    )
    lines += [f"  {count}: {reason}" for reason, count in found["rules"].items() if reason != "same"]
    lines.append(f"not explained: {len(found['unexplained'])}")
    lines += [f"  {json.dumps(one)}" for one in found["unexplained"]]
    return "\n".join(lines)


def main() -> None:
    """Prints the comparison."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--elections", type=Path, help="folder of Pabulib files")
    parser.add_argument("--ballots", type=int, default=1000, help="samples for the axioms")
    parser.add_argument("--budgets", type=int, default=200, help="whole elections for the rules")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--peer", choices=("axioms", "rules"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peer:
        cases = json.load(sys.stdin)
        print(json.dumps(peer_verdicts(cases) if asked.peer == "axioms" else peer_winners(cases)))
        return
    reason, place = install(), folder(asked.elections)
    if reason or place is None:
        print(reason or "the elections cannot be cloned here; give a folder of Pabulib files with --elections")
        print("nothing was compared")
        return
    rng = np.random.default_rng(asked.seed)
    elections: list[Election] = []
    for file in rng.permutation(sorted(place.glob("*.pb"))):
        if len(elections) < asked.budgets and (one := read(file)) is not None:
            elections.append(one)
    if not elections:
        sys.exit("there are no Pabulib files with approval ballots; give another folder with --elections")
    found = compare(elections, asked.ballots, asked.budgets, rng)
    print(json.dumps(found, indent=1) if asked.json else table(found))
    if found["unexplained"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
