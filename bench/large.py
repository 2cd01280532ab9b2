"""What one mail of 25 MB makes of each process: `python -m bench.large [--workers 2 0] [--kind NAME …]`

The product runs as its operators run it, over PostgreSQL and Redis with two workers, then as one process over SQLite.
Before each mail the kernel forgets the peaks so far (/proc/PID/clear_refs); told is the largest size since, in MB, the
pages that a process shares with its parent included. The noise in the mails cannot be compressed, as in real ones.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import zipfile
from base64 import encodebytes
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.line.people import Clerk
from bench.line.products import Running, Setup, running_product
from bench.line.sites import deliver, run_site
from bench.machine import peak_mb, tree_of
from tests.servers.mails import complete

LARGE_BYTES = 25_000_000
FIRST = 50_000  # clerks that no other mail of the bench is from
FORGET_PEAK = "5"
BOUNDARY = b"=_bench"
Make = Callable[[int], bytes]


def measure_large(workers: int, kinds: Mapping[str, tuple[Make, int]]) -> dict[str, dict[str, float]]:
    """By kind of mail the peak in MB of each process ("at rest" before any); `kinds` say how to make how many."""
    with run_site() as site, running_product(site, site.new_user(), Setup(workers)) as running:
        found = {"at rest": peaks(running)}
        for name, (make, number) in kinds.items():
            mails = [make(FIRST + running.site.filed(user) + one) for user in running.users for one in range(number)]
            moves = running.stage(mails)
            del mails
            _forget_peaks(running)
            running.mark()
            deliver(moves)
            running.wait_until_filed(number)
            found[name] = peaks(running)
            print(f"{workers} workers, {name}: {found[name]}", flush=True)
    return found


def peaks(running: Running) -> dict[str, float]:
    """The largest size that any process of a part ever had, in MB; of the worker that of the processes at work too."""
    largest: dict[str, float] = {}
    for name, process in running.product.processes.items():
        for pid in tree_of(process.pid):
            part = name if pid == process.pid else f"{name}'s child"
            largest[part] = max(largest.get(part, 0.0), peak_mb(pid))
    return largest


def _forget_peaks(running: Running) -> None:
    for process in running.product.processes.values():
        for pid in tree_of(process.pid):
            Path(f"/proc/{pid}/clear_refs").write_text(FORGET_PEAK)


def with_file(seed: int, name: str, content_type: str, data: bytes) -> bytes:
    """A request that can be registered as it stands, and beside it a file, LARGE_BYTES in all."""
    head, _, body = complete(Clerk(seed, seed)).partition(b"\r\n\r\n")
    fields = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-", b"mime-"))]
    own = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-")]
    return b"\r\n".join((
        *fields, b"MIME-Version: 1.0", b'Content-Type: multipart/mixed; boundary="' + BOUNDARY + b'"', b"",
        b"--" + BOUNDARY, *own, b"", body, b"--" + BOUNDARY, b"Content-Type: " + content_type.encode(),
        b"Content-Disposition: attachment; filename=" + name.encode(), b"Content-Transfer-Encoding: base64", b"",
        encodebytes(data).replace(b"\n", b"\r\n"), b"--" + BOUNDARY + b"--", b"",
    ))  # fmt: skip


def _noise(seed: int, begin: bytes = b"") -> bytes:
    return begin + random.Random(seed).randbytes(LARGE_BYTES * 57 // 78 - len(begin))


def _unknown(seed: int) -> bytes:
    return with_file(seed, "nagy.bin", "application/octet-stream", _noise(seed))


def _repeated(seed: int) -> bytes:
    return with_file(seed, "nagy.bin", "application/octet-stream", b"ABC" * (LARGE_BYTES * 19 // 78))


def _picture(seed: int) -> bytes:
    return with_file(seed, "kep.jpg", "image/jpeg", _noise(seed, b"\xff\xd8\xff\xe0"))


def _pdf(seed: int) -> bytes:
    return with_file(seed, "kerelem.pdf", "application/pdf", _noise(seed, b"%PDF-1.7\n"))


def _archive(seed: int) -> bytes:
    return with_file(seed, "iratok.zip", "application/zip", _zip(seed, {"nagy.bin": b"", "level.txt": b"Tisztelt!"}))


def _spreadsheet(seed: int) -> bytes:
    sheet = b"<worksheet><sheetData/></worksheet>"
    book = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": sheet}
    return with_file(seed, "lista.xlsx", "application/octet-stream", _zip(seed, book | {"xl/media/kep.png": b""}))


def _zip(seed: int, entries: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data or _noise(seed)[:-2000])
    return file.getvalue()


def _plain_text(seed: int) -> bytes:
    chance = random.Random(seed)
    words = [
        "".join(chance.choices("aábcdeéfghiíjklmnoóöpqrstuúüvwxyz", k=chance.randint(2, 12))) for _ in range(5_000)
    ]
    lines = (" ".join(chance.choices(words, k=10)) for _ in range(LARGE_BYTES // 80))
    whole = complete(Clerk(seed, 3 * seed + 1)) + b"\r\n".join(line.encode() for line in lines)  # quoted-printable
    return whole[:LARGE_BYTES]


def _html(seed: int) -> bytes:
    paragraphs = _plain_text(seed).partition(b"\r\n\r\n")[2].replace(b"\r\n", b"<br>\r\n")
    return (complete(Clerk(seed, 3 * seed + 2)) + paragraphs)[:LARGE_BYTES]  # text/html; 8bit


KINDS: Mapping[str, tuple[Make, int]] = {
    "file of an unknown kind": (_unknown, 1),
    "file that compresses to nothing": (_repeated, 1),
    "picture": (_picture, 1),
    "PDF": (_pdf, 1),
    "zip": (_archive, 1),
    "spreadsheet": (_spreadsheet, 1),
    "plain text": (_plain_text, 1),
    "HTML": (_html, 1),
    "four at once": (_unknown, 4),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, nargs="+", default=[2, 0], help="0: one process, SQLite, memory://")
    parser.add_argument("--kind", nargs="+", choices=KINDS, default=list(KINDS))
    options = parser.parse_args()
    kinds = {name: KINDS[name] for name in options.kind}
    print(json.dumps({number: measure_large(number, kinds) for number in options.workers}, indent=1))


if __name__ == "__main__":
    main()
