"""A simulated endpoint on the loopback, for load and fault tests and for trying things out without a model.

    python -m folkmoot.llm.simulated --latency 0.05 --fault cut=0.05 --fault garbage=0.05

prints its base URL on the first line and answers ``POST /v1/chat/completions`` until it is ended: from recorded
answers, or else with a rating from 0 to 4 that the messages decide. Where their last line says "Answer with N lines",
every number gets a rating, on the scale that the line names ("from 1 to 6"); with ``--structured`` a request with
a JSON schema gets an object of that form. ``GET /state`` tells what it did, ``GET /load`` the same without the counts
of every request.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import importlib.util
import json
import math
import random
import re
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

FAULTS = {
    "rate": "429 with Retry-After",
    "server": "500, 502 or 503",
    "stall": "no answer for --stall seconds, then a closed connection",
    "cut": "half an answer, then a closed connection",
    "garbage": "200 with what is no JSON, half of it, or JSON of another shape",
    "empty": "an answer without text",
    "bare": "an answer without log-probabilities",
    "short": "an answer with one to three candidates only",
    "merged": "an answer whose labels come as several tokens each",
}


def _beside(name: str) -> Any:
    """A module of the same folder, also where this one is run by its file, without the library."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None  # noqa: PT018
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


QUIRKS = _beside("simulated_quirks").QUIRKS
_OBJECTS = _beside("simulated_objects")
made_up_object, embedding = _OBJECTS.made_up_object, _OBJECTS.embedding
_OPINIONS = _beside("simulated_opinions")
BY_MODEL = "by-model"  # every request has the quirk that its model's name is
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}

Candidates = Sequence[tuple[str, float]]
Tokens = Sequence[tuple[str, Candidates]]
Recorded = Mapping[str, tuple[str, Tokens | None]]

_LINES = re.compile(r"\bAnswer with (\d{1,4}) lines\b")
_SCALE = re.compile(r"\bfrom (\d) to (\d)\b")


def key_of(messages: Sequence[Sequence[str]]) -> str:
    """The key under which a request is counted and recorded: SHA-256 of its (role, content) pairs."""
    return hashlib.sha256(json.dumps([list(pair) for pair in messages]).encode()).hexdigest()


def made_up(key: str, low: int = 0, high: int = 4) -> tuple[str, list[tuple[str, float]]]:
    """The text and the candidates of a made-up rating, for a request without a recorded answer."""
    draw = random.Random(key)  # noqa: S311  (data, not a secret)
    weights = [draw.random() + 0.01 for _ in range(low, high + 1)]
    pairs = sorted(((str(low + at), math.log(weight / sum(weights))) for at, weight in enumerate(weights)),
                   key=lambda pair: -pair[1])  # fmt: skip
    return pairs[0][0], pairs


def made_up_lines(messages: Sequence[Sequence[str]]) -> list[tuple[str, list[tuple[str, float]]]] | None:
    """For every line a made-up rating and its candidates; None where the request asks for one rating."""
    last = messages[-1][1].rstrip().rpartition("\n")[2]
    count, scale = _LINES.search(last), _SCALE.search(last)
    if count is None:
        return None
    low, high = (int(scale[1]), int(scale[2])) if scale else (0, 4)
    key = key_of(messages)
    return [made_up(f"{key}/{number}", low, high) for number in range(1, int(count[1]) + 1)]


def tokens_for(messages: Sequence[Sequence[str]]) -> list[tuple[str, list[tuple[str, float]]]]:
    """The answer, token by token, to a request without a recorded answer."""
    lines = made_up_lines(messages)
    if lines is None:
        return [made_up(key_of(messages))]
    tokens: list[tuple[str, list[tuple[str, float]]]] = []
    for number, (label, candidates) in enumerate(lines, start=1):
        tokens += [(part, [(part, 0.0)]) for part in (str(number), ":", " ")]
        tokens += [(label, candidates), ("\n", [("\n", 0.0)])]
    return tokens[:-1]


def read_recorded(file: Path) -> Recorded:
    """JSON lines ``{"messages": [[role, content], ...], "text": ..., "top": [[token, logprob], ...]}``.

    In place of ``top``, which belongs to the first token, there may be ``tokens``, every token of the answer:
    ``[[token, [[candidate, logprob], ...]], ...]``.
    """
    recorded = {}
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            first = [(row["top"][0][0], row["top"])] if row.get("top") else None
            recorded[key_of(row["messages"])] = (row["text"], row.get("tokens") or first)
    return recorded


def merged(tokens: Tokens) -> list[tuple[str, list[tuple[str, float]]]]:
    """The same answer with labels merged with the blank beside them, and two forms of every candidate."""
    half = math.log(2)
    if len(tokens) == 1:
        token, candidates = tokens[0]
        return [(f" {token}", [(form, at - half) for one, at in candidates for form in (f" {one}", f"{one}.")])]
    positions: list[tuple[str, list[tuple[str, float]]]] = []
    for token, candidates in tokens:
        if positions and token.isspace():
            before, others = positions.pop()
            positions.append((before + token, [(form, at - half) for one, at in others for form in (one + token, one)]))
        else:
            positions.append((token, list(candidates)))
    return positions


class Simulation:
    """How the endpoint behaves, and what it did.

    Args:
        options: the options of the command line.
        recorded: the recorded answers by `key_of`.
    """

    def __init__(self, options: argparse.Namespace, recorded: Recorded) -> None:
        self.options, self.recorded = options, recorded
        self.faults = dict(options.fault)
        self.draw = random.Random(options.seed)  # noqa: S311
        self.requests: Counter[str] = Counter()
        self.served: Counter[str] = Counter()
        self.injected: Counter[str] = Counter()  # faults that were made, by kind
        self.admitted: deque[float] = deque()  # times of the last second, for the rate limit
        self.open = self.connections = self.peak = self.pieces = self.busy = 0
        self.queue: deque[tuple[Connection, float, Any]] = deque()  # requests that wait for a place
        self.began = self.last = self.changed = 0.0  # first and last request, last change of their number
        self.area = self.area_at_last = 0.0  # open requests x seconds, until the last change and the last request

    def state(self) -> dict[str, Any]:
        """`load`, and by `key_of` how many requests came and how many whole answers were sent."""
        return self.load() | {"asked": self.requests, "served": self.served}

    def load(self) -> dict[str, Any]:
        """Counts of requests; ``mean_open`` were open on average between the first request and the last."""
        return {
            "answered": len(self.served), "faults": self.injected, "connections": self.connections,
            "open": self.open, "peak": self.peak, "pieces": self.pieces,
            "mean_open": self.area_at_last / (self.last - self.began) if self.last > self.began else 0.0,
        }  # fmt: skip

    def change(self, by: int) -> None:
        """Counts one more (1) or one fewer (-1) open request."""
        now = time.monotonic()
        self.area += self.open * (now - self.changed)
        self.changed = now
        self.open += by
        self.peak = max(self.peak, self.open)
        if by > 0:
            self.began = self.began or now
            self.last, self.area_at_last = now, self.area

    def fault(self) -> str | None:
        """Draws a fault, or none; the shares of all kinds add up to at most 1."""
        rest = self.draw.random()
        for kind, share in self.faults.items():
            if rest < share:
                self.injected[kind] += 1
                return str(kind)
            rest -= share
        return None

    def serve_next(self) -> None:
        """Begins with requests that wait, as far as there are places; who has gone is left out."""
        while self.queue and (self.options.slots is None or self.busy < self.options.slots):
            connection, delay, request = self.queue.popleft()
            if not connection.transport.is_closing():
                self.busy += 1
                connection.begin(delay, request)

    def limited(self) -> bool:
        """Whether this request is one too many for the last second."""
        now = time.monotonic()
        while self.admitted and self.admitted[0] <= now - 1.0:
            self.admitted.popleft()
        if self.options.rate is not None and len(self.admitted) >= self.options.rate:
            self.injected["rate"] += 1
            return True
        self.admitted.append(now)
        return False

    def reply(self, request: Mapping[str, Any], key: str, fault: str | None) -> dict[str, Any]:
        """A chat completion."""
        messages = [(message["role"], message["content"]) for message in request["messages"]]
        tokens: Tokens | None
        if key in self.recorded:
            text, tokens = self.recorded[key]
        elif self.options.structured and (found := made_up_object(key, request.get("response_format"))) is not None:
            text, tokens = found, None
        else:
            rated = self.options.opinion and _OPINIONS.rating(self.options.opinion, messages)
            tokens = [rated] if rated else tokens_for(messages)
            text = "".join(token for token, _ in tokens)
        used = len(tokens or [""])
        if fault == "bare" or not request.get("logprobs") or fault == "empty":
            tokens = None
        if tokens is not None and fault == "short":
            tokens = [(token, list(candidates)[: 1 + self.draw.randrange(3)]) for token, candidates in tokens]
        if tokens is not None and fault == "merged":
            tokens = merged(tokens)
        content = "" if fault == "empty" else text
        logprobs = None if tokens is None else {"content": [_shown(*position) for position in tokens]}
        prompt = sum(len(message["content"].encode()) for message in request["messages"]) // 4 + 4
        return {
            "id": f"simulated-{key[:12]}", "object": "chat.completion", "created": 0, "model": request["model"],
            "choices": [{"index": 0, "finish_reason": "stop", "logprobs": logprobs,
                         "message": {"role": "assistant", "content": content}}],
            "usage": {"prompt_tokens": prompt, "completion_tokens": used, "total_tokens": prompt + used},
        }  # fmt: skip


class Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, one request after the other: as little as 100,000 calls a few minutes allow."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.transport: asyncio.Transport
        self.buffer = bytearray()
        self.open = False  # whether a request is
        self.timer: asyncio.TimerHandle | None = None
        self.holds = False  # whether one of the places is this request's

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.simulation.connections += 1

    def connection_lost(self, error: Exception | None) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self._free()
        self._finish()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self.buffer[:end]).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        stop = end + 4 + int(headers.get("content-length", 0))
        if len(self.buffer) < stop:
            return
        content = bytes(self.buffer[end + 4 : stop])
        del self.buffer[:stop]
        method, path, _ = head[0].split(" ")
        if (method, path) == ("POST", "/v1/chat/completions"):
            self._complete(headers, content)
        elif (method, path) == ("POST", "/v1/embeddings"):
            self._embed(content)
        elif (method, path) == ("GET", "/state"):
            self._send(200, self.simulation.state())
        elif (method, path) == ("GET", "/load"):
            self._send(200, self.simulation.load())
        else:
            self._send(404, _error("no such path"))

    def _complete(self, headers: Mapping[str, str], content: bytes) -> None:
        simulation, options = self.simulation, self.simulation.options
        self.open = True
        simulation.change(1)
        request = json.loads(content)
        key = key_of([(message["role"], message["content"]) for message in request["messages"]])
        simulation.requests[key] += 1
        if options.key is not None and headers.get("authorization") != f"Bearer {options.key}":
            return self._send(401, _error(f"Incorrect API key provided: {headers.get('authorization')}"))
        if options.model is not None and request["model"] != options.model:
            return self._send(404, _error("The model does not exist"))
        if options.refuse is not None and options.refuse in content.decode():
            return self._send(400, _error(f"Refused, {headers.get('authorization')}"))
        fault = "rate" if simulation.limited() else simulation.fault()
        if fault == "rate":
            return self._send(429, _error("Rate limit reached"), {"Retry-After": f"{options.retry_after:g}"})
        delay = options.stall if fault == "stall" else options.latency + options.spread * simulation.draw.random()
        simulation.queue.append((self, delay, (request, key, fault)))
        simulation.serve_next()
        return None

    def _embed(self, content: bytes) -> None:
        """A vector that goes by the words of the text; 404 unless --embeddings names the model."""
        simulation, options = self.simulation, self.simulation.options
        asked = json.loads(content)
        simulation.requests["embedding:" + asked["input"]] += 1
        if asked["model"] != options.embeddings:
            return self._send(404, _error(f"The model {asked['model']} does not exist"))
        return self._send(200, embedding(asked["model"], asked["input"]))

    def begin(self, delay: float, request: tuple[Mapping[str, Any], str, str | None]) -> None:
        """Answers after a while; until then a place is taken."""
        self.holds = True
        self.timer = asyncio.get_running_loop().call_later(delay, self._answer, *request)

    def _free(self) -> None:
        if self.holds:
            self.holds = False
            self.simulation.busy -= 1
            self.simulation.serve_next()

    def _answer(self, request: Mapping[str, Any], key: str, fault: str | None) -> None:
        simulation, options = self.simulation, self.simulation.options
        self.timer = None
        self._free()
        reply = simulation.reply(request, key, fault)
        if fault == "stall":
            self.transport.abort()
        elif fault == "server":
            self._send(simulation.draw.choice((500, 502, 503)), _error("The server had an error"))
        elif fault == "cut":
            whole = _http(200, json.dumps(reply).encode())
            self.transport.write(whole[: len(whole) // 2])
            self.transport.close()
        elif fault == "garbage":
            whole = json.dumps(reply).encode()
            odd = (b"<html>oops</html>", whole[: len(whole) // 2], b'{"choices": []}', b"[1, 2]", b"")
            self._write(_http(200, simulation.draw.choice(odd)))
        elif options.quirk is not None:
            name = request["model"] if options.quirk == BY_MODEL else options.quirk
            status, body, headers = QUIRKS[name](request, reply, simulation.requests[key])
            simulation.served[key] += status == 200
            self._write(_http(status, body if isinstance(body, bytes) else json.dumps(body).encode(), headers))
        elif request.get("stream") and options.pieces is not None:
            self._pieces(reply)
        else:
            if fault != "empty" and not self.transport.is_closing():
                simulation.served[key] += 1
            self._send(200, reply)

    def _pieces(self, reply: Mapping[str, Any]) -> None:
        """Sends the text a letter at a time, in server-sent events, with a pause before each."""
        choice = reply["choices"][0]
        deltas = [{"choices": [{"delta": {"content": letter}}]} for letter in choice["message"]["content"]]
        ends = [{"choices": [{"delta": {}, "finish_reason": "stop"}]}, {"choices": [], "usage": reply["usage"]}]
        lines = [f"data: {json.dumps(piece)}\n\n".encode() for piece in [*deltas, *ends]] + [b"data: [DONE]\n\n"]
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        self._next_piece(lines)

    def _next_piece(self, lines: list[bytes]) -> None:
        if lines and not self.transport.is_closing():
            self.simulation.pieces += 1
            self.transport.write(lines.pop(0))
            self.timer = asyncio.get_running_loop().call_later(self.simulation.options.pieces, self._next_piece, lines)
        elif not lines:
            self.transport.close()

    def _send(self, status: int, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        self._write(_http(status, json.dumps(content).encode(), headers))

    def _write(self, whole: bytes) -> None:
        self.transport.write(whole)
        self._finish()

    def _finish(self) -> None:
        if self.open:
            self.simulation.change(-1)
            self.open = False


def _http(status: int, content: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    kinds = {"Content-Type": "application/json"} | dict(headers or {})
    lines = [
        f"HTTP/1.1 {status} {_REASONS.get(status, 'Error')}",
        f"Content-Length: {len(content)}",
        *(f"{name}: {value}" for name, value in kinds.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + content


def _error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "simulated", "code": None}}


def _shown(token: str, candidates: Candidates) -> dict[str, Any]:
    """One position of the answer; a token that is not listed is less probable than what is."""
    shown = [{"token": one, "logprob": logprob, "bytes": None} for one, logprob in candidates]
    logprob = dict(candidates).get(token, min((at for _, at in candidates), default=0.0) - 1.0)
    return {"token": token, "logprob": logprob, "bytes": None, "top_logprobs": shown}


def _share(text: str) -> tuple[str, float]:
    kind, _, share = text.partition("=")
    if kind not in FAULTS:
        raise argparse.ArgumentTypeError(f"{kind!r} is none of {', '.join(FAULTS)}")
    return kind, float(share)


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Parses the command line."""
    parser = argparse.ArgumentParser(prog="python -m folkmoot.llm.simulated", description=__doc__.split("\n")[0])
    kinds = "; ".join(f"{kind}: {what}" for kind, what in FAULTS.items())
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--recorded", type=Path, help="JSON lines with messages, text and top")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds")
    parser.add_argument("--spread", type=float, default=0.0, help="seconds at most on top, at random")
    parser.add_argument("--rate", type=int, help="requests per second, more get 429")
    parser.add_argument("--retry-after", type=float, default=0.05, help="seconds that 429 asks to wait")
    parser.add_argument("--stall", type=float, default=60.0, help="seconds without an answer")
    parser.add_argument("--fault", type=_share, action="append", default=[], metavar="KIND=SHARE", help=kinds)
    parser.add_argument("--slots", type=int, help="requests that are answered at the same time; the others wait")
    parser.add_argument("--quirk", choices=[*sorted(QUIRKS), BY_MODEL], help="a way in which some endpoints answer")
    opinions = "; ".join(f"{kind}: {what}" for kind, what in _OPINIONS.OPINIONS.items())
    parser.add_argument("--opinion", choices=list(_OPINIONS.OPINIONS), help=f"what its ratings are: {opinions}")
    parser.add_argument("--pieces", type=float, help="seconds between the letters of a reply that is to come in pieces")
    parser.add_argument("--key", help="the only key that is taken")
    parser.add_argument("--model", help="the only model that there is")
    parser.add_argument("--embeddings", metavar="MODEL", help="the one model that gives embeddings; default: none")
    parser.add_argument("--structured", action="store_true", help="objects of the form that a request has a schema of")
    parser.add_argument("--refuse", metavar="TEXT", help="requests that hold it get 400")
    parser.add_argument("--seed", type=int, default=0, help="seed of the faults")
    return parser.parse_args(arguments)


async def serve(simulation: Simulation) -> None:
    """Serves until cancelled."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(simulation), "127.0.0.1", simulation.options.port, backlog=1000
    )
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    async with server:
        await server.serve_forever()


def main() -> None:
    """Serves until the process is ended."""
    chosen = options()
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(Simulation(chosen, read_recorded(chosen.recorded) if chosen.recorded else {})))


if __name__ == "__main__":
    main()
