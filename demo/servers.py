"""The demo's two mail servers on one background thread."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Event, Thread

from demo.mailbox import start_mailbox
from demo.sink import Sink

START_S = 20.0


class MailServers:
    """The embedded IMAP mailbox and SMTP sink; `imap_port` and `smtp_port` are theirs once started."""

    def __init__(self, folder: Path) -> None:
        """`folder` gets the replies that are sent."""
        self.sink = Sink(folder)
        self.imap_port = 0
        self.smtp_port = 0
        self._started = Event()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._run, name="demo mail servers", daemon=True)

    def start(self) -> None:
        """Start both; returns when both accept connections."""
        self._thread.start()
        if not self._started.wait(START_S):
            raise RuntimeError("the demo's mail servers did not start")

    def stop(self) -> None:
        """Stop both and wait for the thread's end."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(START_S)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        async with await start_mailbox() as mailbox, await self.sink.start() as sink:
            self.imap_port = mailbox.sockets[0].getsockname()[1]
            self.smtp_port = sink.sockets[0].getsockname()[1]
            self._started.set()
            await self._stopping.wait()
