"""The MIME tree and the roles of its entities, held against the standard library where that one is right."""

import email
from pathlib import Path
from typing import Any

import pytest

from rules.model import PartKind
from worker.intake.mime import Entity, Reading, parse_entity
from worker.intake.parse import parse_message

HEAD = b"From: a@b.hu\nTo: c@d.hu\n"


def texts(raw: bytes) -> list[str]:
    return [part.text for part in parse_message(raw).parts if part.kind is not PartKind.SUBJECT]


def multipart(kind: str, *parts: str) -> bytes:
    body = "".join(f"--x\n{part}\n" for part in parts)
    return HEAD + f"Content-Type: multipart/{kind}; boundary=x\n\npreamble\n{body}--x--\nepilogue\n".encode()


PLAIN = "Content-Type: text/plain; charset=utf-8\n\nsima"
HTML = "Content-Type: text/html; charset=utf-8\n\n<p>sima <b>szép</b></p>"
TABLE = "Content-Type: text/html\n\n<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (HEAD + b"\nsima", ["sima"]),
        (multipart("mixed", PLAIN, PLAIN.replace("sima", "kettő")), ["sima\n\nkettő"]),
        (multipart("alternative", PLAIN, HTML), ["sima"]),
        (multipart("alternative", "Content-Type: text/plain\n\n ", HTML), ["sima szép"]),
        (multipart("alternative", PLAIN, TABLE), ["a\tb\nc\td"]),
        (multipart("mixed", PLAIN).replace(b"--x--\nepilogue", b""), ["sima"]),
        (multipart("mixed", PLAIN).replace(b"--x\n", b"--x \t\n"), ["sima"]),
        (multipart("mixed", PLAIN).replace(b"\n", b"\r\n"), ["sima"]),
        (multipart("mixed", PLAIN).replace(b"boundary=x", b""), ["sima"]),
        (multipart("mixed", PLAIN).replace(b"boundary=x", b"boundary=other"), ["sima"]),
        (HEAD + b"Content-Type: multipart/mixed; boundary=x\n\nno parts", ["no parts"]),
        (HEAD + b"Content-Type: TEXT/HTML\n\n<br>sima", ["sima"]),
        (HEAD + b"Content-Type: nonsense\n\nsima", ["sima"]),
        (HEAD + b"Content-Type: text/plain; name=level.txt\n\nsima", ["sima"]),
        (HEAD + b"Content-Transfer-Encoding: base64\n\nc2lt!!YQ", ["sima"]),
        (HEAD + b"Content-Transfer-Encoding: Quoted-Printable\n\nsi=\nma =E9", ["sima é"]),
        (HEAD + b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n$<VEM80``\n`\nend\n", ["sima"]),
        (HEAD + b" \nsima", ["sima"]),
        (b"This mail has no header.\nAt all.", ["This mail has no header.\nAt all."]),
        (b"", []),
    ],
)
def test_bodies(raw: bytes, expected: list[str]) -> None:
    assert texts(raw) == expected


def test_content_types_name_what_matters() -> None:
    raw = multipart("report; report-type=Delivery-Status", PLAIN, "Content-Type: text/calendar; method=REPLY\n\nx")
    assert parse_message(raw).content_types == (
        "multipart/report; report-type=delivery-status",
        "text/plain",
        "text/calendar; method=reply",
    )


def test_the_text_of_a_report_is_read_and_its_returned_mail_is_not() -> None:
    returned = "Content-Type: message/rfc822\n\nFrom: a@b.hu\n\nPIR: 740009"
    assert texts(multipart("report", PLAIN, returned)) == ["sima"]
    assert texts(multipart("mixed", PLAIN, returned)) == ["sima", "PIR: 740009"]


@pytest.mark.parametrize(
    ("raw", "defect"),
    [
        (multipart("encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1"), "encrypted"),
        (HEAD + b"\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n", "encrypted"),
        (HEAD + b"no field\nSubject: x\n\nsima", "header_broken"),
        (b"Subject: x\n\nsima", "no_from"),
        (HEAD + b"\n\xe9\xf5", "charset_guessed"),
        (HEAD + b"\n" + b"a " * 500_000, "truncated"),
    ],
)
def test_defects(raw: bytes, defect: str) -> None:
    assert parse_message(raw).defects == {defect}


def leaves(entity: Entity) -> list[tuple[str, bytes]]:
    if entity.children:
        return [leaf for child in entity.children for leaf in leaves(child)]
    return [(entity.content_type, entity.content().strip())]


def standard_leaves(mail: Any) -> list[tuple[str, bytes]]:
    kind, children = mail.get_content_type(), mail.get_payload()
    if kind.startswith("multipart/"):
        return [leaf for child in children for leaf in standard_leaves(child)]
    return [(kind, b"" if kind.startswith("message/") else mail.get_payload(decode=True).strip())]


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "fixtures").glob("*.eml")), ids=lambda path: path.stem)
def test_the_tree_is_the_standard_librarys(path: Path) -> None:
    raw = path.read_bytes()
    ours = [
        (kind, b"" if kind.startswith("message/") else content)
        for kind, content in leaves(parse_entity(raw, Reading()))
    ]
    assert ours == standard_leaves(email.message_from_bytes(raw))
