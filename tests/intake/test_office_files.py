"""What office programs write beside the usual: hints, merged and nested cells, ticks, old formats."""

import datetime
import io
import struct
import zipfile

import pytest
import xlsxwriter

from rules.model import Address, PartKind
from tests.intake import samples
from tests.intake.test_attachments import CSV, TABLE, parts
from worker.intake.parse import parse_message
from worker.intake.pictures import worth_a_look
from worker.intake.tnef import read_tnef


def reason_of(name: str, content: bytes) -> tuple[bool | None, str]:
    found = parse_message(samples.mail_with((name, content))).attachments[-1]
    return found.readable, found.reason


def text_of(name: str, content: bytes) -> str:
    return parts(samples.mail_with((name, content)))[name][0]


def test_excels_hint_of_the_delimiter_is_no_row() -> None:
    assert parts(samples.mail_with(("lista.csv", b"sep=;\n" + CSV.encode())))["lista.csv"][1] == [TABLE]


def test_dates_and_times_of_a_workbook() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy.mm.dd hh:mm"}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Név", "Belépés", "Óra"])
        page.write_row(1, 0, ["Próba Pál", datetime.datetime(2026, 3, 4), datetime.datetime(2026, 3, 4, 8, 30)])  # noqa: DTZ001
    [table] = parts(samples.mail_with(("a.xlsx", buffer.getvalue())))["a.xlsx"][1]
    assert table[1] == ("Próba Pál", "2026-03-04", "2026-03-04 08:30")


def marked(content: bytes, *, flags: int = 0, method: int | None = None) -> bytes:
    """A zip with its only entry said to be encrypted (flag 1) or packed by another method, at both places."""
    changed = bytearray(content)
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(signature) + place
        changed[at] |= flags
        if method is not None:
            changed[at + 2] = method
    return bytes(changed)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xlsb", samples.zipped({"xl/workbook.bin": b"x", "[Content_Types].xml": b"x"}), "unsupported format"),
        ("a.zip", marked(samples.zipped({"a.txt": b"PIR: 740373"}), flags=1), "encrypted"),
        ("a.zip", marked(samples.zipped({"a.txt": b"PIR: 740373"}), method=9), "archive"),
        ("a.xml", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><a/>', "unsupported format"),
        (
            "a.odt",
            samples.zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"\0"}),
            "broken document",
        ),
        ("a.doc", samples.compound({"WordDocument": b"\xec\xa5" + bytes(50)}), "unsupported format"),
    ],
)
def test_what_cannot_be_read_is_left_to_a_person(name: str, content: bytes, reason: str) -> None:
    assert reason_of(name, content) == (False, reason)


def test_cells_within_cells_tabs_and_hyphens_of_word() -> None:
    inner = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>740373</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    body = (
        "<w:p><w:r><w:t>Név:</w:t><w:tab/><w:t>Nagy</w:t><w:noBreakHyphen/><w:t>Kiss Éva</w:t></w:r></w:p>"
        f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>PIR</w:t></w:r></w:p></w:tc><w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>"
        "<w:p><w:r><w:fldChar><w:ffData><w:ddList/></w:ffData></w:fldChar></w:r><w:r><w:t>vége</w:t></w:r></w:p>"
    )
    text, tables = parts(samples.mail_with(("a.docx", samples.word_xml(body))))["a.docx"]
    assert text.split() == ["Név:", "Nagy-Kiss", "Éva", "PIR", "740373", "vége"]
    assert tables in ([], [(("PIR", "740373"),)])


def test_a_merged_cell_of_opendocument_stands_over_its_columns() -> None:
    def cell(text: str, tag: str = "table-cell") -> str:
        return f"<table:{tag}><text:p>{text}</text:p></table:{tag}>" if text else f"<table:{tag}/>"

    rows = (
        cell("Név") + cell("PIR") + cell("E-mail"),
        cell("Mintafalu") + cell("", "covered-table-cell") + cell("", "covered-table-cell"),
        cell("Próba Pál") + cell("740373") + cell("p@m.hu"),
    )
    body = "<table:table>{}</table:table>".format("".join(f"<table:table-row>{row}</table:table-row>" for row in rows))
    [table] = parts(samples.mail_with(("a.ods", samples.open_document("spreadsheet", body))))["a.ods"][1]
    assert table == (("Név", "PIR", "E-mail"), ("Mintafalu",) * 3, ("Próba Pál", "740373", "p@m.hu"))


def test_ticks_of_a_pdf_form_and_fields_left_empty() -> None:
    def field(number: int, kind: str, top: int) -> str:
        place = f"/Rect[50 {top} 70 {top + 15}]/DA(/F 12 Tf 0 g)"
        return f"{number} 0 obj\n<</Type/Annot/Subtype/Widget/T(f{number}){kind}{place}>>\nendobj\n"

    tick = "/FT/Btn/V/{0}/AS/{0}/AP<</N<</Yes 10 0 R/Off 10 0 R>>>>"
    extra = (
        field(6, tick.format("Yes"), 700)
        + field(7, tick.format("Off"), 680)
        + field(8, "/FT/Tx/V()", 660)
        + field(9, "/FT/Btn/Ff 65536", 640)
        + "10 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 0>>\nstream\n\nendstream\nendobj\n"
    )
    lines = ((80, 702, "Adó szakrendszer"), (80, 682, "KATI"), (80, 662, "Megjegyzés"), (80, 642, "Küldés"))
    text = text_of("a.pdf", samples.pdf(samples.pdf_text(*lines), extra, "6 0 R 7 0 R 8 0 R 9 0 R"))
    said = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    assert said == ["☒ Adó szakrendszer", "☐ KATI", "Megjegyzés", "Küldés"]


def test_bold_words_drawn_twice_in_a_pdf_are_read_once() -> None:
    places = ((50, 700, "Kerelem az oktatasi portalra"), (50, 650, "Nev: Proba Pal"), (51, 650, "Nev: Proba Pal"))
    assert text_of("a.pdf", samples.pdf(samples.pdf_text(*places))).count("Proba Pal") == 1


def test_groups_and_letters_of_other_programs_in_rtf() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg1250{\*\generator Riched20;}\uc2 N\u233\'65\'65v: Pr\u243\'6f\'6fba\par PIR: 740373}"
    assert text_of("a.rtf", rtf).split("\n") == ["Név: Próba", "PIR: 740373"]


def msg(**streams: bytes) -> bytes:
    """A .msg with these property streams, written as t0037001F."""
    return samples.compound({f"__substg1.0_{name[1:]}": content for name, content in streams.items()})


def test_a_msg_with_the_header_it_came_with() -> None:
    head = (
        "Received: from x\r\nFrom: Eredeti Elek <elek@m.hu>\r\nTo: a@b.hu\r\nContent-Type: text/html\r\n\tcharset=x\r\n"
    )
    message = parse_message(
        samples.mail_with(
            ("a.msg", msg(t1000001F="PIR: 740373".encode("utf-16-le"), t007D001F=head.encode("utf-16-le")))
        )
    )
    [part] = message.parts_of(PartKind.FORWARDED)
    assert (part.text, part.sender) == ("PIR: 740373", Address("Eredeti Elek", "elek@m.hu"))


@pytest.mark.parametrize("kind", ["html", "rtf"])
def test_a_msg_with_html_or_rtf_only(kind: str) -> None:
    rtf = rb"{\rtf1\ansi PIR: 740373}"
    packed = struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf
    found = {"html": {"t10130102": b"<p>PIR: 740373</p>"}, "rtf": {"t10090102": packed}}[kind]
    raw = samples.mail_with(("a.msg", msg(t1000001F=b"", t0C1F001F="elek@m.hu".encode("utf-16-le"), **found)))
    said = [part.text for part in parse_message(raw).parts if part.kind in (PartKind.FORWARDED, PartKind.ATTACHMENT)]
    assert "PIR: 740373" in said


def test_winmail_of_an_old_outlook() -> None:
    """The text as an attribute of its own; a file named and held by properties alone."""
    title = (0x3704, 0x1E, "levél.txt".encode("cp1250") + b"\0")
    container = (
        samples.tnef()
        + samples._tnef_object(1, 0x800C, "Kérem, PIR: 740373".encode("cp1250") + b"\0")
        + samples._tnef_object(2, 0x9002, bytes(14))
        + samples._tnef_object(2, 0x9005, samples._mapi(title, (0x3701, 0x102, b"Nev: Proba Pal")))
    )
    found = read_tnef(container)
    assert found.text == "Kérem, PIR: 740373"
    assert found.files == [("levél.txt", b"Nev: Proba Pal")]


def jpeg(width: int, height: int) -> bytes:
    return (
        b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(10) + b"\xff\xc0\0\x11\x08" + struct.pack(">HH", height, width) + bytes(9)
    )


def bitmap(width: int, height: int) -> bytes:
    return b"BM" + bytes(16) + struct.pack("<ii", width, -height) + bytes(9)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (jpeg(1200, 900), True),
        (jpeg(300, 200), False),
        (jpeg(1400, 200), False),  # a letterhead
        (b"\xff\xd8\xff\xe0\0\x10", True),  # cut: a person looks
        (b"GIF89a" + struct.pack("<HH", 900, 700), True),
        (b"GIF89a" + struct.pack("<HH", 88, 31), False),
        (bitmap(900, 700), True),
        (bitmap(90, 70), False),
        (b"II*\0", True),
    ],
)
def test_a_picture_inside_a_mail_is_told_by_its_size(head: bytes, expected: bool) -> None:
    assert worth_a_look(head, 40_000, "image001", inline=True) is expected


def test_a_zip_made_by_another_program_is_read() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mappa/", b"")
        archive.writestr("mappa/lista.csv", CSV.encode())
    [(_, tables)] = parts(samples.mail_with(("a.zip", buffer.getvalue()))).values()
    assert tables == [TABLE]
