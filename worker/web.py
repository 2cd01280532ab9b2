"""The staff page inside this process: waitress, a small pure-Python WSGI server with a thread pool."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

from waitress.server import create_server  # type: ignore[import-untyped]

HOST = "127.0.0.1"  # a reverse proxy with TLS stands before it where others than this machine's users are served
THREADS = 4
FINISH_S = 5.0  # seconds


class WebServer:
    """Serves `application` on the loopback address at `port` from a thread of its own."""

    def __init__(self, application: Any, port: int) -> None:
        """Binds at once, so that a port in use is an OSError here."""
        self._server = create_server(
            application,
            host=HOST,
            port=port,
            threads=THREADS,
            ident=None,
            clear_untrusted_proxy_headers=False,  # staff.proxies does, but for what ASPOKTATAS_PROXIES lets it believe
        )
        self.port = int(self._server.effective_port)
        self.thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self.thread.start()

    def stop(self) -> None:
        """Stop serving; requests in progress get a moment."""
        self._server.task_dispatcher.shutdown(timeout=FINISH_S)  # while the loop still carries their answers away
        with suppress(OSError):
            self._server.close()
        self.thread.join(FINISH_S)
