"""A child process for tests: says its process id to whoever connects, until SIGTERM; a "deaf" one takes none."""

from __future__ import annotations

import os
import signal
import socket
import sys

from worker.stopping import end_with_parent

if __name__ == "__main__":
    if "deaf" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    end_with_parent(patience_s=0.2)
    with socket.create_server(("127.0.0.1", int(sys.argv[1])), reuse_port=True) as server:
        while True:
            connection, _ = server.accept()
            with connection:
                connection.sendall(f"{os.getpid()}\n".encode())
