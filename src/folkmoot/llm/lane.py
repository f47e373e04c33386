"""The thread and event loop that requests run on, with the SDK's client and the writer of the ledger."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..profile import MissingExtraError
from .ledger import Answered, Fault, Ledger
from .pace import Pace
from .settings import Endpoint
from .streamed import Streamed

COMPLETIONS = "/chat/completions"


@dataclass(frozen=True)
class Reply:
    """A reply with status 200: its headers, its content, and that as JSON, None where it is none."""

    headers: Mapping[str, str]
    content: bytes
    document: Any


class Broken(Exception):
    """A reply in pieces whose last one did not come."""


class Lane:
    """The thread and event loop that requests run on, whatever the caller's thread does, with the SDK's client.

    Raises:
        MissingExtraError: if the SDK is not installed.
    """

    def __init__(self, endpoint: Endpoint, ledger: Ledger) -> None:
        try:
            import openai
        except ImportError:
            raise MissingExtraError("asking a language model needs the SDK; pip install 'folkmoot[llm]'") from None
        self.openai: Any = openai  # its classes of errors
        self.loop = asyncio.new_event_loop()
        self.pace = Pace(endpoint.concurrency, endpoint.first)
        self.admission = asyncio.Lock()
        self.settled = asyncio.Event()
        self.halt = asyncio.Event()  # nobody waits for another attempt any more
        self._ledger, self._model, self._patience = ledger, endpoint.model, endpoint.timeout
        self._unwritten: list[tuple[Answered | Fault, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        # As many connections as requests in flight, and all of them kept: the SDK keeps 100.
        limits = type(openai.DEFAULT_CONNECTION_LIMITS)(
            max_connections=endpoint.concurrency, max_keepalive_connections=endpoint.concurrency
        )
        headers = dict(endpoint.dialect.headers)
        if endpoint.dialect.key_header and endpoint.key:
            headers[endpoint.dialect.key_header] = endpoint.key
        self._raw: Any = openai.HttpxBinaryResponseContent
        self._sdk = openai.AsyncOpenAI(
            base_url=endpoint.base_url,
            api_key=endpoint.key or "none",  # the SDK insists on one
            default_headers=headers,
            default_query=dict(endpoint.dialect.query),
            timeout=endpoint.timeout,
            max_retries=0,
            http_client=openai.DefaultAsyncHttpxClient(limits=limits),
        )
        self._thread = threading.Thread(target=self.loop.run_forever, name="folkmoot-llm", daemon=True)
        self._thread.start()

    async def post(self, request: dict[str, Any], path: str = COMPLETIONS) -> Reply:
        """The reply as it came; the SDK's types take half as long again and drop what they do not know.

        Whoever cancels this closes the connection, so that the endpoint can stop writing what nobody waits for.

        Raises:
            TimeoutError: nothing came for as long as the endpoint's ``timeout``: no reply, or no further piece of it.
            Broken: a reply in pieces ended before its end.
        """
        if request.get("stream"):
            return await self._pieces(request)
        async with asyncio.timeout(self._patience):
            reply = (await self._sdk.post(path, cast_to=self._raw, body=request)).response
        return Reply(reply.headers, reply.content, _json(reply.content))

    async def _pieces(self, request: dict[str, Any]) -> Reply:
        async with asyncio.timeout(self._patience) as limit:
            stream = await self._sdk.post(
                COMPLETIONS,
                cast_to=object,
                body=request,
                stream=True,
                stream_cls=self.openai.AsyncStream[object],
            )
            response = stream.response
            try:
                if "event-stream" not in response.headers.get("content-type", ""):
                    content = await response.aread()
                    return Reply(response.headers, content, _json(content))
                streamed = Streamed()
                try:
                    async for line in response.aiter_lines():
                        limit.reschedule(asyncio.get_running_loop().time() + self._patience)
                        streamed.line(line)
                except Exception as error:
                    # The SDK wraps this only until the reply begins; the library it sends with has changed its name.
                    if type(error).__name__ == "RemoteProtocolError":
                        raise Broken from None
                    raise
            finally:
                await response.aclose()
        if not streamed.ended:
            raise Broken
        return Reply(response.headers, b"", streamed.document)

    async def write(self, record: Answered | Fault) -> None:
        """Returns when the record is on the disk; what arrives during one write goes into the next, together."""
        written: asyncio.Future[None] = self.loop.create_future()
        self._unwritten.append((record, written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await written

    async def _write(self) -> None:
        while self._unwritten:
            batch, self._unwritten = self._unwritten, []
            answers = [record for record, _ in batch if isinstance(record, Answered)]
            faults = [record for record, _ in batch if isinstance(record, Fault)]
            try:
                await asyncio.to_thread(self._ledger.add, self._model, answers, faults)
            except Exception as error:  # noqa: BLE001  (whoever waits for its record gets it)
                for _, written in batch:
                    written.set_exception(error)
            else:
                for _, written in batch:
                    written.set_result(None)

    def close(self) -> None:
        """Close the connections and end the thread."""
        asyncio.run_coroutine_threadsafe(self._sdk.close(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
