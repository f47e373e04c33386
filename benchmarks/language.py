"""What utilities by a language model take: calls, tokens, own CPU time, and how much of the concurrency is in use.

    python benchmarks/language.py [--people 200] [--statements 40] [--latency 0.05 0.5] [--concurrency 8]

First, for 1, 4, 8 and 16 statements in a prompt, all utilities of made-up people (100 words each) and statements (25
words each), two stages, from a model that answers at once: calls and tokens by `folkmoot.llm.estimate`, the share of
the tokens in that are a beginning which an earlier call has, too (what an endpoint that keeps prefixes need not read
again), and CPU time of building prompts and reading answers. Then the same against a simulated endpoint in a process
of its own: how many requests were open on average from the first until the last was sent, by how many may be; beside it
the same for the bare list of calls, handed to the client at once. A request keeps its place until its answer is on the
disk, so what the client does for a call, some milliseconds, is missing from both, and weighs less the slower the
endpoint.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.llm import Answer, Call, Client, Endpoint, Failed, Ledger, estimate
from folkmoot.llm.simulated import tokens_for
from folkmoot.profile import Agents, Answers, Profile, Statements
from folkmoot.queries.language.disc import LanguageDisc
from folkmoot.queries.language.people import people

PER_PROMPT = (1, 4, 8, 16)
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class AtOnce:
    """Gives each number of lines one answer that is ready, and keeps the calls."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.ready: dict[int, Answer] = {}

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        self.calls += calls
        return [self._answer(call) for call in calls]

    def _answer(self, call: Call) -> Answer:
        most = call.parameters["max_tokens"]
        assert isinstance(most, int)
        if most not in self.ready:
            tokens = [(token, tuple(top)) for token, top in tokens_for(call.messages)]
            text = "".join(token for token, _ in tokens)
            top = tokens[0][1] if most > 1 else tuple((str(label), math.log(1 / 6)) for label in range(1, 7))
            self.ready[most] = Answer(text, top, tokens=tuple(tokens) if most > 1 else None)
        return self.ready[most]


def made_up(n: int, m: int, seed: int) -> tuple[Profile, list[str]]:
    """People who wrote, and statements, of made-up words of three to ten letters."""
    rng = np.random.default_rng(seed)
    letters = np.array(list("aaabcdeeeefghiiklmnooprsttuvw"))
    words = ["".join(rng.choice(letters, size=rng.integers(3, 11))) for _ in range(2_000)]
    texts = [" ".join(rng.choice(words, size=100)) for _ in range(n)]
    statements = [" ".join(rng.choice(words, size=25)) for _ in range(m)]
    agents = Agents(tuple(f"p{row}" for row in range(n)), tuple((text,) for text in texts))
    return Profile(agents, Statements((), ()), Answers.none()), statements


def less(profile: Profile, statements: Sequence[str]) -> None:
    """Calls and tokens by statements in a prompt."""
    rows, columns = np.arange(profile.n_agents), np.arange(len(statements))
    pairs = len(rows) * len(columns)
    print(f"{len(rows)} people x {len(columns)} statements, agreement and specificity: {pairs:,} pairs")
    print(f"{'in a prompt':>12}{'calls':>10}{'tokens in':>14}{'shared':>9}{'not shared':>13}{'out, at most':>14}"
          f"{'CPU s / 1,000 pairs':>21}")  # fmt: skip
    for size in PER_PROMPT:
        model = AtOnce()
        disc = LanguageDisc(model, people(profile), statements, per_prompt=size)
        begin = time.process_time()
        disc.utilities(rows, columns)
        seconds = time.process_time() - begin
        assert disc.unknown == 0
        plan = estimate(model.calls, Endpoint("made-up"))
        print(f"{size:>12}{plan.calls:>10,}{plan.input_tokens:>14,}{plan.shared_tokens / plan.input_tokens:>9.0%}"
              f"{plan.input_tokens - plan.shared_tokens:>13,}{plan.output_tokens:>14,}{1000 * seconds / pairs:>21.3f}",
              flush=True)  # fmt: skip


@contextmanager
def simulated(latency: float) -> Iterator[str]:
    """Base URL of an endpoint, as long as the context lasts."""
    command = [sys.executable, "-m", "folkmoot.llm.simulated", "--latency", f"{latency:g}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def open_share(ask: Callable[[Client], object], latency: float, concurrency: int) -> tuple[dict[str, Any], float]:
    """What a fresh endpoint says of its load, and own CPU seconds."""
    with (
        tempfile.TemporaryDirectory() as folder,
        simulated(latency) as url,
        Ledger(Path(folder) / "run.sqlite") as ledger,
        Client(Endpoint("simulated", url, concurrency=concurrency, start_concurrency=concurrency), ledger) as client,
    ):
        begin = time.process_time()
        ask(client)
        seconds = time.process_time() - begin
        with _DIRECT.open(url.removesuffix("/v1") + "/load", timeout=30) as reply:
            return dict(json.load(reply)), seconds


def in_use(profile: Profile, statements: Sequence[str], size: int, latency: float, concurrency: int) -> None:
    """Share of the concurrency while a block is asked for, and while its calls are answered alone."""
    rows, columns = np.arange(profile.n_agents), np.arange(len(statements))
    model = AtOnce()
    LanguageDisc(model, people(profile), statements, per_prompt=size).utilities(rows, columns)

    def block(client: Client) -> object:
        return LanguageDisc(client, people(profile), statements, per_prompt=size).utilities(rows, columns)

    load, seconds = open_share(block, latency, concurrency)
    bare, _ = open_share(lambda client: client.answers(model.calls), latency, concurrency)
    assert load["answered"] == bare["answered"] == len(model.calls)
    shares = [one["mean_open"] / concurrency for one in (load, bare)]
    print(f"{size:>12}{1000 * latency:>9.0f} ms{load['answered']:>8,}{1000 * seconds / load['answered']:>14.1f} ms"
          f"{shares[0]:>10.1%}{shares[1]:>13.1%}", flush=True)  # fmt: skip


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--statements", type=int, default=40)
    parser.add_argument("--latency", type=float, nargs="+", default=[0.05, 0.5], help="seconds")
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    profile, statements = made_up(asked.people, asked.statements, asked.seed)
    less(profile, statements)
    print(f"\nagainst a simulated endpoint, {asked.concurrency} requests at once")
    print(f"{'in a prompt':>12}{'latency':>12}{'calls':>8}{'CPU per call':>17}{'in use':>10}{'bare calls':>13}")
    for latency in asked.latency:
        for size in (1, 8):
            # As many calls for either, and some five seconds of them.
            n = max(1, round(5 / latency * asked.concurrency / (2 * -(-asked.statements // size))))
            in_use(made_up(n, asked.statements, asked.seed)[0], statements, size, latency, asked.concurrency)


if __name__ == "__main__":
    main()
