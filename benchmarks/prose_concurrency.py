"""A run of PROSE against a simulated endpoint in a process of its own: how much of the concurrency is in use.

The process, its batches and the client are the live ones; scores and statements are those of a recorded run (folder
``data/prose`` of ``FOLKMOOT_SHARED``), and every question and every statement costs one request to the endpoint.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from folkmoot.llm import Call, Client, Endpoint, Ledger
from folkmoot.processes.prose.prose import EXACT, SPARING, prose
from folkmoot.processes.prose.race import Way
from folkmoot.profile import IntArray
from folkmoot.queries.language.protocol import Stage, Wanted
from folkmoot_studies.bounds import refine
from folkmoot_studies.prose.data import read
from folkmoot_studies.prose.savings import Recorded, Scored

WAYS = {"everything": Way(), "exact": EXACT, "sparing": SPARING}
CONCURRENCY = 16


def call(kind: str, about: Sequence[int]) -> Call:
    """A request that only its subject tells from others."""
    parameters = {"max_tokens": 1, "logprobs": True, "top_logprobs": 5}
    return Call(f"{kind}/1", (("user", f"{kind} {list(about)}"),), parameters)


class Asking(Scored):
    """Recorded scores, each after its question was answered by the endpoint."""

    client: Client

    def ask(self, agents: IntArray, statements: IntArray, stage: Stage) -> None:
        """See `Staged.ask`."""
        self.client.answers([call(stage, pair) for pair in zip(agents.tolist(), statements.tolist(), strict=True)])
        super().ask(agents, statements, stage)


class Writing(Recorded):
    """Recorded statements, each after it was answered by the endpoint."""

    client: Client
    _following: Sequence[tuple[Wanted, list[int]]] = ()

    def propose(self, wanted: Wanted) -> Sequence[int]:
        """See `Writes.propose`."""
        found = super().propose(wanted)
        self.client.answers([call("statement", [a]) for a in found])
        return found

    @property
    def ahead(self) -> int:
        """See `ExpectsToWrite.ahead`."""
        return self.client.ahead

    def expect(self, following: Sequence[Wanted]) -> None:
        """See `ExpectsToWrite.expect`."""
        passes, self._following = list(self._left), []
        for wanted in following:
            place = next((k for k, (*at, _) in enumerate(passes) if at == [wanted.level, wanted.cost]), None)
            if place is not None:
                *_, t = passes.pop(place)
                self._following.append((wanted, np.flatnonzero(self.run.batch == t).tolist()))
        self.client.expect("statements", [call("statement", [a]) for _, found in self._following for a in found])

    def foresee(self) -> None:
        """See `ExpectsToWrite.foresee`."""
        for wanted, found in self._following[:1]:
            calls = [call("agreement", (i, a)) for i in wanted.agents.tolist() for a in found]
            if len(self.client.answered([call("statement", [a]) for a in found])) == len(found):
                self.client.expect("questions", calls, most=4 * CONCURRENCY)


def main() -> None:
    """Prints the share of the concurrency that was in use, by the endpoint's own count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", default="bowlinggreen_41", choices=refine.RUNS)
    parser.add_argument("--way", default="sparing", choices=WAYS)
    parser.add_argument("--latency", type=float, default=0.1, help="seconds; up to as much again at random")
    parser.add_argument("--ahead", type=int, default=0, help="steps of writing asked ahead")
    chosen = parser.parse_args()
    run = read(refine.data_folder() / chosen.run)
    command = [sys.executable, "-m", "folkmoot.llm.simulated", "--latency", str(chosen.latency)]
    endpoint = subprocess.Popen([*command, "--spread", str(chosen.latency)], stdout=subprocess.PIPE, text=True)
    assert endpoint.stdout is not None
    disc, gen = Asking(run), Writing(run)
    try:
        url = endpoint.stdout.readline().strip()
        with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "run.sqlite") as ledger:
            settings = Endpoint("simulated", url, concurrency=CONCURRENCY, start_concurrency=CONCURRENCY)
            with Client(settings, ledger, ahead=chosen.ahead) as disc.client:
                gen.client = disc.client
                began = time.perf_counter()
                found = prose(
                    disc,
                    gen,
                    run.budget,
                    levels=run.grid,
                    steps=run.schedule,
                    minimum=run.shortest,
                    way=WAYS[chosen.way],
                )
                seconds = time.perf_counter() - began
            ahead = ledger.noted().get("ahead") or {"answered": 0, "used": 0}
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url.removesuffix("/v1") + "/load", timeout=30) as reply:
            load = json.load(reply)
    finally:
        endpoint.terminate()
        endpoint.wait(10)
    same = np.array_equal(found.assignment, run.place)
    waves = len(np.unique(disc.log[3])) + len(found.parameters["passes"])
    print(
        f"{chosen.run}, {chosen.way}: {load['answered']} requests in {waves} waves, {seconds:.0f} s; "
        f"{load['mean_open'] / CONCURRENCY:.3f} of {CONCURRENCY} in use (peak {load['peak']}); "
        f"{'the recorded' if same else 'another'} slate; {ahead['answered']} answers came before they were asked for, "
        f"{ahead['answered'] - ahead['used']} of them in vain"
    )


if __name__ == "__main__":
    main()
