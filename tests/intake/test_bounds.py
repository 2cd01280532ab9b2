"""Hostile mails: read within bounds, in time, and never with an exception."""

import base64
import time

import pytest

from tests.intake import samples
from worker.intake import bounds
from worker.intake.parse import parse_message

HEAD = b"From: a@b.hu\r\nTo: c@d.hu\r\n"
SECONDS = 5.0  # about twenty times what the slowest of them needs on an idle core


def plain(text: str) -> bytes:
    return HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode()


def html(text: str) -> bytes:
    return HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + text.encode()


def alternative(text: str) -> bytes:
    head = HEAD + b"Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n\r\nhi\r\n--x\r\n"
    return head + b"Content-Type: text/html\r\n\r\n" + text.encode() + b"\r\n--x--"


FORM = "--- ADATLAP (kérjük, a sorokat kitöltve küldje vissza) ---\n"
HOSTILE = {
    "nothing": b"",
    "nul": b"\0" * 100_000,
    "long header": b"Subject: " + b"a" * 5_000_000 + b"\r\n\r\nhi",
    "long folded header": b"A: b\r\n" + b" c\r\n" * 300_000 + b"\r\nhi",
    "many headers": b"A: b\r\n" * 300_000 + b"\r\nhi",
    "many encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 300_000 + b"\r\n\r\nhi",
    "many recipients": b"To: " + b"a@b.hu, " * 300_000 + b"\r\n\r\nhi",
    "open brackets": b"To: " + b"(" * 1_000_000 + b"\r\n\r\nhi",
    "open quotes": b"To: " + b'"' * 1_000_001 + b"\r\n\r\nhi",
    "nested groups": b"To: " + b"a:" * 500_000 + b"\r\n\r\nhi",
    "many parameters": b"Content-Type: text/plain" + b"; a=b" * 300_000 + b"\r\n\r\nhi",
    "nul in the charset": HEAD + b'Content-Type: text/plain; charset="utf\0-8"\r\n\r\nhi',
    "many parts": HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\nhi\r\n" * 10_000,
    "deep": HEAD
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2_000)),
    "deep mails": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 2_000,
    "long text": plain("szó " * 1_000_000),
    "many lines": plain("szó\n" * 1_000_000),
    "quote signs": plain(">" * 1_000_000),
    "restless quotes": plain("> > a\n>> b\nc\n" * 100_000),
    "header blocks": plain("From: a@b.hu\nTo: x\nSubject: y\nDate: z\n\n" * 20_000),
    "attributions": plain("írta írta írta\n" * 50_000),
    "one attribution": plain("írta " * 200_000),
    "dashes": plain("-" * 1_000_000),
    "markers": plain("-----Eredeti üzenet-----\n" * 8_000),
    "forms": plain(FORM * 8_000),
    "open forms": plain((FORM + "x: y\n") * 4_000),
    "lists": plain("--- SZAKRENDSZEREK JEGYZÉKE ---\n" * 8_000),
    "closings": plain("Üdvözlettel\n" * 8_000),
    "thanks": plain(("köszönöm " * 200 + "\n") * 500),
    "pointing": plain(("alábbi " * 200 + "\n") * 500 + "\nFrom: a@b.hu\nTo: x\nSubject: y\nDate: z\n\nz"),
    "tabs": plain(("a\tb\t" * 300 + "\n") * 800),
    "columns": plain(("név   pir   " * 200 + "\n") * 800),
    "flowed": HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"hello \n" * 300_000,
    "mojibake": plain("Ã¡Å‘" * 200_000),
    "latin lines": HEAD + b"\r\n" + b"\xe1\xf5\n" * 500_000,
    "deep html": html("<div>" * 50_000 + "x"),
    "nested tables": html("<table><tr><td>a<td>b" * 300),
    "wide table": html("<table><tr>" + "<td>x</td>" * 20_000),
    "spans": html("<table>" + "<tr><td rowspan=99999 colspan=99999>x</td></tr>" * 3_000),
    "list items": html("<ol>" + "<li>x</li>" * 20_000),
    "breaks": html("<br>" * 300_000),
    "open styles": alternative("<style>" * 200_000),
    "open comments": alternative("<!-- " * 200_000),
    "open tags": alternative("<a " * 200_000),
    "zip bomb": samples.mail_with(("a.docx", samples.zipped({"word/document.xml": b" " * 200_000_000}))),
    "rtf": samples.mail_with(("a.rtf", b"{\\rtf1" + b"{" * 1_000_000)),
    "tnef": samples.mail_with(("winmail.dat", b"\x78\x9f\x3e\x22\0\0" + b"\x01" + bytes(3_000_000))),
    "signature": HEAD
    + b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.encodebytes(b"\x30\x80" * 500_000),
    "csv quotes": samples.mail_with(("a.csv", b'a;"b\n' * 100_000)),
    "entities": samples.mail_with(
        (
            "a.xls",
            b"<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '" + b"&a;" * 1_000 + b"'>]><Workbook>&b;</Workbook>",
        )
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mails_are_read_in_time(name: str) -> None:
    started = time.process_time()
    message = parse_message(HOSTILE[name])
    assert time.process_time() - started < SECONDS
    assert sum(len(part.text) for part in message.parts) < 4 * bounds.TEXT_CHARS
    assert len(message.content_types) <= bounds.MIME_PARTS


@pytest.mark.parametrize(
    ("name", "defect"),
    [("many parts", "too_many_parts"), ("deep", "too_deep"), ("deep mails", "too_deep"), ("long text", "truncated")],
)
def test_what_was_cut_is_told(name: str, defect: str) -> None:
    assert defect in parse_message(HOSTILE[name]).defects


def test_a_long_header_keeps_its_beginning() -> None:
    assert parse_message(HOSTILE["long header"]).subject.startswith("aaaa")


@pytest.mark.parametrize("sign", ["_", " ", "\t", "0", "xé", "(", " \t"])
def test_no_line_has_a_run_or_word_that_nobody_writes(sign: str) -> None:
    """So a pattern that tries again at every sign of it has little to try."""
    part = parse_message(plain("Kérem " + sign * 100_000 + " 740009")).parts[-1]
    assert len(part.text) < 1_300
    assert part.text.startswith("Kérem ")


def test_a_request_is_read_whole_beside_a_long_decree() -> None:
    decree = "A testület az alábbi rendeletet alkotja.\n" * 3_000
    raw = samples.mail_with(
        ("rendelet.txt", decree.encode()), ("adatok.txt", "Név: Minta Vera\nPIR: 740009\n".encode())
    )
    message = parse_message(raw)
    texts = [part.text for part in message.parts]
    assert "Név: Minta Vera\nPIR: 740009" in texts
    assert sum(map(len, texts)) <= bounds.READ_CHARS
    assert "truncated" in message.defects


def test_a_long_history_takes_nothing_from_the_request() -> None:
    history = "> Régi levél, amely senkit sem érdekel már.\n" * 8_000
    message = parse_message(
        plain("Kérem a regisztrációmat.\n\n2026. jan. 1. Éva <a@b.hu> ezt írta:\n" + history[:390_000])
    )
    assert any(part.text.startswith("Kérem a regisztrációmat.") for part in message.parts)


def test_more_parts_than_anybody_sends_are_left_out() -> None:
    message = parse_message(HOSTILE["open forms"])
    assert len(message.parts) == bounds.PARTS
    assert "truncated" in message.defects


def test_a_table_that_is_cut_keeps_whole_rows() -> None:
    row = "<tr><td>Minta Vera</td><td>740009</td><td>minta.vera@tab.hu</td></tr>"
    message = parse_message(html("<table>" + row * 2_000 + "</table>"))
    (table,) = message.parts[-1].tables
    assert {len(cells) for cells in table.rows} == {3}
    assert table.end == len(message.parts[-1].text)
