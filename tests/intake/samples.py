"""Files for tests, made here byte by byte or by the libraries that offices' own programs resemble."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

import docx
import xlsxwriter

ROWS = (("Név", "PIR", "E-mail"), ("Próba Pál", 740373, "proba.pal@gmail.com"), ("Kísérlet Kata", 740746, ""))


def mail_with(*files: tuple[str, bytes], text: str = "Csatolva küldöm.") -> bytes:
    """A mail to which `files` (name, content) are attached, their types guessed by nobody."""
    mail = EmailMessage()
    mail["From"] = "Minta Éva <minta.eva@mintafalu.hu>"
    mail["To"] = "aspoktatas@allamkincstar.gov.hu"
    mail.set_content(text)
    for name, content in files:
        mail.add_attachment(content, "application", "octet-stream", filename=name)
    return mail.as_bytes()


def workbook(rows: Sequence[Sequence[object]] = ROWS, *, sheet: str = "Munka1", title: str = "") -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_worksheet(sheet)
    if title:
        page.merge_range(0, 0, 0, 2, title)
    for number, row in enumerate(rows, start=2 if title else 0):
        page.write_row(number, 0, row)
    hidden = book.add_worksheet("Rejtett")
    hidden.write(0, 0, "titok")
    hidden.hide()
    book.close()
    return buffer.getvalue()


def document() -> bytes:
    """A Word document: heading, a table with a merged cell, a dotted line."""
    word = docx.Document()
    word.add_paragraph("Kérelem")
    table = word.add_table(rows=3, cols=2)
    table.cell(0, 0).text = "Teljes név"
    table.cell(0, 1).text = "Próba Pál"
    table.cell(1, 0).merge(table.cell(1, 1)).text = "Közös sor"
    table.cell(2, 0).text = "PIR"
    table.cell(2, 1).text = "740373"
    word.add_paragraph("PIR szám: …………")
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def word_xml(body: str) -> bytes:
    """A .docx that holds `body`, WordprocessingML with the prefixes w, w14 and mc."""
    namespaces = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    return zipped({"word/document.xml": f"<w:document {namespaces}><w:body>{body}</w:body></w:document>".encode()})


def open_document(kind: str, body: str) -> bytes:
    """An .odt or .ods (`kind` "text" or "spreadsheet") that holds `body`, with the prefixes text and table."""
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        f'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">{body}</office:document-content>'
    )
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    return zipped({"mimetype": mimetype, "content.xml": content.encode()})


def pdf(content: str = "", extra: str = "", annotations: str = "") -> bytes:
    """A PDF of one page with the operators `content` and the objects `extra`, numbered from 6."""
    stream = content.encode("cp1250")
    objects = [
        f"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{annotations}]/DA(/F 12 Tf 0 g)/DR<</Font<</F 5 0 R>>>>>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>"
        f"/Annots[{annotations}]>>",
        f"<</Length {len(stream)}>>\nstream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    body = b"%PDF-1.4\n"
    for number, text in enumerate(objects, start=1):
        body += f"{number} 0 obj\n{text}\nendobj\n".encode("cp1250")
    return body + extra.encode("cp1250") + b"trailer<</Root 1 0 R>>\n%%EOF"


def pdf_text(*lines: tuple[int, int, str]) -> str:
    """Operators that write the text of each (x, y, text)."""
    return "\n".join(f"BT /F 12 Tf {x} {y} Td ({text}) Tj ET" for x, y, text in lines)


def picture(width: int, height: int, size: int) -> bytes:
    """A file that says it is a PNG of these dimensions, `size` bytes long."""
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)
    return head + bytes(size - len(head))


def compound(files: Mapping[str, bytes]) -> bytes:
    """A compound file (MS-CFB) with the streams `files`; a name with a slash lies in a folder."""
    none = 0xFFFFFFFF
    sectors: list[bytes] = []
    chains: list[tuple[int, int]] = []

    def store(content: bytes) -> int:
        first = len(sectors)
        padded = content.ljust(4096, b"\0")  # so that no mini stream is needed
        sectors.extend(padded[at : at + 512].ljust(512, b"\0") for at in range(0, len(padded), 512))
        chains.append((first, len(sectors)))
        return first

    def entry(name: str, kind: int, links: tuple[int, int], start: int, size: int) -> bytes:
        text = (name + "\0").encode("utf-16-le")
        head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
        return head + struct.pack("<III", none, *links) + bytes(36) + struct.pack("<IQ", start, size)

    folders = sorted({name.split("/")[0] for name in files if "/" in name})
    plain = [name for name in files if "/" not in name]
    order = [*plain, *folders]
    inner = {folder: [name for name in files if name.startswith(folder + "/")] for folder in folders}
    numbers: dict[str, int] = {}
    for name in [*order, *(name for folder in folders for name in inner[folder])]:
        numbers[name] = len(numbers) + 1
    directory = entry("Root Entry", 5, (none, numbers[order[0]]), none, 0)
    for name in numbers:
        siblings = order if name in order else inner[name.split("/")[0]]
        place = siblings.index(name)
        right = numbers[siblings[place + 1]] if place + 1 < len(siblings) else none
        if name in folders:
            directory += entry(name, 1, (right, numbers[inner[name][0]]), 0, 0)
        else:
            size = max(len(files[name]), 4096)
            directory += entry(name.rpartition("/")[2], 2, (right, none), store(files[name]), size)
    start = store(directory)
    table = [0xFFFFFFFE] * len(sectors)
    for first, behind in chains:
        for number in range(first, behind - 1):
            table[number] = number + 1
    fat_sectors = (len(table) + 128) // 128 + 1
    places = range(len(sectors), len(sectors) + fat_sectors)
    table += [0xFFFFFFFD] * fat_sectors
    table += [none] * (fat_sectors * 128 - len(table))
    fat = struct.pack(f"<{len(table)}I", *table)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, fat_sectors, start, 0, 4096, none - 1, 0, none - 1, 0)
    head += struct.pack("<109I", *places, *[none] * (109 - fat_sectors))
    return head + b"".join(sectors) + fat


def old_word(text: str, *, flags: int = 0x0200) -> bytes:
    """A .doc of Word 97 whose text stands in two pieces, 8-bit and UTF-16."""
    half = len(text) // 2
    narrow, wide = text[:half].encode("cp1252", "replace"), text[half:].encode("utf-16-le")
    fib = bytearray(1024)
    fib[:2] = b"\xec\xa5"
    struct.pack_into("<H", fib, 0x0A, flags)
    struct.pack_into("<I", fib, 0x4C, len(text))
    pieces = struct.pack("<III", 0, half, len(text))
    pieces += struct.pack("<HIH", 0, 0x40000000 | 2048, 0) + struct.pack("<HIH", 0, 1024 + len(narrow), 0)
    clx = b"\x01\x02\x00ab\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", fib, 0x1A2, 0, len(clx))
    return compound({"WordDocument": bytes(fib) + narrow + wide, "1Table": clx})


def outlook_msg(*, text: str, subject: str, sender: str, files: Mapping[str, bytes] | None = None) -> bytes:
    """A .msg file."""
    streams = {
        "__substg1.0_0037001F": subject.encode("utf-16-le"),
        "__substg1.0_1000001F": text.encode("utf-16-le"),
        "__substg1.0_0C1A001F": "Próba Pál".encode("utf-16-le"),
        "__substg1.0_5D01001F": sender.encode("utf-16-le"),
        "__substg1.0_0E04001F": "jegyzo@mintafalu.hu".encode("utf-16-le"),
    }
    for number, (name, content) in enumerate((files or {}).items()):
        streams[f"__attach_version1.0_#{number:08X}/__substg1.0_3707001F"] = name.encode("utf-16-le")
        streams[f"__attach_version1.0_#{number:08X}/__substg1.0_37010102"] = content
    return compound(streams)


def _tnef_object(level: int, name: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, 6, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _mapi(*properties: tuple[int, int, bytes]) -> bytes:
    out = struct.pack("<I", len(properties))
    for tag, kind, value in properties:
        out += struct.pack("<HHII", kind, tag, 1, len(value)) + value + bytes(-len(value) % 4)
    return out


def tnef(*, text: str = "", html: bytes = b"", rtf: bytes = b"", files: Sequence[tuple[str, bytes]] = ()) -> bytes:
    """A winmail.dat."""
    out = b"\x78\x9f\x3e\x22\x01\0" + _tnef_object(1, 0x9007, struct.pack("<II", 1250, 0))
    properties = [(0x1000, 0x1F, (text + "\0").encode("utf-16-le"))] if text else []
    properties += [(0x1013, 0x102, html)] if html else []
    properties += [(0x1009, 0x102, rtf)] if rtf else []
    out += _tnef_object(1, 0x9003, _mapi(*properties)) if properties else b""
    for name, content in files:
        out += _tnef_object(2, 0x9002, bytes(14))
        out += _tnef_object(2, 0x8010, b"SHORT~1.TXT\0")
        out += _tnef_object(2, 0x800F, content)
        out += _tnef_object(2, 0x9005, _mapi((0x3707, 0x1F, (name + "\0").encode("utf-16-le"))))
    return out


def der(tag: int, *contents: bytes) -> bytes:
    """A DER element."""
    body = b"".join(contents)
    length = len(body)
    if length < 0x80:
        return bytes((tag, length)) + body
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + body


def ber(tag: int, *contents: bytes) -> bytes:
    """A BER element of indefinite length, as OpenSSL streams them."""
    return bytes((tag, 0x80)) + b"".join(contents) + b"\0\0"


def signed(content: bytes, kind: str = "2a864886f70d010702") -> bytes:
    """A CMS structure of `kind` (SignedData unless given) around `content`, unsigned."""
    inside = der(0x30, der(0x06, bytes.fromhex("2a864886f70d010701")), der(0xA0, der(0x04, content)))
    return der(0x30, der(0x06, bytes.fromhex(kind)), der(0xA0, der(0x30, der(0x02, b"\1"), der(0x31), inside)))


def signed_in_pieces(content: bytes) -> bytes:
    """The same with indefinite lengths and the content in two pieces."""
    half = len(content) // 2
    octets = ber(0x24, der(0x04, content[:half]), der(0x04, content[half:]))
    inside = ber(0x30, der(0x06, bytes.fromhex("2a864886f70d010701")), ber(0xA0, octets))
    return ber(
        0x30,
        der(0x06, bytes.fromhex("2a864886f70d010702")),
        ber(0xA0, ber(0x30, der(0x02, b"\1"), der(0x31), inside)),
    )
