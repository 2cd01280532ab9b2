"""Signatures, closings, postscripts and footers, each told apart from the request."""

import pytest

from rules.model import Address, PartKind
from worker.intake.body import body_parts
from worker.intake.lines import plain_lines
from worker.intake.quoting import Envelope

SENDER = Address("Minta-Próba Éva", "eva@mintafalu.hu")


def split(text: str) -> list[tuple[str, str]]:
    parts = body_parts(plain_lines(text), "text/plain", Envelope(), SENDER)
    return [(part.kind.value, part.text) for part in parts]


@pytest.mark.parametrize(
    "closing",
    [
        "Üdvözlettel:",
        "üdvözlettel",
        "Tisztelettel,",
        "TISZTELETTEL",
        "Koszonettel:",
        "Köszönettel és üdvözlettel:",
        "Előre is köszönettel:",
        "Üdv.",
        "Üdv:",
        "Üdv",
        "Üdvözöl:",
        "Szíves segítségét megköszönve, tisztelettel:",
        "Mielőbbi válaszukat várva",
        "Maradok tisztelettel:",
        "Köszönöm szépen!",
        "Köszönöm előre is",
        "Segítségüket előre is köszönöm!",
        "Közreműködését köszönöm.",
        "Várom szíves válaszát!",
        "Szép napot!",
        "További szép napot kívánok!",
        "Kellemes hétvégét!",
        "Köszönöm szépen, üdvözlettel:",
        "*Üdvözlettel:*",
        "--",
        "-- ",
    ],
)
def test_closings_begin_a_signature(closing: str) -> None:
    assert split(f"Kérem a regisztrációt.\n\n{closing}\nPróba Pál\nügyintéző") == [
        ("text", "Kérem a regisztrációt."),
        ("signature", f"{closing.rstrip()}\nPróba Pál\nügyintéző"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Üdvözlettel: Próba Pál",
        "Köszönettel, Mintafalu Község Önkormányzata",
        "Köszi, Pali",
        "koszonom eva",
        "Tisztelettel, az iroda nevében: Próba Pál",
        "Az iPhone-omról küldve",
        "iPhone-ról küldve",
        "Elküldve az iPhone-omról",
        "Az én Samsung Galaxy okostelefonomról küldve.",
        "Android-eszközről küldve, K-9 Maillel. Elnézést a rövidségért.",
        "Küldve az Outlook alkalmazásból (Androidhoz)",
        "Az iOS-hez készült Outlook beszerzése",
        "Sent from my Galaxy",
        "Minta-Próba Éva",
        "Próba Éva",
    ],
)
def test_one_line_signatures(line: str) -> None:
    assert split(f"Kérem a regisztrációt.\n\n{line}") == [("text", "Kérem a regisztrációt."), ("signature", line)]


@pytest.mark.parametrize(
    "text",
    [
        "Kérem.\n\nKöszönettel: Próba Pál\n\nPIR: 740009\nModul: ADÓ",
        "Kérem.\n\nÜdvözlettel:\nPróba Pál\nNév: Próba Pál\nPIR: 740009",
        "Kérem.\n\nKöszönettel\nPróba Pál\nproba.pal@gmail.com\n740373",
        "Üdv!\nregisztráljatok légyszi kovács anna mintafalu adó",
        "Üdvözlöm, kérem a regisztrációt.",
        "Kérem:\n\nMinta-Próba Éva\nMintafalu\nPIR: 740009\neva@mintafalu.hu",
        "Tisztelettel kérem a regisztrációmat.",
    ],
)
def test_data_is_never_taken_for_a_signature(text: str) -> None:
    assert split(text) == [("text", text)]


def test_a_greeting_is_no_signature_of_what_follows() -> None:
    assert split("Üdv!\n\nKérem, hogy regisztráljanak az ADÓ tananyagra.\n\nÜdv:\nÉva") == [
        ("text", "Üdv!\n\nKérem, hogy regisztráljanak az ADÓ tananyagra."),
        ("signature", "Üdv:\nÉva"),
    ]


def test_text_below_a_signature_is_text_again() -> None:
    assert split("Kérem.\n\nÜdv:\nÉva\n\nA jegyző úr a levelet másolatban kapja.\n\nTel.: 06 83 123456") == [
        ("text", "Kérem."),
        ("signature", "Üdv:\nÉva"),
        ("text", "A jegyző úr a levelet másolatban kapja.\n\nTel.: 06 83 123456"),
    ]


def test_a_pir_beside_a_telephone_number_belongs_to_the_signature() -> None:
    signature = "Üdvözlettel:\nMinta Éva\nMintafalu Község Önkormányzata\nPIR: 740009\nTel.: 83/123-456"
    assert split(f"Kérem az ADÓ tananyagot.\n\n{signature}")[1] == ("signature", signature)


@pytest.mark.parametrize(
    "footer",
    [
        "Ez az üzenet és annak mellékletei bizalmas információt tartalmazhatnak.",
        "Jelen e-mail és csatolmányai bizalmasak.",
        "Az e-mail üzenet és annak mellékletei kizárólag a címzett részére szólnak.",
        "Amennyiben nem Ön a címzett, kérjük, törölje.",
        "This e-mail and any attachments are confidential.",
        "Kérjük, gondoljon a környezetére, mielőtt kinyomtatja!",
        "Adatvédelmi tájékoztató: https://mintafalu.hu",
        "Vírusmentes. www.avast.com",
        "____________\nJogi nyilatkozat: a levél tartalma nem kötelező érvényű.",
    ],
)
def test_footers(footer: str) -> None:
    assert split(f"Kérem.\n\nÜdv:\nÉva\n\n{footer}")[-1] == (PartKind.FOOTER, footer)
