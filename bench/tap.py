"""A TCP proxy that notes when the server says a certain thing, and passes everything on."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 65536


@dataclass
class Tap:
    """The running proxy; `heard` are the moments (time.monotonic) at which the words came from the server."""

    port: int = 0
    heard: list[float] = field(default_factory=list)


@contextmanager
def run_tap(target: int, words: bytes) -> Iterator[Tap]:
    """Before the server on port `target`, as long as the block runs. Words that lie in two chunks are not heard."""
    tap, loop, open_now = Tap(), asyncio.new_event_loop(), threading.Event()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, listens: bool) -> None:
        with suppress(OSError):
            while chunk := await reader.read(CHUNK):
                if listens and words in chunk:
                    tap.heard.append(time.monotonic())
                writer.write(chunk)
                await writer.drain()
        writer.close()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(pump(reader, ours, listens=False), pump(theirs, writer, listens=True))

    async def serve() -> None:
        server = await asyncio.start_server(pass_on, "127.0.0.1", 0)
        tap.port = server.sockets[0].getsockname()[1]
        open_now.set()
        async with server:
            await server.serve_forever()

    def run() -> None:
        asyncio.set_event_loop(loop)
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(serve())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    open_now.wait(10)
    try:
        yield tap
    finally:
        loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])
        thread.join(10)
