"""Requests that are sent before anybody asks for their answers, where places in flight are left.

What is expected is a guess of what will be asked next. It never changes an answer: whoever asks gets what the same call
would have got, by its key, in whatever order answers came. What was guessed wrong was paid in vain, and is counted.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from .calls import Answer, Call
from .expected import Expects as Expects
from .expected import Then as Then
from .expected import expecting as expecting


@dataclass(eq=False)
class _Expected:
    """One call: whether it was sent, whether what follows from it is still wanted, and whether its answer was used."""

    call: Call
    then: Then | None
    started: bool = False
    wanted: bool = True
    used: bool = False
    answer: Answer | None = None
    task: asyncio.Task[Answer | None] | None = None


class Early:
    """Calls that are expected; everything but `use` runs on the event loop of the client.

    Args:
        send: sends a call once there is nobody else to be sent, and calls the function it is given as it begins; the
            answer, None where there is none: whoever asks will ask in earnest.
    """

    def __init__(self, send: Callable[[Call, Callable[[], None]], Awaitable[Answer | None]]) -> None:
        self._send = send
        self._slots: dict[str, list[_Expected]] = {}
        self._by_key: dict[str, _Expected] = {}
        self._lock = threading.Lock()  # `use` is called from another thread
        self._fresh: set[str] = set()  # answered, and not asked for yet
        self.asked_for: set[str] = set()  # what is asked in earnest at this moment: it is never sent twice
        self.answered = self.used = 0

    def expect(self, slot: str, calls: Sequence[Call], then: Then | None, known: Mapping[str, Answer]) -> None:
        """Takes these calls for what will be asked next, in place of those of the same slot that were not sent.

        Args:
            slot: the name of the guess.
            calls: the calls, the most urgent first.
            then: what an answer will lead to, which is expected with it.
            known: answers that are there already, by key: only what they lead to is expected.
        """
        keys = {call.key for call in calls}
        for one in self._slots.pop(slot, []):
            if one.call.key not in keys:
                self._drop(one)
        self._slots[slot] = []
        for call in calls:
            self._add(slot, call, then, known)

    async def take(self, key: str) -> Answer | None:
        """The answer to a call that was sent early, once it is there; None where it was not."""
        one = self._by_key.pop(key, None)
        if one is None or one.task is None:
            return None
        if not one.started:
            one.task.cancel()
            return None
        return await asyncio.shield(one.task)

    def use(self, key: str) -> bool:
        """Counts that an answer is used; whether it came early, and this is its first use."""
        with self._lock:
            one = self._by_key.get(key)
            if key in self._fresh:
                self._fresh.discard(key)
            elif one is not None and one.started and one.answer is None:
                one.used = True  # its answer is on the disk, and is just about to be told
            else:
                return False
            self.used += 1
            return True

    async def end(self) -> None:
        """Sends no more, and waits for what was sent: it is paid for."""
        waiting = [one.task for one in self._by_key.values() if one.task is not None]
        for one in self._by_key.values():
            self._drop(one)
        await asyncio.gather(*waiting, return_exceptions=True)

    def _drop(self, one: _Expected) -> None:
        one.wanted = False
        if one.task is not None and not one.started:
            one.task.cancel()
            if self._by_key.get(one.call.key) is one:
                del self._by_key[one.call.key]

    def _add(self, slot: str, call: Call, then: Then | None, known: Mapping[str, Answer]) -> None:
        one = self._by_key.get(call.key)
        if one is None and call.key not in self.asked_for:
            one = _Expected(call, then, answer=known.get(call.key))
            if one.answer is None:
                self._by_key[call.key] = one
                one.task = asyncio.get_running_loop().create_task(self._wait(slot, one, known))
        if one is None:
            return
        one.wanted = True
        self._slots.setdefault(slot, []).append(one)
        self._follow(slot, one, known)

    def _follow(self, slot: str, one: _Expected, known: Mapping[str, Answer]) -> None:
        if one.answer is not None and one.then is not None and one.wanted:
            for call in one.then(one.call, one.answer):
                self._add(slot, call, one.then, known)

    async def _wait(self, slot: str, one: _Expected, known: Mapping[str, Answer]) -> Answer | None:
        def begin() -> None:
            one.started = True

        answer = await self._send(one.call, begin)
        with self._lock:
            one.answer = answer
            if answer is not None:
                self.answered += 1
                if not one.used:
                    self._fresh.add(one.call.key)
        if one.answer is None:
            if self._by_key.get(one.call.key) is one:
                del self._by_key[one.call.key]
            return None
        self._follow(slot, one, known)
        return one.answer
