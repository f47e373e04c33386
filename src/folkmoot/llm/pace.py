"""How many requests are in flight: as many as the endpoint makes use of, and fewer when it cannot keep up.

One more for every two answers, half when a request times out or the endpoint asks to slow down. Where it
begins with less than is allowed, it doubles as long as that brings more answers in the same time: a server that writes
one answer at a time gains nothing from a second request but its queue.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# More work done in the same time by this factor is worth twice the requests.
_GAIN = 1.25
# Requests in flight that an answer is worth, after the first.
_MORE = 0.5
# After so many answers one more is tried where doubling brought nothing.
_TRY_AGAIN = 200


class Pace:
    """The requests in flight, of one event loop.

    Args:
        most: the most that may be in flight, at least 1.
        first: how many may be at first, 1 to ``most``.
    """

    def __init__(self, most: int, first: int) -> None:
        self.most, self.allowed = most, float(first)
        self.in_flight = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._spare: deque[asyncio.Future[None]] = deque()  # who goes only where nobody else waits
        self._halved = -1.0  # when, by the monotonic clock
        self._doubling = first < most
        self._ceiling = float(most)
        self._best = 0.0  # the most work in a second so far, and with how many in flight
        self._best_allowed = float(first)
        self._window: list[float] = []  # work of the answers in this window
        self._since = 0.0

    async def __aenter__(self) -> None:
        if self.in_flight < int(self.allowed) and not self._waiting:
            self.in_flight += 1
        else:
            # In turn, so that the order of calls is that in which they are sent.
            await self._turn(self._waiting)
        self._since = self._since or time.monotonic()

    async def __aexit__(self, *_: object) -> None:
        self.in_flight -= 1
        self._wake()

    @asynccontextmanager
    async def spare(self) -> AsyncIterator[None]:
        """A place that nobody else waits for."""
        if self.in_flight < int(self.allowed) and not self._waiting and not self._spare:
            self.in_flight += 1
        else:
            await self._turn(self._spare)
        self._since = self._since or time.monotonic()
        try:
            yield
        finally:
            await self.__aexit__()

    async def _turn(self, queue: deque[asyncio.Future[None]]) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                await self.__aexit__()
            raise

    def answered(self, work: float) -> None:
        """Counts an answer that took so much work, in any unit."""
        if self._doubling:
            self._window.append(work)
            if len(self._window) >= max(3, int(2 * self.allowed)):
                self._compare()
        else:
            if self.allowed >= self._ceiling:
                self._ceiling = min(float(self.most), self._ceiling + 1.0 / _TRY_AGAIN)
            self.allowed = min(self._ceiling, self.allowed + _MORE)
        self._wake()

    def congested(self, sent: float) -> None:
        """Halves what is allowed, once for what was sent before that (``sent``, by the monotonic clock)."""
        self._doubling = False
        if sent > self._halved:
            self._halved = time.monotonic()
            self.allowed = max(1.0, self.allowed / 2)

    def _compare(self) -> None:
        now = time.monotonic()
        rate = sum(self._window) / max(now - self._since, 1e-6)
        self._window, self._since = [], now
        if rate >= _GAIN * self._best:
            self._best, self._best_allowed = rate, self.allowed
            self.allowed = min(float(self.most), 2 * self.allowed)
            self._doubling = self._best_allowed < self.most
        else:
            self._doubling = False
            self._ceiling = self.allowed = self._best_allowed

    def _wake(self) -> None:
        while (queue := self._waiting or self._spare) and self.in_flight < int(self.allowed):
            turn = queue.popleft()
            if not turn.done():
                self.in_flight += 1
                turn.set_result(None)
