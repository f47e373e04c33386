"""CPU seconds and peak memory of the classical rules, side by side with abcvoting and pabutools.

    python benchmarks/rules.py [--sizes 1000x100 10000x300] [--seats 10] [--limit 30] [--json]

The peers are installed by this script into an environment of their own (build/peers); folkmoot does not need them.
Where they cannot be installed, their columns are left out and the reason is printed. Votes: `profiles.py`, seed 7.
Every case runs in a process of its own, median of three (or of fewer that fit into the limit). Reading the votes into
each package's own objects is timed apart (in brackets). abcvoting and pabutools count in floats, their fastest way;
folkmoot decides every tie exactly. "+ assignment": the whole process, which also assigns everybody to a statement of
the slate as well as balance allows; the peers have nothing like it. "(costs)": participatory budgeting, log-normal
costs, a quarter of their sum to spend; ties by name, which is pool order. Exit code 1 if an answer differs.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from profiles import approval, cardinal, costs

PEERS = Path(__file__).resolve().parents[1] / "build" / "peers"
PACKAGES = ("folkmoot", "abcvoting", "pabutools")
CHOOSING = ("seqpav", "seqphragmen", "equal-shares", "equal-shares-without-completion", "greedy-monroe")
# Equal Shares without completion: supporters gain their utility (0 to 4), the cost, or 1.
CARDINAL, COSTED = "equal-shares, utilities", "equal-shares (costs)"
BUDGETING = ("seqphragmen (costs)", COSTED, "equal-shares, counts (costs)", f"{CARDINAL} (costs)")
RULES = (*CHOOSING, "jr", "ejr_plus", CARDINAL, *BUDGETING)
RUNS = 3

DIFFERS = "DIFFERS"

Timed = Callable[[], Any]


def election_of(rule: str, n: int, m: int, k: int) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Utilities [n, m] (1 for an approval), costs [m], budget."""
    votes = cardinal(n, m) if rule.startswith(CARDINAL) else approval(n, m).astype(np.int64)
    if rule in BUDGETING:
        prices = costs(m)
        return votes, prices, int(prices.sum()) // 4
    return votes, np.ones(m, dtype=np.int64), k


def folkmoot(rule: str, n: int, m: int, k: int, committee: list[int]) -> tuple[Timed, float]:
    """What to time, and CPU seconds of building what it works on."""
    from folkmoot.audits import Subject
    from folkmoot.audits import approval as axioms
    from folkmoot.processes import PROCESSES, Problem
    from folkmoot.processes.rules import equal_shares, greedy_monroe, seqpav, seqphragmen
    from folkmoot.profile import BoolArray, FloatArray, IntArray
    from folkmoot.queries import ClosedPool

    class Votes:
        def __init__(self, values: FloatArray) -> None:
            self.values = values
            self.n_agents, self.n_statements = values.shape

        def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
            return self.values[np.ix_(agents, statements)]

        def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
            return np.ones((len(agents), len(statements)), dtype=bool)

    utilities, prices, budget = election_of(rule, n, m, k)
    votes = Votes(utilities.astype(np.float64))
    start = time.process_time()
    pool = ClosedPool(votes, np.arange(m), prices)
    built = time.process_time() - start
    problem = Problem(pool, budget)
    equal = partial(equal_shares.committee, completion="none")
    rules: dict[str, Callable[[Problem], list[int]]] = {
        "seqpav": seqpav.committee,
        "seqphragmen": seqphragmen.committee,
        "equal-shares": equal_shares.committee,
        "equal-shares-without-completion": equal,
        "greedy-monroe": greedy_monroe.committee,
        CARDINAL: partial(equal, measure="utility"),
        "seqphragmen (costs)": seqphragmen.committee,
        COSTED: equal,
        "equal-shares, counts (costs)": partial(equal, measure="count"),
        f"{CARDINAL} (costs)": partial(equal, measure="utility"),
    }
    name, _, assigned = rule.partition(" + ")
    if assigned:
        return lambda: sorted(PROCESSES[name].run(problem, np.random.default_rng(0)).candidates.tolist()), built
    if rule in rules:
        return lambda: sorted(rules[rule](problem)), built
    check = axioms.jr if rule == "jr" else axioms.ejr_plus

    def audited() -> bool:
        subject = Subject(pool, np.array(committee), np.full(n, -1), k)
        return check(subject, subject.slate, subject.offers, 1.0).holds

    return audited, built


def abcvoting(rule: str, n: int, m: int, k: int, committee: list[int]) -> tuple[Timed, float] | None:
    if rule == CARDINAL or rule in BUDGETING:
        return None
    from abcvoting import abcrules, properties  # type: ignore[import-not-found, unused-ignore]
    from abcvoting.preferences import Profile  # type: ignore[import-not-found, unused-ignore]

    likes = approval(n, m)
    start = time.process_time()
    profile = Profile(m)
    profile.add_voters([np.flatnonzero(row).tolist() for row in likes])
    built = time.process_time() - start
    if rule == "jr":
        return lambda: bool(properties.check_JR(profile, committee)), built
    if rule == "ejr_plus":
        return lambda: bool(properties.check_EJR_plus(profile, committee)), built
    return lambda: sorted(int(a) for a in abcrules.compute(rule, profile, k, resolute=True)[0]), built


def pabutools(rule: str, n: int, m: int, k: int, committee: list[int]) -> tuple[Timed, float] | None:
    if rule not in ("seqphragmen", "equal-shares-without-completion", CARDINAL, *BUDGETING):
        return None
    import pabutools.fractions  # type: ignore[import-not-found, unused-ignore]
    from pabutools import election, rules  # type: ignore[import-not-found, unused-ignore]

    pabutools.fractions.FRACTION = "float"
    votes, prices, budget = election_of(rule, n, m, k)
    start = time.process_time()
    projects = [election.Project(f"{a:04d}", int(prices[a])) for a in range(m)]
    instance = election.Instance(projects, budget_limit=budget)
    profile: Any
    if rule.startswith(CARDINAL):
        points = [{projects[a]: int(row[a]) for a in np.flatnonzero(row)} for row in votes]
        profile = election.CardinalProfile([election.CardinalBallot(p) for p in points], instance=instance)
        satisfaction = election.Additive_Cardinal_Sat
    else:
        approved = [[projects[a] for a in np.flatnonzero(row)] for row in votes]
        profile = election.ApprovalProfile([election.ApprovalBallot(p) for p in approved], instance=instance)
        satisfaction = election.Cost_Sat if rule == COSTED else election.Cardinality_Sat
    built = time.process_time() - start

    def chosen() -> list[int]:
        if rule.startswith("seqphragmen"):
            found = rules.sequential_phragmen(instance, profile)
        else:
            found = rules.method_of_equal_shares(instance, profile, sat_class=satisfaction)
        return sorted(int(project.name) for project in found)

    return chosen, built


def one_case(package: str, rule: str, n: int, m: int, k: int, committee: list[int], limit: float) -> dict[str, Any]:
    """Runs in a process of its own, which is ended when it has used twice the limit."""
    case = {"folkmoot": folkmoot, "abcvoting": abcvoting, "pabutools": pabutools}[package](rule, n, m, k, committee)
    if case is None:
        return {"missing": "does not have it"}
    timed, built = case
    seconds: list[float] = []
    answer: Any = None
    while len(seconds) < RUNS and sum(seconds) + max(seconds, default=0.0) < limit:
        start = time.process_time()
        answer = timed()
        seconds.append(time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu_s": statistics.median(seconds), "built_s": built, "peak_mb": peak, "answer": answer}


def ask(python: Path | str, package: str, rule: str, size: str, k: int, committee: list[int], limit: float) -> Any:
    """One case; a reason where there is no figure."""
    arguments = [package, rule, size, str(k), json.dumps(committee), str(limit)]
    process = subprocess.Popen(
        [str(python), __file__, "--one", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    begun = time.monotonic()
    while True:
        try:
            out, err = process.communicate(timeout=1)
            break
        except subprocess.TimeoutExpired:
            used = cpu_seconds(process.pid)
            if used > 2 * limit or time.monotonic() - begun > 10 * limit:
                process.kill()
                process.communicate()
                return {"missing": f"no result in {used:.0f} s"}
    if process.returncode:
        return {"missing": err.strip().rpartition("\n")[2][:40] or "failed"}
    return json.loads(out.splitlines()[-1])  # peers may print warnings before


def cpu_seconds(pid: int) -> float:
    """Of a running process; its wall time is limited where this is not known."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def install() -> str | None:
    """Installs the peers; the reason where that is impossible."""
    python = PEERS / "bin" / "python"

    def ready() -> bool:
        command = [str(python), "-c", "import abcvoting.abcrules, pabutools.rules"]
        return python.exists() and subprocess.run(command, capture_output=True).returncode == 0

    if ready():
        return None
    print(f"installing the peers into {PEERS.name}/ (once)", flush=True)
    try:
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True, capture_output=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "abcvoting", "pabutools"]
        subprocess.run(command, check=True, capture_output=True, timeout=1800)
    except (OSError, subprocess.SubprocessError) as error:
        return f"the peers cannot be installed here ({type(error).__name__})"
    return None if ready() else "the peers were installed but cannot be imported"


def compare(size: str, k: int, limit: float, peers: bool) -> dict[str, dict[str, Any]]:
    """Every rule of every package."""
    found: dict[str, dict[str, Any]] = {}
    committee: list[int] = []
    for rule in RULES:
        found[rule] = {}
        for package in PACKAGES if peers else PACKAGES[:1]:
            python = sys.executable if package == "folkmoot" else PEERS / "bin" / "python"
            found[rule][package] = ask(python, package, rule, size, k, committee, limit)
        if rule in CHOOSING:
            named = f"{rule} + assignment"
            found[named] = {"folkmoot": ask(sys.executable, "folkmoot", named, size, k, committee, limit)}
        if rule == "seqpav":
            committee = found[rule]["folkmoot"]["answer"]  # what JR and EJR+ are asked of
        print(line(rule, found[rule]), flush=True)
        if rule in CHOOSING:
            print(line("  + assignment", found[f"{rule} + assignment"]), flush=True)
    return found


def line(rule: str, figures: dict[str, Any]) -> str:
    """One row of the table."""
    own = figures["folkmoot"]
    parts = [f"{rule:<32}", cell(own)]
    for package in PACKAGES[1:]:
        if package not in figures:
            continue
        peer = figures[package]
        if "missing" in peer or "missing" in own:
            parts.append(f"{peer.get('missing', ''):>46}")
        else:
            same = "same" if peer["answer"] == own["answer"] else DIFFERS
            parts.append(f"{cell(peer)} {peer['cpu_s'] / own['cpu_s']:8.0f}x {same:>8}")
    return " | ".join(parts)


def cell(figure: dict[str, Any]) -> str:
    if "missing" in figure:
        return f"{figure['missing']:>26}"
    return f"{figure['cpu_s']:8.4f} s ({figure['built_s']:5.2f}) {figure['peak_mb']:5.0f} MB"


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", nargs="+", default=["1000x100", "10000x300"])
    parser.add_argument("--seats", type=int, default=10)
    parser.add_argument("--limit", type=float, default=30, help="CPU seconds a case may take")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", nargs=6, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        package, rule, size, k, committee, limit = asked.one
        n, m = (int(part) for part in size.split("x"))
        print(json.dumps(one_case(package, rule, n, m, int(k), json.loads(committee), float(limit))))
        return
    reason = install()
    if reason:
        print(reason)
    found = {}
    for size in asked.sizes:
        n, m = (int(part) for part in size.split("x"))
        print(
            f"\nn = {n:,}, m = {m}, k = {asked.seats}: CPU s (building), peak memory of the process; ratio, committees"
        )
        print(" | ".join([f"{'':<32}", f"{'folkmoot':>27}", *(f"{p:>46}" for p in PACKAGES[1:] if not reason)]))
        found[size] = compare(size, asked.seats, asked.limit, not reason)
    if asked.json:
        print(json.dumps(found, indent=1))
    if any(DIFFERS in line(rule, figures) for size in found.values() for rule, figures in size.items()):
        sys.exit("an answer differs from a peer's")


if __name__ == "__main__":
    main()
