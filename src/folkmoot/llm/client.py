"""Calls answered by an OpenAI-compatible endpoint: in parallel, within limits, each paid once."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Self

from ..profile import FolkmootError, InputError, WorkError
from . import embeddings, trouble
from .budget import Budget, LimitReached, Limits, Spend
from .calls import Answer, Call, Failed
from .dialect import Dialect, learned, longer
from .early import Early, Then
from .estimate import most, most_output
from .lane import Broken, Lane
from .ledger import Answered, Fault, Ledger
from .settings import Endpoint
from .told import Told
from .trouble import Trouble
from .wire import Unusable, Used, parse, used_tokens

_AHEAD = 1000  # calls that may wait for their next attempt besides those in flight
_HOPELESS = 20  # calls given up in a row, or as many as are in flight at once, before the rest is not sent


class Client:
    """Answers calls from the ledger, and those that it does not hold from the endpoint (a `folkmoot.llm.Model`).

    A call keeps its place among the ``endpoint.concurrency`` requests in flight until its answer is on the disk, so
    whatever ends the process, at most that many answers were received or under way and are not in the ledger.

    After a limit, an interruption or an endpoint that gives up, nothing more is sent: what is under way is waited for
    and kept, the rest is `Failed`. A new client on the same ledger resumes.

    Args:
        endpoint: the endpoint that is asked.
        ledger: the ledger of the run; this client is its only user.
        limits: the limits of the run, over all its resumptions.
        progress: the function that is called as ``progress(done, total)`` after every call of a batch that was sent,
            from another thread.
        ahead: how many steps of writing are to be asked ahead of the one in work, where places in flight are left
            (`Early`); 0: nothing is asked before it is needed.

    Raises:
        InputError: if there is a limit in money and the endpoint has no prices.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        ledger: Ledger,
        limits: Limits | None = None,
        *,
        progress: Callable[[int, int], None] | None = None,
        ahead: int = 0,
    ) -> None:
        self.endpoint, self.ledger, self.limits = endpoint, ledger, limits or Limits()
        if self.limits.cost is not None and not endpoint.priced:
            raise InputError("a limit in money needs prices: set input_price and output_price of the endpoint")
        self.stopped: str | None = None  # why no more calls are sent
        self._error: FolkmootError | None = None  # the error with which the batch ends because of that
        self.told = Told(endpoint, ledger)  # before the budget: it may count answers as lost
        self._budget = Budget(self.limits, ledger.spent())
        self._progress = progress
        self._turn = threading.Lock()  # one batch at a time, so that no call is under way twice
        self._lane: Lane | None = None
        self._in_a_row = 0  # calls given up since the last answer
        self._answered = ledger.total().answers > 0  # whether the endpoint ever did, in this run
        self._refused: str | None = None  # why it refused the last request that it refused
        self.dialect = endpoint.dialect  # how requests are put, with what refusals taught
        self.ahead = ahead
        self._early = Early(self._send_early)
        self._over = 0  # the most tokens by which an answer was longer than its limit

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the ledger, which has to be open still, stays open."""
        if self._lane is not None:
            asyncio.run_coroutine_threadsafe(self._early.end(), self._lane.loop).result()
            if self._early.answered:
                before = self.ledger.noted().get("ahead") or {}
                now = {"answered": self._early.answered, "used": self._early.used}
                self.ledger.note(ahead={name: number + before.get(name, 0) for name, number in now.items()})
            self._lane.close()
            self._lane = None
            self.told.keep(always=True)

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        """One result for every call, in their order; equal calls are sent once.

        Raises:
            InputError: if the endpoint accepts no call because its key, its URL, the model or a parameter is wrong, or
                if a call names no ``max_tokens`` although tokens or money are limited.
            WorkError: if the credit is used up, or if the ledger cannot be written.
            MissingExtraError: if the ``llm`` extra is not installed.
        """
        if self.limits.tokens is not None or self.limits.cost is not None:
            unbounded = next((call.query for call in calls if most_output(call) is None), None)
            if unbounded is not None:
                raise InputError(f"a limit in tokens or money needs max_tokens in every call: {unbounded} names none")
        with self._turn:
            results: dict[str, Answer | Failed] = {}
            results.update({call.key: failed for call in calls if (failed := self.told.known_to_fail.get(call.key))})
            results.update(self.ledger.find(self.endpoint.model, list({call.key: None for call in calls})))
            missing = {call.key: call for call in reversed(calls) if call.key not in results}
            if missing:
                results.update(self._send([*reversed(missing.values())]))
            occurrences = Counter(call.key for call in calls)
            hits = {
                key: times - (self._early.use(key) or key in missing)
                for key, times in occurrences.items()
                if isinstance(results[key], Answer)
            }
            self.ledger.hit(self.endpoint.model, hits)
            self.told.keep()
            return [results[call.key] for call in calls]

    def expect(self, slot: str, calls: Sequence[Call], then: Then | None = None, most: int | None = None) -> None:
        """Sends calls that will probably be asked for, where places in flight are left; see `Early.expect`.

        Nothing is sent that might take the run to its limit, and nothing before the endpoint has answered in earnest.
        """
        if not self.ahead or self._lane is None or not self._answered or self.stopped is not None:
            return
        known = self.answered(calls)
        wanted = [call for call in calls if call.key not in self.told.known_to_fail]
        if most is not None:
            wanted = [call for call in wanted if call.key not in known][:most]
        self._lane.loop.call_soon_threadsafe(self._early.expect, slot, wanted, then, known)

    def answered(self, calls: Sequence[Call]) -> dict[str, Answer]:
        """See `Expects.answered`."""
        return self.ledger.find(self.endpoint.model, list({call.key: None for call in calls}))

    def _send(self, calls: list[Call]) -> dict[str, Answer | Failed]:
        if self.stopped is None and self._lane is None:
            self._lane = Lane(self.endpoint, self.ledger)
        if self._lane is None:
            return {call.key: Failed(self.stopped or "") for call in calls}
        loop = self._lane.loop
        batch = asyncio.run_coroutine_threadsafe(self._batch(calls, self._lane), loop)
        try:
            results = batch.result()
        except BaseException:  # Ctrl-C most of all: what is under way is paid for and waited for
            loop.call_soon_threadsafe(self._stop, "interrupted: run again to resume, nothing is paid twice")
            with suppress(Exception):
                batch.result()
            raise
        error, self._error = self._error, None
        if error is None and self._refused is not None and not self._answered:
            error = InputError(self._refused)  # it may be one request that is too long, but none has fared better
        if error is not None:
            raise error
        return results

    async def _batch(self, calls: list[Call], lane: Lane) -> dict[str, Answer | Failed]:
        """Sends a batch; runs on the event loop of the lane, like everything below."""
        results: dict[str, Answer | Failed] = {}
        queue_places = asyncio.Semaphore(self.endpoint.concurrency + _AHEAD)

        async def one(call: Call) -> None:
            try:
                results[call.key] = await self._early.take(call.key) or await self._call(call, lane)
            finally:
                queue_places.release()
            if self._progress is not None:
                self._progress(len(results), len(calls))

        self._early.asked_for = {call.key for call in calls}
        async with asyncio.TaskGroup() as tasks:
            for call in calls:
                await queue_places.acquire()
                if self.stopped is not None:
                    break
                tasks.create_task(one(call))
        self._early.asked_for = set()
        return {call.key: Failed(self.stopped or "") for call in calls} | results

    async def _call(self, call: Call, lane: Lane) -> Answer | Failed:
        """Sends a call again and again until it is answered or given up."""
        failures, tried, waited = 0, 0, 0.0
        while True:
            async with lane.pace:
                need = self._most(call)
                if self.stopped is None:
                    await self._reserve(need, lane)
                if self.stopped is not None:
                    return Failed(self.stopped)
                tried += 1
                dialect, sent, alone = self.dialect, time.monotonic(), lane.pace.in_flight == 1
                outcome = await self._attempt(call, need, tried, dialect, lane)
                if isinstance(outcome, Answer):
                    lane.pace.answered(1 + outcome.output_tokens + outcome.input_tokens / 10)
                elif outcome.kind in ("timeout", "rate limit"):
                    lane.pace.congested(sent)
            # Behind others of this run it may not have come to it: waiting there is no attempt.
            queued = not isinstance(outcome, Answer) and outcome.kind == "timeout" and not alone
            waited += self.endpoint.timeout * queued
            if isinstance(outcome, Answer):
                self._answered, self._in_a_row = True, 0
                return outcome
            if outcome.stop is not None:
                self._stop(outcome.reason, outcome.stop)
                return Failed(outcome.reason)
            teaches = outcome.brief or (
                call.query != embeddings.QUERY and outcome.words and outcome.kind != trouble.FILTERED
            )
            if teaches and self._learn(call, dialect, outcome):
                continue
            failures += outcome.kind != "rate limit" and not queued
            seconds = trouble.pause(self.endpoint.backoff, tried, outcome.wait)
            waited += seconds
            if not outcome.again or failures >= self.endpoint.attempts or waited > self.endpoint.patience:
                return await self._give_up(call, outcome, tried)
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await lane.halt.wait()

    async def _send_early(self, call: Call, begin: Callable[[], None]) -> Answer | None:
        """One attempt, without taking the run to a limit; whatever goes wrong, who needs the answer asks anew."""
        lane = self._lane
        assert lane is not None
        if await asyncio.to_thread(self.ledger.find, self.endpoint.model, [call.key]):
            return None  # it is there for whoever asks
        async with lane.pace.spare():
            need = self._most(call)
            try:
                if self.stopped is not None or not self._budget.reserve(need):
                    return None
            except LimitReached:
                return None
            begin()
            sent = time.monotonic()
            outcome = await self._attempt(call, need, 1, self.dialect, lane)
            if isinstance(outcome, Answer):
                lane.pace.answered(1 + outcome.output_tokens + outcome.input_tokens / 10)
                return outcome
            if outcome.kind in ("timeout", "rate limit"):
                lane.pace.congested(sent)
            return None

    async def _give_up(self, call: Call, last: Trouble, tried: int) -> Failed:
        """Records that a call has no answer; if many in a row have none, the rest is not sent."""
        self._in_a_row += 1
        if last.kind == "refused":
            self._refused = last.reason
        if last.kind in trouble.ANSWERED_IN_VAIN:
            self._in_a_row = 0  # it does answer
        reason = last.reason if tried == 1 else f"{last.reason} (attempt {tried}, the last)"
        if self._in_a_row >= max(_HOPELESS, self.endpoint.concurrency):
            self._stop(f"{self._in_a_row} calls in a row failed, the last: {last.reason}; run again to resume")
        try:
            await asyncio.to_thread(self.ledger.give_up, self.endpoint.model, call, reason)
        except WorkError as error:
            self._stop(str(error), error)
        return Failed(reason, last.kind)

    def _learn(self, call: Call, asked: Dialect, refused: Trouble) -> bool:
        """Whether to ask at once again, put otherwise: as the refusal teaches, or as an earlier one did meanwhile."""
        if self.dialect != asked:
            return True
        sent = asked.body(call, self.endpoint.model)
        found = longer(asked) if refused.brief else learned(asked, refused.words, sent)
        if found is None:
            return False
        self.dialect, line = found
        self.told.learned[line] = refused.reason
        return True

    def _most(self, call: Call) -> Spend:
        """The most that an attempt can take, as far as answers kept to their limits so far."""
        need = most(self.dialect.as_asked(call), self.endpoint)
        return need + Spend(0, self._over, self.endpoint.cost(0, self._over) or 0)

    def in_vain(self, query: str) -> None:
        """Notes that a run ends as no answer to a query can be used; the next asks anew: things may have changed."""
        self.told.in_vain(query)

    def _stop(self, reason: str, error: FolkmootError | None = None) -> None:
        if self.stopped is None:
            self.stopped, self._error = reason, error
        if self._lane is not None:
            self._lane.halt.set()

    async def _reserve(self, need: Spend, lane: Lane) -> None:
        """Reserves the most that a call may use up, or stops the run."""
        async with lane.admission:  # in turn: a small call does not overtake a big one near the limit
            try:
                while self.stopped is None and not self._budget.reserve(need):
                    lane.settled.clear()
                    await lane.settled.wait()
            except LimitReached as error:
                self._stop(str(error))

    async def _attempt(self, call: Call, need: Spend, tried: int, dialect: Dialect, lane: Lane) -> Answer | Trouble:
        """Sends one request. When this returns, its outcome is on the disk and its reservation is settled."""
        started, clock = time.time(), time.perf_counter()
        spent = Spend()
        try:
            outcome, used = await self._request(call, dialect, lane)
            seconds = time.perf_counter() - clock
            cost = None if used is None else self.endpoint.cost(*used)
            record: Answered | Fault
            bound = most_output(dialect.as_asked(call))
            if used is not None and bound is not None:
                self._over = max(self._over, used[1] - bound)
            if isinstance(outcome, Answer):
                spent = Spend(1, outcome.input_tokens + outcome.output_tokens, cost or 0)
                record = Answered(call, outcome, cost, tried, started, seconds)
            else:
                if used is not None:
                    spent = Spend(1, used[0] + used[1], cost or 0)
                elif outcome.maybe_paid:
                    spent = need  # fails closed: nobody knows, so it counts in full
                record = Fault(call, outcome.kind, outcome.reason, spent, started, seconds)
            try:
                await lane.write(record)
            except Exception as error:  # noqa: BLE001  (the other calls under way are paid for, too)
                stop = error if isinstance(error, FolkmootError) else WorkError(f"the ledger refused {error!r}")
                return Trouble("ledger", str(stop), stop=stop)
            return outcome
        finally:
            self._budget.settle(need, spent)
            lane.settled.set()

    async def _request(self, call: Call, dialect: Dialect, lane: Lane) -> tuple[Answer | Trouble, Used | None]:
        """The outcome of a request, and its numbers of tokens: prompt, answer and cached part of the prompt."""
        openai, endpoint = lane.openai, self.endpoint
        try:
            embeds = call.query == embeddings.QUERY
            if embeds:
                reply = await lane.post(embeddings.request(call), embeddings.PATH)
            else:
                reply = await lane.post(dialect.body(call, endpoint.model, local=endpoint.local))
            if not isinstance(reply.document, dict | list):
                return trouble.no_json(reply.headers, reply.content, endpoint), None
            error = trouble.in_body(reply.document, reply.headers, endpoint)
            if error is not None:
                usage = reply.document.get("usage") if isinstance(reply.document, dict) else None
                return error, used_tokens(usage)
            answer = embeddings.parse_embedding(reply.document, call) if embeds else parse(reply.document, call)
            if not embeds:
                self.told.reply(reply.document)
        except Unusable as error:
            reason = trouble.short(error.reason, endpoint)
            return Trouble(error.kind, reason, maybe_paid=error.paid, brief=error.brief), error.used
        except Broken:
            return trouble.connection(endpoint, made=True), None
        except (TimeoutError, openai.APITimeoutError):
            return trouble.timeout(endpoint), None
        except openai.APIConnectionError as error:
            return trouble.connection(endpoint, type(error.__cause__).__name__ != "ConnectError"), None
        except openai.APIStatusError as error:
            refused = error.response
            if embeds and (why := embeddings.refused(refused.status_code, refused.content, call, endpoint)) is not None:
                return why, None
            return trouble.status(refused.status_code, refused.headers, refused.content, endpoint), None
        except Exception as error:  # noqa: BLE001  (nothing that a reply holds may end the other calls)
            return Trouble("garbage", f"the reply cannot be read ({type(error).__name__})", maybe_paid=True), None
        return answer, (answer.input_tokens, answer.output_tokens, answer.cached_tokens)
