"""Case 21: mails made to exhaust the reader. Memory and time stay bounded, the neighbours are processed meanwhile."""

from __future__ import annotations

import io
import zipfile
from base64 import encodebytes
from pathlib import Path

from tests.faults.world import World
from tests.servers.mails import Writer, missing_pir
from worker.mail.fetching import OVERSIZE

MEMORY_LIMIT_KB = 300 * 1024
WITHIN_S = 120.0
PLAIN = b"\r\nTisztelt Kincstar!\r\n"


def head(number: int, more: bytes = b"", subject: bytes = b"Kerdes") -> bytes:
    """The beginning of an invented mail."""
    return (
        b"From: Minta Anna <minta.anna@falu%d.example>\r\nTo: aspoktatas@allamkincstar.gov.hu\r\n"
        b"Message-ID: <hostile%d@falu.example>\r\nSubject: %b\r\nMIME-Version: 1.0\r\n%b"
        % (number, number, subject, more)
    )


def multipart(number: int, parts: int) -> bytes:
    body = b"".join(b"--b\r\nContent-Type: text/plain\r\n\r\n%d\r\n" % part for part in range(parts))
    return head(number, b"Content-Type: multipart/mixed; boundary=b\r\n") + b"\r\n" + body + b"--b--\r\n"


def nested(number: int, levels: int) -> bytes:
    opening = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(levels)
    )
    return head(number) + opening + b"Content-Type: text/plain\r\n\r\nhi\r\n"


def zip_bomb(number: int) -> bytes:
    """A workbook whose sheet unpacks to 1 GB."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet,
    ):
        for _ in range(1024):
            sheet.write(b"0" * 1024 * 1024)
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    part = b"--b\r\nContent-Type: %b; name=lista.xlsx\r\nContent-Transfer-Encoding: base64\r\n" % kind
    start = head(number, b"Content-Type: multipart/mixed; boundary=b\r\n") + b"\r\n" + part
    return (
        start
        + b"Content-Disposition: attachment; filename=lista.xlsx\r\n\r\n"
        + encodebytes(packed.getvalue())
        + b"--b--\r\n"
    )


def most_memory_kb(pid: int) -> int:
    """The most that a process ever held in memory."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def test_case_21_sizes_depths_and_patterns(world: World, is_long: bool) -> None:
    hostile = [
        head(1, b"X-Long: " + b"a" * 5_000_000 + b"\r\n") + PLAIN,
        multipart(2, 10_000),
        nested(3, 2_000),
        zip_bomb(4),
        head(5, subject=b"Re: " * 100_000 + b"((((((((((" * 1000) + PLAIN,
        head(6) + b"\r\n" + b"<" * 2_000_000 + b" " * 50_000 + b"!",
        head(7, b"To: " + b"(" * 200_000 + b"\r\nReferences: " + b"<a@b>" * 100_000 + b"\r\n") + PLAIN,
        head(8) + b"\r\n" + b"x" * (OVERSIZE + 1024),
    ]
    if is_long:
        hostile.append(head(9) + b"\r\n" + b"x\r\n" * (200 * 1024 * 1024 // 3))
    neighbours = [missing_pir(Writer(number)) for number in range(len(hostile))]
    world.start()
    for bad, good in zip(hostile, neighbours, strict=True):
        world.deliver([bad, good])
    assert world.sink.wait_for(len(neighbours), WITHIN_S), world.product.logs()
    world.wait_until_quiet(WITHIN_S)
    most = max(most_memory_kb(process.pid) for process in world.product.processes.values())
    world.kill()
    assert most < MEMORY_LIMIT_KB
    rows = world.product.query(
        "SELECT size, state, failure, outcomes FROM worker_mail WHERE message_id LIKE '<hostile%'"
    )
    assert len(rows) == len(hostile)
    assert [row for row in rows if row[1] != "filed"] == []
    assert all("review" in str(outcomes) for size, _, _, outcomes in rows if size > OVERSIZE)
    world.raws = neighbours
    assert {mail.in_reply_to for mail in world.sink.accepted} == {f"{row[0]}" for row in world.product.query(
        "SELECT message_id FROM worker_mail WHERE message_id NOT LIKE '<hostile%'")}  # fmt: skip
