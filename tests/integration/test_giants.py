"""Mails of absurd shape: the worker's memory stays small, and their neighbours are processed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import Post
from tests.servers.ledgers import ready_product
from tests.servers.mails import Writer, complete
from tests.servers.product import Product

MEMORY_KB = 300 * 1024
HEAD = (
    "From: Kiss Anna <kiss.anna@mintafalu.hu>\r\nTo: aspoktatas@allamkincstar.gov.hu\r\n"
    "Message-ID: <{name}@mintafalu.hu>\r\nSubject: {name}\r\nMIME-Version: 1.0\r\n"
)
WITHIN_S = 240.0


def two_megabytes() -> bytes:
    return (
        HEAD.format(name="nagy") + "Content-Type: text/plain\r\n\r\n" + "Kérem a regisztrációt. \r\n" * 80_000
    ).encode()


def two_hundred_megabytes() -> bytes:
    head = (
        HEAD.format(name="orias")
        + "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + (b"QUFB" * 18 + b"\r\n") * 2_800_000


def long_header() -> bytes:
    return (HEAD.format(name="fejlec") + "X-Hosszu: " + "a" * 5_000_000 + "\r\n\r\nKérem a regisztrációt.\r\n").encode()


def many_parts() -> bytes:
    head = HEAD.format(name="reszek") + "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    return (head + "--b\r\nContent-Type: text/plain\r\n\r\nrész\r\n" * 10_000 + "--b--\r\n").encode()


def deep_nesting() -> bytes:
    text = HEAD.format(name="melyseg")
    for level in range(2_000):
        text += f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"
    return (text + "Content-Type: text/plain\r\n\r\nmély\r\n").encode()


GIANTS = (two_megabytes, long_header, many_parts, deep_nesting, two_hundred_megabytes)


@pytest.fixture
def running(tmp_path: Path, post: Post) -> Iterator[Product]:
    """The product in one process."""
    with ready_product(tmp_path, **post.variables()) as made:
        yield made


def test_giants_and_their_neighbours(running: Product, post: Post) -> None:
    neighbours = [complete(Writer(number)) for number in range(20)]
    running.start("run")
    for position, giant in enumerate(GIANTS):
        post.deliver(neighbours[position * 4 : position * 4 + 2])
        post.deliver([giant()])
        post.deliver(neighbours[position * 4 + 2 : position * 4 + 4])
    running.wait_until(lambda: running.count("worker_mail", "state = 'filed'") == 25, WITHIN_S)
    assert running.count("registry_registration", "status = 'ready'") == 20
    assert running.count("worker_mail", "failure > ''") <= 1, "only the one over all bounds says so"
    assert peak_memory_kb(running) < MEMORY_KB
    assert set(running.stop().values()) == {0}


def peak_memory_kb(running: Product) -> int:
    """The largest resident size that any of the product's processes ever had."""
    peaks = []
    for process in running.processes.values():
        status = Path(f"/proc/{process.pid}/status").read_text()
        peaks += [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")]
    assert peaks
    return max(peaks)
