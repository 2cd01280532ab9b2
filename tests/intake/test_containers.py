"""Mails inside containers: winmail.dat, opaque S/MIME signatures, .eml files."""

import base64
import struct

import pytest

from rules.model import Address, PartKind
from tests.intake import samples
from worker.intake.cms import signed_content
from worker.intake.parse import parse_message
from worker.intake.tnef import decompress_rtf, read_tnef
from worker.intake.unreadable import UnreadableError

MAIL = "Content-Type: text/plain; charset=utf-8\n\nPIR: 740009 – Éva".encode()


def body(raw: bytes) -> str:
    return "\n".join(part.text for part in parse_message(raw).parts_of(PartKind.TEXT))


def signed_mail(content: bytes, *, name: str = "smime.p7m") -> bytes:
    return (
        b"From: a@b.hu\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name="
        + name.encode()
        + b"\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(content)
    )


@pytest.mark.parametrize("wrap", [samples.signed, samples.signed_in_pieces])
def test_a_signed_mail_is_read_without_its_signature(wrap: type) -> None:
    assert body(signed_mail(wrap(MAIL))) == "PIR: 740009 – Éva"


def test_a_signed_file_is_an_attachment() -> None:
    message = parse_message(signed_mail(samples.signed(b"PIR: 740009"), name="lista.txt.p7m"))
    assert [part.text for part in message.parts_of(PartKind.ATTACHMENT)] == ["PIR: 740009"]


def test_an_encrypted_mail_says_so() -> None:
    message = parse_message(signed_mail(samples.signed(b"", "2a864886f70d010703")))
    assert message.defects == {"encrypted"}
    assert [(found.readable, found.reason) for found in message.attachments] == [(False, "signed container")]


@pytest.mark.parametrize(
    "data", [b"", b"\x30", b"\x30\x80" * 5_000, b"\x30\x84\xff\xff\xff\xff\x06\x03abc", bytes(100)]
)
def test_broken_signatures(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        signed_content(data)


def test_winmail_dat_gives_its_text_and_files() -> None:
    container = samples.tnef(text="PIR: 740009 – Éva", files=[("kérelem.txt", "Név: Próba Pál".encode())])
    message = parse_message(samples.mail_with(("winmail.dat", container), text=""))
    assert [part.text for part in message.parts_of(PartKind.TEXT)] == ["PIR: 740009 – Éva"]
    assert [(part.source, part.text) for part in message.parts_of(PartKind.ATTACHMENT)] == [
        ("kérelem.txt", "Név: Próba Pál")
    ]
    assert [(found.filename, found.readable) for found in message.attachments] == [
        ("winmail.dat", None),
        ("kérelem.txt", True),
    ]


def test_winmail_dat_beside_a_text_adds_no_second_one() -> None:
    assert body(samples.mail_with(("winmail.dat", samples.tnef(text="kétszer")), text="egyszer")) == "egyszer"


def test_winmail_dat_with_html_or_rtf_only() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg1250 PIR: 740009\par \'c9va}"
    raw_rtf = struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf
    assert body(samples.mail_with(("winmail.dat", samples.tnef(rtf=raw_rtf)), text="")) == "PIR: 740009\nÉva"
    html = b"<p>PIR: 740009</p>"
    assert body(samples.mail_with(("winmail.dat", samples.tnef(html=html)), text="")) == "PIR: 740009"


def test_compressed_rtf_of_the_specification() -> None:
    """The example of MS-OXRTFCP §3.1.1."""
    packed = "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    assert decompress_rtf(bytes.fromhex(packed)) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


@pytest.mark.parametrize("data", [b"", b"\x78\x9f\x3e\x22", b"\x78\x9f\x3e\x22" + b"\xff" * 500])
def test_broken_tnef(data: bytes) -> None:
    if data:
        assert read_tnef(data).text == ""
    else:
        with pytest.raises(UnreadableError):
            read_tnef(data)


def test_an_eml_file_is_a_forwarded_mail() -> None:
    eml = "From: Próba Pál <proba.pal@mintafalu.hu>\nSubject: kérés\n\nPIR: 740373"
    message = parse_message(samples.mail_with(("kérés.eml", eml.encode())))
    (part,) = message.parts_of(PartKind.FORWARDED)
    assert (part.text, part.subject) == ("PIR: 740373", "kérés")
    assert part.sender is not None
    assert part.sender.address == "proba.pal@mintafalu.hu"


def test_a_msg_file_is_a_forwarded_mail_with_its_files() -> None:
    msg = samples.outlook_msg(
        text="Kérem a regisztrációt, PIR: 740373\n",
        subject="kérés",
        sender="proba.pal@mintafalu.hu",
        files={"lista.csv": "Név;PIR\nPróba Pál;740373\nKísérlet Kata;740746\n".encode()},
    )
    message = parse_message(samples.mail_with(("kérés.msg", msg)))
    (part,) = message.parts_of(PartKind.FORWARDED)
    assert (part.text, part.subject, part.recipients[0].address) == (
        "Kérem a regisztrációt, PIR: 740373",
        "kérés",
        "jegyzo@mintafalu.hu",
    )
    assert part.sender == Address("Próba Pál", "proba.pal@mintafalu.hu")
    assert [part.source for part in message.parts_of(PartKind.ATTACHMENT)] == ["lista.csv"]
    assert [(found.filename, found.readable) for found in message.attachments] == [
        ("kérés.msg", True),
        ("lista.csv", True),
    ]


def test_a_broken_msg_file_is_left_to_a_person() -> None:
    message = parse_message(samples.mail_with(("kérés.msg", samples.compound({"a": b"b"}))))
    assert [(found.readable, found.reason) for found in message.attachments] == [(False, "unsupported format")]
