"""Attached files: their text and tables, or the reason why a person must look."""

import pytest

from rules.model import Attachment, PartKind
from tests.intake import samples
from worker.intake.parse import parse_message

TABLE = (("Név", "PIR", "E-mail"), ("Próba Pál", "740373", "proba.pal@gmail.com"), ("Kísérlet Kata", "740746", ""))
CSV = "Név;PIR;E-mail\nPróba Pál;740373;proba.pal@gmail.com\nKísérlet Kata;740746;\n"
HTML = "<table><tr>{}</tr></table>".format("</tr><tr>".join("".join(f"<td>{c}</td>" for c in row) for row in TABLE))
XML_BOOK = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table>'
    "<Row><Cell><Data>Név</Data></Cell><Cell><Data>PIR</Data></Cell><Cell><Data>E-mail</Data></Cell></Row>"
    "<Row><Cell><Data>Próba Pál</Data></Cell><Cell><Data>740373</Data></Cell>"
    "<Cell><Data>proba.pal@gmail.com</Data></Cell></Row>"
    '<Row><Cell><Data>Kísérlet Kata</Data></Cell><Cell ss:Index="2"><Data>740746</Data></Cell></Row>'
    "</Table></Worksheet></Workbook>"
)
ODS = (
    "<table:table><table:table-row>"
    "<table:table-cell><text:p>Név</text:p></table:table-cell><table:table-cell><text:p>PIR</text:p></table:table-cell>"
    "<table:table-cell><text:p>E-mail</text:p></table:table-cell>"
    '<table:table-cell table:number-columns-repeated="1000000"/></table:table-row>'
    "<table:table-row><table:table-cell><text:p>Próba Pál</text:p></table:table-cell>"
    "<table:table-cell><text:p>740373</text:p></table:table-cell>"
    "<table:table-cell><text:p>proba.pal@gmail.com</text:p></table:table-cell></table:table-row>"
    "<table:table-row><table:table-cell><text:p>Kísérlet<text:s/>Kata</text:p></table:table-cell>"
    "<table:table-cell><text:p>740746</text:p></table:table-cell></table:table-row>"
    '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row></table:table>'
)
RTF = (
    rb"{\rtf1\ansi\ansicpg1250{\fonttbl{\f0 Arial;}}\trowd N\'e9v\cell PIR\cell E-mail\cell\row"
    rb" Pr\'f3ba P\u225\'e1l\cell 740373\cell proba.pal@gmail.com\cell\row"
    rb" K\'eds\'e9rlet Kata\cell 740746\cell\cell\row\pard}"
)


def parts(raw: bytes) -> dict[str, tuple[str, list[tuple[tuple[str, ...], ...]]]]:
    """File name → (text, tables)."""
    return {
        part.source: (
            part.text,
            [tuple(tuple(cell.text for cell in row) for row in table.rows) for table in part.tables],
        )
        for part in parse_message(raw).parts_of(PartKind.ATTACHMENT)
    }


def only(raw: bytes) -> Attachment:
    (attachment,) = parse_message(raw).attachments
    return attachment


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lista.xlsx", samples.workbook()),
        ("lista.csv", CSV.encode()),
        ("lista.csv", CSV.encode("utf-16")),
        ("lista.csv", CSV.encode("cp1250")),
        ("lista.csv", CSV.replace(";", ",").encode("utf-8-sig")),
        ("lista.txt", CSV.replace(";", "\t").encode()),
        ("lista.xls", HTML.encode()),
        ("lista.xls", XML_BOOK.encode()),
        ("lista.ods", samples.open_document("spreadsheet", ODS)),
        ("lista.rtf", RTF),
        ("lista.doc", RTF),
        ("lista", samples.workbook()),
        ("lista.zip", samples.workbook()),
    ],
)
def test_a_table_in_any_format(name: str, content: bytes) -> None:
    raw = samples.mail_with((name, content))
    assert parts(raw)[name][1] == [TABLE]
    assert only(raw) == Attachment(name, "application/octet-stream", len(content), True)


def test_titles_and_merged_cells_of_a_workbook() -> None:
    raw = samples.mail_with(("lista.xlsx", samples.workbook(sheet="Mintafalu", title="Új dolgozók")))
    text, tables = parts(raw)["lista.xlsx"]
    assert text.startswith("Mintafalu\n\nÚj dolgozók\n\nNév\tPIR\tE-mail\n")
    assert tables == [TABLE]
    assert "titok" not in text


def test_numbers_and_dates_as_people_see_them() -> None:
    rows = [("a", "b"), (740373.0, 1.5), (True, "  x \n y ")]
    assert parts(samples.mail_with(("a.xlsx", samples.workbook(rows))))["a.xlsx"][1] == [
        (("a", "b"), ("740373", "1.5"), ("igen", "x; y"))
    ]


def test_a_word_document() -> None:
    text, tables = parts(samples.mail_with(("k.docx", samples.document())))["k.docx"]
    assert text == "Kérelem\nTeljes név\tPróba Pál\nKözös sor\tKözös sor\nPIR\t740373\n\nPIR szám: …………"
    assert tables == [(("Teljes név", "Próba Pál"), ("Közös sor", "Közös sor"), ("PIR", "740373"))]


def test_what_a_filled_in_form_holds() -> None:
    body = (
        "<w:p><w:r><w:t>Név: </w:t></w:r><w:sdt><w:sdtContent><w:r><w:t>Próba Pál</w:t></w:r></w:sdtContent></w:sdt>"
        "</w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>PIR: 740373</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:del><w:r><w:delText>törölt</w:delText></w:r></w:del><w:ins><w:r><w:t>beírt</w:t></w:r></w:ins></w:p>"
        "<w:p><w:r><w:fldChar><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>"
        "<w:r><w:t>ADÓ</w:t></w:r></w:p>"
        '<w:p><w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox></w:ffData></w:fldChar></w:r>'
        "<w:r><w:t>KATI</w:t></w:r></w:p>"
        '<w:p><w:r><w:fldChar><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="Pest"/>'
        '<w:listEntry w:val="Zala"/></w:ddList></w:ffData></w:fldChar></w:r></w:p>'
        "<w:p><w:r><w:t>kívül</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r>"
        "<w:t>belül</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>kétszer</w:t>"
        "</w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    text, _ = parts(samples.mail_with(("a.docx", samples.word_xml(body))))["a.docx"]
    assert text.split("\n") == ["Név: Próba Pál", "PIR: 740373", "beírt", "☒ ADÓ", "☐ KATI", "Zala", "kívül", "belül"]


def test_an_old_word_document() -> None:
    text = (
        "Kérelem\rNév\x07PIR\x07\x07Próba Pál\x07740373\x07\x07Kísérlet Kata\x07\x07\x07"
        "Levél: \x13HYPERLINK mailto:a@b.hu\x14proba.pal@gmail.com\x15\rHelyettesítő: Győző űrlapja\r"
    )
    found, tables = parts(samples.mail_with(("k.doc", samples.old_word(text))))["k.doc"]
    assert tables == [(("Név", "PIR"), ("Próba Pál", "740373"), ("Kísérlet Kata", ""))]
    assert found.startswith("Kérelem\nNév\tPIR\n")
    assert found.endswith("Levél: proba.pal@gmail.com\nHelyettesítő: Győző űrlapja")


def test_an_opendocument_text() -> None:
    body = (
        "<text:h>Kérelem</text:h>"
        "<text:p>Név:<text:tab/>Próba<text:line-break/>PIR: <text:span>740373</text:span></text:p>"
    )
    text, _ = parts(samples.mail_with(("a.odt", samples.open_document("text", body))))["a.odt"]
    assert text == "Kérelem\nNév: Próba\nPIR: 740373"


def test_a_pdf_in_reading_order_with_its_form_fields() -> None:
    lines = ((50, 700, "Kérelem az oktatási portálra"), (300, 650, "jobb"), (50, 650, "Név:"), (50, 600, "PIR:"))
    fields = (
        "6 0 obj\n<</Type/Annot/Subtype/Widget/FT/Tx/T(nev)/V(Proba Pal)/Rect[120 645 220 665]"
        "/DA(/F 12 Tf 0 g)>>\nendobj\n"
        "7 0 obj\n<</Type/Annot/Subtype/FreeText/Contents(740373)/Rect[120 597 220 612]>>\nendobj\n"
    )
    content = samples.pdf(samples.pdf_text(*lines), fields, "6 0 R 7 0 R")
    text, _ = parts(samples.mail_with(("a.pdf", content)))["a.pdf"]
    assert text == "Kérelem az oktatási portálra\n\nNév:\tProba Pal\tjobb\n\nPIR:\t740373"


def test_the_columns_of_a_pdf_are_a_table() -> None:
    places = [
        (50, 750, "Kerelem az oktatasi portalra"),
        *((50, 700, "Nev"), (200, 700, "PIR"), (350, 700, "E-mail")),
        *((50, 680, "Proba Pal"), (350, 680, "proba.pal@")),
        (350, 668, "gmail.com"),
        *((50, 640, "Kiserlet Kata"), (200, 640, "740746"), (350, 640, "k@b.hu")),
        (50, 600, "Kelt: Mintafalu"),
    ]
    text, tables = parts(samples.mail_with(("a.pdf", samples.pdf(samples.pdf_text(*places)))))["a.pdf"]
    assert tables == [
        (("Nev", "PIR", "E-mail"), ("Proba Pal", "", "proba.pal@gmail.com"), ("Kiserlet Kata", "740746", "k@b.hu"))
    ]
    assert text.endswith("\nKelt: Mintafalu")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", samples.pdf(), "scan"),
        ("a.pdf", b"%PDF-1.4\nbroken", "broken PDF"),
        ("a.xlsx", b"PK\x03\x04broken", "broken archive"),
        ("a.xlsx", samples.zipped({"xl/workbook.xml": b"<broken"}), "broken workbook"),
        ("a.xlsx", samples.compound({"EncryptedPackage": b"x"}), "encrypted"),
        ("a.docx", samples.zipped({"word/document.xml": b""}), "empty"),
        ("a.docx", samples.zipped({"word/document.xml": b" " * 70_000_000}), "too large"),
        ("a.rar", b"Rar!\x1a\x07", "archive"),
        ("a.zip", samples.zipped({f"{number}.txt": b"x" for number in range(20)}), "archive"),
        ("a.zip", samples.zipped({"b.zip": samples.zipped({"c.txt": b"Nev: Proba Pal"})}), "archive"),
        ("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unsupported format"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(6000), "broken"),
        ("a.doc", samples.old_word("titok", flags=0x0300), "encrypted"),
        ("a.ppt", samples.compound({"PowerPoint Document": b"x"}), "unsupported format"),
        ("a.bin", b"\x01\x02\x03", "unknown format"),
        ("a.es3", b"<?xml version='1.0'?><es:Dossier/>", "signed container"),
        ("a.jpg", b"\xff\xd8\xff" + bytes(60_000), "picture"),
        ("a.heic", b"\0\0\0\x18ftypheic" + bytes(60_000), "picture"),
        ("a.txt", b" \n " * 100, "empty"),
    ],
)
def test_what_a_person_must_look_at(name: str, content: bytes, reason: str) -> None:
    found = parse_message(samples.mail_with((name, content))).attachments[-1]
    assert (found.readable, found.reason) == (False, reason)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.png", samples.picture(2000, 2000, 9_000)),
        ("eva.vcf", b"BEGIN:VCARD"),
        ("invite.ics", b"BEGIN:VCALENDAR"),
        ("smime.p7s", b"\x30\x80"),
        ("ATT00001.txt", b"\n"),
    ],
)
def test_what_nobody_would_read(name: str, content: bytes) -> None:
    found = only(samples.mail_with((name, content)))
    assert found.readable is None


@pytest.mark.parametrize(
    ("size", "width", "height", "readable"),
    [(40_000, 300, 200, None), (40_000, 900, 120, None), (40_000, 900, 700, False), (9_000, 900, 700, None)],
)
def test_inline_pictures_are_logos_or_screenshots(size: int, width: int, height: int, readable: bool | None) -> None:
    raw = samples.mail_with(("image001.png", samples.picture(width, height, size)))
    assert only(raw.replace(b"Content-Disposition: attachment", b"Content-Disposition: inline")).readable is readable


def test_files_in_archives_and_signed_containers() -> None:
    inner = {
        "mimetype": b"application/vnd.etsi.asic-e+zip",
        "META-INF/signatures.xml": b"<x/>",
        "lista.csv": CSV.encode(),
    }
    for name in ("lista.zip", "lista.asice"):
        raw = samples.mail_with((name, samples.zipped(inner)))
        assert parts(raw)[f"{name}/lista.csv"][1] == [TABLE]
        assert [found.readable for found in parse_message(raw).attachments] == [None, True]


def test_no_more_files_are_read_than_a_person_would() -> None:
    raw = samples.mail_with(*((f"{number}.txt", b"PIR: 740009") for number in range(30)))
    reasons = [found.reason for found in parse_message(raw).attachments]
    assert reasons == [""] * 20 + ["too many"] * 10


def test_a_far_away_cell_does_not_fill_the_memory() -> None:
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + rows
        + b"</sheetData></worksheet>"
    )
    book = samples.zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": sheet})
    assert only(samples.mail_with(("a.xlsx", book))).reason == "too large"
