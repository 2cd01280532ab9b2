"""A TCP proxy in front of a real server that cuts, stalls, delays and corrupts on command."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum

CHUNK = 65536
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close() sends RST and throws away what waits


class Deed(Enum):
    """What happens to the connection on which the words of an order are seen; each happens once."""

    CUT = "reset before the words are passed on"
    HALF = "half of what came is passed on, then reset"
    STALL = "the connection stays open and nothing is passed on any more, in either direction"
    GARBAGE = "the words are replaced by others of the same length"
    DROP = "reset after the words are passed on"


@dataclass
class Proxy:
    """The running proxy. `delay` (seconds) holds up every chunk; `orders` are kept until their words are seen."""

    port: int
    target: int
    delay: float = 0.0
    orders: list[tuple[bytes, Deed]] = field(default_factory=list)
    connections: int = 0
    obeyed: int = 0
    _pairs: list[tuple[socket.socket, socket.socket]] = field(default_factory=list)
    _flowing: threading.Event = field(default_factory=threading.Event)
    _refusing: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def order(self, words: bytes, deed: Deed, times: int = 1) -> None:
        """Do `deed` when either side next says `words` (within one chunk)."""
        with self._lock:
            self.orders.extend([(words, deed)] * times)

    def cut(self) -> None:
        """Reset every connection; new ones work."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            _reset(pair)

    def stall(self) -> None:
        """From now on nothing passes, on old connections and new ones, until `flow`: a black hole."""
        self._flowing.clear()

    def refuse(self) -> None:
        """Reset everything, and every new connection at once, until `flow`."""
        self._refusing = True
        self.cut()

    def flow(self) -> None:
        """Be an honest wire again. Connections that were stalled by an order stay so."""
        self._refusing = False
        self._flowing.set()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                self.connections += 1
                if self._refusing:
                    _reset((client,))
                    continue
                try:
                    server = socket.create_connection(("127.0.0.1", self.target), 5)
                except OSError:
                    _reset((client,))
                    continue
                server.settimeout(None)
                pair = client, server
                with self._lock:
                    self._pairs.append(pair)
                held = threading.Event()
                for one, other in (pair, pair[::-1]):
                    threading.Thread(target=self._pass_on, args=(one, other, pair, held), daemon=True).start()

    def _pass_on(
        self, one: socket.socket, other: socket.socket, pair: tuple[socket.socket, socket.socket], held: threading.Event
    ) -> None:
        with suppress(OSError):
            while data := one.recv(CHUNK):
                if self.delay:
                    time.sleep(self.delay)
                self._flowing.wait()
                words, deed = self._ordered(data)
                if deed is Deed.STALL:
                    held.set()
                if held.is_set():
                    return
                if deed in (Deed.CUT, Deed.HALF):
                    other.sendall(data[: len(data) // 2] if deed is Deed.HALF else b"")
                    _reset(pair)
                    return
                other.sendall(data.replace(words, b"\xf0" * len(words)) if deed is Deed.GARBAGE else data)
                if deed is Deed.DROP:
                    _reset(pair)
                    return
            if not held.is_set():
                other.shutdown(socket.SHUT_WR)

    def _ordered(self, data: bytes) -> tuple[bytes, Deed | None]:
        with self._lock:
            for order in self.orders:
                if order[0] in data:
                    self.orders.remove(order)
                    self.obeyed += 1
                    return order
        return b"", None


def _reset(sockets: tuple[socket.socket, ...]) -> None:
    for one in sockets:
        with suppress(OSError):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            one.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads from it
        with suppress(OSError):
            one.close()


@contextmanager
def run_proxy(target: int) -> Iterator[Proxy]:
    """A proxy before the server at port `target` until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy(listener.getsockname()[1], target)
        proxy.flow()
        threading.Thread(target=proxy._accept, args=(listener,), daemon=True).start()
        try:
            yield proxy
        finally:
            proxy.flow()
            listener.shutdown(socket.SHUT_RDWR)
            proxy.cut()
