"""Header fields: encoded words, parameters, addresses, dates, identifiers; sound ones and broken ones."""

from datetime import UTC, datetime

import pytest

from rules.model import Address
from worker.intake.addresses import parse_addresses
from worker.intake.headers import decode_words, parse_date, parse_fields, parse_message_ids, parse_parameters
from worker.intake.parse import parse_message


@pytest.mark.parametrize(
    ("value", "decoded"),
    [
        ("plain", "plain"),
        ("=?utf-8?Q?Kov=C3=A1csn=C3=A9_=C3=89va?=", "Kovácsné Éva"),
        ("=?iso-8859-2?Q?regisztr=E1ci=F3_?=\n =?iso-8859-2?Q?k=E9r=E9se?=", "regisztráció kérése"),
        ("=?utf-8?B?UmVnaXN6dHLDoWNpw7M=?= =?utf-8?B?bsOhbA==?=", "Regisztrációnál"),
        ("=?utf-8?Q?Jegyz=C5?==?utf-8?Q?=91?=", "Jegyző"),  # a letter broken between two words
        ("Re: =?UTF-8*hu?Q?k=C3=A9r=C3=A9s?= vége", "Re: kérés vége"),
        ("=?iso-8859-1?Q?jegyz=F5?=", "jegyző"),
        ("=?utf-8?Q?k=E9r=E9s?=", "kérés"),  # labelled wrongly
        ("=?nonsense?Q?k=E9r=E9s?=", "kérés"),
        ("=?utf-8?B?!!!?=", ""),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
    ],
)
def test_encoded_words(value: str, decoded: str) -> None:
    assert decode_words(value) == decoded


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a@b.hu", [Address("", "a@b.hu")]),
        ("A@B.HU", [Address("", "a@b.hu")]),
        ("Minta Éva <a@b.hu>", [Address("Minta Éva", "a@b.hu")]),
        ('"Minta, Éva" <a@b.hu>, c@d.hu', [Address("Minta, Éva", "a@b.hu"), Address("", "c@d.hu")]),
        ("=?utf-8?Q?Minta=2C_=C3=89va?= <a@b.hu>", [Address("Minta, Éva", "a@b.hu")]),
        ('"=?utf-8?Q?=C3=89va?=" <a@b.hu>', [Address("Éva", "a@b.hu")]),
        ("a@b.hu (Minta Éva)", [Address("Minta Éva", "a@b.hu")]),
        ('"a@b.hu" <a@b.hu>', [Address("", "a@b.hu")]),
        ("a@b.hu; c@d.hu", [Address("", "a@b.hu"), Address("", "c@d.hu")]),
        (
            "Iroda: a@b.hu, Éva <c@d.hu>;, e@f.hu",
            [Address("", "a@b.hu"), Address("Éva", "c@d.hu"), Address("", "e@f.hu")],
        ),
        ("undisclosed-recipients:;", []),
        ("<mailto:a@b.hu>", [Address("", "a@b.hu")]),
        ("Éva <a@xn--mint-8na.hu>, a@mintá.hu", [Address("Éva", "a@xn--mint-8na.hu"), Address("", "a@mintá.hu")]),
        ("Minta Éva", [Address("Minta Éva", "")]),
        ("<@relay.hu:a@b.hu>", [Address("", "a@b.hu")]),
        ('"\\"Éva\\" Minta" <a@b.hu>', [Address('"Éva" Minta', "a@b.hu")]),
        ("Éva <a@b.hu", [Address("Éva", "a@b.hu")]),
        ("", []),
        ("<>", []),
    ],
)
def test_addresses(value: str, found: list[Address]) -> None:
    assert list(parse_addresses(value)) == found


@pytest.mark.parametrize(
    ("value", "filename"),
    [
        ('attachment; filename="a.xlsx"', "a.xlsx"),
        ("attachment; filename=a b.xlsx", "a b.xlsx"),
        ("attachment; filename*=utf-8''k%C3%A9relem.docx", "kérelem.docx"),
        ("attachment; filename*0*=utf-8''k%C3%A9r; filename*1*=elem; filename*2=.docx", "kérelem.docx"),
        ("attachment; filename*1=b.docx; filename*0=a", "ab.docx"),
        ('attachment; filename="a;b.docx"', "a;b.docx"),
        ('attachment; filename="a\\"b.docx"', 'a"b.docx'),
        ("attachment; filename*=iso-8859-2'hu'jegyz%F5.pdf", "jegyző.pdf"),
        ("attachment; filename*=x'", "x'"),
    ],
)
def test_parameters(value: str, filename: str) -> None:
    assert parse_parameters(value) == ("attachment", {"filename": filename})


def test_fields_are_unfolded_and_kept_in_order() -> None:
    section = b"From sender@x Mon Jan 1\nA: 1\n 2\n\t3\nB :x\nA: 4\nno field\nC: j\xe9gy\xf5\n"
    fields, broken = parse_fields(section)
    assert fields == [("a", "1 2 3"), ("b", "x"), ("a", "4"), ("c", "jégyõ".replace("õ", "ő"))]
    assert broken


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Wed, 4 Mar 2026 10:11:00 +0000", datetime(2026, 3, 4, 10, 11, tzinfo=UTC)),
        ("Wed, 4 Mar 99999999999 10:11:00 +0000", None),
        ("Wed, 4 Mar 2026 10:11:00 +99999999999999", None),
        ("tegnap", None),
        ("", None),
        ("\0" * 1000, None),
    ],
)
def test_dates(value: str, moment: datetime | None) -> None:
    assert parse_date(value) == moment


def test_message_ids() -> None:
    assert parse_message_ids(["<a@b> text <[c@microsoft.com]>", "<d>\t<e f>"]) == (
        "<a@b>",
        "<[c@microsoft.com]>",
        "<d>",
    )


def test_the_header_of_a_message() -> None:
    raw = (
        "Received: one\nReceived: two\nFROM: a@b.hu\nFrom: Éva <c@d.hu>\nTo: e@f.hu\nReply-To: g@h.hu\n"
        "References: <1@x>\n <2@x>\nIn-Reply-To: <2@x>\nMessage-ID: <3@x>\nSubject: =?utf-8?q?k=C3=A9r=C3=A9s?=\n\nx"
    )
    message = parse_message(raw.encode())
    assert message.header("received") == ("one", "two")
    assert [found.address for found in message.from_] == ["a@b.hu", "c@d.hu"]
    assert message.reply_to == (Address("", "g@h.hu"),)
    assert message.references == ("<1@x>", "<2@x>")
    assert message.in_reply_to == ("<2@x>",)
    assert message.message_id == "<3@x>"
    assert message.subject == "kérés"
    assert message.defects == {"many_from"}
