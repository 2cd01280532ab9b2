"""Attached files that mean harm: what unpacks to too much, names that lead elsewhere, XML that reads or asks."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from itertools import pairwise

import pytest

from review.originals import find_attachments
from tests.intake import samples
from worker.intake.parse import parse_message

ZEROS = 160_000_000  # unpacked: more than a worker may ever hold of one mail
MOST_MB = 180
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def flat(size: int = ZEROS) -> bytes:
    """So many zeros, packed as zip and PDF do."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)) + packer.flush()


def pdf(content: bytes, filters: str = "/FlateDecode") -> bytes:
    """A page with this content stream."""
    head = (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Filter[%s]/Length %d>>"
    )
    return (
        head % (filters.encode(), len(content))
        + b"stream\n"
        + content
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n"
    )


def zip_of(name: str, method: int, *, lies: bool = False) -> bytes:
    """An archive with one entry of zeros; where it `lies`, its size is said to be 1,000 bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method, compresslevel=9) as archive, archive.open(name, "w") as entry:
        for _ in range(ZEROS >> 20):
            entry.write(bytes(1 << 20))
    data = bytearray(stream.getvalue())
    if lies:
        struct.pack_into("<I", data, data.rfind(b"PK\x01\x02") + 24, 1_000)
    return bytes(data)


def nested(depth: int) -> bytes:
    """A zip in a zip in a zip."""
    data = zip_of("x.txt", zipfile.ZIP_DEFLATED)
    for _ in range(depth):
        data = samples.zipped({f"{number}.zip": data for number in range(10)})
    return data


BOMBS: dict[str, Callable[[], tuple[str, bytes]]] = {
    "zip": lambda: ("a.zip", zip_of("a.txt", zipfile.ZIP_DEFLATED)),
    "zip that lies": lambda: ("a.zip", zip_of("a.txt", zipfile.ZIP_DEFLATED, lies=True)),
    "zip in zip in zip": lambda: ("a.zip", nested(2)),
    "xlsx": lambda: ("a.xlsx", zip_of("xl/workbook.xml", zipfile.ZIP_DEFLATED)),
    "xlsx by bzip2 that lies": lambda: ("a.xlsx", zip_of("xl/workbook.xml", zipfile.ZIP_BZIP2, lies=True)),
    "docx by lzma that lies": lambda: ("a.docx", zip_of("word/document.xml", zipfile.ZIP_LZMA, lies=True)),
    "docx that lies": lambda: ("a.docx", zip_of("word/document.xml", zipfile.ZIP_DEFLATED, lies=True)),
    "ods": lambda: ("a.ods", zip_of("content.xml", zipfile.ZIP_DEFLATED)),
    "gz": lambda: ("a.txt.gz", gzip.compress(bytes(ZEROS), 1)),
    "gz in gz": lambda: ("a.gz", gzip.compress(gzip.compress(bytes(ZEROS), 1))),
    "bz2": lambda: ("a.bz2", bz2.compress(bytes(ZEROS >> 3))),
    "pdf": lambda: ("a.pdf", pdf(flat())),
    "pdf, packed twice": lambda: ("a.pdf", pdf(zlib.compress(flat()), "/FlateDecode/FlateDecode")),
    "pdf, in letters": lambda: ("a.pdf", pdf(base64.a85encode(flat(), adobe=True)[2:], "/ASCII85Decode/FlateDecode")),
}
WATCHED = """
import sys, time
sys.path.insert(0, sys.argv[1])
from tests.intake import samples
from worker.intake.parse import parse_message
files = ("a.xlsx", samples.workbook()), ("a.pdf", samples.pdf()), ("a.docx", samples.document())
parse_message(samples.mail_with(*files))
raw = sys.stdin.buffer.read()
begun = time.process_time()
message = parse_message(raw)
spent = time.process_time() - begun
[highest] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(int(highest.split()[1]) // 1024, spent, [one.readable for one in message.attachments])
"""


@pytest.mark.parametrize("name", BOMBS)
def test_what_unpacks_to_too_much_is_left_to_a_person(name: str) -> None:
    filename, content = BOMBS[name]()
    assert len(content) < 4_000_000
    said = subprocess.run(
        [sys.executable, "-c", WATCHED, "."],
        input=samples.mail_with((filename, content)), capture_output=True, check=True, timeout=120,
    ).stdout.decode()  # fmt: skip
    megabytes, seconds, readable = said.split(maxsplit=2)
    assert int(megabytes) < MOST_MB
    assert float(seconds) < 5
    assert "True" not in readable


def laughs(root: str) -> str:
    """A document type whose entity i is 20 billion letters."""
    names = "abcdefghi"
    doubled = "".join(f'<!ENTITY {new} "{f"&{old};" * 30}">' for old, new in pairwise(names))
    return f'<!DOCTYPE {root} [<!ENTITY a "{"x" * 24}">{doubled}<!ENTITY y SYSTEM "file:///etc/passwd">]>'


def xml_files(entity: str) -> dict[str, tuple[str, bytes]]:
    """Files of every XML kind that want `entity` in their text."""
    head = '<?xml version="1.0"?>'
    word = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>Név: {entity}</w:t></w:r></w:p></w:body></w:document>'
    book = (
        '<?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
        f"<Worksheet><Table><Row><Cell><Data>Név: {entity}</Data></Cell></Row></Table></Worksheet></Workbook>"
    )
    text = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
        f"<text:p>Név: {entity}</text:p></office:text></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.text"
    return {
        "docx": ("a.docx", samples.zipped({"word/document.xml": (head + laughs("w:document") + word).encode()})),
        "xml": ("a.xml", (head + laughs("Workbook") + book).encode()),
        "odt": ("a.odt", samples.zipped({"mimetype": kind, "content.xml": (head + laughs("x") + text).encode()})),
    }


@pytest.mark.parametrize("kind", ["docx", "xml", "odt"])
@pytest.mark.parametrize("entity", ["&i;", "&y;"])
def test_no_entity_is_followed(kind: str, entity: str) -> None:
    message = parse_message(samples.mail_with(xml_files(entity)[kind]))
    shown = "\n".join(part.text for part in message.parts)
    assert "root:" not in shown
    assert len(shown) < 10_000


NAMES = [
    "../../etc/cron.d/x",
    "/etc/passwd",
    "..\\..\\windows\\win.ini",
    "C:\\x.exe",
    "szamla\u202efdp.exe",
    "a\u2066b\u2069\u200f.pdf",
    "a\x00.txt",
    "a\r\nSet-Cookie: x=1",
    "...",
    " ",
    "x" * 5_000 + ".pdf",
    "con?*|<>.txt",
]


@pytest.mark.parametrize("name", NAMES, ids=[ascii(name)[:20] for name in NAMES])
def test_a_files_name_leads_nowhere(name: str) -> None:
    given = base64.b64encode(name.encode()).decode()
    raw = (
        "From: a@b.hu\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
        f"Content-Disposition: attachment; filename==?utf-8?B?{given}?=\r\n\r\nabc\r\n"
    ).encode()
    [found] = find_attachments(raw)
    safe = found.safe_name
    assert safe
    assert len(safe) <= 150
    assert safe.isprintable()
    assert not set(safe) & set('/\\:*?"<>|\r\n\0')
    assert safe not in (".", "..")
